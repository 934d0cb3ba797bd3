//! Turning the types that senders use into the catalogue's, without loss.

use std::sync::Arc;

use arrow_array::builder::{StringBuilder, StringDictionaryBuilder};
use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{
    Array, ArrayRef, DictionaryArray, Int32Array, MapArray, PrimitiveArray, StringArray,
    StructArray, new_null_array,
};
use arrow_buffer::NullBuffer;
use arrow_schema::{ArrowError, DataType, TimeUnit};
use catalogue::ColumnType;

/// How a column is turned into the catalogue's type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cast {
    /// It has the type already.
    Same,
    /// All null.
    Nulls(ColumnType),
    /// To `Dictionary(Int32, Utf8)`.
    Text,
    /// To `Utf8`.
    LongText,
    /// To `Int64`.
    Integer,
    /// To `Float64`.
    Float,
    /// To microseconds, UTC.
    Time,
    /// To the catalogue's map.
    Labels,
}

/// Why a value is not turned into another type.
#[derive(Debug)]
pub(super) enum Fault {
    /// It does not fit.
    Range {
        /// Its row in the array.
        row: usize,
        /// The value.
        value: String,
    },
    /// Arrow refuses the result.
    Arrow(ArrowError),
}

impl From<ArrowError> for Fault {
    fn from(error: ArrowError) -> Fault {
        Fault::Arrow(error)
    }
}

impl Cast {
    /// The cast from an Arrow type to a column's, if there is one.
    pub(super) fn between(from: &DataType, to: ColumnType) -> Option<Cast> {
        if *from == DataType::Null {
            return Some(Cast::Nulls(to));
        }
        match to {
            // A dictionary of the right type may still hold a null among its values, so it is looked at.
            ColumnType::Text => is_text(from).then_some(Cast::Text),
            _ if *from == to.arrow() => Some(Cast::Same),
            ColumnType::LongText => is_text(from).then_some(Cast::LongText),
            ColumnType::Integer => from.is_integer().then_some(Cast::Integer),
            ColumnType::Float => (*from == DataType::Float32).then_some(Cast::Float),
            ColumnType::Boolean => None,
            // An Arrow timestamp with a zone counts from 1970 in UTC whatever the zone; one without is taken as UTC.
            ColumnType::Time => matches!(from, DataType::Timestamp(..)).then_some(Cast::Time),
            ColumnType::Labels => is_labels(from).then_some(Cast::Labels),
        }
    }

    /// The array in the catalogue's type.
    pub(super) fn apply(self, array: &ArrayRef) -> Result<ArrayRef, Fault> {
        match self {
            Cast::Same => Ok(Arc::clone(array)),
            Cast::Nulls(kind) => Ok(new_null_array(&kind.arrow(), array.len())),
            Cast::Text => to_text(array),
            Cast::LongText => Ok(Arc::new(to_utf8(array)?)),
            Cast::Integer => to_integer(array),
            Cast::Float => Ok(Arc::new(
                array
                    .as_primitive::<Float32Type>()
                    .unary::<_, Float64Type>(f64::from),
            )),
            Cast::Time => to_time(array),
            Cast::Labels => to_labels(array),
        }
    }
}

fn is_string(t: &DataType) -> bool {
    matches!(t, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
}

fn is_text(t: &DataType) -> bool {
    match t {
        DataType::Dictionary(_, value) => is_string(value),
        t => is_string(t),
    }
}

fn is_labels(t: &DataType) -> bool {
    let DataType::Map(entries, _) = t else {
        return false;
    };
    let DataType::Struct(fields) = entries.data_type() else {
        return false;
    };
    fields.len() == 2 && fields.iter().all(|f| is_text(f.data_type()))
}

/// The strings of a plain string array of any layout.
fn strings(array: &dyn Array) -> Box<dyn Iterator<Item = Option<&str>> + '_> {
    match array.data_type() {
        DataType::LargeUtf8 => Box::new(array.as_string::<i64>().iter()),
        DataType::Utf8View => Box::new(array.as_string_view().iter()),
        _ => Box::new(array.as_string::<i32>().iter()),
    }
}

fn to_text(array: &ArrayRef) -> Result<ArrayRef, Fault> {
    if let Some(dictionary) = array.as_any_dictionary_opt() {
        let values = dictionary.values();
        if *array.data_type() == ColumnType::Text.arrow() && values.null_count() == 0 {
            return Ok(Arc::clone(array));
        }
        let values = to_utf8(values)?;
        if i32::try_from(values.len()).is_err() {
            return Err(too_long());
        }
        let nulls = array.logical_nulls();
        let keys = keys(array, nulls.clone());
        let values = StringArray::new(values.offsets().clone(), values.values().clone(), None);
        return Ok(Arc::new(DictionaryArray::<Int32Type>::try_new(
            keys,
            Arc::new(values),
        )?));
    }
    let mut builder = StringDictionaryBuilder::<Int32Type>::new();
    for string in strings(array) {
        match string {
            Some(string) => {
                builder.append(string)?;
            }
            None => builder.append_null(),
        }
    }
    Ok(Arc::new(builder.finish()))
}

