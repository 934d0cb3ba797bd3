//! Percentiles of few samples tell little: `EvaluateLowSampleCountPercentile`.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::state::{UnknownWord, find};

/// Most decimals of a percentile.
const DECIMALS: usize = 10;

/// `EvaluateLowSampleCountPercentile`: what to do when there are too few samples for the percentile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum LowSampleCount {
    /// Evaluate all the same.
    #[default]
    Evaluate,
    /// The state stays.
    Ignore,
}

impl LowSampleCount {
    /// Both.
    pub const ALL: [LowSampleCount; 2] = [LowSampleCount::Evaluate, LowSampleCount::Ignore];

    /// CloudWatch's word.
    pub fn as_str(self) -> &'static str {
        match self {
            LowSampleCount::Evaluate => "evaluate",
            LowSampleCount::Ignore => "ignore",
        }
    }
}

impl FromStr for LowSampleCount {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<LowSampleCount, UnknownWord> {
        find(word, &LowSampleCount::ALL, LowSampleCount::as_str)
    }
}

/// How many samples a percentile needs before it tells something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LowSamples {
    needed: u64,
}

impl LowSamples {
    /// For a percentile in percent, such as 99.9: 10 / (1 - p) samples from the median up, 10 / p below it. `None` where
    /// CloudWatch has no rule: the 0th, the 100th, and what is no percentile.
    pub fn of_percentile(percent: f64) -> Option<LowSamples> {
        let share = match percent {
            p if (50.0..100.0).contains(&p) => 100.0 - p,
            p if p > 0.0 && p < 50.0 => p,
            _ => return None,
        };
        // 100 - 99.9 is a little less than 0.1: without rounding, 10000 samples would be too few for it.
        let exact = 1000.0 / share;
        let needed = (exact * (1.0 - 1e-9)).ceil() as u64;
        Some(LowSamples { needed })
    }

    /// The number: fewer are too few.
    pub fn needed(self) -> u64 {
        self.needed
    }

    /// Whether the samples of the periods evaluated are too few, all together. Where a count is not known, nothing is
    /// held against it.
    pub(crate) fn too_few(self, samples: impl Iterator<Item = Option<f64>>) -> bool {
        let total: Option<f64> = samples.sum();
        total.is_some_and(|total| total < self.needed as f64)
    }
}

/// The percent of a percentile statistic: 99.9 of `p99.9`. `None` for any other statistic, and for what is no percentile
/// from 0 to 100 with at most ten decimals.
pub fn percent(statistic: &str) -> Option<f64> {
    let number = statistic.strip_prefix('p')?;
    let (whole, decimals) = number.split_once('.').unwrap_or((number, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(decimals) || whole.len() > 3 || decimals.len() > DECIMALS {
        return None;
    }
    let percent: f64 = number.parse().ok()?;
    (percent <= 100.0).then_some(percent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_needs_ten_samples_beyond_it() {
        for (percent, needed) in [
            (50.0, 20),
            (90.0, 100),
            (95.0, 200),
            (99.0, 1000),
            (99.9, 10_000),
            (99.99, 100_000),
            (10.0, 100),
            (1.0, 1000),
            (49.0, 21),
        ] {
            let low = LowSamples::of_percentile(percent).unwrap();
            assert_eq!(low.needed(), needed, "p{percent}");
        }
        for percent in [0.0, 100.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(LowSamples::of_percentile(percent), None, "p{percent}");
        }
    }

    #[test]
    fn percentiles_are_known_by_their_form() {
        assert_eq!(percent("p99"), Some(99.0));
        assert_eq!(percent("p99.9"), Some(99.9));
        assert_eq!(percent("p0.0"), Some(0.0));
        assert_eq!(percent("p100"), Some(100.0));
        assert_eq!(percent("p99.0123456789"), Some(99.0123456789));
        for other in [
            "p",
            "p.5",
            "p5.",
            "p101",
            "p-1",
            "p1e1",
            "pinf",
            "tm99",
            "P99",
            "p99.01234567890",
        ] {
            assert_eq!(percent(other), None, "{other}");
        }
    }

    #[test]
    fn unknown_counts_are_not_held_against_a_percentile() {
        let p50 = LowSamples::of_percentile(50.0).unwrap();
        assert!(p50.too_few([Some(10.0), Some(9.0)].into_iter()));
        assert!(!p50.too_few([Some(10.0), Some(10.0)].into_iter()));
        assert!(!p50.too_few([Some(10.0), None].into_iter()));
    }
}
