//! Each kind of rotation by itself.

use std::fs::{self, File};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::time::{Duration, SystemTime};

use super::bench::{Bench, append, container, cri, gzip, text};
use crate::log::LogSettings;

fn lines(from: usize, to: usize) -> Vec<String> {
    (from..to).map(|n| format!("line {n}")).collect()
}

fn write(path: &std::path::Path, from: usize, to: usize) {
    for line in lines(from, to) {
        append(path, cri(&line).as_bytes());
    }
}

fn plain(path: &std::path::Path, from: usize, to: usize) {
    for line in lines(from, to) {
        append(path, format!("{line}\n").as_bytes());
    }
}

/// Cuts a file to nothing, as `copytruncate` and `> file` do.
fn cut_off(path: &std::path::Path) {
    File::options()
        .write(true)
        .open(path)
        .unwrap()
        .set_len(0)
        .unwrap();
}

#[test]
fn a_pods_lines_come_with_all_that_is_known_of_them() {
    let folder = tempfile::tempdir().unwrap();
    let dir = container(folder.path(), "app");
    let path = dir.join("0.log");
    write(&path, 0, 3);
    let links = folder.path().join("var/log/containers");
    fs::create_dir_all(&links).unwrap();
    let id = "ab".repeat(32);
    symlink(&path, links.join(format!("web-1_shop_app-{id}.log"))).unwrap();
    let mut bench = Bench::new(folder.path());
    bench.settle();
    let rows = bench.take("log").remove(0);
    for (column, value) in [
        ("cluster", "c"),
        ("node", "n"),
        ("namespace", "shop"),
        ("pod", "web-1"),
        ("pod_uid", "app-uid"),
        ("container", "app"),
        ("container_id", id.as_str()),
        ("stream", "stdout"),
        ("file", path.to_str().unwrap()),
    ] {
        assert_eq!(
            text(&rows, column),
            vec![Some(value.to_owned()); 3],
            "{column}"
        );
    }
    assert_eq!(super::bench::numbers(&rows, "sequence"), [1, 2, 3]);
    let width = cri("line 0").len() as u64;
    assert_eq!(
        super::bench::numbers(&rows, "offset"),
        [0, width, 2 * width]
    );
}

#[test]
fn renamed_files_are_read_to_their_end() {
    let folder = tempfile::tempdir().unwrap();
    let dir = container(folder.path(), "app");
    let mut bench = Bench::new(folder.path());
    write(&dir.join("0.log"), 0, 10);
    bench.steps(3);
    // Unread lines, then the rename, then some by who still has it open.
    write(&dir.join("0.log"), 10, 20);
    fs::rename(dir.join("0.log"), dir.join("0.log.20261101-000000")).unwrap();
    write(&dir.join("0.log.20261101-000000"), 20, 25);
    write(&dir.join("0.log"), 25, 30);
    bench.settle();
    let mut came = bench.messages().remove("app").unwrap();
    came.sort_by_key(|line| line[5..].parse::<u32>().unwrap());
    assert_eq!(came, lines(0, 30));
}

#[test]
fn a_removed_file_is_read_from_what_is_open() {
    let folder = tempfile::tempdir().unwrap();
    let dir = container(folder.path(), "app");
    let mut bench = Bench::new(folder.path());
    write(&dir.join("0.log"), 0, 10);
    bench.steps(2);
    write(&dir.join("0.log"), 10, 5000);
    fs::remove_dir_all(dir.parent().unwrap()).unwrap();
    bench.settle();
    assert_eq!(bench.messages().remove("app").unwrap(), lines(0, 5000));
    bench.steps(300);
    let figures = bench.state.figures();
    assert_eq!(
        (figures.files, figures.open_files, figures.lost_bytes),
        (0, 0, 0)
    );
}

#[test]
fn a_copied_and_truncated_file_goes_on_in_its_copy() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("var/log/syslog");
    let copy = folder.path().join("var/log/syslog.1");
    let mut bench = Bench::new(folder.path());
    plain(&log, 0, 10);
    bench.steps(3);
    plain(&log, 10, 20);
    fs::copy(&log, &copy).unwrap();
    cut_off(&log);
    plain(&log, 20, 22);
    bench.settle();
    let mut came = bench.messages().remove("syslog").unwrap();
    came.sort_by_key(|line| line[5..].parse::<u32>().unwrap());
    assert_eq!(came, lines(0, 22));
    assert_eq!(bench.state.figures().copies, 1);
    // Grown past what was read of the one before: only its beginning tells that it is another.
    fs::rename(&copy, folder.path().join("var/log/syslog.2")).unwrap();
    fs::copy(&log, &copy).unwrap();
    cut_off(&log);
    plain(&log, 22, 400);
    bench.settle();
    assert_eq!(bench.messages().remove("syslog").unwrap(), lines(22, 400));
    bench.steps(200);
    assert_eq!(bench.state.figures().lost_bytes, 0);
}

