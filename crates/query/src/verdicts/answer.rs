//! Verdicts as they are answered.

use std::collections::BTreeMap;

use health::{Severity, Word};
use serde::Serialize;

use super::judge::Judged;
use super::request::VerdictsRequest;
use crate::moment::rfc3339_nanos;

/// The verdicts that were asked for.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VerdictsAnswer {
    /// When they were made, RFC 3339.
    pub time: String,
    /// How many there are of each severity, by kind: those that are well too.
    pub counts: BTreeMap<&'static str, BTreeMap<Severity, usize>>,
    /// The worst first, of equally bad ones the longest.
    pub entities: Vec<EntityVerdict>,
}

/// A verdict about an entity.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EntityVerdict {
    /// Pod, Node, …
    pub kind: &'static str,
    /// Its cluster.
    pub cluster: Option<String>,
    /// Its namespace.
    pub namespace: Option<String>,
    /// The node it is on.
    pub node: Option<String>,
    /// Its name; of a container its pod's, of a volume its claim's.
    pub name: String,
    /// Its uid; of a container its pod's.
    pub uid: Option<String>,
    /// Kind of the workload that it belongs to, or is.
    pub workload_kind: Option<String>,
    /// Name of that workload.
    pub workload: Option<String>,
    /// The container's name.
    pub container: Option<String>,
    /// In one word.
    pub word: Word,
    /// How bad it is.
    pub severity: Severity,
    /// Since when, RFC 3339, as far as that is known.
    pub since: Option<String>,
    /// When it happened last, of what happens at moments, in microseconds of the epoch: for the row, and not told.
    #[serde(skip)]
    pub last: Option<i64>,
    /// In one or two sentences.
    pub reason: String,
    /// What it was found by.
    pub evidence: Vec<EvidenceText>,
    /// What else was found.
    pub also: Vec<AlsoFound>,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EvidenceText {
    /// What it is.
    pub label: String,
    /// What it was.
    pub value: String,
    /// When, RFC 3339.
    pub time: Option<String>,
}

/// Something else that was found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AlsoFound {
    /// In one word.
    pub word: Word,
    /// How bad it is.
    pub severity: Severity,
    /// As [`EntityVerdict::last`].
    #[serde(skip)]
    pub last: Option<i64>,
    /// In one or two sentences.
    pub reason: String,
    /// What it was found by.
    pub evidence: Vec<EvidenceText>,
}

pub(super) fn select(request: &VerdictsRequest, all: &[Judged], time: i64) -> VerdictsAnswer {
    let wanted: Vec<&Judged> = all
        .iter()
        .filter(|judged| is_wanted(request, judged))
        .collect();
    let mut counts: BTreeMap<&'static str, BTreeMap<Severity, usize>> = BTreeMap::new();
    for judged in &wanted {
        let of_kind = counts.entry(judged.kind.name()).or_default();
        *of_kind.entry(judged.verdict.severity).or_default() += 1;
    }
    let mut shown: Vec<&Judged> = wanted
        .into_iter()
        .filter(|judged| request.all || judged.verdict.is_unwell())
        .collect();
    shown.sort_by_key(|judged| {
        let verdict = &judged.verdict;
        (
            verdict.severity,
            verdict.word,
            verdict.since.unwrap_or(i64::MAX),
            judged.kind,
            &judged.namespace,
            &judged.name,
            &judged.container,
        )
    });
    VerdictsAnswer {
        time: rfc3339_nanos(time),
        counts,
        entities: shown.into_iter().map(entity).collect(),
    }
}

fn is_wanted(request: &VerdictsRequest, judged: &Judged) -> bool {
    let is = |wanted: &Option<String>, has: Option<&str>| {
        wanted.as_deref().is_none_or(|wanted| has == Some(wanted))
    };
    (request.kinds.is_empty() || request.kinds.contains(&judged.kind))
        && is(&request.cluster, judged.cluster.as_deref())
        && is(&request.namespace, judged.namespace.as_deref())
        && is(&request.node, judged.node.as_deref())
        && is(&request.workload, judged.workload.as_deref())
        && is(&request.name, Some(&judged.name))
        && is(&request.uid, judged.uid.as_deref())
}

fn entity(judged: &Judged) -> EntityVerdict {
    let verdict = judged.verdict.clone();
    let also = verdict.also.into_iter().map(|finding| AlsoFound {
        word: finding.word,
        severity: finding.severity,
        last: finding.last,
        reason: finding.reason,
        evidence: texts(finding.evidence),
    });
    EntityVerdict {
        kind: judged.kind.name(),
        cluster: judged.cluster.clone(),
        namespace: judged.namespace.clone(),
        node: judged.node.clone(),
        name: judged.name.clone(),
        uid: judged.uid.clone(),
        workload_kind: judged.workload_kind.clone(),
        workload: judged.workload.clone(),
        container: judged.container.clone(),
        word: verdict.word,
        severity: verdict.severity,
        since: verdict.since.map(rfc3339_nanos),
        last: verdict.last,
        reason: verdict.reason,
        evidence: texts(verdict.evidence),
        also: also.collect(),
    }
}

fn texts(evidence: Vec<health::Evidence>) -> Vec<EvidenceText> {
    evidence
        .into_iter()
        .map(|evidence| EvidenceText {
            label: evidence.label,
            value: evidence.value,
            time: evidence.time.map(rfc3339_nanos),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use health::Verdict;

    use super::super::request::VerdictKind;
    use super::*;

    fn judged(kind: VerdictKind, namespace: &str, name: &str, severity: Severity) -> Judged {
        Judged {
            kind,
            cluster: Some("c".to_owned()),
            namespace: Some(namespace.to_owned()),
            node: None,
            name: name.to_owned(),
            uid: None,
            workload_kind: None,
            workload: None,
            container: None,
            verdict: Verdict {
                word: Word::Pending,
                severity,
                reason: String::new(),
                since: Some(0),
                last: None,
                evidence: Vec::new(),
                also: Vec::new(),
            },
        }
    }

    #[test]
    fn what_is_well_is_counted_and_shown_when_asked_for() {
        let all = [
            judged(VerdictKind::Pod, "shop", "a", Severity::Ok),
            judged(VerdictKind::Pod, "shop", "b", Severity::Warning),
            judged(VerdictKind::Pod, "data", "c", Severity::Critical),
            judged(VerdictKind::Service, "shop", "d", Severity::Critical),
        ];
        let names = |request: &VerdictsRequest| {
            let answer = select(request, &all, 0);
            let names: Vec<String> = answer.entities.into_iter().map(|e| e.name).collect();
            names.join(" ")
        };
        let mut request = VerdictsRequest::default();
        assert_eq!(names(&request), "d c b");
        request.kinds = vec![VerdictKind::Pod];
        request.namespace = Some("shop".to_owned());
        assert_eq!(names(&request), "b");
        request.all = true;
        assert_eq!(names(&request), "b a");
        let counts = select(&request, &all, 0).counts;
        assert_eq!(counts["Pod"][&Severity::Ok], 1);
        assert!(!counts.contains_key("Service"));
    }
}
