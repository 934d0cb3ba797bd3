//! Clocks: this machine's and the nodes' against the API server's.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::DateTime;
use futures::AsyncBufReadExt;
use futures::StreamExt;
use serde_json::Value;

use super::ask::{Answer, Api, Refusal, now_usec};
use super::finding::{CLUSTER, Check, Finding};

const HERE: Check = Check::new("clock.here", "Clock of this machine");
const NODE: Check = Check::new("node.clock", "Clock of the node");

const SECOND: i64 = 1_000_000;
/// From here on times of different sources are seen to disagree.
const TOLERATED_USEC: i64 = 2 * SECOND;
/// Where leases of nodes are.
const LEASES: &str = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";
/// How long a renewal is waited for: kubelets renew every quarter of 40 seconds.
pub(crate) const RENEWAL: Duration = Duration::from_secs(15);

/// How far another clock is ahead of one of ours, and how sure that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Offset {
    /// Positive when the other clock is ahead.
    pub(crate) usec: i64,
    /// The truth is within this of it.
    pub(crate) within_usec: i64,
}

/// The API server's clock against this machine's: its `Date` has whole seconds, so half of one is added, and stands for
/// the middle between question and answer.
pub(crate) fn server_offset(date_sec: i64, sent_usec: i64, received_usec: i64) -> Offset {
    let middle = sent_usec + (received_usec - sent_usec) / 2;
    Offset {
        usec: date_sec * SECOND + SECOND / 2 - middle,
        within_usec: SECOND / 2 + (received_usec - sent_usec) / 2,
    }
}

/// This machine's clock, and the API server's against it.
pub(crate) fn check_here(answer: &Answer) -> (Finding, Option<Offset>) {
    let Some(date_sec) = answer.date_sec else {
        let why = "the API server's answer has no Date header";
        return (HERE.skipped(CLUSTER, why), None);
    };
    let offset = server_offset(date_sec, answer.sent_usec, answer.received_usec);
    (judge_here(offset), Some(offset))
}

fn judge_here(offset: Offset) -> Finding {
    // The other way around: how far this machine is ahead.
    let found = said(-offset.usec, offset.within_usec, "the API server's");
    if offset.usec.abs() > TOLERATED_USEC {
        let remedy = "Times that are given relative to now (--since 5m) mean another moment here. Set this machine's clock: \
                      sudo timedatectl set-ntp true";
        return HERE.warning(CLUSTER, found, remedy);
    }
    HERE.ok(CLUSTER, found)
}

/// What was seen of a node's lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lease {
    /// It was renewed while we watched: the node's clock against the API server's.
    Renewed(Offset),
    /// It was not; by the node's clock it was renewed so long before our last look.
    Stale {
        /// Negative when the node's clock is ahead.
        age_usec: i64,
    },
}

/// What was seen of all leases, by node.
pub(crate) type Leases = BTreeMap<String, Lease>;

/// Lists leases, and watches until all of them were renewed, or for [`RENEWAL`].
pub(crate) async fn watch_leases(
    api: &Api,
    server: Offset,
    patience: Duration,
) -> Result<Leases, Refusal> {
    let listed = api.list::<Value>(LEASES).await?;
    let mut renewed: BTreeMap<String, i64> = BTreeMap::new();
    for lease in &listed.items {
        if let Some((name, time)) = renewal(lease) {
            renewed.insert(name, time);
        }
    }
    let mut leases = Leases::new();
    let version = listed.resource_version.unwrap_or_default();
    let seconds = patience.as_secs().max(1);
    let path = format!("{LEASES}?watch=true&resourceVersion={version}&timeoutSeconds={seconds}");
    // Without the right to watch, the list alone still shows clocks that are ahead.
    if let Ok(lines) = api.watch(&path).await {
        let mut lines = lines.lines();
        let watching = async {
            while leases.len() < renewed.len() {
                let Some(Ok(line)) = lines.next().await else {
                    break;
                };
                let event: Value = serde_json::from_str(&line).unwrap_or_default();
                let Some((name, time)) = renewal(&event["object"]) else {
                    continue;
                };
                let usec = time - (now_usec() + server.usec);
                let within_usec = server.within_usec;
                leases.insert(name, Lease::Renewed(Offset { usec, within_usec }));
            }
        };
        let _ = tokio::time::timeout(patience, watching).await;
    }
    let now = now_usec() + server.usec;
    for (name, time) in renewed {
        let age_usec = now - time;
        leases.entry(name).or_insert(Lease::Stale { age_usec });
    }
    Ok(leases)
}

/// Whose lease it is, and when that node says it renewed it.
fn renewal(lease: &Value) -> Option<(String, i64)> {
    let name = lease["metadata"]["name"].as_str()?;
    let time = lease["spec"]["renewTime"].as_str()?;
    let time = DateTime::parse_from_rfc3339(time).ok()?;
    Some((name.to_owned(), time.timestamp_micros()))
}

