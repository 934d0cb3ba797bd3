//! The language of log questions: one text, read into a tree of conditions.
//!
//! The guide (docs/guide/logs.md) says what it means to people; this is how it is read:
//!
//! ```text
//! any      = all ( "OR" all )*
//! all      = one ( [ "AND" ] one )*
//! one      = ( "-" | "NOT" ) one | "(" any ")" | text | field
//! text     = word | "phrase" | 'exact' | /regex/ | /regex/i
//! field    = name ":" ( value ( "," value )* | /regex/ | ( ">" | ">=" | "<" | "<=" ) number | "*" )
//! value    = word | "text" | 'text'
//! ```
//!
//! Nothing here does I/O, reads a clock or knows a table: what a name stands for is decided by
//! [`condition`](super::condition). A text is bounded in length, nesting and number of conditions, and a regular
//! expression in the size of what it becomes, so that no text costs more than a glance to refuse.

mod fault;
mod parse;
mod pattern;
mod print;
mod tree;

pub(crate) use fault::Fault;
pub(crate) use parse::parse;
pub(crate) use pattern::compiled;
pub(crate) use tree::{Comparison, Condition, Field, Node, Pattern, Span, Test, Text, Value};

/// The longest text, in bytes.
pub(crate) const LONGEST: usize = 8192;
/// How deep parentheses and negations may nest.
pub(crate) const DEEPEST: usize = 32;
/// How many conditions one text may have.
pub(crate) const MOST_CONDITIONS: usize = 200;
/// How many values one field condition may name.
pub(crate) const MOST_VALUES: usize = 200;
/// How many regular expressions one text may have.
pub(crate) const MOST_REGEXES: usize = 16;
/// The longest regular expression, in bytes.
pub(crate) const LONGEST_REGEX: usize = 1000;

#[cfg(test)]
mod tests;
