//! A program that writes a log.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;

use super::{Format, Place, Rotation, message};
use crate::Dice;

/// Writes lines 1, 2, 3, … to one log.
#[derive(Debug)]
pub struct LogWriter {
    name: String,
    place: Place,
    format: Format,
    rotation: Rotation,
    file: File,
    dice: Dice,
    lines: u64,
    bytes: u64,
    since_rotation: u64,
    rotations: u64,
}

impl LogWriter {
    /// A writer of that name (no spaces), which its messages say.
    pub fn new(
        name: &str,
        place: Place,
        format: Format,
        rotation: Rotation,
        seed: u64,
    ) -> LogWriter {
        LogWriter {
            name: name.to_owned(),
            file: open(&place.path),
            place,
            format,
            rotation,
            dice: Dice::new(seed),
            lines: 0,
            bytes: 0,
            since_rotation: 0,
            rotations: 0,
        }
    }

    /// What its messages say.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the ledger calls it.
    pub fn source(&self) -> &str {
        &self.place.source
    }

    /// How it rotates.
    pub fn rotation(&self) -> Rotation {
        self.rotation
    }

    /// Lines written so far: the number of the last one.
    pub fn lines(&self) -> u64 {
        self.lines
    }

    /// Bytes written so far.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Bytes written since the file was begun.
    pub fn since_rotation(&self) -> u64 {
        self.since_rotation
    }

    /// How often it was rotated.
    pub fn rotations(&self) -> u64 {
        self.rotations
    }

    /// Writes so many lines: most of them short, some long enough to be cut into pieces, which lines of the other
    /// stream come between; sometimes many in one write, sometimes half of one.
    pub fn write(&mut self, count: u64) {
        let mut buffer = String::new();
        let until = self.lines + count;
        while self.lines < until {
            let long = self.dice.one_in(200);
            let size = match long {
                true => self.dice.between(17_000, 60_000),
                false => self.dice.between(30, 250),
            };
            let stream = if self.dice.one_in(5) {
                "stderr"
            } else {
                "stdout"
            };
            let pieces = self.next(stream, size);
            let others = if stream == "stderr" {
                "stdout"
            } else {
                "stderr"
            };
            for (at, piece) in pieces.iter().enumerate() {
                if at > 0 && self.lines < until {
                    buffer.extend(self.next(others, 60));
                }
                buffer.push_str(piece);
            }
            if self.dice.one_in(8) {
                // Torn in two: a reader may look in between.
                let half = buffer.len() / 2;
                self.put(&buffer.as_bytes()[..half]);
                std::thread::yield_now();
                self.put(&buffer.as_bytes()[half..]);
                buffer.clear();
            }
        }
        self.put(buffer.as_bytes());
    }

    /// Rotates. A writer that has to open the file anew does so only after it has written on for a while.
    pub fn rotate(&mut self) {
        if self.since_rotation == 0 {
            return;
        }
        let reopen = self.rotation.rotate(&self.place.path, &self.file);
        if reopen {
            if !self.rotation.destroys() && self.dice.one_in(2) {
                self.write(3);
            }
            self.file = open(&self.place.path);
        }
        if reopen || !matches!(self.rotation, Rotation::Kubelet { .. }) {
            self.since_rotation = 0;
            self.rotations += 1;
        }
    }

    /// The pieces of the next line.
    fn next(&mut self, stream: &str, size: u64) -> Vec<String> {
        self.lines += 1;
        let text = message(&self.name, self.lines, usize::try_from(size).unwrap());
        self.format.pieces(stream, &text)
    }

    fn put(&mut self, bytes: &[u8]) {
        self.file.write_all(bytes).unwrap();
        self.bytes += bytes.len() as u64;
        self.since_rotation += bytes.len() as u64;
    }
}

/// Every writer appends, so that one whose file was cut goes on at its beginning.
fn open(path: &Path) -> File {
    OpenOptions::new()
        .create(true)
        .append(true)
        .open(path)
        .unwrap()
}
