//! A server process of a peer.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::Question;
use crate::bench::Failure;
use crate::cost::Cost;

/// A process that is ended with this value.
#[derive(Debug)]
pub(super) struct Server {
    child: Child,
    address: String,
}

/// `USER_HZ`: what `/proc/<pid>/stat` counts in.
const TICKS_PER_SECOND: u64 = 100;
/// How long a server may take to answer for the first time.
const PATIENCE: Duration = Duration::from_secs(60);

impl Server {
    /// Starts a program on a free port of loopback; `arguments` makes its arguments from the address.
    pub(super) fn start(
        program: &str,
        log: &Path,
        arguments: impl FnOnce(&str) -> Vec<String>,
    ) -> Result<Server, Failure> {
        // The port is free again before the program takes it; a clash fails loudly.
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let address = format!("127.0.0.1:{port}");
        let file = std::fs::File::create(log)?;
        let child = Command::new(program)
            .args(arguments(&address))
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file)
            .spawn()
            .map_err(|e| format!("{program} cannot be started ({e}): install it, apt-get install victoria-metrics prometheus"))?;
        let server = Server { child, address };
        let began = Instant::now();
        while server
            .get("/health")
            .or_else(|_| server.get("/-/ready"))
            .is_err()
        {
            if began.elapsed() > PATIENCE {
                let said = std::fs::read_to_string(log).unwrap_or_default();
                let last = said.lines().last().unwrap_or_default();
                return Err(
                    format!("{program} does not answer on {}: {last}", server.address).into(),
                );
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(server)
    }

    /// The body of an answer.
    pub(super) fn get(&self, path: &str) -> Result<String, Failure> {
        let mut answer = ureq::get(format!("http://{}{path}", self.address)).call()?;
        Ok(answer
            .body_mut()
            .with_config()
            .limit(1 << 30)
            .read_to_string()?)
    }

    pub(super) fn post(&self, path: &str, body: &[u8]) -> Result<(), Failure> {
        let mut answer = ureq::post(format!("http://{}{path}", self.address)).send(body)?;
        // A connection is used again only when its answer was read.
        answer.body_mut().read_to_string()?;
        Ok(())
    }

    /// CPU time of the process so far, in steps of 10 ms.
    pub(super) fn cpu(&self) -> Result<Duration, Failure> {
        let text = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        // The name, in parentheses, may hold anything.
        let rest = text.rsplit_once(") ").map_or("", |(_, rest)| rest);
        let fields: Vec<u64> = rest
            .split(' ')
            .skip(11)
            .take(2)
            .filter_map(|f| f.parse().ok())
            .collect();
        let ticks: u64 = fields.iter().sum();
        Ok(Duration::from_millis(ticks * 1000 / TICKS_PER_SECOND))
    }

    /// Asks a question `runs` times; what one time cost the server (CPU) and the caller (wall, median), and the last
    /// answer.
    pub(super) fn ask(&self, question: &Question, runs: u32) -> Result<(Cost, String), Failure> {
        let path = question.path();
        let mut last = self.get(&path)?;
        let cpu = self.cpu()?;
        let mut walls = Vec::new();
        for _ in 0..runs {
            let began = Instant::now();
            last = self.get(&path)?;
            walls.push(began.elapsed());
        }
        let cost = Cost {
            cpu: self.cpu()?.saturating_sub(cpu) / runs.max(1),
            wall: crate::cost::percentile(&walls, 0.5),
        };
        Ok((cost, last))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The name and version of an installed package.
pub(super) fn version(package: &str) -> String {
    let out = Command::new("dpkg-query")
        .args(["-W", "-f=${Package} ${Version}", package])
        .output();
    match out {
        Ok(out) if out.status.success() => String::from_utf8_lossy(&out.stdout).into_owned(),
        _ => package.to_owned(),
    }
}
