//! Programs of Debian packages that tests speak with.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::{Child, Command};
use std::sync::atomic::{AtomicU8, Ordering};

/// Runs until it is dropped.
#[derive(Debug)]
pub(crate) struct Program(Child);

impl Program {
    /// A missing program fails the test, with the way to get it.
    pub(crate) fn start(path: &str, package: &str, command: impl FnOnce(&mut Command)) -> Program {
        assert!(
            Path::new(path).exists(),
            "{path} is missing; ./test installs it, or: apt-get install -y --no-install-recommends {package}"
        );
        let mut program = Command::new(path);
        command(&mut program);
        Program(program.spawn().unwrap())
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// An address of this machine at which nobody listens, and that no other test is given: ports that are free for a moment
/// are taken by tests that run at the same time, the many addresses of the loopback network are not.
pub(crate) fn nobody() -> SocketAddr {
    static COUNT: AtomicU8 = AtomicU8::new(1);
    let process = std::process::id();
    let last = COUNT.fetch_add(1, Ordering::Relaxed);
    let host = Ipv4Addr::new(127, 1 + (process >> 8) as u8 % 250, process as u8, last);
    SocketAddr::from((host, 9093))
}
