import type { FieldTies } from '../Field';

interface Properties extends FieldTies {
  value: string;
  known: readonly string[];
  /** What nothing is called, where nothing may be chosen. */
  none?: string;
  onPick: (value: string) => void;
}

/** One of the known values; a value that is not known stays among them. */
export function KnownSelect({ value, known, none, onPick, ...ties }: Properties) {
  return (
    <select {...ties} value={value} onChange={(event) => onPick(event.currentTarget.value)}>
      {none !== undefined && <option value="">{none}</option>}
      {[...new Set([...known, value])]
        .filter((one) => none === undefined || one !== '')
        .map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
    </select>
  );
}
