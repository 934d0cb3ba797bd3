//! Random numbers that are the same on every machine and in every run.

/// `splitmix64` (Steele, Lea, Flood 2014): 64 bits of state, good enough for noise, trivially seeded.
#[derive(Debug, Clone)]
pub(super) struct Random(u64);

impl Random {
    /// A generator for whatever these numbers name.
    pub(super) fn of(seed: &[u64]) -> Random {
        let mut random = Random(0x9e37_79b9_7f4a_7c15);
        for part in seed {
            random.0 ^= part.wrapping_mul(0xff51_afd7_ed55_8ccd);
            random.next();
        }
        random
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 up to 1, itself left out.
    pub(super) fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// From 0 up to a bound, itself left out.
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound.max(1)
    }

    pub(super) fn chance(&mut self, share: f64) -> bool {
        self.share() < share
    }

    /// Mean 0, deviation 1: the sum of twelve uniform numbers, whose tails are long enough here.
    pub(super) fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.share()).sum::<f64>() - 6.0
    }

    /// Between two positive numbers, every order of magnitude as likely as any other.
    pub(super) fn log_between(&mut self, low: f64, high: f64) -> f64 {
        (low.ln() + self.share() * (high / low).ln()).exp()
    }

    /// A count with that mean and about the spread of a Poisson distribution.
    pub(super) fn count(&mut self, mean: f64) -> i64 {
        if mean <= 0.0 {
            return 0;
        }
        if mean < 1.0 {
            return i64::from(self.chance(mean));
        }
        (mean + self.normal() * mean.sqrt()).round().max(0.0) as i64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_numbers_and_another_gives_others() {
        let numbers = |seed: &[u64]| {
            let mut random = Random::of(seed);
            (0..4).map(|_| random.next()).collect::<Vec<_>>()
        };
        assert_eq!(numbers(&[1, 2]), numbers(&[1, 2]));
        assert_ne!(numbers(&[1, 2]), numbers(&[2, 1]));
    }

    #[test]
    fn the_moments_are_right() {
        let mut random = Random::of(&[7]);
        let n = 20_000;
        let values: Vec<f64> = (0..n).map(|_| random.normal()).collect();
        let mean = values.iter().sum::<f64>() / f64::from(n);
        let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / f64::from(n);
        assert!(
            mean.abs() < 0.05 && (variance - 1.0).abs() < 0.05,
            "{mean} {variance}"
        );
        let counts = (0..n).map(|_| random.count(0.3)).sum::<i64>() as f64 / f64::from(n);
        assert!((counts - 0.3).abs() < 0.02, "{counts}");
    }
}
