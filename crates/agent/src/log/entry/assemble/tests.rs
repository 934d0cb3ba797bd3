mod exact;
mod golden;
mod sample;

use std::sync::Arc;

use super::super::{
    Assembler, Entry, EntryRules, EntrySink, Format, Level, LogRules, Resume, Stream,
};

/// 2026-11-25T20:31:04Z.
pub(super) const NOW: i64 = 1_795_638_664_000_000;

/// An entry that is kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Kept {
    pub(super) time_usec: i64,
    pub(super) time_nsec: Option<u16>,
    pub(super) stamped_usec: Option<i64>,
    pub(super) stream: Option<Stream>,
    pub(super) message: String,
    pub(super) offset: u64,
    pub(super) lines: u32,
    pub(super) truncated_bytes: u64,
    pub(super) invalid_bytes: u64,
    pub(super) level: Option<Level>,
    pub(super) malformed: bool,
    pub(super) redacted: bool,
}

impl EntrySink for Vec<Kept> {
    fn entry(&mut self, entry: &Entry<'_>) {
        self.push(Kept {
            time_usec: entry.time_usec,
            time_nsec: entry.time_nsec,
            stamped_usec: entry.stamped_usec,
            stream: entry.stream,
            message: entry.message.to_owned(),
            offset: entry.offset,
            lines: entry.lines,
            truncated_bytes: entry.truncated_bytes,
            invalid_bytes: entry.invalid_bytes,
            level: entry.level,
            malformed: entry.malformed,
            redacted: entry.redacted,
        });
    }
}

pub(super) fn rules(change: impl FnOnce(&mut LogRules)) -> Arc<EntryRules> {
    let mut rules = LogRules::default();
    change(&mut rules);
    EntryRules::compile(&rules).unwrap()
}

/// All entries of a file that is read at once.
pub(super) fn entries(format: Format, rules: &Arc<EntryRules>, bytes: &[u8]) -> Vec<Kept> {
    let mut out = Vec::new();
    let mut assembler = Assembler::new(format, Arc::clone(rules), Resume::default());
    let taken = assembler.push(bytes, 0, NOW, &mut out);
    assembler.finish(&bytes[taken..], taken as u64, NOW, &mut out);
    assert_eq!(assembler.resume(), Resume::at(bytes.len() as u64));
    assert!(!assembler.waits());
    out
}

fn messages(entries: &[Kept]) -> Vec<&str> {
    entries.iter().map(|e| e.message.as_str()).collect()
}

fn cri(lines: &[&str]) -> String {
    lines
        .iter()
        .map(|l| format!("2026-11-25T20:31:04.5Z {l}\n"))
        .collect()
}

#[test]
fn pieces_are_joined_within_their_stream() {
    let file = cri(&[
        "stdout P one ",
        "stderr P uno ",
        "stdout P two ",
        "stderr F due\r",
        "stdout F three\r",
        "stdout F ",
        "stdout F \r",
    ]);
    let all = entries(Format::Cri, &rules(|_| {}), file.as_bytes());
    assert_eq!(messages(&all), ["uno due", "one two three", "", ""]);
    assert_eq!(
        (all[1].lines, all[1].offset, all[1].stream),
        (3, 0, Some(Stream::Stdout))
    );
    assert_eq!(
        (all[0].lines, all[0].offset, all[0].stream),
        (2, 37, Some(Stream::Stderr))
    );
    let docker = concat!(
        r#"{"log":"one ","stream":"stdout","time":"2026-11-25T20:31:04.5Z"}"#,
        "\n",
        r#"{"log":"uno\n","stream":"stderr","time":"2026-11-25T20:31:04.5Z"}"#,
        "\n",
        r#"{"log":"two\r\n","stream":"stdout","time":"2026-11-25T20:31:04.6Z"}"#,
        "\n",
    );
    let all = entries(Format::Docker, &rules(|_| {}), docker.as_bytes());
    assert_eq!(messages(&all), ["uno", "one two"]);
    assert_eq!(
        (all[1].lines, all[1].time_usec, all[1].time_nsec),
        (2, NOW + 500_000, Some(0))
    );
}

#[test]
fn a_letter_that_the_runtime_has_cut_is_whole_again() {
    let mut file = b"2026-11-25T20:31:04Z stdout P caf\xc3\n".to_vec();
    file.extend_from_slice(b"2026-11-25T20:31:04Z stdout F \xa9 \xff\0\n");
    let all = entries(Format::Cri, &rules(|_| {}), &file);
    assert_eq!(messages(&all), ["café \u{fffd}\0"]);
    assert_eq!(all[0].invalid_bytes, 1);
}

