//! Lines that are stored.

use serde_json::json;

use super::Tail;
use super::asked::Asked;
use super::line::Line;
use super::seen::Seen;
use super::show::Show;
use crate::ask::client::{AskError, Client};
use crate::exit::Failure;
use crate::print::Stdout;

/// Lines of one request.
const PAGE: u64 = 1000;
/// The most lines that are held to be turned round.
const MOST_NEWEST: u64 = 1_000_000;

/// Shows lines, oldest first, and answers which they were.
pub(super) fn run(
    client: &Client,
    asked: &Asked,
    tail: Tail,
    show: &mut Show,
    out: &mut Stdout,
) -> Result<Seen, Failure> {
    match tail {
        Tail::Newest(most) => {
            if most > MOST_NEWEST {
                return Err(Failure::usage(format!(
                    "--tail {most}: at most {MOST_NEWEST}; all has no bound"
                )));
            }
            let (lines, more) = newest(client, asked, most)?;
            let mut seen = Seen::default();
            show.look(&lines);
            for line in &lines {
                if seen.note(line) {
                    show.line(line, out)?;
                }
            }
            out.flush()?;
            if lines.is_empty() && most > 0 {
                eprintln!(
                    "No lines since {}; --since looks further back.",
                    asked.start()
                );
            } else if more {
                eprintln!(
                    "There are older lines than these {}: --tail all, or a number.",
                    lines.len()
                );
            }
            Ok(seen)
        }
        Tail::All => all(client, asked, show, out),
    }
}

/// The newest lines, oldest first, and whether there are older ones.
pub(super) fn newest(
    client: &Client,
    asked: &Asked,
    most: u64,
) -> Result<(Vec<Line>, bool), AskError> {
    let mut lines: Vec<Line> = Vec::new();
    let mut after: Option<String> = None;
    let mut more = false;
    while (lines.len() as u64) < most {
        let limit = PAGE.min(most - lines.len() as u64);
        let (mut page, next) = ask(client, asked, "newest", limit, after.as_deref())?;
        lines.append(&mut page);
        more = next.is_some();
        // A page may be empty and yet not the last: the server rests after so many rows that did not fit.
        if next.is_none() || next == after {
            break;
        }
        after = next;
    }
    lines.reverse();
    Ok((lines, more))
}

/// Every line, a page at a time.
fn all(client: &Client, asked: &Asked, show: &mut Show, out: &mut Stdout) -> Result<Seen, Failure> {
    let mut seen = Seen::default();
    let mut after: Option<String> = None;
    loop {
        let (page, next) = ask(client, asked, "oldest", PAGE, after.as_deref())?;
        show.look(&page);
        for line in &page {
            if seen.note(line) {
                show.line(line, out)?;
            }
        }
        out.flush()?;
        if next.is_none() || next == after {
            return Ok(seen);
        }
        after = next;
    }
}

fn ask(
    client: &Client,
    asked: &Asked,
    order: &str,
    limit: u64,
    after: Option<&str>,
) -> Result<(Vec<Line>, Option<String>), AskError> {
    let mut body = asked.body();
    body.insert("order".to_owned(), json!(order));
    body.insert("limit".to_owned(), json!(limit));
    if let Some(after) = after {
        body.insert("after".to_owned(), json!(after));
    }
    let mut answer = client.post("/api/logs", json!(body).to_string().as_bytes())?;
    let lines = Line::all(&mut answer);
    Ok((lines, answer["next"].as_str().map(str::to_owned)))
}
