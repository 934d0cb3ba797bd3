//! Statistics that a few wild values cannot move.

/// By which the median of |x| is multiplied to be the standard deviation where x is normal.
pub(crate) const MEDIAN_TO_DEVIATION: f64 = 1.4826;
/// By which the 80th percentile of |x| is divided to be the same.
const PERCENTILE_80_TO_DEVIATION: f64 = 1.2816;

/// The middle value; of two in the middle their mean. `None` of nothing.
pub(crate) fn median(values: &mut [f64]) -> Option<f64> {
    values.sort_unstable_by(f64::total_cmp);
    let upper = *values.get(values.len() / 2)?;
    match values.len() % 2 {
        1 => Some(upper),
        _ => {
            let lower = *values.get(values.len() / 2 - 1)?;
            Some(lower / 2.0 + upper / 2.0)
        }
    }
}

/// The value that a part of the sorted values does not exceed.
pub(crate) fn percentile(sorted: &[f64], part: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    sorted.get((last as f64 * part).round() as usize).copied()
}

/// The standard deviation of residuals, given their sizes, with no say for the largest fifth. 0 of nothing.
pub(crate) fn spread(sizes: &mut [f64]) -> f64 {
    let middle = median(sizes).unwrap_or(0.0) * MEDIAN_TO_DEVIATION;
    let far = percentile(sizes, 0.8).unwrap_or(0.0) / PERCENTILE_80_TO_DEVIATION;
    middle.max(far)
}

/// What two say in common: 0 when their signs differ, else the one nearer to 0.
pub(crate) fn shared(a: f64, b: f64) -> f64 {
    match a.is_sign_negative() == b.is_sign_negative() {
        true if a.abs() < b.abs() => a,
        true => b,
        false => 0.0,
    }
}

/// `d` as it is when large beside the noise of the mean of `n` values, towards 0 when not.
pub(crate) fn shrunk(d: f64, noise: f64, n: usize) -> f64 {
    let of_mean = noise * noise / n.max(1) as f64;
    let square = d * d;
    match square > 0.0 {
        true => d * (square / (square + of_mean)),
        false => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fifth_of_the_values_has_no_say() {
        let mut sizes: Vec<f64> = (0..80).map(|i| f64::from(i) / 80.0).collect();
        let calm = spread(&mut sizes.clone());
        sizes.extend([1e300; 19]);
        assert!(spread(&mut sizes) < 1.6 * calm);
        assert_eq!(spread(&mut []), 0.0);
    }

    #[test]
    fn what_is_shared_and_shrunk() {
        assert_eq!(shared(2.0, 3.0), 2.0);
        assert_eq!(shared(-3.0, -2.0), -2.0);
        assert_eq!(shared(-3.0, 2.0), 0.0);
        assert_eq!(shrunk(4.0, 0.0, 1), 4.0);
        assert_eq!(shrunk(1.0, 1.0, 1), 0.5);
        assert_eq!(shrunk(0.0, 0.0, 1), 0.0);
        assert_eq!(median(&mut [3.0, 1.0, 2.0, 9.0]), Some(2.5));
    }
}
