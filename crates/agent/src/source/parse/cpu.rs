//! `/proc/stat`, `/proc/loadavg`, `/proc/cpuinfo` and pressure files.

use super::scan::{fraction, lines, number, words};

/// Ticks of `USER_HZ` spent in each mode since the boot, from the `cpu` line of `/proc/stat`.
///
/// `guest` and `guest_nice` are already within `user` and `nice`. A field that the kernel's line lacks is `None`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CpuTicks {
    /// In user mode, guests included.
    pub user: Option<u64>,
    /// In user mode at low priority.
    pub nice: Option<u64>,
    /// In the kernel.
    pub system: Option<u64>,
    /// Idle.
    pub idle: Option<u64>,
    /// Idle with I/O outstanding.
    pub iowait: Option<u64>,
    /// Serving interrupts.
    pub irq: Option<u64>,
    /// Serving soft interrupts.
    pub softirq: Option<u64>,
    /// Waiting for the hypervisor.
    pub steal: Option<u64>,
    /// Running a guest.
    pub guest: Option<u64>,
    /// Running a guest at low priority.
    pub guest_nice: Option<u64>,
}

/// What `/proc/stat` says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stat {
    /// All processors together.
    pub total: CpuTicks,
    /// How many processors are online: the `cpuN` lines.
    pub cpus: u64,
    /// Context switches since the boot.
    pub context_switches: Option<u64>,
    /// Interrupts since the boot.
    pub interrupts: Option<u64>,
    /// Processes and threads created since the boot.
    pub forks: Option<u64>,
    /// When the machine booted, in seconds since 1970.
    pub boot_time: Option<u64>,
    /// Tasks that run or could run.
    pub running: Option<u64>,
    /// Tasks in uninterruptible sleep.
    pub blocked: Option<u64>,
}

/// Reads `/proc/stat`.
pub fn stat(bytes: &[u8]) -> Stat {
    let mut out = Stat::default();
    for line in lines(bytes) {
        let mut rest = words(line);
        let Some(key) = rest.next() else { continue };
        match key {
            b"cpu" => {
                let mut next = || rest.next().and_then(number);
                out.total = CpuTicks {
                    user: next(),
                    nice: next(),
                    system: next(),
                    idle: next(),
                    iowait: next(),
                    irq: next(),
                    softirq: next(),
                    steal: next(),
                    guest: next(),
                    guest_nice: next(),
                };
            }
            b"ctxt" => out.context_switches = rest.next().and_then(number),
            // The line has a number for each of hundreds of interrupts; the first is their sum.
            b"intr" => out.interrupts = rest.next().and_then(number),
            b"processes" => out.forks = rest.next().and_then(number),
            b"btime" => out.boot_time = rest.next().and_then(number),
            b"procs_running" => out.running = rest.next().and_then(number),
            b"procs_blocked" => out.blocked = rest.next().and_then(number),
            _ => {
                if key.strip_prefix(b"cpu").and_then(number).is_some() {
                    out.cpus += 1;
                }
            }
        }
    }
    out
}

/// What `/proc/loadavg` says.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct LoadAverage {
    /// Over one minute.
    pub one: Option<f64>,
    /// Over five minutes.
    pub five: Option<f64>,
    /// Over fifteen minutes.
    pub fifteen: Option<f64>,
    /// Threads that exist.
    pub threads: Option<u64>,
}

/// Reads `/proc/loadavg`: `2.92 1.87 0.91 3/119 13279`.
pub fn load_average(bytes: &[u8]) -> LoadAverage {
    let mut fields = words(lines(bytes).next().unwrap_or_default());
    LoadAverage {
        one: fields.next().and_then(fraction),
        five: fields.next().and_then(fraction),
        fifteen: fields.next().and_then(fraction),
        threads: fields
            .next()
            .and_then(|pair| number(pair.rsplit(|&b| b == b'/').next()?)),
    }
}

/// The processors of `/proc/cpuinfo`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CpuInfo {
    /// `processor` entries: what the scheduler calls a CPU.
    pub logical: u64,
    /// Physical cores, where the architecture tells.
    pub cores: Option<u64>,
    /// Sockets, where the architecture tells.
    pub sockets: Option<u64>,
}

/// Reads `/proc/cpuinfo`. Sockets are the distinct `physical id`s (up to 64 kinds), cores the sum over sockets of
/// `cpu cores`; virtual machines and ARM often have neither.
pub fn cpu_info(bytes: &[u8]) -> CpuInfo {
    let mut out = CpuInfo::default();
    let mut seen: u64 = 0;
    let mut socket = None;
    let mut cores = 0;
    for line in lines(bytes) {
        let Some(colon) = line.iter().position(|&b| b == b':') else {
            continue;
        };
        let key = line[..colon].trim_ascii();
        let value = number(line[colon + 1..].trim_ascii());
        match key {
            b"processor" if value.is_some() => {
                out.logical += 1;
                socket = None;
            }
            b"physical id" => socket = value.filter(|&id| id < 64),
            b"cpu cores" => {
                if let (Some(id), Some(count)) = (socket, value)
                    && seen & (1 << id) == 0
                {
                    seen |= 1 << id;
                    cores += count.min(1 << 16);
                }
            }
            _ => {}
        }
    }
    if seen != 0 {
        out.sockets = Some(u64::from(seen.count_ones()));
        out.cores = Some(cores);
    }
    out
}

