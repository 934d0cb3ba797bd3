//! Weeks of a metric, with a fixed seed.
#![allow(dead_code)] // Not every test takes all of it.

pub(crate) const MINUTE: i64 = 60_000_000;
pub(crate) const HOUR: i64 = 60 * MINUTE;
pub(crate) const DAY: i64 = 24 * HOUR;
/// 2026-11-02 00:00 UTC, a Monday.
pub(crate) const MONDAY: i64 = 1_793_577_600_000_000;

/// Random numbers (xorshift), the same for the same seed.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    /// From 0 up to 1.
    pub(crate) fn part(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Normal, with deviation 1 (Box and Muller).
    pub(crate) fn normal(&mut self) -> f64 {
        let (a, b) = (self.part().max(1e-12), self.part());
        (-2.0 * a.ln()).sqrt() * (std::f64::consts::TAU * b).cos()
    }
}

/// A service by day: 100 at rest, 160 on weekday afternoons, 115 on those of the weekend.
pub(crate) fn pattern(time: i64) -> f64 {
    let hours = (time - MONDAY).rem_euclid(7 * DAY) as f64 / HOUR as f64;
    let peak = if hours < 120.0 { 60.0 } else { 15.0 };
    let of_day = (hours % 24.0 - 3.0) / 24.0 * std::f64::consts::TAU;
    100.0 + peak * (1.0 - of_day.cos()) / 2.0
}

/// Points from `start` on for so many days, with noise of deviation 3.
pub(crate) fn points(random: &mut Random, start: i64, days: i64, step: i64) -> Vec<(i64, f64)> {
    (0..days * DAY / step)
        .map(|i| {
            let time = start + i * step;
            (time, pattern(time) + 3.0 * random.normal())
        })
        .collect()
}
