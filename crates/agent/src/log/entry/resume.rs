//! From where to read again.

/// The offset from which each stream's lines were not given out yet.
///
/// One for each stream, because they interleave: while a group of standard error is still open, lines of standard
/// output after it have been given out already. [`Format::Plain`](super::Format::Plain) has one stream; both are then the same.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Resume {
    /// Lines of standard output below this were given out.
    pub(crate) stdout: u64,
    /// Lines of standard error below this were given out.
    pub(crate) stderr: u64,
}

impl Resume {
    /// Everything below `offset` was given out.
    pub(crate) fn at(offset: u64) -> Resume {
        Resume {
            stdout: offset,
            stderr: offset,
        }
    }

    /// Where reading has to start: always the start of a line.
    pub(crate) fn start(self) -> u64 {
        self.stdout.min(self.stderr)
    }
}
