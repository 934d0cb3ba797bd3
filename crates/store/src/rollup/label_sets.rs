//! Sets of labels as small numbers.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, MapArray, StringBuilder, StructArray};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::datatypes::DataType;
use arrow::error::ArrowError;
use hashbrown::HashMap;

use super::intern::NULL;

/// A label and its value, which may be null.
type Pair = (Box<str>, Option<Box<str>>);

/// Gives each distinct set of labels of a column a code: 0, 1, 2, …
#[derive(Debug, Default)]
pub(crate) struct LabelSets {
    codes: HashMap<Box<[u8]>, i32, foldhash::fast::RandomState>,
    sets: Vec<Vec<Pair>>,
    /// The set under inspection, as bytes; kept for its capacity.
    bytes: Vec<u8>,
}

impl LabelSets {
    /// The codes of a column's rows, [`NULL`] for nulls and for columns that hold no labels.
    pub(crate) fn codes(&mut self, column: &ArrayRef) -> Vec<i32> {
        let nothing = || vec![NULL; column.len()];
        let Some(map) = column.as_map_opt() else {
            return nothing();
        };
        let (Some(keys), Some(values)) = (
            map.keys().as_string_opt::<i32>(),
            map.values().as_string_opt::<i32>(),
        ) else {
            return nothing();
        };
        let offsets = map.value_offsets();
        (0..map.len())
            .map(|row| {
                if map.is_null(row) {
                    return NULL;
                }
                let pairs = offsets[row] as usize..offsets[row + 1] as usize;
                let value = |at: usize| values.is_valid(at).then(|| values.value(at));
                self.bytes.clear();
                for at in pairs.clone() {
                    put(&mut self.bytes, Some(keys.value(at)));
                    put(&mut self.bytes, value(at));
                }
                if let Some(code) = self.codes.get(self.bytes.as_slice()) {
                    return *code;
                }
                let code = self.sets.len() as i32;
                self.codes.insert(self.bytes.as_slice().into(), code);
                let pair = |at: usize| (keys.value(at).into(), value(at).map(Into::into));
                self.sets.push(pairs.map(pair).collect());
                code
            })
            .collect()
    }

    /// The sets of these codes as a column of that type.
    pub(crate) fn column(&self, codes: &[i32], kind: &DataType) -> Result<ArrayRef, ArrowError> {
        let DataType::Map(entry, sorted) = kind else {
            let message = format!("labels are not of type {kind}");
            return Err(ArrowError::SchemaError(message));
        };
        let DataType::Struct(fields) = entry.data_type() else {
            let message = format!("labels are not of type {kind}");
            return Err(ArrowError::SchemaError(message));
        };
        let set = |code: i32| {
            usize::try_from(code)
                .ok()
                .and_then(|code| self.sets.get(code))
        };
        let (mut keys, mut values) = (StringBuilder::new(), StringBuilder::new());
        for (key, value) in codes.iter().filter_map(|code| set(*code)).flatten() {
            keys.append_value(key);
            values.append_option(value.as_deref());
        }
        let lengths = codes.iter().map(|code| set(*code).map_or(0, Vec::len));
        let entries = StructArray::try_new(
            fields.clone(),
            vec![Arc::new(keys.finish()), Arc::new(values.finish())],
            None,
        )?;
        let is_set: Vec<bool> = codes.iter().map(|code| set(*code).is_some()).collect();
        let nulls = Some(NullBuffer::from(is_set)).filter(|nulls| nulls.null_count() > 0);
        let offsets = OffsetBuffer::from_lengths(lengths);
        let map = MapArray::try_new(Arc::clone(entry), offsets, entries, nulls, *sorted)?;
        Ok(Arc::new(map))
    }
}

/// A text with its length, so that no two sets have the same bytes.
fn put(bytes: &mut Vec<u8>, text: Option<&str>) {
    let length = text.map_or(u64::MAX, |text| text.len() as u64);
    bytes.extend_from_slice(&length.to_le_bytes());
    bytes.extend_from_slice(text.unwrap_or_default().as_bytes());
}

#[cfg(test)]
mod tests {
    use arrow::array::{MapBuilder, RecordBatch, TimestampMicrosecondArray, new_null_array};
    use catalogue::{ColumnType, Tier};

    use super::*;
    use crate::rollup::{Accumulator, Plan};

    /// The labels of a row; `None` for null.
    type Set<'a> = Option<&'a [(&'a str, Option<&'a str>)]>;

    fn of_type(rows: &[Set<'_>], kind: &DataType) -> ArrayRef {
        let mut sets = LabelSets::default();
        let codes = sets.codes(&column(rows));
        sets.column(&codes, kind).unwrap()
    }

    fn column(rows: &[Set<'_>]) -> ArrayRef {
        let mut builder = MapBuilder::new(None, StringBuilder::new(), StringBuilder::new());
        for row in rows {
            for (key, value) in row.unwrap_or_default() {
                builder.keys().append_value(key);
                builder.values().append_option(*value);
            }
            builder.append(row.is_some()).unwrap();
        }
        Arc::new(builder.finish())
    }

    #[test]
    fn the_last_labels_of_a_minute_are_the_minutes() {
        let table = &catalogue::tables::OBJECT;
        let schema = table.schema();
        let conditions: [Set<'_>; 3] = [
            Some(&[("Ready", Some("False"))]),
            Some(&[("Ready", Some("True"))]),
            None,
        ];
        let columns = schema
            .fields()
            .iter()
            .map(|field| match field.name().as_str() {
                "time" => Arc::new(
                    TimestampMicrosecondArray::from(vec![10_000_000, 20_000_000, 30_000_000])
                        .with_timezone("UTC"),
                ) as ArrayRef,
                "conditions" => of_type(&conditions, field.data_type()),
                _ => new_null_array(field.data_type(), 3),
            });
        let batch = RecordBatch::try_new(Arc::clone(&schema), columns.collect()).unwrap();
        let mut minutes = Accumulator::new(Arc::new(Plan::from_raw(table)));
        minutes.add(&batch, None);
        let rows = minutes.rows(None).unwrap();
        assert_eq!(rows.num_rows(), 1);
        let mut hours = Accumulator::new(Arc::new(Plan::from_minutes(table, Tier::Hour)));
        hours.add(&rows, None);
        for rows in [rows, hours.rows(None).unwrap()] {
            let map = rows.column_by_name("conditions").unwrap().as_map();
            assert_eq!(
                map.values().as_string::<i32>().iter().collect::<Vec<_>>(),
                [Some("True")]
            );
        }
    }

    #[test]
    fn sets_come_back_as_they_were() {
        let rows: [Set<'_>; 6] = [
            Some(&[("a", Some("1")), ("b", Some(""))]),
            None,
            Some(&[]),
            Some(&[("a", Some("1")), ("b", None)]),
            Some(&[("a", Some("1")), ("b", Some(""))]),
            Some(&[("a1", Some("")), ("b", None)]),
        ];
        let mut sets = LabelSets::default();
        // A part of a column, whose labels do not begin at 0.
        let codes = sets.codes(&column(&rows).slice(1, 5));
        assert_eq!(codes, [NULL, 0, 1, 2, 3]);
        assert_eq!(sets.codes(&column(&rows)), [2, NULL, 0, 1, 2, 3]);
        let kind = ColumnType::Labels.arrow();
        let back = sets.column(&codes, &kind).unwrap();
        assert_eq!(back.data_type(), &kind);
        assert_eq!(sets.codes(&back), codes);
        assert_eq!(back.null_count(), 1);
        assert_eq!(sets.column(&[], &kind).unwrap().len(), 0);
    }
}
