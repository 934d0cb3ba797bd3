//! Lines of the container runtime interface.
#![no_main]
#![allow(dead_code, unused_imports)]

#[path = "../../crates/agent/src/calendar.rs"]
mod calendar;
#[path = "../../crates/agent/src/log/entry/mod.rs"]
mod entry;
mod tiles;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| tiles::check(entry::Format::Cri, bytes));
