//! Ephemeral storage: beyond its limit the kubelet evicts the pod.

use crate::facts::PodFacts;
use crate::say::{self, share};
use crate::thresholds::NEAR_LIMIT;
use crate::verdict::Finding;
use crate::word::{Severity, Word};

pub(crate) fn finding(facts: &PodFacts) -> Option<Finding> {
    let (used, limit) = (
        facts.ephemeral_storage_used_bytes?,
        facts.ephemeral_storage_limit_bytes?,
    );
    let ratio = share(Some(used), Some(limit)).filter(|r| *r >= NEAR_LIMIT)?;
    let reason = format!(
        "It uses {} of its limit of ephemeral storage and is evicted beyond it.",
        say::percent(ratio)
    );
    let amount = format!("{} of {}", say::bytes(used), say::bytes(limit));
    Some(Finding::new(Word::NearLimit, Severity::Warning, reason).with("ephemeral storage", amount))
}
