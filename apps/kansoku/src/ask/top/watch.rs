//! The same table again and again, until Ctrl-C ends the program.

use std::time::Duration;

use crate::ask::client::AskError;
use crate::exit::Failure;
use crate::print::{Stdout, colour};

/// Moves the cursor to the corner and clears what is below (ECMA-48: CUP, ED).
const HOME: &str = "\x1b[H\x1b[J";

/// Shows what `look` gives. A server that is away for a while is waited for; one that refuses is not.
pub(super) fn run(
    pause: Duration,
    server: &str,
    look: impl Fn() -> Result<Vec<String>, AskError>,
) -> Result<(), Failure> {
    let mut first = true;
    loop {
        let lines = match look() {
            Ok(lines) => lines,
            Err(error @ AskError::Unreachable { .. }) if !first => {
                vec![format!(
                    "waiting for {server}: {}",
                    error.to_string().lines().next().unwrap_or_default()
                )]
            }
            Err(error) => return Err(error.into()),
        };
        show(&lines, first)?;
        first = false;
        std::thread::sleep(pause);
    }
}

fn show(lines: &[String], first: bool) -> Result<(), Failure> {
    let mut out = Stdout::lock();
    let (height, width) = size();
    if colour() {
        out.line(HOME).or_else(ended)?;
    } else if !first {
        out.line("")?;
    }
    let room = if colour() {
        height.saturating_sub(2)
    } else {
        usize::MAX
    };
    for line in lines.iter().take(room) {
        match width.filter(|_| colour()) {
            Some(width) => out.line(&line.chars().take(width).collect::<String>())?,
            None => out.line(line)?,
        }
    }
    Ok(out.flush()?)
}

fn ended(error: std::io::Error) -> Result<(), Failure> {
    Err(error.into())
}

/// Lines and columns of the terminal.
fn size() -> (usize, Option<usize>) {
    match rustix::termios::tcgetwinsize(std::io::stdout()) {
        Ok(size) if size.ws_row > 0 => (size.ws_row.into(), Some(size.ws_col.into())),
        _ => (usize::MAX, None),
    }
}
