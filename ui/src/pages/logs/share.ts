import type { LogLine, LogOrder, LogSelection } from '../../api/logs';
import { askLogs } from '../../api/logs';
import { announce } from '../../app/announce';
import { stripAnsi } from '../../logs/ansi';
import { timeOf } from '../../logs/source';
import { minuteOf } from '../../routes/links';
import { address, patched, path, query, queryText } from '../../routes/location';
import { rangeToQuery } from '../../state/range';
import type { Span } from '../../state/range';

/** The address of one line among its neighbours, for whoever opens it whenever. */
export function lineLink(line: LogLine): string {
  const minute = minuteOf(timeOf(line));
  const params = patched(query.peek(), {
    ...Object.fromEntries(Object.entries(minute).map(([key, value]) => [key, value ?? null])),
    around: line.id,
    tail: null,
    tab: null,
  });
  return window.location.origin + address(path.peek()) + queryText(params);
}

/** The address of what is shown with both ends of its time fixed. */
export function viewLink(span: Span): string {
  const fixed = rangeToQuery({ kind: 'absolute', start: span.start, end: span.end });
  return window.location.origin + address(path.peek()) + queryText(patched(query.peek(), { ...fixed, tail: null }));
}

export type Format = 'ndjson' | 'text';

/** Lines that one file can have. */
export const MOST_SAVED = 100_000;
const PAGE = 1000;

/** Saves the lines of a question, read page by page; says how far it is and whether the bound cut it. */
export async function download(
  selection: LogSelection,
  span: Span,
  order: LogOrder,
  format: Format,
  signal: AbortSignal,
): Promise<void> {
  const parts: string[] = [];
  let count = 0;
  let after: string | null = null;
  do {
    const answer = await askLogs(
      {
        filters: selection.filters,
        query: selection.query,
        start: new Date(span.start).toISOString(),
        end: new Date(span.end).toISOString(),
        order,
        limit: PAGE,
        ...(after === null ? {} : { after }),
      },
      signal,
    );
    const lines = answer.lines ?? [];
    parts.push(lines.map((line) => written(line, format)).join(''));
    count += lines.length;
    after = answer.next ?? null;
    if (after !== null && count % (PAGE * 10) === 0) announce(`${count.toLocaleString('en-GB')} lines read …`);
  } while (after !== null && count < MOST_SAVED);
  save(parts, `logs-${new Date(span.start).toISOString().slice(0, 19).replaceAll(':', '')}`, format);
  announce(
    after === null
      ? `${count.toLocaleString('en-GB')} lines saved.`
      : `The first ${count.toLocaleString('en-GB')} lines saved; there are more. Take a shorter range for the rest.`,
  );
}

/** One line as a file has it: its object, or time, place and message. */
export function written(line: LogLine, format: Format): string {
  if (format === 'ndjson') return `${JSON.stringify(line)}\n`;
  const place = [line.namespace, line.pod, line.container].filter((part) => part !== undefined).join('/');
  const whose = place === '' ? [line.node, line.stream].filter((part) => part !== undefined).join('/') : place;
  return `${line.time} ${whose} ${stripAnsi(line.message)}\n`;
}

function save(parts: string[], name: string, format: Format): void {
  const type = format === 'ndjson' ? 'application/x-ndjson' : 'text/plain;charset=utf-8';
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob(parts, { type }));
  link.download = `${name}.${format === 'ndjson' ? 'ndjson' : 'txt'}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
