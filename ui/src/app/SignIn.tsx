import { useState } from 'preact/hooks';
import { keepToken, tokenHeld, tokenWanted } from '../api/token';
import { Dialog } from '../keyboard/Dialog';

/** Asks for the token that the server wants, when it wants one. */
export function SignIn() {
  return tokenWanted.value ? <Form /> : null;
}

function Form() {
  const [typed, setTyped] = useState('');
  const [keep, setKeep] = useState(false);
  const refused = tokenHeld.value;
  return (
    <Dialog
      label="Sign in"
      onClose={() => {
        tokenWanted.value = false;
      }}
    >
      <div class="dialog-head">
        <h2>This server asks for a token</h2>
      </div>
      <form
        class="dialog-body sign-in"
        onSubmit={(event) => {
          event.preventDefault();
          const text = typed.trim();
          if (text === '') return;
          keepToken(text, keep);
          window.location.reload();
        }}
      >
        <p>
          It is one of the lines of the file that the server's configuration names for people. Whoever runs the server
          can give you one.
        </p>
        {refused && (
          <p class="fault" role="alert">
            The server does not know the token that was given.
          </p>
        )}
        <label>
          Token
          <input
            type="password"
            autocomplete="current-password"
            spellcheck={false}
            value={typed}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
        </label>
        <label class="check">
          <input type="checkbox" checked={keep} onChange={(event) => setKeep(event.currentTarget.checked)} />
          Keep it on this computer, not only in this tab
        </label>
        <button type="submit" class="primary">
          Go on
        </button>
      </form>
    </Dialog>
  );
}
