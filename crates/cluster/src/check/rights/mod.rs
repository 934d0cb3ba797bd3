//! Who may do what, as the API server itself decides it: access reviews.

pub(crate) mod accounts;
pub(crate) mod installer;

use std::fmt;

use futures::StreamExt;
use serde_json::{Value, json};

use super::ask::{Api, Refusal};

/// Reviews asked at once.
const AT_ONCE: usize = 8;

/// A verb on a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Right {
    pub(crate) verb: &'static str,
    pub(crate) group: &'static str,
    /// With its subresource: `nodes/stats`.
    pub(crate) resource: &'static str,
    /// In all namespaces, or of none, when left out.
    pub(crate) namespace: Option<String>,
}

impl Right {
    pub(crate) fn on(verb: &'static str, group: &'static str, resource: &'static str) -> Right {
        Right {
            verb,
            group,
            resource,
            namespace: None,
        }
    }

    pub(crate) fn within(self, namespace: &str) -> Right {
        Right {
            namespace: Some(namespace.to_owned()),
            ..self
        }
    }

    /// As kubectl names it: `daemonsets.apps`.
    pub(crate) fn plural(&self) -> String {
        match self.group {
            "" => self.resource.to_owned(),
            group => format!("{}.{group}", self.resource),
        }
    }

    fn attributes(&self) -> Value {
        let (resource, subresource) = self.resource.split_once('/').unwrap_or((self.resource, ""));
        json!({
            "verb": self.verb,
            "group": self.group,
            "resource": resource,
            "subresource": subresource,
            "namespace": self.namespace.as_deref().unwrap_or(""),
        })
    }
}

impl fmt::Display for Right {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}", self.verb, self.plural())
    }
}

/// A service account, by namespace and name.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Account<'n> {
    pub(crate) namespace: &'n str,
    pub(crate) name: &'n str,
}

/// The rights among `asked` that the person who asks lacks.
pub(crate) async fn lacking(api: &Api, asked: Vec<Right>) -> Result<Vec<Right>, Refusal> {
    let answers = reviews(api, asked, |right| {
        let review = json!({"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview",
            "spec": {"resourceAttributes": right.attributes()}});
        ("selfsubjectaccessreviews", review)
    });
    let answers = answers.await?;
    Ok(where_it_is(answers, false))
}

/// The rights among `asked` that an account has, and those that it lacks.
pub(crate) async fn of_account(
    api: &Api,
    account: Account<'_>,
    asked: Vec<Right>,
) -> Result<(Vec<Right>, Vec<Right>), Refusal> {
    let answers = reviews(api, asked, |right| {
        let review = json!({"apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview",
            "spec": subject(account, right.attributes())});
        ("subjectaccessreviews", review)
    });
    let answers = answers.await?;
    Ok((
        where_it_is(answers.clone(), true),
        where_it_is(answers, false),
    ))
}

/// Whether an account may use a pod security policy.
pub(crate) async fn may_use_policy(
    api: &Api,
    account: Account<'_>,
    policy: &str,
) -> Result<bool, Refusal> {
    let attributes = json!({"verb": "use", "group": "policy", "resource": "podsecuritypolicies",
        "name": policy, "namespace": account.namespace});
    let review = json!({"apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview",
        "spec": subject(account, attributes)});
    let path = "/apis/authorization.k8s.io/v1/subjectaccessreviews";
    Ok(api.post(path, &review).await?["status"]["allowed"] == true)
}

fn subject(account: Account<'_>, attributes: Value) -> Value {
    let Account { namespace, name } = account;
    json!({
        "user": format!("system:serviceaccount:{namespace}:{name}"),
        "groups": ["system:serviceaccounts", format!("system:serviceaccounts:{namespace}"), "system:authenticated"],
        "resourceAttributes": attributes,
    })
}

fn where_it_is(answers: Vec<(Right, bool)>, allowed: bool) -> Vec<Right> {
    let those = answers.into_iter().filter(|(_, answer)| *answer == allowed);
    those.map(|(right, _)| right).collect()
}

/// Each right with whether it is held, in the order in which they are asked for.
async fn reviews(
    api: &Api,
    asked: Vec<Right>,
    review: impl Fn(&Right) -> (&'static str, Value),
) -> Result<Vec<(Right, bool)>, Refusal> {
    let requests: Vec<_> = asked
        .into_iter()
        .map(|right| {
            let (plural, body) = review(&right);
            async move {
                let path = format!("/apis/authorization.k8s.io/v1/{plural}");
                let answer = api.post(&path, &body).await?;
                Ok((right, answer["status"]["allowed"] == true))
            }
        })
        .collect();
    let answers: Vec<Result<_, Refusal>> = futures::stream::iter(requests)
        .buffered(AT_ONCE)
        .collect()
        .await;
    answers.into_iter().collect()
}

/// Rights in few words, resources with the same verbs together: `create, get configmaps, services; list nodes`.
pub(crate) fn in_words(rights: &[Right]) -> String {
    let mut verbs: Vec<(String, Vec<&str>)> = Vec::new();
    for right in rights {
        let plural = right.plural();
        match verbs.iter_mut().find(|(name, _)| *name == plural) {
            Some((_, verbs)) => verbs.push(right.verb),
            None => verbs.push((plural, vec![right.verb])),
        }
    }
    let mut plurals: Vec<(Vec<&str>, Vec<String>)> = Vec::new();
    for (plural, verbs) in verbs {
        match plurals.iter_mut().find(|(same, _)| *same == verbs) {
            Some((_, plurals)) => plurals.push(plural),
            None => plurals.push((verbs, vec![plural])),
        }
    }
    let words: Vec<String> = plurals
        .into_iter()
        .map(|(verbs, plurals)| format!("{} {}", verbs.join(", "), plurals.join(", ")))
        .collect();
    words.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rights_are_told_in_few_words() {
        let rights = [
            Right::on("create", "", "configmaps").within("kansoku"),
            Right::on("create", "apps", "daemonsets"),
            Right::on("get", "", "configmaps").within("kansoku"),
            Right::on("create", "", "services"),
            Right::on("get", "", "services"),
        ];
        assert_eq!(
            in_words(&rights),
            "create, get configmaps, services; create daemonsets.apps"
        );
    }

    #[test]
    fn a_subresource_is_asked_for_as_one() {
        let attributes = Right::on("get", "", "nodes/stats").attributes();
        assert_eq!(attributes["resource"], "nodes");
        assert_eq!(attributes["subresource"], "stats");
    }
}
