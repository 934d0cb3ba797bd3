//! Kills for lack of memory: which limit, which process, whether PID 1 lived, what the memory was.
//!
//! The API knows only of a container that ended. That a child was killed and the container went on is seen by
//! the kernel's counter alone (google/cadvisor#3015, kubernetes-mixin#822).

use super::crash::{looping_since, restarts, with_last_lines};
use super::memory::kinds;
use super::stage::Stage;
use crate::exit;
use crate::facts::{ContainerFacts, EventFact, Measured, OutOfMemory, PodFacts};
use crate::say::{self, share};
use crate::thresholds::{
    OOM_KILLS_CRITICAL, OOM_LIMIT_MET, OOM_NODE_EXHAUSTED, OOM_RECENT, OOM_VICTIM_NEAR,
};
use crate::verdict::Finding;
use crate::word::{Severity, Word};

const OOM_KILLED: &str = "OOMKilled";

/// What became of the first process.
enum First {
    /// It was killed, or ended for another's death; with its exit code.
    Ended(Option<i64>),
    /// It lived.
    Lived,
    /// The kernel counted the kill before the API told of any instance.
    Unknown,
}

pub(crate) fn of_container(
    facts: &ContainerFacts,
    stage: Stage,
    looping: bool,
    now: i64,
) -> Option<Finding> {
    let measured = facts.measured.as_ref();
    let oom = measured.and_then(|m| m.out_of_memory.as_ref());
    let kills = oom
        .and_then(|o| o.kills)
        .or(measured.and_then(|m| m.window.memory_oom_kills))
        .filter(|k| *k > 0);
    let recent =
        |time: Option<i64>, otherwise| time.map_or(otherwise, |t| say::ago(t, now) <= OOM_RECENT);
    let by_api = if facts.terminated_reason.as_deref() == Some(OOM_KILLED) {
        Some((facts.terminated_time, facts.exit_code))
    } else if facts.last_terminated_reason.as_deref() == Some(OOM_KILLED) {
        Some((facts.last_terminated_time, facts.last_exit_code))
    } else {
        None
    };
    let (time, first) = match by_api.filter(|(time, _)| recent(*time, !stage.runs() || looping)) {
        Some((time, code)) => (time, First::Ended(code)),
        None if stage == Stage::Gone => {
            // Only the receipt is left of it.
            let latest = measured.map(|m| &m.latest)?;
            kills.or(latest.lifetime_oom_kills).filter(|k| *k > 0)?;
            let time = oom.and_then(|o| o.time).or(latest.time);
            recent(time, false).then_some((time, First::Ended(None)))?
        }
        None => {
            kills?;
            let time = oom.and_then(|o| o.time);
            recent(time, true).then_some(())?;
            let begun = facts
                .started_time
                .or(measured.and_then(|m| m.latest.started_time));
            let begun_after = begun.zip(time).is_some_and(|(begun, time)| begun > time);
            if stage.runs() && !begun_after {
                (time, First::Lived)
            } else if stage == Stage::Waiting && !begun_after && tells_of_no_end(facts) {
                (time, First::Unknown)
            } else {
                (time, First::Ended(facts.exit_code.or(facts.last_exit_code)))
            }
        }
    };
    let limit = Limit::met(facts.memory_limit(), measured);
    let severity = match first {
        First::Lived | First::Unknown if kills.unwrap_or(0) >= OOM_KILLS_CRITICAL => {
            Severity::Critical
        }
        First::Lived | First::Unknown => Severity::Warning,
        First::Ended(_) if looping || !stage.runs() => Severity::Critical,
        First::Ended(_) => Severity::Warning,
    };
    let many = kills.unwrap_or(1);
    let killed = match many {
        1 => "A process of it was killed for lack of memory".to_owned(),
        _ => format!("{many} processes of it were killed for lack of memory"),
    };
    let went_on = match (&first, stage, looping) {
        (First::Lived, ..) => format!("{killed}, and the container went on"),
        (First::Unknown, ..) => {
            format!("{killed}, and whether the container went on is not known yet")
        }
        (First::Ended(_), Stage::Waiting, _) => {
            "It was killed for lack of memory and waits to be started again".to_owned()
        }
        (First::Ended(_), Stage::Running | Stage::Measured, true) => {
            "It is killed for lack of memory again and again".to_owned()
        }
        (First::Ended(_), Stage::Running | Stage::Measured, false) => {
            "It was killed for lack of memory and was started again".to_owned()
        }
        (First::Ended(_), ..) => "It was killed for lack of memory".to_owned(),
    };
    let pid_1 = match first {
        First::Lived => format!(
            "lived: {} killed, the container went on",
            if many == 1 {
                "1 process was".to_owned()
            } else {
                format!("{many} processes were")
            }
        ),
        First::Unknown => "not known yet: the API tells of no instance".to_owned(),
        First::Ended(Some(code)) if code != 137 => format!(
            "ended with {} after another process was killed",
            exit::code(Some(code))
        ),
        First::Ended(_) => "killed: the container ended".to_owned(),
    };
    let last_exit = match first {
        First::Ended(code) if by_api.is_some() => exit::evidence(code, Some(OOM_KILLED)),
        _ => None,
    };
    let process = oom
        .and_then(|o| o.process.clone())
        .or_else(|| victim(&facts.node_events, time));
    let finding = Finding::new(
        Word::OomKilled,
        severity,
        format!("{went_on}: {}.", limit.reason()),
    )
    .since(looping.then(|| looping_since(facts)).flatten().or(time))
    // The API knows nothing of a child that was killed after the instance that it tells of.
    .last(time.max(oom.and_then(|o| o.time)))
    .at("last exit", last_exit.unwrap_or_default(), time)
    .at("limit", limit.evidence(), None)
    .at("PID 1", pid_1, time)
    .maybe("process", process)
    .maybe("kills", kills.map(|k| k.to_string()))
    .maybe("memory before", oom.and_then(|o| kinds(&o.split)))
    .maybe("restarts", restarts(facts).filter(|r| r != "0"));
    Some(with_last_lines(finding, facts))
}

