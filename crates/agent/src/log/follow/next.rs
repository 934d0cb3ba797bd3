//! What to do with a file next, from what was just seen of it. Pure.

/// A file instance's state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Found, and not yet looked into.
    New,
    /// It has the name under which it is written.
    Open,
    /// It has another name and has been read to its end; it may still grow for a while.
    Rotated,
    /// It has another name or none, and is not read to its end.
    Draining,
    /// It is not to be had any more: removed, cut off or written over.
    Gone,
}

/// Under which name a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Name {
    /// The one that is written to.
    Live,
    /// One that rotation gives.
    Rotated,
    /// None that is known.
    None,
}

/// What was just seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Facts {
    /// Under which name it is.
    pub(crate) name: Name,
    /// Whether its bytes can be had: it is open, or has a name to open it by.
    pub(crate) is_reachable: bool,
    /// Whether it still begins as it did, and is not shorter than what was read of it.
    pub(crate) is_same: bool,
    /// How far it goes.
    pub(crate) size: u64,
    /// How far it was looked at.
    pub(crate) tried: u64,
    /// Whether lines wait for more: a last line without its end, pieces, a group.
    pub(crate) pending: bool,
    /// How long it has not grown.
    pub(crate) quiet_usec: u64,
}

/// What to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    /// Read on.
    Read,
    /// Look again later.
    Wait,
    /// What waits for more becomes entries: nothing will come.
    Finish,
    /// Close it; it is opened again should it grow.
    Close,
    /// What was not read of this instance is not here any more: look for a copy, and begin a new instance with what is
    /// in its place.
    Part,
    /// It is read to its end and nothing more will come.
    Forget,
}

/// A rotated file may still be written by who had it open; after so long its last line is taken as it is.
pub(crate) const ROTATED_QUIET_USEC: u64 = 5_000_000;
/// A rotated file is closed when it has not grown for so long.
pub(crate) const CLOSE_QUIET_USEC: u64 = 60_000_000;
/// A removed file is let go when it has not grown for so long.
pub(crate) const REMOVED_QUIET_USEC: u64 = 30_000_000;

/// The next state and what to do.
pub(crate) fn next(phase: Phase, facts: &Facts) -> (Phase, Action) {
    let unread = facts.size > facts.tried;
    if phase == Phase::Gone || !facts.is_same {
        return (Phase::Gone, Action::Part);
    }
    match facts.name {
        Name::Live if unread => (Phase::Open, Action::Read),
        Name::Live => (Phase::Open, Action::Wait),
        Name::None if !facts.is_reachable => (Phase::Gone, Action::Part),
        Name::Rotated | Name::None if unread => (Phase::Draining, Action::Read),
        Name::Rotated => {
            let action = match facts.quiet_usec {
                quiet if quiet < ROTATED_QUIET_USEC => Action::Wait,
                _ if facts.pending => Action::Finish,
                quiet if quiet >= CLOSE_QUIET_USEC => Action::Close,
                _ => Action::Wait,
            };
            (Phase::Rotated, action)
        }
        Name::None => {
            let action = match facts.quiet_usec {
                quiet if quiet < ROTATED_QUIET_USEC => Action::Wait,
                _ if facts.pending => Action::Finish,
                quiet if quiet >= REMOVED_QUIET_USEC => Action::Forget,
                _ => Action::Wait,
            };
            (Phase::Draining, action)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SEEN: Facts = Facts {
        name: Name::Live,
        is_reachable: true,
        is_same: true,
        size: 10,
        tried: 10,
        pending: false,
        quiet_usec: 0,
    };

    #[test]
    fn a_file_is_read_rotated_drained_finished_and_closed() {
        let grown = Facts { size: 20, ..SEEN };
        assert_eq!(next(Phase::New, &grown), (Phase::Open, Action::Read));
        assert_eq!(next(Phase::Open, &SEEN), (Phase::Open, Action::Wait));
        let rotated = Facts {
            name: Name::Rotated,
            ..grown
        };
        assert_eq!(next(Phase::Open, &rotated), (Phase::Draining, Action::Read));
        let read = Facts {
            tried: 20,
            pending: true,
            ..rotated
        };
        assert_eq!(next(Phase::Draining, &read), (Phase::Rotated, Action::Wait));
        let quiet = Facts {
            quiet_usec: ROTATED_QUIET_USEC,
            ..read
        };
        assert_eq!(next(Phase::Rotated, &quiet).1, Action::Finish);
        let old = Facts {
            quiet_usec: CLOSE_QUIET_USEC,
            pending: false,
            ..read
        };
        assert_eq!(next(Phase::Rotated, &old), (Phase::Rotated, Action::Close));
    }

    #[test]
    fn a_removed_file_is_read_as_long_as_it_is_open() {
        let removed = Facts {
            name: Name::None,
            size: 20,
            ..SEEN
        };
        assert_eq!(next(Phase::Open, &removed), (Phase::Draining, Action::Read));
        let closed = Facts {
            is_reachable: false,
            ..removed
        };
        assert_eq!(next(Phase::Open, &closed), (Phase::Gone, Action::Part));
        let read = Facts {
            tried: 20,
            quiet_usec: REMOVED_QUIET_USEC,
            ..removed
        };
        assert_eq!(next(Phase::Draining, &read).1, Action::Forget);
    }

    proptest! {
        /// Unread bytes that can be had are read and never let go; an instance that is not the same any more is parted with.
        #[test]
        fn nothing_readable_is_let_go(
            phase in prop::sample::select(vec![Phase::New, Phase::Open, Phase::Rotated, Phase::Draining, Phase::Gone]),
            name in prop::sample::select(vec![Name::Live, Name::Rotated, Name::None]),
            is_reachable: bool, is_same: bool, pending: bool,
            size in 0u64..4, tried in 0u64..4, quiet_usec in 0u64..100_000_000,
        ) {
            let facts = Facts { name, is_reachable, is_same, size, tried, pending, quiet_usec };
            let (to, action) = next(phase, &facts);
            if phase == Phase::Gone || !is_same {
                prop_assert_eq!((to, action), (Phase::Gone, Action::Part));
            } else if size > tried && (is_reachable || name != Name::None) {
                prop_assert_eq!(action, Action::Read);
            }
            if action == Action::Forget || action == Action::Close {
                prop_assert!(size <= tried && !pending);
            }
        }
    }
}
