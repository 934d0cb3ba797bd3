//! How the program ends: 0 done, 1 it failed, 2 it was asked wrongly (command line, configuration), 3 the server does
//! not answer. A reader of the output that goes away is no failure.

use std::fmt;
use std::io;
use std::process::ExitCode;

use crate::ask::client::AskError;

/// Why the program ends before its work is done.
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

    /// The work failed, and has said so already.
    pub(crate) fn told() -> Failure {
        Failure::work("")
    }

    /// It was asked wrongly.
    pub(crate) fn usage(said: impl fmt::Display) -> Failure {
        Failure {
            code: 2,
            said: said.to_string(),
        }
    }
}

impl From<AskError> for Failure {
    fn from(error: AskError) -> Failure {
        let code = match error {
            AskError::Unreachable { .. } | AskError::Strange { .. } => 3,
            AskError::Token { .. } => 2,
            AskError::Refused { .. } => 1,
        };
        Failure {
            code,
            said: error.to_string(),
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Failure {
                code: 0,
                said: String::new(),
            },
            _ => Failure::work(error),
        }
    }
}

/// The exit code, after saying why on standard error.
pub(crate) fn code(result: Result<(), Failure>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if !failure.said.is_empty() {
                eprintln!("kansoku: {}", failure.said);
            }
            ExitCode::from(failure.code)
        }
    }
}
