import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { LogLine } from '../../api/logs';
import { usePageKeys } from '../../keyboard/usePageKeys';
import type { LineSource } from '../../logs/source';
import { useStable } from '../../state/stable';
import type { FieldActions } from './JsonTree';
import { LineList } from './LineList';
import type { Selection } from './LineList';
import type { LineLook } from './LineRow';

interface Properties {
  source: LineSource;
  version: number;
  label: string;
  look: LineLook;
  actions: FieldActions & { onContext: (line: LogLine) => void };
  /** The row that is chosen at first. */
  first?: number | null;
  edge?: 'top' | 'bottom' | null;
  onEdge?: (there: boolean) => void;
  onShow?: (from: number, to: number) => void;
  /** A line was chosen or opened, so the reader reads. */
  onRead?: () => void;
  footer?: ComponentChildren;
}

/** A list of lines that can be walked through by keys, and of which lines can be opened. */
export function LinePane({ source, version, first = null, onRead, ...rest }: Properties) {
  const [selection, setSelection] = useState<Selection | null>(() => selected(source, first ?? -1));
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(new Set());

  // The chosen line stays chosen when lines come in before it.
  useEffect(() => {
    if (!selection || source.line(selection.row)?.id === selection.id) return;
    for (let row = 0; row < source.count; row += 1) {
      if (source.line(row)?.id === selection.id) {
        setSelection({ row, id: selection.id });
        return;
      }
    }
    setSelection(null);
  }, [source.epoch]);

  const pick = useStable((row: number, toggle: boolean) => {
    const next = selected(source, row);
    if (!next) return;
    onRead?.();
    setSelection(next);
    if (!toggle) return;
    const open = new Set(expanded);
    if (!open.delete(next.id)) open.add(next.id);
    setExpanded(open);
  });
  const line = () => (selection ? source.line(selection.row) : null);

  usePageKeys([
    { keys: ['j'], what: 'Next line', run: () => pick(selection ? selection.row + 1 : 0, false) },
    { keys: ['k'], what: 'Line before', run: () => pick(selection ? selection.row - 1 : 0, false) },
    {
      keys: ['Enter'],
      what: 'Open or close the line',
      run: () => {
        if (selection) pick(selection.row, true);
      },
    },
    {
      keys: ['c'],
      what: 'Lines around it in the same log',
      run: () => {
        const chosen = line();
        if (chosen) rest.actions.onContext(chosen);
      },
    },
  ]);

  return (
    <LineList
      source={source}
      version={version}
      first={first}
      selection={selection}
      expanded={expanded}
      onPick={pick}
      {...rest}
    />
  );
}

function selected(source: LineSource, row: number): Selection | null {
  const line = source.line(row);
  return line ? { row, id: line.id } : null;
}
