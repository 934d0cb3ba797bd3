//! How the samples of a period become one value.

use std::fmt;

use crate::error::{Code, QueryError};
use crate::nearest::nearest;

/// A statistic, named as in CloudWatch but for `Total`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Statistic {
    /// The mean of the samples.
    Average,
    /// The sum of the samples.
    Sum,
    /// The least value.
    Minimum,
    /// The greatest value.
    Maximum,
    /// How many samples there are.
    SampleCount,
    /// The value below which this percentage of the samples lies, interpolated between neighbours: `p50`, `p99.9`.
    Percentile(f64),
    /// The sum over entities of each one's mean in the period: what a group of them uses together, whatever the
    /// period's length.
    Total,
}

const NAMED: [(&str, Statistic); 6] = [
    ("Average", Statistic::Average),
    ("Sum", Statistic::Sum),
    ("Minimum", Statistic::Minimum),
    ("Maximum", Statistic::Maximum),
    ("SampleCount", Statistic::SampleCount),
    ("Total", Statistic::Total),
];

impl Statistic {
    /// Reads a name; case matters, as in CloudWatch.
    pub fn parse(text: &str) -> Result<Statistic, QueryError> {
        if let Some((_, statistic)) = NAMED.iter().find(|(name, _)| *name == text) {
            return Ok(*statistic);
        }
        let unknown = |message: String| QueryError::new(Code::UnknownStatistic, message);
        if let Some(digits) = text.strip_prefix('p')
            && digits.starts_with(|c: char| c.is_ascii_digit())
            && digits.chars().all(|c| c.is_ascii_digit() || c == '.')
        {
            return match digits.parse::<f64>() {
                Ok(percent) if percent <= 100.0 => Ok(Statistic::Percentile(percent)),
                _ => Err(unknown(format!(
                    "'{text}' is no percentile: write p0 to p100, as p99 or p99.9"
                ))),
            };
        }
        let names = NAMED.iter().map(|(name, _)| *name);
        Err(unknown(format!(
            "there is no statistic '{text}'; there are {} and percentiles (p99)",
            list(names.clone())
        ))
        .with_nearest(nearest(text, names)))
    }

    /// The unit of its values, when a metric's is `unit`.
    pub fn unit(self, unit: &str) -> &str {
        match self {
            Statistic::SampleCount => "Count",
            _ => unit,
        }
    }
}

fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}

impl fmt::Display for Statistic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Statistic::Percentile(percent) => write!(f, "p{percent}"),
            other => {
                let name = NAMED
                    .iter()
                    .find(|(_, statistic)| statistic == other)
                    .map_or("", |(name, _)| name);
                f.write_str(name)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_reads_back() {
        for text in [
            "Average",
            "Sum",
            "Minimum",
            "Maximum",
            "SampleCount",
            "Total",
            "p0",
            "p50",
            "p99.9",
            "p100",
        ] {
            assert_eq!(Statistic::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(
            Statistic::parse("p07.50").unwrap(),
            Statistic::Percentile(7.5)
        );
    }

    #[test]
    fn others_are_refused_with_the_nearest() {
        for (text, hint) in [
            ("average", "did you mean 'Average'?"),
            ("Max", "did you mean 'Maximum'?"),
            ("p101", "no percentile"),
            ("p9.9.9", "no percentile"),
            ("p", "no statistic"),
            ("p-1", "no statistic"),
            ("P99", "no statistic"),
            ("", "no statistic"),
            ("tm90", "no statistic"),
        ] {
            let error = Statistic::parse(text).unwrap_err();
            assert_eq!(error.code, Code::UnknownStatistic);
            assert!(error.message.contains(hint), "{text}: {}", error.message);
        }
    }
}
