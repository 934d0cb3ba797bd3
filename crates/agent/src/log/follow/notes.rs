//! What a note says of logs and files.

use super::{Follower, Instance};
use crate::log::checkpoint::{FileState, Note, SourceState};

impl Follower {
    /// What changed since the last note. `reported`: the frame has rows of the ledger, so what was counted until now
    /// is told.
    pub(crate) fn changes(&mut self, reported: bool) -> Note {
        let mut note = Note::default();
        for (id, log) in &mut self.logs {
            let in_frame = std::mem::take(&mut log.in_frame);
            let is_news = reported && log.reported != log.totals;
            if !std::mem::take(&mut log.is_dirty) && in_frame == 0 && !is_news {
                continue;
            }
            if reported {
                for (reported, total) in log.reported.0.iter_mut().zip(log.totals.0) {
                    *reported = (*reported).max(total);
                }
            }
            note.sources.push(SourceState {
                id: *id,
                source: (!log.is_named).then(|| log.source.clone()),
                totals: log.totals,
                in_frame,
                reported: reported.then_some(log.reported),
            });
            log.is_named = true;
        }
        note.files = self
            .forgotten
            .drain(..)
            .map(|id| FileState { id, at: None })
            .collect();
        for file in self.files.values_mut() {
            if std::mem::take(&mut file.is_dirty) {
                note.files.push(state(file));
            }
        }
        note
    }
}

fn state(file: &Instance) -> FileState {
    FileState {
        id: file.id,
        at: Some(file.checkpoint()),
    }
}
