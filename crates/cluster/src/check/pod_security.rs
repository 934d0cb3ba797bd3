//! Whether pods with host paths are admitted.

use serde::Deserialize;
use serde_json::Value;

use super::ask::{Api, Refusal};
use super::finding::{CLUSTER, Check, Finding};
use super::manifest;
use super::rights::{Account, may_use_policy};
use super::version::Version;

const LEVEL: Check = Check::new("security.level", "Pod Security Admission");
const POLICY: Check = Check::new("security.policy", "Pod security policies");
const CONSTRAINTS: Check = Check::new("security.constraints", "Security context constraints");

/// The first version in which Pod Security Admission is on.
const ADMISSION: Version = Version::new(1, 23);
/// The first version without pod security policies.
const NO_POLICIES: Version = Version::new(1, 25);
/// The label that says what a namespace's pods may do.
const ENFORCE: &str = "pod-security.kubernetes.io/enforce";

pub(crate) async fn check(
    api: &Api,
    namespace: &str,
    version: Option<Version>,
    groups: &[String],
) -> Vec<Finding> {
    let mut findings = vec![level(api, namespace, version).await];
    if version.is_some_and(|version| version < NO_POLICIES) {
        findings.push(policies(api, namespace).await);
    }
    if groups.iter().any(|group| group == "security.openshift.io") {
        findings.push(constraints(namespace));
    }
    findings
}

async fn level(api: &Api, namespace: &str, version: Option<Version>) -> Finding {
    if version.is_some_and(|version| version < ADMISSION) {
        return LEVEL.ok(CLUSTER, "this version has none; it came with 1.23");
    }
    match api
        .get::<Value>(&format!("/api/v1/namespaces/{namespace}"))
        .await
    {
        Ok(found) => judge_level(namespace, Some(&found)),
        Err(Refusal::Absent) => judge_level(namespace, None),
        Err(refusal) => LEVEL.skipped(CLUSTER, refusal.lacking("get namespaces")),
    }
}

fn judge_level(namespace: &str, found: Option<&Value>) -> Finding {
    let Some(found) = found else {
        let words = format!(
            "the namespace {namespace} is not there yet; namespace.yaml makes it with the level privileged"
        );
        return LEVEL.ok(CLUSTER, words);
    };
    let remedy = format!("kubectl label --overwrite namespace {namespace} {ENFORCE}=privileged");
    match found["metadata"]["labels"][ENFORCE].as_str() {
        Some("privileged") => LEVEL.ok(CLUSTER, format!("{namespace} enforces privileged")),
        Some(level) => LEVEL.failed(
            CLUSTER,
            format!("{namespace} enforces {level}, which admits no pod with a host path"),
            remedy,
        ),
        None => LEVEL.warning(
            CLUSTER,
            format!(
                "{namespace} has no label {ENFORCE}, so the cluster's own default holds, which may refuse host paths"
            ),
            remedy,
        ),
    }
}

