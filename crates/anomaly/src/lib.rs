//! What is expected of a metric: a model of its hours, days and weeks, and the band around it. Pure: no I/O, no clock,
//! time is an argument. The same points give the same model.
//!
//! CloudWatch does not publish its model, so bands are not CloudWatch's. This one is stated in full.
//!
//! # The formula
//!
//! ```text
//!   lower, upper (t) = expected(t) ∓ k · deviation(t)
//!
//!   expected(t)  = season(t) + slope · (t − end)        t − end is cut off at −14 and +1 days
//!   season(t)    = between the middles of the two hours of the week nearest to t, on a straight line
//!   season[w]    = all + day[hour of w] + week[w]       w: one of the 168 hours of the week, local time
//! ```
//!
//! Training takes the points of the two weeks that end with the newest one (`end`), without excluded ranges and without
//! values that are no finite numbers. Hours are those of a [time zone](TimeZone): where its clocks are set back, an hour that
//! they show twice is one hour, with the points of both. A **cell** is an hour of one date; its value is the median of its points, so that
//! neither an outlier nor a denser hour counts for more.
//!
//! * **slope**: per hour, the median difference of cells a week apart, when that of cells a day apart has the same sign and
//!   is at least half as large, else 0: a jump is in the one and not in the other. With less than a week that of days,
//!   with less than three days 0. Each is shrunk (below).
//! * **all**: the median of the cells without the trend.
//! * **day\[h\]**: the median difference of the cells of that hour of the day from `all`, shrunk. Of two days what both
//!   share; one day says nothing yet.
//! * **week\[w\]**: for each of the two weeks the median difference of the cells of that hour and of the ones before and
//!   after it from `all + day`; of the two weeks what both share. An incident is in one of them and so in neither. When
//!   only one week has been there (and three days at least), half of its difference is taken and the deviation is
//!   widened by as much: the band is from what other days say to what that day said.
//! * **shared(a, b)** is 0 when signs differ, else the one nearer to 0.
//! * **shrunk(d)** = d · d² / (d² + σ²/n), of n values whose noise is σ: small beside the noise becomes nothing, large is
//!   kept.
//!
//! The deviation is made of what points differ from `season` by (their residuals; in an hour that was seen in one week only,
//! from what other days say or from what that day said, whichever is nearer):
//!
//! * **spread** of residuals r = max(1.4826 · median|r|, 80th percentile of |r| / 1.2816). Both are the standard deviation
//!   where noise is normal. A fifth of the points can be outliers without a say.
//! * `spread[h]` of an hour of the day is moved towards that of all by 30/(n + 30) with n points, and wholly with less than
//!   three days. `spread[w]` of an hour of the week (and those beside it) is the smaller one of the two weeks, moved
//!   towards that of its hour of the day by 60/(n + 60), and wholly with one week.
//! * **deviation** = spread\[w\] · (1 + 3 / hours seen), plus the widening of a week that was seen once: with three hours of
//!   data the band is twice as wide as with much.
//! * It is **never zero**: at least a thousandth of the metric's size or of the expected value, whichever is larger. The size
//!   is the first of these that is not 0: the median of |value|, its 90th percentile, the smallest |value| above 0, and
//!   1. So a constant 200 has the band 200 ± 0.4 for k = 2, and a constant 0 has 0 ± 0.002.
//!
//! # What follows from it
//!
//! A lasting jump is expected when most of two weeks has it; until then exclude what was before, or wait. What comes and
//! goes within an hour is noise to this model. The trend goes on for a day, so train at least daily.
//!
//! Values are kept as multiples of a power of two near their size, so that 10⁻³⁰⁰ and 10³⁰⁰ are as good as 1. No bound is
//! ever NaN or infinite, and the lower one is always below the upper one.

mod band;
mod clock;
mod model;
mod not_trained;
mod robust;
mod scale;
mod settings;
mod state;
mod time_zone;
mod train;

pub use band::{BadWidth, Band, Width};
pub use model::{BadModel, Model};
pub use not_trained::NotTrained;
pub use settings::{Range, Settings};
pub use state::State;
pub use time_zone::{BadTimeZone, TimeZone};

/// The most data that a model is made of, in microseconds: the newest two weeks.
pub const LONGEST_US: i64 = 14 * 24 * 3600 * 1_000_000;
/// The least data that a model is made of, in microseconds: three hours.
pub const SHORTEST_US: i64 = 3 * 3600 * 1_000_000;