/// A node's clock. `ready` is whether the node is.
pub(crate) fn judge_node(node: &str, lease: Option<Lease>, ready: bool) -> Finding {
    let remedy = format!(
        "Rows of this node carry its own time. On the node: timedatectl set-ntp true, then see: chronyc tracking. \
         Without a shell there: kubectl debug node/{node} -it --image=busybox -- date -u"
    );
    match lease {
        None => NODE.skipped(node, "it has no lease in kube-node-lease"),
        Some(Lease::Renewed(offset)) => {
            let found = said(offset.usec, offset.within_usec, "the API server's");
            if offset.usec.abs() > TOLERATED_USEC {
                return NODE.warning(node, found, remedy);
            }
            NODE.ok(node, found)
        }
        Some(Lease::Stale { age_usec }) if age_usec < -TOLERATED_USEC => {
            let ahead = -age_usec as f64 / 1e6;
            let found = format!("its lease is from {ahead:.1} s after the API server's time");
            NODE.warning(node, found, remedy)
        }
        Some(Lease::Stale { age_usec }) => {
            let age = age_usec as f64 / 1e6;
            let found = format!(
                "its lease was not seen being renewed; it says {age:.0} s ago by the node's clock"
            );
            if ready {
                NODE.skipped_but(
                    node,
                    found,
                    "To watch leases takes the right to watch leases.coordination.k8s.io in kube-node-lease",
                )
            } else {
                NODE.skipped(node, found)
            }
        }
    }
}

/// A node's clock when leases could not be read.
pub(crate) fn unread(node: &str, refusal: &Refusal) -> Finding {
    let right = "list leases.coordination.k8s.io in the namespace kube-node-lease";
    NODE.skipped(node, refusal.lacking(right))
}

/// A node's clock when there is nothing to hold it against.
pub(crate) fn without_server_time(node: &str) -> Finding {
    NODE.skipped(node, "the API server's time is not known")
}

fn said(ahead_usec: i64, within_usec: i64, whose: &str) -> String {
    if ahead_usec.abs() <= within_usec.max(SECOND) {
        let within = within_usec.max(SECOND) as f64 / 1e6;
        return format!("within {within:.0} s of {whose}");
    }
    let way = if ahead_usec > 0 { "ahead of" } else { "behind" };
    let seconds = ahead_usec.abs() as f64 / 1e6;
    format!("{seconds:.1} s {way} {whose}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::check::finding::Outcome;

    #[test]
    fn an_offset_is_measured_at_the_middle_of_the_request() {
        // Asked at 100.0 s, answered at 100.4 s: the server says 100, which is anything until 101.
        let offset = server_offset(100, 100 * SECOND, 100 * SECOND + 400_000);
        assert_eq!(offset.usec, 300_000);
        assert_eq!(offset.within_usec, 700_000);
        assert_eq!(judge_here(offset).result, Outcome::Ok);
        let behind = server_offset(105, 100 * SECOND, 100 * SECOND);
        let finding = judge_here(behind);
        assert_eq!(finding.result, Outcome::Warning);
        assert_eq!(finding.found, "5.5 s behind the API server's");
        let ahead = judge_here(server_offset(90, 100 * SECOND, 100 * SECOND));
        assert_eq!(ahead.found, "9.5 s ahead of the API server's");
    }

    #[test]
    fn a_node_is_judged_by_its_renewal() {
        let sure = |usec| {
            Some(Lease::Renewed(Offset {
                usec,
                within_usec: SECOND / 2,
            }))
        };
        assert_eq!(judge_node("n", sure(-30_000), true).result, Outcome::Ok);
        let behind = judge_node("n", sure(-7_000_000), true);
        assert_eq!(behind.result, Outcome::Warning);
        assert_eq!(behind.found, "7.0 s behind the API server's");
        let ahead = Some(Lease::Stale {
            age_usec: -9_000_000,
        });
        assert_eq!(judge_node("n", ahead, true).result, Outcome::Warning);
        let old = Some(Lease::Stale {
            age_usec: 9_000_000,
        });
        assert_eq!(judge_node("n", old, false).result, Outcome::Skipped);
        assert_eq!(judge_node("n", None, true).result, Outcome::Skipped);
    }

    #[test]
    fn a_lease_says_whose_it_is_and_when() {
        let lease = json!({"metadata": {"name": "node-1"}, "spec": {"renewTime": "2026-11-26T07:10:38.108547Z"}});
        assert_eq!(
            renewal(&lease),
            Some(("node-1".to_owned(), 1_795_677_038_108_547))
        );
        assert_eq!(
            renewal(&json!({"metadata": {"name": "n"}, "spec": {}})),
            None
        );
    }
}
