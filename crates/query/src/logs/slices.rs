//! A range cut into spans that are searched one after the other, so that a page that is soon full costs little.

use super::lines::LogOrder;

const MINUTE: i64 = 60_000_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Lengths of the spans; the last goes on. The first are mostly in memory; from an hour on spans begin and end at full
/// hours, as files do.
const LENGTHS: [i64; 6] = [2 * MINUTE, 15 * MINUTE, HOUR, 4 * HOUR, 12 * HOUR, DAY];

/// The spans of a range, in order. Both have their end left out.
#[derive(Debug)]
pub(crate) struct Slices {
    rest: (i64, i64),
    order: LogOrder,
    number: usize,
}

impl Slices {
    pub(crate) fn new(range: (i64, i64), order: LogOrder) -> Slices {
        Slices {
            rest: range,
            order,
            number: 0,
        }
    }

    /// What is not given yet.
    pub(crate) fn rest(&self) -> Option<(i64, i64)> {
        (self.rest.0 < self.rest.1).then_some(self.rest)
    }
}

impl Iterator for Slices {
    type Item = (i64, i64);

    fn next(&mut self) -> Option<(i64, i64)> {
        let (start, end) = self.rest()?;
        let last = LENGTHS.len() - 1;
        let length = LENGTHS[self.number.min(last)];
        self.number += 1;
        let align = if length >= HOUR { HOUR } else { 1 };
        let slice = match self.order {
            LogOrder::Newest => {
                let from = (end.saturating_sub(length)).div_euclid(align) * align;
                (from.max(start), end)
            }
            LogOrder::Oldest => {
                let to = start.saturating_add(length).div_euclid(align) * align;
                // The alignment may not make it empty.
                let to = if to <= start {
                    start.saturating_add(length)
                } else {
                    to
                };
                (start, to.min(end))
            }
        };
        self.rest = match self.order {
            LogOrder::Newest => (start, slice.0),
            LogOrder::Oldest => (slice.1, end),
        };
        Some(slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_cover_the_range_without_gap_or_overlap() {
        for order in [LogOrder::Newest, LogOrder::Oldest] {
            for range in [
                (0, 1),
                (17, 3 * DAY + 5),
                (-5 * HOUR - 3, 7 * MINUTE),
                (3 * HOUR, 4 * HOUR),
                (0, 0),
            ] {
                let mut spans: Vec<_> = Slices::new(range, order).collect();
                assert!(spans.iter().all(|(a, b)| a < b), "{spans:?}");
                if order == LogOrder::Newest {
                    spans.reverse();
                }
                assert_eq!(spans.first().map_or(range.0, |s| s.0), range.0);
                assert_eq!(spans.last().map_or(range.1, |s| s.1), range.1);
                assert!(spans.windows(2).all(|w| w[0].1 == w[1].0), "{spans:?}");
            }
        }
        let long = Slices::new((i64::MIN, i64::MAX), LogOrder::Newest).take(10);
        assert_eq!(long.count(), 10);
    }
}
