//! What is masked.

mod builtin;

use regex::{Regex, RegexBuilder};

use super::RuleError;
use super::pattern::REGEX_BYTES;

/// One thing that is masked.
#[derive(Clone, Debug)]
pub(crate) struct Redaction {
    regex: Regex,
    /// What stands for it; `$1` is what the first group matched.
    mask: String,
    /// Whether it is worth to look for it.
    hint: Option<fn(&[u8]) -> bool>,
    /// What a match must be besides.
    check: Option<fn(&str) -> bool>,
}

impl Redaction {
    /// Reads the name of a built-in, or `REGEX => MASK`.
    pub(crate) fn parse(text: &str) -> Result<Redaction, RuleError> {
        let Some((source, mask)) = text.rsplit_once("=>") else {
            let Some(known) = builtin::BUILTINS.iter().find(|b| b.name == text.trim()) else {
                let names: Vec<_> = builtin::BUILTINS.iter().map(|b| b.name).collect();
                let why = format!(
                    "it is neither REGEX => MASK nor one of {}",
                    names.join(", ")
                );
                return Err(RuleError::new(text, why));
            };
            return Ok(Redaction {
                hint: known.hint,
                check: known.check,
                ..Redaction::compile(text, known.regex, known.mask)?
            });
        };
        Redaction::compile(text, source.trim(), mask.trim())
    }

    fn compile(text: &str, source: &str, mask: &str) -> Result<Redaction, RuleError> {
        let regex = RegexBuilder::new(source)
            .size_limit(REGEX_BYTES)
            .dfa_size_limit(REGEX_BYTES)
            .build()
            .map_err(|e| RuleError::new(text, e.to_string()))?;
        // It would put its mask between all letters.
        if regex.is_match("") {
            return Err(RuleError::new(text, "it matches an empty text"));
        }
        Ok(Redaction {
            regex,
            mask: mask.to_owned(),
            hint: None,
            check: None,
        })
    }

    /// The message with all of it masked; `None` if there is nothing to mask. The time it takes is linear in the message's length.
    pub(crate) fn apply(&self, message: &str) -> Option<String> {
        if self.hint.is_some_and(|worth| !worth(message.as_bytes()))
            || !self.regex.is_match(message)
        {
            return None;
        }
        let mut masked = String::new();
        let mut end = 0;
        for captures in self.regex.captures_iter(message) {
            let Some(whole) = captures.get(0) else {
                continue;
            };
            if whole.is_empty() || self.check.is_some_and(|check| !check(whole.as_str())) {
                continue;
            }
            masked.push_str(message.get(end..whole.start())?);
            captures.expand(&self.mask, &mut masked);
            end = whole.end();
        }
        if end == 0 {
            return None;
        }
        masked.push_str(message.get(end..)?);
        Some(masked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mask(rule: &str, message: &str) -> String {
        Redaction::parse(rule)
            .unwrap()
            .apply(message)
            .unwrap_or_else(|| "-".to_owned())
    }

    #[test]
    fn built_ins_mask_what_they_name_and_leave_the_rest() {
        for (rule, message, expected) in [
            (
                "bearer",
                "Authorization: Bearer abcdef.123456-xyz= next",
                "Authorization: Bearer *** next",
            ),
            (
                "bearer",
                "authorization: basic dXNlcjpwYXNz",
                "authorization: basic ***",
            ),
            ("bearer", "the bearer of news", "-"),
            (
                "jwt",
                "t=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl x",
                "t=*** x",
            ),
            ("jwt", "eyJ is not one", "-"),
            ("aws-key", "key AKIAIOSFODNN7EXAMPLE!", "key ***!"),
            (
                "aws-key",
                "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
                "aws_secret_access_key = ***",
            ),
            ("aws-key", "AKIAshort", "-"),
            (
                "email",
                "mail to Jane.Doe+x@mail.example.org, please",
                "mail to ***, please",
            ),
            ("email", "user@localhost", "-"),
            ("card", "card 4111 1111 1111 1111.", "card ***."),
            (
                "card",
                "card 4111-1111-1111-1111 and 5500005555555559",
                "card *** and ***",
            ),
            ("card", "order 4111111111111112", "-"),
            ("card", "1795638664123456789", "-"),
            (
                "password",
                "login password=hunter2 user=a",
                "login password=*** user=a",
            ),
            (
                "password",
                r#"{"password":"hun ter","api_key": "k-1","x":"y"}"#,
                r#"{"password":"***","api_key": "***","x":"y"}"#,
            ),
            ("password", "DB_PASSWORD: s3cret;", "DB_PASSWORD: ***;"),
            ("password", "password reset mail sent", "-"),
        ] {
            assert_eq!(mask(rule, message), expected, "{rule}: {message}");
        }
    }

    #[test]
    fn own_rules_have_groups() {
        assert_eq!(
            mask(r"(user=)\S+ => ${1}***", "a user=joe b user=é c"),
            "a user=*** b user=*** c"
        );
        assert_eq!(mask(r"\d{3}-\d{4} =>", "call 555-1234 now"), "call  now");
        assert_eq!(mask("(a=>b) => x", "is a=>b"), "is x");
    }

    #[test]
    fn hostile_rules_are_refused_and_hostile_texts_take_no_longer() {
        for rule in [
            "x*",
            "(a{1000}){1000} => x",
            "(?=x)y => z",
            "[ => x",
            "",
            "nobody",
            " => x",
        ] {
            assert!(Redaction::parse(rule).is_err(), "{rule}");
        }
        // Backtracking would take 2^n steps for it.
        assert_eq!(mask("(a+)+b => x", &"a".repeat(100_000)), "-");
    }
}
