//! `kansoku alarms check`: what is wrong with definitions, without putting them.

use clap::Args;
use serde_json::{Value, json};

use super::definitions;
use super::words::{counted, items, plain, text};
use crate::ask::client::Client;
use crate::exit::Failure;
use crate::print::Stdout;

/// What the command takes.
#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    /// As for put
    #[arg(value_name = "FILE")]
    file: String,

    /// The file has alerting rules of Prometheus
    #[arg(long)]
    prometheus: bool,
}

/// What is wrong with the file first; then the server is asked, which knows metrics and columns.
pub(super) fn run(client: &Client, args: &CheckArgs) -> Result<(), Failure> {
    let given = definitions::read(&args.file, args.prometheus)?;
    for note in &given.notes {
        eprintln!("{}: {note}", args.file);
    }
    let mut out = Stdout::lock();
    let mut wrong = 0;
    for definition in &given.definitions {
        let body = json!({"definition": definition.to_json()}).to_string();
        let answer = client.post("/api/alarms/check", body.as_bytes())?;
        let faults = faults(definition.name(), &answer);
        wrong += usize::from(!faults.is_empty());
        for fault in &faults {
            out.line(fault)?;
        }
    }
    let all = given.definitions.len();
    out.line(&match wrong {
        0 => format!("{}, nothing is wrong", counted(all, "alarm", "alarms")),
        _ => format!("{}, {wrong} wrong", counted(all, "alarm", "alarms")),
    })?;
    out.flush()?;
    match wrong {
        0 => Ok(()),
        _ => Err(Failure::told()),
    }
}

fn faults(name: &str, answer: &Value) -> Vec<String> {
    items(answer, "faults")
        .map(|fault| {
            let message = text(&fault["message"]);
            match fault["key"].as_str().filter(|key| !key.is_empty()) {
                Some(key) => format!("{}: {}: {message}", plain(name), plain(key)),
                None => format!("{}: {message}", plain(name)),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_told_with_alarm_and_key() {
        let answer = json!({"faults": [
            {"key": "Source.Rows.Metric", "message": "there is no such column"},
            {"key": "", "message": "x"},
        ]});
        assert_eq!(
            faults("web", &answer),
            ["web: Source.Rows.Metric: there is no such column", "web: x"]
        );
        assert!(faults("web", &json!({"faults": []})).is_empty());
    }
}
