//! A range of periods and a rule → a state.
//!
//! An alarm looks at the newest N data points (`EvaluationPeriods`) and goes to ALARM when M of them (`DatapointsToAlarm`)
//! breach. Points may be missing, so it is given a range of more periods than N ([`Rule::range`]):
//!
//! 1. When the range holds N points, the newest N of them decide, and how missing data is treated plays no part.
//! 2. Else every point of the range takes part, and N less their number is filled in as breaching or not breaching, where
//!    the treatment says so.
//! 3. Where it does not (`missing`, `ignore`), a point that does not breach means OK. Breaching points alone, fewer than M,
//!    may be the first of a series whose rest is late: `ignore` keeps the state, and `missing` waits until the oldest of
//!    them is M periods old. Without any point, `missing` is INSUFFICIENT_DATA.
//!
//! CloudWatch publishes two tables of this; `tests/tables.rs` has them, row by row.

mod outcome;

pub use outcome::{CountedAs, Evaluated, Evaluation, Why};

use crate::operator::Condition;
use crate::percentile::LowSamples;
use crate::state::State;
use crate::treatment::TreatMissingData;

/// The bounds of what is expected in a period, from an anomaly model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Band {
    /// Values below are too low.
    pub lower: f64,
    /// Values above are too high.
    pub upper: f64,
}

/// A period of an evaluation range, with its data point if there is one.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Period {
    /// When it begins, in microseconds since 1970.
    pub start: i64,
    /// The statistic over the period. `None`, a NaN and an infinity are a missing data point.
    pub value: Option<f64>,
    /// What the value is held against when the operator needs a band. `None`: the model has none for this period.
    pub band: Option<Band>,
    /// How many samples the value is made of; `None` when that is not known, as for an expression.
    pub samples: Option<f64>,
}

impl Period {
    /// A period with a value, or without one.
    pub fn new(start: i64, value: Option<f64>) -> Period {
        Period {
            start,
            value,
            ..Period::default()
        }
    }
}

/// What an alarm does with its data points.
///
/// Any numbers are taken and none makes evaluation panic; [`crate::definition`] refuses what CloudWatch refuses.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rule {
    /// N: how many data points are looked at.
    pub evaluation_periods: u32,
    /// M: how many of them breach for ALARM.
    pub datapoints_to_alarm: u32,
    /// What missing ones count as.
    pub treat_missing_data: TreatMissingData,
    /// When one breaches.
    pub condition: Condition,
    /// For percentiles: from how many samples on they tell something. `None`: they always do.
    pub low_samples: Option<LowSamples>,
}

impl Rule {
    /// How many periods to give to [`Rule::evaluate`]: N + 2. AWS says that it is more than N and not how many; this is
    /// the size that its tables have.
    pub fn range(&self) -> u32 {
        self.evaluation_periods.saturating_add(2)
    }

    /// The state of an alarm that was in state `previous`, given the periods of its evaluation range, oldest first.
    ///
    /// Periods that are not given, as before a metric began, count as missing. The cost is linear in the range.
    pub fn evaluate(&self, range: &[Period], previous: State) -> Evaluation {
        let needed = self.evaluation_periods as usize;
        let to_alarm = self.datapoints_to_alarm as usize;
        let mut points: Vec<Evaluated> = range.iter().map(|period| self.judge(period)).collect();
        let real = points.iter().filter(|point| point.is_real()).count();
        let mut breaching = points.iter().filter(|p| p.breaches()).count();
        let mut fill = 0;

        let (state, why) = if real >= needed {
            leave_out_oldest(&mut points, real - needed);
            breaching = points.iter().filter(|p| p.breaches()).count();
            (by_count(breaching, to_alarm), Why::Counted)
        } else {
            fill = needed - real;
            match self.treat_missing_data {
                TreatMissingData::Breaching => {
                    fill_newest(&mut points, fill, CountedAs::FilledBreaching);
                    (by_count(breaching + fill, to_alarm), Why::Filled)
                }
                TreatMissingData::NotBreaching => {
                    fill_newest(&mut points, fill, CountedAs::FilledNotBreaching);
                    (by_count(breaching, to_alarm), Why::Filled)
                }
                treatment => {
                    let keeps = treatment == TreatMissingData::Ignore;
                    self.few_points(&points, real, breaching, keeps, previous)
                }
            }
        };

        let mut evaluation = Evaluation {
            rule: *self,
            previous,
            state,
            why,
            breaching,
            real: points.iter().filter(|p| p.takes_part()).count(),
            filled: if why == Why::Filled { fill } else { 0 },
            points,
        };
        self.doubt(&mut evaluation, range);
        evaluation
    }

    /// Fewer points than N, and nothing is filled in. `keeps`: the state stays where the points do not tell.
    fn few_points(
        &self,
        points: &[Evaluated],
        real: usize,
        breaching: usize,
        keeps: bool,
        previous: State,
    ) -> (State, Why) {
        let to_alarm = self.datapoints_to_alarm as usize;
        if real == 0 {
            return match keeps {
                true => (previous, Why::Ignored),
                false => (State::InsufficientData, Why::NoData),
            };
        }
        if breaching >= to_alarm {
            return (State::Alarm, Why::Counted);
        }
        if breaching < real {
            return (State::Ok, Why::Counted);
        }
        if keeps {
            return (previous, Why::Ignored);
        }
        let oldest = points.iter().position(Evaluated::breaches).unwrap_or(0);
        match points.len() - oldest >= to_alarm {
            true => (State::Alarm, Why::OldEnough),
            false => (previous, Why::TooEarly),
        }
    }

    /// What a period is before it is known which take part.
    fn judge(&self, period: &Period) -> Evaluated {
        let value = period.value.filter(|value| value.is_finite());
        let breaches = value.and_then(|value| self.condition.breaches(value, period.band));
        Evaluated {
            period: *period,
            counted: match breaches {
                Some(true) => CountedAs::Breaching,
                Some(false) => CountedAs::NotBreaching,
                None => CountedAs::Missing,
            },
        }
    }

    /// Where the model has no band, or a percentile too few samples, the count does not hold.
    fn doubt(&self, evaluation: &mut Evaluation, range: &[Period]) {
        if self.condition.operator().needs_band() && range.iter().all(|p| p.band.is_none()) {
            evaluation.state = State::InsufficientData;
            evaluation.why = Why::NoBand;
            return;
        }
        let Some(enough) = self.low_samples else {
            return;
        };
        let samples = evaluation
            .points
            .iter()
            .filter(|point| point.takes_part())
            .map(|point| point.period.samples);
        if evaluation.real > 0 && enough.too_few(samples) {
            evaluation.state = evaluation.previous;
            evaluation.why = Why::FewSamples;
        }
    }
}

fn by_count(breaching: usize, to_alarm: usize) -> State {
    match breaching >= to_alarm {
        true => State::Alarm,
        false => State::Ok,
    }
}

/// The oldest points are not looked at when there are newer ones enough.
fn leave_out_oldest(points: &mut [Evaluated], count: usize) {
    for point in points.iter_mut().filter(|p| p.is_real()).take(count) {
        point.counted = CountedAs::LeftOut;
    }
}

/// Which of the missing periods are filled in makes no difference to the state; the newest are.
fn fill_newest(points: &mut [Evaluated], count: usize, with: CountedAs) {
    let missing = points
        .iter_mut()
        .rev()
        .filter(|p| p.counted == CountedAs::Missing);
    for point in missing.take(count) {
        point.counted = with;
    }
}
