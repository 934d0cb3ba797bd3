//! The verdict about a service.

use crate::facts::{ServiceFacts, newest_event};
use crate::say;
use crate::thresholds::REPLICAS_GRACE;
use crate::verdict::{Finding, Findings, Verdict};
use crate::word::{Severity, Word};

/// Judges a service by the addresses behind it.
#[must_use]
pub fn service(facts: &ServiceFacts, now: i64) -> Verdict {
    let mut found = Findings::default();
    let external = facts.service_type.as_deref() == Some("ExternalName");
    if !external {
        found.extend(endpoints(facts, now));
        found.extend(load_balancer(facts));
    }
    found.verdict(|| well(facts, external))
}

fn endpoints(facts: &ServiceFacts, now: i64) -> Option<Finding> {
    let ready = facts.endpoints_ready?;
    let waiting = facts.endpoints_not_ready.unwrap_or(0).max(0);
    if facts.scaled_to_zero == Some(true) {
        return None;
    }
    let all = ready.max(0).saturating_add(waiting);
    if ready <= 0 {
        let since = facts.no_endpoints_since.max(facts.created_time);
        if since.is_some_and(|t| say::ago(t, now) < REPLICAS_GRACE) {
            return Some(
                Finding::new(
                    Word::Starting,
                    Severity::Ok,
                    "No address behind it is ready yet.",
                )
                .since(since),
            );
        }
        let (severity, reason) = if waiting > 0 {
            let reason = if waiting == 1 {
                "The only address behind it is not ready.".to_owned()
            } else {
                format!("None of the {waiting} addresses behind it is ready.")
            };
            (Severity::Critical, reason)
        } else {
            // Nothing that it selects may be as it is meant: a service made before its pods, or of an operator.
            (
                Severity::Warning,
                "No pod is behind it: its selector finds none.".to_owned(),
            )
        };
        return Some(
            Finding::new(Word::NoEndpoints, severity, reason)
                .since(since)
                .with("ready addresses", "0")
                .with("addresses not ready", waiting.to_string()),
        );
    }
    if waiting <= ready {
        return None;
    }
    let reason = format!(
        "{ready} of {all} addresses behind it {} ready.",
        if ready == 1 { "is" } else { "are" }
    );
    Some(
        Finding::new(Word::Degraded, Severity::Warning, reason)
            .with("ready addresses", ready.to_string())
            .with("addresses not ready", waiting.to_string()),
    )
}

fn load_balancer(facts: &ServiceFacts) -> Option<Finding> {
    if facts.service_type.as_deref() != Some("LoadBalancer") {
        return None;
    }
    let failed = newest_event(
        &facts.events,
        &[
            "SyncLoadBalancerFailed",
            "CreatingLoadBalancerFailed",
            "AllocationFailed",
        ],
        |_| true,
    )?;
    let ensured = newest_event(&facts.events, &["EnsuredLoadBalancer"], |_| true);
    if ensured.is_some_and(|e| e.time > failed.time) {
        return None;
    }
    let reason = format!(
        "Its load balancer cannot be made: {}",
        say::sentence(&failed.message)
    );
    Some(
        Finding::new(Word::Pending, Severity::Warning, reason)
            .since(failed.first_time.or(failed.time))
            .at("controller", &failed.message, failed.time),
    )
}

fn well(facts: &ServiceFacts, external: bool) -> Finding {
    let reason = match facts.endpoints_ready {
        _ if external => "It is a name for something outside.".to_owned(),
        _ if facts.scaled_to_zero == Some(true) => {
            "Nothing is behind it, and nothing is wanted.".to_owned()
        }
        Some(1) => "1 address behind it is ready.".to_owned(),
        Some(ready) => format!("{ready} addresses behind it are ready."),
        None => {
            return Finding::new(
                Word::Unknown,
                Severity::Unknown,
                "What is behind it is not known: endpoint slices are not read.",
            );
        }
    };
    Finding::new(Word::Healthy, Severity::Ok, reason)
}
