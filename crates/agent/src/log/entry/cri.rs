//! Lines of the container runtime interface: `<RFC 3339 time> stdout|stderr P|F[:tags] <text>`.

use super::output::Stream;
use super::stamp::{Stamp, rfc3339};

/// A line, read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct CriLine<'a> {
    pub(super) stamp: Stamp,
    pub(super) stream: Stream,
    /// Whether the next line of the stream goes on with it.
    pub(super) partial: bool,
    pub(super) text: &'a [u8],
}

/// Reads a line without its newline; `None` if it is not of this form.
pub(super) fn parse(line: &[u8]) -> Option<CriLine<'_>> {
    // Both runtimes write RFC3339Nano, which drops trailing zeros.
    let (stamp, used) = rfc3339(line, true)?;
    let rest = line.get(used..)?;
    let (stream, rest) = if let Some(rest) = rest.strip_prefix(b" stdout ") {
        (Stream::Stdout, rest)
    } else {
        (Stream::Stderr, rest.strip_prefix(b" stderr ")?)
    };
    let (tag, rest) = rest.split_first()?;
    let partial = match tag {
        b'F' => false,
        b'P' => true,
        _ => return None,
    };
    let text = match rest.split_first() {
        None => rest,
        Some((b' ', text)) => text,
        // More tags, none of which is in use today.
        Some((b':', tags)) => match memchr::memchr(b' ', tags) {
            Some(space) => tags.get(space + 1..)?,
            None => &[],
        },
        Some(_) => return None,
    };
    Some(CriLine {
        stamp,
        stream,
        partial,
        text,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read() {
        for (line, stream, partial, text) in [
            (
                "2026-11-23T03:16:21.14Z stdout F hello world",
                Stream::Stdout,
                false,
                "hello world",
            ),
            (
                "2026-11-23T03:16:21.14Z stderr P  two",
                Stream::Stderr,
                true,
                " two",
            ),
            (
                "2026-11-23T03:16:21.14+09:00 stdout F:a:b x",
                Stream::Stdout,
                false,
                "x",
            ),
            (
                "2026-11-23T03:16:21.14Z stdout P:a",
                Stream::Stdout,
                true,
                "",
            ),
            ("2026-11-23T03:16:21Z stdout F ", Stream::Stdout, false, ""),
            ("2026-11-23T03:16:21Z stdout F", Stream::Stdout, false, ""),
        ] {
            let read = parse(line.as_bytes()).unwrap();
            assert_eq!(
                (read.stream, read.partial, read.text),
                (stream, partial, text.as_bytes()),
                "{line}"
            );
        }
        for line in [
            "",
            "hello",
            "2026-11-23T03:16:21.14Z",
            "2026-11-23T03:16:21.14Z stdout",
            "2026-11-23T03:16:21.14Z stdout ",
            "2026-11-23T03:16:21.14Z stdout X text",
            "2026-11-23T03:16:21.14Z stdout FF text",
            "2026-11-23T03:16:21.14Z stdin F text",
            "2026-11-23T03:16:21.14 stdout F text",
            "2026-11-23T03:16:21.14Z  stdout F text",
        ] {
            assert_eq!(parse(line.as_bytes()), None, "{line}");
        }
    }
}
