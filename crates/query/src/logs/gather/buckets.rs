//! Spans of equal length over a range, of a length that people like.

const SECOND: i64 = 1_000_000;

/// Lengths in seconds.
const LENGTHS: [i64; 24] = [
    1,
    2,
    5,
    10,
    15,
    30,
    60,
    120,
    300,
    600,
    900,
    1800,
    3600,
    2 * 3600,
    3 * 3600,
    6 * 3600,
    12 * 3600,
    86_400,
    2 * 86_400,
    7 * 86_400,
    14 * 86_400,
    28 * 86_400,
    91 * 86_400,
    364 * 86_400,
];

/// Spans aligned to multiples of their length. Times are microseconds of the epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Buckets {
    /// The start of the first.
    pub(crate) start: i64,
    /// The length of each.
    pub(crate) period: i64,
    /// How many.
    pub(crate) count: usize,
}

impl Buckets {
    /// At most `most` (and one, for a range that is not aligned) over a range whose end is left out.
    pub(crate) fn new((start, end): (i64, i64), most: usize) -> Buckets {
        let span = end.saturating_sub(start).max(1);
        let most = i64::try_from(most.max(1)).unwrap_or(i64::MAX);
        let longest = LENGTHS[LENGTHS.len() - 1] * SECOND;
        let period = LENGTHS
            .into_iter()
            .map(|seconds| seconds * SECOND)
            .find(|period| (span + period - 1) / period <= most)
            // A range of centuries.
            .unwrap_or_else(|| (span / most / longest + 1) * longest);
        let first = start.div_euclid(period);
        let last = (end - 1).max(start).div_euclid(period);
        Buckets {
            start: first * period,
            period,
            count: usize::try_from(last - first + 1).unwrap_or(1),
        }
    }

    /// The bucket of a time; `None` outside.
    pub(crate) fn of(&self, time: i64) -> Option<usize> {
        let at = time.checked_sub(self.start)?.div_euclid(self.period);
        usize::try_from(at).ok().filter(|at| *at < self.count)
    }

    /// The start of a bucket.
    pub(crate) fn time(&self, bucket: usize) -> i64 {
        let at = i64::try_from(bucket).unwrap_or(i64::MAX);
        self.start.saturating_add(self.period.saturating_mul(at))
    }

    /// The length in seconds.
    pub(crate) fn seconds(&self) -> i64 {
        self.period / SECOND
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_nice_and_every_time_has_its_bucket() {
        const DAY: i64 = 86_400;
        for (seconds, most, length) in [
            (1, 60, 1),
            (60, 60, 1),
            (3600, 60, 60),
            (3601, 60, 120),
            (900, 60, 15),
            (DAY, 60, 1800),
            (7 * DAY, 60, 3 * 3600),
            (30 * DAY, 60, 12 * 3600),
            (365 * DAY, 60, 7 * DAY),
            (3600, 1, 3600),
            (100 * 365 * DAY, 2, 51 * 364 * DAY),
        ] {
            let start = 1_795_428_007_000_000;
            let end = start + seconds * SECOND;
            let buckets = Buckets::new((start, end), most);
            assert_eq!(buckets.seconds(), length, "{seconds} s in {most}");
            assert!(
                buckets.count <= most + 1,
                "{seconds} s in {most}: {}",
                buckets.count
            );
            assert_eq!(buckets.of(start), Some(0));
            assert_eq!(buckets.of(end - 1), Some(buckets.count - 1));
            assert!(buckets.time(0) <= start && buckets.of(buckets.start - 1).is_none());
        }
    }
}
