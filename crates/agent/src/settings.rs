//! What an agent needs to know, resolved.

use std::path::PathBuf;
use std::time::Duration;

use crate::log::LogSettings;
use crate::source::Options;

/// Everything that an agent is told.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The cluster's name.
    pub cluster: String,
    /// The node's name.
    pub node: String,
    /// The AWS region that is reported, if any.
    pub region: Option<String>,
    /// Whether the enhanced names of Container Insights are asked for.
    pub enhanced: bool,
    /// What is read; its cluster and node are taken from above.
    pub sources: Options,
    /// Time between ticks: whole seconds that divide a minute, or whole minutes.
    pub interval: Duration,
    /// The most of one core that reading may take, over a minute: above 0, at most 1.
    pub cpu_share: f64,
    /// The most resident memory in bytes.
    pub memory_limit: Option<u64>,
    /// The folder where rows wait.
    pub spool_dir: PathBuf,
    /// The most bytes that wait there.
    pub spool_max_bytes: u64,
    /// The most bytes of refused frames that are kept.
    pub refused_max_bytes: u64,
    /// What logs are read; `None`: none.
    pub logs: Option<LogSettings>,
    /// zstd's level, 1 to 19.
    pub compression: i32,
    /// How rows get to the server.
    pub server: ServerSettings,
}

/// How rows get to the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerSettings {
    /// `http://host:port` or `https://…`, with or without a path, without a slash at the end.
    pub url: String,
    /// How long one request may take.
    pub timeout: Duration,
    /// Pause between two rounds of sending.
    pub flush_interval: Duration,
    /// The proxy on the way; `None` takes what the environment says, except towards this machine itself.
    pub proxy: Option<String>,
    /// The token that is shown.
    pub token: Token,
    /// PEM file of the authorities that may vouch for the server; `None`: the well-known ones.
    pub ca: Option<PathBuf>,
    /// PEM files of the agent's certificate and key.
    pub identity: Option<(PathBuf, PathBuf)>,
}

/// The token that is shown to the server.
#[derive(Clone, PartialEq, Eq)]
pub enum Token {
    /// None.
    None,
    /// The first line of a file that is neither empty nor begins with `#`; read again for each round.
    File(PathBuf),
    /// This one.
    Text(String),
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Token::None => f.write_str("None"),
            Token::File(path) => f.debug_tuple("File").field(path).finish(),
            Token::Text(_) => f.write_str("Text(…)"),
        }
    }
}
