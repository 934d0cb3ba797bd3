//! How pods are named on the command line.

/// What a word for pods means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PodName {
    /// Exactly this pod.
    Exact(String),
    /// This pod if it has lines, else all whose names begin so.
    Either(String),
    /// A pattern with `*`.
    Pattern(String),
}

/// Kinds whose pods are called after them, as kubectl abbreviates them.
const OWNERS: &[&str] = &[
    "deployment",
    "deployments",
    "deploy",
    "replicaset",
    "replicasets",
    "rs",
    "statefulset",
    "statefulsets",
    "sts",
    "daemonset",
    "daemonsets",
    "ds",
    "job",
    "jobs",
    "cronjob",
    "cronjobs",
    "cj",
];

impl PodName {
    /// Reads a word; `None` when its kind is not known.
    pub(super) fn parse(word: &str) -> Option<PodName> {
        match word.split_once('/') {
            Some(("pod" | "pods" | "po", name)) => Some(PodName::Exact(name.to_owned())),
            Some((kind, name)) if OWNERS.contains(&kind) => {
                Some(PodName::Pattern(format!("{name}-*")))
            }
            Some(_) => None,
            None if word.contains('*') => Some(PodName::Pattern(word.to_owned())),
            None => Some(PodName::Either(word.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_pods() {
        for (word, name) in [
            ("web", Some(PodName::Either("web".into()))),
            ("web-*", Some(PodName::Pattern("web-*".into()))),
            ("pod/web-1", Some(PodName::Exact("web-1".into()))),
            ("deploy/web", Some(PodName::Pattern("web-*".into()))),
            ("service/web", None),
        ] {
            assert_eq!(PodName::parse(word), name, "{word}");
        }
    }
}
