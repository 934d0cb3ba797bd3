//! `json_text(text, 'path')` and `json_number(text, 'path')`.

use std::sync::Arc;

use arrow::array::{Float64Array, StringBuilder};
use arrow::datatypes::DataType;
use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility,
};

use super::json::JsonPath;
use super::texts::{Texts, constant, text_types};

/// The value at a path as text.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct JsonText {
    signature: Signature,
}

impl Default for JsonText {
    fn default() -> Self {
        JsonText {
            signature: Signature::user_defined(Volatility::Immutable),
        }
    }
}

impl ScalarUDFImpl for JsonText {
    fn name(&self) -> &str {
        "json_text"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8)
    }

    fn coerce_types(&self, given: &[DataType]) -> Result<Vec<DataType>> {
        text_types(self.name(), given, 2, 2)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let path = constant(self.name(), args.args.get(1))?;
        let (Some(path), Some(text)) = (path, args.args.first()) else {
            return Ok(ColumnarValue::Scalar(ScalarValue::Utf8(None)));
        };
        let path = JsonPath::new(path);
        let array = text.to_array(args.number_rows)?;
        let texts = Texts::of(array.as_ref())?;
        let mut values = StringBuilder::new();
        for row in 0..texts.len() {
            values.append_option(texts.get(row).and_then(|text| path.text(text)));
        }
        Ok(ColumnarValue::Array(Arc::new(values.finish())))
    }
}

/// The value at a path as a number.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct JsonNumber {
    signature: Signature,
}

impl Default for JsonNumber {
    fn default() -> Self {
        JsonNumber {
            signature: Signature::user_defined(Volatility::Immutable),
        }
    }
}

impl ScalarUDFImpl for JsonNumber {
    fn name(&self) -> &str {
        "json_number"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Float64)
    }

    fn coerce_types(&self, given: &[DataType]) -> Result<Vec<DataType>> {
        text_types(self.name(), given, 2, 2)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let path = constant(self.name(), args.args.get(1))?;
        let (Some(path), Some(text)) = (path, args.args.first()) else {
            return Ok(ColumnarValue::Scalar(ScalarValue::Float64(None)));
        };
        let path = JsonPath::new(path);
        let array = text.to_array(args.number_rows)?;
        let texts = Texts::of(array.as_ref())?;
        let values: Float64Array = (0..texts.len())
            .map(|row| texts.get(row).and_then(|text| path.number(text)))
            .collect();
        Ok(ColumnarValue::Array(Arc::new(values)))
    }
}
