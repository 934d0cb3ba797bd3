//! The limit of tasks.

use crate::facts::Measured;
use crate::say::{self, share};
use crate::thresholds::COUNT_NEAR;
use crate::verdict::Finding;
use crate::word::{Severity, Word};

pub(crate) fn finding(measured: &Measured) -> Option<Finding> {
    let (current, limit) = (measured.latest.pids_current, measured.latest.pids_limit);
    let used = share(current, limit);
    let refused = measured.window.pids_limit_hits.filter(|h| *h > 0);
    let (severity, reason) = match (refused, used) {
        (Some(refused), _) => (
            Severity::Critical,
            format!(
                "Its limit of tasks refused {}.",
                say::count(refused, "new process or thread", "new processes or threads")
            ),
        ),
        (None, Some(used)) if used >= COUNT_NEAR => (
            Severity::Warning,
            format!(
                "It has {} of the tasks that it may have.",
                say::percent(used)
            ),
        ),
        _ => return None,
    };
    let tasks = current
        .zip(limit)
        .map(|(current, limit)| format!("{current} of {limit}"));
    Some(Finding::new(Word::NearLimit, severity, reason).maybe("tasks", tasks))
}
