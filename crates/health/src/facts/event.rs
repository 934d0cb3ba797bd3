//! Events about an entity.

use serde::{Deserialize, Serialize};

/// Of table `event`: one about the entity, within the last hour or so. Any order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EventFact {
    /// When it happened, or happened again last.
    pub time: Option<i64>,
    /// When it happened first.
    pub first_time: Option<i64>,
    /// One word for why, for example `FailedScheduling`.
    pub reason: String,
    /// What a person is told.
    pub message: String,
    /// `Normal` or `Warning`.
    pub event_type: Option<String>,
    /// How often it has happened so far.
    pub event_count: Option<i64>,
    /// The part of the object, for example `spec.containers{web}`.
    pub object_field: Option<String>,
}

impl EventFact {
    /// The container that it is about, with `true` for one that runs before the others.
    pub(crate) fn container(&self) -> Option<(&str, bool)> {
        let field = self.object_field.as_deref()?;
        let init = field.strip_prefix("spec.initContainers{");
        let name = init.or(field.strip_prefix("spec.containers{"))?;
        Some((name.strip_suffix('}')?, init.is_some()))
    }

    /// Whether it is about the pod as a whole or about this container.
    pub(crate) fn concerns(&self, container: Option<&str>) -> bool {
        match (self.container(), container) {
            (Some((name, _)), Some(container)) => name == container,
            _ => true,
        }
    }
}

/// The newest event with one of these reasons that `holds`.
pub(crate) fn newest<'a>(
    events: &'a [EventFact],
    reasons: &[&str],
    holds: impl Fn(&EventFact) -> bool,
) -> Option<&'a EventFact> {
    events
        .iter()
        .filter(|e| reasons.contains(&e.reason.as_str()) && holds(e))
        .max_by_key(|e| e.time)
}
