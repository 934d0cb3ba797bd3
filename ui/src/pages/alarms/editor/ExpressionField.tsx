import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { accepted, characterOf, excerptAt, suggestions, wordAt } from '../../../alarms/expression';
import type { Suggestion } from '../../../alarms/expression';
import { Field } from '../Field';

interface Properties {
  value: string;
  /** What it can refer to, with what that is. */
  ids: readonly { id: string; note: string }[];
  fault: string | null;
  onChange: (expression: string) => void;
}

/** An expression. While a word is typed, the functions and ids that begin so are listed, with what each does. */
export function ExpressionField({ value, ids, fault, onChange }: Properties) {
  const id = useId();
  const input = useRef<HTMLTextAreaElement>(null);
  const [offered, setOffered] = useState<readonly Suggestion[]>([]);
  const [active, setActive] = useState(0);
  const caretAfter = useRef<number | null>(null);
  const chosen = offered[Math.min(active, offered.length - 1)];

  useLayoutEffect(() => {
    if (caretAfter.current === null) return;
    input.current?.setSelectionRange(caretAfter.current, caretAfter.current);
    caretAfter.current = null;
  }, [value]);

  const close = () => setOffered([]);
  const look = (text: string, caret: number) => {
    const at = wordAt(text, caret);
    setOffered(at ? suggestions(at.word, ids) : []);
    setActive(0);
  };
  const take = (one: Suggestion) => {
    const element = input.current;
    if (!element) return;
    const next = accepted(element.value, element.selectionStart, one);
    caretAfter.current = next.caret;
    close();
    onChange(next.text);
    element.focus();
  };
  const keyed = (event: KeyboardEvent) => {
    if (offered.length === 0 || event.altKey) return;
    switch (event.key) {
      case 'ArrowDown':
        setActive(Math.min(active + 1, offered.length - 1));
        break;
      case 'ArrowUp':
        setActive(Math.max(0, active - 1));
        break;
      case 'Enter':
      case 'Tab':
        if (chosen) take(chosen);
        break;
      case 'Escape':
        close();
        break;
      default:
        return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div class="expression combo">
      <Field label="Expression" hint="Such as IF(m1 > 100, m2 / m1 * 100)" fault={fault}>
        {(field) => (
          <textarea
            {...field}
            ref={input}
            class="mono"
            data-on="expression"
            rows={Math.min(6, Math.max(2, Math.ceil(value.length / 56)))}
            spellcheck={false}
            autocapitalize="off"
            autocomplete="off"
            aria-autocomplete="list"
            {...(chosen
              ? { 'aria-controls': `${id}-list`, 'aria-activedescendant': `${id}-${offered.indexOf(chosen)}` }
              : {})}
            value={value}
            onInput={(event) => {
              onChange(event.currentTarget.value);
              look(event.currentTarget.value, event.currentTarget.selectionStart);
            }}
            onKeyDown={keyed}
            onBlur={close}
          />
        )}
      </Field>
      {fault !== null && <Place expression={value} fault={fault} />}
      {offered.length > 0 && (
        <ul
          id={`${id}-list`}
          role="listbox"
          aria-label="Functions and ids"
          onMouseDown={(event) => event.preventDefault()}
        >
          {offered.map((one, index) => (
            <li
              key={one.name}
              id={`${id}-${index}`}
              role="option"
              aria-selected={one === chosen}
              onClick={() => take(one)}
              onPointerMove={() => setActive(index)}
            >
              <code>{one.name}</code>
              <span class="muted">{one.note}</span>
            </li>
          ))}
        </ul>
      )}
      <span class="sr-only" aria-live="polite">
        {offered.length === 0 ? '' : `${offered.length} suggestions. Arrow keys choose, Enter takes.`}
      </span>
    </div>
  );
}

/** The character that is at fault, with what stands around it. */
function Place({ expression, fault }: { expression: string; fault: string }) {
  const character = characterOf(fault);
  const part = character === null ? null : excerptAt(expression, character);
  if (!part) return null;
  return (
    <p class="fault-place">
      <span class="muted">Here: </span>
      <code>
        {part.before}
        <mark>{part.at === '' ? '\u00a0' : part.at}</mark>
        {part.after}
      </code>
    </p>
  );
}
