//! How the program ends: 0 in order, 1 it failed, 2 it was asked wrongly (command line, configuration).

use std::fmt;
use std::io::{self, Write};
use std::process::ExitCode;

/// Why the program ends before it was told to.
#[derive(Debug)]
pub(crate) struct Failure {
    code: u8,
    said: String,
}

impl Failure {
    /// The work failed.
    pub(crate) fn work(said: impl fmt::Display) -> Failure {
        Failure {
            code: 1,
            said: said.to_string(),
        }
    }

    /// It was asked wrongly.
    pub(crate) fn usage(said: impl fmt::Display) -> Failure {
        Failure {
            code: 2,
            said: said.to_string(),
        }
    }
}

/// The exit code, after saying why on standard error.
pub(crate) fn code(result: Result<(), Failure>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("kansoku-agent: {}", failure.said);
            ExitCode::from(failure.code)
        }
    }
}

/// Writes to standard output. A reader that goes away is no failure.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    match io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::work(error)),
        _ => Ok(()),
    }
}
