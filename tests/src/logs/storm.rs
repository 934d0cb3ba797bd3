//! Many writers at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use super::{LogWriter, Rotation};
use crate::Dice;

/// Writers on a thread of their own until they are told to end.
#[derive(Debug)]
pub struct Storm {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<Vec<LogWriter>>>,
}

/// What a writer has written in the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The name in its messages.
    pub name: String,
    /// The name in the ledger.
    pub source: String,
    /// Lines.
    pub lines: u64,
    /// Bytes in its files.
    pub bytes: u64,
    /// How it rotated, and how often.
    pub rotation: Rotation,
    /// How often.
    pub rotations: u64,
}

impl Storm {
    /// Lets writers write at random, about so many lines a second together, and rotate when a file has `rotate_at`
    /// bytes. `is_stored` says whether everything that a writer wrote is stored: only then are files destroyed.
    pub fn start(
        mut writers: Vec<LogWriter>,
        lines_per_second: u64,
        rotate_at: u64,
        seed: u64,
        is_stored: impl Fn(&LogWriter) -> bool + Send + 'static,
    ) -> Storm {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = std::thread::spawn(move || {
            let mut dice = Dice::new(seed);
            while !stopped.load(Ordering::Relaxed) {
                let at = usize::try_from(dice.between(0, writers.len() as u64)).unwrap();
                let writer = &mut writers[at];
                let burst = match dice.between(0, 100) {
                    0 => dice.between(500, 2000),
                    1..10 => dice.between(50, 200),
                    _ => dice.between(1, 20),
                };
                writer.write(burst);
                // Logs that end in the middle of everything, and files of one line.
                if (writer.since_rotation() > rotate_at || dice.one_in(200))
                    && (!writer.rotation().destroys() || is_stored(writer))
                {
                    writer.rotate();
                }
                std::thread::sleep(Duration::from_micros(burst * 1_000_000 / lines_per_second));
            }
            writers
        });
        Storm {
            stop,
            thread: Some(thread),
        }
    }

    /// Ends it, and gives the writers back.
    pub fn stop(mut self) -> Vec<LogWriter> {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.take().unwrap().join().unwrap()
    }
}

impl Drop for Storm {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

impl From<&LogWriter> for Written {
    fn from(writer: &LogWriter) -> Written {
        Written {
            name: writer.name().to_owned(),
            source: writer.source().to_owned(),
            lines: writer.lines(),
            bytes: writer.bytes(),
            rotation: writer.rotation(),
            rotations: writer.rotations(),
        }
    }
}
