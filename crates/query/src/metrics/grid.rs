//! The periods of an answer.

use crate::error::QueryError;
use crate::limits::Limits;

pub(crate) const SECOND: i64 = 1_000_000;
pub(crate) const MINUTE: i64 = 60 * SECOND;

/// How many points a chart wants when the request names no period.
const POINTS: i64 = 300;

/// Periods in seconds that are chosen by themselves, beside multiples of the tick below a minute.
const CHOICES: [i64; 9] = [
    60,
    300,
    900,
    3600,
    3 * 3600,
    6 * 3600,
    86_400,
    7 * 86_400,
    28 * 86_400,
];

/// The length of the coarsest tier's rows.
const LONGEST_ROW: i64 = 3600 * SECOND;

/// Periods of equal length, aligned to multiples of it since the epoch, or so long after them as `offset` says. Times are
/// microseconds of the epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Grid {
    /// The start of the first period.
    pub(crate) start: i64,
    /// The length of a period.
    pub(crate) period: i64,
    /// How many periods.
    pub(crate) points: usize,
    /// How long after a multiple of its length a period begins; less than the length.
    pub(crate) offset: i64,
}

/// The lengths that a request asks for, in seconds.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Spacing {
    /// The length of a period; chosen by itself when left out.
    pub(crate) period: Option<u64>,
    /// How long after a multiple of the period each begins.
    pub(crate) offset: Option<u64>,
}

impl Grid {
    /// The periods that cover `start` to `end` (left out). `held` gives, for a period in seconds, the time since
    /// when rows fit for it are held.
    pub(crate) fn new(
        start: i64,
        end: i64,
        spacing: Spacing,
        limits: &Limits,
        held: impl Fn(i64) -> Option<i64>,
    ) -> Result<Grid, QueryError> {
        if end <= start {
            return Err(QueryError::invalid(
                "end",
                "the range is empty: end must be later than start",
            ));
        }
        let period = match spacing.period {
            Some(0) => {
                return Err(QueryError::invalid(
                    "period_seconds",
                    "a period is at least 1 second",
                ));
            }
            Some(seconds) => i64::try_from(seconds)
                .ok()
                .and_then(|s| s.checked_mul(SECOND))
                .filter(|p| *p <= 366 * 86_400 * SECOND)
                .ok_or_else(|| {
                    QueryError::invalid("period_seconds", "a period is at most 366 days (31622400)")
                })?,
            None => chosen(start, end, limits, held) * SECOND,
        };
        let offset = spacing.offset(period)?;
        let first = (start - offset).div_euclid(period);
        // The period that `end` falls into is answered whole, so that its value does not depend on `end`.
        let after_last = -(offset - end).div_euclid(period);
        let points = after_last - first;
        if points > limits.points as i64 {
            return Err(QueryError::invalid(
                if spacing.period.is_some() {
                    "period_seconds"
                } else {
                    "start"
                },
                format!(
                    "{points} periods of {} s are more than {}: ask for a longer period or a shorter range",
                    period / SECOND,
                    limits.points
                ),
            ));
        }
        Ok(Grid {
            start: first * period + offset,
            period,
            points: points as usize,
            offset,
        })
    }

    /// The end of the last period.
    pub(crate) fn end(&self) -> i64 {
        self.start + self.period * self.points as i64
    }

    /// Whether samples are minutes: see the reference on statistics.
    pub(crate) fn by_minute(&self) -> bool {
        self.fits(MINUTE)
    }

    /// Whether rows of so many microseconds lie within periods whole.
    pub(crate) fn fits(&self, span: i64) -> bool {
        self.period % span == 0 && self.offset % span == 0
    }

    /// The number of the first period, counted from the one that begins `offset` after the epoch.
    pub(crate) fn number_of_first(&self) -> i64 {
        (self.start - self.offset) / self.period
    }

    /// The starts of the periods, in milliseconds of the epoch.
    pub(crate) fn times(&self) -> Vec<i64> {
        (0..self.points as i64)
            .map(|i| (self.start + i * self.period) / 1000)
            .collect()
    }
}

impl Spacing {
    /// Periods of so many seconds, on multiples of them.
    pub(crate) fn of(period: Option<u64>) -> Spacing {
        Spacing {
            period,
            offset: None,
        }
    }

