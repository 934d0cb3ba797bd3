//! Incidents that were recorded on real clusters, in `corpus/incidents`: rows as agents sent them, and what ought to be said.

mod expected;
mod recording;
mod stage;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

pub use expected::{Expected, seconds_of};
pub use recording::Recording;
pub use stage::{Stage, Transition};

/// An incident: a folder of the corpus.
#[derive(Debug)]
pub struct Incident {
    /// The folder's name.
    pub name: String,
    /// Incidents of one recording happened at the same time in the same cluster, and are replayed together.
    pub recording: String,
    /// What ought to go to ALARM; nothing else ought to.
    pub expected: Vec<Expected>,
    folder: PathBuf,
}

impl Incident {
    /// All incidents of a recording, by name.
    ///
    /// # Panics
    /// When there are none, or one cannot be read.
    pub fn of_recording(recording: &str) -> Vec<Incident> {
        let mut all = Incident::all();
        all.retain(|incident| incident.recording == recording);
        assert!(!all.is_empty(), "there is no recording {recording}");
        all
    }

    /// All incidents of the corpus, by name.
    ///
    /// # Panics
    /// When one cannot be read.
    pub fn all() -> Vec<Incident> {
        let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus/incidents");
        let folders = fs::read_dir(corpus)
            .unwrap()
            .map(|entry| entry.unwrap().path());
        let mut all: Vec<Incident> = folders
            .filter(|path| path.is_dir())
            .map(|folder| Incident::read(&folder))
            .collect();
        all.sort_by(|a, b| a.name.cmp(&b.name));
        all
    }

    fn read(folder: &Path) -> Incident {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let text = fs::read(folder.join("incident.json")).unwrap();
        let about: Value =
            serde_json::from_slice(&text).unwrap_or_else(|fault| panic!("{name}: {fault}"));
        let expected = about["expect"].as_array().unwrap().iter();
        Incident {
            recording: about["recording"].as_str().unwrap().to_owned(),
            expected: expected.map(|one| Expected::read(&name, one)).collect(),
            folder: folder.to_owned(),
            name,
        }
    }
}
