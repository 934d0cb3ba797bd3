//! Names with `*` in them, and what a label or a tag must be.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A text in which `*` stands for any run of characters, none included. Everything else stands for itself; case counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Pattern(String);

impl Pattern {
    /// As it is written.
    pub fn new(text: impl Into<String>) -> Pattern {
        Pattern(text.into())
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the whole of `text` is so. The time is bounded by the product of both lengths.
    pub fn matches(&self, text: &str) -> bool {
        let (pattern, text) = (self.0.as_bytes(), text.as_bytes());
        let (mut p, mut t) = (0, 0);
        // Where the last star was, and up to where of the text it stands.
        let mut star: Option<(usize, usize)> = None;
        while let Some(byte) = text.get(t) {
            match pattern.get(p) {
                Some(b'*') => {
                    star = Some((p, t));
                    p += 1;
                }
                Some(wanted) if wanted == byte => {
                    p += 1;
                    t += 1;
                }
                _ => {
                    let Some((at, upto)) = star else { return false };
                    star = Some((at, upto + 1));
                    p = at + 1;
                    t = upto + 1;
                }
            }
        }
        pattern.iter().skip(p).all(|byte| *byte == b'*')
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a label, a tag or a name must be: `"shop"`, `["shop", "kube-*"]`, or `{ not = "canary-*" }`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Match {
    /// This.
    One(Pattern),
    /// One of these.
    Any(Vec<Pattern>),
    /// None of these. What is absent is none of them.
    Not {
        /// The patterns.
        not: Box<Match>,
    },
}

impl Match {
    /// Its patterns, those of what it must not be included.
    pub(crate) fn patterns(&self) -> &[Pattern] {
        match self {
            Match::One(pattern) => std::slice::from_ref(pattern),
            Match::Any(patterns) => patterns,
            Match::Not { not } => not.patterns(),
        }
    }

    /// Whether it is so. What is absent is like no pattern, `*` included.
    pub fn matches(&self, value: Option<&str>) -> bool {
        match self {
            Match::One(pattern) => value.is_some_and(|value| pattern.matches(value)),
            Match::Any(patterns) => {
                value.is_some_and(|value| patterns.iter().any(|pattern| pattern.matches(value)))
            }
            Match::Not { not } => !not.matches(value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn stars_stand_for_any_run() {
        for (pattern, text, is) in [
            ("shop", "shop", true),
            ("shop", "shop-2", false),
            ("shop*", "shop", true),
            ("*", "", true),
            ("", "", true),
            ("", "a", false),
            ("kube-*", "kube-system", true),
            ("*-api", "shop-api-2", false),
            ("*a*b*c", "xaxbxbxc", true),
            ("*a*b*c", "xaxbxbx", false),
            ("Shop", "shop", false),
            ("a*é", "aéé", true),
        ] {
            assert_eq!(Pattern::new(pattern).matches(text), is, "{pattern} {text}");
        }
    }

    #[test]
    fn many_stars_take_no_time() {
        let pattern = Pattern::new(format!("{}b", "a*".repeat(1000)));
        assert!(!pattern.matches(&"a".repeat(10_000)));
    }

    #[test]
    fn what_is_absent_is_like_no_pattern() {
        let any: Match = serde_json::from_str(r#"["shop","kube-*"]"#).unwrap();
        let not: Match = serde_json::from_str(r#"{"not":"canary-*"}"#).unwrap();
        let star = Match::One(Pattern::new("*"));
        for (value, of_any, of_not, of_star) in [
            (None, false, true, false),
            (Some("shop"), true, true, true),
            (Some("canary-1"), false, false, true),
        ] {
            assert_eq!(any.matches(value), of_any, "{value:?}");
            assert_eq!(not.matches(value), of_not, "{value:?}");
            assert_eq!(star.matches(value), of_star, "{value:?}");
        }
    }

    /// The same in the slowest way that is surely right.
    fn slow(pattern: &[char], text: &[char]) -> bool {
        match pattern.split_first() {
            None => text.is_empty(),
            Some(('*', rest)) => (0..=text.len()).any(|n| slow(rest, &text[n..])),
            Some((c, rest)) => text.first() == Some(c) && slow(rest, &text[1..]),
        }
    }

    proptest! {
        #[test]
        fn it_is_as_the_slow_way(pattern in "[ab*]{0,8}", text in "[ab]{0,10}") {
            let chars = |t: &str| t.chars().collect::<Vec<_>>();
            prop_assert_eq!(
                Pattern::new(pattern.clone()).matches(&text),
                slow(&chars(&pattern), &chars(&text))
            );
        }
    }
}
