//! Held back by its own limit, or waiting for its neighbours.
//!
//! The kernel's pressure figure has both in it: a task that is held back by a quota waits as much as one whose processor is
//! taken. What is left of it after the time held back, in the periods whose quota did not run out, is what the neighbours
//! cost. Time held back is added over processors, so what is left is rather too little than too much.

use crate::facts::{Measured, Neighbour};
use crate::say::{self, share};
use crate::thresholds::{
    IO_PRESSURE, OWN_CPU_SHARE, STARVED_PRESSURE, THROTTLED_LEAST_PERIODS, THROTTLED_PERIODS,
    THROTTLED_TIME,
};
use crate::verdict::Finding;
use crate::word::{Severity, Word};

/// Neighbours that are named.
const NEIGHBOURS: usize = 3;

pub(crate) fn findings(measured: &Measured) -> Vec<Finding> {
    let window = &measured.window;
    let interval = window.interval_usec;
    let held = share(window.cpu_throttled_usec, interval);
    let periods = share(window.cpu_throttled_periods, window.cpu_periods);
    let pressure = share(window.cpu_pressure_some_usec, interval).map(|p| p.min(1.0));
    let used = share(window.cpu_usage_usec, interval);
    let numbers = |finding: Finding| {
        let of_periods = periods.map(|share| {
            format!(
                "{} ({} of {})",
                say::percent(share),
                window.cpu_throttled_periods.unwrap_or(0),
                window.cpu_periods.unwrap_or(0)
            )
        });
        finding
            .maybe("limit", limit(measured).map(say::cores))
            .maybe("used", used.map(say::cores))
            .maybe("periods held back", of_periods)
            .maybe("time held back", held.map(each_second))
            .maybe(
                "a task waited",
                pressure.map(|p| format!("{} of the time", say::percent(p))),
            )
    };
    let mut found = Vec::new();
    if let (Some(held), Some(periods)) = (held, periods)
        && periods >= THROTTLED_PERIODS
        && held >= THROTTLED_TIME
        && window.cpu_periods.unwrap_or(0) >= THROTTLED_LEAST_PERIODS
    {
        let limit = limit(measured)
            .map(|l| format!(" of {}", say::cores(l)))
            .unwrap_or_default();
        let reason = format!(
            "Its own CPU limit{limit} holds it back: in {} of the periods, {}.",
            say::percent(periods),
            each_second(held)
        );
        found.push(numbers(Finding::new(
            Word::Throttled,
            Severity::Warning,
            reason,
        )));
    }
    if let Some(pressure) = pressure {
        // Where the quota runs out in every period, the neighbours take nothing: what is allowed is used all the same.
        let others = (pressure - held.unwrap_or(0.0)) * (1.0 - periods.unwrap_or(0.0).min(1.0));
        if others >= STARVED_PRESSURE {
            let own = used
                .zip(measured.latest.node_cpu_cores.filter(|c| *c > 0.0))
                .map(|(used, cores)| used / cores);
            let whom = if own.is_some_and(|own| own >= OWN_CPU_SHARE) {
                "a processor; it uses most of the node's processors itself"
            } else {
                "a processor that others use"
            };
            let reason = format!(
                "A task of it waits {} of the time for {whom}.",
                say::percent(others)
            );
            let finding = Finding::new(Word::CpuStarved, Severity::Warning, reason);
            found.push(
                numbers(finding)
                    .maybe(
                        "node's processors busy",
                        measured.node_cpu_utilization.map(say::percent),
                    )
                    .maybe("busiest neighbours", busiest(&measured.neighbours)),
            );
        }
    }
    let io = share(window.io_pressure_full_usec, interval).map(|p| p.min(1.0));
    if let Some(io) = io.filter(|io| *io >= IO_PRESSURE) {
        let reason = format!(
            "All of its tasks wait for disks {} of the time.",
            say::percent(io)
        );
        let some = share(window.io_pressure_some_usec, interval).map(|p| p.min(1.0));
        found.push(
            Finding::new(Word::IoStarved, Severity::Warning, reason).maybe(
                "a task waited",
                some.map(|p| format!("{} of the time", say::percent(p))),
            ),
        );
    }
    found
}

/// The limit in cores.
fn limit(measured: &Measured) -> Option<f64> {
    share(
        measured.latest.cpu_quota_usec,
        measured.latest.cpu_period_usec,
    )
}

fn each_second(share: f64) -> String {
    format!("{:.0} ms in each second", share * 1000.0)
}

fn busiest(neighbours: &[Neighbour]) -> Option<String> {
    let mut busy: Vec<&Neighbour> = neighbours
        .iter()
        .filter(|n| n.cpu_usage_cores.is_finite() && n.cpu_usage_cores > 0.0)
        .collect();
    busy.sort_by(|a, b| b.cpu_usage_cores.total_cmp(&a.cpu_usage_cores));
    let named: Vec<String> = busy
        .iter()
        .take(NEIGHBOURS)
        .map(|n| format!("{} {}", n.name, say::cores(n.cpu_usage_cores)))
        .collect();
    (!named.is_empty()).then(|| named.join(", "))
}
