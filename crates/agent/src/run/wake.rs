//! What the threads that read wait on between ticks.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use rustix::event::{EventfdFlags, PollFd, PollFlags, Timespec, eventfd, poll};
use rustix::fd::{AsFd, BorrowedFd, OwnedFd};

/// Ends the wait of another thread, once and for all.
#[derive(Debug, Clone)]
pub(crate) struct Waker(Arc<OwnedFd>);

/// What ended a wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Woken {
    /// The time is over.
    Time,
    /// Something came or went.
    Announcement,
    /// It is time to end.
    Stop,
}

impl Waker {
    pub(crate) fn new() -> io::Result<Waker> {
        let fd = eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?;
        Ok(Waker(Arc::new(fd)))
    }

    /// Ends every wait from now on.
    pub(crate) fn wake(&self) {
        // The counter does not overflow by one.
        let _ = rustix::io::write(&*self.0, &1u64.to_ne_bytes());
    }

    /// Waits for so long at most, or until one of the descriptors can be read. A signal may make it shorter.
    pub(crate) fn wait<'f>(
        &'f self,
        announcements: impl IntoIterator<Item = BorrowedFd<'f>>,
        time: Duration,
    ) -> Woken {
        let time = Timespec {
            tv_sec: time.as_secs().try_into().unwrap_or(i64::MAX),
            tv_nsec: time.subsec_nanos().into(),
        };
        let mut fds: Vec<PollFd<'f>> = std::iter::once(self.0.as_fd())
            .chain(announcements)
            .map(|fd| PollFd::from_borrowed_fd(fd, PollFlags::IN))
            .collect();
        // An interrupted wait is a short one.
        let _ = poll(&mut fds, Some(&time));
        if !fds[0].revents().is_empty() {
            Woken::Stop
        } else if fds.iter().skip(1).any(|fd| !fd.revents().is_empty()) {
            Woken::Announcement
        } else {
            Woken::Time
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;

    #[test]
    fn each_of_three_ends_a_wait() {
        let waker = Waker::new().unwrap();
        let announcement = Waker::new().unwrap();
        let short = Duration::from_millis(20);
        let begun = Instant::now();
        assert_eq!(waker.wait(Some(announcement.0.as_fd()), short), Woken::Time);
        assert_eq!(waker.wait(None, short), Woken::Time);
        assert!(begun.elapsed() >= 2 * short);
        announcement.wake();
        let long = Duration::from_secs(60);
        assert_eq!(
            waker.wait(Some(announcement.0.as_fd()), long),
            Woken::Announcement
        );
        let other = waker.clone();
        let thread = std::thread::spawn(move || other.wake());
        assert_eq!(waker.wait(None, long), Woken::Stop);
        thread.join().unwrap();
        assert_eq!(waker.wait(Some(announcement.0.as_fd()), long), Woken::Stop);
    }
}
