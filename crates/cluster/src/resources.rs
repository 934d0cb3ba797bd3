//! What pods ask for: the effective sums that the scheduler counts with.

use std::collections::BTreeMap;

use crate::api::{Container, Pairs, PodSpec, Resources};
use crate::quantity::number;

/// Resource names to numbers.
pub(crate) type Amounts = BTreeMap<String, f64>;

/// The restart policy that makes an init container a sidecar.
const ALWAYS: &str = "Always";

/// Whether an init container goes on beside the others.
pub(crate) fn is_sidecar(container: &Container) -> bool {
    container.restart_policy.as_deref() == Some(ALWAYS)
}

/// The numbers of quantities; one that cannot be read is left out.
pub(crate) fn amounts(pairs: &Pairs) -> Amounts {
    pairs
        .iter()
        .filter_map(|(name, text)| Some((name.clone(), number(text)?)))
        .collect()
}

fn add(to: &mut Amounts, what: &Amounts) {
    for (name, amount) in what {
        *to.entry(name.clone()).or_default() += amount;
    }
}

/// What the pod needs at the moment at which it needs most: the containers with the sidecars, or an init container
/// with the sidecars that were started before it, whichever is more; and the overhead. Resources of the pod itself
/// come before such sums.
pub(crate) fn requests(spec: &PodSpec) -> Amounts {
    let mut running = Amounts::new();
    let mut most_before = Amounts::new();
    for container in &spec.init_containers {
        let own = amounts(&container.resources.requests);
        if is_sidecar(container) {
            add(&mut running, &own);
        }
        let mut then = running.clone();
        if !is_sidecar(container) {
            add(&mut then, &own);
        }
        for (name, amount) in then {
            let most = most_before.entry(name).or_default();
            *most = most.max(amount);
        }
    }
    for container in &spec.containers {
        add(&mut running, &amounts(&container.resources.requests));
    }
    for (name, amount) in most_before {
        let sum = running.entry(name).or_default();
        *sum = sum.max(amount);
    }
    of_pod(running, &spec.resources, |r| &r.requests, spec)
}

/// The limits of containers and sidecars together, of each resource that all of them limit; and the overhead.
pub(crate) fn limits(spec: &PodSpec) -> Amounts {
    let counted = || {
        let sidecars = spec.init_containers.iter().filter(|c| is_sidecar(c));
        spec.containers.iter().chain(sidecars)
    };
    let mut sum = Amounts::new();
    for container in counted() {
        add(&mut sum, &amounts(&container.resources.limits));
    }
    sum.retain(|name, _| counted().all(|c| c.resources.limits.contains_key(name)));
    of_pod(sum, &spec.resources, |r| &r.limits, spec)
}

fn of_pod(
    mut sum: Amounts,
    own: &Resources,
    which: impl Fn(&Resources) -> &Pairs,
    spec: &PodSpec,
) -> Amounts {
    sum.extend(amounts(which(own)));
    for (name, amount) in amounts(&spec.overhead) {
        if let Some(sum) = sum.get_mut(&name) {
            *sum += amount;
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(json: serde_json::Value) -> PodSpec {
        serde_json::from_value(json).unwrap()
    }

    fn cpu(amounts: &Amounts) -> Option<f64> {
        amounts.get("cpu").copied()
    }

    #[test]
    fn an_init_container_that_needs_more_than_the_rest_counts() {
        let spec = spec(serde_json::json!({
            "containers": [
                {"name": "a", "resources": {"requests": {"cpu": "100m"}, "limits": {"cpu": "1"}}},
                {"name": "b", "resources": {"requests": {"cpu": "200m"}}}],
            "initContainers": [
                {"name": "i", "resources": {"requests": {"cpu": "2"}}}],
        }));
        assert_eq!(cpu(&requests(&spec)), Some(2.0));
        assert_eq!(cpu(&limits(&spec)), None, "one container has no limit");
    }

    #[test]
    fn sidecars_count_with_what_runs_beside_them() {
        let spec = spec(serde_json::json!({
            "containers": [
                {"name": "a", "resources": {"requests": {"cpu": "1"}, "limits": {"cpu": "2"}}}],
            "initContainers": [
                {"name": "before", "resources": {"requests": {"cpu": "1500m"}}},
                {"name": "side", "restartPolicy": "Always",
                 "resources": {"requests": {"cpu": "500m"}, "limits": {"cpu": "500m"}}},
                {"name": "after", "resources": {"requests": {"cpu": "1250m"}}}],
            "overhead": {"cpu": "250m"},
        }));
        // Containers and sidecar 1.5; before 1.5; after with the sidecar 1.75.
        assert_eq!(cpu(&requests(&spec)), Some(2.0));
        assert_eq!(cpu(&limits(&spec)), Some(2.75));
    }

    #[test]
    fn what_the_pod_itself_asks_for_comes_first() {
        let spec = spec(serde_json::json!({
            "containers": [{"name": "a", "resources": {"requests": {"cpu": "1"}}}],
            "resources": {"requests": {"cpu": "3"}, "limits": {"cpu": "4"}},
        }));
        assert_eq!(cpu(&requests(&spec)), Some(3.0));
        assert_eq!(cpu(&limits(&spec)), Some(4.0));
    }

    #[test]
    fn nothing_asked_for_is_nothing() {
        let spec = spec(serde_json::json!({"containers": [{"name": "a"}]}));
        assert!(requests(&spec).is_empty() && limits(&spec).is_empty());
    }
}
