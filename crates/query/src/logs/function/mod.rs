//! Functions over messages, for plans and for SQL.
//!
//! | function | gives |
//! | --- | --- |
//! | `has_word(text, 'connection reset')` | whether these words stand one after the other in the text |
//! | `contains_ci(text, 'part')` | whether the text has this part, the case of ASCII letters aside |
//! | `json_text(text, 'a.b')` | the value at a dotted path of a JSON object, as text; null when there is none |
//! | `json_number(text, 'a.b')` | the same as a number |
//!
//! They look at each text once and make no tree and no copy of it. The store recognises the first two, the built-in
//! `contains`, `LIKE`, `strpos`, and `regexp_like` (ours is [`Matches`]) and leaves out blocks of lines that cannot
//! have what they ask for.

mod caseless;
mod contains_ci;
mod has_word;
mod json;
mod json_value;
mod matches;
mod texts;

use std::sync::Arc;

use datafusion::logical_expr::{Expr, ScalarUDF, lit};
use regex::Regex;

use crate::stop::Stop;
use contains_ci::ContainsCi;
use has_word::HasWord;
use json_value::{JsonNumber, JsonText};
use matches::Matches;

pub(crate) use has_word::is_of_token;
pub(crate) use json::JsonPath;
pub(crate) use texts::Texts;

/// Those that SQL has too.
pub(crate) fn all() -> Vec<Arc<ScalarUDF>> {
    vec![
        Arc::new(ScalarUDF::new_from_impl(HasWord::default())),
        Arc::new(ScalarUDF::new_from_impl(ContainsCi::default())),
        Arc::new(ScalarUDF::new_from_impl(JsonText::default())),
        Arc::new(ScalarUDF::new_from_impl(JsonNumber::default())),
    ]
}

/// `has_word(text, words)`.
pub(crate) fn has_word(text: Expr, words: &str) -> Expr {
    ScalarUDF::new_from_impl(HasWord::default()).call(vec![text, lit(words)])
}

/// `contains_ci(text, part)`.
pub(crate) fn contains_ci(text: Expr, part: &str) -> Expr {
    ScalarUDF::new_from_impl(ContainsCi::default()).call(vec![text, lit(part)])
}

/// `json_text(text, path)`.
pub(crate) fn json_text(text: Expr, path: &str) -> Expr {
    ScalarUDF::new_from_impl(JsonText::default()).call(vec![text, lit(path)])
}

/// `json_number(text, path)`.
pub(crate) fn json_number(text: Expr, path: &str) -> Expr {
    ScalarUDF::new_from_impl(JsonNumber::default()).call(vec![text, lit(path)])
}

/// `regexp_like(text, regex)` with a regular expression that is compiled already and gives up when its work is to
/// stop.
pub(crate) fn matches(text: Expr, regex: Regex, ignore_case: bool, stop: &Stop) -> Expr {
    let mut arguments = vec![text, lit(regex.as_str())];
    if ignore_case {
        arguments.push(lit("i"));
    }
    ScalarUDF::new_from_impl(Matches::new(regex, ignore_case, stop.clone())).call(arguments)
}
