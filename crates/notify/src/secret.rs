//! What is never shown.

use std::fmt;

/// A token, a key, a password, or an address that lets whoever knows it in. It has no `Display`, its `Debug` shows
/// nothing of it, and answers of receivers are cleaned of it before anybody sees them.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

/// What stands in a text where a secret was.
const STAND_IN: &str = "…";
/// A shorter one would take pieces out of ordinary words.
const SHORTEST_SCRUBBED: usize = 4;

impl Secret {
    /// Wraps it.
    pub fn new(text: impl Into<String>) -> Secret {
        Secret(text.into())
    }

    /// The text itself, for the one place that sends it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The text without any of the secrets: receivers repeat in their answers what they were sent.
pub(crate) fn scrub(text: &str, secrets: &[&Secret]) -> String {
    let mut clean = text.to_owned();
    for secret in secrets {
        if secret.0.len() >= SHORTEST_SCRUBBED {
            clean = clean.replace(secret.0.as_str(), STAND_IN);
        }
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_not_shown() {
        #[derive(Debug)]
        struct Holder {
            #[allow(dead_code)]
            key: Option<Secret>,
        }
        let holder = Holder {
            key: Some(Secret::new("hunter22")),
        };
        for shown in [format!("{holder:?}"), format!("{holder:#?}")] {
            assert!(!shown.contains("hunter22"), "{shown}");
            assert!(shown.contains('…'), "{shown}");
        }
    }

    #[test]
    fn an_answer_is_cleaned() {
        let (token, short) = (Secret::new("abcd-1234"), Secret::new("a"));
        assert_eq!(
            scrub("no such token abcd-1234 (abcd-1234)", &[&token, &short]),
            "no such token … (…)"
        );
    }
}
