//! Lines of a text by places in it.

/// Where the lines of a text begin.
#[derive(Debug)]
pub(super) struct Lines(Vec<usize>);

impl Lines {
    pub(super) fn of(text: &str) -> Lines {
        let bytes = text.bytes().enumerate();
        let newlines = bytes.filter(|(_, byte)| *byte == b'\n');
        Lines(newlines.map(|(at, _)| at).collect())
    }

    /// The line of a byte of the text, from 1.
    pub(super) fn line(&self, at: usize) -> usize {
        self.0.partition_point(|newline| *newline < at) + 1
    }
}
