//! Columns of text, whatever way they are held.

use arrow::array::{Array, AsArray, BooleanArray, StringArray, StringViewArray};
use arrow::buffer::BooleanBuffer;
use arrow::datatypes::DataType;
use datafusion::common::{Result, ScalarValue, exec_err};
use datafusion::logical_expr::ColumnarValue;

/// A column of text.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Texts<'a> {
    Plain(&'a StringArray),
    View(&'a StringViewArray),
}

impl<'a> Texts<'a> {
    pub(crate) fn of(array: &'a dyn Array) -> Result<Texts<'a>> {
        match array.data_type() {
            DataType::Utf8 => Ok(Texts::Plain(array.as_string())),
            DataType::Utf8View => Ok(Texts::View(array.as_string_view())),
            other => exec_err!("text was expected, not {other}"),
        }
    }

    pub(crate) fn len(&self) -> usize {
        match self {
            Texts::Plain(texts) => texts.len(),
            Texts::View(texts) => texts.len(),
        }
    }

    pub(crate) fn get(&self, row: usize) -> Option<&'a str> {
        match self {
            Texts::Plain(texts) => texts.is_valid(row).then(|| texts.value(row)),
            Texts::View(texts) => texts.is_valid(row).then(|| texts.value(row)),
        }
    }

    /// What a test says of each text; null of a null.
    pub(crate) fn test(&self, test: impl Fn(&str) -> bool) -> BooleanArray {
        let bits = BooleanBuffer::collect_bool(self.len(), |row| self.get(row).is_some_and(&test));
        let nulls = match self {
            Texts::Plain(texts) => texts.nulls(),
            Texts::View(texts) => texts.nulls(),
        };
        BooleanArray::new(bits, nulls.cloned())
    }
}

/// The types that a function over texts has its arguments converted to.
pub(crate) fn text_types(
    name: &str,
    given: &[DataType],
    least: usize,
    most: usize,
) -> Result<Vec<DataType>> {
    if !(least..=most).contains(&given.len()) {
        return exec_err!("{name} takes {least} arguments, not {}", given.len());
    }
    Ok(given
        .iter()
        .map(|kind| match kind {
            DataType::Utf8View => DataType::Utf8View,
            _ => DataType::Utf8,
        })
        .collect())
}

/// The text of an argument that is the same for every row: `Ok(None)` for null.
pub(crate) fn constant<'a>(
    name: &str,
    argument: Option<&'a ColumnarValue>,
) -> Result<Option<&'a str>> {
    match argument {
        Some(ColumnarValue::Scalar(ScalarValue::Utf8(text) | ScalarValue::Utf8View(text))) => {
            Ok(text.as_deref())
        }
        _ => exec_err!("the second argument of {name} must be a constant text"),
    }
}
