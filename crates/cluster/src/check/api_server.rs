//! Whether the API server answers, and which version it has.

use http::Method;
use serde_json::Value;

use super::ask::{Answer, Api, Refusal};
use super::finding::{CLUSTER, Check, Finding};
use super::version::{self, Version};

const REACHABLE: Check = Check::new("api.reachable", "API server answers");
const VERSION: Check = Check::new("api.version", "Version of Kubernetes");

/// Below it the API server knows fields of the manifests not at all: `seccompProfile` came with it.
const OLDEST: Version = Version::new(1, 19);
/// The versions between which Kansoku was tried.
const TRIED: (Version, Version) = (Version::new(1, 20), Version::new(1, 36));

/// What the API server said of itself.
pub(crate) struct Server {
    pub(crate) version: Option<Version>,
    pub(crate) answer: Answer,
}

pub(crate) async fn check(api: &Api) -> (Vec<Finding>, Option<Server>) {
    match api.ask(Method::GET, "/version", None).await {
        Ok(answer) => {
            let said: Value = serde_json::from_slice(&answer.bytes).unwrap_or_default();
            let passed = (answer.received_usec - answer.sent_usec) as f64 / 1000.0;
            let reachable = REACHABLE.ok(CLUSTER, format!("it answered within {passed:.0} ms"));
            let text = said["gitVersion"].as_str().unwrap_or_default();
            let version = version::parse(text);
            let findings = vec![reachable, judge_version(text, version)];
            (findings, Some(Server { version, answer }))
        }
        Err(refusal) => (vec![unreachable(&refusal)], None),
    }
}

fn unreachable(refusal: &Refusal) -> Finding {
    let remedy = match refusal {
        Refusal::Unknown(_) | Refusal::Forbidden(_) => {
            "The account's token or certificate is not taken. See which is used: kubectl config view --minify; try: kubectl auth can-i --list"
        }
        _ => {
            "See which address is used: kubectl config view --minify. Choose another with --context or --kubeconfig"
        }
    };
    REACHABLE.failed(CLUSTER, refusal.to_string(), remedy)
}

fn judge_version(text: &str, version: Option<Version>) -> Finding {
    let (oldest, newest) = (TRIED.0, TRIED.1);
    let (from, to) = (short(oldest), short(newest));
    match version {
        None => VERSION.warning(
            CLUSTER,
            format!("`{text}` is not a version that can be read"),
            format!("Kansoku was tried on {from} to {to}"),
        ),
        Some(version) if version.release() < OLDEST => VERSION.failed(
            CLUSTER,
            format!("{version}: too old for the manifests"),
            format!("Upgrade the cluster to {from} or later"),
        ),
        Some(version) if version.release() < oldest || version.release() > newest => VERSION
            .warning(
                CLUSTER,
                format!("{version}: not tried; {from} to {to} were"),
                "Try it in a cluster that may break: kubectl apply --dry-run=server -k deploy/kubernetes",
            ),
        Some(version) => VERSION.ok(CLUSTER, version.to_string()),
    }
}

fn short(version: Version) -> String {
    format!("{}.{}", version.major, version.minor)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::finding::Outcome;

    #[test]
    fn versions_are_tried_or_said_to_be_untried() {
        for (text, outcome) in [
            ("v1.20.2", Outcome::Ok),
            ("v1.36.2", Outcome::Ok),
            ("v1.29.3-eks-ae9a62a", Outcome::Ok),
            ("v1.19.16", Outcome::Warning),
            ("v1.37.0", Outcome::Warning),
            ("v1.18.20", Outcome::Failed),
            ("main", Outcome::Warning),
        ] {
            let finding = judge_version(text, version::parse(text));
            assert_eq!(finding.result, outcome, "{text}");
        }
    }

    #[test]
    fn who_is_not_known_is_sent_to_the_account_and_not_to_the_address() {
        let unknown = unreachable(&Refusal::Unknown("Unauthorized".to_owned()));
        assert!(unknown.remedy.unwrap().contains("token"));
        let silent = unreachable(&Refusal::Silent("refused".to_owned()));
        assert!(silent.remedy.unwrap().contains("--context"));
    }
}
