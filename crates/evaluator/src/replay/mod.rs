//! What an alarm would have done: a definition over stored data points, without any consequence.
//!
//! Evaluations are those of a running alarm, at the same times and over the same ranges. The range slides: an evaluation
//! costs the same whatever the range is long, and only one that changes the state is made in full, for its reason and points.

mod slide;

use std::collections::HashMap;

use alarm::{Evaluation, Period, Rule, State, TreatMissingData};

use crate::plan::Points;
use crate::windows::Words;
use crate::world;
use slide::Slide;

const SECOND: i64 = 1_000_000;

/// Data points of one series for [`replay`].
#[derive(Debug, Clone, Copy)]
pub struct Stored<'a> {
    /// Periods by their starts, oldest first, each a multiple of `spacing_seconds` since 1970. Those that are left out have
    /// no data point. For the first evaluation to see a whole range they begin as much before.
    pub periods: &'a [Period],
    /// From one start to the next: the alarm's period, or, for periods that slide as those of a running alarm do, ten
    /// seconds (periods below a minute) or a minute.
    pub spacing_seconds: u32,
    /// What was found in periods that breach, by their starts, where the source has words for it.
    pub words: &'a Words,
}

/// What an alarm would have done.
#[derive(Debug, Clone, PartialEq)]
pub struct Replayed {
    /// Each change of state.
    pub transitions: Vec<ReplayedTransition>,
    /// How long it was in which state, in order. Between two there is a gap where a series had ended.
    pub spans: Vec<Span>,
    /// Seconds in ALARM.
    pub in_alarm_seconds: u64,
    /// How often it was evaluated.
    pub evaluations: u64,
}

/// A change of state.
#[derive(Debug, Clone, PartialEq)]
pub struct ReplayedTransition {
    /// When, in microseconds since 1970.
    pub time: i64,
    /// The state before.
    pub from: State,
    /// The state after.
    pub to: State,
    /// Why.
    pub reason: String,
    /// The periods that were seen, and what each was counted as; `None`: a series ended.
    pub evaluation: Option<Evaluation>,
}

/// A time in one state. Times are microseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The state.
    pub state: State,
    /// When it began.
    pub start: i64,
    /// When it ended.
    pub end: i64,
}

/// Why data points cannot be replayed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReplayError {
    /// The spacing is no part of the period.
    #[error(
        "data points every {spacing_seconds} seconds do not make periods of {period_seconds} seconds"
    )]
    Spacing {
        /// As it was given.
        spacing_seconds: u32,
        /// The alarm's.
        period_seconds: u32,
    },
    /// The periods are not in order, or are not where they should be.
    #[error("the data point at {0} is not after the one before, or no multiple of the spacing")]
    Order(i64),
}

/// Replays an alarm in state `previous` from `from` to `to` (microseconds since 1970).
///
/// # Errors
/// The data points are not on a grid that fits the alarm's period.
pub fn replay(
    points: &Points,
    stored: Stored<'_>,
    from: i64,
    to: i64,
    previous: State,
) -> Result<Replayed, ReplayError> {
    let grid = Grid::new(points, stored)?;
    let mut player = Player::new(points, &grid, from, previous);
    let every = i64::from(points.every.max(1)) * SECOND;
    let mut at = from.div_euclid(every).saturating_mul(every);
    if at < from {
        at = at.saturating_add(every);
    }
    while at <= to {
        player.evaluate(at);
        match at.checked_add(every) {
            Some(next) => at = next,
            None => break,
        }
    }
    Ok(player.end(to))
}

/// Data points by place.
#[derive(Debug)]
struct Grid<'a> {
    periods: &'a [Period],
    /// From one start to the next, in microseconds.
    spacing: i64,
    /// So many starts make a period.
    stride: i64,
    rule: &'a Rule,
    range: i64,
    words: &'a Words,
}

impl<'a> Grid<'a> {
    fn new(points: &'a Points, stored: Stored<'a>) -> Result<Grid<'a>, ReplayError> {
        let Stored {
            periods,
            spacing_seconds,
            words,
        } = stored;
        if spacing_seconds == 0 || !points.period.is_multiple_of(spacing_seconds) {
            return Err(ReplayError::Spacing {
                spacing_seconds,
                period_seconds: points.period,
            });
        }
        let spacing = i64::from(spacing_seconds) * SECOND;
        let mut before = None;
        for period in periods {
            let is_after = before.is_none_or(|before| before < period.start);
            if !is_after || period.start.rem_euclid(spacing) != 0 {
                return Err(ReplayError::Order(period.start));
            }
            before = Some(period.start);
        }
        Ok(Grid {
            periods,
            spacing,
            stride: i64::from(points.period / spacing_seconds),
            rule: &points.rule,
            range: i64::from(points.rule.range()),
            words,
        })
    }

    /// The period that begins at the place, counted from 1970.
    fn at(&self, place: i64) -> Period {
        let start = place.saturating_mul(self.spacing);
        let found = self
            .periods
            .binary_search_by_key(&start, |period| period.start);
        let found = found.ok().and_then(|i| self.periods.get(i)).copied();
        found.unwrap_or_else(|| Period::new(start, None))
    }

    /// The range whose newest period begins at the place, oldest first.
    fn range(&self, newest: i64) -> Vec<Period> {
        let back = (0..self.range).rev();
        back.map(|back| self.at(newest.saturating_sub(back.saturating_mul(self.stride))))
            .collect()
    }
}

