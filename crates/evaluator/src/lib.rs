//! Alarms at work: what `alarm` evaluates is read here, kept, and told.
//!
//! ```text
//!   Windows ──► round ──► states, transitions, history ─┐
//!   (a trait)     │       composite alarms, suppression ├─► keep: alarms.redb, one transaction a round
//!                 │       deliveries, as Routing says ──┘        │
//!   put, delete, set state (manage) ──┘                          ▼
//!                                                outbox ──► Deliver (a trait) ──► delivered, again, or given up
//! ```
//!
//! [`Evaluator`] is all of it. [`Evaluator::round`] evaluates what is due; [`Evaluator::run_rounds`] and
//! [`Evaluator::run_deliveries`] are the loops of a server. [`replay`] is apart from them and pure: what an alarm would
//! have done over stored data points.
//!
//! The loops read what can take long (SQL, log lines, bands) beside the rounds, for no other alarm may be late for it.
//!
//! # What is kept
//!
//! A state is on disk together with its transition, its history item and what is owed to receivers, or none of them is.
//! Nobody is told of what is not on disk. While the disk takes nothing, rounds go on in memory, say so
//! ([`Evaluator::health`]), and try again.
//!
//! # Late rows
//!
//! Each evaluation reads its whole range (N + 2 periods) again, so a row that comes late is seen by the next evaluation
//! after it, as long as its period is in the range. [`Settings::delay_seconds`] puts off every evaluation.
//!
//! # Times
//!
//! Microseconds since 1970, as arguments; only the loops look at a clock.

mod clock;
mod deliver;
mod evaluator;
mod history;
mod keep;
mod outbox;
mod plan;
mod record;
mod repeat;
pub mod replay;
mod round;
mod routing;
mod run;
mod settings;
mod slow;
mod windows;
mod world;

pub use clock::{Clock, Hold, Now};
pub use deliver::{Attempt, Deliver, Failure, Gathered};
pub use evaluator::{DeliveryFilter, Evaluator, Health, ReceiverStatus};
pub use history::{HistoryItem, HistoryItemType};
pub use keep::{
    Changes, Compacted, Contents, Counter, FILE, HistoryBounds, HistoryQuery, Keep, KeepError,
    Opened,
};
pub use outbox::{Delivery, DeliveryState, backoff};
pub use plan::{Plan, PlanError, Points, Subject};
pub use record::{DefinitionRecord, Origin, StandingRecord, StateRecord, state_key};
pub use repeat::Repetition;
pub use round::Round;
pub use routing::{NamedActions, Routing};
pub use settings::Settings;
pub use windows::{Ask, Labels, Window, Windows, Words};
pub use world::{Broken, ContributorStatus, Filter, ManageError, Status, SyncFault, Synced};
