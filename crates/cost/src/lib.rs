//! What the same telemetry would cost on CloudWatch at list price.
//!
//! Three things meet here. A [`PriceTable`] has the prices of a date: ours is embedded ([`PriceTable::builtin`]),
//! anybody's own is read with [`PriceTable::parse`]. A [`Usage`] has what was counted from rows that exist, over a
//! stated number of hours. [`estimate`] makes of both an [`Estimate`]: for each thing that CloudWatch charges for a
//! [`Line`] with quantity, price, amount and the assumption behind it, scaled to a month of [`HOURS_PER_MONTH`].
//!
//! How many metrics and observations an entity has is in [`EntityHours`] and [`EntityMinutes`]. Nothing here reads a
//! clock or a file. docs/guide/cost.md says what is counted and what is not.

mod estimate;
mod free_tier;
mod line;
mod metrics;
mod mode;
mod observations;
mod performance;
mod prices;
mod usage;
mod words;

pub use estimate::{Estimate, EstimateError, HOURS_PER_MONTH, RegionName, estimate};
pub use line::{Line, TierPart};
pub use metrics::EntityHours;
pub use mode::{Mode, UnknownMode};
pub use observations::EntityMinutes;
pub use performance::performance_events;
pub use prices::{
    Counting, FreeTier, Item, Price, PriceFault, PriceFaults, PriceTable, Region, Setting, Tier,
};
pub use usage::{LogVolume, Usage, UsageFault};
