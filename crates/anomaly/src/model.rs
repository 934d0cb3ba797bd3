//! A trained model: what is kept, and the band at a time.

use serde::{Deserialize, Serialize};

use crate::band::{Band, Width};
use crate::clock::{Clock, HOURS_OF_WEEK, hour_of_week, hours_between};
use crate::not_trained::NotTrained;
use crate::scale::Scale;
use crate::settings::{Range, Settings};
use crate::train;

/// The part of the size, or of the expected value, that a deviation is at least.
const LEAST_DEVIATION: f64 = 1e-3;
/// How long the trend goes on after the last point, and how far back it is followed.
const TREND_HOURS: std::ops::RangeInclusive<f64> = -336.0..=24.0;

/// What is expected at every time. About 6 kB as JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Kept", into = "Kept")]
pub struct Model(Kept);

/// Values are multiples of 2 to the power of `exponent`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Kept {
    pub(crate) settings: Settings,
    /// The newest point that was learned from.
    pub(crate) end_us: i64,
    pub(crate) exponent: i32,
    pub(crate) size: f64,
    /// For each hour of the week.
    pub(crate) season: Vec<f64>,
    /// For each hour of the week.
    pub(crate) deviation: Vec<f64>,
    pub(crate) slope_per_hour: f64,
    pub(crate) points: usize,
    pub(crate) hours: usize,
}

/// A kept model that is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no model: {0}; train it again")]
pub struct BadModel(&'static str);

impl Model {
    /// Learns from points (microseconds since 1970 UTC, value) in any order, but for those in excluded ranges. Takes
    /// n log n steps for n points.
    ///
    /// # Errors
    /// There is less than three hours of data.
    pub fn train(
        points: &[(i64, f64)],
        excluded: &[Range],
        settings: Settings,
    ) -> Result<Model, NotTrained> {
        train::train(points, excluded, settings).map(Model)
    }

    /// What is expected at a time, in microseconds since 1970 UTC. For a period, give its middle or its start, as in
    /// training.
    pub fn band(&self, time_us: i64, width: Width) -> Band {
        let expected = self.multiple(time_us);
        let hour = hour_of_week(self.clock().hour(time_us));
        let deviation = self.0.deviation.get(hour).copied().unwrap_or(0.0);
        let least = LEAST_DEVIATION * self.0.size.max(expected.abs());
        let reach = width.deviations() * deviation.max(least);
        let scale = Scale::at(self.0.exponent);
        let (lower, upper) = (scale.up(expected - reach), scale.up(expected + reach));
        match lower < upper {
            true => Band { lower, upper },
            // At the ends of what a number can be.
            false => Band {
                lower: lower.next_down().max(f64::MIN),
                upper: upper.next_up().min(f64::MAX),
            },
        }
    }

    /// The middle of the band.
    pub fn expected(&self, time_us: i64) -> f64 {
        Scale::at(self.0.exponent).up(self.multiple(time_us))
    }

    /// The newest point that was learned from, in microseconds since 1970, UTC.
    pub fn trained_until_us(&self) -> i64 {
        self.0.end_us
    }

    /// How many points were learned from.
    pub fn points(&self) -> usize {
        self.0.points
    }

    /// In how many hours there were points: at most 337.
    pub fn hours(&self) -> usize {
        self.0.hours
    }

    /// Those that it was trained with.
    pub fn settings(&self) -> Settings {
        self.0.settings
    }

    fn clock(&self) -> Clock {
        Clock {
            zone: self.0.settings.time_zone,
        }
    }

    fn multiple(&self, time_us: i64) -> f64 {
        let passed = hours_between(self.0.end_us, time_us);
        let trend = self.0.slope_per_hour * passed.clamp(*TREND_HOURS.start(), *TREND_HOURS.end());
        season_at(&self.0.season, self.clock(), time_us) + trend
    }
}

/// Between the middles of the nearest two hours.
pub(crate) fn season_at(season: &[f64], clock: Clock, time_us: i64) -> f64 {
    let (hour, into) = clock.split(time_us);
    let of = |hour: i64| season.get(hour_of_week(hour)).copied().unwrap_or(0.0);
    match into < 0.5 {
        true => of(hour - 1) * (0.5 - into) + of(hour) * (0.5 + into),
        false => of(hour) * (1.5 - into) + of(hour + 1) * (into - 0.5),
    }
}

impl From<Model> for Kept {
    fn from(model: Model) -> Kept {
        model.0
    }
}

impl TryFrom<Kept> for Model {
    type Error = BadModel;

    fn try_from(kept: Kept) -> Result<Model, BadModel> {
        // A trained model is far from these, so that no sum of its parts overflows.
        let is_small = |value: &f64| value.abs() <= 1e200;
        if kept.season.len() != HOURS_OF_WEEK || kept.deviation.len() != HOURS_OF_WEEK {
            return Err(BadModel("it has not 168 hours"));
        }
        let numbers = kept.season.iter().chain(&kept.deviation);
        if !numbers.chain([&kept.slope_per_hour]).all(is_small) {
            return Err(BadModel("a value is out of range"));
        }
        if !(0.0..=2.0).contains(&kept.size) || kept.deviation.iter().any(|d| *d < 0.0) {
            return Err(BadModel("a deviation is out of range"));
        }
        Ok(Model(kept))
    }
}
