//! The server whose alarms are measured.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use kansoku_tests::{Daemon, Http};
use serde_json::Value;

use crate::bench::Failure;
use crate::cost::{Used, used};

/// A server as a process, with a file of alarms.
#[derive(Debug)]
pub(super) struct Running {
    daemon: Daemon,
    http: Http,
    file: PathBuf,
}

/// How many alarms are in which state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct States {
    pub(super) alarm: u64,
    pub(super) ok: u64,
    pub(super) insufficient_data: u64,
}

impl Running {
    /// Starts it over a folder; no alarm but those of `alarms`.
    pub(super) fn start(folder: &Path, alarms: &str) -> Result<Running, Failure> {
        std::fs::create_dir_all(folder)?;
        let file = folder.join("alarms.toml");
        std::fs::write(&file, alarms)?;
        let setting = format!("server.alarms.file={}", file.display());
        let mut daemon = Daemon::server(
            folder,
            &[
                "--set",
                &setting,
                "--set",
                "server.alarms.starter=false",
                "--set",
                "server.retention.minute=40d",
                "--set",
                "server.retention.raw=40d",
            ],
        );
        let http = daemon.ready();
        Ok(Running { daemon, http, file })
    }

    pub(super) fn http(&self) -> &Http {
        &self.http
    }

    pub(super) fn used(&self) -> Result<Used, Failure> {
        used(self.daemon.pid())
    }

    pub(super) fn states(&self) -> Result<States, Failure> {
        let answer = self.http.get("/api/alarms?limit=1").json();
        let of = |state: &str| -> Result<u64, Failure> {
            let count = &answer["counts"][state];
            Ok(count
                .as_u64()
                .ok_or_else(|| format!("no count: {answer}"))?)
        };
        Ok(States {
            alarm: of("ALARM")?,
            ok: of("OK")?,
            insufficient_data: of("INSUFFICIENT_DATA")?,
        })
    }

    /// Writes the file anew and waits until these states are reached.
    pub(super) fn put(&self, alarms: &str, expected: States) -> Result<Duration, Failure> {
        let began = Instant::now();
        // A file is replaced as a whole, or half of it is read.
        let written = self.file.with_extension("new");
        std::fs::write(&written, alarms)?;
        std::fs::rename(&written, &self.file)?;
        self.reach(expected)?;
        Ok(began.elapsed())
    }

    /// Waits until these states are reached.
    pub(super) fn reach(&self, expected: States) -> Result<(), Failure> {
        let found = kansoku_tests::wait_until(Duration::from_secs(420), || {
            std::thread::sleep(Duration::from_millis(450));
            self.states().ok().filter(|states| *states == expected)
        });
        match found {
            Some(_) => Ok(()),
            None => {
                let problems = self.http.get("/api/alarms?limit=1").json()["problems"].clone();
                let states = self.states()?;
                Err(format!("{states:?} instead of {expected:?}; {problems}").into())
            }
        }
    }

    /// The answer to a replay.
    pub(super) fn replay(&self, question: &Value) -> Result<Value, Failure> {
        let answer = self.http.post("/api/alarms/replay", question);
        match answer.status {
            200 => Ok(answer.json()),
            status => Err(format!("{status}: {}", answer.text()).into()),
        }
    }
}
