import { Icon } from '../../app/icons';

/** Marks a price that no source of the table's date gives. */
export function Unconfirmed() {
  return (
    <span class="status warn" title="No source of the date of the prices confirms it">
      <Icon name="warn" />
      unconfirmed
    </span>
  );
}