#[test]
fn a_copy_that_is_seen_while_it_is_made_is_no_new_file() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("var/log/syslog");
    let copy = folder.path().join("var/log/syslog.1");
    let mut bench = Bench::new(folder.path());
    plain(&log, 0, 200);
    bench.settle();
    let content = fs::read(&log).unwrap();
    for length in [0, 1, 500, 1023, content.len() / 2, content.len()] {
        fs::write(&copy, &content[..length]).unwrap();
        bench.steps(4);
    }
    cut_off(&log);
    plain(&log, 200, 300);
    bench.settle();
    let mut came = bench.messages().remove("syslog").unwrap();
    came.sort_by_key(|line| line[5..].parse::<u32>().unwrap());
    assert_eq!(came, lines(0, 300));
    // The next copies, long after one another, mostly have one inode: what was seen of the one says nothing of the other.
    let content = fs::read(&log).unwrap();
    for _ in 0..2 {
        fs::remove_file(&copy).unwrap();
        bench.steps(40);
        for length in [0, content.len()] {
            fs::write(&copy, &content[..length]).unwrap();
            bench.steps(4);
        }
    }
    cut_off(&log);
    bench.settle();
    assert_eq!(bench.messages().remove("syslog"), None);
    // A short file that is no copy is read after a while all the same.
    let other = folder.path().join("var/log/syslog.3");
    plain(&other, 300, 302);
    bench.settle();
    assert_eq!(bench.messages().remove("syslog").unwrap(), lines(300, 302));
}

#[test]
fn what_is_truncated_without_a_copy_is_counted_as_lost() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("var/log/messages");
    let mut bench = Bench::new(folder.path());
    plain(&log, 0, 10);
    bench.steps(3);
    plain(&log, 10, 20);
    // The reader is told the new length by a look before it is cut off.
    let unread = 10 * "line 10\n".len() as u64;
    {
        let reader = bench.reader.as_mut().unwrap();
        let now = bench.now + 1_100_000;
        reader.follower.look(now, 0, &mut reader.writer.batch);
    }
    cut_off(&log);
    plain(&log, 20, 21);
    bench.settle();
    bench.steps(200);
    let mut came = bench.messages().remove("messages").unwrap();
    came.sort_by_key(|line| line[5..].parse::<u32>().unwrap());
    assert_eq!(came, [lines(0, 10), lines(20, 21)].concat());
    let figures = bench.state.figures();
    assert_eq!(figures.lost_bytes, unread);
    assert_eq!(
        figures.written_bytes,
        figures.read_bytes + figures.lost_bytes
    );
}

#[test]
fn a_file_compressed_while_nobody_looked_is_read_on_and_only_once() {
    let folder = tempfile::tempdir().unwrap();
    let dir = container(folder.path(), "app");
    let mut bench = Bench::new(folder.path());
    write(&dir.join("0.log"), 0, 10);
    bench.settle();
    bench.restart();
    // As the kubelet does it, twice, and the inode of the first is free for the last.
    bench.reader = None;
    write(&dir.join("0.log"), 10, 20);
    fs::rename(dir.join("0.log"), dir.join("0.log.20261101-000000")).unwrap();
    write(&dir.join("0.log"), 20, 30);
    gzip(
        &dir.join("0.log.20261101-000000"),
        &dir.join("0.log.20261101-000000.gz"),
    );
    fs::rename(dir.join("0.log"), dir.join("0.log.20261101-000010")).unwrap();
    gzip(
        &dir.join("0.log.20261101-000010"),
        &dir.join("0.log.20261101-000010.gz"),
    );
    write(&dir.join("0.log"), 30, 40);
    bench.crash();
    bench.settle();
    let mut came = bench.messages().remove("app").unwrap();
    came.sort_by_key(|line| line[5..].parse::<u32>().unwrap());
    assert_eq!(came, lines(0, 40));
    bench.restart();
    bench.settle();
    assert!(bench.messages().is_empty(), "nothing comes twice");
}

#[test]
fn a_compressed_file_that_was_read_before_is_not_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let dir = container(folder.path(), "app");
    let mut bench = Bench::new(folder.path());
    write(&dir.join("0.log"), 0, 10);
    bench.settle();
    fs::rename(dir.join("0.log"), dir.join("0.log.20261101-000000")).unwrap();
    write(&dir.join("0.log"), 10, 11);
    bench.settle();
    gzip(
        &dir.join("0.log.20261101-000000"),
        &dir.join("0.log.20261101-000000.gz"),
    );
    bench.settle();
    bench.steps(400);
    bench.crash();
    bench.settle();
    assert_eq!(bench.messages().remove("app").unwrap(), lines(0, 11));
    assert_eq!(bench.state.figures().lost_bytes, 0);
}

#[test]
fn an_old_file_is_passed_over_at_the_first_start_and_counted() {
    let folder = tempfile::tempdir().unwrap();
    let old = folder.path().join("var/log/syslog");
    plain(&old, 0, 10);
    let size = fs::metadata(&old).unwrap().len();
    let long_ago = SystemTime::now() - Duration::from_secs(48 * 3600);
    File::options()
        .append(true)
        .open(&old)
        .unwrap()
        .set_modified(long_ago)
        .unwrap();
    let mut bench = Bench::new(folder.path());
    bench.settle();
    assert!(bench.messages().is_empty());
    assert_eq!(bench.state.figures().skipped_bytes, size);
    plain(&old, 10, 12);
    bench.settle();
    assert_eq!(bench.messages().remove("syslog").unwrap(), lines(10, 12));
}

