//! Bounds: the spool's own, and the disk's.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::*;

#[test]
fn the_oldest_go_and_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    let mut spool = Spool::open(settings(folder.path(), 1 << 20)).unwrap().0;
    let body = vec![1; 10_000];
    for _ in 0..300 {
        let one = NewFrame {
            body: &body,
            ..frame("node", 3, b"")
        };
        append(
            &mut spool,
            &[
                one,
                NewFrame {
                    rows: 5,
                    table: table("container"),
                    ..one
                },
            ],
        );
        assert!(spool.figures().disk_bytes <= 1 << 20);
    }
    for (name, rows) in [("node", 3), ("container", 5)] {
        let figures = lane(&spool, name);
        let lost = figures.lost[0];
        assert!(lost.frames > 200, "{figures:?}");
        assert_eq!(lost.rows, lost.frames * rows);
        assert_eq!(lost.bytes, lost.frames * 10_000);
        assert_eq!(figures.waiting.frames + lost.frames, 300);
        let first = spool.lease(table(name)).unwrap().unwrap();
        assert_eq!(first.sequence.0, lost.frames + 1, "the oldest moved");
        spool.release(&first);
        assert_eq!(drain(&mut spool, name).len() as u64, figures.waiting.frames);
    }
}

#[test]
fn a_frame_that_goes_while_it_is_on_its_way_is_lost_only_if_it_does_not_arrive() {
    for arrives in [true, false] {
        let folder = tempfile::tempdir().unwrap();
        let mut spool = Spool::open(settings(folder.path(), 1 << 20)).unwrap().0;
        let body = vec![1; 10_000];
        append(
            &mut spool,
            &[NewFrame {
                body: &body,
                ..frame("node", 1, b"")
            }],
        );
        let first = spool.lease(table("node")).unwrap().unwrap();
        for _ in 0..200 {
            append(
                &mut spool,
                &[NewFrame {
                    body: &body,
                    ..frame("node", 1, b"")
                }],
            );
        }
        let before = lane(&spool, "node");
        if arrives {
            assert!(spool.acknowledge(&first));
        } else {
            spool.release(&first);
        }
        let after = lane(&spool, "node");
        assert_eq!(
            after.lost[0].frames - before.lost[0].frames,
            u64::from(!arrives)
        );
        assert_eq!(after.acknowledged.frames, u64::from(arrives));
        assert_eq!(
            after.waiting.frames + after.lost[0].frames + after.acknowledged.frames,
            201
        );
    }
}

#[test]
fn a_frame_that_is_too_large_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    let mut spool = Spool::open(settings(folder.path(), 1 << 20)).unwrap().0;
    let body = vec![1; 600_000];
    let appended = spool.append(&[
        NewFrame {
            body: &body,
            ..frame("node", 7, b"")
        },
        frame("node", 1, b"small"),
    ]);
    assert!(
        appended
            .fault
            .unwrap()
            .to_string()
            .contains("larger than 524288")
    );
    assert_eq!(
        lane(&spool, "node").lost[2],
        Counts {
            frames: 1,
            rows: 7,
            bytes: 600_000
        }
    );
    assert_eq!(drain(&mut spool, "node"), [(1, b"small".to_vec())]);
}

/// A small file system of its own, unmounted in the end.
struct Tmpfs(PathBuf);

impl Tmpfs {
    /// `None` when this process may not mount.
    fn mount(on: &Path, size: &str) -> Option<Tmpfs> {
        let done = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"])
            .arg(on)
            .output()
            .is_ok_and(|output| output.status.success());
        done.then(|| Tmpfs(on.to_owned()))
    }
}

impl Drop for Tmpfs {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_is_bridged_in_memory() {
    let folder = tempfile::tempdir().unwrap();
    let Some(_tmpfs) = Tmpfs::mount(folder.path(), "2m") else {
        eprintln!("skipped: a full disk needs a mount of its own, and this user may not mount");
        return;
    };
    let dir = folder.path().join("spool");
    let mut spool = Spool::open(SpoolSettings {
        memory_max_bytes: 300_000,
        ..settings(&dir, 64 << 20)
    })
    .unwrap()
    .0;
    let ballast = folder.path().join("ballast");
    append(&mut spool, &[frame("node", 1, b"on disk")]);
    // Somebody else fills the disk.
    std::fs::write(&ballast, vec![0; 1_900_000]).unwrap();
    let body: Vec<u8> = (0..50_000u32).map(|n| ((n * n) >> 3) as u8).collect();
    let mut in_memory = 0;
    for _ in 0..20 {
        let appended = spool.append(&[NewFrame {
            body: &body,
            ..frame("node", 2, b"")
        }]);
        if !appended.durable {
            in_memory += 1;
            assert_eq!(
                appended.fault.unwrap().kind(),
                std::io::ErrorKind::StorageFull
            );
        }
        assert!(spool.figures().memory_bytes <= 300_000);
    }
    let figures = lane(&spool, "node");
    assert!(in_memory >= 15, "{in_memory}");
    assert_eq!(spool.figures().write_failures, in_memory);
    assert_eq!(
        figures.lost[1].frames,
        in_memory - 5,
        "five frames fit into memory: {figures:?}"
    );
    assert_eq!(figures.waiting.frames + figures.lost[1].frames, 21);

    // What waits in memory can be sent as well, after what waits on disk.
    let on_disk = figures.waiting.frames - 5;
    for _ in 0..=on_disk {
        let frame = spool.lease(table("node")).unwrap().unwrap();
        assert!(spool.acknowledge(&frame));
    }
    // Space again: the next append takes everything to disk.
    std::fs::remove_file(&ballast).unwrap();
    append(&mut spool, &[frame("node", 1, b"last")]);
    assert_eq!(
        (
            spool.figures().memory_bytes,
            lane(&spool, "node").waiting.frames
        ),
        (0, 5)
    );
    drop(spool);
    let (mut spool, recovery) = Spool::open(settings(&dir, 64 << 20)).unwrap();
    assert_eq!(recovery.waiting.frames, 5, "{recovery:?}");
    let found = drain(&mut spool, "node");
    assert!(found.is_sorted_by(|a, b| a.0 < b.0));
    assert_eq!(found[4].1, b"last");
    assert!(found[..4].iter().all(|(_, bytes)| *bytes == body));
}

#[test]
fn a_frame_handed_out_of_memory_may_go_to_disk_meanwhile() {
    let folder = tempfile::tempdir().unwrap();
    let mut spool = open(folder.path());
    append(&mut spool, &[frame("node", 1, b"1")]);
    drain(&mut spool, "node");
    // A folder that is gone cannot take new segments.
    spool.active = None;
    let away = folder.path().with_extension("away");
    std::fs::rename(folder.path(), &away).unwrap();
    assert!(
        !spool
            .append(&[frame("node", 1, b"2"), frame("node", 1, b"3")])
            .durable
    );
    let second = spool.lease(table("node")).unwrap().unwrap();
    assert_eq!(second.body, b"2");
    std::fs::rename(&away, folder.path()).unwrap();
    append(&mut spool, &[frame("node", 1, b"4")]);
    assert!(spool.acknowledge(&second));
    assert_eq!(
        drain(&mut spool, "node"),
        [(3, b"3".to_vec()), (4, b"4".to_vec())]
    );
    assert!(lane(&spool, "node").waiting.is_empty());
}
