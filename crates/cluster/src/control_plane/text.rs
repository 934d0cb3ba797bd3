//! Lines of the Prometheus text format.

use std::borrow::Cow;

/// One line: a name, labels, a value.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line<'a> {
    pub(super) name: &'a str,
    pub(super) labels: Vec<(&'a str, Cow<'a, str>)>,
    pub(super) value: f64,
}

/// The name of a line; `None` of comments and empty lines. What is asked of every line, so it looks at no more.
pub(super) fn name(line: &str) -> Option<&str> {
    let end = line.find(['{', ' ', '\t'])?;
    let name = &line[..end];
    (!name.is_empty() && !name.starts_with('#')).then_some(name)
}

/// Reads a line; `None` when it is none of the format
/// (<https://prometheus.io/docs/instrumenting/exposition_formats/#text-format-details>).
pub(super) fn line(line: &str) -> Option<Line<'_>> {
    let name = name(line)?;
    let mut rest = &line[name.len()..];
    let mut labels = Vec::new();
    if let Some(inner) = rest.strip_prefix('{') {
        rest = inner;
        loop {
            rest = rest.trim_start_matches([' ', '\t', ',']);
            if let Some(after) = rest.strip_prefix('}') {
                rest = after;
                break;
            }
            let (label, after) = rest.split_once('=')?;
            let after = after.trim_start().strip_prefix('"')?;
            let end = closing(after)?;
            labels.push((label.trim(), unescape(&after[..end])));
            rest = &after[end + 1..];
        }
    }
    // A time may follow the value.
    let value = rest.split_ascii_whitespace().next()?;
    Some(Line {
        name,
        labels,
        value: value.parse().ok()?,
    })
}

/// Where the quotation mark is that is not written with a backslash.
fn closing(text: &str) -> Option<usize> {
    let mut bytes = text.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'\\' => {
                bytes.next();
            }
            b'"' => return Some(at),
            _ => {}
        }
    }
    None
}

fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('n') => plain.push('\n'),
                Some(other) => plain.push(other),
                None => plain.push('\\'),
            },
            letter => plain.push(letter),
        }
    }
    Cow::Owned(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    type Read<'a> = (&'a str, Vec<(&'a str, String)>, f64);

    fn read(text: &str) -> Option<Read<'_>> {
        let line = line(text)?;
        let labels = line
            .labels
            .into_iter()
            .map(|(name, value)| (name, value.into_owned()));
        Some((line.name, labels.collect(), line.value))
    }

    #[test]
    fn names_labels_and_values() {
        assert_eq!(read("up 1"), Some(("up", vec![], 1.0)));
        assert_eq!(
            read("up 1.5e+06 1395066363000"),
            Some(("up", vec![], 1.5e6))
        );
        assert_eq!(
            read(r#"a_total{b="c",d="say \"e, }\" \\ \n"} 2"#),
            Some((
                "a_total",
                vec![
                    ("b", "c".to_owned()),
                    ("d", "say \"e, }\" \\ \n".to_owned())
                ],
                2.0
            ))
        );
        assert_eq!(
            read(r#"a{ b = "c" , } 3"#),
            Some(("a", vec![("b", "c".to_owned())], 3.0))
        );
        assert!(read("a NaN").unwrap().2.is_nan());
        assert_eq!(read("a +Inf").unwrap().2, f64::INFINITY);
    }

    #[test]
    fn what_is_no_sample_is_none() {
        for text in [
            "",
            "# HELP a b",
            "a",
            "a{b=\"c\"",
            "a{b=\"c} 1",
            "a{b} 1",
            "a{b=\"c\"} x",
            "{} 1",
            "a{b=\"c\\",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
