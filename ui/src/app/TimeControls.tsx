import { serverNow } from '../api/http';
import { momentIn } from '../format/time';
import { setQuery } from '../routes/location';
import { following, range, refresh, setRange } from '../state/clock';
import { lengthWords, shifted, spanOf, widened } from '../state/range';
import type { Range } from '../state/range';
import { zone } from '../state/zone';
import { Icon } from './icons';
import { Popover } from './Popover';
import { RangePicker } from './RangePicker';

/** The page's one time range, and whether it follows the present. */
export function TimeControls({ follows = true }: { follows?: boolean }) {
  const shown = range.value;
  return (
    <>
      <div class="joined" role="group" aria-label="Time range">
        <button type="button" aria-label="Earlier" title="Earlier by half the range ( [ )" onClick={() => shift(-0.5)}>
          <Icon name="left" />
        </button>
        <Popover
          label={`Time range: ${rangeWords(shown)}`}
          title="Choose the time range"
          align="end"
          button={
            <>
              <Icon name="clock" />
              <span class="num">{rangeWords(shown)}</span>
            </>
          }
        >
          {(close) => <RangePicker onDone={close} />}
        </Popover>
        <button
          type="button"
          aria-label="Later"
          title="Later by half the range ( ] )"
          disabled={shown.kind === 'relative'}
          onClick={() => shift(0.5)}
        >
          <Icon name="right" />
        </button>
        <button type="button" aria-label="Longer" title="Twice as long ( - )" onClick={widen}>
          <Icon name="widen" />
        </button>
      </div>
      {follows && <LiveButton />}
    </>
  );
}

function LiveButton() {
  const relative = range.value.kind === 'relative';
  const on = relative && following.value;
  return (
    <button
      type="button"
      class={on ? '' : 'live-off'}
      aria-pressed={on}
      title={relative ? 'Follow the present ( l )' : 'A fixed range is shown; press to go back to the present ( l )'}
      onClick={toggleLive}
    >
      <span class="live-dot" />
      Live
    </button>
  );
}

/** A range in words: `Last hour`, or its two ends. */
export function rangeWords(shown: Range): string {
  if (shown.kind === 'relative') return lengthWords(shown.seconds);
  const { start, end } = spanOf(shown, 0);
  const long = Math.max(end - start, serverNow() - start > 20 * 3600_000 ? 86400_000 : 0);
  return `${momentIn(start, long, zone.value)} – ${momentIn(end, long, zone.value)}`;
}

export function shift(share: number): void {
  setRange(shifted(range.peek(), share, serverNow()));
}

export function widen(): void {
  setRange(widened(range.peek(), serverNow()));
}

/** Pauses and goes on; from a fixed range back to the present, as long as the range was. */
export function toggleLive(): void {
  const shown = range.peek();
  if (shown.kind === 'absolute') {
    setRange({ kind: 'relative', seconds: Math.max(10, Math.round((shown.end - shown.start) / 1000)) });
    return;
  }
  setQuery({ live: following.peek() ? 'off' : null }, { replace: true });
  refresh();
}