/// The keys of a dictionary array as 32-bit ones, null where `nulls` says; the caller has checked that they fit.
fn keys(array: &ArrayRef, nulls: Option<NullBuffer>) -> Int32Array {
    let dictionary = array.as_any_dictionary();
    if dictionary.values().is_empty() {
        return Int32Array::new_null(array.len());
    }
    let keys = dictionary.normalized_keys().into_iter().map(|k| k as i32);
    Int32Array::new(keys.collect::<Vec<_>>().into(), nulls)
}

fn to_utf8(array: &ArrayRef) -> Result<StringArray, Fault> {
    let mut builder = StringBuilder::with_capacity(array.len(), 0);
    let mut bytes = 0usize;
    let mut append = |string: Option<&str>| {
        bytes += string.map_or(0, str::len);
        if i32::try_from(bytes).is_err() {
            return Err(too_long());
        }
        builder.append_option(string);
        Ok(())
    };
    if let Some(dictionary) = array.as_any_dictionary_opt() {
        let values = dictionary.values();
        let strings: Vec<Option<&str>> = strings(values).collect();
        for key in keys(array, array.logical_nulls()).iter() {
            append(key.and_then(|k| strings.get(k as usize).copied().flatten()))?;
        }
    } else if *array.data_type() == DataType::Utf8 {
        return Ok(array.as_string::<i32>().clone());
    } else {
        for string in strings(array) {
            append(string)?;
        }
    }
    Ok(builder.finish())
}

fn too_long() -> Fault {
    Fault::Range {
        row: 0,
        value: "more than 2 GiB of text".to_owned(),
    }
}

fn to_integer(array: &ArrayRef) -> Result<ArrayRef, Fault> {
    fn widen<T: ArrowPrimitiveType<Native: Into<i64>>>(array: &ArrayRef) -> ArrayRef {
        Arc::new(array.as_primitive::<T>().unary::<_, Int64Type>(Into::into))
    }
    Ok(match array.data_type() {
        DataType::Int8 => widen::<Int8Type>(array),
        DataType::Int16 => widen::<Int16Type>(array),
        DataType::Int32 => widen::<Int32Type>(array),
        DataType::UInt8 => widen::<UInt8Type>(array),
        DataType::UInt16 => widen::<UInt16Type>(array),
        DataType::UInt32 => widen::<UInt32Type>(array),
        DataType::UInt64 => {
            let array = array.as_primitive::<UInt64Type>();
            checked::<UInt64Type, Int64Type>(array, |v| i64::try_from(v).ok())?
        }
        _ => Arc::clone(array),
    })
}

fn to_time(array: &ArrayRef) -> Result<ArrayRef, Fault> {
    let array = match array.data_type() {
        DataType::Timestamp(TimeUnit::Second, _) => checked::<_, TimestampMicrosecondType>(
            array.as_primitive::<TimestampSecondType>(),
            |v| v.checked_mul(1_000_000),
        )?,
        DataType::Timestamp(TimeUnit::Millisecond, _) => checked::<_, TimestampMicrosecondType>(
            array.as_primitive::<TimestampMillisecondType>(),
            |v| v.checked_mul(1_000),
        )?,
        DataType::Timestamp(TimeUnit::Nanosecond, _) => checked::<_, TimestampMicrosecondType>(
            array.as_primitive::<TimestampNanosecondType>(),
            |v| Some(v.div_euclid(1_000)),
        )?,
        _ => Arc::clone(array),
    };
    let array = array.as_primitive::<TimestampMicrosecondType>().clone();
    Ok(Arc::new(array.with_timezone("UTC")))
}

/// Each value through `convert`, which answers `None` for one that does not fit.
fn checked<F: ArrowPrimitiveType, T: ArrowPrimitiveType>(
    array: &PrimitiveArray<F>,
    convert: impl Fn(F::Native) -> Option<T::Native>,
) -> Result<ArrayRef, Fault>
where
    F::Native: std::fmt::Debug,
{
    let mut values = Vec::with_capacity(array.len());
    for (row, value) in array.values().iter().enumerate() {
        values.push(match convert(*value) {
            Some(value) => value,
            // What lies under a null is no value.
            None if array.is_null(row) => T::Native::default(),
            None => {
                return Err(Fault::Range {
                    row,
                    value: format!("{value:?}"),
                });
            }
        });
    }
    Ok(Arc::new(PrimitiveArray::<T>::new(
        values.into(),
        array.nulls().cloned(),
    )))
}

/// A map with the catalogue's names for entries, keys and values, which senders choose differently.
fn to_labels(array: &ArrayRef) -> Result<ArrayRef, Fault> {
    let map = array.as_map();
    let DataType::Map(entries_field, _) = ColumnType::Labels.arrow() else {
        return Err(Fault::Arrow(ArrowError::SchemaError(
            "labels are not a map".to_owned(),
        )));
    };
    let DataType::Struct(fields) = entries_field.data_type() else {
        return Err(Fault::Arrow(ArrowError::SchemaError(
            "the entries of labels are not a struct".to_owned(),
        )));
    };
    let columns: Vec<ArrayRef> = vec![
        Arc::new(to_utf8(map.keys())?),
        Arc::new(to_utf8(map.values())?),
    ];
    let entries = StructArray::try_new(fields.clone(), columns, None)?;
    let labels = MapArray::try_new(
        entries_field,
        map.offsets().clone(),
        entries,
        map.nulls().cloned(),
        false,
    )?;
    Ok(Arc::new(labels))
}
