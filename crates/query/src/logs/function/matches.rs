//! `regexp_like` for conditions on logs: compiled once for a question, and stopped with it.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow::array::BooleanArray;
use arrow::datatypes::DataType;
use datafusion::common::{DataFusionError, Result, ScalarValue};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility,
};
use regex::Regex;

use super::texts::{Texts, text_types};
use crate::stop::Stop;

/// Whether a regular expression matches somewhere in a text.
///
/// It has the name and the arguments of the built-in function, so that who recognises that one recognises this.
#[derive(Debug)]
pub(crate) struct Matches {
    signature: Signature,
    regex: Regex,
    ignore_case: bool,
    stop: Stop,
}

impl Matches {
    pub(crate) fn new(regex: Regex, ignore_case: bool, stop: Stop) -> Matches {
        Matches {
            signature: Signature::user_defined(Volatility::Immutable),
            regex,
            ignore_case,
            stop,
        }
    }
}

impl PartialEq for Matches {
    fn eq(&self, other: &Self) -> bool {
        self.regex.as_str() == other.regex.as_str() && self.ignore_case == other.ignore_case
    }
}

impl Eq for Matches {}

impl Hash for Matches {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.regex.as_str().hash(state);
        self.ignore_case.hash(state);
    }
}

impl ScalarUDFImpl for Matches {
    fn name(&self) -> &str {
        "regexp_like"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Boolean)
    }

    fn coerce_types(&self, given: &[DataType]) -> Result<Vec<DataType>> {
        text_types(self.name(), given, 2, 3)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let Some(text) = args.args.first() else {
            return Ok(ColumnarValue::Scalar(ScalarValue::Boolean(None)));
        };
        let array = text.to_array(args.number_rows)?;
        let texts = Texts::of(array.as_ref())?;
        let mut found = Vec::with_capacity(texts.len());
        for row in 0..texts.len() {
            // A batch of long lines and a large pattern may take seconds.
            if self.stop.is_set() {
                return Err(DataFusionError::Execution(
                    "nobody waits for the answer".to_owned(),
                ));
            }
            found.push(texts.get(row).map(|text| self.regex.is_match(text)));
        }
        Ok(ColumnarValue::Array(Arc::new(BooleanArray::from(found))))
    }
}
