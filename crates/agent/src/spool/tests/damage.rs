//! Files that were cut or changed.

use std::fs;
use std::os::unix::fs::FileExt;
use std::path::Path;

use super::*;

/// A folder with a spool of six frames in one segment; the segment's bytes.
fn six(dir: &Path) -> Vec<u8> {
    let mut spool = open(dir);
    for body in [
        b"one".as_slice(),
        b"two",
        b"three",
        b"four",
        b"five",
        b"six",
    ] {
        append(
            &mut spool,
            &[NewFrame {
                body,
                ..frame("node", 2, b"")
            }],
        );
    }
    drop(spool);
    fs::read(segment::path(dir, 1)).unwrap()
}

const BODIES: [&[u8]; 6] = [b"one", b"two", b"three", b"four", b"five", b"six"];

fn reset(dir: &Path, bytes: &[u8]) {
    for id in segment::list(dir).unwrap() {
        segment::remove(dir, id).unwrap();
    }
    let _ = fs::remove_dir_all(dir.join("broken"));
    fs::write(segment::path(dir, 1), bytes).unwrap();
}

#[test]
fn cut_at_every_byte_a_spool_opens_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = six(folder.path());
    let record = (bytes.len() - segment::HEADER) / 6;
    for end in 0..bytes.len() {
        reset(folder.path(), &bytes[..end]);
        let (mut spool, recovery) = Spool::open(settings(folder.path(), 1 << 20)).unwrap();
        let found = drain(&mut spool, "node");
        // Records differ by a byte or two in length, so the count is within one of the estimate.
        let about = end.saturating_sub(segment::HEADER) / record;
        assert!(found.len().abs_diff(about) <= 1, "cut at {end}");
        for (at, (sequence, body)) in found.iter().enumerate() {
            assert_eq!(
                (*sequence, body.as_slice()),
                (at as u64 + 1, BODIES[at]),
                "cut at {end}"
            );
        }
        assert_eq!(recovery.broken.frames, 0, "cut at {end}");
        append(&mut spool, &[frame("node", 1, b"next")]);
        let next = spool.lease(table("node")).unwrap().unwrap();
        assert!(
            next.sequence.0 > 6,
            "cut at {end}: {} was used",
            next.sequence
        );
    }
}

#[test]
fn with_any_byte_changed_all_other_frames_are_kept_and_the_damage_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = six(folder.path());
    for at in segment::HEADER..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 0x20;
        reset(folder.path(), &changed);
        let (mut spool, recovery) = Spool::open(settings(folder.path(), 1 << 20)).unwrap();
        let told = recovery.broken.frames
            + u64::from(recovery.unknown_broken_bytes > 0)
            + u64::from(recovery.torn_bytes > 0);
        assert_eq!(told, 1, "byte {at}: {recovery:?}");
        let was_torn = recovery.torn_bytes > 0;
        if !was_torn {
            assert_eq!(recovery.set_aside.len(), 1, "byte {at}");
            assert!(!fs::read(&recovery.set_aside[0]).unwrap().is_empty());
        }
        if recovery.broken.frames == 1 {
            assert_eq!(recovery.broken.rows, 2);
            assert_eq!(lane(&spool, "node").lost[3], recovery.broken);
        }
        assert_eq!(drain(&mut spool, "node").len(), 5, "byte {at}");
        drop(spool);
        // The damage is told once, not at every start.
        let (_, recovery) = Spool::open(settings(folder.path(), 1 << 20)).unwrap();
        assert_eq!(recovery, Recovery::default(), "byte {at}");
    }
}

#[test]
fn a_segment_without_its_header_is_set_aside() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = six(folder.path());
    for at in 0..segment::HEADER {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        reset(folder.path(), &changed);
        let (mut spool, recovery) = Spool::open(settings(folder.path(), 1 << 20)).unwrap();
        assert_eq!(
            (recovery.broken.frames, recovery.set_aside.len()),
            (6, 1),
            "byte {at}"
        );
        assert_eq!(drain(&mut spool, "node"), []);
    }
}

#[test]
fn a_disk_that_changes_bytes_while_we_run_loses_only_those() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = six(folder.path());
    let second = bytes.windows(3).position(|w| w == b"two").unwrap();
    let header_of_fourth = bytes.windows(4).position(|w| w == b"four").unwrap() - 10;
    for offsets in [
        vec![second],
        vec![header_of_fourth],
        vec![second, header_of_fourth],
    ] {
        reset(folder.path(), &bytes);
        let mut spool = open(folder.path());
        append(&mut spool, &[frame("pod", 1, b"beside")]);
        for offset in &offsets {
            segment::open(folder.path(), 1)
                .unwrap()
                .write_all_at(b"\xFF", *offset as u64)
                .unwrap();
        }
        let found = drain(&mut spool, "node");
        assert_eq!(found.len(), 6 - offsets.len());
        assert_eq!(lane(&spool, "node").lost[3].frames, offsets.len() as u64);
        assert_eq!(drain(&mut spool, "pod").len(), 1);
        assert!(lane(&spool, "node").waiting.is_empty());
        append(&mut spool, &[frame("node", 1, b"next")]);
        assert_eq!(drain(&mut spool, "node").len(), 1);
    }
}

#[test]
fn frames_of_a_table_that_is_not_known_are_set_aside() {
    let folder = tempfile::tempdir().unwrap();
    let mut bytes = six(folder.path());
    record::write(
        &mut bytes,
        &record::Header::frame(Encoding::Zstd, "of_the_future", Sequence(1), 9, 0),
        b"body",
    );
    reset(folder.path(), &bytes);
    let (mut spool, recovery) = Spool::open(settings(folder.path(), 1 << 20)).unwrap();
    assert_eq!((recovery.broken.frames, recovery.broken.rows), (1, 9));
    assert_eq!(drain(&mut spool, "node").len(), 6);
}
