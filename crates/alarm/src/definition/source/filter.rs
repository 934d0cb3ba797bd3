//! Which rows, by the values of their columns.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// A condition for each column; all of them hold.
pub type Filters = BTreeMap<String, Filter>;

/// A condition on a column, as metric queries have it: one of the values, or with `not` none of them. A `*` in a value is
/// any number of characters; `None` (`null`) is a row without a value.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// Whether the values are those that are left out.
    pub not: bool,
    /// At least one value.
    pub values: Vec<Option<String>>,
}

impl Filter {
    /// As it is written: a value, a list of values, or `{"not": …}`.
    pub fn to_json(&self) -> Value {
        let values = match self.values.as_slice() {
            [one] => json!(one),
            several => json!(several),
        };
        match self.not {
            true => json!({"not": values}),
            false => values,
        }
    }
}
