//! Random numbers that a seed repeats.

/// A small random generator (xorshift), so that a failed run can be repeated by its seed.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// A generator of that seed.
    pub fn new(seed: u64) -> Dice {
        // A state of zero would stay there.
        Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// At least `low` and less than `high`.
    pub fn between(&mut self, low: u64, high: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        low + self.0 % (high - low)
    }

    /// One time in so many.
    pub fn one_in(&mut self, times: u64) -> bool {
        self.between(0, times) == 0
    }
}
