//! Notes: on disk with their frames, shown when a spool is opened, kept until they are kept elsewhere.

use std::fs;

use super::*;

fn refusing(dir: &Path, max_bytes: u64) -> SpoolSettings {
    SpoolSettings {
        when_full: WhenFull::Refuse,
        ..settings(dir, max_bytes)
    }
}

fn noted<'b>(number: u64, bytes: &'b [u8], body: &'b [u8]) -> NewFrame<'b> {
    NewFrame {
        body,
        note: Some(Note { number, bytes }),
        ..frame("log", 1, b"")
    }
}

/// Number and text of every note, and whether its frame waits, from the newest to the oldest.
type Notes = Vec<(u64, Vec<u8>, bool)>;

fn reopen(dir: &Path, kept: u64) -> (Spool, Recovery, Notes) {
    let mut notes = Vec::new();
    let (spool, recovery) = Spool::open_with(refusing(dir, 64 << 20), kept, &mut |note| {
        notes.push((note.number, note.bytes.to_vec(), note.waits));
    })
    .unwrap();
    (spool, recovery, notes)
}

#[test]
fn a_note_is_not_sent_and_is_found_from_the_newest_to_the_oldest() {
    let folder = tempfile::tempdir().unwrap();
    let (mut spool, _, _) = reopen(folder.path(), 0);
    append(&mut spool, &[noted(1, b"one", b"a")]);
    append(&mut spool, &[noted(2, b"two", b"b"), noted(3, b"", b"c")]);
    let first = spool.lease(table("log")).unwrap().unwrap();
    assert_eq!(
        (first.body.as_slice(), first.note.as_slice()),
        (b"a".as_slice(), b"one".as_slice())
    );
    assert!(spool.acknowledge(&first));
    drop(spool);
    let (mut spool, _, notes) = reopen(folder.path(), 0);
    let expected = [
        (3, Vec::new(), true),
        (2, b"two".to_vec(), true),
        (1, b"one".to_vec(), false),
    ];
    assert_eq!(notes, expected);
    assert_eq!(
        drain(&mut spool, "log"),
        [(2, b"b".to_vec()), (3, b"c".to_vec())]
    );
}

#[test]
fn a_segment_stays_until_its_notes_are_kept_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    let (mut spool, _, _) = reopen(folder.path(), 0);
    let body = vec![7; 1 << 20];
    for number in 1..=12 {
        append(&mut spool, &[noted(number, b"n", &body)]);
        drain(&mut spool, "log");
    }
    assert!(spool.note_bytes() >= 12 << 20, "{}", spool.note_bytes());
    assert!(spool.figures().segments > 1);
    spool.notes_kept(11);
    assert_eq!(spool.figures().segments, 1);
    assert!(spool.note_bytes() > 0, "the last one is not kept yet");
    spool.notes_kept(12);
    assert_eq!(spool.note_bytes(), 0);
    assert!(spool.figures().disk_bytes < 100);
    append(&mut spool, &[noted(13, b"thirteen", b"")]);
    drop(spool);
    let (spool, _, notes) = reopen(folder.path(), 12);
    assert_eq!(notes, [(13, b"thirteen".to_vec(), true)]);
    drop(spool);
}

#[test]
fn done_segments_are_there_after_a_restart_as_long_as_their_notes_are_needed() {
    let folder = tempfile::tempdir().unwrap();
    let (mut spool, _, _) = reopen(folder.path(), 0);
    append(&mut spool, &[noted(1, b"one", b"a")]);
    drain(&mut spool, "log");
    drop(spool);
    let (spool, _, notes) = reopen(folder.path(), 0);
    assert_eq!(notes, [(1, b"one".to_vec(), false)]);
    drop(spool);
    let (spool, _, notes) = reopen(folder.path(), 1);
    assert_eq!((notes.len(), spool.figures().segments), (1, 0));
    drop(spool);
    assert_eq!(reopen(folder.path(), 1).2, []);
}

#[test]
fn a_full_spool_refuses_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (mut spool, _) = Spool::open(refusing(folder.path(), 1 << 20)).unwrap();
    let body = vec![7; 100_000];
    let mut taken = 0;
    loop {
        let appended = spool.append(&[noted(taken + 1, b"n", &body)]);
        if appended.refused {
            assert!(!appended.durable && appended.fault.is_none());
            break;
        }
        assert!(appended.durable);
        taken += 1;
    }
    assert!((9..=10).contains(&taken), "{taken}");
    assert!(!spool.has_room(100_000));
    let next = spool.next_sequence(table("log")).unwrap();
    assert_eq!(next.0, taken + 1, "a refused frame has no number");
    let came = drain(&mut spool, "log");
    assert_eq!(came.len() as u64, taken);
    spool.notes_kept(taken);
    append(&mut spool, &[noted(taken + 1, b"n", &body)]);
    assert!(lane(&spool, "log").lost.iter().all(Counts::is_empty));
}

#[test]
fn a_frame_with_a_note_that_is_not_on_disk_is_not_sent() {
    let folder = tempfile::tempdir().unwrap();
    let (mut spool, _, _) = reopen(folder.path(), 0);
    append(&mut spool, &[noted(1, b"one", b"a")]);
    drain(&mut spool, "log");
    spool.notes_kept(1);
    // The segment cannot be made: its name is taken by a folder.
    spool.active = None;
    let in_the_way = segment::path(folder.path(), spool.next_segment);
    fs::create_dir(&in_the_way).unwrap();
    let appended = spool.append(&[noted(2, b"two", b"b")]);
    assert!(!appended.durable && !appended.refused);
    assert!(spool.figures().memory_bytes > 0);
    assert_eq!(spool.lease(table("log")).unwrap(), None);
    assert!(spool.append(&[]).durable);
    assert_eq!(drain(&mut spool, "log"), [(2, b"b".to_vec())]);
    fs::remove_dir(&in_the_way).unwrap();
    drop(spool);
    assert_eq!(reopen(folder.path(), 1).2[0], (2, b"two".to_vec(), false));
}

#[test]
fn cut_at_every_byte_notes_and_frames_are_there_together() {
    let folder = tempfile::tempdir().unwrap();
    let (mut spool, _, _) = reopen(folder.path(), 0);
    for number in 1..=4u64 {
        let text = format!("note {number}");
        append(
            &mut spool,
            &[noted(number, text.as_bytes(), &[number as u8; 9])],
        );
    }
    drop(spool);
    let id = segment::list(folder.path()).unwrap()[0];
    let bytes = fs::read(segment::path(folder.path(), id)).unwrap();
    for end in segment::HEADER..=bytes.len() {
        let copy = tempfile::tempdir().unwrap();
        fs::copy(folder.path().join("identity"), copy.path().join("identity")).unwrap();
        fs::write(segment::path(copy.path(), id), &bytes[..end]).unwrap();
        let (mut spool, recovery, notes) = reopen(copy.path(), 0);
        let numbers: Vec<u64> = notes.iter().rev().map(|(n, _, _)| *n).collect();
        let whole = recovery.waiting.frames;
        assert_eq!(numbers, (1..=whole).collect::<Vec<_>>(), "cut at {end}");
        assert!(notes.iter().all(|(_, _, waits)| *waits));
        let came: Vec<u64> = drain(&mut spool, "log")
            .iter()
            .map(|(_, body)| u64::from(body[0]))
            .collect();
        assert_eq!(came, numbers);
    }
}
