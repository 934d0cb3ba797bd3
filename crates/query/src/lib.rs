//! Asks rows: metric statistics, log lines, SQL and the live inventory, as DataFusion plans over the store.
//!
//! [`Query`] is the way in. A question is read into a typed request, checked against the catalogue, planned, and run
//! on threads of its own within [`Limits`]; dropping the answer's future ends the work. A fault is a [`QueryError`]
//! with a stable code and the place in the question.

mod ask;
mod cloudwatch_usage;
mod engine;
mod entities;
mod error;
mod execute;
mod fault;
mod filter;
mod label;
mod limits;
mod logs;
mod metrics;
mod moment;
mod names;
mod nearest;
mod performance;
mod query;
mod request;
mod rows_by_namespace;
mod session;
mod slow;
mod sql;
mod stop;
mod tables;
mod verdicts;
mod windows;

pub use entities::{EntitiesAnswer, EntitiesRequest, Entity, Health, State};
pub use error::{Code, Position, QueryError};
pub use filter::{Filter, Pattern};
pub use limits::Limits;
pub use logs::{
    Band, BandKind, Bucket, ContextRequest, Dropped, Facet, FacetValue, Histogram,
    HistogramRequest, LedgerAnswer, LedgerRequest, LedgerSource, LogLine, LogOrder, LogPattern,
    LogsAnswer, LogsPage, LogsRequest, LogsStats, PatternsRequest, Tail, TailEvent, TailRequest,
    Why,
};
pub use metrics::{
    MetricRequest, MetricsAnswer, MetricsRequest, MetricsStats, Order, Series, Statistic,
};
pub use moment::Moment;
pub use performance::{Mode, PerformanceAnswer, PerformanceRequest};
pub use query::{Query, QueryFigures};
pub use slow::SlowQuery;
pub use sql::{Format, SqlBody, SqlRequest, SqlRows, SqlStats};
pub use tables::Tables;
pub use verdicts::{
    AlsoFound, EntityVerdict, EvidenceText, VerdictKind, VerdictsAnswer, VerdictsRequest,
};
pub use windows::{
    HealthWindow, Periods, RowsWindow, Window, WindowLabels, WindowSource, Windows, WindowsRequest,
};
