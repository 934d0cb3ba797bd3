//! Where a container is in its life.

use crate::facts::ContainerFacts;

/// By the API where it is read, else by the measurements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// The API says that it waits.
    Waiting,
    /// The API says that it runs.
    Running,
    /// The API says that it has ended.
    Terminated,
    /// It has measurements, and the API is not read.
    Measured,
    /// Its control group is gone, and the API is not read.
    Gone,
    /// Nothing is known.
    Unseen,
}

impl Stage {
    pub(crate) fn of(facts: &ContainerFacts) -> Stage {
        match facts.container_state.as_deref() {
            Some("waiting") => return Stage::Waiting,
            Some("running") => return Stage::Running,
            Some("terminated") => return Stage::Terminated,
            _ => {}
        }
        if facts.waiting_reason.is_some() {
            return Stage::Waiting;
        }
        if facts.terminated_reason.is_some() || facts.terminated_time.is_some() {
            return Stage::Terminated;
        }
        match facts.measured.as_ref().map(|m| &m.latest) {
            Some(latest) if latest.exited == Some(true) => Stage::Gone,
            Some(latest) if latest.time.is_some() => Stage::Measured,
            _ => Stage::Unseen,
        }
    }

    /// Whether it has a process, as far as is known.
    pub(crate) fn runs(self) -> bool {
        matches!(self, Stage::Running | Stage::Measured)
    }
}
