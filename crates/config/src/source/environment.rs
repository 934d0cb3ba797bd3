//! The environment.

use super::{Given, Read};
use crate::fault::Origin;
use crate::keys;
use crate::nearest::nearest;

/// Variables that are ours and are not keys: those of commands that ask a server, and of the scripts.
const OTHERS: [&str; 7] = [
    "KANSOKU_CONFIG",
    "KANSOKU_FORMAT",
    "KANSOKU_PAGE_FOLDER",
    "KANSOKU_SERVER",
    "KANSOKU_TARGET_DIR",
    "KANSOKU_TIMEOUT",
    "KANSOKU_TOKEN_FILE",
];

/// Every variable that is a key's. One that begins with `KANSOKU_` and is no key's is a warning, not a fault: the
/// environment has other writers than the one who configures us.
pub(crate) fn read(environment: &[(String, String)]) -> Read {
    let mut read = Read::default();
    for (name, value) in environment {
        if !name.starts_with("KANSOKU_") || OTHERS.contains(&name.as_str()) {
            continue;
        }
        // An empty variable is one that is not set: manifests and shells cannot always leave it out.
        if value.is_empty() {
            continue;
        }
        match keys::ALL
            .iter()
            .copied()
            .find(|key| key.variable() == *name)
        {
            Some(key) => {
                read.given.push(Given {
                    key,
                    text: value.clone(),
                    origin: Origin::Environment(name.clone()),
                });
            }
            None if is_kubernetes_service(name) => {}
            None => {
                let variables: Vec<String> = keys::ALL.iter().map(|key| key.variable()).collect();
                let near = nearest(name, variables.iter().map(String::as_str));
                let hint = near.map_or(String::new(), |near| format!("; did you mean {near}?"));
                read.warnings
                    .push(format!("environment variable {name} is not used{hint}"));
            }
        }
    }
    read.given.sort_by(|a, b| a.key.path.cmp(b.key.path));
    read.warnings.sort();
    read
}

/// Whether Kubernetes may have set the variable for a service of ours
/// (<https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables>).
pub(crate) fn is_kubernetes_service(name: &str) -> bool {
    let Some(rest) = name.strip_prefix("KANSOKU") else {
        return false;
    };
    rest.ends_with("_SERVICE_HOST")
        || rest.ends_with("_SERVICE_PORT")
        || rest.contains("_SERVICE_PORT_")
        || rest.ends_with("_PORT")
        || rest.contains("_PORT_")
}
