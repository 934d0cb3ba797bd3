//! The spool as a whole, on real files.

mod crash;
mod damage;
mod full;
mod model;
mod notes;

use std::path::Path;

use super::*;

pub(super) fn table(name: &str) -> &'static Table {
    catalogue::table(name).unwrap()
}

pub(super) fn settings(dir: &Path, max_bytes: u64) -> SpoolSettings {
    SpoolSettings {
        dir: dir.to_owned(),
        machine: "here".to_owned(),
        max_bytes,
        memory_max_bytes: 1 << 20,
        when_full: WhenFull::DropOldest,
    }
}

pub(super) fn open(dir: &Path) -> Spool {
    Spool::open(settings(dir, 64 << 20)).unwrap().0
}

pub(super) fn frame(name: &str, rows: u32, body: &'static [u8]) -> NewFrame<'static> {
    NewFrame {
        table: table(name),
        encoding: Encoding::Zstd,
        rows,
        time_usec: 7,
        body,
        note: None,
    }
}

pub(super) fn append(spool: &mut Spool, frames: &[NewFrame<'_>]) {
    let appended = spool.append(frames);
    assert!(appended.durable, "{:?}", appended.fault);
}

pub(super) fn lane(spool: &Spool, name: &str) -> LaneFigures {
    spool
        .figures()
        .lanes
        .into_iter()
        .find(|lane| lane.table == name)
        .unwrap()
}

/// Takes everything of a table out, acknowledging each frame.
pub(super) fn drain(spool: &mut Spool, name: &str) -> Vec<(u64, Vec<u8>)> {
    let mut all = Vec::new();
    while let Some(frame) = spool.lease(table(name)).unwrap() {
        assert!(spool.acknowledge(&frame));
        all.push((frame.sequence.0, frame.body));
    }
    all
}

#[test]
fn frames_come_out_in_order_and_leave_when_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let mut spool = open(folder.path());
    append(
        &mut spool,
        &[frame("node", 1, b"n1"), frame("container", 300, b"c1")],
    );
    append(
        &mut spool,
        &[frame("node", 1, b"n2"), frame("container", 301, b"c2")],
    );

    let first = spool.lease(table("container")).unwrap().unwrap();
    assert_eq!(
        (first.sequence, first.rows, first.body.as_slice()),
        (Sequence(1), 300, b"c1".as_slice())
    );
    assert!(first.fresh);
    // Not answered for: the same frame comes again, and is not new any more.
    spool.release(&first);
    let again = spool.lease(table("container")).unwrap().unwrap();
    assert_eq!(
        again,
        Outgoing {
            fresh: false,
            ..first
        }
    );
    assert!(spool.acknowledge(&again));
    assert!(!spool.acknowledge(&again), "twice");

    assert_eq!(
        drain(&mut spool, "node"),
        [(1, b"n1".to_vec()), (2, b"n2".to_vec())]
    );
    let left = lane(&spool, "container");
    assert_eq!(
        left.waiting,
        Counts {
            frames: 1,
            rows: 301,
            bytes: 2
        }
    );
    assert_eq!(
        left.appended,
        Counts {
            frames: 2,
            rows: 601,
            bytes: 4
        }
    );
    assert_eq!(
        left.acknowledged,
        Counts {
            frames: 1,
            rows: 300,
            bytes: 2
        }
    );
    assert_eq!(spool.lease(table("pod")).unwrap(), None);
}

#[test]
fn what_waits_is_there_after_a_restart_and_what_is_done_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let mut spool = open(folder.path());
    let agent = spool.agent();
    for body in [b"1".as_slice(), b"2", b"3"] {
        append(
            &mut spool,
            &[NewFrame {
                body,
                ..frame("node", 1, b"")
            }],
        );
    }
    let first = spool.lease(table("node")).unwrap().unwrap();
    spool.acknowledge(&first);
    drop(spool);

    let (mut spool, recovery) = Spool::open(settings(folder.path(), 64 << 20)).unwrap();
    assert_eq!(
        recovery,
        Recovery {
            waiting: Counts {
                frames: 2,
                rows: 2,
                bytes: 2
            },
            ..Recovery::default()
        }
    );
    let second = spool.lease(table("node")).unwrap().unwrap();
    assert_eq!(
        (second.agent, second.sequence, second.fresh),
        (agent, Sequence(2), false)
    );
    spool.release(&second);
    assert_eq!(
        drain(&mut spool, "node"),
        [(2, b"2".to_vec()), (3, b"3".to_vec())]
    );
}

