//! Values as multiples of a power of two near their size, so that no square is too large or too small for a number.

use crate::robust::{median, percentile};

/// Beyond this, in multiples, a value counts as this. No statistic here lets such values have a say.
const FARTHEST: i32 = 500;

/// A power of two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Scale {
    exponent: i32,
}

impl Scale {
    /// The scale of values, and their size as a multiple of it: from 0.5 to 2.
    pub(crate) fn of(values: impl Iterator<Item = f64>) -> (Scale, f64) {
        let mut sizes: Vec<f64> = values.map(f64::abs).collect();
        let middle = median(&mut sizes).unwrap_or(0.0);
        let far = percentile(&sizes, 0.9).unwrap_or(0.0);
        let least = sizes.iter().copied().find(|size| *size > 0.0);
        let size = [middle, far, least.unwrap_or(0.0), 1.0];
        let size = size.into_iter().find(|size| *size > 0.0).unwrap_or(1.0);
        let scale = Scale::at(size.log2().floor() as i32);
        (scale, scale.down(size))
    }

    /// 2 to this power, or as near as a number comes.
    pub(crate) fn at(exponent: i32) -> Scale {
        Scale {
            exponent: exponent.clamp(-1074, 1023),
        }
    }

    pub(crate) fn exponent(self) -> i32 {
        self.exponent
    }

    /// A value as a multiple.
    pub(crate) fn down(self, value: f64) -> f64 {
        let farthest = 2f64.powi(FARTHEST);
        times(value, -self.exponent).clamp(-farthest, farthest)
    }

    /// A multiple as a value; the largest number there is when it would be larger.
    pub(crate) fn up(self, multiple: f64) -> f64 {
        times(multiple, self.exponent).clamp(f64::MIN, f64::MAX)
    }
}

/// In two steps: 2¹⁰⁷⁴ is no number.
fn times(value: f64, exponent: i32) -> f64 {
    let half = exponent / 2;
    value * 2f64.powi(half) * 2f64.powi(exponent - half)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_any_size_come_back() {
        for value in [1e300, -1e-300, 5e-324, f64::MAX, 3.0, 0.0] {
            let (scale, size) = Scale::of([value; 3].into_iter());
            assert!((0.5..=2.0).contains(&size), "{value}: {size}");
            assert_eq!(scale.up(scale.down(value)), value);
        }
        let (scale, _) = Scale::of([1.0, 1.0, 1e300].into_iter());
        assert!(scale.down(1e300).is_finite());
        assert_eq!(scale.up(f64::INFINITY), f64::MAX);
    }
}
