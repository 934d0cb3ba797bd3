//! From points to a model. The steps are those of the crate's documentation.

mod deviation;
mod points;
mod season;
mod trend;

use std::collections::BTreeMap;

use crate::clock::{Clock, hours_between};
use crate::model::Kept;
use crate::not_trained::NotTrained;
use crate::robust::median;
use crate::scale::Scale;
use crate::settings::{Range, Settings};

/// Local hours since 1970, and the median of each one's points.
type Cells = BTreeMap<i64, f64>;

pub(crate) fn train(
    given: &[(i64, f64)],
    excluded: &[Range],
    settings: Settings,
) -> Result<Kept, NotTrained> {
    let clock = Clock {
        zone: settings.time_zone,
    };
    let mut points = points::usable(given, excluded)?;
    let end_us = points.last().map_or(0, |(time, _)| *time);
    points::check_enough(&points, clock)?;

    let (scale, size) = Scale::of(points.iter().map(|(_, value)| *value));
    for (_, value) in &mut points {
        *value = scale.down(*value);
    }
    let slope_per_hour = trend::slope(&cells(&points, clock));
    for (time, value) in &mut points {
        *value -= slope_per_hour * hours_between(end_us, *time);
    }
    let cells = cells(&points, clock);
    let season = season::learn(&cells);
    let deviation = deviation::learn(&points, &season, clock, cells.len());
    Ok(Kept {
        settings,
        end_us,
        exponent: scale.exponent(),
        size,
        season: season.with_weeks_seen_once(),
        deviation,
        slope_per_hour,
        points: points.len(),
        hours: cells.len(),
    })
}

/// Where clocks are set back, points of an hour need not follow each other.
fn cells(points: &[(i64, f64)], clock: Clock) -> Cells {
    let mut by_hour: BTreeMap<i64, Vec<f64>> = BTreeMap::new();
    for (time, value) in points {
        by_hour.entry(clock.hour(*time)).or_default().push(*value);
    }
    let cells = by_hour.into_iter();
    cells
        .filter_map(|(hour, mut values)| Some((hour, median(&mut values)?)))
        .collect()
}
