//! Statistics by their names.

use std::fmt;

use catalogue::nearest;

use super::limits::STATISTICS;
use crate::percentile::percent;

/// A statistic by CloudWatch's name for it, of a form that is known.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Statistic(String);

impl Statistic {
    /// The statistic of that name; `None` for a name of no known form. Case counts.
    pub fn of(name: &str) -> Option<Statistic> {
        let is_known = STATISTICS.contains(&name) || is_extended(name);
        is_known.then(|| Statistic(name.to_owned()))
    }

    /// What is wrong with a name of no known form, and what is meant perhaps.
    pub(super) fn unknown(name: &str) -> String {
        // Short names of other tools, which are like none of CloudWatch's.
        let short = match name.to_ascii_lowercase().as_str() {
            "avg" | "mean" => Some("Average"),
            "min" => Some("Minimum"),
            "max" => Some("Maximum"),
            "count" => Some("SampleCount"),
            "median" => Some("p50"),
            _ => None,
        };
        let near = short.or_else(|| nearest(name, STATISTICS));
        match near {
            Some(near) => format!("'{name}' is no statistic that is known, did you mean {near}?"),
            None => format!(
                "'{name}' is no statistic that is known: write one of {}, or a percentile such as p99",
                STATISTICS.join(", ")
            ),
        }
    }

    /// `Average`.
    pub(super) fn average() -> Statistic {
        Statistic("Average".to_owned())
    }

    /// Its name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The percent of a percentile: 99.9 of `p99.9`.
    pub fn percentile(&self) -> Option<f64> {
        percent(&self.0)
    }
}

impl fmt::Display for Statistic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether it is a name for `ExtendedStatistic`.
pub(super) fn is_extended(name: &str) -> bool {
    if percent(name).is_some() || name == "IQM" {
        return true;
    }
    let short = ["tm", "tc", "ts", "wm"];
    if let Some(number) = short.iter().find_map(|kind| name.strip_prefix(kind)) {
        return percent(&format!("p{number}")).is_some();
    }
    let Some((kind, rest)) = name.split_once('(') else {
        return false;
    };
    let bounds = rest.strip_suffix(')').and_then(|rest| rest.split_once(':'));
    let Some((low, high)) = bounds else {
        return false;
    };
    match kind {
        "TM" | "TC" | "TS" | "WM" => are_bounds(low, high, true),
        "PR" => are_bounds(low, high, false),
        _ => false,
    }
}

/// One side may be empty; both are percentages, or both are numbers.
fn are_bounds(low: &str, high: &str, may_be_percent: bool) -> bool {
    let given: Vec<&str> = [low, high].into_iter().filter(|b| !b.is_empty()).collect();
    let as_percent = |bound: &&str| {
        let number = bound.strip_suffix('%');
        number.is_some_and(|number| percent(&format!("p{number}")).is_some())
    };
    let as_number = |bound: &&str| {
        let plain = |b: u8| b.is_ascii_digit() || matches!(b, b'.' | b'-');
        bound.bytes().all(plain) && bound.parse::<f64>().is_ok()
    };
    !given.is_empty()
        && (given.iter().all(as_number) || (may_be_percent && given.iter().all(as_percent)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statistics_are_known_by_their_form() {
        for name in [
            "Average",
            "p99",
            "p99.9",
            "tm90",
            "wm98.5",
            "tc1",
            "ts5",
            "IQM",
            "TM(:90%)",
            "TM(25%:75%)",
            "TC(1:20)",
            "PR(:300)",
            "PR(100:2000)",
            "PR(-1.5:)",
        ] {
            assert!(Statistic::of(name).is_some(), "{name}");
        }
        for name in [
            "average",
            "P99",
            "p101",
            "tm",
            "tm101",
            "TM(90%)",
            "TM(:)",
            "TM(10%:20)",
            "PR(:90%)",
            "XX(1:2)",
            "",
            "TM(:nan)",
            "TM(1:2",
        ] {
            assert!(Statistic::of(name).is_none(), "{name}");
        }
    }
}
