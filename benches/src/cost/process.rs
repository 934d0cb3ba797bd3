//! What another process took.

use std::time::Duration;

use crate::bench::Failure;

/// `USER_HZ`: what `/proc/<pid>/stat` counts in.
const TICKS_PER_SECOND: f64 = 100.0;

/// What a process took so far.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Used {
    /// User and system time of all threads, in steps of 10 ms.
    pub(crate) cpu: Duration,
    /// The most memory it ever had, in bytes.
    pub(crate) peak_resident: u64,
}

/// Reads it from `/proc`.
pub(crate) fn used(pid: u32) -> Result<Used, Failure> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // Behind the name, which may have spaces.
    let fields = stat.rsplit(") ").next().unwrap_or_default();
    let ticks: u64 = fields
        .split(' ')
        .skip(11)
        .take(2)
        .filter_map(|field| field.parse::<u64>().ok())
        .sum();
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let peak = status.lines().find_map(|line| {
        line.strip_prefix("VmHWM:")?
            .trim()
            .strip_suffix(" kB")?
            .parse::<u64>()
            .ok()
    });
    Ok(Used {
        cpu: Duration::from_secs_f64(ticks as f64 / TICKS_PER_SECOND),
        peak_resident: peak.unwrap_or(0) * 1024,
    })
}
