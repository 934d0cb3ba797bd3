//! Containers that wait to be started.

use crate::facts::{ContainerFacts, EventFact, newest_event};
use crate::say;
use crate::thresholds::{CRITICAL_AFTER, MAKING_GRACE};
use crate::verdict::Finding;
use crate::word::{Severity, Word};

/// Reasons for which the kubelet cannot get an image.
const IMAGE: &[&str] = &[
    "ImagePullBackOff",
    "ErrImagePull",
    "InvalidImageName",
    "ErrImageNeverPull",
    "ImageInspectError",
    "RegistryUnavailable",
    "SignatureValidationFailed",
];

/// Reasons for which it has the image and cannot make or start the container.
const CANNOT_START: &[&str] = &[
    "CreateContainerConfigError",
    "CreateContainerError",
    "RunContainerError",
    "StartError",
    "PreCreateHookError",
    "PreStartHookError",
    "PostStartHookError",
];

/// What the kubelet said of it, its usual words left out.
fn told(facts: &ContainerFacts, holds: impl Fn(&EventFact) -> bool) -> Option<&EventFact> {
    newest_event(
        &facts.events,
        &["Failed", "InspectFailed", "ErrImageNeverPull"],
        |event| event.concerns(facts.container.as_deref()) && holds(event),
    )
}

/// Since when it waits, as far as is known.
fn since(facts: &ContainerFacts) -> Option<i64> {
    facts
        .waiting_since
        .or(facts.last_terminated_time)
        .or(facts.created_time)
}

pub(crate) fn finding(facts: &ContainerFacts, now: i64) -> Finding {
    let reason = facts.waiting_reason.as_deref().unwrap_or_default();
    if IMAGE.contains(&reason) {
        image(facts, reason, now)
    } else if CANNOT_START.contains(&reason) {
        cannot_start(facts, reason)
    } else {
        begins(facts, reason, now)
    }
}

fn image(facts: &ContainerFacts, reason: &str, now: i64) -> Finding {
    // The first attempt that fails may be a registry's bad moment.
    let first =
        reason == "ErrImagePull" && since(facts).is_some_and(|t| say::ago(t, now) < MAKING_GRACE);
    let severity = if first {
        Severity::Warning
    } else {
        Severity::Critical
    };
    let event = told(facts, |event| event.message.contains("pull"));
    let named = facts.image.as_deref().or_else(|| image_of_event(facts));
    let image = named.map_or_else(
        || "Its image cannot be pulled".to_owned(),
        |image| format!("Its image {image} cannot be pulled"),
    );
    let finding = Finding::new(Word::ImagePull, severity, format!("{image} ({reason})."))
        .since(since(facts))
        .with("waits for", reason)
        .maybe("image", named);
    match event {
        Some(event) => finding.at("kubelet", &event.message, event.time),
        None => finding,
    }
}

/// The image as the kubelet names it: `Failed to pull image "web:1": …`, `Back-off pulling image "web:1"`.
fn image_of_event(facts: &ContainerFacts) -> Option<&str> {
    let named = |event: &EventFact| {
        event.concerns(facts.container.as_deref()) && quoted_image(&event.message).is_some()
    };
    let reasons = ["Failed", "BackOff", "InspectFailed", "ErrImageNeverPull"];
    quoted_image(&newest_event(&facts.events, &reasons, named)?.message)
}

fn quoted_image(message: &str) -> Option<&str> {
    let (_, after) = message.split_once("image \"")?;
    let (image, _) = after.split_once('"')?;
    (!image.is_empty()).then_some(image)
}

fn cannot_start(facts: &ContainerFacts, reason: &str) -> Finding {
    let event = told(facts, |event| event.message.starts_with("Error:"));
    let why = event.map_or_else(
        || format!("{reason}."),
        |event| say::sentence(event.message.trim_start_matches("Error:").trim_start()),
    );
    let finding = Finding::new(
        Word::CannotStart,
        Severity::Critical,
        format!("It cannot be started: {why}"),
    )
    .since(since(facts))
    .with("waits for", reason);
    match event {
        Some(event) => finding.at("kubelet", &event.message, event.time),
        None => finding,
    }
}

/// `ContainerCreating`, `PodInitializing`, and what is not known.
fn begins(facts: &ContainerFacts, reason: &str, now: i64) -> Finding {
    let since = since(facts);
    let age = since.map_or(0, |t| say::ago(t, now));
    // Init containers may have much to do; the pod's verdict tells of one that fails.
    let initializing = reason == "PodInitializing";
    let patience = if initializing {
        CRITICAL_AFTER
    } else {
        MAKING_GRACE
    };
    if age < patience {
        let reason = if initializing {
            "It waits for the init containers of its pod."
        } else {
            "It is being made."
        };
        return Finding::new(Word::Starting, Severity::Ok, reason).since(since);
    }
    let severity = if age < CRITICAL_AFTER || initializing {
        Severity::Warning
    } else {
        Severity::Critical
    };
    let what = if initializing {
        "The init containers of its pod have not ended"
    } else {
        "It has not been made"
    };
    Finding::new(
        Word::Pending,
        severity,
        format!("{what} for {}.", say::duration(age)),
    )
    .since(since)
    .with("waits for", reason)
}
