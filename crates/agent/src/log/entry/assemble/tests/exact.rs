//! Every line in exactly one entry, however the bytes come and whenever the reader dies.

use std::sync::Arc;

use proptest::prelude::*;

use super::sample::any_file;
use super::{Assembler, EntryRules, Format, Kept, NOW, Resume, entries, rules};

/// Small bounds, so that they are met, an own group and something to mask.
fn tight() -> Arc<EntryRules> {
    rules(|r| {
        r.max_line = 100;
        r.group_lines = 6;
        r.multiline = vec![r"^BEGIN => ^\+".into()];
        r.redact = vec!["password".into()];
    })
}

/// Reads a file in chunks of the given sizes, over and over.
struct Reader<'a> {
    file: &'a [u8],
    sizes: &'a [usize],
    turn: usize,
    /// Up to where bytes were given to the assembler, and up to where it took them.
    end: usize,
    taken: usize,
    assembler: Assembler,
}

impl<'a> Reader<'a> {
    fn new(file: &'a [u8], sizes: &'a [usize], assembler: Assembler) -> Reader<'a> {
        let start = assembler.resume().start() as usize;
        Reader {
            file,
            sizes,
            turn: 0,
            end: start,
            taken: start,
            assembler,
        }
    }

    /// One chunk; `false` at the end of the file.
    fn step(&mut self, out: &mut Vec<Kept>) -> bool {
        if self.end == self.file.len() {
            return false;
        }
        let size = self.sizes[self.turn % self.sizes.len()];
        self.turn += 1;
        self.end = (self.end + size).min(self.file.len());
        let bytes = &self.file[self.taken..self.end];
        self.taken += self.assembler.push(bytes, self.taken as u64, NOW, out);
        true
    }

    fn finish(mut self, out: &mut Vec<Kept>) {
        while self.step(out) {}
        self.assembler
            .finish(&self.file[self.taken..], self.taken as u64, NOW, out);
        assert_eq!(self.assembler.resume(), Resume::at(self.file.len() as u64));
    }
}

fn sizes() -> impl Strategy<Value = Vec<usize>> {
    proptest::collection::vec(prop_oneof![1usize..8, 1usize..400], 1..20)
}

/// In the file's order. A malformed line's time is left out: after a crash the line before it may not be read again.
fn ordered(mut all: Vec<Kept>) -> Vec<Kept> {
    for entry in &mut all {
        if entry.malformed {
            entry.time_usec = 0;
        }
    }
    all.sort_by_key(|e| e.offset);
    all
}

/// Where lines start.
fn starts(file: &[u8]) -> Vec<u64> {
    let newlines = file.iter().enumerate().filter(|(_, b)| **b == b'\n');
    let mut starts = vec![0];
    starts.extend(newlines.map(|(at, _)| at as u64 + 1));
    starts.retain(|start| *start < file.len() as u64);
    starts
}

