import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from '../../app/icons';
import { query, setQuery } from '../../routes/location';

/** The filter of a table; in the address as `q`. */
export function FilterBox({ label, hint }: { label: string; hint: string }) {
  const held = query.value.get('q') ?? '';
  const [typed, setTyped] = useState(held);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // The address changed by other means: back, a link.
    if (document.activeElement !== input.current) setTyped(held);
  }, [held]);
  return (
    <div class="search">
      <Icon name="search" />
      <input
        ref={input}
        type="search"
        data-search
        aria-label={label}
        placeholder={hint}
        autocomplete="off"
        spellcheck={false}
        value={typed}
        onInput={(event) => {
          setTyped(event.currentTarget.value);
          setQuery({ q: event.currentTarget.value }, { replace: true });
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.currentTarget.blur();
          event.stopPropagation();
        }}
      />
    </div>
  );
}

/** What the address filters by. */
export function filterText(): string {
  return query.value.get('q') ?? '';
}
