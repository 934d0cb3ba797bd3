//! When a data point breaches.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::evaluate::Band;
use crate::state::{UnknownWord, find};

/// `ComparisonOperator`: how a value is held against a threshold, or against a band for the last three.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ComparisonOperator {
    /// value > threshold
    GreaterThanThreshold,
    /// value ≥ threshold
    GreaterThanOrEqualToThreshold,
    /// value < threshold
    LessThanThreshold,
    /// value ≤ threshold
    LessThanOrEqualToThreshold,
    /// value < lower bound or value > upper bound
    LessThanLowerOrGreaterThanUpperThreshold,
    /// value < lower bound
    LessThanLowerThreshold,
    /// value > upper bound
    GreaterThanUpperThreshold,
}

use ComparisonOperator::{
    GreaterThanOrEqualToThreshold, GreaterThanThreshold, GreaterThanUpperThreshold,
    LessThanLowerOrGreaterThanUpperThreshold, LessThanLowerThreshold, LessThanOrEqualToThreshold,
    LessThanThreshold,
};

impl ComparisonOperator {
    /// Every operator.
    pub const ALL: [ComparisonOperator; 7] = [
        GreaterThanThreshold,
        GreaterThanOrEqualToThreshold,
        LessThanThreshold,
        LessThanOrEqualToThreshold,
        LessThanLowerOrGreaterThanUpperThreshold,
        LessThanLowerThreshold,
        GreaterThanUpperThreshold,
    ];

    /// CloudWatch's word.
    pub fn as_str(self) -> &'static str {
        match self {
            GreaterThanThreshold => "GreaterThanThreshold",
            GreaterThanOrEqualToThreshold => "GreaterThanOrEqualToThreshold",
            LessThanThreshold => "LessThanThreshold",
            LessThanOrEqualToThreshold => "LessThanOrEqualToThreshold",
            LessThanLowerOrGreaterThanUpperThreshold => "LessThanLowerOrGreaterThanUpperThreshold",
            LessThanLowerThreshold => "LessThanLowerThreshold",
            GreaterThanUpperThreshold => "GreaterThanUpperThreshold",
        }
    }

    /// Whether values are held against an anomaly band, which has bounds for each period, and not against a number.
    pub fn needs_band(self) -> bool {
        matches!(
            self,
            LessThanLowerOrGreaterThanUpperThreshold
                | LessThanLowerThreshold
                | GreaterThanUpperThreshold
        )
    }
}

impl FromStr for ComparisonOperator {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<ComparisonOperator, UnknownWord> {
        find(word, &ComparisonOperator::ALL, ComparisonOperator::as_str)
    }
}

/// An operator with what it needs: a number, or the bands of the periods.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Condition {
    operator: ComparisonOperator,
    threshold: Option<f64>,
}

/// An operator and a threshold that do not belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ConditionError {
    /// The operator compares with a number, and there is none.
    #[error("{} needs a Threshold", .0.as_str())]
    NoThreshold(ComparisonOperator),
    /// The operator compares with a band, and there is a number.
    #[error("{} compares with a band, and takes no Threshold", .0.as_str())]
    BandAndThreshold(ComparisonOperator),
    /// The threshold is not a number or is infinite.
    #[error("a Threshold is a finite number")]
    NotFinite,
}

impl Condition {
    /// A condition; the threshold is given for the first four operators, and for them alone.
    ///
    /// # Errors
    /// The threshold is missing, is one too many, or is not finite.
    pub fn new(
        operator: ComparisonOperator,
        threshold: Option<f64>,
    ) -> Result<Condition, ConditionError> {
        match threshold {
            Some(_) if operator.needs_band() => Err(ConditionError::BandAndThreshold(operator)),
            Some(t) if !t.is_finite() => Err(ConditionError::NotFinite),
            None if !operator.needs_band() => Err(ConditionError::NoThreshold(operator)),
            _ => Ok(Condition {
                operator,
                threshold,
            }),
        }
    }

    /// The operator.
    pub fn operator(&self) -> ComparisonOperator {
        self.operator
    }

    /// The threshold; `None` where there is a band.
    pub fn threshold(&self) -> Option<f64> {
        self.threshold
    }

    /// Whether a value breaches; `None` when that cannot be said, because there is no band for its period.
    pub fn breaches(&self, value: f64, band: Option<Band>) -> Option<bool> {
        let against = self.threshold.unwrap_or_default();
        Some(match self.operator {
            GreaterThanThreshold => value > against,
            GreaterThanOrEqualToThreshold => value >= against,
            LessThanThreshold => value < against,
            LessThanOrEqualToThreshold => value <= against,
            LessThanLowerOrGreaterThanUpperThreshold => {
                let band = band?;
                value < band.lower || value > band.upper
            }
            LessThanLowerThreshold => value < band?.lower,
            GreaterThanUpperThreshold => value > band?.upper,
        })
    }
}
