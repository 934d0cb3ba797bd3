import type { ComponentChildren } from 'preact';

/** A part of a page with a heading. */
export function Section({
  id,
  title,
  note,
  children,
}: {
  id: string;
  title: string;
  note?: ComponentChildren;
  children: ComponentChildren;
}) {
  return (
    <section class="section" aria-labelledby={`${id}-heading`}>
      <div class="section-head">
        <h2 id={`${id}-heading`}>{title}</h2>
        {note !== undefined && <span class="muted">{note}</span>}
      </div>
      {children}
    </section>
  );
}
