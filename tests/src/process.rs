//! Running programs.

use std::fmt;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::binary::binary;
use crate::http::Http;

/// How long a program may take to say where it listens: a replay of a large log included.
const START: Duration = Duration::from_secs(60);
/// How long it may take to stop in order.
const STOP: Duration = Duration::from_secs(30);

/// A program that runs until it is told otherwise; killed when dropped.
pub struct Daemon {
    child: Child,
    lines: Receiver<String>,
    said: Arc<Mutex<String>>,
}

impl fmt::Debug for Daemon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Daemon")
            .field("pid", &self.child.id())
            .finish_non_exhaustive()
    }
}

impl Daemon {
    /// Starts a program of the workspace with these arguments and variables. No other variable of ours is passed on,
    /// so that the machine's own settings do not reach into a test.
    pub fn start(name: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Daemon {
        let mut command = Command::new(binary(name));
        for (variable, _) in std::env::vars_os() {
            if variable.to_string_lossy().starts_with("KANSOKU_") {
                command.env_remove(variable);
            }
        }
        let mut child = command
            .args(arguments)
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let said = Arc::new(Mutex::new(String::new()));
        let (sender, lines) = mpsc::channel();
        let stdout = child.stdout.take().unwrap();
        let heard = Arc::clone(&said);
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                heard.lock().unwrap().push_str(&format!("{line}\n"));
                let _ = sender.send(line);
            }
        });
        let mut stderr = child.stderr.take().unwrap();
        let heard = Arc::clone(&said);
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(read @ 1..) = stderr.read(&mut buffer) {
                heard
                    .lock()
                    .unwrap()
                    .push_str(&String::from_utf8_lossy(&buffer[..read]));
            }
        });
        Daemon { child, lines, said }
    }

    /// `kansoku up` on a free port with its data in a folder; `more` are further arguments.
    pub fn up(data: &Path, more: &[&str]) -> Daemon {
        let data = data.to_str().unwrap();
        Daemon::start(
            "kansoku",
            &[&["up", "--listen", "127.0.0.1:0", "--data", data], more].concat(),
            &[],
        )
    }

    /// `kansoku server` on a free port with its data in a folder.
    pub fn server(data: &Path, more: &[&str]) -> Daemon {
        let data = data.to_str().unwrap();
        Daemon::start(
            "kansoku",
            &[&["server", "--listen", "127.0.0.1:0", "--data", data], more].concat(),
            &[],
        )
    }

    /// Waits until the program has said where it listens.
    ///
    /// # Panics
    /// When it ends or says nothing in time.
    pub fn http(&mut self) -> Http {
        let deadline = Instant::now() + START;
        loop {
            match self
                .lines
                .recv_timeout(deadline.saturating_duration_since(Instant::now()))
            {
                Ok(line) => {
                    if let Some(address) = line.strip_prefix("Kansoku is at ") {
                        return Http::new(address.trim());
                    }
                }
                Err(_) => panic!(
                    "no address was said; {:?}:\n{}",
                    self.child.try_wait(),
                    self.said()
                ),
            }
        }
    }

    /// Waits until the program has said where it listens and answers `/readyz`.
    ///
    /// # Panics
    /// When it does not within a minute.
    pub fn ready(&mut self) -> Http {
        let http = self.http();
        let ready = wait_until(START, || {
            http.try_send("GET", "/readyz", &[], &[])
                .filter(|a| a.status == 200)
        });
        assert!(ready.is_some(), "not ready:\n{}", self.said());
        http
    }

    /// Everything that it wrote so far.
    pub fn said(&self) -> String {
        self.said.lock().unwrap().clone()
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Whether it runs no longer.
    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// Sends a signal.
    pub fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap();
        let _ = kill_process(pid, signal);
    }

    /// Waits for its end.
    ///
    /// # Panics
    /// When it does not end in time.
    pub fn wait(&mut self, time: Duration) -> ExitStatus {
        let ended = wait_until(time, || self.child.try_wait().unwrap());
        ended.unwrap_or_else(|| panic!("still running after {time:?}:\n{}", self.said()))
    }

    /// SIGTERM, and waits for the end.
    ///
    /// # Panics
    /// When it does not stop in time, or not as a success.
    pub fn stop(mut self) {
        self.signal(Signal::TERM);
        let status = self.wait(STOP);
        assert!(status.success(), "{status}:\n{}", self.said());
    }

    /// SIGKILL, and waits for the end: a crash.
    pub fn kill(mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Asks again and again until there is an answer; `None` when the time is over.
pub fn wait_until<T>(time: Duration, mut ask: impl FnMut() -> Option<T>) -> Option<T> {
    let deadline = Instant::now() + time;
    loop {
        if let Some(answer) = ask() {
            return Some(answer);
        }
        if Instant::now() >= deadline {
            return None;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}
