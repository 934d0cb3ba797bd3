//! What the containers' verdicts mean for the pod.

use crate::say;
use crate::verdict::{Finding, Named};
use crate::word::{Severity, Word};

/// What is wrong with its containers, and whether one begins.
pub(crate) fn findings(containers: &[Named<'_>]) -> Vec<Finding> {
    let several = containers.len() > 1;
    let mut found: Vec<Finding> = Vec::new();
    for container in containers {
        for finding in container.verdict.findings().filter(Finding::is_unwell) {
            found.push(named(finding, container.name, several));
        }
    }
    let begins = containers.iter().find(|c| c.verdict.word == Word::Starting);
    if found.is_empty()
        && let Some(container) = begins
    {
        let starting = container.verdict.findings().take(1);
        found.extend(starting.map(|f| named(f, container.name, several)));
    }
    found
}

fn named(mut finding: Finding, container: &str, several: bool) -> Finding {
    if several {
        finding.reason = say::of(&format!("Container {container}"), &finding.reason);
    }
    finding
}

/// Whether what the containers have is why the pod is not ready.
pub(crate) fn explain_not_ready(containers: &[Named<'_>]) -> bool {
    let stops = |finding: &Finding| {
        let down = matches!(
            finding.word,
            Word::CrashLooping
                | Word::ImagePull
                | Word::CannotStart
                | Word::Pending
                | Word::NotReady
                | Word::Failed
        );
        (down && finding.is_unwell())
            || (finding.word == Word::OomKilled && finding.severity == Severity::Critical)
    };
    containers
        .iter()
        .any(|c| c.verdict.findings().any(|f| stops(&f)))
}
