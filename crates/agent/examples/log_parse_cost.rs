//! What reading logs costs before anything is kept: bytes of files in, entries out, on one core.
//!
//! `cargo run -p agent --example log_parse_cost -- [MB]`
//!
//! The lines are made up from a fixed seed: access logs, JSON with trace ids, klog, Java traces, as containerd and Docker
//! write them. Each figure is the best of five rounds.

#![allow(dead_code, unused_imports)]

#[path = "../src/calendar.rs"]
mod calendar;
#[path = "../src/log/entry/mod.rs"]
mod entry;

use std::fmt::Write as _;
use std::sync::Arc;

use entry::{Assembler, Entry, EntryRules, EntrySink, Format, LogRules, Resume};
use rustix::time::{ClockId, clock_gettime};

/// CPU time of this process, in seconds.
fn cpu() -> f64 {
    let now = clock_gettime(ClockId::ProcessCPUTime);
    now.tv_sec as f64 + now.tv_nsec as f64 / 1e9
}

/// Steele and others' SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len() as u64) as usize]
    }
}

/// The kinds of lines that are measured.
const KINDS: [&str; 5] = ["access", "json", "klog", "java", "mix"];

/// Some lines of a kind.
fn lines(kind: &str, random: &mut Random, out: &mut Vec<String>) {
    let status = random.of(&["200", "200", "200", "304", "404", "500"]);
    let path = random.of(&[
        "/",
        "/api/v1/items",
        "/cart/checkout",
        "/static/app.js",
        "/healthz",
    ]);
    match kind {
        "access" => out.push(format!(
            "10.244.{}.{} - - [25/Nov/2026:20:31:04 +0000] \"GET {path}/{} HTTP/1.1\" {status} {} \"-\" \"Mozilla/5.0 (X11; Linux x86_64)\"",
            random.below(8),
            random.below(255),
            random.below(10_000),
            random.below(100_000)
        )),
        "json" => out.push(format!(
            "{{\"ts\":\"2026-11-25T20:31:04.123Z\",\"level\":\"{}\",\"msg\":\"request handled\",\"trace_id\":\"{:016x}{:016x}\",\"path\":\"{path}\",\"status\":{status},\"latency_ms\":{}}}",
            random.of(&["info", "info", "info", "debug", "warn", "error"]),
            random.next(),
            random.next(),
            random.below(900)
        )),
        "klog" => out.push(format!(
            "{}1125 20:31:04.{:06}       1 reconciler.go:{}] \"Reconciling\" pod=\"shop/web-{}\" attempt={}",
            random.of(&["I", "I", "I", "W", "E"]),
            random.below(1_000_000),
            random.below(900),
            random.below(40),
            random.below(9)
        )),
        "java" => {
            out.push("2026-11-25 20:31:04,123 ERROR [worker-1] com.example.Shop - checkout failed".to_owned());
            out.push("java.lang.IllegalStateException: cart is empty".to_owned());
            for _ in 0..10 + random.below(20) {
                out.push(format!("\tat com.example.{}.handle(Shop.java:{})", random.of(&["Cart", "Shop", "Order"]), random.below(900)));
            }
            out.push("Caused by: java.io.IOException: Connection reset by peer".to_owned());
            out.push("\t... 12 more".to_owned());
        }
        _ => {
            let kind = match random.below(100) {
                0..50 => "access",
                50..80 => "json",
                80..99 => "klog",
                _ => "java",
            };
            lines(kind, random, out);
        }
    }
}

/// A file of about `size` bytes.
fn file(kind: &str, format: Format, size: usize) -> String {
    let mut random = Random(7);
    let mut file = String::with_capacity(size + 8192);
    let mut some = Vec::new();
    let mut time = 0;
    while file.len() < size {
        some.clear();
        lines(kind, &mut random, &mut some);
        let stream = if random.below(8) == 0 {
            "stderr"
        } else {
            "stdout"
        };
        for line in &some {
            time += random.below(900_000);
            let stamp = format!(
                "2026-11-25T20:{:02}:{:02}.{:09}Z",
                time / 60_000_000_000 % 60,
                time / 1_000_000_000 % 60,
                time % 1_000_000_000
            );
            let _ = match format {
                Format::Cri => writeln!(file, "{stamp} {stream} F {line}"),
                Format::Docker => {
                    let text = line
                        .replace('\\', "\\\\")
                        .replace('"', "\\\"")
                        .replace('\t', "\\t");
                    writeln!(
                        file,
                        "{{\"log\":\"{text}\\n\",\"stream\":\"{stream}\",\"time\":\"{stamp}\"}}"
                    )
                }
                Format::Plain => writeln!(file, "{line}"),
            };
        }
    }
    file
}

/// Counts, and looks at each message so that none is for nothing.
#[derive(Default)]
struct Count {
    entries: u64,
    bytes: u64,
    levels: u64,
}

impl EntrySink for Count {
    fn entry(&mut self, entry: &Entry<'_>) {
        self.entries += 1;
        self.bytes += entry.message.len() as u64;
        self.levels += u64::from(entry.level.is_some());
    }
}

fn measure(name: &str, format: Format, rules: &LogRules, file: &str) {
    let Ok(rules) = EntryRules::compile(rules) else {
        return;
    };
    let mut best = f64::MAX;
    let mut count = Count::default();
    for _ in 0..5 {
        count = Count::default();
        let before = cpu();
        let mut assembler = Assembler::new(format, Arc::clone(&rules), Resume::default());
        let bytes = file.as_bytes();
        let (mut at, mut end) = (0, 0);
        while end < bytes.len() {
            end = (end + (256 << 10)).min(bytes.len());
            at += assembler.push(
                &bytes[at..end],
                at as u64,
                1_795_638_664_000_000,
                &mut count,
            );
        }
        assembler.finish(&bytes[at..], at as u64, 1_795_638_664_000_000, &mut count);
        best = best.min(cpu() - before);
    }
    println!(
        "{name:24} {:7.0} MB/s {:6.2} M entries/s {:5.0} ns each {:3.0} % with a level",
        file.len() as f64 / best / 1e6,
        count.entries as f64 / best / 1e6,
        best * 1e9 / count.entries as f64,
        count.levels as f64 * 100.0 / count.entries as f64,
    );
}

fn main() {
    let size = std::env::args()
        .nth(1)
        .and_then(|a| a.parse().ok())
        .unwrap_or(32)
        << 20;
    let rules = LogRules::default();
    for kind in KINDS {
        measure(
            &format!("cri {kind}"),
            Format::Cri,
            &rules,
            &file(kind, Format::Cri, size),
        );
    }
    for (name, format) in [("docker mix", Format::Docker), ("plain mix", Format::Plain)] {
        measure(name, format, &rules, &file("mix", format, size));
    }
    let mix = file("mix", Format::Cri, size);
    let bare = LogRules {
        traces: false,
        ..LogRules::default()
    };
    measure("cri mix, no traces", Format::Cri, &bare, &mix);
    for name in ["bearer", "jwt", "aws-key", "email", "card", "password"] {
        let rules = LogRules {
            redact: vec![name.to_owned()],
            ..LogRules::default()
        };
        measure(
            &format!("cri mix, redact {name}"),
            Format::Cri,
            &rules,
            &mix,
        );
    }
}
