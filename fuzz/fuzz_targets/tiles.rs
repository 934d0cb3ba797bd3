//! What holds for any bytes: every line is in exactly one entry, and how the bytes come does not matter.

use std::sync::{Arc, LazyLock};

use crate::entry::{Assembler, Entry, EntryRules, EntrySink, Format, LogRules, Resume};

#[derive(Default)]
struct Kept {
    entries: Vec<(u64, u32, String)>,
}

impl EntrySink for Kept {
    fn entry(&mut self, entry: &Entry<'_>) {
        self.entries.push((entry.offset, entry.lines, entry.message.to_owned()));
    }
}

fn read(format: Format, rules: &Arc<EntryRules>, bytes: &[u8], chunk: usize) -> Kept {
    let mut kept = Kept::default();
    let mut assembler = Assembler::new(format, Arc::clone(rules), Resume::default());
    let (mut taken, mut end) = (0, 0);
    while end < bytes.len() {
        end = (end + chunk).min(bytes.len());
        taken += assembler.push(&bytes[taken..end], taken as u64, 1_795_638_664_000_000, &mut kept);
    }
    assembler.finish(&bytes[taken..], taken as u64, 1_795_638_664_000_000, &mut kept);
    kept
}

/// The first byte is the size of chunks.
pub(crate) fn check(format: Format, bytes: &[u8]) {
    let Some((chunk, bytes)) = bytes.split_first() else {
        return;
    };
    // Expressions are compiled once, or nothing else would be measured.
    static RULES: LazyLock<Arc<EntryRules>> = LazyLock::new(|| {
        EntryRules::compile(&LogRules {
            max_line: 100,
            group_lines: 6,
            redact: vec!["password".to_owned()],
            ..LogRules::default()
        })
        .expect("rules that are right")
    });
    let rules = &*RULES;
    let whole = read(format, rules, bytes, bytes.len().max(1));
    let parts = read(format, rules, bytes, usize::from(*chunk).max(1));
    assert_eq!(whole.entries, parts.entries);
    let newlines = bytes.iter().filter(|b| **b == b'\n').count();
    let lines = newlines + usize::from(!bytes.is_empty() && !bytes.ends_with(b"\n"));
    let counted: usize = whole.entries.iter().map(|e| e.1 as usize).sum();
    assert_eq!(counted, lines);
}
