//! How each column of a rollup is made from the columns it is made of.

use arrow::datatypes::{DataType, SchemaRef};
use catalogue::{ROLLUP_MINUTES, ROLLUP_SAMPLES, Table, Tier};

/// What happens when a value meets what is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operation {
    Sum,
    Min,
    Max,
    Last,
    /// One for each value that is not null.
    Count,
    /// One for each row.
    Rows,
    /// The constant one.
    One,
    /// The start of the bucket.
    Bucket,
}

/// One column of the result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) operation: Operation,
    /// The column's index in the source; not read by `Rows`, `One` and `Bucket`.
    pub(crate) source: usize,
    /// Its type in the result.
    pub(crate) kind: DataType,
}

/// From the rows of one schema to rollup rows.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) schema: SchemaRef,
    pub(crate) steps: Vec<Step>,
    /// The key columns' indexes in the source.
    pub(crate) key: Vec<usize>,
    /// The index of `time` in the source.
    pub(crate) time: usize,
    /// The length of a bucket, µs.
    pub(crate) bucket_usec: i64,
}

/// The most columns that a key has.
pub(crate) const KEY_COLUMNS: usize = 4;

impl Plan {
    /// Raw rows to one-minute rows.
    pub(crate) fn from_raw(table: &Table) -> Plan {
        let source = table.schema();
        Plan::new(table, &source, 60, |name| {
            if let Some(stem) = suffix_of(table, name) {
                return Some(match stem {
                    (column, "min") => (Operation::Min, column),
                    (column, "max") => (Operation::Max, column),
                    (column, "sum") => (Operation::Sum, column),
                    (column, _) => (Operation::Count, column),
                });
            }
            match name {
                ROLLUP_SAMPLES => Some((Operation::Rows, "")),
                ROLLUP_MINUTES => Some((Operation::One, "")),
                _ => None,
            }
        })
    }

    /// One-minute rows (or parts of them) to rows of a tier; with [`Tier::Minute`], parts to whole minutes.
    pub(crate) fn from_minutes(table: &Table, tier: Tier) -> Plan {
        let source = table.rollup_schema();
        Plan::new(table, &source, tier.seconds().unwrap_or(60), |name| {
            let operation = match suffix_of(table, name) {
                Some((_, "min")) => Operation::Min,
                Some((_, "max")) => Operation::Max,
                Some(_) => Operation::Sum,
                None if name == ROLLUP_SAMPLES => Operation::Sum,
                // Parts of one minute are one minute.
                None if name == ROLLUP_MINUTES && tier == Tier::Minute => Operation::Max,
                None if name == ROLLUP_MINUTES => Operation::Sum,
                None => return None,
            };
            Some((operation, ""))
        })
    }

    fn new(
        table: &Table,
        source: &SchemaRef,
        bucket_seconds: i64,
        special: impl Fn(&str) -> Option<(Operation, &'static str)>,
    ) -> Plan {
        use catalogue::Temporality;
        let schema = table.rollup_schema();
        let index = |name: &str| source.index_of(name).unwrap_or(usize::MAX);
        let steps = schema
            .fields()
            .iter()
            .map(|field| {
                let name = field.name().as_str();
                let (operation, from) = if name == "time" {
                    (Operation::Bucket, "")
                } else if let Some(found) = special(name) {
                    found
                } else {
                    match table.column(name).map(|c| c.temporality) {
                        Some(Temporality::Delta) => (Operation::Sum, ""),
                        _ => (Operation::Last, ""),
                    }
                };
                let source = index(if from.is_empty() { name } else { from });
                Step {
                    operation,
                    source,
                    kind: field.data_type().clone(),
                }
            })
            .collect();
        Plan {
            steps,
            key: table.key.iter().map(|name| index(name)).collect(),
            time: index("time"),
            bucket_usec: bucket_seconds * 1_000_000,
            schema,
        }
    }
}

/// The gauge and the suffix that a rollup column is named by: `load_1m_max` is (`load_1m`, `max`).
fn suffix_of(table: &Table, name: &str) -> Option<(&'static str, &'static str)> {
    ["min", "max", "sum", "count"]
        .into_iter()
        .find_map(|suffix| {
            let stem = name.strip_suffix(suffix)?.strip_suffix('_')?;
            let column = table.column(stem)?;
            (column.temporality == catalogue::Temporality::Gauge && table.column(name).is_none())
                .then_some((column.name, suffix))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rollup_column_of_every_table_has_a_source_and_no_key_is_too_wide() {
        for table in catalogue::ALL.iter().filter(|t| t.has_rollups()) {
            assert!(table.key.len() <= KEY_COLUMNS, "{}", table.name);
            for plan in [Plan::from_raw(table), Plan::from_minutes(table, Tier::Hour)] {
                assert!(
                    plan.key.iter().all(|k| *k != usize::MAX),
                    "{}: a key column is missing",
                    table.name
                );
                for (step, field) in plan.steps.iter().zip(plan.schema.fields()) {
                    let sourceless = matches!(step.operation, Operation::Rows | Operation::One);
                    assert!(
                        sourceless || step.source != usize::MAX,
                        "{}.{} has no source",
                        table.name,
                        field.name()
                    );
                }
            }
        }
    }
}
