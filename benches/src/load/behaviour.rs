//! What one pod or container does from tick to tick, as the kernel would count it.

use super::random::Random;

const PAGE: i64 = 4096;
const MIB: i64 = 1 << 20;

/// Seconds of a tick.
const TICK_SECONDS: f64 = super::TICK_USEC as f64 / 1e6;

/// A pod or container at work. The fields are what columns are made of: `*_now` within the last tick, the rest as read.
#[derive(Debug, Clone)]
pub(super) struct Behaviour {
    random: Random,
    /// CPU microseconds in a second, in the long run.
    cpu_mean: f64,
    /// How far it strays, as a power of e.
    cpu_spread: f64,
    user_share: f64,
    /// Slow noise around the mean, kept from tick to tick.
    mood: f64,
    pub(super) interval_usec: i64,
    pub(super) delay_usec: i64,
    pub(super) cpu_now: i64,
    pub(super) user_now: i64,
    pub(super) quota_usec: Option<i64>,
    pub(super) weight: i64,
    pub(super) periods_now: i64,
    pub(super) throttled_periods_now: i64,
    pub(super) throttled_now: i64,
    pub(super) cpu_some_now: i64,
    pub(super) cpu_full_now: i64,
    /// How likely its memory changes in a tick.
    memory_activity: f64,
    pub(super) anon: i64,
    pub(super) file: i64,
    pub(super) active_file: i64,
    pub(super) active_anon: i64,
    pub(super) shmem: i64,
    pub(super) mapped: i64,
    pub(super) kernel: i64,
    pub(super) slab: i64,
    pub(super) sock: i64,
    pub(super) dirty: i64,
    pub(super) writeback: i64,
    pub(super) peak: i64,
    pub(super) memory_limit: Option<i64>,
    pub(super) faults_now: i64,
    pub(super) major_faults_now: i64,
    pub(super) refaults_now: i64,
    /// Writes in a second, if it writes at all.
    io_rate: Option<f64>,
    pub(super) read_bytes_now: i64,
    pub(super) reads_now: i64,
    pub(super) written_bytes_now: i64,
    pub(super) writes_now: i64,
    pub(super) io_some_now: i64,
    pub(super) io_full_now: i64,
    pub(super) tasks: i64,
    pub(super) processes: i64,
    packets_per_second: f64,
    bytes_per_packet: f64,
    pub(super) rx_packets_now: i64,
    pub(super) rx_bytes_now: i64,
    pub(super) tx_packets_now: i64,
    pub(super) tx_bytes_now: i64,
    pub(super) rx_dropped_now: i64,
    pub(super) started_usec: i64,
}

impl Behaviour {
    /// An entity by whatever numbers name it, before its first tick.
    pub(super) fn new(seed: &[u64]) -> Behaviour {
        let mut random = Random::of(seed);
        // Half of what runs in a cluster idles; a few things work hard.
        let kind = random.share();
        let (cpu_mean, cpu_spread, memory_activity) = match kind {
            k if k < 0.5 => (random.log_between(200.0, 4_000.0), 0.25, 0.1),
            k if k < 0.85 => (random.log_between(8e3, 2e5), 0.2, 0.6),
            k if k < 0.97 => (random.log_between(2e5, 1.5e6), 0.15, 0.9),
            _ => (random.log_between(1e4, 1e6), 1.2, 0.5),
        };
        let anon = pages(random.log_between(6.0, 3_000.0) * MIB as f64);
        let file = pages(random.log_between(1.0, 300.0) * MIB as f64);
        let slab = pages(random.log_between(0.2, 8.0) * MIB as f64);
        let rough = anon + file + slab;
        let memory_limit = random.chance(0.7).then(|| {
            let steps = [64, 128, 256, 512, 1024, 2048, 4096, 8192, 16_384];
            let fits = steps.iter().find(|s| **s * MIB > rough * 5 / 4);
            fits.copied().unwrap_or(32_768) * MIB
        });
        let quota_usec = random.chance(0.5).then(|| {
            let cores = [10_000, 20_000, 50_000, 100_000, 200_000, 400_000];
            let fits = cores.iter().find(|c| **c as f64 * 10.0 > cpu_mean * 1.3);
            fits.copied().unwrap_or(800_000)
        });
        let networked = random.chance(0.85);
        Behaviour {
            cpu_mean,
            cpu_spread,
            user_share: 0.5 + 0.4 * random.share(),
            mood: random.normal(),
            interval_usec: super::TICK_USEC,
            delay_usec: 0,
            cpu_now: 0,
            user_now: 0,
            quota_usec,
            weight: [1, 4, 10, 20, 39, 79][random.below(6) as usize],
            periods_now: 0,
            throttled_periods_now: 0,
            throttled_now: 0,
            cpu_some_now: 0,
            cpu_full_now: 0,
            memory_activity,
            anon,
            file,
            active_file: pages(file as f64 * random.share()),
            active_anon: pages(anon as f64 * 0.02 * random.share()),
            shmem: if random.chance(0.2) {
                pages(2e6 * random.share())
            } else {
                0
            },
            mapped: pages(file as f64 * 0.5 * random.share()),
            kernel: slab + pages(1e6 * random.share()),
            slab,
            sock: 0,
            dirty: 0,
            writeback: 0,
            peak: rough * 11 / 10,
            memory_limit,
            faults_now: 0,
            major_faults_now: 0,
            refaults_now: 0,
            io_rate: random.chance(0.4).then(|| random.log_between(0.01, 50.0)),
            read_bytes_now: 0,
            reads_now: 0,
            written_bytes_now: 0,
            writes_now: 0,
            io_some_now: 0,
            io_full_now: 0,
            tasks: 1 + random.log_between(1.0, 200.0) as i64,
            processes: 1 + random.below(3) as i64,
            packets_per_second: if networked {
                random.log_between(0.2, 5_000.0)
            } else {
                0.0
            },
            bytes_per_packet: random.log_between(80.0, 1_200.0),
            rx_packets_now: 0,
            rx_bytes_now: 0,
            tx_packets_now: 0,
            tx_bytes_now: 0,
            rx_dropped_now: 0,
            started_usec: super::START_USEC - random.below(30 * 86_400_000_000) as i64,
            random,
        }
    }

