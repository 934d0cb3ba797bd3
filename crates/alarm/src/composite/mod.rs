//! Composite alarms: a rule over the states of other alarms.
//!
//! ```text
//! (ALARM(high-cpu) OR ALARM("no pods of shop")) AND NOT INSUFFICIENT_DATA(agent) AND AT_LEAST(50%, ALARM, (a, b, c))
//! ```
//!
//! NOT binds tighter than AND, and AND than OR. Words of the language are known in upper and lower case. A name is bare
//! when it has no space and no parenthesis, else in double quotes, in which `\"` and `\\` stand for a quote and a
//! backslash. In place of a name there can be an alarm's ARN.
//!
//! A rule that holds is ALARM, one that does not is OK; a composite alarm is INSUFFICIENT_DATA only before its first
//! evaluation.

mod cycle;
mod expression;
mod fault;
mod parse;
mod suppress;
mod token;

pub use cycle::{Children, Cycle, cycle_through, order, parents};
pub use expression::{AlarmName, Expression, Quorum};
pub use fault::{RuleError, RuleFault};
pub use suppress::{Due, SuppressedBy, Suppression, Suppressor};

/// The most characters of a rule.
pub const LONGEST_RULE: usize = 10_240;
/// The most alarms that a rule names; one that is named twice counts once.
pub const MOST_CHILDREN: usize = 100;
/// The most elements of a rule: states asked for, TRUE, FALSE and pairs of parentheses.
pub const MOST_ELEMENTS: usize = 500;
/// The most composite alarms that name one alarm.
pub const MOST_PARENTS: usize = 150;
