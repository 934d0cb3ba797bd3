//! Adding rows into buckets, column by column.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, DictionaryArray, Float64Array, Int32Array, Int64Array,
    RecordBatch, TimestampMicrosecondArray, new_null_array,
};
use arrow::buffer::NullBuffer;
use arrow::compute::take;
use arrow::datatypes::{DataType, Float64Type, Int32Type, Int64Type, TimestampMicrosecondType};
use arrow::error::ArrowError;
use hashbrown::HashMap;

use super::intern::{Interner, NULL};
use super::label_sets::LabelSets;
use super::plan::{KEY_COLUMNS, Operation, Plan};

/// The running values of one result column, one for each group.
#[derive(Debug)]
enum State {
    /// Integers and times.
    Integer {
        values: Vec<i64>,
        valid: Vec<bool>,
    },
    Float {
        values: Vec<f64>,
        valid: Vec<bool>,
    },
    Boolean {
        values: Vec<bool>,
        valid: Vec<bool>,
    },
    /// Codes of the source column's interner.
    Text {
        codes: Vec<i32>,
    },
    /// Codes of the source column's sets.
    Labels {
        codes: Vec<i32>,
    },
    /// The bucket's start: the same for every group of a bucket, kept per group.
    Bucket,
    /// A type that a rollup does not carry.
    Nothing,
}

/// Rollup rows in the making: of one bucket, or of several with the bucket as part of the key.
#[derive(Debug)]
pub(crate) struct Accumulator {
    plan: Arc<Plan>,
    interners: Vec<Option<Interner>>,
    /// By the source column's index.
    label_sets: BTreeMap<usize, LabelSets>,
    index: HashMap<([i32; KEY_COLUMNS], i64), u32, foldhash::fast::RandomState>,
    buckets: Vec<i64>,
    states: Vec<State>,
}

