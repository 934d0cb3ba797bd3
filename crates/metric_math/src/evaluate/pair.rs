//! Operators between two operands.

use std::rc::Rc;

use super::operand::Operand;
use super::{EvaluationError, Spot};
use crate::series::{Series, finite};
use crate::syntax::Operator;

pub(super) fn combine(
    operator: Operator,
    left: Operand,
    right: Operand,
    spot: Spot<'_>,
) -> Result<Operand, EvaluationError> {
    let apply = |a, b| finite(operator.apply(a, b));
    Ok(match (left, right) {
        (Operand::Scalar(a), Operand::Scalar(b)) => {
            Operand::Scalar(a.zip(b).and_then(|(a, b)| apply(a, b)))
        }
        // Beside a number a missing point stays missing.
        (Operand::Scalar(a), b) => b.map(|b| a.and_then(|a| apply(a, b))),
        (a, Operand::Scalar(b)) => a.map(|a| b.and_then(|b| apply(a, b))),
        (Operand::Array(a), Operand::Array(b)) => {
            if a.len() != b.len() {
                return Err(EvaluationError::Lengths {
                    id: spot.id.to_owned(),
                    at: spot.at(),
                    left: a.len(),
                    right: b.len(),
                });
            }
            let pairs = a.iter().zip(&b);
            Operand::Array(
                pairs
                    .map(|(a, b)| Rc::new(of_two(operator, a, b, a)))
                    .collect(),
            )
        }
        (Operand::Array(a), Operand::Series(b)) => {
            Operand::Array(a).each(|a| of_two(operator, a, &b, a))
        }
        (Operand::Series(a), Operand::Array(b)) => {
            Operand::Array(b).each(|b| of_two(operator, &a, b, b))
        }
        (Operand::Series(a), Operand::Series(b)) => Operand::series(of_two(operator, &a, &b, &a)),
        _ => Operand::Nothing,
    })
}

/// Beside a point that exists a missing one counts as 0. The result is called as `named` is.
fn of_two(operator: Operator, left: &Series, right: &Series, named: &Series) -> Series {
    let values = left
        .values
        .iter()
        .zip(&right.values)
        .map(|pair| match pair {
            (None, None) => None,
            (a, b) => finite(operator.apply(a.unwrap_or(0.0), b.unwrap_or(0.0))),
        });
    named.with(values)
}
