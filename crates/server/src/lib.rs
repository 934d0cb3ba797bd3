//! Speaks HTTP: ingest, the native API, the page. Translation only: handlers hold no logic.
//!
//! - [`State`] is made first; [`router`] over it answers at once, with 503 until [`State::set_ready`].
//! - [`Listener`] opens the port and [serves](Listener::serve) until it is told to stop.
//! - Every refusal is a [`Problem`] with a stable [`Code`].
//!
//! The way of a request: `listen` (connections) → `door` (counted, panics caught, host, token, time) → `routes` →
//! `ingest`, `api`, `page` → `store`, `query`.

mod alarms;
mod api;
mod body;
mod door;
mod ingest;
mod kubernetes;
mod listen;
mod openapi;
mod own;
mod page;
mod problem;
mod routes;
mod state;

pub use alarms::{
    AlarmSettings, Alarms, AlarmsError, EndSilence, ReceiverView, ReplayedSeries, SilenceStatus,
    Tested,
};
pub use api::own_source::OwnSource;
pub use door::{Access, Hosts, TokenError, TokenFile, Tokens};
pub use kubernetes::router as metrics_api;
pub use listen::{BindError, ConnectionLimits, FrontProxy, FrontProxyError, Identity, Listener};
pub use problem::{Code, PROBLEM_JSON, Position, Problem};
pub use routes::{router, routes};
pub use state::{Limits, MoreMetrics, OwnSources, Settings, Shared, State};
