//! VictoriaMetrics, by its JSON import.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::server::{Server, version};
use super::{Question, folder_bytes, labels, metric_name};
use crate::bench::Failure;
use crate::cost::Cost;
use crate::load::History;

const PROGRAM: &str = "victoria-metrics";
/// Bytes of one import request.
const CHUNK: usize = 4 << 20;
/// How long merging may take.
const PATIENCE: Duration = Duration::from_secs(300);

/// A running server.
#[derive(Debug)]
pub(crate) struct VictoriaMetrics {
    server: Server,
    data: PathBuf,
    buffer: String,
}

impl VictoriaMetrics {
    pub(crate) fn version() -> String {
        version(PROGRAM)
    }

    pub(crate) fn start(folder: &Path) -> Result<VictoriaMetrics, Failure> {
        let data = folder.join("victoria-metrics");
        let server = Server::start(PROGRAM, &folder.join("victoria-metrics.log"), |address| {
            vec![
                format!("-httpListenAddr={address}"),
                format!("-storageDataPath={}", data.display()),
                // The seeded data have a date of their own.
                "-retentionPeriod=100y".to_owned(),
                // What was asked once is computed again each time.
                "-search.disableCache".to_owned(),
                "-search.latencyOffset=0s".to_owned(),
            ]
        })?;
        Ok(VictoriaMetrics {
            server,
            data,
            buffer: String::new(),
        })
    }

    /// Takes in the samples of some entities.
    pub(crate) fn import(
        &mut self,
        table: &catalogue::Table,
        histories: &[History],
    ) -> Result<(), Failure> {
        for history in histories {
            let mut identity = String::new();
            for (name, value) in labels(history) {
                let _ = write!(identity, ",\"{name}\":\"{value}\"");
            }
            let mut times = String::new();
            for time in &history.times_ms {
                let _ = write!(times, "{time},");
            }
            for (column, values) in &history.series {
                let name = metric_name(table, column);
                let _ = write!(
                    self.buffer,
                    "{{\"metric\":{{\"__name__\":\"{name}\"{identity}}},\"values\":["
                );
                for value in values {
                    let _ = write!(self.buffer, "{value},");
                }
                self.buffer.pop();
                let _ = writeln!(
                    self.buffer,
                    "],\"timestamps\":[{}]}}",
                    times.trim_end_matches(',')
                );
            }
            if self.buffer.len() > CHUNK {
                self.send()?;
            }
        }
        Ok(())
    }

    fn send(&mut self) -> Result<(), Failure> {
        if !self.buffer.is_empty() {
            self.server.post("/api/v1/import", self.buffer.as_bytes())?;
            self.buffer.clear();
        }
        Ok(())
    }

    /// Ends the import: everything on disk, parts merged into one.
    pub(crate) fn settle(&mut self) -> Result<(), Failure> {
        self.send()?;
        self.server.get("/internal/force_flush")?;
        self.server.get("/internal/force_merge")?;
        let began = Instant::now();
        let mut quiet = 0;
        while quiet < 5 {
            std::thread::sleep(Duration::from_millis(400));
            let metrics = self.server.get("/metrics")?;
            let merging: f64 = metrics
                .lines()
                .filter(|line| {
                    line.starts_with("vm_active_merges{")
                        || line.starts_with("vm_active_force_merges")
                })
                .filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok())
                .sum();
            quiet = if merging == 0.0 { quiet + 1 } else { 0 };
            if began.elapsed() > PATIENCE {
                return Err("VictoriaMetrics does not come to an end with merging".into());
            }
        }
        Ok(())
    }

    /// How many rows it says that it has.
    pub(crate) fn rows(&self) -> Result<u64, Failure> {
        let metrics = self.server.get("/metrics")?;
        let rows = metrics
            .lines()
            .filter(|line| line.starts_with("vm_rows{") && !line.contains("indexdb"))
            .filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok())
            .sum::<f64>();
        Ok(rows as u64)
    }

    /// Bytes of samples and of the index.
    pub(crate) fn disk(&self) -> Result<(u64, u64), Failure> {
        Ok((
            folder_bytes(&self.data.join("data"))?,
            folder_bytes(&self.data.join("indexdb"))?,
        ))
    }

    pub(crate) fn cpu(&self) -> Result<Duration, Failure> {
        self.server.cpu()
    }

    pub(crate) fn ask(&self, question: &Question, runs: u32) -> Result<(Cost, String), Failure> {
        self.server.ask(question, runs)
    }
}
