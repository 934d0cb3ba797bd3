//! Prometheus: blocks made by promtool from OpenMetrics text, served by the server.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::server::{Server, version};
use super::{Question, folder_bytes, labels, metric_name};
use crate::bench::Failure;
use crate::cost::Cost;
use crate::load::History;

/// Blocks in the making, then with a server over them.
#[derive(Debug)]
pub(crate) struct Prometheus {
    folder: PathBuf,
    text: BufWriter<File>,
    server: Option<Server>,
}

impl Prometheus {
    pub(crate) fn version() -> String {
        version("prometheus")
    }

    /// A folder for blocks, and the text that they will be made from.
    pub(crate) fn new(folder: &Path) -> Result<Prometheus, Failure> {
        let folder = folder.join("prometheus");
        std::fs::create_dir_all(&folder)?;
        let text = BufWriter::with_capacity(1 << 20, File::create(folder.join("samples.txt"))?);
        Ok(Prometheus {
            folder,
            text,
            server: None,
        })
    }

    /// Writes the samples of some entities down.
    pub(crate) fn import(
        &mut self,
        table: &catalogue::Table,
        histories: &[History],
    ) -> Result<(), Failure> {
        for history in histories {
            let mut identity = String::new();
            for (name, value) in labels(history) {
                let _ = write!(identity, "{name}=\"{value}\",");
            }
            identity.pop();
            for (column, values) in &history.series {
                let name = metric_name(table, column);
                for (value, time) in values.iter().zip(&history.times_ms) {
                    writeln!(
                        self.text,
                        "{name}{{{identity}}} {value} {}.{:03}",
                        time / 1000,
                        time % 1000
                    )?;
                }
            }
        }
        Ok(())
    }

    /// Makes blocks of what was written; the CPU time that promtool took.
    pub(crate) fn settle(&mut self) -> Result<Duration, Failure> {
        writeln!(self.text, "# EOF")?;
        self.text.flush()?;
        let text = self.folder.join("samples.txt");
        let mut child = Command::new("promtool")
            .args(["tsdb", "create-blocks-from", "openmetrics", "--quiet"])
            .arg(&text)
            .arg(self.blocks())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .map_err(|e| format!("promtool cannot be started ({e}): apt-get install prometheus"))?;
        let before = children_cpu()?;
        let status = child.wait()?;
        let cpu = children_cpu()?.saturating_sub(before);
        if !status.success() {
            return Err(format!("promtool could not make blocks: {status}").into());
        }
        std::fs::remove_file(&text)?;
        Ok(cpu)
    }

    fn blocks(&self) -> PathBuf {
        self.folder.join("blocks")
    }

    /// Bytes of chunks and of everything else, which is the index.
    pub(crate) fn disk(&self) -> Result<(u64, u64), Failure> {
        let all = folder_bytes(&self.blocks())?;
        let mut chunks = 0;
        for block in std::fs::read_dir(self.blocks())? {
            let path = block?.path().join("chunks");
            if path.is_dir() {
                chunks += folder_bytes(&path)?;
            }
        }
        Ok((chunks, all - chunks))
    }

    /// Serves the blocks.
    pub(crate) fn serve(&mut self) -> Result<(), Failure> {
        let configuration = self.folder.join("prometheus.yml");
        std::fs::write(&configuration, "global: {}\n")?;
        let blocks = self.blocks();
        let log = self.folder.join("prometheus.log");
        let server = Server::start("prometheus", &log, |address| {
            vec![
                format!("--web.listen-address={address}"),
                format!("--config.file={}", configuration.display()),
                format!("--storage.tsdb.path={}", blocks.display()),
                // The seeded data have a date of their own.
                "--storage.tsdb.retention.time=100y".to_owned(),
            ]
        })?;
        let began = Instant::now();
        while server.get("/-/ready").is_err() && began.elapsed() < Duration::from_secs(60) {
            std::thread::sleep(Duration::from_millis(100));
        }
        self.server = Some(server);
        Ok(())
    }

    pub(crate) fn ask(&self, question: &Question, runs: u32) -> Result<(Cost, String), Failure> {
        let server = self.server.as_ref().ok_or("Prometheus is not running")?;
        server.ask(question, runs)
    }
}

/// CPU time of this process' children that have ended, in steps of 10 ms.
fn children_cpu() -> Result<Duration, Failure> {
    let text = std::fs::read_to_string("/proc/self/stat")?;
    let rest = text.rsplit_once(") ").map_or("", |(_, rest)| rest);
    let ticks: u64 = rest
        .split(' ')
        .skip(13)
        .take(2)
        .filter_map(|f| f.parse::<u64>().ok())
        .sum();
    Ok(Duration::from_millis(ticks * 10))
}
