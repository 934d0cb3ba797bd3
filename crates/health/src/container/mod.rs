//! The verdict about a container.

mod cpu;
mod crash;
mod ended;
mod memory;
pub(crate) mod oom;
mod readiness;
mod stage;
mod tasks;
mod waiting;

use crate::facts::ContainerFacts;
use crate::say;
use crate::verdict::{Finding, Findings, Verdict};
use crate::word::{Severity, Word};
pub(crate) use memory::rate;
use stage::Stage;

/// Judges a container.
#[must_use]
pub fn container(facts: &ContainerFacts, now: i64) -> Verdict {
    let mut found = Findings::default();
    let stage = Stage::of(facts);
    let silent = facts
        .measured
        .as_ref()
        .and_then(|m| m.latest.silent_since(now));
    // What ends together with its pod has not failed.
    if facts.deleted_time.is_some() {
        found.push(leaving(stage));
        return found.verdict(|| unseen(stage));
    }
    let looping = crash::is_looping(facts, now);
    found.extend(oom::of_container(facts, stage, looping, now));
    if looping {
        found.push(crash::finding(facts, stage, now));
    } else {
        let killed = found.has(Word::OomKilled);
        match stage {
            Stage::Waiting => found.push(waiting::finding(facts, now)),
            Stage::Terminated if !killed => found.push(ended::finding(facts, now)),
            Stage::Running if !killed => found.extend(crash::restarted(facts, now)),
            _ => {}
        }
        if stage == Stage::Running {
            found.extend(readiness::finding(facts, now));
        }
    }
    if let Some(measured) = &facts.measured
        && stage.runs()
    {
        match silent {
            None => {
                found.extend(cpu::findings(measured));
                found.extend(memory::findings(measured, facts.memory_limit()));
                found.extend(tasks::finding(measured));
            }
            Some(since) if stage == Stage::Running => found.push(silence(since, now)),
            // The measurements are all that there is.
            Some(since) => return found.verdict(|| silence(since, now)),
        }
    }
    found.verdict(|| well(facts, stage))
}

fn leaving(stage: Stage) -> Finding {
    let reason = if stage.runs() {
        "It is being ended with its pod."
    } else {
        "It has ended with its pod."
    };
    Finding::new(Word::Terminating, Severity::Ok, reason)
}

pub(crate) fn silence(since: i64, now: i64) -> Finding {
    let reason = format!(
        "No measurements of it have come for {}.",
        say::duration(say::ago(since, now))
    );
    Finding::new(Word::Silent, Severity::Unknown, reason)
        .since(Some(since))
        .at("last measurement", "last row", Some(since))
}

fn well(facts: &ContainerFacts, stage: Stage) -> Finding {
    let reason = match (stage, facts.ready) {
        (Stage::Running, Some(true)) => "It runs and is ready.",
        (Stage::Running, _) => "It runs.",
        (Stage::Measured, _) => "It runs, as its measurements show.",
        _ => return unseen(stage),
    };
    let begun = facts
        .started_time
        .or(facts.measured.as_ref().and_then(|m| m.latest.started_time));
    let restarts = facts.restarts.filter(|r| *r > 0);
    Finding::new(Word::Healthy, Severity::Ok, reason)
        .since(begun)
        .maybe("restarts", restarts.map(|r| r.to_string()))
        .at(
            "last exit",
            crate::exit::evidence(
                facts.last_exit_code,
                facts.last_terminated_reason.as_deref(),
            )
            .unwrap_or_default(),
            facts.last_terminated_time,
        )
}

fn unseen(stage: Stage) -> Finding {
    let reason = match stage {
        Stage::Gone => "It has ended. How, only the Kubernetes API tells.",
        _ => "Nothing is known about it.",
    };
    Finding::new(Word::Unknown, Severity::Unknown, reason)
}
