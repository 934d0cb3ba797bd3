//! Bounds: removed files that are held open, and open files altogether.

use super::instance::Input;
use super::{Batch, Follower, Name};

impl Follower {
    /// Lets the oldest removed files go when they hold more of the disk than they may.
    pub(super) fn release_held(&mut self, now: u64, wall: i64, batch: &mut Batch) {
        let mut held: Vec<(u64, u64, u64)> = self
            .files
            .values()
            .filter(|file| file.is_held())
            .map(|file| (file.grown_at, file.id, file.stat.size))
            .collect();
        let mut bytes: u64 = held.iter().map(|(_, _, size)| size).sum();
        if bytes <= self.settings.held_max {
            return;
        }
        held.sort_unstable();
        for (_, id, size) in held {
            if bytes <= self.settings.held_max {
                return;
            }
            bytes -= size;
            self.part(id, now);
            self.lose(id, wall, batch);
        }
    }

    /// Makes room for one more open file: those go first that are read and have been still the longest, and are opened
    /// again by their name when they grow.
    pub(super) fn make_room_to_open(&mut self) {
        if self.open < self.settings.open_max {
            return;
        }
        let mut open: Vec<(bool, u64, u64)> = self
            .files
            .values()
            .filter(|file| {
                matches!(file.input, Input::Plain(_))
                    && file.name != Name::None
                    && file.path.is_some()
            })
            .map(|file| (file.size > file.tried, file.grown_at, file.id))
            .collect();
        // Some at once, so that not every opening looks for one.
        let some = (self.settings.open_max / 16).max(1).min(open.len());
        if some == 0 {
            return;
        }
        open.select_nth_unstable(some - 1);
        for (_, _, id) in open.into_iter().take(some) {
            self.close(id);
        }
    }
}
