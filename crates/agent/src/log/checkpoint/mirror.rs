//! What is durable: every note that is on disk, taken together.

use std::collections::HashMap;

use super::note::{FileAt, FileState, JournalState, Note, SourceState};
use super::restore::Restored;

/// Everything that notes on disk say. A snapshot is made of this, and not of what the reader knows by now, so it never
/// says more than the rows on disk do.
#[derive(Debug, Default)]
pub(crate) struct Mirror {
    sources: HashMap<u32, SourceState>,
    files: HashMap<u64, FileAt>,
    journal: Option<JournalState>,
    /// The number of the last note.
    pub(crate) number: u64,
}

impl Mirror {
    /// As an earlier process left it.
    pub(crate) fn of(restored: &Restored) -> Mirror {
        let mut mirror = Mirror {
            number: restored.note,
            journal: restored.journal.clone(),
            ..Mirror::default()
        };
        for (id, source) in restored.sources() {
            mirror.sources.insert(
                id,
                SourceState {
                    id,
                    source: Some(source.source),
                    totals: source.totals,
                    in_frame: 0,
                    reported: Some(source.reported),
                },
            );
        }
        mirror.files = restored.files().0.into_iter().collect();
        mirror
    }

    /// A note is on disk.
    pub(crate) fn apply(&mut self, number: u64, note: Note) {
        self.number = self.number.max(number);
        for state in note.sources {
            let known = self.sources.entry(state.id).or_insert_with(|| SourceState {
                source: None,
                reported: None,
                ..state.clone()
            });
            known.source = state.source.or(known.source.take());
            known.totals = state.totals;
            known.in_frame = 0;
            known.reported = state.reported.or(known.reported);
        }
        for file in note.files {
            match file.at {
                Some(at) => self.files.insert(file.id, at),
                None => self.files.remove(&file.id),
            };
        }
        self.journal = note.journal.or(self.journal.take());
    }

    /// All of it, of logs that are still known.
    pub(crate) fn snapshot(&mut self, is_known: impl Fn(u32) -> bool) -> Note {
        self.sources.retain(|id, _| is_known(*id));
        Note {
            sources: self.sources.values().cloned().collect(),
            files: self
                .files
                .iter()
                .map(|(id, at)| FileState {
                    id: *id,
                    at: Some(*at),
                })
                .collect(),
            journal: self.journal.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::count::{Count, Totals};
    use crate::log::source::Source;

    #[test]
    fn notes_add_up_to_a_snapshot() {
        let mut totals = Totals::default();
        totals.add(Count::Spooled, 5);
        let state = |source: Option<Source>, reported: Option<Totals>| SourceState {
            id: 1,
            source,
            totals,
            in_frame: 5,
            reported,
        };
        let mut mirror = Mirror::default();
        let host = Source::host("syslog", "syslog");
        mirror.apply(
            1,
            Note {
                sources: vec![state(Some(host.clone()), Some(totals))],
                files: vec![FileState { id: 1, at: None }],
                journal: Some(JournalState::default()),
            },
        );
        mirror.apply(
            2,
            Note {
                sources: vec![state(None, None)],
                ..Note::default()
            },
        );
        let all = mirror.snapshot(|_| true);
        let expected = SourceState {
            in_frame: 0,
            ..state(Some(host), Some(totals))
        };
        assert_eq!((mirror.number, all.sources), (2, vec![expected]));
        assert!(all.files.is_empty() && all.journal.is_some());
        assert!(mirror.snapshot(|_| false).sources.is_empty());
    }
}
