//! What pods, containers and the pods of nodes request, as functions for plans.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow::array::AsArray;
use arrow::array::Float64Array;
use arrow::datatypes::{DataType, Int64Type};
use catalogue::Resource;
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

use super::facts::Requests;
use super::function::{Lookup, Uids};

/// What the pod of a row requests, or its container when one is given.
pub(crate) fn requests(
    lookup: Lookup,
    resource: Resource,
    uid: Expr,
    container: Option<Expr>,
    time: Expr,
) -> Expr {
    let (whose, mut arguments) = match container {
        Some(container) => (Whose::Container, vec![uid, container]),
        None => (Whose::Pod, vec![uid]),
    };
    arguments.push(time);
    call(lookup, resource, whose, arguments)
}

/// What the pods of a row's node request together.
pub(crate) fn node_requests(
    lookup: Lookup,
    resource: Resource,
    cluster: Expr,
    node: Expr,
    time: Expr,
) -> Expr {
    call(lookup, resource, Whose::Node, vec![cluster, node, time])
}

fn call(lookup: Lookup, resource: Resource, whose: Whose, arguments: Vec<Expr>) -> Expr {
    ScalarUDF::new_from_impl(Requested {
        signature: Signature::user_defined(Volatility::Immutable),
        lookup,
        resource,
        whose,
    })
    .call(arguments)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Whose {
    Pod,
    Container,
    Node,
}

#[derive(Debug)]
struct Requested {
    signature: Signature,
    lookup: Lookup,
    resource: Resource,
    whose: Whose,
}

impl PartialEq for Requested {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.lookup.index, &other.lookup.index)
            && self.lookup.span == other.lookup.span
            && (self.resource, self.whose) == (other.resource, other.whose)
    }
}

impl Eq for Requested {}

impl Hash for Requested {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.lookup.span, self.resource, self.whose).hash(state);
    }
}

impl ScalarUDFImpl for Requested {
    fn name(&self) -> &str {
        match self.whose {
            Whose::Pod => "pod_requests",
            Whose::Container => "container_requests",
            Whose::Node => "node_requests",
        }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Float64)
    }

    fn coerce_types(&self, given: &[DataType]) -> Result<Vec<DataType>> {
        let mut types = given.to_vec();
        if let Some(last) = types.last_mut() {
            *last = DataType::Int64;
        }
        Ok(types)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let rows = args.number_rows;
        let arrays = args
            .args
            .iter()
            .map(|argument| argument.to_array(rows))
            .collect::<Result<Vec<_>>>()?;
        let (Some(first), Some(times)) = (arrays.first(), arrays.last()) else {
            return exec_err!("{} takes names and a time", self.name());
        };
        let Some(times) = times.as_primitive_opt::<Int64Type>() else {
            return exec_err!("a time is microseconds");
        };
        let first = Uids::of(first.as_ref())?;
        let second = match (self.whose, arrays.get(1)) {
            (Whose::Pod, _) | (_, None) => None,
            (_, Some(array)) => Some(Uids::of(array.as_ref())?),
        };
        let index = &self.lookup.index;
        let of = |requests: Requests| match self.resource {
            Resource::Cpu => requests.cpu_cores,
            Resource::Memory => requests.memory_bytes,
        };
        let value = |row: usize| {
            let time = self.lookup.end(times.value(row));
            let second = second.as_ref().and_then(|texts| texts.get(row));
            match self.whose {
                Whose::Pod => index
                    .at(first.get(row)?, time)
                    .and_then(|facts| of(facts.requests)),
                Whose::Container => index
                    .container_at(first.get(row)?, second?, time)
                    .and_then(of),
                Whose::Node => {
                    let sums = index.nodes().at(first.get(row), second?, time)?;
                    Some(match self.resource {
                        Resource::Cpu => sums.0,
                        Resource::Memory => sums.1,
                    })
                }
            }
        };
        let values: Float64Array = (0..rows).map(value).collect();
        Ok(ColumnarValue::Array(Arc::new(values)))
    }
}
