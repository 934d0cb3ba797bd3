//! A slow trend.

use super::Cells;
use crate::clock::{HOURS_OF_DAY, HOURS_OF_WEEK};
use crate::robust::{MEDIAN_TO_DEVIATION, median, shared, shrunk};

/// Differences of cells a day or a week apart that tell something: a day's, and for days two days'.
const FEWEST_OF_WEEKS: usize = 24;
const FEWEST_OF_DAYS: usize = 48;

/// Per hour.
pub(super) fn slope(cells: &Cells) -> f64 {
    let days = per_hour(cells, HOURS_OF_DAY, FEWEST_OF_DAYS);
    let weeks = per_hour(cells, HOURS_OF_WEEK, FEWEST_OF_WEEKS);
    match (days, weeks) {
        // What days differ by is bent by weekends, what weeks differ by is not; but only days know a jump.
        (Some(days), Some(weeks)) if shared(2.0 * days, weeks) == weeks => weeks,
        (Some(days), None) => days,
        _ => 0.0,
    }
}

/// From the cells that are so many hours apart.
fn per_hour(cells: &Cells, apart: usize, fewest: usize) -> Option<f64> {
    let hours = apart as f64;
    let mut slopes: Vec<f64> = cells
        .iter()
        .filter_map(|(hour, value)| {
            let later = cells.get(&(hour + apart as i64))?;
            Some((later - value) / hours)
        })
        .collect();
    if slopes.len() < fewest {
        return None;
    }
    let middle = median(&mut slopes)?;
    let mut sizes: Vec<f64> = slopes.iter().map(|slope| (slope - middle).abs()).collect();
    let noise = median(&mut sizes)? * MEDIAN_TO_DEVIATION;
    // Twice: hours that follow each other are not independent.
    Some(shrunk(middle, 2.0 * noise, slopes.len()))
}
