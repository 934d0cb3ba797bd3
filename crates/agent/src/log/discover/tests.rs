//! Names, and folders that are laid out as nodes lay them out.

use std::fs;

use super::*;

#[test]
fn what_rotation_adds_to_a_name_is_taken_off() {
    for (name, base, is_compressed) in [
        ("0.log", "0.log", false),
        ("0.log.20261123-034754", "0.log", false),
        ("0.log.20261123-034754.gz", "0.log", true),
        ("syslog", "syslog", false),
        ("syslog.1", "syslog", false),
        ("syslog.2.gz", "syslog", true),
        ("messages-20261101", "messages", false),
        ("messages-20261101.gz", "messages", true),
        ("kern.log.1", "kern.log", false),
        ("app-2.log", "app-2.log", false),
        ("abc-json.log.1", "abc-json.log", false),
    ] {
        assert_eq!(unrotated(name), Some((base, is_compressed)), "{name}");
    }
    assert_eq!(unrotated("syslog.3.xz"), None);
    assert_eq!(unrotated("0.log.20261123-034754.tmp"), None);
}

fn places(root: &Path) -> Places {
    Places {
        log: root.join("var/log"),
        host: root.to_owned(),
        host_logs: true,
        files: vec![root.join("opt/app/app.out")],
        announcements: true,
    }
}

fn touch(path: PathBuf) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, "x\n").unwrap();
}

#[test]
fn a_node_is_listed() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    for path in [
        "var/log/pods/shop_web-1_uid/app/0.log",
        "var/log/pods/shop_web-1_uid/app/0.log.20261123-034754.gz",
        "var/log/pods/shop_web-1_uid/app/notes.txt",
        "var/log/pods/strange/app/0.log",
        "var/log/syslog",
        "var/log/syslog.1",
        "var/log/kubelet.log",
        "var/log/wtmp",
        "opt/app/app.out",
        "opt/app/app.out.1",
    ] {
        touch(root.join(path));
    }
    let mut discovery = Discovery::new(places(root));
    let look = discovery.all();
    let mut found: Vec<(String, usize, usize)> = look
        .families
        .iter()
        .filter(|family| !family.files.is_empty())
        .map(|family| {
            let live = family.files.iter().filter(|file| file.is_live).count();
            (family.source.name.to_string(), family.files.len(), live)
        })
        .collect();
    found.sort();
    let extra =
        format!("host/{}", root.join("opt/app/app.out").display()).replace("host//", "host/");
    let mut expected = [
        ("host/kubelet".to_owned(), 1, 1),
        ("host/syslog".to_owned(), 2, 1),
        ("shop/web-1/uid/app".to_owned(), 2, 1),
        (extra, 2, 1),
    ];
    expected.sort();
    assert_eq!(found, expected);
}

#[test]
fn what_is_compressed_in_another_way_is_told_once() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    for file in [
        "var/log/syslog",
        "var/log/syslog.1.xz",
        "var/log/syslog-20261101.xz",
        "var/log/syslog.3.zst",
        "var/log/other.1.xz",
        "var/log/pods/shop_web-1_uid/app/0.log.20261123-034754.zst",
    ] {
        touch(root.join(file));
    }
    let look = Discovery::new(places(root)).all();
    let mut told: Vec<_> = look
        .closed
        .iter()
        .map(|closed| closed.path.strip_prefix(root).unwrap().to_str().unwrap())
        .collect();
    told.sort_unstable();
    assert_eq!(
        told,
        [
            "var/log/*.xz",
            "var/log/*.zst",
            "var/log/pods/shop_web-1_uid/app/*.zst"
        ]
    );
    fs::remove_file(root.join("var/log/syslog.1.xz")).unwrap();
    fs::remove_file(root.join("var/log/syslog-20261101.xz")).unwrap();
    let look = Discovery::new(places(root)).all();
    assert!(
        !look
            .closed
            .iter()
            .any(|closed| closed.path.ends_with("*.xz"))
    );
}

#[test]
fn what_comes_and_goes_is_announced() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    touch(root.join("var/log/pods/shop_web-1_uid/app/0.log"));
    let mut discovery = Discovery::new(places(root));
    if discovery.announcements().is_none() {
        eprintln!("skipped: no inotify here");
        return;
    }
    discovery.all();
    assert_eq!(discovery.announced(), Some(HashSet::new()));
    touch(root.join("var/log/pods/shop_web-1_uid/app/1.log"));
    touch(root.join("var/log/pods/shop_web-2_uid/app/0.log"));
    let dirs = discovery.announced().unwrap();
    let look = discovery.some(&dirs);
    let mut names: Vec<String> = look
        .families
        .iter()
        .map(|f| f.source.name.to_string())
        .collect();
    names.sort();
    names.dedup();
    names.retain(|name| name.starts_with("shop"));
    assert_eq!(names, ["shop/web-1/uid/app", "shop/web-2/uid/app"]);
    fs::remove_dir_all(root.join("var/log/pods/shop_web-1_uid")).unwrap();
    let dirs = discovery.announced().unwrap();
    let gone = discovery.some(&dirs);
    let app = gone
        .families
        .iter()
        .find(|f| &*f.source.name == "shop/web-1/uid/app");
    assert!(app.is_none_or(|family| family.files.is_empty()));
}