/// A pod security policy, with what matters here.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Policy {
    metadata: crate::api::Meta,
    spec: PolicySpec,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct PolicySpec {
    volumes: Option<Vec<String>>,
    run_as_user: PolicyRule,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct PolicyRule {
    rule: String,
}

impl Policy {
    /// Host paths, and the init container's user 0.
    fn admits(&self) -> bool {
        let volumes = self.spec.volumes.iter().flatten();
        let host_paths = volumes
            .into_iter()
            .any(|kind| kind == "hostPath" || kind == "*");
        host_paths && self.spec.run_as_user.rule != "MustRunAsNonRoot"
    }
}

async fn policies(api: &Api, namespace: &str) -> Finding {
    let listed = api
        .list::<Policy>("/apis/policy/v1beta1/podsecuritypolicies")
        .await;
    let policies = match listed {
        Ok(listed) => listed.items,
        Err(Refusal::Absent) => return judge_policies(namespace, &[], None),
        Err(refusal) => {
            return POLICY.skipped(CLUSTER, refusal.lacking("list podsecuritypolicies.policy"));
        }
    };
    let mut usable = None;
    for policy in policies.iter().filter(|policy| policy.admits()) {
        let mut both = true;
        for name in [manifest::AGENT, manifest::SERVER] {
            let account = Account { namespace, name };
            match may_use_policy(api, account, &policy.metadata.name).await {
                Ok(may) => both &= may,
                Err(_) => both = false,
            }
        }
        if both {
            usable = Some(policy.metadata.name.as_str());
            break;
        }
    }
    judge_policies(namespace, &policies, usable)
}

fn judge_policies(namespace: &str, policies: &[Policy], usable: Option<&str>) -> Finding {
    if policies.is_empty() {
        return POLICY.ok(CLUSTER, "there is none");
    }
    if let Some(name) = usable {
        let found = format!("both accounts may use {name}, which admits host paths");
        return POLICY.ok(CLUSTER, found);
    }
    let fitting = policies.iter().find(|policy| policy.admits());
    let name = fitting.map_or("kansoku", |policy| policy.metadata.name.as_str());
    let bind = format!(
        "kubectl -n {namespace} create role kansoku-policy --verb=use --resource=podsecuritypolicies.policy --resource-name={name}\n\
         kubectl -n {namespace} create rolebinding kansoku-policy --role=kansoku-policy \
         --serviceaccount={namespace}:{agent} --serviceaccount={namespace}:{server}",
        agent = manifest::AGENT,
        server = manifest::SERVER,
    );
    let found = format!(
        "{} pod security policies are there; where the API server enforces them, none that the accounts may use admits \
         host paths",
        policies.len()
    );
    let remedy = match fitting {
        Some(_) => bind,
        None => format!(
            "Make a policy `kansoku` with volumes [hostPath, configMap, emptyDir, secret, projected], \
             allowPrivilegeEscalation: false, runAsUser: {{rule: RunAsAny}}, then:\n{bind}"
        ),
    };
    POLICY.warning(CLUSTER, found, remedy)
}

/// OpenShift refuses pods with host paths unless their account may use constraints that admit them.
fn constraints(namespace: &str) -> Finding {
    let found = "this is OpenShift, which admits host paths only where the account may use constraints that do";
    let remedy = format!(
        "oc -n {namespace} adm policy add-scc-to-user privileged -z {agent} -z {server}\n\
         and in the securityContext of the agent's containers: seLinuxOptions: {{type: spc_t}}",
        agent = manifest::AGENT,
        server = manifest::SERVER,
    );
    CONSTRAINTS.warning(CLUSTER, found, remedy)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::check::finding::Outcome;

    #[test]
    fn the_level_of_the_namespace_decides() {
        let with = |level: &str| json!({"metadata": {"labels": {ENFORCE: level}}});
        assert_eq!(judge_level("kansoku", None).result, Outcome::Ok);
        let privileged = with("privileged");
        assert_eq!(
            judge_level("kansoku", Some(&privileged)).result,
            Outcome::Ok
        );
        let restricted = judge_level("kansoku", Some(&with("restricted")));
        assert_eq!(restricted.result, Outcome::Failed);
        assert_eq!(
            restricted.remedy.as_deref(),
            Some(
                "kubectl label --overwrite namespace kansoku pod-security.kubernetes.io/enforce=privileged"
            )
        );
        let bare = json!({"metadata": {"name": "kansoku"}});
        assert_eq!(judge_level("kansoku", Some(&bare)).result, Outcome::Warning);
    }

    #[test]
    fn a_policy_must_admit_host_paths_and_be_usable() {
        let policy = |name: &str, volumes: &[&str]| -> Policy {
            serde_json::from_value(json!({"metadata": {"name": name},
                "spec": {"volumes": volumes, "runAsUser": {"rule": "RunAsAny"}}}))
            .unwrap()
        };
        assert_eq!(judge_policies("k", &[], None).result, Outcome::Ok);
        let narrow = policy("restricted", &["configMap", "secret"]);
        assert!(!narrow.admits());
        let none = judge_policies("k", std::slice::from_ref(&narrow), None);
        assert_eq!(none.result, Outcome::Warning);
        assert!(none.remedy.unwrap().starts_with("Make a policy"));
        let wide = policy("anything", &["*"]);
        let there = judge_policies("k", &[narrow, wide], None);
        assert!(there.remedy.unwrap().contains("--resource-name=anything"));
        assert_eq!(
            judge_policies("k", &[policy("a", &["*"])], Some("a")).result,
            Outcome::Ok
        );
    }
}
