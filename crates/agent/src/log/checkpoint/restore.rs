//! Checkpoints as they were left, from the snapshot and the notes after it.

use std::collections::HashMap;

use super::note::{FileAt, JournalState, Note};
use crate::log::count::{Count, Totals};
use crate::log::source::Source;

/// A log as it was left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RestoredSource {
    /// What it is called.
    pub(crate) source: Source,
    /// What was counted.
    pub(crate) totals: Totals,
    /// What the ledger's rows add up to.
    pub(crate) reported: Totals,
}

#[derive(Debug, Default)]
struct Partial {
    source: Option<Source>,
    totals: Option<Totals>,
    reported: Option<Totals>,
    waiting: u64,
}

/// Everything as it was left. Notes come first, from the newest to the oldest, then the snapshot: what is known already is
/// newer than what comes.
#[derive(Debug, Default)]
pub(crate) struct Restored {
    sources: HashMap<u32, Partial>,
    files: HashMap<u64, Option<FileAt>>,
    /// Where the journal was left.
    pub(crate) journal: Option<JournalState>,
    /// The highest number of a note.
    pub(crate) note: u64,
    /// Whether anything was left at all.
    pub(crate) is_known: bool,
    /// Notes that could not be understood.
    pub(crate) unreadable: u64,
}

impl Restored {
    /// Takes in a note. `is_state`: it is newer than the snapshot; of an older one it only matters what waits.
    pub(crate) fn note(&mut self, number: u64, bytes: &[u8], is_state: bool, waits: bool) {
        self.note = self.note.max(number);
        let Some(note) = Note::read(bytes) else {
            self.unreadable += 1;
            return;
        };
        if waits {
            for source in &note.sources {
                self.sources.entry(source.id).or_default().waiting += source.in_frame;
            }
        }
        if is_state {
            self.state(note);
        }
    }

    /// Takes in the snapshot.
    pub(crate) fn snapshot(&mut self, number: u64, note: Note) {
        self.note = self.note.max(number);
        self.state(note);
    }

    fn state(&mut self, note: Note) {
        self.is_known = true;
        for state in note.sources {
            let known = self.sources.entry(state.id).or_default();
            known.source = known.source.take().or(state.source);
            known.totals = known.totals.or(Some(state.totals));
            known.reported = known.reported.or(state.reported);
        }
        for file in note.files {
            self.files.entry(file.id).or_insert(file.at);
        }
        if self.journal.is_none() {
            self.journal = note.journal;
        }
    }

    /// Logs by their ids. What the server has is what was spooled and neither waits nor was refused: that is known
    /// exactly, whatever the process was about to write down.
    pub(crate) fn sources(&self) -> Vec<(u32, RestoredSource)> {
        let mut sources: Vec<(u32, RestoredSource)> = self
            .sources
            .iter()
            .filter_map(|(id, partial)| {
                let mut totals = partial.totals?;
                let answered = totals
                    .get(Count::Spooled)
                    .saturating_sub(partial.waiting)
                    .saturating_sub(totals.get(Count::Refused));
                totals.0[Count::Acknowledged as usize] = answered;
                let restored = RestoredSource {
                    source: partial.source.clone()?,
                    totals,
                    reported: partial.reported.unwrap_or_default(),
                };
                Some((*id, restored))
            })
            .collect();
        sources.sort_unstable_by_key(|(id, _)| *id);
        sources
    }

    /// File instances by their ids, without those that are forgotten, and the highest id that was ever given.
    pub(crate) fn files(&self) -> (Vec<(u64, FileAt)>, u64) {
        let highest = self.files.keys().copied().max().unwrap_or(0);
        let mut known: Vec<(u64, FileAt)> = self
            .files
            .iter()
            .filter_map(|(id, at)| Some((*id, (*at)?)))
            .collect();
        known.sort_unstable_by_key(|(id, _)| *id);
        (known, highest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::checkpoint::{FileState, SourceState};
    use crate::log::entry::Resume;
    use crate::log::follow::Print;

    fn note(
        totals: u64,
        in_frame: u64,
        reported: Option<u64>,
        at: Option<u64>,
        named: bool,
    ) -> Note {
        let totals_of = |n: u64| {
            let mut totals = Totals::default();
            totals.add(Count::Spooled, n);
            totals
        };
        Note {
            sources: vec![SourceState {
                id: 3,
                source: named.then(|| Source::host("syslog", "syslog")),
                totals: totals_of(totals),
                in_frame,
                reported: reported.map(totals_of),
            }],
            files: vec![FileState {
                id: 5,
                at: at.map(|at| FileAt {
                    source: 3,
                    inode: (1, 2),
                    print: Print::default(),
                    is_compressed: false,
                    resume: Resume::at(at),
                    sequence: 1,
                    read_to: at,
                    written_to: at,
                }),
            }],
            journal: None,
        }
    }

    fn bytes(note: &Note) -> Vec<u8> {
        let mut bytes = Vec::new();
        note.write(&mut bytes);
        bytes
    }

    #[test]
    fn the_newest_word_counts_and_what_does_not_wait_is_acknowledged() {
        let mut restored = Restored::default();
        restored.note(9, &bytes(&note(30, 10, None, Some(300), false)), true, true);
        restored.note(
            8,
            &bytes(&note(20, 10, Some(20), Some(200), false)),
            true,
            true,
        );
        restored.note(7, &bytes(&note(10, 10, None, None, false)), false, false);
        restored.snapshot(7, note(10, 0, Some(0), Some(100), true));
        assert_eq!(restored.note, 9);
        let (id, source) = restored.sources().remove(0);
        assert_eq!((id, &*source.source.name), (3, "host/syslog"));
        assert_eq!(source.totals.get(Count::Spooled), 30);
        assert_eq!(source.totals.get(Count::Acknowledged), 10);
        assert_eq!(source.reported.get(Count::Spooled), 20);
        let (files, highest) = restored.files();
        assert_eq!((files.len(), highest), (1, 5));
        assert_eq!(files[0].1.resume.stdout, 300);
    }

    #[test]
    fn a_forgotten_file_stays_forgotten() {
        let mut restored = Restored::default();
        restored.note(9, &bytes(&note(1, 0, None, None, true)), true, false);
        restored.snapshot(7, note(1, 0, None, Some(100), true));
        assert_eq!(restored.files(), (Vec::new(), 5));
    }
}