/// Every line is in exactly one entry: entries begin at lines, no two at one, and have as many lines as there are.
fn check_tiles(file: &[u8], all: &[Kept]) -> Result<(), TestCaseError> {
    let starts = starts(file);
    let mut offsets: Vec<_> = all.iter().map(|e| e.offset).collect();
    offsets.sort_unstable();
    for pair in offsets.windows(2) {
        prop_assert!(pair[0] < pair[1], "two entries at {}", pair[0]);
    }
    for offset in &offsets {
        prop_assert!(
            starts.binary_search(offset).is_ok(),
            "no line starts at {offset}"
        );
    }
    let lines: u64 = all.iter().map(|e| u64::from(e.lines)).sum();
    prop_assert_eq!(lines, starts.len() as u64);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn how_the_bytes_come_does_not_matter((format, file) in any_file(), sizes in sizes()) {
        let rules = tight();
        let whole = entries(format, &rules, &file);
        check_tiles(&file, &whole)?;
        let mut out = Vec::new();
        Reader::new(&file, &sizes, Assembler::new(format, rules, Resume::default())).finish(&mut out);
        prop_assert_eq!(out, whole);
    }

    #[test]
    fn entries_before_a_crash_and_after_it_are_those_of_one_life(
        (format, file) in any_file(),
        lives in proptest::collection::vec((sizes(), 0usize..40), 1..5),
    ) {
        let rules = tight();
        let mut out = Vec::new();
        let mut resume = Resume::default();
        for (sizes, steps) in &lives {
            let mut reader = Reader::new(&file, sizes, Assembler::new(format, Arc::clone(&rules), resume));
            for _ in 0..*steps {
                reader.step(&mut out);
            }
            let next = reader.assembler.resume();
            prop_assert!(next.stdout >= resume.stdout && next.stderr >= resume.stderr);
            resume = next;
        }
        Reader::new(&file, &[1000], Assembler::new(format, Arc::clone(&rules), resume)).finish(&mut out);
        prop_assert_eq!(ordered(out), ordered(entries(format, &rules, &file)));
    }

    #[test]
    fn waits_that_end_lose_and_repeat_nothing(
        (format, file) in any_file(),
        lives in proptest::collection::vec((sizes(), proptest::collection::vec(0i64..20_000_000, 0..20)), 1..5),
    ) {
        let rules = tight();
        let mut out = Vec::new();
        let mut resume = Resume::default();
        for (sizes, waits) in &lives {
            let mut reader = Reader::new(&file, sizes, Assembler::new(format, Arc::clone(&rules), resume));
            for wait in waits {
                reader.step(&mut out);
                reader.assembler.tick(NOW + wait, &mut out);
            }
            resume = reader.assembler.resume();
        }
        Reader::new(&file, &[1000], Assembler::new(format, Arc::clone(&rules), resume)).finish(&mut out);
        check_tiles(&file, &out)?;
    }

    #[test]
    fn any_bytes_are_tiled(
        bytes in proptest::collection::vec(prop_oneof![4 => any::<u8>(), 1 => Just(b'\n')], 0..600),
        sizes in sizes(),
    ) {
        for format in [Format::Cri, Format::Docker, Format::Plain] {
            let mut out = Vec::new();
            Reader::new(&bytes, &sizes, Assembler::new(format, tight(), Resume::default())).finish(&mut out);
            check_tiles(&bytes, &out)?;
        }
    }

    /// What a fuzzer does: a file that means something, and then some bytes of it changed, added or left out.
    #[test]
    fn spoiled_files_are_tiled(
        (format, file) in any_file(),
        spoils in proptest::collection::vec((any::<proptest::sample::Index>(), 0u8..3, any::<u8>()), 1..20),
        sizes in sizes(),
    ) {
        let mut file = file;
        for (place, how, byte) in spoils {
            if file.is_empty() {
                break;
            }
            let at = place.index(file.len());
            match how {
                0 => file[at] = byte,
                1 => file.insert(at, byte),
                _ => drop(file.drain(at..(at + usize::from(byte)).min(file.len()))),
            }
        }
        let rules = tight();
        let mut out = Vec::new();
        Reader::new(&file, &sizes, Assembler::new(format, Arc::clone(&rules), Resume::default())).finish(&mut out);
        check_tiles(&file, &out)?;
        prop_assert_eq!(out, entries(format, &rules, &file));
    }
}

#[test]
fn lines_longer_than_a_buffer_come_in_any_chunks() {
    let rules = rules(|r| r.max_line = 100 << 10);
    let mut file = Vec::new();
    for (length, byte) in [
        (70 << 10, b'a'),
        (300 << 10, b'b'),
        (10, b'c'),
        (200 << 10, b'd'),
    ] {
        file.extend_from_slice(b"2026-11-25T20:31:03Z stdout F ");
        file.resize(file.len() + length, byte);
        file.extend_from_slice(b"\r\n");
    }
    for format in [Format::Cri, Format::Docker, Format::Plain] {
        let whole = entries(format, &rules, &file);
        assert_eq!(whole.len(), 4);
        for size in [1000, 65_536, 65_537, 100_000, 1 << 20] {
            let mut out = Vec::new();
            let assembler = Assembler::new(format, Arc::clone(&rules), Resume::default());
            Reader::new(&file, &[size], assembler).finish(&mut out);
            assert!(out == whole, "{format:?} {size}");
        }
    }
}
