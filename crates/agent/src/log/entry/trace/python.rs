//! Python: `Traceback (most recent call last):`, indented calls, the exception, and perhaps another one after it.

/// Where in the trace.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in super::super) enum State {
    /// Calls, until the exception.
    Frames,
    /// The exception was there.
    Done,
    /// It was said that another one follows.
    Another,
    /// An exception group, whose lines all have a margin.
    Group,
}

const HEAD: &[u8] = b"Traceback (most recent call last):";

/// Whether a line begins a traceback.
pub(super) fn begins(line: &[u8]) -> bool {
    line.starts_with(HEAD)
}

/// Whether a line begins the traceback of an exception group.
pub(super) fn group(line: &[u8]) -> bool {
    line.starts_with(b"  + Exception Group Traceback (most recent call last):")
}

impl State {
    /// Whether a blank line may come now.
    pub(super) fn pauses(self) -> bool {
        matches!(self, State::Done)
    }

    /// The state after a line that goes on with the trace.
    pub(super) fn next(self, line: &[u8], blank: bool) -> Option<State> {
        match self {
            State::Frames if line.starts_with(b"  ") || line.starts_with(b"\t") => {
                Some(State::Frames)
            }
            State::Frames if exception(line) => Some(State::Done),
            State::Frames => None,
            State::Done if blank && another(line) => Some(State::Another),
            State::Done => None,
            State::Another if line.is_empty() => Some(State::Another),
            State::Another if begins(line) => Some(State::Frames),
            State::Another => None,
            State::Group => margin(line).then_some(State::Group),
        }
    }
}

/// `name.of.Exception` alone or followed by a colon.
fn exception(line: &[u8]) -> bool {
    let end = line
        .iter()
        .position(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | 0x80..)))
        .unwrap_or(line.len());
    let (name, after) = line.split_at(end);
    let begins = name
        .first()
        .is_some_and(|b| b.is_ascii_alphabetic() || matches!(b, b'_' | 0x80..));
    begins && (after.is_empty() || after == b":" || after.starts_with(b": "))
}

fn another(line: &[u8]) -> bool {
    line == b"During handling of the above exception, another exception occurred:"
        || line == b"The above exception was the direct cause of the following exception:"
}

/// `  | text`, `  +-+---------------- 1 ----------------`, at any depth.
fn margin(line: &[u8]) -> bool {
    line.starts_with(b"  ") && matches!(line.trim_ascii_start().first(), Some(b'|' | b'+'))
}
