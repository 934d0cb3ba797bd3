//! Which tier answers which part of a range.

use catalogue::Tier;

use crate::metrics::grid::{Grid, MINUTE};

/// Five-minute and hourly rows younger than this are not asked for: they are written some time after their minutes,
/// and the minute rows of the last while are in memory anyway.
const SETTLED: i64 = 30 * MINUTE;

/// A part of the range and the tier whose rows answer it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Segment {
    pub(crate) tier: Tier,
    /// Times of rows, from this on.
    pub(crate) from: i64,
    /// Up to this, itself left out.
    pub(crate) until: i64,
}

/// How a range is answered.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Cover {
    /// The parts, in order of time; they do not overlap.
    pub(crate) segments: Vec<Segment>,
    /// Whether a tier coarser than the exact one had to stand in.
    pub(crate) coarser: bool,
    /// Whether rows of a tier too coarse for the period are all that is left of a part of the range.
    pub(crate) too_fine: Option<Tier>,
}

/// Covers a grid with tiers: the coarsest that is exact (`exact`) and fits the period, then finer ones for what it
/// does not hold, then coarser ones that still fit the period. `held` gives the times of a tier's oldest and newest
/// rows.
pub(crate) fn cover(
    grid: &Grid,
    exact: Tier,
    now: i64,
    held: impl Fn(Tier) -> Option<(i64, i64)>,
) -> Cover {
    let fits = |tier: Tier| match tier.seconds() {
        Some(seconds) => grid.fits(seconds * 1_000_000),
        None => true,
    };
    let finer = Tier::ALL
        .into_iter()
        .rev()
        .filter(|t| *t <= exact && fits(*t));
    let coarser = Tier::ALL.into_iter().filter(|t| *t > exact && fits(*t));

    let mut cover = Cover::default();
    let mut open = vec![(grid.start, grid.end())];
    for tier in finer.chain(coarser) {
        let Some((since, until)) = held(tier).and_then(|range| usable(tier, grid, range, now))
        else {
            continue;
        };
        let mut rest = Vec::new();
        for (from, to) in open {
            let (start, end) = (from.max(since), to.min(until));
            if start >= end {
                rest.push((from, to));
                continue;
            }
            cover.segments.push(Segment {
                tier,
                from: start,
                until: end,
            });
            cover.coarser |= tier > exact;
            rest.extend(
                [(from, start), (end, to)]
                    .into_iter()
                    .filter(|(a, b)| a < b),
            );
        }
        open = rest;
    }
    cover.segments.sort_by_key(|s| s.from);
    cover.too_fine = Tier::ALL.into_iter().filter(|t| !fits(*t)).find(|tier| {
        held(*tier).is_some_and(|(oldest, newest)| {
            open.iter()
                .any(|(from, to)| oldest < *to && newest >= *from)
        })
    });
    cover
}

