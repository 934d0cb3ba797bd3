//! Label and field selectors, as they stand in a query
//! (<https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors>).

use std::collections::BTreeMap;

/// A selector that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unable to parse requirement at character {at} of {text:?}: {reason}")]
pub(super) struct SelectorError {
    text: String,
    at: usize,
    reason: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Requirement {
    In(String, Vec<String>),
    /// A label that is not there fits too.
    NotIn(String, Vec<String>),
    Exists(String),
    Missing(String),
}

/// What labels must be like. Everything fits an empty one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct LabelSelector(Vec<Requirement>);

impl LabelSelector {
    /// Reads `a=b`, `a==b`, `a!=b`, `a in (b, c)`, `a notin (b, c)`, `a` and `!a`, with commas between them.
    pub(super) fn parse(text: &str) -> Result<LabelSelector, SelectorError> {
        let mut reader = Reader { text, at: 0 };
        let mut all = Vec::new();
        reader.skip_spaces();
        while !reader.is_at_end() {
            all.push(reader.requirement()?);
            reader.skip_spaces();
            if reader.is_at_end() {
                break;
            }
            if !reader.take(",") {
                return Err(reader.fault("a comma is missing before it"));
            }
            reader.skip_spaces();
            if reader.is_at_end() {
                return Err(reader.fault("a requirement is missing after the comma"));
            }
        }
        Ok(LabelSelector(all))
    }

    /// Whether labels are like it.
    pub(super) fn fits(&self, labels: &BTreeMap<String, String>) -> bool {
        self.0.iter().all(|requirement| match requirement {
            Requirement::In(key, values) => {
                labels.get(key).is_some_and(|value| values.contains(value))
            }
            Requirement::NotIn(key, values) => {
                labels.get(key).is_none_or(|value| !values.contains(value))
            }
            Requirement::Exists(key) => labels.contains_key(key),
            Requirement::Missing(key) => !labels.contains_key(key),
        })
    }
}

/// What names must be like.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct FieldSelector(Vec<(String, bool, String)>);

impl FieldSelector {
    /// Reads `metadata.name=…` and `metadata.namespace=…`, also with `==` and `!=`.
    pub(super) fn parse(text: &str) -> Result<FieldSelector, SelectorError> {
        let fault = |at, reason| SelectorError {
            text: text.to_owned(),
            at,
            reason,
        };
        let mut all = Vec::new();
        let mut at = 0;
        for part in text.split(',').filter(|part| !part.trim().is_empty()) {
            let (field, is, value) = if let Some((field, value)) = part.split_once("!=") {
                (field, false, value)
            } else if let Some((field, value)) = part.split_once("==").or(part.split_once('=')) {
                (field, true, value)
            } else {
                return Err(fault(at, "=, == or != is missing"));
            };
            if !["metadata.name", "metadata.namespace"].contains(&field.trim()) {
                return Err(fault(
                    at,
                    "only metadata.name and metadata.namespace can be selected by",
                ));
            }
            all.push((field.trim().to_owned(), is, value.trim().to_owned()));
            at += part.len() + 1;
        }
        Ok(FieldSelector(all))
    }