    /// Memory charged.
    pub(super) fn memory_usage(&self) -> i64 {
        self.anon + self.file + self.kernel + self.sock
    }

    /// Cache that was not used of late.
    pub(super) fn inactive_file(&self) -> i64 {
        (self.file - self.shmem - self.active_file).max(0)
    }

    /// Whether it has ever read from or written to a disk.
    pub(super) fn does_io(&self) -> bool {
        self.io_rate.is_some()
    }

    /// One tick goes by. `read_usec` is when the agent came to this entity, after the tick.
    pub(super) fn step(&mut self, read_usec: i64) {
        // The agent measures from read to read, and is a little early or late each time.
        self.interval_usec = super::TICK_USEC + read_usec - self.delay_usec;
        self.delay_usec = read_usec;
        self.mood = 0.9 * self.mood + 0.436 * self.random.normal();
        let activity = (self.mood * self.cpu_spread + 0.05 * self.random.normal()).exp();
        self.processors(activity);
        self.memory(activity);
        self.disks(activity);
        self.network(activity);
    }

    fn processors(&mut self, activity: f64) {
        let wanted = self.cpu_mean * activity * TICK_SECONDS;
        let mut used = wanted;
        (
            self.periods_now,
            self.throttled_periods_now,
            self.throttled_now,
        ) = (0, 0, 0);
        if let Some(quota) = self.quota_usec {
            let allowed = quota as f64 * 10.0 * TICK_SECONDS;
            used = wanted.min(allowed);
            self.periods_now = if wanted > 1e5 {
                100
            } else {
                self.random.count(wanted / 2e3).min(100)
            };
            if wanted > allowed * 0.8 {
                let share = ((wanted / allowed - 0.8) * 2.0).min(1.0);
                self.throttled_periods_now = self.random.count(share * 100.0).min(self.periods_now);
                self.throttled_now =
                    self.throttled_periods_now * (20_000 + self.random.below(40_000) as i64);
            }
        }
        self.cpu_now = used as i64;
        let share = (self.user_share + 0.02 * self.random.normal()).clamp(0.0, 1.0);
        self.user_now = (used * share) as i64;
        let waits = if used > 1e4 {
            used * 0.01 * self.random.share()
        } else {
            0.0
        };
        self.cpu_some_now = waits as i64 + self.throttled_now / 4;
        self.cpu_full_now = self.cpu_some_now / 3;
    }

