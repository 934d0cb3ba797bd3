//! Agents of others that read the same nodes, and how to move from them.

use serde_json::Value;

use super::ask::{Api, Refusal};
use super::finding::{CLUSTER, Check, Finding};

const OTHERS: Check = Check::new("cluster.agents", "Agents of others");

/// What an agent does that Kansoku's does too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Does {
    /// The CloudWatch agent: Kansoku's takes over its daemon set.
    CloudWatch,
    /// Sends lines of containers.
    Lines,
    /// Measures nodes and pods.
    Measures,
}

/// Parts of the names of images, each with what the agent is called.
const KNOWN: [(&str, &str, Does); 15] = [
    ("cloudwatch-agent", "the CloudWatch agent", Does::CloudWatch),
    ("fluent-bit", "Fluent Bit", Does::Lines),
    ("fluentbit", "Fluent Bit", Does::Lines),
    ("fluentd", "Fluentd", Does::Lines),
    ("promtail", "Promtail", Does::Lines),
    ("filebeat", "Filebeat", Does::Lines),
    ("/vector", "Vector", Does::Lines),
    ("/alloy", "Grafana Alloy", Does::Lines),
    ("grafana/agent", "the Grafana agent", Does::Lines),
    (
        "opentelemetry-collector",
        "the OpenTelemetry collector",
        Does::Lines,
    ),
    ("datadog", "the Datadog agent", Does::Measures),
    ("node-exporter", "node-exporter", Does::Measures),
    ("cadvisor", "cAdvisor", Does::Measures),
    ("netdata", "Netdata", Does::Measures),
    ("coroot-node-agent", "Coroot's node agent", Does::Measures),
];

pub(crate) async fn check(api: &Api, namespace: &str) -> Vec<Finding> {
    match api.list::<Value>("/apis/apps/v1/daemonsets").await {
        Ok(listed) => judge(&listed.items, namespace),
        Err(refusal) => {
            let refusal: Refusal = refusal;
            vec![OTHERS.skipped(CLUSTER, refusal.lacking("list daemonsets.apps"))]
        }
    }
}

/// One finding for each agent; `own` is the namespace of Kansoku.
fn judge(daemon_sets: &[Value], own: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for set in daemon_sets {
        let text = |pointer: &str| set.pointer(pointer).and_then(Value::as_str);
        let namespace = text("/metadata/namespace").unwrap_or_default();
        let name = text("/metadata/name").unwrap_or_default();
        if namespace == own {
            continue;
        }
        let containers = set.pointer("/spec/template/spec/containers");
        let containers = containers.and_then(Value::as_array).into_iter().flatten();
        let known = containers.filter_map(|container| {
            let image = container["image"].as_str()?;
            let (_, called, does) = KNOWN.iter().find(|(part, _, _)| image.contains(part))?;
            Some((
                container["name"].as_str().unwrap_or_default(),
                *called,
                *does,
            ))
        });
        if let Some((container, called, does)) = known.into_iter().next() {
            let found = format!("{called} runs as the daemon set {namespace}/{name}");
            let delete = format!("kubectl -n {namespace} delete daemonset {name}");
            let advice = match does {
                Does::CloudWatch => format!(
                    "It may stay. To move with its configuration as it is, once the server is installed: \
                     kubectl -n {namespace} set image daemonset/{name} {container}=kansoku:0.1.0\n\
                     or, when the manifests of Kansoku are applied: {delete}"
                ),
                Does::Lines => format!(
                    "It may stay: both read the same files, and neither takes lines from the other. When nothing else needs \
                     what it sends: {delete}"
                ),
                Does::Measures => format!(
                    "It may stay: both only read. When nothing else needs what it measures: {delete}"
                ),
            };
            findings.push(OTHERS.told(CLUSTER, found, advice));
        }
    }
    if findings.is_empty() {
        findings.push(OTHERS.ok(CLUSTER, "none that is known"));
    }
    findings
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::check::finding::Outcome;

    fn set(namespace: &str, name: &str, image: &str) -> Value {
        json!({"metadata": {"namespace": namespace, "name": name},
            "spec": {"template": {"spec": {"containers": [{"name": "c", "image": image}]}}}})
    }

    #[test]
    fn known_agents_come_with_the_way_to_move() {
        let sets = [
            set(
                "amazon-cloudwatch",
                "cloudwatch-agent",
                "amazon/cloudwatch-agent:1.3",
            ),
            set(
                "logging",
                "fluent-bit",
                "cr.fluentbit.io/fluent/fluent-bit:3",
            ),
            set(
                "kube-system",
                "kube-proxy",
                "registry.k8s.io/kube-proxy:v1.30",
            ),
            set("kansoku", "cloudwatch-agent", "kansoku:0.1.0"),
        ];
        let findings = judge(&sets, "kansoku");
        assert_eq!(findings.len(), 2);
        assert!(findings.iter().all(|one| one.result == Outcome::Ok));
        let move_it = findings[0].remedy.as_deref().unwrap();
        assert!(
            move_it.contains(
                "kubectl -n amazon-cloudwatch set image daemonset/cloudwatch-agent c=kansoku:0.1.0"
            ),
            "{move_it}"
        );
        assert!(findings[1].found.starts_with("Fluent Bit runs as"));
        let none = judge(&sets[2..], "kansoku");
        assert_eq!(none.len(), 1);
        assert_eq!(none[0].remedy, None);
    }
}
