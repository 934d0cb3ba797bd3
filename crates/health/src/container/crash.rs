//! Containers that end and are started again.

use super::stage::Stage;
use crate::exit;
use crate::facts::ContainerFacts;
use crate::facts::EventFact;
use crate::say;
use crate::thresholds::{CRASH_RECENT, CRASH_RESTARTS, LAST_LINES, RESTART_RECENT};
use crate::verdict::Finding;
use crate::word::{Severity, Word};

/// The end of an instance.
#[derive(Debug, Clone, Copy)]
pub(crate) struct End<'a> {
    pub(crate) code: Option<i64>,
    pub(crate) reason: Option<&'a str>,
    pub(crate) time: Option<i64>,
}

/// How it ended last: this instance, or the one before.
pub(crate) fn last_end(facts: &ContainerFacts) -> End<'_> {
    if facts.terminated_reason.is_some() || facts.exit_code.is_some() {
        End {
            code: facts.exit_code,
            reason: facts.terminated_reason.as_deref(),
            time: facts.terminated_time,
        }
    } else {
        End {
            code: facts.last_exit_code,
            reason: facts.last_terminated_reason.as_deref(),
            time: facts.last_terminated_time,
        }
    }
}

/// Whether it ends again and again. A loop is waiting only a part of the time: the kubelet's word for it comes and goes.
pub(crate) fn is_looping(facts: &ContainerFacts, now: i64) -> bool {
    if facts.waiting_reason.as_deref() == Some("CrashLoopBackOff") {
        return true;
    }
    // Restarts of long ago are not a loop, so those of late count where they are known.
    let of_late = facts.restarts_increase;
    let many = of_late.or(facts.restarts).unwrap_or(0) >= CRASH_RESTARTS;
    match last_end(facts).time {
        Some(time) => many && say::ago(time, now) <= CRASH_RECENT,
        None => many && of_late.is_some(),
    }
}

/// "5, 3 of them in the last hour"
pub(crate) fn restarts(facts: &ContainerFacts) -> Option<String> {
    let all = facts.restarts.or(facts.restarts_increase)?;
    Some(match facts.restarts_increase {
        Some(late) if late > 0 && late < all => format!("{all}, {late} of them in the last hour"),
        _ => all.to_string(),
    })
}

/// Adds the last lines of the instance that ended.
pub(crate) fn with_last_lines(mut finding: Finding, facts: &ContainerFacts) -> Finding {
    let lines: Vec<&String> = facts
        .last_lines
        .iter()
        .filter(|l| !l.trim().is_empty())
        .collect();
    for line in lines.iter().skip(lines.len().saturating_sub(LAST_LINES)) {
        finding = finding.with("last line", line);
    }
    finding
}

/// The newest word of a probe that failed.
pub(crate) fn probe<'a>(facts: &'a ContainerFacts, kind: &str) -> Option<&'a EventFact> {
    crate::facts::newest_event(&facts.events, &["Unhealthy"], |event| {
        event.message.starts_with(kind) && event.concerns(facts.container.as_deref())
    })
}

/// When the kubelet first waited before it started it again.
pub(crate) fn looping_since(facts: &ContainerFacts) -> Option<i64> {
    let event = crate::facts::newest_event(&facts.events, &["BackOff"], |event| {
        event.message.contains("restarting") && event.concerns(facts.container.as_deref())
    });
    event?.first_time
}

pub(crate) fn finding(facts: &ContainerFacts, stage: Stage, now: i64) -> Finding {
    let end = last_end(facts);
    let how = match end.code {
        Some(0) => "It ends by itself, with exit code 0, though it should go on".to_owned(),
        Some(code) => format!("It ended with {}", exit::code(Some(code))),
        None => match end.reason {
            Some(reason) => format!("It ended ({reason})"),
            None => "It ends again and again".to_owned(),
        },
    };
    let next = match stage {
        Stage::Running => match facts.started_time {
            Some(time) => format!(
                " and was started again {} ago",
                say::duration(say::ago(time, now))
            ),
            None => " and was started again".to_owned(),
        },
        Stage::Waiting => " and waits to be started again".to_owned(),
        _ => " and will be started again".to_owned(),
    };
    let after = facts
        .restarts
        .filter(|r| *r > 0)
        .map(|r| format!(", after {}", say::count(r, "restart", "restarts")))
        .unwrap_or_default();
    let liveness = probe(facts, "Liveness");
    let mut finding = Finding::new(
        Word::CrashLooping,
        Severity::Critical,
        format!("{how}{next}{after}."),
    )
    .since(looping_since(facts))
    .at(
        "last exit",
        exit::evidence(end.code, end.reason).unwrap_or_default(),
        end.time,
    )
    .maybe("restarts", restarts(facts));
    if let Some(event) = liveness {
        finding = finding.at("liveness probe", &event.message, event.time);
    }
    with_last_lines(finding, facts)
}

/// A restart a moment ago that is not a loop.
pub(crate) fn restarted(facts: &ContainerFacts, now: i64) -> Option<Finding> {
    let end = last_end(facts);
    let time = end.time?;
    let some = facts.restarts.or(facts.restarts_increase).unwrap_or(0) > 0;
    if !some || end.code == Some(0) || say::ago(time, now) > RESTART_RECENT {
        return None;
    }
    let reason = format!(
        "It ended with {}, {} ago, and was started again.",
        exit::code(end.code),
        say::duration(say::ago(time, now))
    );
    let mut finding = Finding::new(Word::Restarted, Severity::Warning, reason)
        .since(Some(time))
        .at(
            "last exit",
            exit::evidence(end.code, end.reason).unwrap_or_default(),
            Some(time),
        )
        .maybe("restarts", restarts(facts));
    if let Some(event) = probe(facts, "Liveness") {
        finding = finding.at("liveness probe", &event.message, event.time);
    }
    Some(with_last_lines(finding, facts))
}