/// Whether the API has told of no instance that ended, so of none before the one that it waits for.
fn tells_of_no_end(facts: &ContainerFacts) -> bool {
    facts.terminated_time.is_none()
        && facts.last_terminated_time.is_none()
        && facts.restarts.unwrap_or(0) == 0
}

/// Kills that only the pod's counter kept: on cgroup v2 a container that is killed as a whole takes its own along.
pub(crate) fn of_pod(facts: &PodFacts, now: i64) -> Option<Finding> {
    let measured = facts.measured.as_ref()?;
    let oom = measured.out_of_memory.as_ref();
    let kills = oom
        .and_then(|o| o.kills)
        .or(measured.window.memory_oom_kills)
        .filter(|k| *k > 0)?;
    let time = oom.and_then(|o| o.time);
    if time.is_some_and(|t| say::ago(t, now) > OOM_RECENT) {
        return None;
    }
    let reason = format!(
        "{} in it {} killed for lack of memory; in which container is not known.",
        say::count(kills, "process", "processes"),
        if kills == 1 { "was" } else { "were" }
    );
    let severity = if kills >= OOM_KILLS_CRITICAL {
        Severity::Critical
    } else {
        Severity::Warning
    };
    let finding = Finding::new(Word::OomKilled, severity, reason)
        .since(time)
        .last(time)
        .with("kills", kills.to_string())
        .maybe("process", oom.and_then(|o| o.process.clone()))
        .maybe("memory before", oom.and_then(|o| kinds(&o.split)));
    Some(finding)
}

/// The limit that was met.
enum Limit {
    /// The container's own.
    Own(i64),
    /// Most likely the container's own: growth may be quicker than the reading.
    ProbablyOwn(i64),
    /// The pod's.
    Pod(i64),
    /// The node's memory.
    Node,
    /// Not known.
    Unknown,
}

