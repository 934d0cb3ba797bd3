import { Icon } from '../../../app/icons';
import { dateTime } from '../../../format/time';
import { zone } from '../../../state/zone';

/** Said where a band is not there for all of the values. */
export function BandKnown({ known }: { known: { all: boolean; since: number | null } | null }) {
  if (known === null || known.all) return null;
  return (
    <p class="banner" role="status">
      <Icon name="clock" />
      <span>
        {known.since === null
          ? 'There is not enough data for a band yet. It takes points of at least 3 hours, and gets narrower with two weeks of them. Without a band the alarm has insufficient data.'
          : `The band begins at ${dateTime(known.since, zone.value)}: before that there was not enough data for it.`}
      </span>
    </p>
  );
}