#[test]
fn numbers_go_on_exactly_after_an_orderly_end_and_behind_the_block_after_a_crash() {
    let folder = tempfile::tempdir().unwrap();
    let mut spool = open(folder.path());
    append(&mut spool, &[frame("node", 1, b"1"), frame("pod", 1, b"1")]);
    drain(&mut spool, "node");
    drain(&mut spool, "pod");
    assert!(spool.close());
    drop(spool);

    let mut spool = open(folder.path());
    assert_eq!(spool.next_sequence(table("node")), Some(Sequence(2)));
    append(&mut spool, &[frame("node", 1, b"2")]);
    drain(&mut spool, "node");
    // A crash, with nothing left in the spool that tells the last number.
    drop(spool);
    for id in segment::list(folder.path()).unwrap() {
        segment::remove(folder.path(), id).unwrap();
    }

    let mut spool = open(folder.path());
    append(&mut spool, &[frame("node", 1, b"3")]);
    let third = spool.lease(table("node")).unwrap().unwrap();
    assert!(third.sequence.0 > 2 && third.fresh, "{third:?}");
}

#[test]
fn numbers_are_reserved_before_they_are_used() {
    let folder = tempfile::tempdir().unwrap();
    let mut spool = open(folder.path());
    append(&mut spool, &[frame("node", 1, b"x")]);
    let stored = || {
        let identity::Opened::Known(stored) =
            identity::Identity::open(folder.path(), "here").unwrap()
        else {
            panic!()
        };
        stored.reserved["node"]
    };
    assert_eq!(stored(), identity::BLOCK + 1);
    for near in [
        identity::BLOCK / 2 - 3,
        identity::BLOCK - 3,
        3 * identity::BLOCK,
    ] {
        spool.lanes[0].next = near;
        for _ in 0..6 {
            append(&mut spool, &[frame("node", 1, b"x")]);
            assert!(stored() >= spool.next_sequence(table("node")).unwrap().0);
        }
    }
}

#[test]
fn what_is_done_leaves_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let mut spool = Spool::open(settings(folder.path(), 4 << 20)).unwrap().0;
    let body = vec![7; 50_000];
    for _ in 0..100 {
        append(
            &mut spool,
            &[NewFrame {
                body: &body,
                ..frame("node", 1, b"")
            }],
        );
        append(
            &mut spool,
            &[NewFrame {
                body: &body,
                ..frame("container", 1, b"")
            }],
        );
        drain(&mut spool, "node");
        drain(&mut spool, "container");
        assert!(spool.figures().segments <= 2);
        assert!(spool.figures().disk_bytes < 20_000);
    }
    let on_disk: u64 = segment::list(folder.path())
        .unwrap()
        .into_iter()
        .map(|id| {
            std::fs::metadata(segment::path(folder.path(), id))
                .unwrap()
                .len()
        })
        .sum();
    assert_eq!(on_disk, spool.figures().disk_bytes);
    assert!(segment::list(folder.path()).unwrap().len() <= 2);
    assert!(lane(&spool, "node").waiting.is_empty());
    assert_eq!(
        spool
            .figures()
            .lanes
            .iter()
            .map(|lane| lane.lost[0].frames)
            .sum::<u64>(),
        0
    );
}

#[test]
fn one_agent_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let first = open(folder.path());
    let error = Spool::open(settings(folder.path(), 1 << 20)).unwrap_err();
    assert!(matches!(error, SpoolError::InUse { .. }), "{error}");
    drop(first);
    open(folder.path());
}

