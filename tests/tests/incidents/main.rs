//! Recorded incidents are replayed: a server that is shown the rows of a real cluster, by a clock that goes on with them, makes
//! verdicts of them and has its starter alarms say what Kubernetes' own events and statuses say, as soon as its documentation
//! promises, and nothing else.
//!
//! What is expected stands with each incident in `corpus/incidents`, with why.
#![allow(clippy::unwrap_used)]

mod cloudwatch;
mod starter;
mod treatments;

use kansoku_tests::incidents::{Incident, Recording, Stage};

/// How far, in seconds, an alarm may be from when it ought to come: it is evaluated once a minute.
const NEAR: i64 = 60;

fn played(recording: &str) -> (Vec<Incident>, Stage) {
    let incidents = Incident::of_recording(recording);
    let mut stage = Stage::new(Recording::of(&incidents));
    stage.play();
    (incidents, stage)
}

#[test]
fn a_node_that_comes_up_with_workloads_in_trouble() {
    let (incidents, stage) = played("kubelet-start");
    starter::says_what_is_expected(&incidents, &stage);
    starter::is_replayed_the_same(&incidents, &stage);
    cloudwatch::is_evaluated_as_aws_says(&stage);
    stage.stop();
}

#[test]
fn workloads_and_a_node_that_come_to_harm_and_are_mended() {
    let (incidents, stage) = played("trouble-and-mending");
    starter::says_what_is_expected(&incidents, &stage);
    starter::is_replayed_the_same(&incidents, &stage);
    stage.stop();
}

#[test]
fn every_incident_is_replayed_by_a_test() {
    let known = ["kubelet-start", "trouble-and-mending"];
    for incident in Incident::all() {
        assert!(
            known.contains(&incident.recording.as_str()),
            "{} is of recording {}, which no test replays",
            incident.name,
            incident.recording
        );
    }
}
