//! One value out of a JSON object, by its dotted path.
//!
//! Nothing is built and nothing is copied: the text is walked once, past what is not on the path. A path's step may
//! be a key with dots in it (`{"http.status": 500}` has `http.status`), and a number counts in an array.

use std::borrow::Cow;

use memchr::memmem::Finder;

/// The most steps of a path that are followed.
const MOST_STEPS: usize = 32;

/// A path to look up in many texts.
#[derive(Debug)]
pub(crate) struct JsonPath {
    path: String,
    /// The last key in quotation marks' absence: a text without it has no such path. Not for keys that are written
    /// in other ways too (escapes).
    must_have: Option<Finder<'static>>,
}

impl JsonPath {
    pub(crate) fn new(path: &str) -> JsonPath {
        let last = path.rsplit('.').next().unwrap_or(path);
        let plain = !last.is_empty()
            && last
                .bytes()
                .all(|b| b.is_ascii_graphic() && !matches!(b, b'"' | b'\\' | b'/'))
            && last.parse::<usize>().is_err();
        JsonPath {
            must_have: plain.then(|| Finder::new(last).into_owned()),
            path: path.to_owned(),
        }
    }

    /// The value as text: what is in a string, the digits of a number, `true`, an object or array as it stands.
    /// `None` when the text is no object, is broken before the value, has no such path, or null there.
    pub(crate) fn text<'t>(&self, text: &'t str) -> Option<Cow<'t, str>> {
        match self.find(text)? {
            Found::String(raw) => Some(unescaped(raw)),
            Found::Other("null") => None,
            Found::Other(raw) => Some(Cow::Borrowed(raw)),
        }
    }

    /// The value as a finite number; also of a string that is one.
    pub(crate) fn number(&self, text: &str) -> Option<f64> {
        let raw = match self.find(text)? {
            Found::String(raw) | Found::Other(raw) => raw,
        };
        raw.trim().parse().ok().filter(|n: &f64| n.is_finite())
    }

    fn find<'t>(&self, text: &'t str) -> Option<Found<'t>> {
        let text = text.trim_start();
        if !text.starts_with('{') {
            return None;
        }
        if let Some(finder) = &self.must_have {
            finder.find(text.as_bytes())?;
        }
        let mut walk = Walk { text, at: 0 };
        walk.find(&self.path, MOST_STEPS)
    }
}

/// A value as it stands in the text.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Found<'t> {
    /// Between its quotation marks.
    String(&'t str),
    /// Anything else.
    Other(&'t str),
}

struct Walk<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Walk<'t> {
    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.byte(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        (self.byte() == Some(byte)).then(|| self.at += 1)
    }

    /// The value at a path within the object or array that begins here.
    fn find(&mut self, path: &str, steps: usize) -> Option<Found<'t>> {
        if steps == 0 {
            return None;
        }
        match self.byte()? {
            b'{' => self.find_in_object(path, steps),
            b'[' => self.find_in_array(path, steps),
            _ => None,
        }
    }

    fn find_in_object(&mut self, path: &str, steps: usize) -> Option<Found<'t>> {
        self.at += 1;
        loop {
            self.space();
            let key = unescaped(self.string()?);
            self.space();
            self.take(b':')?;
            self.space();
            match path.strip_prefix(key.as_ref()) {
                Some("") => return self.value(),
                Some(rest) => {
                    if let Some(found) = self.descend(rest.strip_prefix('.'), steps) {
                        return Some(found);
                    }
                }
                None => {}
            }
            self.value()?;
            self.space();
            self.take(b',')?;
        }
    }

    fn find_in_array(&mut self, path: &str, steps: usize) -> Option<Found<'t>> {
        let (first, rest) = match path.split_once('.') {
            Some((first, rest)) => (first, Some(rest)),
            None => (path, None),
        };
        // As it is written, and not `+1` or `01`.
        let is_number = first.bytes().all(|b| b.is_ascii_digit());
        if !is_number || (first.len() > 1 && first.starts_with('0')) {
            return None;
        }
        let wanted: usize = first.parse().ok()?;
        self.at += 1;
        for _ in 0..wanted {
            self.space();
            self.value()?;
            self.space();
            self.take(b',')?;
        }
        self.space();
        match rest {
            None if self.byte() == Some(b']') => None,
            None => self.value(),
            Some(rest) => self.find(rest, steps - 1),
        }
    }

    /// Looks into the value that begins here, and stays before it.
    fn descend(&mut self, rest: Option<&str>, steps: usize) -> Option<Found<'t>> {
        let at = self.at;
        let found = self.find(rest?, steps - 1);
        self.at = at;
        found
    }

    /// Takes a value.
    fn value(&mut self) -> Option<Found<'t>> {
        let start = self.at;
        match self.byte()? {
            b'"' => return self.string().map(Found::String),
            b'{' | b'[' => self.nested()?,
            _ => {
                while self.byte().is_some_and(|b| {
                    !matches!(b, b',' | b'}' | b']' | b' ' | b'\t' | b'\n' | b'\r')
                }) {
                    self.at += 1;
                }
            }
        }
        let raw = self.text.get(start..self.at)?;
        (!raw.is_empty()).then_some(Found::Other(raw))
    }

    /// Takes an object or an array, however deep: brackets are counted, not followed.
    fn nested(&mut self) -> Option<()> {
        let mut open = 0_usize;
        loop {
            match self.byte()? {
                b'"' => {
                    self.string()?;
                    continue;
                }
                b'{' | b'[' => open += 1,
                b'}' | b']' => open -= 1,
                _ => {}
            }
            self.at += 1;
            if open == 0 {
                return Some(());
            }
        }
    }

    /// Takes a string; what is between its quotation marks.
    fn string(&mut self) -> Option<&'t str> {
        self.take(b'"')?;
        let start = self.at;
        loop {
            let rest = self.text.as_bytes().get(self.at..)?;
            self.at += memchr::memchr2(b'"', b'\\', rest)?;
            if self.byte() == Some(b'"') {
                self.at += 1;
                return self.text.get(start..self.at - 1);
            }
            self.at += 2;
        }
    }
}

