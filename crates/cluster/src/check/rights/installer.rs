//! Whether the person who asks may install.

use serde_json::json;

use crate::check::ask::{Api, Refusal};
use crate::check::finding::{CLUSTER, Check, Finding};
use crate::check::manifest;
use crate::check::rights::{Right, in_words, lacking};

const CREATE: Check = Check::new("install.create", "Right to install");
const GRANT: Check = Check::new("install.grant", "Right to grant the roles");

/// What `kubectl apply` does: it reads, then creates or changes.
const VERBS: [&str; 3] = ["get", "create", "patch"];

pub(crate) async fn check(api: &Api, namespace: &str) -> Vec<Finding> {
    let who = who(api).await;
    let objects = manifest::CLUSTER_OBJECTS.iter().map(|one| (one, false));
    let objects = objects.chain(manifest::NAMESPACED_OBJECTS.iter().map(|one| (one, true)));
    let asked = objects
        .flat_map(|((group, plural), namespaced)| {
            VERBS.map(|verb| {
                let right = Right::on(verb, group, plural);
                if namespaced {
                    right.within(namespace)
                } else {
                    right
                }
            })
        })
        .collect();
    let create = match lacking(api, asked).await {
        Ok(missing) => judge_create(&missing, namespace, &who),
        Err(refusal) => CREATE.skipped(CLUSTER, refusal.lacking("ask what it may do itself")),
    };
    vec![create, grant(api, &who).await]
}

async fn grant(api: &Api, who: &str) -> Finding {
    const RBAC: &str = "rbac.authorization.k8s.io";
    let beyond = vec![
        Right::on("escalate", RBAC, "clusterroles"),
        Right::on("bind", RBAC, "clusterroles"),
    ];
    let asked = async {
        let beyond = lacking(api, beyond).await?;
        let server = lacking(api, manifest::server_rights()).await?;
        let kubelet = lacking(api, vec![manifest::kubelet_right()]).await?;
        Ok::<_, Refusal>((beyond, server, kubelet))
    };
    match asked.await {
        Ok((beyond, server, kubelet)) => judge_grant(&beyond, &server, &kubelet, who),
        Err(refusal) => GRANT.skipped(CLUSTER, refusal.lacking("ask what it may do itself")),
    }
}

/// The name of the account that asks, as the API server knows it: Kubernetes 1.28 and later are asked for it, older ones
/// say it when they refuse.
async fn who(api: &Api) -> String {
    let path = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
    let review = json!({"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"});
    let name = match api.post(path, &review).await {
        Ok(answer) => {
            let name = answer["status"]["userInfo"]["username"].as_str();
            name.map(str::to_owned)
        }
        Err(Refusal::Forbidden(said)) => refused(&said).map(str::to_owned),
        Err(_) => None,
    };
    name.unwrap_or_else(|| "YOUR-USER".to_owned())
}

/// The account in the words of a refusal: `… is forbidden: User "eva" cannot create …`.
fn refused(said: &str) -> Option<&str> {
    let (_, rest) = said.split_once("User \"")?;
    Some(rest.split_once('"')?.0)
}

fn judge_create(missing: &[Right], namespace: &str, who: &str) -> Finding {
    let kinds = manifest::CLUSTER_OBJECTS.len() + manifest::NAMESPACED_OBJECTS.len();
    if missing.is_empty() {
        let found = format!("this account may create and change all {kinds} kinds of objects");
        return CREATE.ok(CLUSTER, found);
    }
    let found = format!("this account may not {}", in_words(missing));
    let mut remedy =
        "Let somebody with more rights install, or have an administrator run:".to_owned();
    let mut of_cluster: Vec<String> = missing
        .iter()
        .filter(|right| right.namespace.is_none())
        .map(Right::plural)
        .collect();
    of_cluster.dedup();
    if !of_cluster.is_empty() {
        let plurals = of_cluster.join(",");
        remedy.push_str(&format!(
            "\nkubectl create clusterrole kansoku-installer --verb=get,create,patch --resource={plurals}\n\
             kubectl create clusterrolebinding kansoku-installer --clusterrole=kansoku-installer --user={who}"
        ));
    }
    if missing.iter().any(|right| right.namespace.is_some()) {
        remedy.push_str(&format!(
            "\nkubectl apply -f deploy/kubernetes/namespace.yaml\n\
             kubectl -n {namespace} create rolebinding kansoku-installer --clusterrole=admin --user={who}"
        ));
    }
    // A first installation goes through without the right to change what is there.
    if missing.iter().all(|right| right.verb == "patch") {
        let found = format!("{found}: no later apply can change them");
        return CREATE.warning(CLUSTER, found, remedy);
    }
    CREATE.failed(CLUSTER, found, remedy)
}

