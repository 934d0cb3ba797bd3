//! How long until something that grows is full.
//!
//! The slope is the Theil–Sen estimate (the median of the slopes of all pairs of points), so one odd reading does not move
//! it. It counts only when growth is steady: what rises and falls, or has come to rest, has no time at which it is full.

use crate::facts::Point;
use crate::thresholds::{
    GROWTH_FALL, GROWTH_LATER, GROWTH_NOISE, GROWTH_POINTS, GROWTH_POINTS_MOST, GROWTH_SPAN,
    GROWTH_STEADY,
};

/// Steady growth towards a limit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Growth {
    /// What it grows by in a second.
    pub(crate) per_second: f64,
    /// Time until the limit is met, in microseconds; 0 when it is met.
    pub(crate) full_in: i64,
}

/// The growth of `points` (any order) towards `limit`; absent when it is not steady.
pub(crate) fn towards(points: &[Point], limit: i64) -> Option<Growth> {
    if limit <= 0 {
        return None;
    }
    let points = chosen(points);
    let (first, last) = (points.first()?, points.last()?);
    let span = last.0.checked_sub(first.0)?;
    if points.len() < GROWTH_POINTS || span < GROWTH_SPAN {
        return None;
    }
    let (per_usec, tau) = slope(&points)?;
    let grown = per_usec * span as f64;
    if per_usec <= 0.0 || tau < GROWTH_STEADY || grown < limit as f64 * GROWTH_NOISE {
        return None;
    }
    let least = points.iter().map(|p| p.1).min()?;
    let most = points.iter().map(|p| p.1).max()?;
    let fall = points
        .windows(2)
        .filter_map(|pair| match pair {
            [before, after] => Some(before.1 as f64 - after.1 as f64),
            _ => None,
        })
        .fold(0.0, f64::max);
    if fall > (most as f64 - least as f64) * GROWTH_FALL {
        return None;
    }
    let later = points.get(points.len() / 2..)?;
    if slope(later).is_none_or(|(later, _)| later < per_usec * GROWTH_LATER) {
        return None;
    }
    let left = (limit as f64 - last.1 as f64).max(0.0);
    let full_in = left / per_usec;
    full_in.is_finite().then_some(Growth {
        per_second: per_usec * 1e6,
        full_in: full_in as i64,
    })
}

/// In order of time, one for each time, at most [`GROWTH_POINTS_MOST`], the first and last among them.
fn chosen(points: &[Point]) -> Vec<Point> {
    let mut points = points.to_vec();
    points.sort_unstable();
    points.dedup_by_key(|p| p.0);
    let many = points.len();
    if many <= GROWTH_POINTS_MOST {
        return points;
    }
    (0..GROWTH_POINTS_MOST)
        .filter_map(|i| {
            points
                .get(i * (many - 1) / (GROWTH_POINTS_MOST - 1))
                .copied()
        })
        .collect()
}

/// The median slope per microsecond, and Kendall's tau.
fn slope(points: &[Point]) -> Option<(f64, f64)> {
    let mut slopes = Vec::with_capacity(points.len() * points.len().saturating_sub(1) / 2);
    let (mut up, mut down) = (0.0, 0.0);
    for (i, a) in points.iter().enumerate() {
        for b in points.iter().skip(i + 1) {
            let rise = b.1 as f64 - a.1 as f64;
            slopes.push(rise / (b.0 as f64 - a.0 as f64));
            if rise > 0.0 {
                up += 1.0;
            } else if rise < 0.0 {
                down += 1.0;
            }
        }
    }
    let pairs = slopes.len() as f64;
    let middle = slopes.len() / 2;
    slopes.sort_unstable_by(f64::total_cmp);
    let median = *slopes.get(middle)?;
    median.is_finite().then(|| (median, (up - down) / pairs))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000_000;
    const MIB: i64 = 1 << 20;

    fn each_minute(values: impl IntoIterator<Item = i64>) -> Vec<Point> {
        values
            .into_iter()
            .enumerate()
            .map(|(i, mib)| (i as i64 * MINUTE, mib * MIB))
            .collect()
    }

    #[test]
    fn a_leak_has_a_time_at_which_it_is_full() {
        let points = each_minute((0..20).map(|i| 100 + i * 5));
        let growth = towards(&points, 295 * MIB).unwrap();
        assert_eq!(growth.full_in, 20 * MINUTE);
        assert!((growth.per_second - 5.0 * MIB as f64 / 60.0).abs() < 1e-6);
    }

    #[test]
    fn one_odd_reading_does_not_move_it() {
        let mut points = each_minute((0..20).map(|i| 100 + i * 5));
        points.get_mut(7).unwrap().1 += 10 * MIB;
        let growth = towards(&points, 295 * MIB).unwrap();
        assert!((growth.full_in - 20 * MINUTE).abs() < MINUTE, "{growth:?}");
    }

    #[test]
    fn what_is_met_is_full_now() {
        let points = each_minute((0..20).map(|i| 100 + i * 5));
        assert_eq!(towards(&points, 150 * MIB).unwrap().full_in, 0);
    }

    #[test]
    fn no_time_without_steady_growth() {
        let far = each_minute((0..20).map(|i| 100_000 + i));
        assert_eq!(towards(&far, 101_000 * MIB), None, "noise");
        let cases: [(&str, Vec<Point>); 7] = [
            ("flat", each_minute([100; 20])),
            ("falling", each_minute((0..20).map(|i| 200 - i))),
            ("a saw", each_minute((0..20).map(|i| 100 + i % 7 * 10))),
            (
                "one tooth",
                each_minute((0..20).map(|i| 100 + i * 5 - if i > 16 { 40 } else { 0 })),
            ),
            (
                "comes to rest",
                each_minute((0..20).map(|i: i64| 100 + i.min(9) * 10)),
            ),
            ("too few", each_minute([100, 120, 140, 160])),
            (
                "too short",
                (0..20).map(|i| (i * 1_000_000, i * 10 * MIB)).collect(),
            ),
        ];
        for (about, points) in cases {
            assert_eq!(towards(&points, 300 * MIB), None, "{about}");
        }
    }

    #[test]
    fn extreme_numbers_are_no_panic() {
        let odd = [i64::MIN, -1, 0, 1, i64::MAX];
        let points: Vec<Point> = odd
            .iter()
            .flat_map(|a| odd.iter().map(|b| (*a, *b)))
            .collect();
        for limit in odd {
            towards(&points, limit);
            towards(&[], limit);
        }
        let many: Vec<Point> = (0..10_000).map(|i| (i * MINUTE, i * MIB)).collect();
        assert_eq!(chosen(&many).len(), GROWTH_POINTS_MOST);
        assert_eq!(chosen(&many).last(), many.last());
        assert!(towards(&many, 20_000 * MIB).is_some());
    }
}
