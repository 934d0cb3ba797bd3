//! What a matcher lets pass: values, also by those regular expressions that are lists of values with `.*` in them.

use crate::definition::source::Filter;

/// Values that a label may have; one that is not there is an empty one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Pattern {
    /// The label may be empty.
    pub(super) empty: bool,
    /// The label may have any value that is not empty.
    pub(super) any: bool,
    /// Or one of these, in which `*` is any number of characters.
    values: Vec<String>,
}

impl Pattern {
    /// Exactly this value.
    pub(super) fn exact(value: &str) -> Result<Pattern, String> {
        if value.contains('*') {
            return Err("a value with '*' in it would be taken for a wildcard".to_owned());
        }
        Ok(Pattern {
            empty: value.is_empty(),
            any: false,
            values: match value {
                "" => Vec::new(),
                value => vec![value.to_owned()],
            },
        })
    }

    /// A regular expression over the whole value. Known are literals, `\` before a character, `.*`, a `.+` that stands
    /// alone, and `|` between them; parentheses around the whole.
    pub(super) fn regex(text: &str) -> Result<Pattern, String> {
        let inner = text.strip_prefix('(').and_then(|t| t.strip_suffix(')'));
        let inner = inner.filter(|inner| !inner.contains(['(', ')']));
        let inner = inner.map(|inner| inner.strip_prefix("?:").unwrap_or(inner));
        let mut pattern = Pattern::default();
        for part in inner.unwrap_or(text).split('|') {
            match part {
                "" => pattern.empty = true,
                ".+" => pattern.any = true,
                ".*" => (pattern.any, pattern.empty) = (true, true),
                part => pattern.values.push(wild(part)?),
            }
        }
        Ok(pattern)
    }

    /// Whether only one value passes, which may be the empty one.
    pub(super) fn is_one(&self) -> bool {
        let wild = self.values.iter().any(|value| value.contains('*'));
        !self.any && !wild && self.values.len() + usize::from(self.empty) == 1
    }

    /// Whether a value passes.
    pub(super) fn matches(&self, value: &str) -> bool {
        match value {
            "" => self.empty,
            value => self.any || self.values.iter().any(|wild| is_like(wild, value)),
        }
    }

    /// The condition on the column that has the label's value; `None` when everything passes.
    ///
    /// # Errors
    /// Nothing passes.
    pub(super) fn filter(&self, negated: bool) -> Result<Option<Filter>, String> {
        let of = |not: bool, values: Vec<Option<String>>| Ok(Some(Filter { not, values }));
        let empty = self.empty.then_some(None);
        match (self.any, self.empty, negated) {
            (true, true, false) => Ok(None),
            (true, true, true) => Err("nothing matches it".to_owned()),
            (true, false, negated) => of(!negated, vec![None]),
            (false, _, negated) => {
                let values = self.values.iter().cloned().map(Some).chain(empty);
                of(negated, values.collect())
            }
        }
    }
}

/// One part of a regular expression as a value with wildcards.
fn wild(part: &str) -> Result<String, String> {
    let mut text = String::new();
    let mut rest = part.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '.' if rest.next_if_eq(&'*').is_some() => text.push('*'),
            '\\' => match rest.next() {
                Some(c) if !c.is_alphanumeric() && c != '*' => text.push(c),
                _ => return Err(only(part)),
            },
            '.' | '*' | '+' | '?' | '(' | ')' | '[' | ']' | '{' | '}' | '^' | '$' => {
                return Err(only(part));
            }
            c => text.push(c),
        }
    }
    Ok(text)
}

fn only(part: &str) -> String {
    let part = crate::excerpt::excerpt(part, 40);
    format!(
        "of regular expressions only values, '.*' in them and '|' between them are known, not '{part}'"
    )
}

/// Whether a value is like a text with `*`. No backtracking beyond the last `*`.
fn is_like(wild: &str, value: &str) -> bool {
    let mut parts = wild.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = value.strip_prefix(first) else {
        return false;
    };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else {
        return rest.is_empty();
    };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_matched_whole() {
        for (regex, value, passes) in [
            ("shop", "shop", true),
            ("shop", "shops", false),
            ("kube-.*|shop", "kube-system", true),
            ("(kube-.*|shop)", "shop", true),
            ("(?:a|b)", "b", true),
            ("kube-.*|shop", "", false),
            ("shop|", "", true),
            (".+", "", false),
            (".+", "x", true),
            (".*", "", true),
            ("a.*b.*c", "a-b-b-c", true),
            ("a.*b.*c", "a-c-b", false),
            (".*a", "aa", true),
            ("a.*a", "a", false),
            (r"a\.b", "a.b", true),
            (r"a\.b", "axb", false),
        ] {
            let pattern = Pattern::regex(regex).unwrap();
            assert_eq!(pattern.matches(value), passes, "{regex} {value}");
        }
        for other in [
            "a.b", "a+", "[ab]", "a{2}", "^a", "a$", r"\d", "a?", "(a)(b)", "x(a|b)",
        ] {
            assert!(Pattern::regex(other).is_err(), "{other}");
        }
        assert!(Pattern::exact("a*").is_err());
    }
}