/// A pressure file: for how long tasks have been held up since the boot (or since the cgroup began).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pressure {
    /// Microseconds in which some task waited.
    pub some_usec: Option<u64>,
    /// Microseconds in which all tasks that could run waited.
    pub full_usec: Option<u64>,
}

/// Reads a pressure file: `some avg10=0.00 avg60=0.00 avg300=0.00 total=0`, then perhaps a `full` line.
pub fn pressure(bytes: &[u8]) -> Pressure {
    let mut out = Pressure::default();
    for line in lines(bytes) {
        let mut fields = words(line);
        let kind = fields.next();
        let total = fields.find_map(|f| number(f.strip_prefix(b"total=")?));
        match kind {
            Some(b"some") => out.some_usec = total,
            Some(b"full") => out.full_usec = total,
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn stat_of_a_real_kernel() {
        let text = b"cpu  85521 0 8436 99177 359 0 107 314 7 0\ncpu0 42482 0 3839 50400 98 0 5 143 0 0\n\
            cpu1 43039 0 4597 48776 261 0 101 171 0 0\nintr 418531 0 0 0\nctxt 437905\nbtime 1795419949\n\
            processes 13277\nprocs_running 5\nprocs_blocked 1\nsoftirq 199781 0 33237\n";
        let s = stat(text);
        assert_eq!(
            (s.total.user, s.total.steal, s.total.guest),
            (Some(85521), Some(314), Some(7))
        );
        assert_eq!(
            (s.cpus, s.interrupts, s.context_switches),
            (2, Some(418531), Some(437905))
        );
        assert_eq!((s.forks, s.boot_time), (Some(13277), Some(1795419949)));
        assert_eq!((s.running, s.blocked), (Some(5), Some(1)));
    }

    #[test]
    fn a_short_cpu_line_leaves_the_rest_absent() {
        let s = stat(b"cpu  1 2 3 4\n");
        assert_eq!(
            (s.total.idle, s.total.iowait, s.total.steal),
            (Some(4), None, None)
        );
        assert_eq!(stat(b""), Stat::default());
    }

    #[test]
    fn load_average_counts_threads() {
        let l = load_average(b"2.92 1.87 0.91 3/119 13279\n");
        assert_eq!(
            (l.one, l.five, l.fifteen, l.threads),
            (Some(2.92), Some(1.87), Some(0.91), Some(119))
        );
        assert_eq!(load_average(b"2.92").five, None);
    }

    #[test]
    fn sockets_and_cores_where_the_file_tells() {
        let mut text = String::new();
        for cpu in 0..8 {
            text += &format!(
                "processor\t: {cpu}\nphysical id\t: {}\nsiblings\t: 4\ncpu cores\t: 2\n\n",
                cpu / 4
            );
        }
        assert_eq!(
            cpu_info(text.as_bytes()),
            CpuInfo {
                logical: 8,
                cores: Some(4),
                sockets: Some(2)
            }
        );
        let arm = b"processor\t: 0\nBogoMIPS\t: 50.00\n\nprocessor\t: 1\n";
        assert_eq!(
            cpu_info(arm),
            CpuInfo {
                logical: 2,
                cores: None,
                sockets: None
            }
        );
    }

    #[test]
    fn pressure_with_and_without_full() {
        let text = b"some avg10=60.02 avg60=34.13 avg300=11.05 total=50101574\n\
            full avg10=0.00 avg60=0.00 avg300=0.00 total=0\n";
        assert_eq!(
            pressure(text),
            Pressure {
                some_usec: Some(50101574),
                full_usec: Some(0)
            }
        );
        assert_eq!(
            pressure(b"some avg10=0.00 total=7\n"),
            Pressure {
                some_usec: Some(7),
                full_usec: None
            }
        );
        assert_eq!(pressure(b"some avg10=0.00 total=7x\n"), Pressure::default());
    }

    proptest! {
        #[test]
        fn no_bytes_are_too_strange(bytes: Vec<u8>) {
            let _ = (stat(&bytes), load_average(&bytes), cpu_info(&bytes), pressure(&bytes));
        }

        #[test]
        fn torn_files_are_read_as_far_as_they_go(cut in 0usize..200) {
            let text = b"cpu  85521 0 8436 99177 359 0 107 314 7 0\nctxt 437905\nprocesses 13277\nprocs_running 5\n";
            let s = stat(&text[..cut.min(text.len())]);
            prop_assert!(s.total.user.is_none_or(|u| u <= 85521));
            prop_assert!(s.forks.is_none_or(|f| f <= 13277));
        }

        #[test]
        fn pressure_reads_back(some: u64, full: u64) {
            let text = format!("some avg10=0.00 avg60=0.00 avg300=0.00 total={some}\nfull avg10=0.00 total={full}\n");
            prop_assert_eq!(pressure(text.as_bytes()), Pressure { some_usec: Some(some), full_usec: Some(full) });
        }
    }
}