    /// Whether names are like it.
    pub(super) fn fits(&self, name: &str, namespace: &str) -> bool {
        self.0.iter().all(|(field, is, value)| {
            let has = match field.as_str() {
                "metadata.name" => name,
                _ => namespace,
            };
            (has == value) == *is
        })
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn is_at_end(&self) -> bool {
        self.rest().is_empty()
    }

    fn skip_spaces(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn take(&mut self, word: &str) -> bool {
        let has = self.rest().starts_with(word);
        if has {
            self.at += word.len();
        }
        has
    }

    fn fault(&self, reason: &'static str) -> SelectorError {
        SelectorError {
            text: self.text.to_owned(),
            at: self
                .text
                .get(..self.at)
                .map_or(0, |before| before.chars().count())
                + 1,
            reason,
        }
    }

    /// The characters that keys and values have; may be none.
    fn word(&mut self) -> String {
        let is_of_word = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
        let rest = self.rest();
        let length = rest.find(|c| !is_of_word(c)).unwrap_or(rest.len());
        let word = rest.get(..length).unwrap_or_default().to_owned();
        self.at += length;
        word
    }

    fn key(&mut self) -> Result<String, SelectorError> {
        let begin = self.at;
        let key = self.word();
        if key.is_empty() {
            self.at = begin;
            return Err(self.fault("a label's name is missing"));
        }
        Ok(key)
    }

    fn requirement(&mut self) -> Result<Requirement, SelectorError> {
        if self.take("!") {
            self.skip_spaces();
            return self.key().map(Requirement::Missing);
        }
        let key = self.key()?;
        self.skip_spaces();
        if self.take("!=") {
            self.skip_spaces();
            return Ok(Requirement::NotIn(key, vec![self.word()]));
        }
        if self.take("==") || self.take("=") {
            self.skip_spaces();
            return Ok(Requirement::In(key, vec![self.word()]));
        }
        if self.is_at_end() || self.rest().starts_with(',') {
            return Ok(Requirement::Exists(key));
        }
        match self.word().as_str() {
            "in" => Ok(Requirement::In(key, self.values()?)),
            "notin" => Ok(Requirement::NotIn(key, self.values()?)),
            _ => Err(self.fault("=, ==, !=, in or notin is missing before it")),
        }
    }

    fn values(&mut self) -> Result<Vec<String>, SelectorError> {
        self.skip_spaces();
        if !self.take("(") {
            return Err(self.fault("( is missing"));
        }
        let mut values = Vec::new();
        loop {
            self.skip_spaces();
            values.push(self.word());
            self.skip_spaces();
            if self.take(")") {
                return Ok(values);
            }
            if !self.take(",") {
                return Err(self.fault("a comma or ) is missing"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        let pairs = pairs.iter();
        pairs
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect()
    }

    #[test]
    fn every_way_to_write_a_requirement() {
        let web = labels(&[("app", "web"), ("tier", "front"), ("a.b/c-d", "x_y")]);
        for (text, fits) in [
            ("", true),
            ("app=web", true),
            ("app==web", true),
            (" app = web , tier=front ", true),
            ("app=db", false),
            ("app!=db", true),
            ("app!=web", false),
            ("none!=x", true),
            ("app in (db, web)", true),
            ("app in (db)", false),
            ("app notin (db,cache)", true),
            ("none notin (x)", true),
            ("app notin (web)", false),
            ("tier", true),
            ("!tier", false),
            ("!none,a.b/c-d=x_y", true),
            ("none", false),
            ("none=", false),
            ("app in (),tier", false),
        ] {
            let selector = LabelSelector::parse(text).unwrap_or_else(|e| panic!("{e}"));
            assert_eq!(selector.fits(&web), fits, "{text}");
        }
        assert!(
            LabelSelector::parse("e=")
                .unwrap()
                .fits(&labels(&[("e", "")]))
        );
    }

    #[test]
    fn faults_say_where() {
        for (text, says) in [
            (
                "app=web,",
                "character 9 of \"app=web,\": a requirement is missing",
            ),
            ("app in web", "character 8 of \"app in web\": ( is missing"),
            ("app in (a b)", "character 11"),
            ("app like x", "=, ==, !=, in or notin is missing"),
            ("=x", "character 1 of \"=x\": a label's name is missing"),
            ("a=b c=d", "a comma is missing"),
            ("é=b", "a label's name is missing"),
        ] {
            let error = LabelSelector::parse(text).unwrap_err().to_string();
            assert!(error.contains(says), "{text}: {error}");
        }
        let error = FieldSelector::parse("spec.nodeName=a").unwrap_err();
        assert!(error.to_string().contains("only metadata.name"));
    }

    #[test]
    fn fields_are_names() {
        let selector =
            FieldSelector::parse("metadata.name=web-1,metadata.namespace!=data").unwrap();
        assert!(selector.fits("web-1", "shop"));
        assert!(!selector.fits("web-1", "data"));
        assert!(!selector.fits("web-2", "shop"));
    }
}
