//! Java and its kin, JavaScript and .NET: the exception's name, then a line for each call, all beginning with `at`.

/// Where in the trace.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in super::super) enum State {
    /// Calls and causes may follow.
    Calls,
    /// Node.js prints an error's own properties in braces after its calls.
    Properties,
}

impl State {
    /// The state after a line that goes on with the trace.
    pub(super) fn next(self, line: &[u8]) -> Option<State> {
        match self {
            State::Properties if line == b"}" => Some(State::Calls),
            State::Properties if line.starts_with(b"  ") => Some(State::Properties),
            State::Properties => None,
            State::Calls => {
                frame(line).or_else(|| (cause(line) || between(line)).then_some(State::Calls))
            }
        }
    }
}

/// The longest name of an exception.
const NAME: usize = 256;

/// The name of an exception at the start of a line, `java.lang.IllegalStateException: text` or `TypeError [CODE]: text`; whether it has
/// a dot.
pub(super) fn exception(line: &[u8]) -> Option<bool> {
    let line = match line.first()? {
        b'E' => thread(line).unwrap_or(line),
        b'U' => line
            .strip_prefix(b"Unhandled exception. ")
            .or_else(|| line.strip_prefix(b"Unhandled Exception: "))
            .or_else(|| line.strip_prefix(b"Uncaught "))
            .unwrap_or(line),
        _ => line,
    };
    let name = line.get(..NAME).unwrap_or(line);
    let end = name
        .iter()
        .position(|b| {
            !(b.is_ascii_alphanumeric()
                || matches!(b, b'.' | b'_' | b'$' | b'+' | b'`' | b'/' | b'@'))
        })
        .unwrap_or(name.len());
    let (name, after) = line.split_at(end);
    if !(name.ends_with(b"Exception") || name.ends_with(b"Error") || name.ends_with(b"Throwable"))
        || !name.first()?.is_ascii_alphabetic()
    {
        return None;
    }
    // Node.js has an error's code after its name.
    let after = match after.strip_prefix(b" [") {
        Some(code) => code.get(memchr::memchr(b']', code.get(..64.min(code.len()))?)? + 1..)?,
        None => after,
    };
    let ends = after.is_empty() || after == b":" || after.starts_with(b": ");
    ends.then(|| name.contains(&b'.'))
}

/// What follows `Exception in thread "name" `.
fn thread(line: &[u8]) -> Option<&[u8]> {
    let rest = line.strip_prefix(b"Exception in thread \"")?;
    let end = memchr::memchr(b'"', rest)?;
    rest.get(end + 1..)?.strip_prefix(b" ")
}

/// A call: `at` after white space, then a dotted name and a parenthesis, or a place in a file.
pub(super) fn frame(line: &[u8]) -> Option<State> {
    let text = indented(line)?.strip_prefix(b"at ")?;
    let text = text.strip_prefix(b"async ").unwrap_or(text);
    let text = text.strip_prefix(b"new ").unwrap_or(text);
    if text.first()?.is_ascii_digit() {
        return None;
    }
    let bare = text.strip_suffix(b" {");
    let end = text
        .iter()
        .position(|b| matches!(b, b' ' | b'('))
        .unwrap_or(text.len());
    let (name, after) = text.split_at(end);
    let called =
        after.starts_with(b"(") && name.iter().any(|b| matches!(b, b'.' | b'/' | b'$' | b'_'));
    if called || placed(bare.unwrap_or(text)) {
        return Some(if bare.is_some() {
            State::Properties
        } else {
            State::Calls
        });
    }
    None
}

/// Whether a call ends with a place: `:12:34`, `:12)`, `<anonymous>)`, `(native)`.
fn placed(text: &[u8]) -> bool {
    if text.ends_with(b"<anonymous>)") || text.ends_with(b"(native)") {
        return true;
    }
    let text = text.strip_suffix(b")").unwrap_or(text);
    let digits = text.iter().rev().take_while(|b| b.is_ascii_digit()).count();
    digits > 0
        && text
            .get(..text.len() - digits)
            .is_some_and(|t| t.ends_with(b":"))
}

/// The line without the white space that it begins with, if it begins with any.
fn indented(line: &[u8]) -> Option<&[u8]> {
    matches!(line.first(), Some(b' ' | b'\t')).then(|| line.trim_ascii_start())
}

/// `Caused by: java.io.IOException: text`, also within another.
pub(super) fn cause(line: &[u8]) -> bool {
    let text = line.trim_ascii_start();
    let text = text.strip_prefix(b"[CIRCULAR REFERENCE:");
    let Some(text) = text.or_else(|| caused(line.trim_ascii_start())) else {
        return false;
    };
    !text.is_empty()
}

fn caused(text: &[u8]) -> Option<&[u8]> {
    [&b"Caused by: "[..], b"Suppressed: ", b"Wrapped by: "]
        .into_iter()
        .find_map(|word| text.strip_prefix(word))
}

/// What stands between calls: `... 12 more`, `... 3 common frames omitted`, and .NET's ` ---> inner` and `--- End of …`.
fn between(line: &[u8]) -> bool {
    let text = line.trim_ascii_start();
    if let Some(rest) = text.strip_prefix(b"... ") {
        let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
        return digits > 0
            && rest.get(digits..).is_some_and(|rest| {
                [
                    &b" more"[..],
                    b" common frames omitted",
                    b" frames truncated",
                    b" lines matching",
                ]
                .iter()
                .any(|w| rest.starts_with(w))
            });
    }
    text.starts_with(b"--- End of ") || text.len() < line.len() && text.starts_with(b"---> ")
}
