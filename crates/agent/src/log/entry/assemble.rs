//! From lines to entries.

use std::sync::Arc;

use super::{EntryRules, EntrySink, Format, Resume};

/// Makes entries of one file instance's bytes. Owns what is not complete yet.
#[derive(Debug)]
pub(crate) struct Assembler {
    format: Format,
    rules: Arc<EntryRules>,
    resume: Resume,
}

impl Assembler {
    /// Bytes without a newline that are taken in any case: a reader whose buffer is at least this large never stands still.
    pub(crate) const PARTIAL: usize = 64 << 10;

    /// For a file that is read from `resume.start()` on; lines of a stream below its own offset are passed over.
    pub(crate) fn new(format: Format, rules: Arc<EntryRules>, resume: Resume) -> Assembler {
        Assembler {
            format,
            rules,
            resume,
        }
    }

    /// Takes the lines of `bytes`, the first of which is at `offset` in the file, and answers how many bytes it took; the
    /// rest, less than a line, is to be given again with what follows it. Of a line that is longer than
    /// [`Assembler::PARTIAL`] the beginning is taken too, and kept up to the bound of a line.
    ///
    /// `offset` must be where the call before ended (`resume.start()` at first).
    pub(crate) fn push(
        &mut self,
        bytes: &[u8],
        offset: u64,
        now_usec: i64,
        out: &mut dyn EntrySink,
    ) -> usize {
        let _ = (bytes, offset, now_usec, out, self.format, &self.rules);
        0
    }

    /// Ends what has waited long enough for its next line. To be called a few times a second, more often does no harm.
    pub(crate) fn tick(&mut self, now_usec: i64, out: &mut dyn EntrySink) {
        let _ = (now_usec, out);
    }

    /// The end of the file instance: `rest`, a last line without newline, if it is not empty, and all that waits become entries.
    pub(crate) fn finish(
        &mut self,
        rest: &[u8],
        offset: u64,
        now_usec: i64,
        out: &mut dyn EntrySink,
    ) {
        let _ = (rest, offset, now_usec, out);
    }

    /// From where to read again after a crash, so that every entry given out is not given again and every one that waits is.
    pub(crate) fn resume(&self) -> Resume {
        self.resume
    }

    /// Whether something waits for more lines; [`Assembler::tick`] does nothing otherwise.
    pub(crate) fn waits(&self) -> bool {
        false
    }
}
