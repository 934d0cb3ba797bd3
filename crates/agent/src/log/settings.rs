//! What reading logs needs to know, as it was typed.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::entry::{EntryRules, LogRules, Place, Selection};

/// Whether the journal is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JournalUse {
    /// Where there is one and no `messages` or `syslog` has the same lines.
    Auto,
    /// Where there is one.
    On,
    /// Not.
    Off,
}

impl JournalUse {
    /// By its word; any other word is `auto`.
    pub fn of_word(word: &str) -> JournalUse {
        match word.trim() {
            "on" => JournalUse::On,
            "off" => JournalUse::Off,
            _ => JournalUse::Auto,
        }
    }
}

/// Everything that reading logs is told.
#[derive(Debug, Clone, PartialEq)]
pub struct LogSettings {
    /// The most bytes of one message; the rest is cut off and counted.
    pub max_line: usize,
    /// At the first start, files last written longer ago are passed over.
    pub first_age: Duration,
    /// The most bytes of messages a second of one log; `None`: no limit.
    pub rate: Option<u64>,
    /// Which logs are read: all, or those that one of these means.
    pub include: Vec<String>,
    /// Which logs are not read.
    pub exclude: Vec<String>,
    /// What is masked.
    pub redact: Vec<String>,
    /// Groups of lines besides the well-known traces.
    pub multiline: Vec<String>,
    /// Whether the host's logs are read.
    pub host: bool,
    /// Whether the journal is read.
    pub journal: JournalUse,
    /// Further files of the host.
    pub files: Vec<PathBuf>,
    /// The folder where rows wait.
    pub spool_dir: PathBuf,
    /// The most bytes that wait there. When there is no more room, reading waits.
    pub spool_max_bytes: u64,
    /// The most bytes of removed files that are held open to be read.
    pub held_max: u64,
    /// The most of one core that reading may take.
    pub cpu_share: f64,
}

impl LogSettings {
    /// What holds when only the folder is said.
    pub fn in_folder(spool_dir: PathBuf) -> LogSettings {
        LogSettings {
            max_line: 1 << 20,
            first_age: Duration::from_secs(24 * 3600),
            rate: None,
            include: Vec::new(),
            exclude: Vec::new(),
            redact: Vec::new(),
            multiline: Vec::new(),
            host: true,
            journal: JournalUse::Auto,
            files: Vec::new(),
            spool_dir,
            spool_max_bytes: 1 << 30,
            held_max: 1 << 30,
            cpu_share: 1.0,
        }
    }

    /// Compiles the rules.
    ///
    /// # Errors
    /// All that is wrong with them.
    pub(crate) fn rules(
        &self,
        place: Place,
    ) -> Result<(Arc<EntryRules>, Selection), LogRulesError> {
        let rules = EntryRules::compile(&LogRules {
            max_line: self.max_line,
            multiline: self.multiline.clone(),
            redact: self.redact.clone(),
            place,
            ..LogRules::default()
        });
        let selection = Selection::parse(&self.include, &self.exclude);
        match (rules, selection) {
            (Ok(rules), Ok(selection)) => Ok((rules, selection)),
            (rules, selection) => {
                let errors = rules.err().into_iter().chain(selection.err()).flatten();
                Err(LogRulesError(errors.map(|e| e.to_string()).collect()))
            }
        }
    }
}

/// Rules for logs that cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("rules for logs: {}", .0.join("; "))]
pub struct LogRulesError(pub Vec<String>);
