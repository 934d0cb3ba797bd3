//! What a check found.

use serde::Serialize;

/// How a check ended. Ordered by how much it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// As it should be.
    Ok,
    /// It could not be found out; `found` says why.
    Skipped,
    /// Kansoku works, with something missing or at risk.
    Warning,
    /// Kansoku does not work before the remedy is applied.
    Failed,
}

impl Outcome {
    /// As it is written for people and in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Outcome::Ok => "ok",
            Outcome::Skipped => "skipped",
            Outcome::Warning => "warning",
            Outcome::Failed => "failed",
        }
    }
}

/// The subject of what concerns the cluster as a whole.
pub const CLUSTER: &str = "cluster";

/// What a check found about the cluster or one of its nodes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The check's name for programs, `node.rotation`; those that begin with `node.` are about one node.
    pub id: &'static str,
    /// The check's name for people.
    pub title: &'static str,
    /// A node's name, or [`CLUSTER`].
    pub subject: String,
    /// How it ended.
    pub result: Outcome,
    /// What was found, in words.
    pub found: String,
    /// What to do, with the command or the lines of a manifest.
    pub remedy: Option<String>,
}

/// A check, from which its findings are made.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Check {
    id: &'static str,
    title: &'static str,
}

impl Check {
    pub(crate) const fn new(id: &'static str, title: &'static str) -> Check {
        Check { id, title }
    }

    fn finding(
        self,
        subject: &str,
        result: Outcome,
        found: impl Into<String>,
        remedy: Option<String>,
    ) -> Finding {
        Finding {
            id: self.id,
            title: self.title,
            subject: subject.to_owned(),
            result,
            found: found.into(),
            remedy,
        }
    }

    pub(crate) fn ok(self, subject: &str, found: impl Into<String>) -> Finding {
        self.finding(subject, Outcome::Ok, found, None)
    }

    /// Well, and there is something that may be done.
    pub(crate) fn told(
        self,
        subject: &str,
        found: impl Into<String>,
        advice: impl Into<String>,
    ) -> Finding {
        self.finding(subject, Outcome::Ok, found, Some(advice.into()))
    }

    pub(crate) fn warning(
        self,
        subject: &str,
        found: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Finding {
        self.finding(subject, Outcome::Warning, found, Some(remedy.into()))
    }

    pub(crate) fn failed(
        self,
        subject: &str,
        found: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Finding {
        self.finding(subject, Outcome::Failed, found, Some(remedy.into()))
    }

    /// Not found out.
    pub(crate) fn skipped(self, subject: &str, why: impl Into<String>) -> Finding {
        self.finding(subject, Outcome::Skipped, why, None)
    }

    /// Not found out, and what finds it out.
    pub(crate) fn skipped_but(
        self,
        subject: &str,
        why: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Finding {
        self.finding(subject, Outcome::Skipped, why, Some(remedy.into()))
    }
}
