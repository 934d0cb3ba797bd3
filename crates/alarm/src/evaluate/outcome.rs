//! What came of an evaluation, and what each period was counted as.

use std::fmt;

use super::{Period, Rule};
use crate::state::State;

/// What a period was counted as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CountedAs {
    /// Its data point breaches.
    Breaching,
    /// Its data point does not breach.
    NotBreaching,
    /// It has a data point, and there are N newer ones.
    LeftOut,
    /// It has no data point, and was passed over.
    Missing,
    /// It has no data point, and was filled in as breaching.
    FilledBreaching,
    /// It has no data point, and was filled in as not breaching.
    FilledNotBreaching,
}

/// A period with what it was counted as.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evaluated {
    /// The period as it was given.
    pub period: Period,
    /// What it was counted as.
    pub counted: CountedAs,
}

impl Evaluated {
    /// Whether it has a data point that can be judged.
    pub fn is_real(&self) -> bool {
        self.takes_part() || self.counted == CountedAs::LeftOut
    }

    /// Whether its own data point was counted.
    pub fn takes_part(&self) -> bool {
        matches!(self.counted, CountedAs::Breaching | CountedAs::NotBreaching)
    }

    /// Whether its own data point was counted as breaching.
    pub fn breaches(&self) -> bool {
        self.counted == CountedAs::Breaching
    }
}

/// What decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Why {
    /// The data points that exist.
    Counted,
    /// They, and what was filled in for missing ones.
    Filled,
    /// No data point exists.
    NoData,
    /// The data points do not tell, and missing data is ignored: the state stays.
    Ignored,
    /// All data points breach, fewer than M, and the oldest is M periods old: the others are not merely late.
    OldEnough,
    /// All data points breach, fewer than M, and the rest may be late: the state stays.
    TooEarly,
    /// The band has no bounds for any period of the range.
    NoBand,
    /// A percentile of too few samples: the state stays.
    FewSamples,
}

/// What came of an evaluation.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    pub(crate) rule: Rule,
    /// The state before.
    pub previous: State,
    /// The state now.
    pub state: State,
    /// What decided it.
    pub why: Why,
    /// How many data points were counted as breaching, without what was filled in.
    pub breaching: usize,
    /// How many data points took part.
    pub real: usize,
    /// How many were filled in, of which those before the first period given are not in `points`.
    pub filled: usize,
    /// The periods of the range in the order given.
    pub points: Vec<Evaluated>,
}

impl Evaluation {
    /// Whether the state is another one now: when an alarm acts.
    pub fn is_transition(&self) -> bool {
        self.state != self.previous
    }

    /// Whether nothing was found out, so that the state stays whatever it was.
    pub fn is_retained(&self) -> bool {
        matches!(self.why, Why::Ignored | Why::TooEarly | Why::FewSamples)
    }
}

/// In few words, without values or times.
impl fmt::Display for Evaluation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Evaluation {
            breaching, real, ..
        } = self;
        let needed = self.rule.datapoints_to_alarm;
        match self.why {
            Why::Counted => write!(
                f,
                "{breaching} of {real} points breach, ALARM needs {needed}"
            ),
            Why::Filled => write!(
                f,
                "{breaching} of {real} points breach, {} missing filled in as {}, ALARM needs {needed}",
                self.filled,
                self.rule.treat_missing_data.as_str()
            ),
            Why::NoData => write!(f, "no point"),
            Why::Ignored if real == &0 => write!(f, "no point, the state stays"),
            Why::Ignored => write!(
                f,
                "only {breaching} breaching, ALARM needs {needed}, the state stays"
            ),
            Why::OldEnough => write!(
                f,
                "only {breaching} breaching, the oldest at least {needed} periods old"
            ),
            Why::TooEarly => write!(
                f,
                "only {breaching} breaching, the oldest not {needed} periods old, the state stays"
            ),
            Why::NoBand => write!(f, "no band"),
            Why::FewSamples => write!(f, "too few samples for the percentile, the state stays"),
        }
    }
}
