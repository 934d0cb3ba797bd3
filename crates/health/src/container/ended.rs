//! Containers that have ended and are not (yet) started again.

use super::crash::{last_end, with_last_lines};
use crate::exit;
use crate::facts::ContainerFacts;
use crate::say;
use crate::verdict::Finding;
use crate::word::{Severity, Word};

pub(crate) fn finding(facts: &ContainerFacts, now: i64) -> Finding {
    let end = last_end(facts);
    let well = end.code == Some(0) || (end.code.is_none() && end.reason == Some("Completed"));
    let ago = end
        .time
        .map(|t| format!(", {} ago", say::duration(say::ago(t, now))))
        .unwrap_or_default();
    if well {
        return Finding::new(
            Word::Completed,
            Severity::Ok,
            format!("It ended well{ago}."),
        )
        .since(end.time);
    }
    let how = match (end.code, end.reason) {
        (Some(code), _) => format!("with {}", exit::code(Some(code))),
        (None, Some(reason)) => format!("({reason})"),
        (None, None) => "in an unknown way".to_owned(),
    };
    let mut finding = Finding::new(
        Word::Failed,
        Severity::Warning,
        format!("It ended {how}{ago}."),
    )
    .since(end.time)
    .at(
        "exit",
        exit::evidence(end.code, end.reason).unwrap_or_default(),
        end.time,
    );
    // https://github.com/kubernetes/kubernetes/issues/69676
    if end.code == Some(137) {
        finding = finding.with(
            "SIGKILL",
            "no kill for lack of memory is known; the kubelet kills so too, after the grace",
        );
    }
    with_last_lines(finding, facts)
}
