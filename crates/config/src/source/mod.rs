//! Where values are typed: our file, the CloudWatch agent's file, the environment, the command line.
//!
//! [`Sources::gather`] does the reading; everything behind it works on what was read.

mod cloudwatch;
mod environment;
mod file;
mod gather;

use std::path::PathBuf;

pub(crate) use cloudwatch::read as read_cloudwatch;
#[cfg(test)]
pub(crate) use environment::is_kubernetes_service;
pub(crate) use environment::read as read_environment;
pub(crate) use file::read as read_file;

use crate::fault::{Fault, Origin};
use crate::key::Key;

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileText {
    /// Its path as typed.
    pub path: PathBuf,
    /// What is in it.
    pub text: String,
}

/// Everything that was typed, before it is understood.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sources {
    /// The CloudWatch agent's file.
    pub cloudwatch: Option<FileText>,
    /// Our file.
    pub file: Option<FileText>,
    /// The whole environment, name and value.
    pub environment: Vec<(String, String)>,
    /// The command line: the option as typed (`--listen`), the key's path, the value.
    pub command_line: Vec<(String, String, String)>,
}

/// What is known of the machine, for defaults.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Machine {
    /// The host's name.
    pub hostname: String,
    /// `$XDG_DATA_HOME`, or `~/.local/share`; `None` without a home.
    pub data_home: Option<PathBuf>,
    /// `/rootfs` where the host is mounted there, as the CloudWatch agent's manifests do.
    pub mounted_host: Option<PathBuf>,
}

/// A value that was typed for a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Given {
    pub(crate) key: &'static Key,
    pub(crate) text: String,
    pub(crate) origin: Origin,
}

/// What a source says.
#[derive(Debug, Default)]
pub(crate) struct Read {
    pub(crate) given: Vec<Given>,
    pub(crate) faults: Vec<Fault>,
    pub(crate) warnings: Vec<String>,
}

#[cfg(test)]
mod tests;