impl Accumulator {
    pub(crate) fn new(plan: Arc<Plan>) -> Accumulator {
        let states = plan
            .steps
            .iter()
            .map(|step| match (&step.operation, &step.kind) {
                (Operation::Bucket, _) => State::Bucket,
                (_, DataType::Int64 | DataType::Timestamp(_, _)) => State::Integer {
                    values: Vec::new(),
                    valid: Vec::new(),
                },
                (_, DataType::Float64) => State::Float {
                    values: Vec::new(),
                    valid: Vec::new(),
                },
                (_, DataType::Boolean) => State::Boolean {
                    values: Vec::new(),
                    valid: Vec::new(),
                },
                (_, DataType::Dictionary(_, _) | DataType::Utf8) => {
                    State::Text { codes: Vec::new() }
                }
                (_, DataType::Map(_, _)) => State::Labels { codes: Vec::new() },
                _ => State::Nothing,
            })
            .collect();
        let columns = plan
            .steps
            .iter()
            .map(|s| s.source)
            .chain(plan.key.iter().copied());
        let width = columns
            .filter(|c| *c != usize::MAX)
            .max()
            .map_or(0, |c| c + 1);
        let mut interners: Vec<Option<Interner>> = (0..width).map(|_| None).collect();
        for step in &plan.steps {
            if matches!(step.kind, DataType::Dictionary(_, _) | DataType::Utf8)
                && step.source < width
            {
                interners[step.source] = Some(Interner::default());
            }
        }
        let of_labels = plan
            .steps
            .iter()
            .filter(|step| matches!(step.kind, DataType::Map(_, _)) && step.source != usize::MAX);
        let label_sets = of_labels
            .map(|step| (step.source, LabelSets::default()))
            .collect();
        Accumulator {
            plan,
            interners,
            label_sets,
            index: HashMap::default(),
            buckets: Vec::new(),
            states,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.buckets.is_empty()
    }

    pub(crate) fn groups(&self) -> usize {
        self.buckets.len()
    }

    /// Adds the rows of a batch for which `wanted` holds (all when it is `None`); the batch has the plan's source
    /// schema.
    pub(crate) fn add(&mut self, batch: &RecordBatch, wanted: Option<&[bool]>) {
        let codes: Vec<Option<Vec<i32>>> = self
            .interners
            .iter_mut()
            .enumerate()
            .map(|(column, interner)| interner.as_mut().map(|i| i.codes(batch.column(column))))
            .collect();
        let Some(times) = batch
            .column(self.plan.time)
            .as_primitive_opt::<TimestampMicrosecondType>()
        else {
            return;
        };
        let bucket = self.plan.bucket_usec;
        let mut groups = Vec::with_capacity(batch.num_rows());
        for row in 0..batch.num_rows() {
            if wanted.is_some_and(|w| !w[row]) {
                groups.push(u32::MAX);
                continue;
            }
            let mut key = [NULL; KEY_COLUMNS];
            for (part, column) in key.iter_mut().zip(&self.plan.key) {
                *part = codes[*column].as_ref().map_or(NULL, |c| c[row]);
            }
            let start = times.value(row).div_euclid(bucket) * bucket;
            let next = self.buckets.len() as u32;
            let group = *self.index.entry((key, start)).or_insert(next);
            if group == next {
                self.buckets.push(start);
            }
            groups.push(group);
        }
        let count = self.buckets.len();
        for (step, state) in self.plan.steps.iter().zip(&mut self.states) {
            let column = batch.columns().get(step.source);
            match state {
                State::Integer { values, valid } => {
                    values.resize(count, 0);
                    valid.resize(count, false);
                    add_integers(step.operation, column, &groups, values, valid);
                }
                State::Float { values, valid } => {
                    values.resize(count, 0.0);
                    valid.resize(count, false);
                    let Some(source) = column.and_then(|c| c.as_primitive_opt::<Float64Type>())
                    else {
                        continue;
                    };
                    combine(
                        step.operation,
                        source.values(),
                        source.nulls(),
                        &groups,
                        values,
                        valid,
                    );
                }
                State::Boolean { values, valid } => {
                    values.resize(count, false);
                    valid.resize(count, false);
                    let Some(source) = column.and_then(|c| c.as_boolean_opt()) else {
                        continue;
                    };
                    for (row, group) in
                        wanted_rows(&groups).filter(|(row, _)| source.is_valid(*row))
                    {
                        values[group] = source.value(row);
                        valid[group] = true;
                    }
                }
                State::Text { codes: last } => {
                    last.resize(count, NULL);
                    let Some(source) = codes.get(step.source).and_then(Option::as_ref) else {
                        continue;
                    };
                    for (row, group) in wanted_rows(&groups).filter(|(row, _)| source[*row] != NULL)
                    {
                        last[group] = source[row];
                    }
                }
                State::Labels { codes: last } => {
                    last.resize(count, NULL);
                    let sets = self.label_sets.get_mut(&step.source);
                    let Some((sets, column)) = sets.zip(column) else {
                        continue;
                    };
                    let codes = sets.codes(column);
                    for (row, group) in wanted_rows(&groups).filter(|(row, _)| codes[*row] != NULL)
                    {
                        last[group] = codes[row];
                    }
                }
                State::Bucket | State::Nothing => {}
            }
        }
    }

    /// The rows so far, only the columns of `projection` when one is given.
    pub(crate) fn rows(&self, projection: Option<&[usize]>) -> Result<RecordBatch, ArrowError> {
        let all: Vec<usize> = (0..self.states.len()).collect();
        let projection = projection.unwrap_or(&all);
        let columns = projection
            .iter()
            .map(|c| self.column(*c))
            .collect::<Result<Vec<_>, _>>()?;
        let options = arrow::array::RecordBatchOptions::new().with_row_count(Some(self.groups()));
        RecordBatch::try_new_with_options(
            Arc::new(self.plan.schema.project(projection)?),
            columns,
            &options,
        )
    }

    fn column(&self, column: usize) -> Result<ArrayRef, ArrowError> {
        let step = &self.plan.steps[column];
        let nulls = |valid: &[bool]| Some(NullBuffer::from(valid)).filter(|n| n.null_count() > 0);
        Ok(match &self.states[column] {
            State::Bucket => {
                Arc::new(TimestampMicrosecondArray::from(self.buckets.clone()).with_timezone("UTC"))
            }
            State::Integer { values, valid } => {
                let integers = Int64Array::new(values.clone().into(), nulls(valid));
                match &step.kind {
                    DataType::Int64 => Arc::new(integers),
                    other => arrow::compute::cast(&integers, other)?,
                }
            }
            State::Float { values, valid } => {
                Arc::new(Float64Array::new(values.clone().into(), nulls(valid)))
            }
            State::Boolean { values, valid } => Arc::new(BooleanArray::new(
                values.iter().copied().collect(),
                nulls(valid),
            )),
            State::Text { codes } => {
                let keys: Int32Array = codes.iter().map(|c| (*c != NULL).then_some(*c)).collect();
                let values = self.interners[step.source].as_ref().map(Interner::values);
                let values = values.unwrap_or_else(|| new_null_array(&DataType::Utf8, 0));
                match &step.kind {
                    DataType::Utf8 => take(&values, &keys, None)?,
                    _ => Arc::new(DictionaryArray::<Int32Type>::try_new(keys, values)?),
                }
            }
            State::Labels { codes } => match self.label_sets.get(&step.source) {
                Some(sets) => sets.column(codes, &step.kind)?,
                None => new_null_array(&step.kind, self.groups()),
            },
            State::Nothing => new_null_array(&step.kind, self.groups()),
        })
    }
}

fn wanted_rows(groups: &[u32]) -> impl Iterator<Item = (usize, usize)> {
    groups
        .iter()
        .enumerate()
        .filter(|(_, g)| **g != u32::MAX)
        .map(|(row, g)| (row, *g as usize))
}

fn add_integers(
    operation: Operation,
    column: Option<&ArrayRef>,
    groups: &[u32],
    values: &mut [i64],
    valid: &mut [bool],
) {
    match operation {
        Operation::Rows => wanted_rows(groups).for_each(|(_, g)| {
            values[g] += 1;
            valid[g] = true;
        }),
        Operation::One => wanted_rows(groups).for_each(|(_, g)| {
            values[g] = 1;
            valid[g] = true;
        }),
        Operation::Count => {
            let Some(column) = column else { return };
            wanted_rows(groups).for_each(|(row, g)| {
                values[g] += i64::from(column.is_valid(row));
                valid[g] = true;
            });
        }
        _ => {
            if let Some(source) = column.and_then(|c| c.as_primitive_opt::<Int64Type>()) {
                combine(
                    operation,
                    source.values(),
                    source.nulls(),
                    groups,
                    values,
                    valid,
                );
            } else if let Some(source) =
                column.and_then(|c| c.as_primitive_opt::<TimestampMicrosecondType>())
            {
                combine(
                    operation,
                    source.values(),
                    source.nulls(),
                    groups,
                    values,
                    valid,
                );
            }
        }
    }
}

/// A number that can be summed without a panic: what overflows stays at the largest.
trait Number: Copy + PartialOrd {
    fn plus(self, other: Self) -> Self;
}

impl Number for i64 {
    fn plus(self, other: i64) -> i64 {
        self.saturating_add(other)
    }
}

impl Number for f64 {
    fn plus(self, other: f64) -> f64 {
        self + other
    }
}

fn combine<N: Number>(
    operation: Operation,
    source: &[N],
    nulls: Option<&NullBuffer>,
    groups: &[u32],
    values: &mut [N],
    valid: &mut [bool],
) {
    let rows = wanted_rows(groups).filter(|(row, _)| nulls.is_none_or(|n| n.is_valid(*row)));
    for (row, group) in rows {
        let (new, old) = (source[row], values[group]);
        values[group] = match operation {
            _ if !valid[group] => new,
            Operation::Sum => old.plus(new),
            Operation::Min if new < old => new,
            Operation::Max if new > old => new,
            Operation::Min | Operation::Max => old,
            _ => new,
        };
        valid[group] = true;
    }
}
