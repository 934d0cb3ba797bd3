//! Lines as they come. A connection that breaks is taken up again where it ended.

use std::time::Duration;

use serde_json::{Value, json};

use super::asked::Asked;
use super::line::Line;
use super::seen::Seen;
use super::show::Show;
use super::sse::Events;
use crate::ask::client::{AskError, Client};
use crate::exit::Failure;
use crate::print::Stdout;

/// The first pause before another try; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
/// The longest.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// When there was no line yet, a tail is taken up again from so long ago.
const FRESH: &str = "-20s";

/// Shows lines until the program is ended.
pub(super) fn run(
    client: &Client,
    asked: &Asked,
    rate: Option<u64>,
    mut seen: Seen,
    show: &mut Show,
    out: &mut Stdout,
) -> Result<(), Failure> {
    let mut pause = FIRST_PAUSE;
    // Of the outage that is going on, so that it is said once.
    let mut away = false;
    let mut connected = false;
    loop {
        let mut body = asked.conditions();
        if let Some(rate) = rate {
            body.insert("rate".to_owned(), json!(rate));
        }
        let since = seen.since().or_else(|| connected.then(|| FRESH.to_owned()));
        if let Some(since) = since {
            body.insert("since".to_owned(), json!(since));
        }
        let why = match client.post_for_stream("/api/logs/tail", json!(body).to_string().as_bytes())
        {
            Ok(stream) => {
                if away {
                    eprintln!("{} answers again.", client.base());
                    away = false;
                }
                connected = true;
                let mut events = Events::new(stream);
                loop {
                    match events.next() {
                        Ok(Some(event)) => {
                            pause = FIRST_PAUSE;
                            take(&event.name, &event.data, &mut seen, show, out)?;
                        }
                        Ok(None) => break "the connection ended".to_owned(),
                        Err(error) => break error.to_string(),
                    }
                }
            }
            Err(error) if !connected || !may_pass(&error) => return Err(error.into()),
            Err(error) => error
                .to_string()
                .lines()
                .next()
                .unwrap_or_default()
                .to_owned(),
        };
        if pause > FIRST_PAUSE && !away {
            eprintln!("waiting for {}: {why}", client.base());
            away = true;
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// Whether another try may help.
fn may_pass(error: &AskError) -> bool {
    match error {
        AskError::Unreachable { .. } | AskError::Strange { .. } => true,
        AskError::Refused { status, .. } => *status == 429 || *status >= 500,
        AskError::Token { .. } => false,
    }
}

fn take(
    name: &str,
    data: &str,
    seen: &mut Seen,
    show: &mut Show,
    out: &mut Stdout,
) -> Result<(), Failure> {
    let mut value: Value = match serde_json::from_str(data) {
        Ok(value) => value,
        Err(error) => {
            eprintln!("an event that is no JSON: {error}");
            return Ok(());
        }
    };
    match name {
        "lines" => {
            let lines = Line::all(&mut value);
            show.look(&lines);
            for line in lines.iter().filter(|line| seen.note(line)) {
                show.line(line, out)?;
            }
            out.flush()?;
        }
        "dropped" => {
            let why = match value["why"].as_str() {
                Some("rate") => "more came than --rate lets through",
                Some("slow") => "this terminal or the way to it is too slow",
                Some(other) => other,
                None => "the server does not say why",
            };
            eprintln!("… {} lines left out here: {why}", value["lines"]);
        }
        _ => {}
    }
    Ok(())
}
