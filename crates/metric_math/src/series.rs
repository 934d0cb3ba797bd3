//! A time series on a grid.

/// A value for each period of a [`Grid`](crate::Grid).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Series {
    /// What it is called for people.
    pub label: String,
    /// As many as the grid has periods. `None`: there is no point.
    pub values: Vec<Option<f64>>,
}

impl Series {
    /// A series that is called `label`.
    pub fn new(label: impl Into<String>, values: Vec<Option<f64>>) -> Series {
        Series {
            label: label.into(),
            values,
        }
    }

    /// One that has no point in `count` periods.
    pub fn empty(label: impl Into<String>, count: usize) -> Series {
        Series::new(label, vec![None; count])
    }

    /// Whether it has no point at all.
    pub fn is_empty(&self) -> bool {
        self.values.iter().all(Option::is_none)
    }

    /// The points that exist.
    pub(crate) fn points(&self) -> impl Iterator<Item = f64> + '_ {
        self.values.iter().copied().flatten()
    }

    /// The same periods with other values.
    pub(crate) fn with(&self, values: impl Iterator<Item = Option<f64>>) -> Series {
        Series::new(self.label.clone(), values.collect())
    }
}

/// `value` when it is a finite number, without the sign of zero; no point otherwise.
pub(crate) fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value + 0.0)
}
