//! Each rule at its threshold, and what does not depend on one: order, words, extreme numbers.
#![allow(clippy::unwrap_used)]

mod cpu;
mod extremes;
mod lives;
mod memory;
mod out_of_memory;
mod parents;
mod places;

use health::Verdict;
use health::facts::{Conditions, ContainerFacts, Latest, Measured, Window};

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const NOW: i64 = 1_795_000_000 * SECOND;
const MIB: i64 = 1 << 20;

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn condition(name: &str, status: &str) -> Conditions {
    [(name.to_owned(), status.to_owned())].into()
}

fn value<'a>(verdict: &'a Verdict, label: &str) -> &'a str {
    let evidence = verdict.evidence.iter().find(|e| e.label == label);
    evidence.map_or("", |e| &e.value)
}

fn container(latest: Latest, window: Window) -> ContainerFacts {
    ContainerFacts {
        container_state: text("running"),
        ready: Some(true),
        started_time: Some(NOW - HOUR),
        measured: Some(Measured {
            latest: Latest {
                time: Some(NOW - SECOND),
                interval_usec: Some(10 * SECOND),
                ..latest
            },
            window: Window {
                interval_usec: Some(5 * MINUTE),
                ..window
            },
            ..Measured::default()
        }),
        ..ContainerFacts::default()
    }
}
