//! Numbers that no row holds, as expressions over the rows of a tier.

use std::hash::Hash;
use std::sync::Arc;

use catalogue::{Derivation, Derived, Table};
use datafusion::arrow::array::{Array, AsArray, Float64Array};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::{Result, ScalarValue, exec_err};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
    ident, lit, when,
};

use crate::names::{self, Lookup, uid_column};

/// The number in a row whose time is `micros`.
pub(crate) fn expression(
    derived: &Derived,
    table: &'static Table,
    lookup: Lookup,
    micros: Expr,
) -> Result<Expr> {
    match derived.from {
        Derivation::Text { column, any } => {
            let column = ident(column);
            let any = any.iter().map(|text| lit(*text)).collect();
            when(column.clone().is_null(), lit(ScalarValue::Float64(None)))
                .when(column.in_list(any, false), lit(1.0))
                .otherwise(lit(0.0))
        }
        Derivation::Labels { column, keys, any } => {
            let function = AnyLabel {
                signature: Signature::any(1, Volatility::Immutable),
                keys,
                any,
            };
            Ok(ScalarUDF::new_from_impl(function).call(vec![ident(column)]))
        }
        Derivation::Request(resource) => {
            let uid = ident(uid_column(table).unwrap_or("pod_uid"));
            let container = table.column("container").map(|c| ident(c.name));
            Ok(names::requests(lookup, resource, uid, container, micros))
        }
        Derivation::NodeRequests(resource) => Ok(names::node_requests(
            lookup,
            resource,
            ident("cluster"),
            ident("node"),
            micros,
        )),
    }
}

/// What labels say: 1, 0, or nothing.
pub(crate) fn of_labels<'a>(
    entries: impl IntoIterator<Item = (&'a str, &'a str)>,
    keys: &[&str],
    any: &[&str],
) -> Option<f64> {
    let mut found = None;
    for (key, value) in entries {
        if keys.is_empty() || keys.contains(&key) {
            if any.contains(&value) {
                return Some(1.0);
            }
            found = Some(0.0);
        }
    }
    found
}

/// Whether labels have one of some values at one of some keys.
#[derive(Debug, PartialEq, Eq, Hash)]
struct AnyLabel {
    signature: Signature,
    keys: &'static [&'static str],
    any: &'static [&'static str],
}

impl ScalarUDFImpl for AnyLabel {
    fn name(&self) -> &str {
        "any_label"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Float64)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let Some(labels) = args.args.first() else {
            return exec_err!("any_label takes labels");
        };
        let labels = labels.to_array(args.number_rows)?;
        let Some(labels) = labels.as_map_opt() else {
            return exec_err!("labels are a map");
        };
        let (Some(keys), Some(values)) = (
            labels.keys().as_string_opt::<i32>(),
            labels.values().as_string_opt::<i32>(),
        ) else {
            return exec_err!("labels are texts");
        };
        let offsets = labels.value_offsets();
        let value = |row: usize| {
            if labels.is_null(row) {
                return None;
            }
            let (from, to) = (*offsets.get(row)?, *offsets.get(row + 1)?);
            let entries = (usize::try_from(from).ok()?..usize::try_from(to).ok()?).map(|at| {
                let text = values.is_valid(at).then(|| values.value(at));
                (keys.value(at), text.unwrap_or_default())
            });
            of_labels(entries, self.keys, self.any)
        };
        let found: Float64Array = (0..labels.len()).map(value).collect();
        Ok(ColumnarValue::Array(Arc::new(found)))
    }
}
