//! Go: a panic or a signal, then a dump of goroutines.

use super::Level;

/// Where in the trace.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in super::super) enum State {
    /// The panic's own lines; no dump yet.
    Panic,
    /// After a goroutine's or a call's line: a call may follow.
    Call,
    /// After a call: its place follows.
    Place,
}

/// The trace that a line begins and what it is a sign of.
pub(super) fn begins(line: &[u8]) -> Option<(State, Option<Level>)> {
    match line.first()? {
        b'p' if line.starts_with(b"panic: ") => Some((State::Panic, Some(Level::Fatal))),
        b'f' if line.starts_with(b"fatal error: ") => Some((State::Panic, Some(Level::Fatal))),
        b'S' if ["SIGSEGV: ", "SIGABRT: ", "SIGQUIT: ", "SIGBUS: "]
            .iter()
            .any(|s| line.starts_with(s.as_bytes())) =>
        {
            Some((State::Panic, Some(Level::Fatal)))
        }
        b'g' if goroutine(line) => Some((State::Call, None)),
        _ => None,
    }
}

/// A panic that `net/http` caught: `2026/11/25 20:31:04 http: panic serving …`.
pub(super) fn served(line: &[u8]) -> bool {
    line.get(4) == Some(&b'/')
        && line.get(7) == Some(&b'/')
        && line
            .get(19..)
            .and_then(|rest| rest.get(..32.min(rest.len())))
            .is_some_and(|rest| memchr::memmem::find(rest, b" http: panic serving ").is_some())
}

/// `goroutine 1 [running]:`.
fn goroutine(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"goroutine ") else {
        return false;
    };
    let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
    digits > 0
        && rest
            .get(digits..)
            .is_some_and(|r| r.starts_with(b" ") && r.contains(&b'[') && r.ends_with(b":"))
}

impl State {
    /// The state after a line that goes on with the trace.
    pub(super) fn next(self, line: &[u8], blank: bool) -> Option<State> {
        if goroutine(line) || line == b"runtime stack:" {
            return Some(State::Call);
        }
        if [
            "[signal ",
            "panic: ",
            "\tpanic: ",
            "[recovered]",
            "fatal error: ",
            "goroutine running on ",
        ]
        .iter()
        .any(|s| line.starts_with(s.as_bytes()))
            || ["runtime: ", "PC="]
                .iter()
                .any(|s| line.starts_with(s.as_bytes()))
                && self == State::Panic
        {
            return Some(self);
        }
        if self == State::Panic {
            return None;
        }
        if register(line) || line.starts_with(b"exit status ") {
            return Some(self);
        }
        if blank {
            return None;
        }
        match self {
            State::Place | State::Call if place(line) => Some(State::Call),
            State::Call
                if line.starts_with(b"created by ")
                    || line.starts_with(b"panic(")
                    || call(line) =>
            {
                Some(State::Place)
            }
            State::Call if line.starts_with(b"...") && line.ends_with(b"elided...") => {
                Some(State::Call)
            }
            _ => None,
        }
    }
}

/// `\t/src/main.go:12 +0x1d`.
fn place(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"\t") else {
        return false;
    };
    let Some(colon) = memchr::memrchr(b':', rest) else {
        return false;
    };
    rest.get(colon + 1).is_some_and(u8::is_ascii_digit)
        || rest.starts_with(b"goroutine running on other thread")
}

/// `net/http.(*conn).serve(0xc000, {0x1, 0x2})`.
fn call(line: &[u8]) -> bool {
    let Some(open) = memchr::memrchr(b'(', line) else {
        return false;
    };
    line.ends_with(b")")
        && line.get(..open).is_some_and(|name| {
            let end = memchr::memchr(b' ', name).unwrap_or(name.len());
            // Spaces may stand among arguments, not in the name.
            name.get(..end)
                .is_some_and(|n| n.contains(&b'.') && (end == name.len() || n.contains(&b'(')))
        })
}

/// `rax    0x0`.
fn register(line: &[u8]) -> bool {
    let name = line
        .iter()
        .take_while(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        .count();
    (2..=6).contains(&name)
        && line.get(name..).is_some_and(|rest| {
            let value = rest.trim_ascii_start();
            value.len() < rest.len()
                && value
                    .strip_prefix(b"0x")
                    .is_some_and(|v| !v.is_empty() && v.iter().all(u8::is_ascii_hexdigit))
        })
}
