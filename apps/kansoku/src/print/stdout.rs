//! Standard output. A reader that has had enough (`| head`) ends the program as a success.

use std::io::{self, IsTerminal, Write};

/// Standard output, buffered.
#[derive(Debug)]
pub(crate) struct Stdout(io::BufWriter<io::StdoutLock<'static>>);

impl Stdout {
    /// Takes standard output for this thread.
    pub(crate) fn lock() -> Stdout {
        Stdout(io::BufWriter::new(io::stdout().lock()))
    }

    /// Writes a line.
    pub(crate) fn line(&mut self, line: &str) -> io::Result<()> {
        self.0.write_all(line.as_bytes())?;
        self.0.write_all(b"\n")
    }

    /// Copies everything that there is to read.
    pub(crate) fn copy(&mut self, from: &mut impl io::Read) -> io::Result<()> {
        io::copy(from, &mut self.0).map(|_| ())
    }

    /// Hands everything over.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Whether colours and cursor movements are welcome on standard output (<https://no-color.org>).
pub(crate) fn colour() -> bool {
    io::stdout().is_terminal()
        && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
        && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}
