//! Space and inodes of volumes and file systems.

use crate::container::rate;
use crate::facts::Point;
use crate::growth;
use crate::say::{self, share};
use crate::thresholds::{FULL_FREE, INODES_CRITICAL, INODES_LOW, SpaceLimits};
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
        let growth = growth::towards(self.used_points, size)
            .filter(|g| free <= limits.growth_free && g.full_in <= limits.horizon);
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
