//! How many allocations a tick makes: few, and as many for many cgroups as for few.

#![allow(clippy::unwrap_used)]

#[allow(dead_code)]
mod synthetic;

use std::alloc::{GlobalAlloc, Layout as Memory, System};
use std::sync::atomic::{AtomicU64, Ordering};

use agent::sampler::Sampler;
use agent::source::Options;
use synthetic::{Layout, Synthetic};

struct Counting;

static COUNT: AtomicU64 = AtomicU64::new(0);

// SAFETY: every call goes to the system's allocator as it came.
#[allow(unsafe_code)]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Memory) -> *mut u8 {
        COUNT.fetch_add(1, Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Memory) {
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Memory, size: usize) -> *mut u8 {
        COUNT.fetch_add(1, Ordering::Relaxed);
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Allocations of a tick once everything is known and open.
fn allocations(layout: Layout, pods: usize) -> u64 {
    let dir = synthetic::directory();
    let node = Synthetic::new(dir.path(), layout);
    node.pods(0..pods, 2);
    let mut sampler = Sampler::new(Options {
        announcements: false,
        ..node.options()
    })
    .unwrap();
    // Names are tried at the first ticks; then only the pause containers are left without, which is tried seldom.
    for tick in 0..5 {
        sampler.tick(tick);
    }
    let before = COUNT.load(Ordering::Relaxed);
    let batches = sampler.tick(5);
    let spent = COUNT.load(Ordering::Relaxed) - before;
    assert!(batches.iter().map(|b| b.batch.num_rows()).sum::<usize>() > pods * 3);
    spent
}

#[test]
fn a_tick_allocates_for_its_tables_and_not_for_its_rows() {
    for layout in [Layout::V1, Layout::V2] {
        let (few, many) = (allocations(layout, 4), allocations(layout, 40));
        eprintln!("{layout:?}: {few} allocations with 4 pods, {many} with 40");
        // Arrow's builders double as they grow: about three times more for ten times the rows, a column each.
        assert!(
            many < few * 3,
            "{layout:?}: {few} with 4 pods and {many} with 40"
        );
        assert!(many < 6000, "{layout:?}: {many}");
    }
}
