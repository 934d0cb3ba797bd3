//! `contains_ci(text, 'part')`.

use std::sync::Arc;

use arrow::array::{Array, BooleanArray, StringArray};
use arrow::buffer::{BooleanBuffer, MutableBuffer};
use arrow::datatypes::DataType;
use arrow::util::bit_util;
use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility,
};

use super::caseless::Caseless;
use super::texts::{Texts, constant, text_types};

/// Whether a text has a part, the case of ASCII letters aside.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct ContainsCi {
    signature: Signature,
}

impl Default for ContainsCi {
    fn default() -> Self {
        ContainsCi {
            signature: Signature::user_defined(Volatility::Immutable),
        }
    }
}

impl ScalarUDFImpl for ContainsCi {
    fn name(&self) -> &str {
        "contains_ci"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Boolean)
    }

    fn coerce_types(&self, given: &[DataType]) -> Result<Vec<DataType>> {
        text_types(self.name(), given, 2, 2)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let Some(part) = constant(self.name(), args.args.get(1))? else {
            return Ok(ColumnarValue::Scalar(ScalarValue::Boolean(None)));
        };
        let Some(text) = args.args.first() else {
            return Ok(ColumnarValue::Scalar(ScalarValue::Boolean(None)));
        };
        let array = text.to_array(args.number_rows)?;
        let texts = Texts::of(array.as_ref())?;
        let found = match (Caseless::new(part), texts) {
            (None, texts) => texts.test(|_| true),
            (Some(finder), Texts::Plain(texts)) => rows_with(texts, &finder, |_, _| true),
            (Some(finder), texts) => texts.test(|text| finder.find(text.as_bytes(), 0).is_some()),
        };
        Ok(ColumnarValue::Array(Arc::new(found)))
    }
}

/// The rows in which the finder's part is at a place that `accepts` takes (given the row's text and the place).
///
/// All texts of a column lie one after the other, so they are searched as one, and a row costs nothing unless
/// something is found in it.
pub(super) fn rows_with(
    texts: &StringArray,
    finder: &Caseless,
    accepts: impl Fn(&str, usize) -> bool,
) -> BooleanArray {
    let offsets = texts.value_offsets();
    let bound = |row: usize| {
        offsets
            .get(row)
            .map_or(0, |o| usize::try_from(*o).unwrap_or(0))
    };
    let rows = texts.len();
    let all = texts.value_data();
    let all = all.get(..bound(rows)).unwrap_or_default();
    let mut bits = MutableBuffer::new_null(rows);
    let (mut row, mut at) = (0, bound(0));
    while let Some(start) = finder.find(all, at) {
        while row < rows && bound(row + 1) <= start {
            row += 1;
        }
        if row >= rows {
            break;
        }
        let end = bound(row + 1);
        if start + finder.len() <= end && accepts(texts.value(row), start - bound(row)) {
            bit_util::set_bit(bits.as_slice_mut(), row);
            at = end;
        } else {
            at = start + 1;
        }
    }
    let bits = BooleanBuffer::new(bits.into(), 0, rows);
    BooleanArray::new(bits, texts.nulls().cloned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_found_within_one_row_only() {
        let texts = StringArray::from(vec![
            Some("ab"),
            Some("c abC"),
            None,
            Some(""),
            Some("xABCx"),
            Some("ABC"),
            Some("ab"),
            Some("c"),
        ]);
        let finder = Caseless::new("abc").unwrap();
        for from in 0..texts.len() {
            let slice = texts.slice(from, texts.len() - from);
            let found = rows_with(&slice, &finder, |_, _| true);
            for row in 0..slice.len() {
                let expected = slice
                    .is_valid(row)
                    .then(|| slice.value(row).to_lowercase().contains("abc"));
                let actual = found.is_valid(row).then(|| found.value(row));
                assert_eq!(actual, expected, "row {row} from {from}");
            }
        }
    }
}
