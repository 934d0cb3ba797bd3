//! The starter set: alarms that every Kubernetes cluster wants, each with its reason and what to do.
//!
//! They are in `alarms.toml`, in the form of everybody's file, so that they can be copied and changed. They are evaluated by
//! default and notify nobody until their actions are switched on.

use std::sync::LazyLock;

use crate::definition::Definition;
use crate::file;

/// The set as a file.
pub const TEXT: &str = include_str!("alarms.toml");

static DEFINITIONS: LazyLock<Vec<Definition>> = LazyLock::new(|| {
    // That it has no faults is tested.
    let alarms = file::alarms(TEXT).unwrap_or_default();
    alarms.into_iter().map(|(alarm, _)| alarm).collect()
});

/// The alarms of the set.
pub fn definitions() -> &'static [Definition] {
    &DEFINITIONS
}
