//! Whether the accounts that are installed may do what they need, and nothing more.

use crate::check::ask::Api;
use crate::check::finding::{CLUSTER, Check, Finding};
use crate::check::installed::{Installed, Rung};
use crate::check::manifest;
use crate::check::rights::{Account, Right, in_words, of_account};

const AGENT: Check = Check::new("account.agent", "Rights of the agent");
const SERVER: Check = Check::new("account.server", "Rights of the server");

/// Rights that neither account has from the manifests, and with which much harm can be done.
fn never() -> Vec<Right> {
    vec![
        Right::on("get", "", "secrets"),
        Right::on("list", "", "secrets"),
        Right::on("list", "", "configmaps"),
        Right::on("create", "", "pods"),
        Right::on("delete", "", "pods"),
        Right::on("create", "", "pods/exec"),
        Right::on("get", "", "nodes/proxy"),
        Right::on("create", "", "nodes/proxy"),
        Right::on("create", "apps", "daemonsets"),
        Right::on("patch", "apps", "deployments"),
        Right::on("create", "", "serviceaccounts/token"),
        Right::on("impersonate", "", "users"),
        Right::on("escalate", "rbac.authorization.k8s.io", "clusterroles"),
        Right::on("bind", "rbac.authorization.k8s.io", "clusterroles"),
    ]
}

pub(crate) async fn check(api: &Api, namespace: &str, installed: &Installed) -> Vec<Finding> {
    if let Some(refusal) = &installed.unseen {
        let right =
            format!("get daemonsets.apps and statefulsets.apps in the namespace {namespace}");
        let why = refusal.lacking(&right);
        return vec![
            AGENT.skipped(CLUSTER, why.as_str()),
            SERVER.skipped(CLUSTER, why),
        ];
    }
    let agent = match installed.rung() {
        None => AGENT.skipped(CLUSTER, "no agent is installed yet"),
        Some(rung) => {
            let needed = rung.asks_kubelet().then(manifest::kubelet_right);
            let mut more = never();
            if !rung.asks_kubelet() {
                // On this rung the manifests give the agent no right at all.
                more.extend([manifest::kubelet_right(), Right::on("list", "", "pods")]);
            }
            let needed: Vec<Right> = needed.into_iter().collect();
            let account = Account {
                namespace,
                name: manifest::AGENT,
            };
            one(api, AGENT, account, needed, more, manifest_of(rung)).await
        }
    };
    let server = if installed.server.is_none() {
        SERVER.skipped(CLUSTER, "no server is installed yet")
    } else {
        let account = Account {
            namespace,
            name: manifest::SERVER,
        };
        let file = "service-accounts.yaml";
        one(
            api,
            SERVER,
            account,
            manifest::server_rights(),
            never(),
            file,
        )
        .await
    };
    vec![agent, server]
}

fn manifest_of(rung: Rung) -> &'static str {
    match rung {
        Rung::Kubelet => "rungs/0-kubelet.yaml",
        Rung::Logs => "rungs/1-logs.yaml",
        Rung::Node => "rungs/2-node.yaml",
        Rung::NodeAndVolumes => "rungs/2-node-volumes.yaml",
    }
}

async fn one(
    api: &Api,
    check: Check,
    account: Account<'_>,
    needed: Vec<Right>,
    more: Vec<Right>,
    file: &str,
) -> Finding {
    let count = needed.len();
    let asked = async {
        let (_, lacking) = of_account(api, account, needed).await?;
        let (beyond, _) = of_account(api, account, more).await?;
        Ok::<_, crate::check::ask::Refusal>((lacking, beyond))
    };
    match asked.await {
        Ok((lacking, beyond)) => judge(check, account, count, &lacking, &beyond, file),
        Err(refusal) => check.skipped(
            CLUSTER,
            refusal.lacking("create subjectaccessreviews.authorization.k8s.io"),
        ),
    }
}

fn judge(
    check: Check,
    account: Account<'_>,
    needed: usize,
    lacking: &[Right],
    beyond: &[Right],
    file: &str,
) -> Finding {
    let Account { namespace, name } = account;
    if !lacking.is_empty() {
        let found = format!(
            "the account {namespace}/{name} may not {}",
            in_words(lacking)
        );
        let remedy = format!("kubectl apply -f deploy/kubernetes/{file}");
        return check.failed(CLUSTER, found, remedy);
    }
    if !beyond.is_empty() {
        let found = format!(
            "the account {namespace}/{name} may do more than it needs: {}",
            in_words(beyond)
        );
        let remedy = format!(
            "Find what grants it, and take the account out of it:\n\
             kubectl get clusterrolebindings,rolebindings -A -o wide | grep -E '{name}|system:serviceaccounts|system:authenticated'"
        );
        return check.warning(CLUSTER, found, remedy);
    }
    let found = match needed {
        0 => "it has no right, and needs none".to_owned(),
        1 => "it has the one right that it needs, and none of those that it should not have"
            .to_owned(),
        all => format!(
            "it has the {all} rights that it needs, and none of those that it should not have"
        ),
    };
    check.ok(CLUSTER, found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::finding::Outcome;

    const ACCOUNT: Account<'static> = Account {
        namespace: "kansoku",
        name: "kansoku-server",
    };

    #[test]
    fn too_little_fails_and_too_much_is_warned_of() {
        let secrets = [Right::on("get", "", "secrets")];
        let little = judge(
            SERVER,
            ACCOUNT,
            30,
            &[Right::on("list", "", "pods")],
            &secrets,
            "a.yaml",
        );
        assert_eq!(little.result, Outcome::Failed);
        assert_eq!(
            little.remedy.as_deref(),
            Some("kubectl apply -f deploy/kubernetes/a.yaml")
        );
        let much = judge(SERVER, ACCOUNT, 30, &[], &secrets, "a.yaml");
        assert_eq!(much.result, Outcome::Warning);
        assert!(much.found.ends_with("get secrets"));
        assert_eq!(
            judge(SERVER, ACCOUNT, 30, &[], &[], "a.yaml").result,
            Outcome::Ok
        );
    }
}
