//! `has_word(text, 'words')`.

use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility,
};

use store::tokens::{MAX_TOKEN_BYTES, tokens};

use super::caseless::Caseless;
use super::contains_ci::rows_with;
use super::texts::{Texts, constant, text_types};

/// Whether the tokens of a text stand one after the other among those of another.
///
/// A token is a run of letters, digits and `_`, of which the first 64 bytes count; the case of ASCII letters and what
/// stands between tokens do not. Of words that end in `*` the last is the beginning of a token.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct HasWord {
    signature: Signature,
}

impl Default for HasWord {
    fn default() -> Self {
        HasWord {
            signature: Signature::user_defined(Volatility::Immutable),
        }
    }
}

impl ScalarUDFImpl for HasWord {
    fn name(&self) -> &str {
        "has_word"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Boolean)
    }

    fn coerce_types(&self, given: &[DataType]) -> Result<Vec<DataType>> {
        text_types(self.name(), given, 2, 2)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let Some(words) = constant(self.name(), args.args.get(1))? else {
            return Ok(ColumnarValue::Scalar(ScalarValue::Boolean(None)));
        };
        let Some(text) = args.args.first() else {
            return Ok(ColumnarValue::Scalar(ScalarValue::Boolean(None)));
        };
        let array = text.to_array(args.number_rows)?;
        let texts = Texts::of(array.as_ref())?;
        let found = match (Words::new(words), texts) {
            (None, texts) => texts.test(|_| true),
            (Some(words), Texts::Plain(texts)) => {
                rows_with(texts, &words.anchor, |text, at| words.are_at(text, at))
            }
            (Some(words), texts) => texts.test(|text| words.are_in(text)),
        };
        Ok(ColumnarValue::Array(Arc::new(found)))
    }
}

/// Tokens to look for.
#[derive(Debug)]
struct Words {
    before: Vec<String>,
    /// The longest token: it is looked for, the others are compared where it is found.
    anchor: Caseless,
    anchor_is_prefix: bool,
    after: Vec<String>,
    last_is_prefix: bool,
}

impl Words {
    /// `None` when there is no token, which is everywhere.
    fn new(words: &str) -> Option<Words> {
        let prefix = words.ends_with('*');
        let mut all: Vec<String> = tokens(words)
            .map(|token| token.folded().into_owned())
            .collect();
        let (longest, _) = all
            .iter()
            .enumerate()
            .max_by_key(|(i, token)| (token.len(), std::cmp::Reverse(*i)))?;
        let after = all.split_off(longest + 1);
        let anchor = Caseless::new(&all.pop()?)?;
        Some(Words {
            anchor_is_prefix: prefix && after.is_empty(),
            last_is_prefix: prefix && !after.is_empty(),
            before: all,
            anchor,
            after,
        })
    }

    fn are_in(&self, text: &str) -> bool {
        let mut from = 0;
        while let Some(at) = self.anchor.find(text.as_bytes(), from) {
            if self.are_at(text, at) {
                return true;
            }
            from = at + 1;
        }
        false
    }

    /// Whether the anchor, which is at `at`, is a token there with the others around it.
    fn are_at(&self, text: &str, at: usize) -> bool {
        // A byte within a character is met when the anchor begins with such a one, which no text does.
        let Some((mut left, right)) = text.split_at_checked(at) else {
            return false;
        };
        if left.chars().next_back().is_some_and(is_of_token) {
            return false;
        }
        let Some(mut right) = right.get(self.anchor.len()..) else {
            return false;
        };
        if !ends(right, self.anchor.len(), self.anchor_is_prefix) {
            return false;
        }
        for word in self.before.iter().rev() {
            left = left.trim_end_matches(|c| !is_of_token(c));
            let token = left.trim_end_matches(is_of_token);
            let (before, token) = (token, left.get(token.len()..).unwrap_or_default());
            if !same(token, word) {
                return false;
            }
            left = before;
        }
        for (i, word) in self.after.iter().enumerate() {
            right = right.trim_start_matches(is_of_token);
            right = right.trim_start_matches(|c| !is_of_token(c));
            let is_prefix = self.last_is_prefix && i + 1 == self.after.len();
            let begins = right
                .as_bytes()
                .get(..word.len())
                .is_some_and(|b| b.eq_ignore_ascii_case(word.as_bytes()));
            match right.get(word.len()..) {
                Some(rest) if begins && ends(rest, word.len(), is_prefix) => right = rest,
                _ => return false,
            }
        }
        true
    }
}

/// Whether a character is part of a token, as [`tokens`] has it.
pub(crate) fn is_of_token(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Whether what counts of a token ends after so many bytes of it, before `rest`.
fn ends(rest: &str, length: usize, is_prefix: bool) -> bool {
    is_prefix
        || rest
            .chars()
            .next()
            .filter(|c| is_of_token(*c))
            .is_none_or(|c| length + c.len_utf8() > MAX_TOKEN_BYTES)
}

/// Whether what counts of a whole run is this word.
fn same(run: &str, word: &str) -> bool {
    let begins = run
        .as_bytes()
        .get(..word.len())
        .is_some_and(|begin| begin.eq_ignore_ascii_case(word.as_bytes()));
    begins
        && run
            .get(word.len()..)
            .is_some_and(|rest| ends(rest, word.len(), false))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_in(text: &str, words: &str) -> bool {
        Words::new(words).unwrap().are_in(text)
    }

    #[test]
    fn whole_words_one_after_the_other() {
        let long = "x".repeat(100);
        for (text, words, found) in [
            ("connection reset by peer", "reset", true),
            ("connection reset by peer", "RESET", true),
            ("connection RESET by peer", "reset", true),
            ("connection resets by peer", "reset", false),
            ("preset", "reset", false),
            ("resets, then reset", "reset", true),
            ("connection: reset", "connection reset", true),
            ("connection was reset", "connection reset", false),
            ("connection reset", "connection-reset", true),
            ("a connection reset b", "a connection reset b", true),
            ("a connection reset b", "b connection", false),
            ("reset connection", "connection reset", false),
            ("user_id=7", "user", false),
            ("user_id=7", "user_id", true),
            ("timeouts", "time*", true),
            ("timeouts", "*time", false),
            ("overtime", "time*", false),
            ("connection timeouts", "connection time*", true),
            ("connection t", "connection time*", false),
            ("a observability b", "a obs*", true),
            ("Ärger", "ärger", false),
            ("xÄrger", "rger", false),
            ("Ä rger", "rger", true),
            ("観測する", "観測", false),
            ("観測 する", "観測", true),
            ("", "a", false),
            (long.as_str(), &long[..64], true),
            (&long[..64], &long, true),
            (&long[..50], &long, false),
            (long.as_str(), "x", false),
        ] {
            assert_eq!(is_in(text, words), found, "{words} in {text}");
        }
    }
}