    fn memory(&mut self, activity: f64) {
        if self.random.chance(self.memory_activity) {
            let pages = (self.random.normal() * 30.0 * activity) as i64;
            self.anon = (self.anon + pages * PAGE).max(MIB);
        }
        if self.random.chance(self.memory_activity * 0.3) {
            self.file = (self.file + self.random.below(40) as i64 * PAGE - 15 * PAGE)
                .max(self.shmem + self.active_file);
            self.kernel += (self.random.normal() * 4.0) as i64 * PAGE;
            self.slab = (self.slab + (self.random.normal() * 300.0) as i64).max(0);
            self.kernel = self.kernel.max(self.slab);
        }
        if self.random.chance(0.05) {
            self.sock = self.random.below(16) as i64 * PAGE;
        }
        if let Some(limit) = self.memory_limit {
            let over = self.memory_usage() - limit;
            if over > 0 {
                self.anon = (self.anon - over - 64 * PAGE).max(MIB);
            }
        }
        self.peak = self.peak.max(self.memory_usage());
        self.faults_now = self.random.count(self.cpu_now as f64 / 2_500.0);
        self.major_faults_now = i64::from(self.random.chance(0.001));
        self.refaults_now = i64::from(self.random.chance(0.001)) * 8;
    }

    fn disks(&mut self, activity: f64) {
        let Some(rate) = self.io_rate else { return };
        self.writes_now = self.random.count(rate * activity * TICK_SECONDS);
        self.written_bytes_now = (0..self.writes_now.min(8))
            .map(|_| PAGE * (1 + self.random.below(16) as i64))
            .sum::<i64>()
            * (self.writes_now / 8).max(1);
        self.reads_now = if self.random.chance(0.05) {
            self.random.count(rate)
        } else {
            0
        };
        self.read_bytes_now = self.reads_now * PAGE * (1 + self.random.below(8) as i64);
        self.dirty = if self.writes_now > 0 {
            PAGE * self.random.below(64) as i64
        } else {
            0
        };
        self.writeback = if self.random.chance(0.02) { PAGE } else { 0 };
        self.io_some_now = self.writes_now * self.random.below(300) as i64;
        self.io_full_now = self.io_some_now / 2;
    }

    fn network(&mut self, activity: f64) {
        if self.packets_per_second == 0.0 {
            return;
        }
        let packets = self.packets_per_second * activity * TICK_SECONDS;
        self.rx_packets_now = self.random.count(packets);
        self.tx_packets_now = self.random.count(packets * 0.9);
        let size = self.bytes_per_packet;
        let mut bytes = |packets: i64| {
            (packets as f64 * size * (1.0 + 0.05 * self.random.normal())).max(0.0) as i64
        };
        self.rx_bytes_now = bytes(self.rx_packets_now);
        self.tx_bytes_now = bytes(self.tx_packets_now);
        self.rx_dropped_now = i64::from(self.random.chance(0.001));
    }

    /// What a counter stood at when the data begin, for a column whose first increase is `first`: it has grown like
    /// that for some time.
    pub(super) fn counter_before(&self, column: usize, first: i64) -> i64 {
        let mut random = Random::of(&[self.started_usec.unsigned_abs(), column as u64]);
        let age = (super::START_USEC - self.started_usec) / super::TICK_USEC;
        first.saturating_mul(age) + random.below(first.unsigned_abs() + 1) as i64
    }
}

fn pages(bytes: f64) -> i64 {
    bytes as i64 / PAGE * PAGE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_entity_does_is_possible() {
        for seed in 0..50 {
            let mut it = Behaviour::new(&[seed]);
            for _ in 0..200 {
                it.step(3_000);
                assert!(it.cpu_now >= 0 && (0..=it.cpu_now).contains(&it.user_now));
                assert!(it.memory_usage() <= it.peak && it.inactive_file() >= 0);
                assert!(it.throttled_periods_now <= it.periods_now && it.periods_now <= 100);
                let counts = [
                    it.rx_bytes_now,
                    it.tx_bytes_now,
                    it.written_bytes_now,
                    it.read_bytes_now,
                    it.faults_now,
                ];
                assert!(counts.iter().all(|c| *c >= 0));
            }
        }
    }

    #[test]
    fn an_entity_does_the_same_each_time() {
        let run = || {
            let mut it = Behaviour::new(&[3, 4]);
            (0..100)
                .map(|_| {
                    it.step(1_000);
                    it.cpu_now
                })
                .collect::<Vec<_>>()
        };
        assert_eq!(run(), run());
        let distinct: std::collections::HashSet<i64> = run().into_iter().collect();
        assert!(distinct.len() > 50, "CPU time is noise, not a constant");
    }
}
