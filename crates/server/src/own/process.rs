//! The process's own cost, from /proc/self (proc_pid_stat(5), proc_pid_limits(5)), under the names that Prometheus'
//! client libraries use.

use std::path::PathBuf;

use serde::Serialize;

use super::Text;

/// Why the process's figures are not known.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ProcessError {
    /// A file cannot be read.
    #[error("{path}: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A file does not look as the kernel's documentation says.
    #[error("{path} cannot be understood")]
    Format {
        /// The file.
        path: PathBuf,
    },
}

/// What a process uses.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(crate) struct Process {
    /// CPU time in user and system mode since it began, in seconds.
    pub(crate) cpu_seconds: f64,
    /// Memory that is in RAM.
    pub(crate) resident_bytes: u64,
    /// Address space.
    pub(crate) virtual_bytes: u64,
    /// Threads.
    pub(crate) threads: u64,
    /// Open file descriptors.
    pub(crate) open_files: u64,
    /// How many it may open; `None` when there is no limit.
    pub(crate) open_files_limit: Option<u64>,
    /// When it began, in seconds since 1970.
    pub(crate) started_at_seconds: f64,
}

impl Process {
    /// Reads this process's figures.
    ///
    /// # Errors
    /// See [`ProcessError`].
    pub(crate) fn read() -> Result<Process, ProcessError> {
        let file = |path: &str| {
            std::fs::read_to_string(path).map_err(|source| ProcessError::Read {
                path: path.into(),
                source,
            })
        };
        let broken = |path: &str| ProcessError::Format { path: path.into() };
        let stat = file("/proc/self/stat")?;
        let limits = file("/proc/self/limits")?;
        let boot = file("/proc/stat")?;
        let open_files = std::fs::read_dir("/proc/self/fd")
            .map_err(|source| ProcessError::Read {
                path: "/proc/self/fd".into(),
                source,
            })?
            .count() as u64;
        let ticks = rustix::param::clock_ticks_per_second() as f64;
        let page = rustix::param::page_size() as u64;
        let stat = Stat::parse(&stat).ok_or_else(|| broken("/proc/self/stat"))?;
        let boot = boot
            .lines()
            .find_map(|line| line.strip_prefix("btime ")?.trim().parse::<f64>().ok())
            .ok_or_else(|| broken("/proc/stat"))?;
        Ok(Process {
            cpu_seconds: (stat.user_ticks + stat.system_ticks) as f64 / ticks,
            resident_bytes: stat.resident_pages * page,
            virtual_bytes: stat.virtual_bytes,
            threads: stat.threads,
            // The directory that was being listed was one of them.
            open_files: open_files.saturating_sub(1),
            open_files_limit: open_files_limit(&limits),
            started_at_seconds: boot + stat.start_ticks as f64 / ticks,
        })
    }

    /// Writes the families.
    pub(crate) fn write(&self, text: &mut Text) {
        text.single(
            "process_cpu_seconds_total",
            "counter",
            "CPU time in user and system mode, in seconds.",
            self.cpu_seconds,
        );
        text.single(
            "process_resident_memory_bytes",
            "gauge",
            "Memory that is in RAM.",
            self.resident_bytes,
        );
        text.single(
            "process_virtual_memory_bytes",
            "gauge",
            "Address space.",
            self.virtual_bytes,
        );
        text.single("process_threads", "gauge", "Threads.", self.threads);
        text.single(
            "process_open_fds",
            "gauge",
            "Open file descriptors.",
            self.open_files,
        );
        if let Some(limit) = self.open_files_limit {
            text.single(
                "process_max_fds",
                "gauge",
                "File descriptors that may be open.",
                limit,
            );
        }
        text.single(
            "process_start_time_seconds",
            "gauge",
            "When the process began, in seconds since 1970.",
            self.started_at_seconds,
        );
    }
}

struct Stat {
    user_ticks: u64,
    system_ticks: u64,
    threads: u64,
    start_ticks: u64,
    virtual_bytes: u64,
    resident_pages: u64,
}

impl Stat {
    fn parse(text: &str) -> Option<Stat> {
        // The second field is the program's name in parentheses and may hold anything, parentheses too.
        let (_, rest) = text.rsplit_once(')')?;
        let fields: Vec<&str> = rest.split_ascii_whitespace().collect();
        let field = |number: usize| fields.get(number - 3)?.parse().ok();
        Some(Stat {
            user_ticks: field(14)?,
            system_ticks: field(15)?,
            threads: field(20)?,
            start_ticks: field(22)?,
            virtual_bytes: field(23)?,
            resident_pages: field(24)?,
        })
    }
}

fn open_files_limit(limits: &str) -> Option<u64> {
    limits.lines().find_map(|line| {
        line.strip_prefix("Max open files")?
            .split_ascii_whitespace()
            .next()?
            .parse()
            .ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_parentheses_does_not_shift_the_fields() {
        let line = "7 (a) b (c) S 1 7 7 0 -1 4194560 10 20 30 40 150 50 0 0 20 0 9 0 12345 1048576 256 1844";
        let stat = Stat::parse(line).unwrap();
        assert_eq!(
            (stat.user_ticks, stat.system_ticks, stat.threads),
            (150, 50, 9)
        );
        assert_eq!(
            (stat.start_ticks, stat.virtual_bytes, stat.resident_pages),
            (12345, 1_048_576, 256)
        );
        assert!(Stat::parse("7 (a").is_none());
        assert!(Stat::parse("7 (a) S 1").is_none());
    }

    #[test]
    fn limits_may_be_unlimited() {
        assert_eq!(
            open_files_limit(
                "Max open files            1024                 524288               files"
            ),
            Some(1024)
        );
        assert_eq!(
            open_files_limit(
                "Max open files            unlimited            unlimited            files"
            ),
            None
        );
    }

    #[test]
    fn this_process_is_alive() {
        let process = Process::read().unwrap();
        assert!(
            process.resident_bytes > 1 << 20 && process.virtual_bytes >= process.resident_bytes
        );
        assert!(process.threads >= 1 && process.open_files >= 3);
        let now = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap()
            .as_secs_f64();
        assert!(
            (0.0..86_400.0).contains(&(now - process.started_at_seconds)),
            "{}",
            process.started_at_seconds
        );
    }
}
