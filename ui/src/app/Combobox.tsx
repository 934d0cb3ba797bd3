import { useId, useRef, useState } from 'preact/hooks';
import { Icon } from './icons';

export interface Choice {
  value: string;
  note?: string;
}

interface Properties {
  /** What is chosen, for the placeholder and for ears. */
  label: string;
  value: string | null;
  choices: readonly Choice[];
  onChange: (value: string | null) => void;
  /** Takes what was typed besides what is listed: values that were not counted, patterns with `*`. */
  free?: boolean;
  /** Told when the reader is about to choose, for lists that are only then fetched. */
  onOpen?: () => void;
  /** Told what is typed, for lists that are too long to be had whole. */
  onType?: (text: string) => void;
}

const MOST = 60;

/** A text box that narrows a list while one types (the ARIA combobox pattern). Empty is everything. */
export function Combobox({ label, value, choices, onChange, onOpen, onType, free = false }: Properties) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState<string | null>(null);
  const [active, setActive] = useState(0);

  const wanted = (typed ?? '').trim().toLowerCase();
  const exact = choices.filter((choice) => wanted !== '' && choice.value.toLowerCase() === wanted);
  const found = [
    ...exact,
    ...choices.filter((choice) => !exact.includes(choice) && choice.value.toLowerCase().includes(wanted)),
  ];
  const own = typed?.trim() ?? '';
  const listed: readonly Choice[] =
    free && own !== '' && exact.length === 0
      ? [...found.slice(0, MOST), { value: own, note: 'as typed' }]
      : found.slice(0, MOST);
  const chosen = listed[Math.min(active, listed.length - 1)];

  const choose = (next: string | null) => {
    setOpen(false);
    setTyped(null);
    if (next !== value) onChange(next);
  };
  const show = () => {
    onOpen?.();
    setOpen(true);
    setActive(
      Math.max(
        0,
        choices.findIndex((choice) => choice.value === value),
      ),
    );
  };

  const keyed = (event: KeyboardEvent) => {
    switch (event.key) {
      case 'ArrowDown':
        if (open) setActive(Math.min(active + 1, listed.length - 1));
        else show();
        break;
      case 'ArrowUp':
        setActive(Math.max(0, active - 1));
        break;
      case 'Enter':
        if (typed?.trim() === '') choose(null);
        else if (open && chosen) choose(chosen.value);
        break;
      case 'Escape':
        if (!open && typed === null) return;
        setOpen(false);
        setTyped(null);
        break;
      default:
        return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div class={`combo ${value === null ? '' : 'set'}`}>
      <input
        ref={input}
        type="text"
        role="combobox"
        aria-label={label}
        aria-expanded={open}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        {...(open && chosen ? { 'aria-activedescendant': `${id}-${listed.indexOf(chosen)}` } : {})}
        autocomplete="off"
        spellcheck={false}
        placeholder={label}
        value={typed ?? value ?? ''}
        onFocus={(event) => event.currentTarget.select()}
        onClick={show}
        onInput={(event) => {
          setTyped(event.currentTarget.value);
          setActive(0);
          if (!open) show();
          onType?.(event.currentTarget.value);
        }}
        onBlur={() => {
          setOpen(false);
          setTyped(null);
        }}
        onKeyDown={keyed}
      />
      {value !== null && (
        <button
          type="button"
          class="quiet clear"
          aria-label={`Clear ${label.toLowerCase()}`}
          onClick={() => choose(null)}
        >
          <Icon name="close" />
        </button>
      )}
      {open && (
        <ul id={`${id}-list`} role="listbox" aria-label={label} onMouseDown={(event) => event.preventDefault()}>
          {listed.map((choice, index) => (
            <li
              key={choice.value}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === active}
              onClick={() => choose(choice.value)}
              onPointerMove={() => setActive(index)}
            >
              <span>{choice.value}</span>
              {choice.note !== undefined && <span class="muted">{choice.note}</span>}
            </li>
          ))}
          {listed.length === 0 && (
            <li role="option" aria-selected={false} aria-disabled="true" class="muted">
              Nothing like that
            </li>
          )}
          {found.length > MOST && (
            <li role="option" aria-selected={false} aria-disabled="true" class="muted">
              {found.length - MOST} more: go on typing
            </li>
          )}
        </ul>
      )}
    </div>
  );
}