#[test]
fn long_lines_are_cut_where_the_bound_is_and_say_by_how_much() {
    let rules = rules(|r| r.max_line = 64);
    let text = format!("{}é{}", "a".repeat(63), "b".repeat(1000));
    let cut = 2 + 1000;
    for (format, file) in [
        (Format::Plain, format!("{text}\r\nnext\n")),
        (
            Format::Cri,
            cri(&[&format!("stdout F {text}\r"), "stdout F next"]),
        ),
        (
            Format::Cri,
            cri(&[
                &format!("stdout P {}", &text[..40]),
                &format!("stdout F {}\r", &text[40..]),
                "stdout F next",
            ]),
        ),
        (
            Format::Docker,
            format!(
                "{{\"log\":\"{text}\\r\\n\",\"stream\":\"stdout\",\"time\":\"2026-11-25T20:31:04Z\"}}\n{{\"log\":\"next\\n\",\"stream\":\"stdout\",\"time\":\"2026-11-25T20:31:04Z\"}}\n"
            ),
        ),
    ] {
        let all = entries(format, &rules, file.as_bytes());
        assert_eq!(
            messages(&all),
            ["a".repeat(63).as_str(), "next"],
            "{format:?}"
        );
        assert_eq!(all[0].truncated_bytes, cut, "{format:?}");
        assert_eq!(all[1].truncated_bytes, 0, "{format:?}");
    }
}

#[test]
fn a_hundred_mebibytes_without_newline_are_one_entry_in_little_memory() {
    let chunk = vec![b'x'; 1 << 20];
    let mut out: Vec<Kept> = Vec::new();
    for format in [Format::Plain, Format::Cri, Format::Docker] {
        out.clear();
        let mut assembler = Assembler::new(format, rules(|_| {}), Resume::default());
        let mut offset = 0;
        for _ in 0..100 {
            assert_eq!(assembler.push(&chunk, offset, NOW, &mut out), chunk.len());
            offset += chunk.len() as u64;
            assert!(assembler.line.head.len() <= assembler.raw_bound());
            assert_eq!(assembler.resume(), Resume::default());
        }
        assert!(out.is_empty());
        assert_eq!(assembler.push(b"\r\nnext", offset, NOW, &mut out), 2);
        assert_eq!(out.len(), 1);
        assert_eq!(out[0].message.len(), 1 << 20);
        assert_eq!(out[0].truncated_bytes, 99 << 20);
        assert_eq!(assembler.resume(), Resume::at(offset + 2));
        assert!(assembler.line.head.capacity() == 0);
    }
}

#[test]
fn garbage_is_kept_as_it_is_with_the_time_of_the_line_before() {
    let file = format!(
        "rubbish\n{}half a li\r\n{}",
        cri(&["stdout P open ", "stderr F x"]),
        cri(&["stdout F end"])
    );
    let all = entries(Format::Cri, &rules(|_| {}), file.as_bytes());
    assert_eq!(
        messages(&all),
        ["rubbish", "x", "open ", "half a li", "end"]
    );
    let malformed: Vec<_> = all.iter().map(|e| e.malformed).collect();
    assert_eq!(malformed, [true, false, false, true, false]);
    assert_eq!(all[0].time_usec, NOW);
    assert_eq!(all[3].time_usec, NOW + 500_000);
    // Half a line at a rotation.
    let all = entries(Format::Cri, &rules(|_| {}), b"2026-11-25T20:31:04.5Z stdo");
    assert!(all.len() == 1 && all[0].malformed);
}

#[test]
fn stamps_that_nobody_believes_are_kept_beside() {
    let file = b"1970-01-01T00:00:01Z stdout F a\n2100-01-01T00:00:00.000000001Z stdout F b\n";
    let all = entries(Format::Cri, &rules(|_| {}), file);
    assert_eq!(
        (all[0].time_usec, all[0].stamped_usec),
        (NOW, Some(1_000_000))
    );
    assert_eq!(
        (all[1].time_usec, all[1].stamped_usec, all[1].time_nsec),
        (NOW, Some(4_102_444_800_000_000), None)
    );
}

