//! A container that ends with a fault soon after each start, and is started later and later.

use super::{Action, CRASHES, HOUR};
use crate::state::Simulation;
use crate::state::lifecycle::Event;
use crate::state::pod::{PodId, State};
use crate::time::{SECOND, next, rfc3339_millis};

const LONGEST_WAIT: i64 = 300 * SECOND;
/// How often the kubelet repeats that it waits.
const AGAIN: i64 = 45 * SECOND;

/// The faulty configuration arrives: the container crashes for the first time.
pub(super) fn begin(sim: &mut Simulation, at: i64) {
    sim.schedule
        .at(next(at, HOUR, CRASHES.0), Action::CrashesBegin);
    let Some(id) = sim.pod_of("payments", "fraud-check", 0) else {
        return;
    };
    sim.story.crashes = Some(0);
    crash(sim, id, at);
}

/// Which wait follows so many crashes: none, then 10 s doubled up to 5 min.
fn wait(crashes: u32) -> i64 {
    match crashes {
        0 => SECOND,
        n => LONGEST_WAIT.min(10 * SECOND * 2_i64.pow((n - 1).min(8))),
    }
}

/// The container ends with exit code 1.
pub(super) fn crash(sim: &mut Simulation, id: PodId, at: i64) {
    let Some(crashes) = sim.story.crashes else {
        return;
    };
    let Some(pod) = sim.pods.get(&id) else { return };
    let runs = pod.containers.first().and_then(|c| c.running_since());
    if runs.is_none() {
        return;
    }
    let time = rfc3339_millis(at);
    let lines = [
        (Some("info"), format!("{time} INFO fraud_check: reading rules from /etc/fraud/rules.yaml")),
        (
            Some("error"),
            "Traceback (most recent call last):\n  File \"/app/main.py\", line 31, in <module>\n    rules = load_rules(settings.rules)\n  File \"/app/rules.py\", line 58, in load_rules\n    limit = Decimal(entry[\"limit\"])\n            ~~~~~^^^^^^^^^\nKeyError: 'limit'"
                .to_owned(),
        ),
    ];
    for (level, text) in lines {
        sim.say(id, 0, at, level, true, text);
    }
    sim.exit(id, 0, at, 1, "Error");
    let wait = wait(crashes);
    sim.story.crashes = Some(crashes + 1);
    sim.schedule.at(at + wait, Action::StartContainer(id, 0));
    if wait > SECOND
        && let Some(container) = sim.pod(id).and_then(|p| p.containers.first_mut())
    {
        if let State::Ended(ended) = &container.state {
            container.last = Some(ended.clone());
        }
        container.state = State::Waiting("CrashLoopBackOff");
        back_off(sim, id, at);
    }
}

/// The kubelet says that it waits, and says it again while it does.
pub(super) fn back_off(sim: &mut Simulation, id: PodId, at: i64) {
    let Some(pod) = sim.pods.get(&id) else { return };
    let waits = |state: &State| matches!(state, State::Waiting("CrashLoopBackOff"));
    let Some(container) = pod.containers.first().filter(|c| waits(&c.state)) else {
        return;
    };
    let message = format!(
        "Back-off restarting failed container {} in pod {}_{}({})",
        container.part.name, pod.name, pod.namespace, pod.uid
    );
    let event = Event::of_container(pod, 0, "Warning", "BackOff", message);
    sim.happen(event, at);
    sim.schedule.at(at + AGAIN, Action::BackOff(id));
}

/// After a start: how long until the next crash, while there are any.
pub(crate) fn after_start(sim: &mut Simulation, id: PodId, at: i64) {
    if sim.story.crashes.is_some() && sim.pod_of("payments", "fraud-check", 0) == Some(id) {
        let runs = sim.random.between(4.0, 7.0) * SECOND as f64;
        sim.schedule.at(at + runs as i64, Action::Crash(id));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_five_minutes() {
        let waits: Vec<_> = (0..9).map(|n| wait(n) / SECOND).collect();
        assert_eq!(waits, [1, 10, 20, 40, 80, 160, 300, 300, 300]);
        assert_eq!(wait(u32::MAX), LONGEST_WAIT);
    }
}
