//! What an evaluation asks of its caller.

use crate::grid::Grid;
use crate::search::SearchCall;
use crate::series::Series;

/// The bounds of what is expected, for each period.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Bounds {
    /// As many as the grid has periods. `None`: nothing is expected there.
    pub upper: Vec<Option<f64>>,
    /// The same below.
    pub lower: Vec<Option<f64>>,
}

/// Why something is not there, for people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SourceError(pub String);

/// Who knows which series a search finds, and what is expected of a metric. [`Set::needs`](crate::Set::needs) tells
/// beforehand what will be asked.
pub trait Source {
    /// The series that a search finds, on the grid.
    ///
    /// # Errors
    /// Why there are none to be had; none found is no error.
    fn search(&self, call: &SearchCall, grid: &Grid) -> Result<Vec<Series>, SourceError>;

    /// The band of `of`, which is an id or an expression in writing, `width` standard deviations on either side. A
    /// period for which nothing is expected yet has none.
    ///
    /// # Errors
    /// Why there is none to be had.
    fn band(&self, of: &str, width: f64, grid: &Grid) -> Result<Bounds, SourceError>;
}

/// Knows neither.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoSource;

impl Source for NoSource {
    fn search(&self, _: &SearchCall, _: &Grid) -> Result<Vec<Series>, SourceError> {
        Err(SourceError("SEARCH is not available here".to_owned()))
    }

    fn band(&self, _: &str, _: f64, _: &Grid) -> Result<Bounds, SourceError> {
        let message = "ANOMALY_DETECTION_BAND is not available here";
        Err(SourceError(message.to_owned()))
    }
}
