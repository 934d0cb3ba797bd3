//! The bounds of what is expected.

use serde::{Deserialize, Serialize};

/// What is expected at a time. Both are finite, and `lower` is below `upper`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Band {
    /// In the metric's unit.
    pub lower: f64,
    /// In the metric's unit.
    pub upper: f64,
}

impl Band {
    /// Whether the value is expected: within the bounds or on them.
    pub fn contains(&self, value: f64) -> bool {
        (self.lower..=self.upper).contains(&value)
    }
}

/// How many deviations a band reaches to either side.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Width(f64);

/// A width that is none.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("a band's width is a number above 0, not {0}")]
pub struct BadWidth(pub f64);

impl Width {
    /// A width above 0.
    ///
    /// # Errors
    /// 0, a negative number, an infinity or NaN.
    pub fn new(deviations: f64) -> Result<Width, BadWidth> {
        match deviations > 0.0 && deviations.is_finite() {
            true => Ok(Width(deviations)),
            false => Err(BadWidth(deviations)),
        }
    }

    /// In deviations.
    pub fn deviations(self) -> f64 {
        self.0
    }
}

/// CloudWatch's: 2.
impl Default for Width {
    fn default() -> Width {
        Width(2.0)
    }
}
