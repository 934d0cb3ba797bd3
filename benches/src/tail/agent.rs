//! `kansoku-agent` as a process without a server.

use std::fs::File;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::bench::Failure;
use crate::cost::{Used, used};

/// How long it may take to answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// A process that is ended with this value.
#[derive(Debug)]
pub(super) struct Agent {
    child: Child,
    address: String,
}

/// What the agent says of logs.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Figures {
    pub(super) read: u64,
    pub(super) lost: u64,
    pub(super) entries: u64,
    pub(super) spooled: u64,
    pub(super) on_disk: u64,
}

impl Agent {
    /// Starts it with `log` in a folder for /var/log; everything else that it reads is this machine's, once a minute.
    pub(super) fn start(root: &Path) -> Result<Agent, Failure> {
        let program = std::env::current_exe()?.with_file_name("kansoku-agent");
        // The port is free again before the program takes it; a clash fails loudly.
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string();
        let config = root.join("agent.toml");
        std::fs::write(
            &config,
            format!(
                "cluster = 'bench'\nnode = 'n1'\ndata = '{0}/agent'\n[agent]\n\
                 server = 'http://127.0.0.1:1'\ninterval = '1m'\nlisten = '{address}'\nmemory_limit = '1GiB'\n\
                 host.var_log = '{0}/log'\nhost.root = '{0}'\n\
                 logs.journal = 'off'\nlogs.spool.max_bytes = '1TiB'\n",
                root.display()
            ),
        )?;
        let child = Command::new(&program)
            .arg("--config")
            .arg(&config)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::create(root.join("agent.log"))?)
            .spawn()
            .map_err(|error| {
                format!(
                    "{} cannot be started ({error}): cargo build -p kansoku-agent",
                    program.display()
                )
            })?;
        Ok(Agent { child, address })
    }

    pub(super) fn wait_until_it_answers(&mut self) -> Result<(), Failure> {
        let began = Instant::now();
        while self.figures().is_err() {
            if let Some(status) = self.child.try_wait()? {
                return Err(format!("the agent ended: {status}").into());
            }
            if began.elapsed() > PATIENCE {
                return Err("the agent does not answer".into());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    pub(super) fn figures(&self) -> Result<Figures, Failure> {
        let text = ureq::get(format!("http://{}/metrics", self.address))
            .call()?
            .body_mut()
            .read_to_string()?;
        let of = |name: &str| {
            let line = text.lines().find(|line| {
                !line.starts_with('#')
                    && line
                        .split([' ', '{'])
                        .next()
                        .is_some_and(|n| n.ends_with(name))
            });
            let value = line.and_then(|line| line.rsplit(' ').next()?.parse::<f64>().ok());
            value
                .map(|value| value as u64)
                .ok_or_else(|| format!("the agent has no metric …{name}"))
        };
        Ok(Figures {
            read: of("logs_read_bytes_total")?,
            lost: of("logs_lost_bytes_total")?,
            entries: of("logs_entries_total")?,
            spooled: of("logs_spooled_entries_total")?,
            on_disk: of("logs_spool_disk_bytes")?,
        })
    }

    pub(super) fn used(&self) -> Result<Used, Failure> {
        used(self.child.id())
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