#[test]
fn plain_lines_have_their_own_time_or_that_of_the_reading() {
    let rules = rules(|r| r.place.zone = Some(super::super::Zone::fixed(0)));
    let file = b"Nov 25 20:00:04 node app[1]: x\nno time\n2026-11-25T20:31:01.5+00:00 node y\n";
    let all = entries(Format::Plain, &rules, file);
    let times: Vec<_> = all.iter().map(|e| e.time_usec - NOW).collect();
    assert_eq!(times, [-1_860_000_000, 0, -2_500_000]);
    assert!(
        all.iter()
            .all(|e| e.stream.is_none() && e.stamped_usec.is_none())
    );
}

#[test]
fn what_waits_is_given_out_in_time_and_read_again_before_that() {
    let mut out: Vec<Kept> = Vec::new();
    let mut assembler = Assembler::new(Format::Cri, rules(|_| {}), Resume::default());
    let file = cri(&[
        "stderr F Traceback (most recent call last):",
        "stderr F   File \"a.py\", line 1",
        "stdout F ERROR x",
        "stdout F y",
        "stdout P z",
    ]);
    assert_eq!(
        assembler.push(file.as_bytes(), 0, NOW, &mut out),
        file.len()
    );
    assert_eq!(messages(&out), ["ERROR x", "y"]);
    let z = file.rfind("2026").unwrap() as u64;
    assert_eq!(
        assembler.resume(),
        Resume {
            stdout: z,
            stderr: 0
        }
    );
    assembler.tick(NOW + 999_999, &mut out);
    assert_eq!(out.len(), 2);
    // A clock that was set back begins the wait anew.
    assembler.tick(NOW - 5_000_000, &mut out);
    assembler.tick(NOW - 4_000_001, &mut out);
    assert_eq!(out.len(), 2);
    assembler.tick(NOW - 4_000_000, &mut out);
    assert_eq!(out.len(), 3);
    assert_eq!(
        assembler.resume(),
        Resume {
            stdout: z,
            stderr: file.len() as u64
        }
    );
    assembler.tick(NOW + 10_000_000, &mut out);
    assert_eq!(messages(&out)[3..], ["z"]);
    assert!(!assembler.waits());
    assert_eq!(assembler.resume(), Resume::at(file.len() as u64));
}

#[test]
fn own_groups_are_taken_before_traces() {
    let rules = rules(|r| r.multiline = vec![r"^BEGIN => ^\s|^END".into()]);
    let file = "BEGIN a\n b\nEND\nother\n c\nBEGIN d\nBEGIN e\n";
    let all = entries(Format::Plain, &rules, file.as_bytes());
    assert_eq!(
        messages(&all),
        ["BEGIN a\n b\nEND", "other", " c", "BEGIN d", "BEGIN e"]
    );
    let rules = self::rules(|r| r.multiline = vec![r"^\d".into()]);
    let file = "before\n1 a\nTraceback (most recent call last):\nb\n2 c\n";
    let all = entries(Format::Plain, &rules, file.as_bytes());
    assert_eq!(
        messages(&all),
        [
            "before",
            "1 a\nTraceback (most recent call last):\nb",
            "2 c"
        ]
    );
}

#[test]
fn groups_have_bounds() {
    let lines: String = (0..25)
        .map(|n| format!("\tat a.B.c(B.java:{n})\n"))
        .collect();
    let all = entries(
        Format::Plain,
        &rules(|r| r.group_lines = 10),
        lines.as_bytes(),
    );
    let counts: Vec<_> = all.iter().map(|e| e.lines).collect();
    assert_eq!(counts, [10, 10, 5]);
    let all = entries(
        Format::Plain,
        &rules(|r| r.max_line = 100),
        lines.as_bytes(),
    );
    assert!(
        all.iter()
            .all(|e| e.message.len() <= 100 && e.truncated_bytes == 0)
    );
    assert_eq!(all.iter().map(|e| e.lines).sum::<u32>(), 25);
}

#[test]
fn what_is_masked_is_masked_in_the_whole_entry() {
    let rules = rules(|r| r.redact = vec!["email".into(), "bearer".into()]);
    let file = cri(&[
        "stdout P mail to jo",
        "stdout F e@example.org, Bearer abcdefghij",
        "stdout F nothing",
    ]);
    let all = entries(Format::Cri, &rules, file.as_bytes());
    assert_eq!(messages(&all), ["mail to ***, Bearer ***", "nothing"]);
    assert_eq!((all[0].redacted, all[1].redacted), (true, false));
}