#[test]
fn an_identity_that_another_has_too_is_changed_and_nothing_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let mut spool = open(folder.path());
    append(
        &mut spool,
        &[frame("node", 1, b"sent"), frame("pod", 1, b"p1")],
    );
    assert_eq!(drain(&mut spool, "node").len(), 1);
    append(
        &mut spool,
        &[frame("node", 1, b"taken"), frame("node", 1, b"later")],
    );
    let taken = spool.lease(table("node")).unwrap().unwrap();
    assert!(taken.fresh);
    // The server says that it has this number, which nobody but us can have used.
    let old = spool.agent();
    spool.renew_identity(&taken).unwrap();
    assert_ne!(spool.agent(), old);
    append(&mut spool, &[frame("node", 1, b"new")]);

    let mut came: Vec<(u64, Vec<u8>)> = Vec::new();
    while let Some(frame) = spool.lease(table("node")).unwrap() {
        assert_eq!((frame.agent, frame.fresh), (spool.agent(), true));
        spool.acknowledge(&frame);
        came.push((frame.sequence.0, frame.body));
    }
    assert_eq!(came.iter().map(|(n, _)| *n).collect::<Vec<_>>(), [1, 2, 3]);
    let mut bodies: Vec<&[u8]> = came.iter().map(|(_, body)| body.as_slice()).collect();
    bodies.sort();
    assert_eq!(bodies, [b"later".as_slice(), b"new", b"taken"]);
    assert_eq!(drain(&mut spool, "pod"), [(1, b"p1".to_vec())]);
    drop(spool);
    let (spool, recovery) = Spool::open(settings(folder.path(), 1 << 20)).unwrap();
    assert_eq!((recovery.waiting.frames, spool.agent() == old), (0, false));
}

#[test]
fn frames_of_an_earlier_identity_keep_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut spool = open(folder.path());
    let old = spool.agent();
    append(&mut spool, &[frame("node", 1, b"old")]);
    drop(spool);
    std::fs::write(folder.path().join("identity"), b"damaged").unwrap();

    let (mut spool, recovery) = Spool::open(settings(folder.path(), 1 << 20)).unwrap();
    assert!(recovery.identity_lost);
    append(&mut spool, &[frame("node", 1, b"new")]);
    let first = spool.lease(table("node")).unwrap().unwrap();
    assert_eq!(
        (first.agent, first.sequence, first.fresh),
        (old, Sequence(1), false)
    );
    spool.acknowledge(&first);
    let second = spool.lease(table("node")).unwrap().unwrap();
    assert_eq!(
        (second.agent, second.sequence, second.fresh),
        (spool.agent(), Sequence(1), true)
    );
    assert_ne!(spool.agent(), old);
    spool.acknowledge(&second);
    drop(spool);
    assert_eq!(
        Spool::open(settings(folder.path(), 1 << 20))
            .unwrap()
            .1
            .waiting,
        Counts::default()
    );
}

#[test]
fn a_copied_folder_gets_an_identity_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let mut spool = open(folder.path());
    let old = spool.agent();
    append(&mut spool, &[frame("node", 1, b"old")]);
    drop(spool);
    let there = SpoolSettings {
        machine: "there".to_owned(),
        ..settings(folder.path(), 1 << 20)
    };
    let (mut spool, recovery) = Spool::open(there).unwrap();
    assert!(recovery.identity_foreign);
    assert_ne!(spool.agent(), old);
    // The rows are the other machine's: under its number the server knows whether it has them.
    assert_eq!(spool.lease(table("node")).unwrap().unwrap().agent, old);
}

#[test]
fn the_oldest_time_is_known() {
    let folder = tempfile::tempdir().unwrap();
    let mut spool = open(folder.path());
    assert_eq!(spool.oldest_time().unwrap(), None);
    append(
        &mut spool,
        &[
            NewFrame {
                time_usec: 30,
                ..frame("node", 1, b"1")
            },
            frame("pod", 1, b"1"),
        ],
    );
    append(
        &mut spool,
        &[NewFrame {
            time_usec: 20,
            ..frame("node", 1, b"2")
        }],
    );
    assert_eq!(spool.oldest_time().unwrap(), Some(7));
    drain(&mut spool, "pod");
    assert_eq!(spool.oldest_time().unwrap(), Some(30));
}
