//! Memory: near the limit, and thrashing.
//!
//! What counts against a limit is what the kernel cannot give back: anonymous, shared and kernel memory. Page cache goes
//! when memory is short, so a working set of 95 % of the limit may be a well used cache.

use crate::facts::{Measured, MemorySplit};
use crate::growth::{self, Growth};
use crate::say::{self, share};
use crate::thresholds::{
    AT_LIMIT, GROWTH_LEAST, MEMORY_HORIZON, MEMORY_HORIZON_CRITICAL, NEAR_LIMIT, THRASHING_FULL,
    THRASHING_PRESSURE, THRASHING_REFAULTS,
};
use crate::verdict::Finding;
use crate::word::{Severity, Word};

pub(crate) fn findings(measured: &Measured, limit: Option<i64>) -> Vec<Finding> {
    let near = limit.and_then(|limit| near_limit(measured, limit));
    near.into_iter().chain(thrashing(measured)).collect()
}

/// Memory that cannot be reclaimed; absent where the kind of memory is not known.
fn unreclaimable(split: &MemorySplit) -> Option<i64> {
    let rest = [split.shmem, split.kernel];
    let rest = rest
        .iter()
        .flatten()
        .fold(0_i64, |sum, b| sum.saturating_add(*b));
    split.anon.map(|anon| anon.saturating_add(rest))
}

/// "anonymous 58 MiB, shared 0 B, …"
pub(crate) fn kinds(split: &MemorySplit) -> Option<String> {
    let kinds = [
        ("anonymous", split.anon),
        ("shared", split.shmem),
        ("kernel", split.kernel),
        ("dirty", split.dirty),
        ("active file", split.active_file),
        ("inactive file", split.inactive_file),
    ];
    let known: Vec<String> = kinds
        .iter()
        .filter_map(|(kind, bytes)| bytes.map(|b| format!("{kind} {}", say::bytes(b))))
        .collect();
    (!known.is_empty()).then(|| known.join(", "))
}

fn near_limit(measured: &Measured, limit: i64) -> Option<Finding> {
    let latest = &measured.latest;
    let of_kind = unreclaimable(&latest.split).map(|bytes| match latest.memory_usage_bytes {
        Some(usage) => bytes.min(usage),
        None => bytes,
    });
    let used = of_kind.or(latest.memory_working_set_bytes)?;
    let ratio = share(Some(used), Some(limit))?;
    let points = if measured.unreclaimable_points.is_empty() && of_kind.is_none() {
        &measured.working_set_points
    } else {
        &measured.unreclaimable_points
    };
    let growth = growth::towards(points, limit)
        .filter(|g| ratio >= GROWTH_LEAST && g.full_in <= MEMORY_HORIZON);
    if ratio < NEAR_LIMIT && growth.is_none() {
        return None;
    }
    let soon = growth.is_some_and(|g| g.full_in <= MEMORY_HORIZON_CRITICAL);
    // A working set has cache in it that the kernel gives back.
    let severity = if of_kind.is_some() && (ratio >= AT_LIMIT || soon) {
        Severity::Critical
    } else {
        Severity::Warning
    };
    let reason = format!(
        "It uses {} of its memory limit ({} of {}){}.",
        say::percent(ratio),
        say::bytes(used),
        say::bytes(limit),
        grows(growth),
    );
    let measure = match of_kind {
        Some(_) => "anonymous, shared and kernel memory: what cannot be reclaimed",
        None => "working set: of what kind the memory is, is not known",
    };
    Some(
        Finding::new(Word::NearLimit, severity, reason)
            .with("limit", format!("{}, of the container", say::bytes(limit)))
            .with("measured by", measure)
            .maybe("memory", kinds(&latest.split))
            .maybe("growth", growth.map(|g| rate(g.per_second)))
            .maybe(
                "times at the limit",
                measured
                    .window
                    .memory_limit_hits
                    .filter(|h| *h > 0)
                    .map(|h| h.to_string()),
            ),
    )
}

fn grows(growth: Option<Growth>) -> String {
    match growth {
        Some(growth) => format!(" and grows: full in {}", say::about(growth.full_in)),
        None => String::new(),
    }
}

/// "3 MiB an hour"
pub(crate) fn rate(per_second: f64) -> String {
    format!("{} an hour", say::bytes((per_second * 3600.0) as i64))
}

fn thrashing(measured: &Measured) -> Option<Finding> {
    let window = &measured.window;
    let refaults = match (window.memory_refaults_anon, window.memory_refaults_file) {
        (None, None) => None,
        (anon, file) => Some(anon.unwrap_or(0).saturating_add(file.unwrap_or(0))),
    };
    let each_second = share(refaults, window.interval_usec).map(|r| r * 1e6);
    let some = share(window.memory_pressure_some_usec, window.interval_usec).map(|p| p.min(1.0));
    let full = share(window.memory_pressure_full_usec, window.interval_usec).map(|p| p.min(1.0));
    let (is, reason) = match some {
        Some(some) => (
            some >= THRASHING_PRESSURE && refaults != Some(0),
            format!(
                "A task of it waits {} of the time for memory.",
                say::percent(some)
            ),
        ),
        None => {
            let each_second = each_second?;
            (
                each_second >= THRASHING_REFAULTS,
                format!(
                    "It reads {each_second:.0} pages a second back that were reclaimed a moment before."
                ),
            )
        }
    };
    if !is {
        return None;
    }
    let severity = if full.is_some_and(|full| full >= THRASHING_FULL) {
        Severity::Critical
    } else {
        Severity::Warning
    };
    Some(
        Finding::new(Word::Thrashing, severity, reason)
            .maybe(
                "all tasks waited",
                full.map(|p| format!("{} of the time", say::percent(p))),
            )
            .maybe(
                "pages read back",
                each_second.map(|r| format!("{r:.0} a second")),
            )
            .maybe("memory", kinds(&measured.latest.split)),
    )
}