impl Limit {
    fn met(own: Option<i64>, measured: Option<&Measured>) -> Limit {
        let Some(measured) = measured else {
            return own.map_or(Limit::Unknown, Limit::ProbablyOwn);
        };
        let none = OutOfMemory::default();
        let oom = measured.out_of_memory.as_ref().unwrap_or(&none);
        let met = |used: Option<i64>, limit: Option<i64>| {
            share(used, limit).is_some_and(|share| share >= OOM_LIMIT_MET)
        };
        let hits = oom.memory_limit_hits.or(measured.window.memory_limit_hits);
        // No hits prove nothing: v1 of recent kernels counts none, and the counter of a control group that is gone is gone.
        if let Some(own) = own
            && (hits.is_some_and(|h| h > 0) || met(oom.memory_usage_bytes, Some(own)))
        {
            return Limit::Own(own);
        }
        if let Some(pod) = oom.pod_memory_limit_bytes
            && met(oom.pod_memory_usage_bytes, Some(pod))
        {
            return Limit::Pod(pod);
        }
        let available = share(
            oom.node_memory_available_bytes,
            measured.latest.node_memory_total_bytes,
        );
        if available.is_some_and(|a| a < OOM_NODE_EXHAUSTED) {
            return Limit::Node;
        }
        match own {
            // A peak may be of long ago, so it counts after all else.
            Some(own) if met(measured.latest.memory_peak_bytes, Some(own)) => Limit::Own(own),
            Some(own) => Limit::ProbablyOwn(own),
            None if oom.pod_memory_limit_bytes.is_some() => Limit::Unknown,
            // A row without a limit says that there is none.
            None if measured.latest.time.is_some() => Limit::Node,
            None => Limit::Unknown,
        }
    }

    fn reason(&self) -> String {
        match self {
            Limit::Own(limit) => format!("it met its limit of {}", say::bytes(*limit)),
            Limit::ProbablyOwn(limit) => {
                format!("it probably met its limit of {}", say::bytes(*limit))
            }
            Limit::Pod(limit) => format!("its pod met its limit of {}", say::bytes(*limit)),
            Limit::Node => "the node had no memory left".to_owned(),
            Limit::Unknown => "which limit was met is not known".to_owned(),
        }
    }

    fn evidence(&self) -> String {
        match self {
            Limit::Own(limit) | Limit::ProbablyOwn(limit) => {
                format!("{}, of the container", say::bytes(*limit))
            }
            Limit::Pod(limit) => format!("{}, of the pod", say::bytes(*limit)),
            Limit::Node => "the node's memory: no limit below it was met".to_owned(),
            Limit::Unknown => "not known".to_owned(),
        }
    }
}

/// The process that the node reported as killed at this time, if it is only one.
fn victim(events: &[EventFact], time: Option<i64>) -> Option<String> {
    let time = time?;
    let mut names: Vec<&str> = events
        .iter()
        .filter(|e| {
            e.time
                .is_some_and(|t| t.abs_diff(time) <= OOM_VICTIM_NEAR.unsigned_abs())
        })
        .filter_map(|e| killed_process(e))
        .collect();
    names.sort_unstable();
    names.dedup();
    match names.as_slice() {
        [name] => Some(format!("{name}, as the node reported at that time")),
        _ => None,
    }
}

/// `SystemOOM` of the kubelet: "System OOM encountered, victim process: tail, pid: 4384". `OOMKilling` of the
/// node problem detector: "Out of memory: Killed process 4384 (tail) …".
fn killed_process(event: &EventFact) -> Option<&str> {
    let name = match event.reason.as_str() {
        "SystemOOM" => event
            .message
            .split_once("victim process: ")?
            .1
            .split(',')
            .next()?,
        "OOMKilling" => {
            let after = event.message.split_once("illed process ")?.1;
            after.split_once('(')?.1.split_once(')')?.0
        }
        _ => return None,
    };
    Some(name.trim()).filter(|n| !n.is_empty())
}
