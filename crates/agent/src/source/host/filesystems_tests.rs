use super::*;
use crate::source::clock::Clock;
use crate::source::options::Roots;
use std::fs;

fn read(table: &str, options: Options) -> (Filesystems, Reader) {
    let proc = &options.roots.proc;
    fs::create_dir_all(proc.join("1")).unwrap();
    fs::write(proc.join("1/mountinfo"), table).unwrap();
    let mut reader = Reader::new();
    let mut shared = Shared {
        options: &options,
        reader: &mut reader,
        clock: &Clock::System,
    };
    let mut filesystems = Filesystems::new(&mut shared).unwrap();
    filesystems.ask(&mut shared);
    filesystems.collect(&mut shared);
    (filesystems, reader)
}

fn options(dir: &Path) -> Options {
    Options {
        roots: Roots::under(dir),
        ..Options::default()
    }
}

#[test]
fn one_row_a_device_and_none_of_the_kernels_own() {
    let dir = tempfile::tempdir().unwrap();
    let table = "27 1 254:0 / / rw - ext4 /dev/vda rw\n\
        42 27 254:0 /var/lib/kubelet /var/lib/kubelet rw - ext4 /dev/vda rw\n\
        22 27 0:21 / /proc rw - proc proc rw\n\
        43 42 0:39 / /var/lib/kubelet/pods/x/volumes/v rw - tmpfs tmpfs rw\n\
        65 27 0:60 / /run/containerd/x/rootfs rw - overlay overlay rw\n\
        70 27 0:70 / /mnt/nfs rw - nfs4 server:/x rw\n\
        71 27 0:71 / /run rw - tmpfs tmpfs rw\n\
        72 27 8:1 / /mnt/my\\040disk ro - xfs /dev/sdb1 rw\n";
    let (found, _) = read(table, options(dir.path()));
    let points: Vec<_> = found.list.iter().map(|f| f.mount_point.as_str()).collect();
    assert_eq!(points, ["/", "/mnt/my disk", "/run"]);
    assert_eq!(found.remote, 1);
    assert!(found.list[1].read_only && !found.list[0].read_only);
}

#[test]
fn a_mount_that_is_not_visible_is_not_given_another_ones_size() {
    let dir = tempfile::tempdir().unwrap();
    let table =
        "27 1 254:99 / / rw - ext4 /dev/vda rw\n28 27 254:98 / /gone rw - ext4 /dev/vdb rw\n";
    let (found, reader) = read(table, options(dir.path()));
    assert!(
        found.list[0]
            .error
            .as_deref()
            .unwrap()
            .contains("not visible"),
        "{:?}",
        found.list[0].error
    );
    assert!(
        found.list[1]
            .error
            .as_deref()
            .unwrap()
            .contains("No such file"),
        "{:?}",
        found.list[1].error
    );
    assert_eq!(found.list[0].now.get(Filesystem::Size), None);
    assert!(
        reader
            .ledger
            .entries()
            .iter()
            .any(|e| e.path.starts_with("statfs"))
    );
}

#[test]
fn a_real_file_system_tells_its_size() {
    let dir = tempfile::tempdir().unwrap();
    let stat = statat(CWD, dir.path(), AtFlags::empty()).unwrap();
    let table = format!(
        "27 1 {}:{} / / rw - ext4 /dev/x rw\n",
        major(stat.st_dev),
        minor(stat.st_dev)
    );
    let (found, _) = read(&table, options(dir.path()));
    let expected = statvfs(dir.path()).unwrap();
    assert_eq!(found.list[0].error, None);
    assert_eq!(
        found.list[0].now.get(Filesystem::Size),
        Some(expected.f_blocks * expected.f_frsize)
    );
}

#[test]
fn the_latest_mount_at_a_place_counts() {
    let dir = tempfile::tempdir().unwrap();
    let table = "1 0 8:1 / /data rw - ext4 /dev/a rw\n2 0 8:2 / /data rw - xfs /dev/b rw\n";
    let (found, _) = read(table, options(dir.path()));
    assert_eq!(
        (found.list.len(), found.list[0].device.as_str()),
        (1, "/dev/b")
    );
}

