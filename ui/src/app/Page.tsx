import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { reachable, serverAhead } from '../api/http';
import { duration } from '../format/time';
import { moved } from '../routes/location';
import type { Place } from '../alarms/concern';
import { AlarmBadge } from './AlarmBadge';
import { Icon } from './icons';
import { ScopeBar } from './ScopeBar';
import type { ScopeField } from './ScopeBar';
import { TimeControls } from './TimeControls';

export interface Crumb {
  label: string;
  href: string;
  /** What it is, where alarms can be about it. */
  place?: Place;
}

interface Properties {
  title: string;
  /** What the page is about, where alarms can be about it. */
  about?: Place;
  /** The way down to here. */
  crumbs?: readonly Crumb[];
  /** Which parts of the scope this page takes. */
  scope?: readonly ScopeField[];
  /** False for a page that follows the present in a way of its own. */
  follows?: boolean;
  children: ComponentChildren;
}

/** The frame of a page: title, way, scope, time; then its content. */
export function Page({ title, about, crumbs = [], scope = [], follows = true, children }: Properties) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = title === 'Overview' ? 'Kansoku' : `${title} · Kansoku`;
  }, [title]);
  useEffect(() => {
    // After a change of page the reader starts at its heading; not at the first load, which is the browser's.
    if (moved.peek() > 0) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <main class="page" id="content" tabIndex={-1}>
      <div class="top">
        <div class="top-title">
          {crumbs.length > 0 && (
            <nav class="crumbs" aria-label="Breadcrumbs">
              {crumbs.map((crumb) => (
                <span key={crumb.href}>
                  <a href={crumb.href}>{crumb.label}</a> {crumb.place && <AlarmBadge of={crumb.place} />} ›
                </span>
              ))}
            </nav>
          )}
          <div class="heading">
            <h1 ref={heading} tabIndex={-1}>
              {title}
            </h1>
            {about && <AlarmBadge of={about} />}
          </div>
        </div>
        <div class="controls">
          <ScopeBar fields={scope} />
          <TimeControls follows={follows} />
        </div>
      </div>
      <div class="content">
        <Banners />
        {children}
      </div>
    </main>
  );
}

function Banners() {
  return (
    <>
      {!reachable.value && (
        <p class="banner bad" role="alert">
          <Icon name="bad" />
          <span>The server does not answer. What is shown is older; the page keeps trying.</span>
        </p>
      )}
      {Math.abs(serverAhead.value) > 5000 && (
        <p class="banner">
          <Icon name="clock" />
          <span>
            This computer's clock is {duration(Math.abs(serverAhead.value) / 1000)}{' '}
            {serverAhead.value > 0 ? 'behind' : 'ahead of'} the server's. The page goes by the server's.
          </span>
        </p>
      )}
    </>
  );
}