/// Since when and until when a tier's rows are complete, at times where a finer tier can take over without sharing
/// a row's span.
fn usable(tier: Tier, grid: &Grid, (oldest, newest): (i64, i64), now: i64) -> Option<(i64, i64)> {
    let floor = |time: i64, span: i64| time.div_euclid(span) * span;
    let range = match tier.seconds().map(|s| s * 1_000_000) {
        // Raw rows make up samples of a minute, if samples are minutes.
        None if grid.by_minute() => (floor(oldest, MINUTE), i64::MAX),
        None => (oldest, i64::MAX),
        // Minute rows are there as soon as raw rows are.
        Some(span) if span == MINUTE => (floor(oldest, span), i64::MAX),
        // The newest row's span may not be over. A clock that runs ahead must not make the tier look complete.
        Some(span) => (
            floor(oldest, span),
            floor(newest, span).min(floor(now - SETTLED, span)),
        ),
    };
    (range.0 < range.1).then_some(range)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::grid::SECOND;

    const HOUR: i64 = 60 * MINUTE;
    /// Noon of some day.
    const NOW: i64 = 20_000 * 24 * HOUR + 12 * HOUR;

    fn grid(from: i64, until: i64, period: i64) -> Grid {
        let points = ((until - from) / period) as usize;
        Grid {
            start: NOW + from,
            period,
            points,
            offset: 0,
        }
    }

    fn of(grid: &Grid, exact: Tier, held: &[(Tier, i64, i64)]) -> Vec<(Tier, i64, i64)> {
        let held = |tier| {
            held.iter()
                .find(|h| h.0 == tier)
                .map(|h| (NOW + h.1, NOW + h.2))
        };
        let segments = cover(grid, exact, NOW, held).segments;
        segments
            .into_iter()
            .map(|s| (s.tier, (s.from - NOW) / MINUTE, (s.until - NOW) / MINUTE))
            .collect()
    }

    const HELD: [(Tier, i64, i64); 4] = [
        (Tier::Raw, -3 * HOUR, -5 * SECOND),
        (Tier::Minute, -24 * HOUR, -MINUTE),
        (Tier::FiveMinutes, -48 * HOUR, -10 * MINUTE),
        (Tier::Hour, -96 * HOUR, -2 * HOUR),
    ];

    #[test]
    fn the_coarsest_tier_that_fits_the_period() {
        use Tier::{FiveMinutes, Hour, Minute, Raw};
        for (period, from, expected) in [
            (10 * SECOND, -10 * MINUTE, vec![(Raw, -10, 0)]),
            (90 * SECOND, -15 * MINUTE, vec![(Raw, -15, 0)]),
            (MINUTE, -HOUR, vec![(Minute, -60, 0)]),
            (
                5 * MINUTE,
                -HOUR,
                vec![(FiveMinutes, -60, -30), (Minute, -30, 0)],
            ),
            (
                HOUR,
                -6 * HOUR,
                vec![
                    (Hour, -360, -120),
                    (FiveMinutes, -120, -30),
                    (Minute, -30, 0),
                ],
            ),
            // Minute rows are gone, coarser ones do not fit: a gap.
            (MINUTE, -25 * HOUR, vec![(Minute, -1440, 0)]),
            // The finest are gone and the next coarser fit.
            (
                5 * MINUTE,
                -50 * HOUR,
                vec![(FiveMinutes, -2880, -30), (Minute, -30, 0)],
            ),
        ] {
            assert_eq!(
                of(&grid(from, 0, period), Hour, &HELD),
                expected,
                "{period} {from}"
            );
        }
    }

    #[test]
    fn an_exact_finer_tier_is_taken_and_a_coarser_stands_in_before_it() {
        use Tier::{FiveMinutes, Hour, Minute};
        let range = grid(-50 * HOUR, 0, HOUR);
        assert_eq!(
            of(&range, Minute, &HELD),
            [
                (Hour, -3000, -2880),
                (FiveMinutes, -2880, -1440),
                (Minute, -1440, 0)
            ]
        );
        let held = |tier| {
            HELD.iter()
                .find(|h| h.0 == tier)
                .map(|h| (NOW + h.1, NOW + h.2))
        };
        assert!(cover(&range, Minute, NOW, held).coarser);
        assert!(!cover(&range, Hour, NOW, held).coarser);
    }

    #[test]
    fn raw_rows_stand_in_for_missing_rollups() {
        use Tier::{Hour, Minute, Raw};
        let held = [
            (Raw, -2 * HOUR - 30 * SECOND, 0),
            (Minute, -HOUR + 20 * SECOND, 0),
        ];
        assert_eq!(
            of(&grid(-3 * HOUR, 0, MINUTE), Hour, &held),
            [(Raw, -121, -60), (Minute, -60, 0)]
        );
        assert_eq!(
            of(&grid(-HOUR, 0, HOUR), Hour, &[(Raw, -2 * HOUR, 0)]),
            [(Raw, -60, 0)]
        );
        assert_eq!(of(&grid(-HOUR, 0, HOUR), Hour, &[]), []);
    }

    #[test]
    fn a_clock_that_runs_ahead_hides_nothing() {
        use Tier::{FiveMinutes, Hour, Minute};
        let held = [
            (Minute, -24 * HOUR, 9 * HOUR),
            (FiveMinutes, -24 * HOUR, 9 * HOUR),
            (Hour, -24 * HOUR, 9 * HOUR),
        ];
        assert_eq!(
            of(&grid(-6 * HOUR, 0, HOUR), Hour, &held),
            [(Hour, -360, -60), (FiveMinutes, -60, -30), (Minute, -30, 0)]
        );
    }

    #[test]
    fn says_when_only_rows_too_coarse_for_the_period_are_left() {
        let held = |tier| {
            HELD.iter()
                .find(|h| h.0 == tier)
                .map(|h| (NOW + h.1, NOW + h.2))
        };
        assert_eq!(
            cover(&grid(-30 * HOUR, 0, MINUTE), Tier::Hour, NOW, held).too_fine,
            Some(Tier::FiveMinutes)
        );
        assert_eq!(
            cover(&grid(-20 * HOUR, 0, MINUTE), Tier::Hour, NOW, held).too_fine,
            None
        );
        assert_eq!(
            cover(&grid(-4 * HOUR, 0, 10 * SECOND), Tier::Hour, NOW, held).too_fine,
            Some(Tier::Minute)
        );
    }
}
