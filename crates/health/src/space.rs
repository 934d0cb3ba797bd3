//! Space and inodes of volumes and file systems.

use crate::container::rate;
use crate::facts::Point;
use crate::growth;
use crate::say::{self, share};
use crate::thresholds::{FULL_FREE, INODES_CRITICAL, INODES_LOW, SPACE_RECENT, SpaceLimits};
use crate::verdict::Finding;
use crate::word::{Severity, Word};

/// What is known of the space of one place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Space<'a> {
    /// How it is called at the beginning of a sentence: "It", "/var".
    pub(crate) name: &'a str,
    pub(crate) size: Option<i64>,
    pub(crate) available: Option<i64>,
    pub(crate) inodes: Option<i64>,
    pub(crate) inodes_free: Option<i64>,
    pub(crate) used_points: &'a [Point],
}

impl Space<'_> {
    pub(crate) fn findings(&self, limits: &SpaceLimits) -> Vec<Finding> {
        let found = [self.bytes(limits), self.inodes()];
        found.into_iter().flatten().collect()
    }

    fn bytes(&self, limits: &SpaceLimits) -> Option<Finding> {
        let (size, available) = (self.size?, self.available?);
        let free = share(Some(available), Some(size))?;
        let growth = self.growth(size, free, limits);
        let soon = growth.is_some_and(|g| g.full_in <= limits.horizon_critical);
        let name = self.name;
        let amounts = format!("{} of {}", say::bytes(available), say::bytes(size));
        let (word, severity, reason) = if free <= FULL_FREE {
            (
                Word::Full,
                Severity::Critical,
                format!("{name} is full: {amounts} are free."),
            )
        } else if free < limits.critical_free || soon {
            (Word::Filling, Severity::Critical, self.left(free, growth))
        } else if free < limits.low_free || growth.is_some() {
            (Word::Filling, Severity::Warning, self.left(free, growth))
        } else {
            return None;
        };
        Some(
            Finding::new(word, severity, reason)
                .with("free", amounts)
                .maybe("growth", growth.map(|g| rate(g.per_second))),
        )
    }

    /// What will be full within the horizon. Over hours in which nothing happened, a minute's growth is not steady: so what
    /// grew of late is looked at by itself, and counts when it is soon.
    fn growth(&self, size: i64, free: f64, limits: &SpaceLimits) -> Option<growth::Growth> {
        if free > limits.growth_free {
            return None;
        }
        let newest = self.used_points.iter().map(|point| point.0).max()?;
        let recent = |point: &&Point| point.0 >= newest.saturating_sub(SPACE_RECENT);
        let recent: Vec<Point> = self.used_points.iter().filter(recent).copied().collect();
        let long = growth::towards(self.used_points, size).filter(|g| g.full_in <= limits.horizon);
        let recent =
            growth::towards(&recent, size).filter(|g| g.full_in <= limits.horizon_critical);
        long.into_iter().chain(recent).min_by_key(|g| g.full_in)
    }

    fn left(&self, free: f64, growth: Option<growth::Growth>) -> String {
        let grows = match growth {
            Some(growth) => format!(" and it grows: full in {}", say::about(growth.full_in)),
            None => String::new(),
        };
        format!("{} has {} free{grows}.", self.name, say::percent(free))
    }

    fn inodes(&self) -> Option<Finding> {
        let free = share(self.inodes_free, self.inodes).filter(|free| *free < INODES_LOW)?;
        let severity = if free < INODES_CRITICAL {
            Severity::Critical
        } else {
            Severity::Warning
        };
        let reason = format!(
            "{} has {} of its inodes free: it cannot hold many more files.",
            self.name,
            say::percent(free)
        );
        let amounts = self
            .inodes_free
            .zip(self.inodes)
            .map(|(free, all)| format!("{free} of {all}"));
        Some(Finding::new(Word::InodesLow, severity, reason).maybe("inodes free", amounts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::thresholds::VOLUME;

    const MINUTE: i64 = 60_000_000;
    const SIZE: i64 = 1000 << 20;

    /// Hours at 86 %, by five minutes and of late by the minute, and then so many minutes in which it grows by `mib` each.
    fn found(minutes: i64, mib: i64) -> Vec<Finding> {
        let flat = (0..60).map(|i| i * 5).chain(300..310);
        let mut points: Vec<Point> = flat.map(|at| (at * MINUTE, 860 << 20)).collect();
        points.extend((0..minutes).map(|i| ((310 + i) * MINUTE, (860 + (i + 1) * mib) << 20)));
        let used = points.iter().map(|point| point.1).max().unwrap_or(0);
        let space = Space {
            name: "It",
            size: Some(SIZE),
            available: Some(SIZE - used),
            inodes: None,
            inodes_free: None,
            used_points: &points,
        };
        space.findings(&VOLUME)
    }

    #[test]
    fn what_begins_to_fill_after_hours_is_told_within_minutes() {
        assert!(found(3, 5).is_empty(), "three minutes are no growth yet");
        let told = found(6, 5);
        let [finding] = told.as_slice() else {
            panic!("{told:?}");
        };
        assert_eq!(finding.word, Word::Filling);
        assert_eq!(finding.severity, Severity::Critical);
        assert!(
            finding
                .reason
                .starts_with("It has 11 % free and it grows: full in about")
        );
        assert_eq!(
            found(12, 5)[0].reason,
            "It has 8 % free and it grows: full in about 16 min."
        );
        assert!(found(20, 0).is_empty(), "nothing grows");
    }
}