/// An alarm under replay.
struct Player<'a> {
    points: &'a Points,
    grid: &'a Grid<'a>,
    /// Ranges whose periods begin at the same remainder of a period slide together.
    slides: HashMap<i64, Slide>,
    state: State,
    since: i64,
    /// Whether the series is there: it begins with a data point, and may end.
    is_there: bool,
    /// Whether it was never told of, so that OK is no change.
    is_new: bool,
    empty_since: Option<i64>,
    replayed: Replayed,
}

impl<'a> Player<'a> {
    fn new(points: &'a Points, grid: &'a Grid<'a>, from: i64, previous: State) -> Player<'a> {
        let is_new = points.is_series() && previous == State::InsufficientData;
        Player {
            points,
            grid,
            slides: HashMap::new(),
            state: previous,
            since: from,
            is_there: !is_new,
            is_new,
            empty_since: None,
            replayed: Replayed {
                transitions: Vec::new(),
                spans: Vec::new(),
                in_alarm_seconds: 0,
                evaluations: 0,
            },
        }
    }

    fn evaluate(&mut self, at: i64) {
        let newest = at.div_euclid(self.grid.spacing) - self.grid.stride;
        let grid = self.grid;
        let slide = self
            .slides
            .entry(newest.rem_euclid(grid.stride))
            .or_default();
        slide.advance(grid, newest);
        self.replayed.evaluations += 1;
        if self.points.is_series() && self.misses(at, newest) {
            return;
        }
        let Some(slide) = self.slides.get(&newest.rem_euclid(grid.stride)) else {
            return;
        };
        let rule = &self.points.rule;
        let found = match rule.low_samples {
            None => slide.state(rule, self.state),
            // Whether samples are too few depends on those of the range one by one.
            Some(_) => rule.evaluate(&grid.range(newest), self.state).state,
        };
        if found == self.state {
            return;
        }
        if found == State::Ok && std::mem::replace(&mut self.is_new, false) {
            self.enter(found, at);
            return;
        }
        let evaluation = rule.evaluate(&grid.range(newest), self.state);
        self.replayed.transitions.push(ReplayedTransition {
            time: at,
            from: self.state,
            to: evaluation.state,
            reason: world::reason(&evaluation, grid.words),
            evaluation: Some(evaluation),
        });
        self.is_new = false;
        self.enter(found, at);
    }

    /// Whether the series has no data point in its range and is not evaluated; as in rounds it ends some time after.
    fn misses(&mut self, at: i64, newest: i64) -> bool {
        let slide = self.slides.get(&newest.rem_euclid(self.grid.stride));
        if slide.is_some_and(|slide| !slide.is_empty()) {
            self.empty_since = None;
            if !self.is_there {
                self.is_there = true;
                self.since = at;
            }
            return false;
        }
        if !self.is_there {
            return true;
        }
        let since = *self.empty_since.get_or_insert(at);
        let is_breaching = self.points.rule.treat_missing_data == TreatMissingData::Breaching;
        if at.saturating_sub(since) < world::missed(self.points) {
            return !is_breaching;
        }
        if self.state == State::Alarm {
            self.replayed.transitions.push(ReplayedTransition {
                time: at,
                from: State::Alarm,
                to: State::Ok,
                reason: world::ENDED.to_owned(),
                evaluation: None,
            });
        }
        self.enter(State::InsufficientData, at);
        self.is_there = false;
        self.is_new = true;
        self.empty_since = None;
        true
    }

    fn enter(&mut self, state: State, at: i64) {
        self.span(at);
        self.state = state;
        self.since = at;
    }

    fn span(&mut self, end: i64) {
        let span = Span {
            state: self.state,
            start: self.since,
            end,
        };
        if !self.is_there || span.start >= span.end {
            return;
        }
        if span.state == State::Alarm {
            let seconds = span.end.saturating_sub(span.start) / SECOND;
            self.replayed.in_alarm_seconds += u64::try_from(seconds).unwrap_or(0);
        }
        self.replayed.spans.push(span);
    }

    fn end(mut self, to: i64) -> Replayed {
        self.span(to);
        self.replayed
    }
}