#[test]
fn dockers_files_are_followed_with_and_without_a_kubelet() {
    let folder = tempfile::tempdir().unwrap();
    let (alone, of_pod) = ("cd".repeat(32), "ef".repeat(32));
    let containers = folder.path().join("var/lib/docker/containers");
    let line = |n: usize| {
        format!(
            "{{\"log\":\"line {n}\\n\",\"stream\":\"stderr\",\"time\":\"2026-11-01T00:00:00.5Z\"}}\n"
        )
    };
    for (id, config) in [
        (&alone, r#"{"Name":"/db","Config":{"Labels":{}}}"#),
        (
            &of_pod,
            r#"{"Name":"/k8s_app_web-1","Config":{"Labels":{"io.kubernetes.pod.uid":"u"}}}"#,
        ),
    ] {
        append(
            &containers.join(id).join("config.v2.json"),
            config.as_bytes(),
        );
        append(
            &containers.join(id).join(format!("{id}-json.log")),
            line(0).as_bytes(),
        );
    }
    let dir = container(folder.path(), "app");
    fs::create_dir_all(&dir).unwrap();
    let target = containers.join(&of_pod).join(format!("{of_pod}-json.log"));
    symlink(&target, dir.join("0.log")).unwrap();
    let mut bench = Bench::new(folder.path());
    bench.steps(4);
    append(&target, line(1).as_bytes());
    // Docker's own rotation, in its own folder.
    fs::rename(&target, target.with_extension("log.1")).unwrap();
    append(&target, line(2).as_bytes());
    bench.settle();
    let mut came = bench.messages();
    assert_eq!(came.remove("db").unwrap(), lines(0, 1));
    let mut of_pod_came = came.remove("app").unwrap();
    of_pod_came.sort();
    assert_eq!(of_pod_came, lines(0, 3));
    assert!(came.is_empty());
}

#[test]
fn an_unreadable_file_is_told_with_the_right_that_is_missing_and_the_rest_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let (shut, open) = (
        folder.path().join("var/log/secure"),
        folder.path().join("var/log/syslog"),
    );
    plain(&shut, 0, 1);
    plain(&open, 0, 1);
    fs::set_permissions(&shut, fs::Permissions::from_mode(0o000)).unwrap();
    if File::open(&shut).is_ok() {
        eprintln!("skipped: this user may read everything");
        return;
    }
    let mut bench = Bench::new(folder.path());
    bench.settle();
    assert_eq!(bench.messages().remove("syslog").unwrap(), lines(0, 1));
    let files = bench.state.files();
    let told = files
        .iter()
        .find(|file| file.path.ends_with("secure"))
        .unwrap();
    assert!(told.missing_right.is_some(), "{told:?}");
}

#[test]
fn more_files_than_may_be_open_are_all_read() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = Bench::new(folder.path());
    bench.reader().follower.settings.open_max = 16;
    for round in 0..3 {
        for n in 0..100 {
            let path = container(folder.path(), &format!("c{n}")).join("0.log");
            append(&path, cri(&format!("line {round}")).as_bytes());
        }
        bench.settle();
        assert!(bench.state.figures().open_files <= 16);
    }
    let came = bench.messages();
    assert_eq!(came.len(), 100);
    assert!(came.values().all(|came| *came == lines(0, 3)));
}

#[test]
fn removed_files_hold_no_more_than_they_may() {
    let folder = tempfile::tempdir().unwrap();
    let settings = LogSettings {
        held_max: 100_000,
        ..LogSettings::in_folder(folder.path().join("spool"))
    };
    let mut bench = Bench::with(folder.path(), settings);
    for n in 0..4 {
        write(
            &container(folder.path(), &format!("c{n}")).join("0.log"),
            0,
            1,
        );
    }
    bench.settle();
    // More than may be held goes before the reader comes to it.
    for n in 0..4 {
        let dir = container(folder.path(), &format!("c{n}"));
        write(&dir.join("0.log"), 1, 1000);
    }
    let reader = bench.reader.as_mut().unwrap();
    let now = bench.now + 1_100_000;
    reader.follower.look(now, 0, &mut reader.writer.batch);
    for n in 0..4 {
        fs::remove_dir_all(container(folder.path(), &format!("c{n}"))).unwrap();
    }
    reader.look_around(now, 0);
    reader.follower.look(now, 0, &mut reader.writer.batch);
    let held = reader.follower.figures().held_bytes;
    assert!(held > 0 && held <= 100_000, "{held}");
    bench.settle();
    let figures = bench.state.figures();
    assert!(figures.lost_bytes > 0);
    assert_eq!(
        figures.written_bytes,
        figures.read_bytes + figures.lost_bytes
    );
}
