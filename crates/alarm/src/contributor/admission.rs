//! Which series are contributors when there are very many.

use std::collections::{BTreeSet, HashSet};
use std::fmt;

use super::Labels;

/// The most contributors of an alarm. A node has some hundred pods at most, so it is every container of a cluster of a
/// hundred nodes; who has more names fewer labels, or filters.
pub const MOST_CONTRIBUTORS: usize = 10_000;

/// Which series an alarm evaluates.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Admitted {
    /// Those that are evaluated, in the order of their labels.
    pub labels: BTreeSet<Labels>,
    /// What is to be told, when there are more.
    pub left_out: Option<LeftOut>,
}

/// An alarm has more series than it can have contributors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub struct LeftOut {
    /// How many series there are.
    pub series: usize,
    /// How many of them are evaluated.
    pub evaluated: usize,
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let LeftOut { series, evaluated } = self;
        write!(
            f,
            "there are {series} series and an alarm has at most {MOST_CONTRIBUTORS}: {evaluated} are evaluated, {} are not. \
             Filter, or group by fewer labels",
            series - evaluated
        )
    }
}

/// The series to evaluate out of those that have data: at most [`MOST_CONTRIBUTORS`]. Those that are `known`, which have a
/// state already, come first, so that a burst of new ones does not drive them out; then by labels, so that the same ones
/// are taken each time. A series that is given twice counts once.
pub fn admitted(
    series: impl IntoIterator<Item = Labels>,
    known: impl Fn(&Labels) -> bool,
) -> Admitted {
    let series: HashSet<Labels> = series.into_iter().collect();
    let count = series.len();
    if count <= MOST_CONTRIBUTORS {
        return Admitted {
            labels: series.into_iter().collect(),
            left_out: None,
        };
    }
    let (old, new): (Vec<Labels>, Vec<Labels>) = series.into_iter().partition(known);
    let [old, new]: [BTreeSet<Labels>; 2] = [old, new].map(|part| part.into_iter().collect());
    let labels = old.into_iter().chain(new).take(MOST_CONTRIBUTORS).collect();
    Admitted {
        labels,
        left_out: Some(LeftOut {
            series: count,
            evaluated: MOST_CONTRIBUTORS,
        }),
    }
}
