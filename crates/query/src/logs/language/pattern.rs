//! Regular expressions: checked where they are written, compiled within bounds.
//!
//! The `regex` crate takes time that is linear in the searched text, whatever the pattern; what is left to bound is
//! the pattern's own size, since `(\w{100}){100}` is short to write and large to run.

use regex::{Regex, RegexBuilder};

use super::tree::Pattern;

/// What a pattern may become, in bytes: some thousand states.
const COMPILED: usize = 512 << 10;
/// The cache of states that are made while searching.
const CACHE: usize = 4 << 20;
/// How deep groups and repetitions may nest.
const DEEPEST: u32 = 64;

/// Why a pattern is not taken: the byte of it at which the fault is, and what it is.
pub(crate) type Refusal = (usize, String);

/// Compiles a pattern.
pub(crate) fn compiled(pattern: &Pattern) -> Result<Regex, Refusal> {
    let parsed = regex_syntax::ParserBuilder::new()
        .case_insensitive(pattern.ignore_case)
        .nest_limit(DEEPEST)
        .build()
        .parse(&pattern.text);
    if let Err(error) = parsed {
        return Err(match error {
            regex_syntax::Error::Parse(e) => (e.span().start.offset, e.kind().to_string()),
            regex_syntax::Error::Translate(e) => (e.span().start.offset, e.kind().to_string()),
            other => (0, other.to_string()),
        });
    }
    RegexBuilder::new(&pattern.text)
        .case_insensitive(pattern.ignore_case)
        .nest_limit(DEEPEST)
        .size_limit(COMPILED)
        .dfa_size_limit(CACHE)
        .build()
        .map_err(|_| {
            (
                0,
                "this regular expression becomes too large: repeat less, or less deeply".to_owned(),
            )
        })
}
