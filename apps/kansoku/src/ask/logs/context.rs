//! Hits with the lines around them, as `grep -C` shows them.

use std::collections::HashSet;

use serde_json::json;

use super::asked::Asked;
use super::history::newest;
use super::line::Line;
use super::show::Show;
use super::{Around, Tail};
use crate::ask::client::Client;
use crate::exit::Failure;
use crate::print::Stdout;

/// Hits whose surroundings are asked for, each with a request.
const MOST_HITS: u64 = 1000;

/// Shows the newest hits with what is around them.
pub(super) fn run(
    client: &Client,
    asked: &Asked,
    tail: Tail,
    around: Around,
    show: &mut Show,
    out: &mut Stdout,
) -> Result<(), Failure> {
    let most = match tail {
        Tail::Newest(most) if most <= MOST_HITS => most,
        _ => {
            return Err(Failure::usage(format!(
                "with lines around them, at most {MOST_HITS} hits are shown: --tail {MOST_HITS}"
            )));
        }
    };
    let (hits, more) = newest(client, asked, most)?;
    show.look(&hits);
    let mut shown: HashSet<String> = HashSet::new();
    let mut first = true;
    for hit in &hits {
        // A hit that was shown as a neighbour still brings those neighbours of its own that were not.
        let lines = surroundings(client, hit, around)?;
        let new: Vec<&Line> = lines
            .iter()
            .filter(|line| !shown.contains(line.id()))
            .collect();
        let joins = new.len() < lines.len();
        if !first && !joins && !new.is_empty() {
            show.gap(out)?;
        }
        first = false;
        for line in new {
            show.line(line, out)?;
            shown.insert(line.id().to_owned());
        }
    }
    out.flush()?;
    if hits.is_empty() {
        eprintln!(
            "No lines since {}; --since looks further back.",
            asked.start()
        );
    } else if more {
        eprintln!(
            "There are older hits than these {}: --tail NUMBER.",
            hits.len()
        );
    }
    Ok(())
}

fn surroundings(client: &Client, hit: &Line, around: Around) -> Result<Vec<Line>, Failure> {
    let body =
        json!({"context": {"around": hit.id(), "before": around.before, "after": around.after}});
    let mut answer = client.post("/api/logs", body.to_string().as_bytes())?;
    let lines = Line::all(&mut answer);
    if lines.iter().any(Line::is_anchor) {
        Ok(lines)
    } else {
        // Gone in the meantime, with whatever was around it.
        Ok(vec![hit.clone()])
    }
}
