//! What a transition is about, by labels.

use std::borrow::Cow;
use std::collections::BTreeMap;

use alarm::Transition;

use crate::pattern::Match;

/// Container Insights' dimensions and the labels that Kansoku has for the same.
const DIMENSIONS: [(&str, &str); 11] = [
    ("ClusterName", "cluster"),
    ("Namespace", "namespace"),
    ("NodeName", "node"),
    ("InstanceId", "instance"),
    ("PodName", "workload"),
    ("FullPodName", "pod"),
    ("ContainerName", "container"),
    ("Service", "service"),
    ("K8sWorkloadName", "workload"),
    ("PersistentVolumeClaim", "volume"),
    ("GpuDevice", "gpu"),
];

/// Whether each tag and each label of the change is as it must be.
pub(crate) fn fit(
    transition: &Transition,
    tags: &BTreeMap<String, Match>,
    wanted: &BTreeMap<String, Match>,
) -> bool {
    let tag = |name: &str| transition.tags.get(name).map(String::as_str);
    if !tags.iter().all(|(name, wanted)| wanted.matches(tag(name))) {
        return false;
    }
    if wanted.is_empty() {
        return true;
    }
    let labels = labels(transition);
    let label = |name: &str| labels.get(name).map(AsRef::as_ref);
    wanted.iter().all(|(name, one)| one.matches(label(name)))
}

/// The labels of the series, and for an alarm over one metric its dimensions: under their own name and under the label's
/// (`Namespace` and `namespace`), so that one route holds for both kinds. A label of the series has precedence.
pub fn labels(transition: &Transition) -> BTreeMap<Cow<'_, str>, Cow<'_, str>> {
    let mut labels = BTreeMap::new();
    let dimensions = transition.trigger.get("Dimensions");
    for dimension in dimensions.and_then(|d| d.as_array()).into_iter().flatten() {
        let text = |key| {
            dimension
                .get(key)
                .and_then(|v: &serde_json::Value| v.as_str())
        };
        let (Some(name), Some(value)) = (text("name"), text("value")) else {
            continue;
        };
        labels.insert(Cow::Borrowed(name), Cow::Borrowed(value));
        if let Some((_, label)) = DIMENSIONS.iter().find(|(d, _)| *d == name) {
            labels.insert(Cow::Borrowed(*label), Cow::Borrowed(value));
        }
    }
    for (label, value) in &transition.labels {
        labels.insert(Cow::Borrowed(label), Cow::Borrowed(value));
    }
    labels
}

/// The value of one label, as [`labels`] has it.
pub fn label<'a>(transition: &'a Transition, name: &str) -> Option<Cow<'a, str>> {
    match transition.labels.get(name) {
        Some(value) => Some(Cow::Borrowed(value)),
        None => labels(transition).remove(name),
    }
}

/// For people: `namespace shop, pod web-1`; empty for an alarm that is about one thing only.
pub(crate) fn place(transition: &Transition) -> String {
    let mut labels = labels(transition);
    // Each of them once.
    for (dimension, label) in DIMENSIONS {
        if labels.contains_key(label) {
            labels.remove(dimension);
        }
    }
    let parts: Vec<String> = labels
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(label, value)| format!("{label} {value}"))
        .collect();
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::transition;
    use serde_json::json;

    #[test]
    fn dimensions_are_labels_too() {
        let mut about = transition("web-errors");
        about.labels.clear();
        about.trigger = json!({"Dimensions": [
            {"name": "ClusterName", "value": "prod"}, {"name": "Namespace", "value": "shop"},
            {"name": "Zone", "value": "a"}, {"name": 3}, null]});
        assert_eq!(label(&about, "namespace").as_deref(), Some("shop"));
        assert_eq!(label(&about, "Namespace").as_deref(), Some("shop"));
        assert_eq!(label(&about, "Zone").as_deref(), Some("a"));
        assert_eq!(label(&about, "pod"), None);
        assert_eq!(place(&about), "Zone a, cluster prod, namespace shop");

        about.labels.insert("namespace".into(), "cart".into());
        assert_eq!(label(&about, "namespace").as_deref(), Some("cart"));
    }

    #[test]
    fn a_trigger_of_another_shape_has_none() {
        let mut about = transition("x");
        about.labels.clear();
        for trigger in [json!(null), json!([1]), json!({"Dimensions": {"a": 1}})] {
            about.trigger = trigger;
            assert!(labels(&about).is_empty());
            assert_eq!(place(&about), "");
        }
    }
}
