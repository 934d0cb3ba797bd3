//! Lines of Docker's `json-file` driver: `{"log":"<text>\n","stream":"stdout","time":"<RFC 3339>"}`.

use super::json;
use super::output::Stream;
use super::stamp::{Stamp, rfc3339};

/// A line, read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct DockerLine<'a> {
    pub(super) stamp: Stamp,
    pub(super) stream: Stream,
    /// Whether the next line of the stream goes on with it: its text has no newline at its end.
    pub(super) partial: bool,
    /// Without the newline.
    pub(super) text: &'a [u8],
    /// Bytes with which halves of surrogate pairs were written.
    pub(super) invalid: u64,
}

/// Reads a line without its newline; `None` if it is not of this form. `scratch` is for texts with escapes. Members other than
/// the three (`attrs`) are stepped over.
pub(super) fn parse<'a>(line: &'a [u8], scratch: &'a mut Vec<u8>) -> Option<DockerLine<'a>> {
    let mut at = json::spaces(line, 0);
    if line.get(at) != Some(&b'{') {
        return None;
    }
    at += 1;
    let (mut log, mut stream, mut stamp) = (None, None, None);
    while let Some((key, start)) = json::member(line, at) {
        match line.get(key)? {
            b"log" => {
                let (text, after) = message(line, start, scratch)?;
                log = Some(text);
                at = after;
            }
            b"stream" => {
                let (text, after) = json::string(line, start)?;
                stream = match line.get(text)? {
                    b"stdout" => Some(Stream::Stdout),
                    b"stderr" => Some(Stream::Stderr),
                    _ => return None,
                };
                at = after;
            }
            b"time" => {
                let (text, after) = json::string(line, start)?;
                let text = line.get(text)?;
                let (read, used) = rfc3339(text, true)?;
                if used != text.len() {
                    return None;
                }
                stamp = Some(read);
                at = after;
            }
            _ => at = json::value(line, start)?,
        }
    }
    at = json::spaces(line, at);
    if line.get(at) != Some(&b'}') || json::spaces(line, at + 1) != line.len() {
        return None;
    }
    let (stream, stamp) = (stream?, stamp?);
    match log? {
        Log::Ended(text) => Some(DockerLine {
            stamp,
            stream,
            partial: false,
            text,
            invalid: 0,
        }),
        Log::Escaped(invalid) => {
            let scratch = &*scratch;
            let text = scratch.strip_suffix(b"\n");
            Some(DockerLine {
                stamp,
                stream,
                partial: text.is_none(),
                text: text.unwrap_or(scratch),
                invalid,
            })
        }
    }
}

/// The text of a line as it is written.
enum Log<'a> {
    /// No escape but the newline at its end, which is left out here: the most of all lines.
    Ended(&'a [u8]),
    /// In the scratch buffer, with so many bytes that were no text.
    Escaped(u64),
}

fn message<'a>(line: &'a [u8], start: usize, scratch: &mut Vec<u8>) -> Option<(Log<'a>, usize)> {
    if line.get(start) != Some(&b'"') {
        return None;
    }
    let rest = line.get(start + 1..)?;
    let first = memchr::memchr2(b'"', b'\\', rest)?;
    if rest.get(first..)?.starts_with(b"\\n\"") {
        return Some((Log::Ended(rest.get(..first)?), start + first + 4));
    }
    scratch.clear();
    let (after, invalid) = json::unescape(line, start + 1, scratch)?;
    Some((Log::Escaped(invalid), after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read() {
        for (line, stream, partial, text) in [
            (
                r#"{"log":"hello\n","stream":"stdout","time":"2026-11-23T03:16:21.14Z"}"#,
                Stream::Stdout,
                false,
                "hello",
            ),
            (
                r#"{"log":"a\"b\tü\u00fc\ud83d\ude00\n","stream":"stderr","time":"2026-11-23T03:16:21.14Z"}"#,
                Stream::Stderr,
                false,
                "a\"b\tüü😀",
            ),
            (
                r#"{"log":"piece","stream":"stdout","time":"2026-11-23T03:16:21.14Z"}"#,
                Stream::Stdout,
                true,
                "piece",
            ),
            (
                r#"{"log":"","stream":"stdout","time":"2026-11-23T03:16:21.14Z"}"#,
                Stream::Stdout,
                true,
                "",
            ),
            (
                r#"{"log":"\n","stream":"stdout","time":"2026-11-23T03:16:21.14Z"}"#,
                Stream::Stdout,
                false,
                "",
            ),
            (
                r#"{"log":"back\\","stream":"stdout","time":"2026-11-23T03:16:21.14Z"}"#,
                Stream::Stdout,
                true,
                "back\\",
            ),
            (
                r#"{"log":"n\\n\n","stream":"stdout","attrs":{"a":["}",{"b":"\""}],"n":1},"time":"2026-11-23T03:16:21.14+09:00"}"#,
                Stream::Stdout,
                false,
                "n\\n",
            ),
            (
                r#" { "time" : "2026-11-23T03:16:21.14Z" , "stream":"stdout", "log":"x\r\n" } "#,
                Stream::Stdout,
                false,
                "x\r",
            ),
        ] {
            let mut scratch = Vec::new();
            let read = parse(line.as_bytes(), &mut scratch).unwrap_or_else(|| panic!("{line}"));
            assert_eq!(
                (read.stream, read.partial, read.text),
                (stream, partial, text.as_bytes()),
                "{line}"
            );
        }
        for line in [
            "",
            "{}",
            "hello",
            r#"{"log":"hello\n","stream":"stdout"}"#,
            r#"{"log":"hello\n","time":"2026-11-23T03:16:21.14Z"}"#,
            r#"{"stream":"stdout","time":"2026-11-23T03:16:21.14Z"}"#,
            r#"{"log":"hello\n","stream":"stdout","time":"yesterday"}"#,
            r#"{"log":"hello\n","stream":"stdout","time":"2026-11-23T03:16:21.14Z"#,
            r#"{"log":"hello\n","stream":"stdout","time":"2026-11-23T03:16:21.14Z"} x"#,
            r#"{"log":"hel\xo\n","stream":"stdout","time":"2026-11-23T03:16:21.14Z"}"#,
            r#"{"log":7,"stream":"stdout","time":"2026-11-23T03:16:21.14Z"}"#,
            r#"{"log":"hello\n","stream":"stdlog","time":"2026-11-23T03:16:21.14Z"}"#,
        ] {
            assert_eq!(parse(line.as_bytes(), &mut Vec::new()), None, "{line}");
        }
    }

    #[test]
    fn depth_is_no_danger() {
        let deep = format!(
            r#"{{"attrs":{}{},"log":"x\n","stream":"stdout","time":"2026-11-23T03:16:21.14Z"}}"#,
            "[".repeat(100_000),
            "]".repeat(100_000)
        );
        assert_eq!(parse(deep.as_bytes(), &mut Vec::new()).unwrap().text, b"x");
        assert_eq!(
            parse("{\"a\":[".repeat(100_000).as_bytes(), &mut Vec::new()),
            None
        );
    }
}