/// A role may be created by who holds all of its rights, or may escalate; bound by who holds them, or may bind.
fn judge_grant(beyond: &[Right], server: &[Right], kubelet: &[Right], who: &str) -> Finding {
    if beyond.is_empty() {
        return GRANT.ok(CLUSTER, "this account may create and bind any role");
    }
    if !server.is_empty() {
        let found = format!(
            "the server's role has rights that this account neither holds nor may grant: {}",
            in_words(server)
        );
        let remedy = format!(
            "Have an administrator run:\n\
             kubectl apply -f deploy/kubernetes/namespace.yaml -f deploy/kubernetes/service-accounts.yaml\n\
             and, so that this account may apply them again later:\n\
             kubectl create clusterrolebinding kansoku-granter --clusterrole=kansoku-server --user={who}"
        );
        return GRANT.failed(CLUSTER, found, remedy);
    }
    if !kubelet.is_empty() {
        let found = "this account holds the rights of the server's role, but not the agent's on the rungs that ask \
                     the kubelet: get nodes/stats";
        let remedy = "Stay with rung 2 (kansoku.yaml), whose agent has no right at all, or have an administrator apply \
                      the rung";
        return GRANT.warning(CLUSTER, found, remedy);
    }
    GRANT.ok(
        CLUSTER,
        "this account holds every right that the roles grant",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::finding::Outcome;

    fn both() -> Vec<Right> {
        ["escalate", "bind"]
            .map(|verb| Right::on(verb, "rbac.authorization.k8s.io", "clusterroles"))
            .to_vec()
    }

    #[test]
    fn what_may_not_be_created_is_named_with_the_command_for_it() {
        let all = judge_create(&[], "kansoku", "eva");
        assert_eq!(all.result, Outcome::Ok);
        assert!(all.found.contains("all 9 kinds"), "{}", all.found);

        let missing = [
            Right::on("get", "apps", "daemonsets").within("kansoku"),
            Right::on("create", "apps", "daemonsets").within("kansoku"),
        ];
        let some = judge_create(&missing, "kansoku", "eva");
        assert_eq!(some.result, Outcome::Failed);
        assert_eq!(
            some.found,
            "this account may not get, create daemonsets.apps"
        );
        let remedy = some.remedy.unwrap();
        let bind = "kubectl -n kansoku create rolebinding kansoku-installer --clusterrole=admin --user=eva";
        assert!(remedy.ends_with(bind), "{remedy}");
        assert!(!remedy.contains("clusterrolebinding"), "{remedy}");

        let patch = [Right::on("patch", "", "namespaces")];
        assert_eq!(
            judge_create(&patch, "kansoku", "eva").result,
            Outcome::Warning
        );
    }

    #[test]
    fn a_role_is_granted_by_who_holds_its_rights_or_may_go_beyond_them() {
        let held = judge_grant(&both(), &[], &[], "eva");
        assert_eq!(held.result, Outcome::Ok);
        let escalates = judge_grant(&[], &manifest::server_rights(), &[], "eva");
        assert_eq!(escalates.result, Outcome::Ok);
        let lacks = [
            Right::on("list", "", "nodes"),
            Right::on("watch", "", "nodes"),
        ];
        let neither = judge_grant(&both(), &lacks, &[], "eva");
        assert_eq!(neither.result, Outcome::Failed);
        assert!(
            neither.found.ends_with("list, watch nodes"),
            "{}",
            neither.found
        );
        let stats = [manifest::kubelet_right()];
        assert_eq!(
            judge_grant(&both(), &[], &stats, "eva").result,
            Outcome::Warning
        );
    }

    #[test]
    fn a_refusal_says_who_asks() {
        let said = "selfsubjectreviews.authentication.k8s.io is forbidden: User \"system:serviceaccount:a:b\" cannot create";
        assert_eq!(refused(said), Some("system:serviceaccount:a:b"));
        assert_eq!(refused("no"), None);
    }
}
