//! Stack traces: which line begins one and which lines go on with it.
//!
//! A trace begins at a line that is recognised as such and takes lines that are recognised as parts of it; any other line ends it. The
//! state is what was taken alone, so that a trace that was given out in the middle (at a bound, after a time-out) leaves
//! nothing behind, and reading again from an entry's start gives the same entries.

mod dotnet;
mod frames;
mod go;
mod python;
mod ruby;

use super::output::Level;

/// What kind of trace, and where in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Trace {
    /// A line that tells of a fault: its trace may follow.
    Announced,
    /// An exception and the calls it came through: Java and its kin, JavaScript, .NET.
    Frames(frames::State),
    /// `Traceback (most recent call last):`.
    Python(python::State),
    /// A panic or a dump of goroutines.
    Go(go::State),
    /// Ruby.
    Ruby,
    /// An entry of .NET's console logger, whose text begins on its second line.
    Dotnet,
}

/// What a trace makes of a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Answer {
    /// It is part of it; so the trace is now.
    Takes(Trace),
    /// It is part of it if the next line is.
    Perhaps,
    /// It is not.
    Leaves,
}

/// The trace that a line begins, and what it is a sign of if the line itself does not say.
pub(super) fn begins(line: &[u8]) -> Option<(Trace, Option<Level>)> {
    let error = Some(Level::Error);
    match line.first()? {
        b' ' | b'\t' => {
            if python::group(line) {
                return Some((Trace::Python(python::State::Group), error));
            }
            if ruby::from(line) {
                return Some((Trace::Ruby, None));
            }
            frames::frame(line).map(|state| (Trace::Frames(state), None))
        }
        b'0'..=b'9' => go::served(line).then_some((Trace::Go(go::State::Panic), error)),
        b'{' | b'[' | b'<' | b'(' | b'"' => None,
        _ => {
            if python::begins(line) {
                return Some((Trace::Python(python::State::Frames), error));
            }
            if let Some((state, level)) = go::begins(line) {
                return Some((Trace::Go(state), level));
            }
            if dotnet::begins(line) {
                return Some((Trace::Dotnet, None));
            }
            if ruby::begins(line) {
                return Some((Trace::Ruby, error));
            }
            if frames::exception(line).is_some() {
                return Some((Trace::Frames(frames::State::Calls), error));
            }
            frames::cause(line).then_some((Trace::Frames(frames::State::Calls), None))
        }
    }
}

/// Whether a line of this level may announce a trace.
pub(super) fn announces(line: &[u8], level: Option<Level>) -> bool {
    // A JSON object has its trace inside.
    level >= Some(Level::Warn) && line.first() != Some(&b'{')
}

impl Trace {
    /// What it makes of the next line. `blank`: an empty line was between.
    pub(super) fn offer(self, line: &[u8], blank: bool) -> Answer {
        let next = match self {
            Trace::Announced if blank || line.is_empty() => None,
            Trace::Announced => announced(line),
            Trace::Frames(state) if !blank => state.next(line).map(Trace::Frames),
            Trace::Python(state) => {
                if line.is_empty() && !blank && state.pauses() {
                    return Answer::Perhaps;
                }
                state.next(line, blank).map(Trace::Python)
            }
            Trace::Go(state) => {
                if line.is_empty() && !blank {
                    return Answer::Perhaps;
                }
                state.next(line, blank).map(Trace::Go)
            }
            Trace::Ruby if !blank => ruby::goes_on(line).then_some(Trace::Ruby),
            Trace::Dotnet if !blank => dotnet::goes_on(line).then_some(Trace::Dotnet),
            Trace::Frames(_) | Trace::Ruby | Trace::Dotnet => None,
        };
        next.map_or(Answer::Leaves, Answer::Takes)
    }
}

/// The trace that directly follows the line that announced it. What could as well be a fault of its own is not taken.
fn announced(line: &[u8]) -> Option<Trace> {
    if matches!(line.first(), Some(b' ' | b'\t')) {
        return begins(line).map(|(trace, _)| trace);
    }
    if python::begins(line) {
        return Some(Trace::Python(python::State::Frames));
    }
    if line.starts_with(b"goroutine ") {
        return go::begins(line).map(|(state, _)| Trace::Go(state));
    }
    if ruby::place(line) {
        return Some(Trace::Ruby);
    }
    let dotted = frames::exception(line).is_some_and(|dotted| dotted);
    (dotted || frames::cause(line)).then_some(Trace::Frames(frames::State::Calls))
}

#[cfg(test)]
mod tests;
