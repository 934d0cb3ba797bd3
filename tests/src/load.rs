//! A load that is known.

use std::process::{Child, Command, Stdio};

/// A process that keeps one core busy until it is dropped.
#[derive(Debug)]
pub struct Spin(Child);

impl Spin {
    /// Starts it.
    pub fn start() -> Spin {
        let child = Command::new("sh")
            .args(["-c", "while :; do :; done"])
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        Spin(child)
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.0.id()
    }
}

impl Drop for Spin {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
