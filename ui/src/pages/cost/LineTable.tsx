import type { CostLine, Estimate, TierPart } from '../../api/cost';
import { amount, unitPrice } from '../../format/money';
import { exact, format } from '../../format/number';
import { DataTable } from '../../tables/DataTable';
import type { Column } from '../../tables/column';
import { useSort } from '../../tables/useSort';
import { Unconfirmed } from './Unconfirmed';

interface Row {
  line: CostLine;
  /** Of the sum of all lines; `null` where nothing costs anything. */
  share: number | null;
}

const COLUMNS: readonly Column<Row>[] = [
  {
    id: 'item',
    header: 'Charged for',
    value: ({ line }) => line.item,
    cell: ({ line }) => (
      <span class="cost-item">
        {line.item}
        {!line.confirmed && <Unconfirmed />}
      </span>
    ),
  },
  {
    id: 'quantity',
    header: 'Quantity',
    end: true,
    value: ({ line }) => line.quantity,
    cell: ({ line }) => (
      <>
        {format('count', line.quantity)} <span class="muted cost-unit">{line.unit}</span>
      </>
    ),
    title: ({ line }) => `${exact('count', line.quantity)} ${line.unit}`,
  },
  {
    id: 'price',
    header: '× price',
    end: true,
    value: ({ line }) => line.unit_price_usd ?? line.tiers[0]?.unit_price_usd ?? null,
    cell: ({ line }) => (line.unit_price_usd === null ? <Tiers parts={line.tiers} /> : unitPrice(line.unit_price_usd)),
    title: ({ line }) => `USD for one ${line.unit}`,
  },
  {
    id: 'usd',
    header: '= a month',
    end: true,
    value: ({ line }) => line.usd_month,
    cell: ({ line }) => amount(line.usd_month),
    title: ({ line }) => `${line.usd_month} USD`,
  },
  {
    id: 'share',
    header: 'Share',
    end: true,
    class: 'cost-wide',
    value: ({ share }) => share,
    cell: ({ share }) => format('percent', share === null ? null : share * 100),
  },
  {
    id: 'assumption',
    header: 'How it is counted',
    class: 'wrap cost-wide cost-assumption',
    value: ({ line }) => line.assumption,
    cell: ({ line }) => line.assumption,
  },
];

function Tiers({ parts }: { parts: readonly TierPart[] }) {
  return (
    <span class="cost-tiers">
      {parts.map((part) => (
        <span key={part.from} title={`${exact('count', part.quantity)} at ${part.unit_price_usd} USD`}>
          <span class="muted">{format('count', part.quantity)} ×</span> {unitPrice(part.unit_price_usd)}
        </span>
      ))}
    </span>
  );
}

/** What the last column says, where a screen is too narrow for it. */
function Assumptions({ lines }: { lines: readonly CostLine[] }) {
  return (
    <details class="cost-narrow">
      <summary>How each is counted</summary>
      <dl>
        {lines.map((line) => (
          <div key={line.item}>
            <dt>{line.item}</dt>
            <dd class="muted">{line.assumption}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

/** Quantity × price = amount, for each thing that CloudWatch charges for. */
export function LineTable({ estimate, dimmed }: { estimate: Estimate | null; dimmed: boolean }) {
  const { sort, onSort } = useSort(COLUMNS, { id: 'usd', descending: true }, 'lines');
  const sum = (estimate?.lines ?? []).reduce((total, line) => total + line.usd_month, 0);
  const rows = (estimate?.lines ?? []).map((line) => ({ line, share: sum > 0 ? line.usd_month / sum : null }));
  return (
    <>
      <DataTable
        caption="What CloudWatch would charge for"
        columns={COLUMNS}
        rows={rows}
        rowKey={({ line }) => line.item}
        sort={sort}
        onSort={onSort}
        dimmed={dimmed}
        empty={estimate === null ? <span class="loading-note">Loading…</span> : 'There is nothing to charge for.'}
      />
      {estimate && (
        <p class="cost-total">
          {estimate.free_tier_usd > 0 && (
            <span class="muted">
              {amount(sum)} − free tier {amount(estimate.free_tier_usd)} =
            </span>
          )}
          <b class="num">{amount(estimate.total_usd_month)} a month</b>
        </p>
      )}
      {estimate && <Assumptions lines={estimate.lines} />}
    </>
  );
}