#[test]
fn one_that_does_not_answer_holds_up_nobody() {
    fn dead_server(question: &Question) -> Result<Size, Failure> {
        while question.path.ends_with("dead") {
            thread::park();
        }
        Ok(Size {
            size: 9,
            free: 5,
            available: 4,
            inodes: 0,
            inodes_free: 0,
        })
    }
    let dir = tempfile::tempdir().unwrap();
    let clock = crate::source::clock::ManualClock::default();
    let options = Options {
        filesystem_wait_usec: 2_000_000,
        ..options(dir.path())
    };
    fs::create_dir_all(options.roots.proc.join("1")).unwrap();
    fs::write(
        options.roots.proc.join("1/mountinfo"),
        "1 0 8:1 / /dead rw - ext4 /dev/a rw\n2 0 8:2 / /z rw - ext4 /dev/b rw\n",
    )
    .unwrap();
    let mut reader = Reader::new();
    let kept_clock = Clock::Manual(clock.clone());
    let mut shared = Shared {
        options: &options,
        reader: &mut reader,
        clock: &kept_clock,
    };
    let mut filesystems = Filesystems::asking(&mut shared, dead_server).unwrap();
    filesystems.ask(&mut shared);
    filesystems.collect(&mut shared);
    assert_eq!(filesystems.list[0].error.as_deref(), Some("no answer yet"));
    assert_eq!(
        filesystems.list[1].error.as_deref(),
        Some("no answer yet"),
        "it waits behind the dead one"
    );

    // By the next tick a second thread serves the others, and the dead one is not asked again.
    clock.set(10_000_000, 0);
    filesystems.ask(&mut shared);
    filesystems.collect(&mut shared);
    assert_eq!(
        filesystems.list[0].error.as_deref(),
        Some("no answer for 10 s")
    );
    assert_eq!(filesystems.list[1].error, None);
    assert_eq!(filesystems.list[1].now.get(Filesystem::Free), Some(5));
    assert_eq!(filesystems.threads, 2);
    // From then on nobody waits for it.
    clock.set(20_000_000, 0);
    filesystems.ask(&mut shared);
    let before = Instant::now();
    filesystems.collect(&mut shared);
    assert!(
        before.elapsed() < Duration::from_micros(options.filesystem_wait_usec),
        "{:?}",
        before.elapsed()
    );
    assert_eq!(filesystems.list[1].error, None);
    assert_eq!(filesystems.threads, 2);
}

#[test]
fn a_file_system_is_measured_by_any_folder_on_it() {
    use std::os::unix::fs::MetadataExt;
    let dir = tempfile::tempdir().unwrap();
    let logs = dir.path().join("var/log/pods");
    fs::create_dir_all(&logs).unwrap();
    let device = fs::metadata(&logs).unwrap().dev();
    let (major, minor) = (rustix::fs::major(device), rustix::fs::minor(device));
    // Its mount is not seen from here, as in a pod that has the logs of its node and not its root.
    let table = format!(
        "27 1 {major}:{minor} / /not-mounted-here rw - ext4 /dev/vda rw\n28 27 254:98 / /other rw - ext4 /dev/vdb rw\n"
    );
    let (found, _) = read(&table, options(dir.path()));
    let [here, other] = &found.list[..] else {
        panic!("{:?}", found.list)
    };
    assert_eq!(here.error, None);
    let size = statvfs(&logs).unwrap();
    assert_eq!(
        here.now.get(Filesystem::Size),
        Some(size.f_blocks * size.f_frsize)
    );
    assert!(other.error.is_some() && other.now.get(Filesystem::Size).is_none());
}

#[test]
fn what_a_runtime_mounts_for_containers_has_no_row_wherever_it_keeps_its_state() {
    let dir = tempfile::tempdir().unwrap();
    let table = "27 1 254:99 / / rw - ext4 /dev/vda rw\n\
        30 27 0:50 / /data/runtime/io.containerd.grpc.v1.cri/sandboxes/1139/shm rw - tmpfs shm rw\n\
        31 27 0:51 / /data/storage/overlay-containers/22/userdata/shm rw - tmpfs shm rw\n";
    let (found, _) = read(table, options(dir.path()));
    let points: Vec<_> = found.list.iter().map(|f| f.mount_point.as_str()).collect();
    assert_eq!(points, ["/"]);
}
