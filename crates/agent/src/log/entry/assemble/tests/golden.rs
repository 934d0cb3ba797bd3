//! Files that real nodes wrote (`corpus/logs`), and traces of many languages.

use std::fmt::Write as _;
use std::path::PathBuf;

use super::{Format, Kept, Level, Stream, entries, rules};

fn corpus() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../corpus/logs")
}

/// Entries as a person reads them; a long message in short.
fn shown(all: &[Kept]) -> String {
    let mut text = String::new();
    for entry in all {
        let _ = write!(text, "{}", crate::calendar::rfc3339(entry.time_usec));
        if let Some(nsec) = entry.time_nsec {
            let _ = write!(text, " {:03} {nsec:03}", entry.time_usec % 1000);
        }
        let _ = write!(
            text,
            " {} {} @{} lines={}",
            entry.stream.map_or("-", Stream::name),
            entry.level.map_or("-", Level::name),
            entry.offset,
            entry.lines
        );
        for (name, number) in [
            ("truncated", entry.truncated_bytes),
            ("invalid", entry.invalid_bytes),
        ] {
            if number > 0 {
                let _ = write!(text, " {name}={number}");
            }
        }
        if entry.malformed {
            text.push_str(" malformed");
        }
        let letters = entry.message.chars().count();
        if letters > 4000 {
            let head: String = entry.message.chars().take(40).collect();
            let _ = writeln!(text, "\n  {head:?}… {letters} letters");
            continue;
        }
        text.push('\n');
        for line in entry.message.split('\n') {
            let _ = writeln!(text, "  {line:?}");
        }
    }
    text
}

fn check(name: &str, all: &[Kept]) {
    let folder =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/log/entry/assemble/tests/snapshots");
    insta::with_settings!({snapshot_path => folder, prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!(name, shown(all));
    });
}

#[test]
fn recorded_files() {
    for (set, file) in [
        ("v1.20", "crasher"),
        ("v1.20", "emitter-json"),
        ("v1.20", "emitter-long"),
        ("v1.20", "emitter-stack"),
        ("v1.20", "web-httpd"),
        ("v1.36.2", "emitter-stack"),
        ("v1.36.2", "flood"),
    ] {
        let bytes = std::fs::read(corpus().join(set).join(format!("{file}.log"))).unwrap();
        let all = entries(Format::Cri, &rules(|_| {}), &bytes);
        assert!(all.iter().all(|e| !e.malformed));
        check(&format!("{set}-{file}"), &all);
    }
}

#[test]
fn traces_of_many_languages() {
    for name in ["java", "python", "go", "node", "ruby", "dotnet", "none"] {
        let bytes = std::fs::read(corpus().join(format!("traces/{name}.log"))).unwrap();
        check(
            &format!("traces-{name}"),
            &entries(Format::Plain, &rules(|_| {}), &bytes),
        );
    }
}
