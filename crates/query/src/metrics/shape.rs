//! What a formula is made of, and from which tiers its statistics are exact.

use catalogue::{Formula, Table, Temporality, Tier};

use crate::metrics::statistic::Statistic;

/// What decides how a formula behaves when rows are added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shape {
    /// How many gauges are in it, each as often as it stands there.
    pub(crate) gauges: usize,
    /// How many deltas are in it.
    pub(crate) deltas: usize,
    /// How it grows with the length of the row: 0 for a ratio of deltas or a gauge, 1 for an increase; `None` when
    /// its parts differ (an increase plus a gauge).
    pub(crate) degree: Option<i32>,
    /// Whether the formula of means is the mean of the formula: no gauge in a denominator, no product of two
    /// measurements, and deltas in a denominator only under deltas (a ratio of sums, weighted by time).
    pub(crate) linear: bool,
}

impl Shape {
    pub(crate) fn of(formula: &Formula, table: &Table) -> Shape {
        let fixed = Shape {
            gauges: 0,
            deltas: 0,
            degree: Some(0),
            linear: true,
        };
        match formula {
            Formula::Constant(_) => fixed,
            Formula::Column(name) => match table.column(name).map(|c| c.temporality) {
                Some(Temporality::Delta) => Shape {
                    deltas: 1,
                    degree: Some(1),
                    ..fixed
                },
                Some(Temporality::Gauge) => Shape { gauges: 1, ..fixed },
                _ => fixed,
            },
            Formula::Add(a, b) | Formula::Subtract(a, b) => {
                let (a, b) = (Shape::of(a, table), Shape::of(b, table));
                let degree = if a.degree == b.degree { a.degree } else { None };
                a.beside(b, degree, a.linear && b.linear)
            }
            Formula::Multiply(a, b) => {
                let (a, b) = (Shape::of(a, table), Shape::of(b, table));
                let degree = a.degree.zip(b.degree).map(|(a, b)| a + b);
                a.beside(
                    b,
                    degree,
                    a.linear && b.linear && (a.is_fixed() || b.is_fixed()),
                )
            }
            Formula::Divide(a, b) => {
                let (a, b) = (Shape::of(a, table), Shape::of(b, table));
                let degree = a.degree.zip(b.degree).map(|(a, b)| a - b);
                let ratio =
                    a.gauges == 0 && b.gauges == 0 && a.degree == Some(1) && b.degree == Some(1);
                a.beside(b, degree, a.linear && b.linear && (b.is_fixed() || ratio))
            }
        }
    }

    fn beside(self, other: Shape, degree: Option<i32>, linear: bool) -> Shape {
        Shape {
            gauges: self.gauges + other.gauges,
            deltas: self.deltas + other.deltas,
            degree,
            linear,
        }
    }

    fn is_fixed(self) -> bool {
        self.gauges == 0 && self.deltas == 0
    }

    /// The coarsest tier whose rows give the same answer as one-minute rows.
    pub(crate) fn coarsest_exact(self, statistic: Statistic) -> Tier {
        let exact = match statistic {
            // The number of samples, and sums of what adds up.
            Statistic::SampleCount => true,
            Statistic::Average | Statistic::Sum | Statistic::Total => self.linear,
            // A rollup row keeps the extremes of each gauge, not those of rates, nor of two gauges together.
            Statistic::Minimum | Statistic::Maximum => {
                self.linear && self.deltas == 0 && self.gauges <= 1
            }
            Statistic::Percentile(_) => self.is_fixed(),
        };
        if exact { Tier::Hour } else { Tier::Minute }
    }
}

#[cfg(test)]
mod tests {
    use catalogue::{column, per_second};

    use super::*;

    fn shape(formula: Formula) -> Shape {
        Shape::of(&formula, catalogue::table("container").unwrap())
    }

    #[test]
    fn rates_and_shares_add_up_and_mixtures_do_not() {
        let cpu = || per_second("cpu_usage_usec");
        let memory = || column("memory_working_set_bytes");
        for (formula, degree, linear) in [
            (cpu(), Some(0), true),
            (cpu() / column("node_cpu_cores") * 100.0, Some(0), true),
            (column("cpu_usage_usec"), Some(1), true),
            (
                column("cpu_user_usec") + column("cpu_system_usec"),
                Some(1),
                true,
            ),
            (
                column("cpu_throttled_periods") / column("cpu_periods"),
                Some(0),
                true,
            ),
            (memory() / column("memory_limit_bytes"), Some(0), true),
            (memory() - column("memory_anon_bytes"), Some(0), true),
            (memory() / column("memory_usage_bytes"), Some(0), false),
            (memory() * cpu(), Some(0), false),
            (column("cpu_usage_usec") + memory(), None, true),
            (memory() / column("interval_usec"), Some(-1), false),
        ] {
            let shape = shape(formula.clone());
            assert_eq!((shape.degree, shape.linear), (degree, linear), "{formula}");
        }
    }

    #[test]
    fn coarse_rows_answer_only_what_they_keep() {
        let percentile = Statistic::Percentile(99.0);
        let memory = || column("memory_working_set_bytes");
        for (formula, statistic, tier) in [
            (per_second("cpu_usage_usec"), Statistic::Average, Tier::Hour),
            (
                per_second("cpu_usage_usec"),
                Statistic::Maximum,
                Tier::Minute,
            ),
            (per_second("cpu_usage_usec"), percentile, Tier::Minute),
            (memory(), Statistic::Maximum, Tier::Hour),
            (
                memory() / column("memory_limit_bytes"),
                Statistic::Minimum,
                Tier::Hour,
            ),
            (
                memory() + column("memory_swap_bytes"),
                Statistic::Maximum,
                Tier::Minute,
            ),
            (
                memory() / column("memory_usage_bytes"),
                Statistic::Average,
                Tier::Minute,
            ),
            (
                memory() / column("memory_usage_bytes"),
                Statistic::SampleCount,
                Tier::Hour,
            ),
            (column("memory_limit_bytes"), percentile, Tier::Hour),
        ] {
            assert_eq!(
                shape(formula.clone()).coarsest_exact(statistic),
                tier,
                "{formula} {statistic}"
            );
        }
    }
}
