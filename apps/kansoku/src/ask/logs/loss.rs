//! What is missing of the lines that were shown, by the loss ledger.

use serde_json::{Value, json};

use super::asked::Asked;
use crate::ask::client::{AskError, Client};
use crate::exit::Failure;
use crate::print::bytes;

/// Bands that are told one by one.
const MOST_TOLD: usize = 10;

/// Says on standard error which lines of the range cannot be shown, because they were lost or left out.
pub(super) fn tell(client: &Client, asked: &Asked) -> Result<(), Failure> {
    let body = json!(asked.ledger_body()).to_string();
    let answer = match client.post("/api/logs/ledger", body.as_bytes()) {
        Ok(answer) => answer,
        // The lines are shown; that their ledger cannot be is no failure of the command.
        Err(AskError::Refused { said, .. }) => {
            eprintln!("Whether lines are missing is not known: {said}");
            return Ok(());
        }
        Err(error) => return Err(error.into()),
    };
    for said in told(&answer) {
        eprintln!("{said}");
    }
    Ok(())
}

fn told(answer: &Value) -> Vec<String> {
    let bands = answer["bands"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    let all: Vec<String> = bands.iter().filter_map(band).collect();
    let more = all.len().saturating_sub(MOST_TOLD);
    let mut said: Vec<String> = all.into_iter().take(MOST_TOLD).collect();
    if more > 0 {
        said.push(format!("… and {more} more such times: --ledger shows all."));
    }
    said
}

/// A band in words; `None` for what was left out on purpose.
pub(super) fn band(band: &Value) -> Option<String> {
    let how = match band["kind"].as_str()? {
        "lost" => "gone before they were read",
        "limited" => "left out by the rate limit",
        "refused" => "refused by the server or lost with the agent's disk",
        _ => return None,
    };
    let number = |name: &str| band[name].as_f64().filter(|n| *n > 0.0);
    let much = match (number("entries"), number("bytes")) {
        (Some(1.0), _) => "1 line".to_owned(),
        (Some(entries), _) => format!("{entries} lines"),
        (None, Some(size)) => format!("{} (bytes)", bytes(Some(size))),
        (None, None) => return None,
    };
    let time = |name: &str| band[name].as_str().unwrap_or("?").to_owned();
    Some(format!(
        "{much} of {} were {how}, between {} and {}.",
        name(band),
        time("start"),
        time("end")
    ))
}

fn name(band: &Value) -> String {
    let text = |name: &str| band[name].as_str();
    match (text("namespace"), text("pod"), text("container")) {
        (Some(namespace), Some(pod), Some(container)) => format!("{namespace}/{pod} {container}"),
        (Some(namespace), Some(pod), None) => format!("{namespace}/{pod}"),
        _ => text("log_source").unwrap_or("a log").to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn losses_are_said_and_what_was_wanted_is_not() {
        let band = |kind: &str, entries: u64, bytes: u64| {
            json!({"log_source": "shop/web-1/u/app", "namespace": "shop", "pod": "web-1", "container": "app",
                "start": "10:00", "end": "10:01", "kind": kind, "entries": entries, "bytes": bytes})
        };
        assert_eq!(
            told(
                &json!({"bands": [band("limited", 12, 0), band("lost", 0, 4096), band("excluded", 5, 0)]})
            ),
            [
                "12 lines of shop/web-1 app were left out by the rate limit, between 10:00 and 10:01.",
                "4.00Ki (bytes) of shop/web-1 app were gone before they were read, between 10:00 and 10:01.",
            ]
        );
        let many: Vec<Value> = (0..14).map(|_| band("lost", 1, 0)).collect();
        let said = told(&json!({ "bands": many }));
        assert_eq!(said.len(), 11);
        assert!(said[10].contains("4 more"), "{said:?}");
        assert!(told(&json!({})).is_empty());
    }
}
