import { Component } from 'preact';
import type { ComponentChildren } from 'preact';

interface State {
  fault: Error | null;
}

/** Keeps a fault in one page from taking the others with it, and says what happened. */
export class Boundary extends Component<{ children: ComponentChildren }, State> {
  override state: State = { fault: null };

  static override getDerivedStateFromError(fault: Error): State {
    return { fault };
  }

  render(): ComponentChildren {
    const { fault } = this.state;
    if (!fault) return this.props.children;
    return (
      <main class="page" id="content" tabIndex={-1}>
        <div class="card empty" role="alert">
          <h2>This page failed</h2>
          <p>
            A fault in the page itself, not in the server: <code>{fault.message}</code>
          </p>
          <p>
            <button type="button" onClick={() => this.setState({ fault: null })}>
              Try again
            </button>
          </p>
        </div>
      </main>
    );
  }
}
