//! Conditions on the message.

use datafusion::functions::string::expr_fn::contains;
use datafusion::logical_expr::{Expr, lit};

use super::message;
use crate::logs::function::{contains_ci, has_word, is_of_token, matches};
use crate::logs::language::{Fault, Pattern, Span, Text, compiled};
use crate::stop::Stop;
use store::tokens::{MAX_TOKEN_BYTES, tokens};

pub(super) fn compile(text: &Text, span: Span, stop: &Stop) -> Result<Expr, Fault> {
    match text {
        Text::Word(word) => self::word(word, span, stop),
        Text::Phrase(part) => Ok(contains_ci(message(), part)),
        Text::Exact(part) => Ok(contains(message(), lit(part.as_str()))),
        Text::Regex(pattern) => regex(message(), pattern, span, stop),
    }
}

pub(super) fn regex(of: Expr, pattern: &Pattern, span: Span, stop: &Stop) -> Result<Expr, Fault> {
    let regex = compiled(pattern).map_err(|(_, message)| Fault::new(span.start, message))?;
    Ok(matches(of, regex, pattern.ignore_case, stop))
}

/// A word, whole: what is of a token at its ends ends there in the message too, unless a star says otherwise.
pub(super) fn word(word: &str, span: Span, stop: &Stop) -> Result<Expr, Fault> {
    let pieces: Vec<&str> = word.split('*').collect();
    match pieces.as_slice() {
        [whole] => Ok(plain(whole, false)),
        ["", part, ""] if !part.is_empty() => Ok(contains_ci(message(), part)),
        [begin, ""] if !begin.is_empty() => Ok(plain(begin, true)),
        _ if pieces.iter().all(|piece| piece.is_empty()) => Ok(lit(true)),
        _ => {
            let pattern = Pattern {
                text: starred(&pieces),
                ignore_case: true,
            };
            regex(message(), &pattern, span, stop)
        }
    }
}

/// A word without stars, or with one behind it.
fn plain(word: &str, star: bool) -> Expr {
    let Some(first) = tokens(word).next() else {
        return contains_ci(message(), word);
    };
    let open = star && word.chars().next_back().is_some_and(is_of_token);
    let words = if open {
        has_word(message(), &format!("{word}*"))
    } else {
        has_word(message(), word)
    };
    // The words alone say all of one token; of several they leave open what is between them.
    if first.end() - first.start() == word.len() && word.len() <= MAX_TOKEN_BYTES {
        words
    } else {
        words.and(contains_ci(message(), word))
    }
}

fn starred(pieces: &[&str]) -> String {
    let ends = |c: Option<char>| {
        if c.is_some_and(is_of_token) {
            "\\b"
        } else {
            ""
        }
    };
    let first = pieces.first().and_then(|piece| piece.chars().next());
    let last = pieces.last().and_then(|piece| piece.chars().next_back());
    let escaped: Vec<String> = pieces.iter().map(|piece| regex::escape(piece)).collect();
    format!("(?s){}{}{}", ends(first), escaped.join(".*"), ends(last))
}
