//! The file: groups of rules.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::duration;

/// A document of the file. What of it is not known is passed over.
#[derive(Debug, Deserialize)]
pub(super) struct File {
    groups: Option<Vec<Group>>,
    spec: Option<Spec>,
}

/// A PrometheusRule of Kubernetes has the groups here.
#[derive(Debug, Deserialize)]
struct Spec {
    groups: Option<Vec<Group>>,
}

/// Rules that are evaluated together.
#[derive(Debug, Deserialize)]
pub(super) struct Group {
    #[serde(default)]
    pub(super) name: String,
    #[serde(default)]
    pub(super) rules: Vec<Rule>,
}

/// An alert, or with `record` a metric.
#[derive(Debug, Deserialize)]
pub(super) struct Rule {
    pub(super) alert: Option<String>,
    record: Option<String>,
    pub(super) expr: String,
    r#for: Option<String>,
    keep_firing_for: Option<String>,
    #[serde(default)]
    pub(super) labels: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) annotations: BTreeMap<String, String>,
}

impl File {
    /// The documents of a file.
    pub(super) fn all(yaml: &str) -> Result<Vec<File>, String> {
        const SHOWN: usize = 400;
        let files: Vec<File> = serde_saphyr::from_multiple(yaml)
            .map_err(|error| crate::excerpt::excerpt(&error.to_string(), SHOWN))?;
        let has_groups = |file: &File| {
            let spec = file.spec.as_ref();
            file.groups.is_some() || spec.is_some_and(|spec| spec.groups.is_some())
        };
        match files.iter().any(has_groups) {
            true => Ok(files),
            false => Err("there are no groups".to_owned()),
        }
    }

    pub(super) fn groups(self) -> Vec<Group> {
        let spec = self.spec.and_then(|spec| spec.groups);
        self.groups.into_iter().chain(spec).flatten().collect()
    }
}

impl Rule {
    pub(super) fn name(&self) -> String {
        let name = self.alert.as_ref().or(self.record.as_ref());
        name.cloned().unwrap_or_default()
    }

    /// Seconds of `for`.
    pub(super) fn held(&self) -> Result<u64, String> {
        let Some(text) = &self.r#for else {
            return Ok(0);
        };
        duration::seconds(text).ok_or_else(|| format!("for: '{text}' is no duration such as 5m"))
    }

    /// Seconds of `keep_firing_for`.
    pub(super) fn kept(&self) -> Result<u64, String> {
        let Some(text) = &self.keep_firing_for else {
            return Ok(0);
        };
        duration::seconds(text)
            .ok_or_else(|| format!("keep_firing_for: '{text}' is no duration such as 5m"))
    }

    /// What its author wrote for people, without templates.
    pub(super) fn description(&self, notes: &mut Vec<String>) -> Option<String> {
        let texts = ["description", "message"];
        let text = texts.iter().find_map(|key| self.annotations.get(*key))?;
        if text.contains("{{") {
            notes.push("the description is left out: it is a template of Prometheus".to_owned());
            return None;
        }
        Some(text.trim().to_owned())
    }
}