    /// The offset in microseconds, for a period of so many.
    fn offset(&self, period: i64) -> Result<i64, QueryError> {
        let Some(seconds) = self.offset else {
            return Ok(0);
        };
        let Some(length) = self.period else {
            let message = "needs a period_seconds that it is less than";
            return Err(QueryError::invalid("offset_seconds", message));
        };
        if seconds >= length {
            let message = format!("is less than period_seconds, {length}");
            return Err(QueryError::invalid("offset_seconds", message));
        }
        // Less than the period, which is bounded.
        Ok(i64::try_from(seconds)
            .map_or(0, |seconds| seconds * SECOND)
            .min(period - 1))
    }
}

/// The shortest period, in seconds, that gives no more than [`POINTS`] and for whose rows the range's start is held;
/// where none is held so far back, the shortest of those that reach as far as any.
fn chosen(start: i64, end: i64, limits: &Limits, held: impl Fn(i64) -> Option<i64>) -> i64 {
    let tick = i64::from(limits.tick_seconds.max(1));
    let seconds = (end - start) / SECOND;
    let candidates = [tick, tick * 3]
        .into_iter()
        .filter(|s| *s < 60 && 60 % s == 0)
        .chain(CHOICES);
    let fitting: Vec<(i64, i64)> = candidates
        .filter(|s| seconds / s <= POINTS)
        .map(|s| (s, held(s).unwrap_or(i64::MAX)))
        .collect();
    // A coarse row begins before the first raw row in it, by up to its length: that is no reach.
    let furthest = fitting
        .iter()
        .map(|(_, since)| *since)
        .min()
        .unwrap_or(i64::MAX);
    let enough = start.max(furthest.saturating_add(LONGEST_ROW));
    fitting
        .iter()
        .find(|(_, since)| *since <= enough)
        .map_or(CHOICES[CHOICES.len() - 1], |(s, _)| *s)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400;
    const NOW: i64 = 20_000 * DAY * SECOND;

    fn grid(seconds: i64, period: Option<u64>) -> Result<Grid, QueryError> {
        Grid::new(
            NOW - seconds * SECOND,
            NOW,
            Spacing::of(period),
            &Limits::default(),
            |_| Some(0),
        )
    }

    #[test]
    fn the_period_gives_some_300_points() {
        for (seconds, period) in [
            (60, 10),
            (900, 10),
            (3000, 10),
            (3600, 30),
            (3 * 3600, 60),
            (5 * 3600, 60),
            (12 * 3600, 300),
            (DAY, 300),
            (7 * DAY, 3600),
            (14 * DAY, 3 * 3600),
            (30 * DAY, 3 * 3600),
            (365 * DAY, 7 * DAY),
        ] {
            assert_eq!(
                grid(seconds, None).unwrap().period,
                period * SECOND,
                "{seconds} s"
            );
        }
    }

    #[test]
    fn a_period_whose_rows_are_gone_is_not_chosen() {
        // Half a day: a point in 5 minutes, an hour of it from hourly rows.
        let chosen = |minutes_since: i64, hours_since: i64| {
            let held = |s: i64| {
                Some(NOW - if s < 3600 { minutes_since } else { hours_since } * 3600 * SECOND)
            };
            let start = NOW - 12 * 3600 * SECOND;
            Grid::new(start, NOW, Spacing::default(), &Limits::default(), held)
                .unwrap()
                .period
                / SECOND
        };
        assert_eq!(chosen(12, 100), 300);
        assert_eq!(chosen(10, 100), 3600);
        // Neither reaches back to the start: the one that reaches further.
        assert_eq!(chosen(4, 10), 3600);
        assert_eq!(chosen(10, 4), 300);
    }

    #[test]
    fn a_fresh_store_is_seen_in_fine_periods() {
        // Rows began twenty minutes ago; their five-minute and hourly rows begin a little earlier.
        let held = |s: i64| {
            let span = if s < 60 {
                1
            } else if s < 300 {
                60
            } else if s < 3600 {
                300
            } else {
                3600
            } * SECOND;
            Some((NOW - 1210 * SECOND).div_euclid(span) * span)
        };
        for (hours, period) in [(1, 30), (3, 60), (24, 300), (7 * 24, 3600)] {
            let start = NOW - hours * 3600 * SECOND;
            let grid = Grid::new(start, NOW, Spacing::default(), &Limits::default(), held).unwrap();
            assert_eq!(grid.period / SECOND, period, "{hours} h");
        }
        let nothing = Grid::new(
            NOW - 3600 * SECOND,
            NOW,
            Spacing::default(),
            &Limits::default(),
            |_| None,
        )
        .unwrap();
        assert_eq!(nothing.period, 30 * SECOND);
    }

    #[test]
    fn a_tick_that_does_not_divide_a_minute_is_not_taken() {
        let limits = Limits {
            tick_seconds: 7,
            ..Limits::default()
        };
        assert_eq!(
            Grid::new(NOW - 60 * SECOND, NOW, Spacing::default(), &limits, |_| {
                Some(0)
            })
            .unwrap()
            .period,
            MINUTE
        );
    }

    #[test]
    fn periods_are_aligned_to_the_epoch_and_whole() {
        let odd = Grid::new(
            NOW - 130 * SECOND,
            NOW - 10 * SECOND,
            Spacing::of(Some(60)),
            &Limits::default(),
            |_| None,
        )
        .unwrap();
        assert_eq!(
            odd,
            Grid {
                start: NOW - 180 * SECOND,
                period: MINUTE,
                points: 3,
                offset: 0
            }
        );
        assert_eq!(odd.end(), NOW);
        assert_eq!(odd.times()[1], (NOW - 120 * SECOND) / 1000);
        let even = Grid::new(
            NOW - 120 * SECOND,
            NOW,
            Spacing::of(Some(60)),
            &Limits::default(),
            |_| None,
        )
        .unwrap();
        assert_eq!((even.start, even.points), (NOW - 120 * SECOND, 2));
        let before_the_epoch = Grid::new(
            -90 * SECOND,
            0,
            Spacing::of(Some(60)),
            &Limits::default(),
            |_| None,
        )
        .unwrap();
        assert_eq!(
            (before_the_epoch.start, before_the_epoch.points),
            (-120 * SECOND, 2)
        );
    }

    #[test]
    fn periods_may_begin_between_multiples_of_their_length() {
        let spaced = |start: i64, end: i64, offset: u64| {
            let spacing = Spacing {
                period: Some(300),
                offset: Some(offset),
            };
            let (start, end) = (NOW + start * SECOND, NOW + end * SECOND);
            Grid::new(start, end, spacing, &Limits::default(), |_| None).unwrap()
        };
        let by_the_minute = spaced(-540, 60, 60);
        assert_eq!(by_the_minute.start, NOW - 540 * SECOND);
        assert_eq!(
            (by_the_minute.end(), by_the_minute.points),
            (NOW + MINUTE, 2)
        );
        assert!(by_the_minute.by_minute() && !by_the_minute.fits(5 * MINUTE));
        // A range that begins and ends within periods has these whole.
        let within = spaced(-500, 1, 60);
        assert_eq!(within.start, NOW - 540 * SECOND);
        assert_eq!(within.end(), NOW + MINUTE);
        assert!(!spaced(-540, 60, 10).by_minute());
        assert!(spaced(-600, 0, 0).fits(5 * MINUTE));
        for (period, offset) in [(Some(300), 300), (None, 0)] {
            let spacing = Spacing {
                period,
                offset: Some(offset),
            };
            let refused = Grid::new(NOW - MINUTE, NOW, spacing, &Limits::default(), |_| None);
            assert!(refused.unwrap_err().to_string().contains("offset_seconds"));
        }
    }

    #[test]
    fn what_cannot_be_answered_is_refused() {
        assert!(
            grid(0, None)
                .unwrap_err()
                .to_string()
                .contains("end: the range is empty")
        );
        assert!(
            grid(60, Some(0))
                .unwrap_err()
                .to_string()
                .contains("period_seconds: a period is at least")
        );
        assert!(
            grid(60, Some(u64::MAX))
                .unwrap_err()
                .to_string()
                .contains("at most 366 days")
        );
        assert!(
            grid(DAY, Some(1))
                .unwrap_err()
                .to_string()
                .contains("86400 periods of 1 s are more than 11000")
        );
    }
}