/// What a string's characters stand for. What is no escape stands for itself.
fn unescaped(raw: &str) -> Cow<'_, str> {
    if !raw.contains('\\') {
        return Cow::Borrowed(raw);
    }
    match serde_json::from_str::<String>(&format!("\"{raw}\"")) {
        Ok(text) => Cow::Owned(text),
        Err(_) => Cow::Borrowed(raw),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn text(path: &str, text: &str) -> Option<String> {
        JsonPath::new(path).text(text).map(Cow::into_owned)
    }

    #[test]
    fn values_by_their_path() {
        let line = r#" {"level": "info", "http": {"status": 500, "path": "/a\"b", "tags": ["x", {"y": true}, 1.5e3]},
            "a.b": {"c.d": "dots"}, "a": {"b": 1, "x": null}, "n": null, "été": "\u00e9", "obj": {"k": [1, 2]}, "s": "12"}"#;
        for (path, value) in [
            ("level", Some("info")),
            ("http.status", Some("500")),
            ("http.path", Some("/a\"b")),
            ("http.tags.0", Some("x")),
            ("http.tags.1.y", Some("true")),
            ("http.tags.2", Some("1.5e3")),
            ("http.tags.3", None),
            ("http.tags.x", None),
            ("a.b.c.d", Some("dots")),
            ("a.b", Some("{\"c.d\": \"dots\"}")),
            ("a.x", None),
            ("n", None),
            ("été", Some("é")),
            ("obj.k", Some("[1, 2]")),
            ("status", None),
            (
                "http",
                Some(r#"{"status": 500, "path": "/a\"b", "tags": ["x", {"y": true}, 1.5e3]}"#),
            ),
            ("", None),
            ("http.", None),
        ] {
            assert_eq!(text(path, line).as_deref(), value, "{path}");
        }
        assert_eq!(JsonPath::new("http.status").number(line), Some(500.0));
        assert_eq!(JsonPath::new("s").number(line), Some(12.0));
        assert_eq!(JsonPath::new("level").number(line), None);
        assert_eq!(JsonPath::new("http.tags.2").number(line), Some(1500.0));
    }

    #[test]
    fn what_is_broken_has_no_value_behind_the_break() {
        for (line, a, b) in [
            ("{\"a\": 1, \"b\"", Some("1"), None),
            ("{\"a\": 1, \"b\": \"x", Some("1"), None),
            ("{\"a\": 1 \"b\": 2}", Some("1"), None),
            ("{\"a\": {\"x\": 1, \"b\": 2", None, None),
            ("[1]", None, None),
            ("{", None, None),
            ("{}", None, None),
            ("{\"a\":}", None, None),
            ("{\"a\\", None, None),
            ("a b", None, None),
        ] {
            assert_eq!(text("a", line).as_deref(), a, "{line}");
            assert_eq!(text("b", line).as_deref(), b, "{line}");
        }
        let deep = format!(
            "{{\"x\": {}1{}, \"a\": 2}}",
            "[".repeat(100_000),
            "]".repeat(100_000)
        );
        assert_eq!(
            text("a", &deep).as_deref(),
            Some("2"),
            "depth is counted, not followed"
        );
        let nested = format!("{}1{}", "{\"a\":".repeat(100), "}".repeat(100));
        let path = vec!["a"; 100].join(".");
        assert_eq!(text(&path, &nested), None, "a path has its bound");
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            "[ -~é\"\\\\]{0,6}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 5, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                proptest::collection::btree_map("[a-c]{1,2}", inner, 0..5)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn the_same_as_from_a_tree(inner in any_json(), path in "[a-c0-2]{1,2}(\\.[a-c0-2]{1,2}){0,3}") {
            let value = json!({"a": inner, "b": {"c": inner}});
            let pointer = format!("/{}", path.replace('.', "/"));
            let expected = match value.pointer(&pointer) {
                None | Some(Value::Null) => None,
                Some(Value::String(text)) => Some(text.clone()),
                Some(other) => Some(other.to_string()),
            };
            prop_assert_eq!(text(&path, &value.to_string()), expected);
        }

        #[test]
        fn no_text_is_too_strange(line in "\\{[{}\\[\\]\",:\\\\a-c1é ]{0,40}", path in "[a-c1](\\.[a-c1])?") {
            let path = JsonPath::new(&path);
            let _ = (path.text(&line), path.number(&line));
        }
    }
}
