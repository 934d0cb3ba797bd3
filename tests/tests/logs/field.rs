//! A node whose logs are ours, a server, and what is between them.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;

use kansoku_tests::logs::{VarLog, Written};
use kansoku_tests::{Daemon, Http, Relay, SmallDisk};

pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// A node whose /var/log is ours, a server, and a network and disks in between. Dropped in this order.
pub(crate) struct Field {
    pub(crate) agent: Option<Daemon>,
    pub(crate) server: Option<Daemon>,
    pub(crate) relay: Relay,
    pub(crate) clock: Option<Clock>,
    pub(crate) server_disk: Option<SmallDisk>,
    pub(crate) spool_disk: Option<SmallDisk>,
    pub(crate) var_log: VarLog,
    pub(crate) folder: tempfile::TempDir,
    pub(crate) server_port: u16,
    pub(crate) agent_port: u16,
    /// What agents said that were killed.
    pub(crate) past: Vec<String>,
}

impl Field {
    /// `agent` and `server` are further lines of their configurations; `small` whether their disks can be filled.
    pub(crate) fn new(small: bool, agent: &str, server: &str) -> Field {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let (server_port, agent_port) = (free_port(), free_port());
        let relay = Relay::start(SocketAddr::from((Ipv4Addr::LOCALHOST, server_port)));
        let var_log = VarLog::at(path("var/log"));
        let disk = |name: &str, size| small.then(|| SmallDisk::mount(&path(name), size)).flatten();
        let (server_disk, spool_disk) = (disk("server", 192), disk("agent", 48));
        std::fs::write(
            path("server.toml"),
            format!(
                "data = '{}'\nlisten = '127.0.0.1:{server_port}'\n[server]\nflush_interval = '10s'\n\
                 disk.reserve = '0B'\nwal.segment_bytes = '4MiB'\n{server}\n",
                path("server").display(),
            ),
        )
        .unwrap();
        std::fs::write(
            path("agent.toml"),
            format!(
                "cluster = 'crash'\nnode = 'n1'\ndata = '{}'\nlog = 'info,agent::log::follow=debug'\n\
                 [agent]\nserver = 'http://{}'\ninterval = '1s'\nlisten = '127.0.0.1:{agent_port}'\ntimeout = '5s'\n\
                 host.var_log = '{}'\nhost.root = '{}'\nlogs.journal = 'off'\n{agent}\n",
                path("agent").display(),
                relay.address(),
                var_log.root().display(),
                folder.path().display(),
            ),
        )
        .unwrap();
        Field {
            agent: None,
            server: None,
            relay,
            clock: None,
            server_disk,
            spool_disk,
            var_log,
            server_port,
            agent_port,
            past: Vec::new(),
            folder,
        }
    }

    pub(crate) fn start_server(&mut self) {
        let config = self.folder.path().join("server.toml");
        self.server = Some(Daemon::start(
            "kansoku",
            &["server", "--config", config.to_str().unwrap()],
            &[],
        ));
    }

    pub(crate) fn start_agent(&mut self) {
        let config = self.folder.path().join("agent.toml");
        let variables = self
            .clock
            .as_ref()
            .map(Clock::variables)
            .unwrap_or_default();
        let variables: Vec<(&str, &str)> = variables
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        self.agent = Some(Daemon::start(
            "kansoku-agent",
            &["--config", config.to_str().unwrap()],
            &variables,
        ));
    }

    pub(crate) fn kill_agent(&mut self) {
        if let Some(agent) = self.agent.take() {
            self.past.push(agent.said());
            agent.kill();
        }
    }

    pub(crate) fn kill_server(&mut self) {
        if let Some(server) = self.server.take() {
            server.kill();
        }
    }

    /// What agents said of the files of a writer.
    pub(crate) fn said_of(&self, writer: &Written) -> String {
        let name = writer.name.replace('/', "_");
        let current = self.agent.as_ref().map(Daemon::said).unwrap_or_default();
        let all = self.past.iter().chain([&current]);
        let lines = all.flat_map(|said| said.lines().chain(["--"]));
        lines
            .filter(|line| *line == "--" || (line.contains("DEBUG") && line.contains(&name)))
            .map(|line| format!("  {line}\n"))
            .collect()
    }

    /// The server, straight, ready.
    pub(crate) fn http(&mut self) -> Http {
        self.server.as_mut().unwrap().ready()
    }

    /// The server, straight, whether it is there or not.
    pub(crate) fn address(&self) -> Http {
        Http::new(format!("http://127.0.0.1:{}", self.server_port))
    }

    pub(crate) fn said(&self) -> String {
        let said = |daemon: &Option<Daemon>| daemon.as_ref().map(Daemon::said).unwrap_or_default();
        let tail = |text: String| {
            let lines: Vec<&str> = text
                .lines()
                .filter(|line| !line.contains("DEBUG"))
                .collect();
            lines[lines.len().saturating_sub(30)..].join("\n")
        };
        let past: Vec<String> = self.past.iter().map(|said| tail(said.clone())).collect();
        format!(
            "agents before:\n{}\nagent:\n{}\nserver:\n{}",
            past.join("\n--\n"),
            tail(said(&self.agent)),
            tail(said(&self.server))
        )
    }
}

/// The agent's wall clock, by libfaketime.
pub(crate) struct Clock {
    pub(crate) library: PathBuf,
    pub(crate) file: PathBuf,
}

impl Clock {
    /// `None`, said, where there is no libfaketime.
    pub(crate) fn new(file: PathBuf) -> Option<Clock> {
        let library = ["x86_64-linux-gnu", "aarch64-linux-gnu"]
            .map(|arch| PathBuf::from(format!("/usr/lib/{arch}/faketime/libfaketime.so.1")))
            .into_iter()
            .find(|path| path.exists());
        if library.is_none() {
            println!("skipped, a stepped clock: libfaketime is not installed");
        }
        let clock = Clock {
            library: library?,
            file,
        };
        clock.set("+0");
        Some(clock)
    }

    /// From the true time, such as `-2h`. Renamed into place: the library may look at any moment.
    pub(crate) fn set(&self, offset: &str) {
        let new = self.file.with_extension("new");
        std::fs::write(&new, format!("{offset}\n")).unwrap();
        std::fs::rename(new, &self.file).unwrap();
    }

    pub(crate) fn variables(&self) -> Vec<(&'static str, String)> {
        vec![
            ("LD_PRELOAD", self.library.display().to_string()),
            ("FAKETIME_TIMESTAMP_FILE", self.file.display().to_string()),
            ("FAKETIME_CACHE_DURATION", "1".to_owned()),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
        ]
    }
}
