//! `--ledger`: what became of each log.

use serde_json::{Value, json};

use super::asked::Asked;
use super::{Output, loss};
use crate::ask::client::Client;
use crate::exit::Failure;
use crate::print::{Align, Stdout, TextTable, bytes, count};

/// Columns with bytes, and where they come from.
const BYTES: &[(&str, &str)] = &[
    ("WRITTEN", "written_bytes"),
    ("READ", "read_bytes"),
    ("SKIPPED", "skipped_bytes"),
    ("UNREAD", "unread_bytes"),
    ("LOST", "lost_bytes"),
];
/// Columns with numbers of lines.
const LINES: &[(&str, &str)] = &[
    ("LINES", "entries"),
    ("EXCLUDED", "excluded"),
    ("LIMITED", "limited"),
    ("REFUSED", "refused"),
    ("WAITING", "waiting"),
    ("STORED", "stored"),
];

/// Shows the ledger of the range.
pub(super) fn run(
    client: &Client,
    asked: &Asked,
    output: Output,
    out: &mut Stdout,
) -> Result<(), Failure> {
    let body = json!(asked.ledger_body()).to_string();
    let answer = client.post("/api/logs/ledger", body.as_bytes())?;
    if output == Output::Json {
        out.line(&answer.to_string())?;
        return Ok(out.flush()?);
    }
    let lines = shown(&answer);
    for line in &lines {
        out.line(line)?;
    }
    Ok(out.flush()?)
}

fn shown(answer: &Value) -> Vec<String> {
    let sources = answer["sources"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    if sources.is_empty() {
        return vec!["No log has reported in this time.".to_owned()];
    }
    let left = [
        ("NODE".to_owned(), Align::Left),
        ("LOG".to_owned(), Align::Left),
    ];
    let right = BYTES
        .iter()
        .chain(LINES)
        .map(|(head, _)| ((*head).to_owned(), Align::Right));
    let mut table = TextTable::new(left.into_iter().chain(right));
    for source in sources {
        let mut row = vec![
            source["node"].as_str().unwrap_or("-").to_owned(),
            source["log_source"].as_str().unwrap_or("-").to_owned(),
        ];
        row.extend(BYTES.iter().map(|(_, name)| bytes(source[*name].as_f64())));
        row.extend(LINES.iter().map(|(_, name)| count(source[*name].as_f64())));
        table.row(row);
    }
    let mut lines = table.lines();
    let bands = answer["bands"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    let told: Vec<String> = bands.iter().filter_map(loss::band).collect();
    if !told.is_empty() {
        lines.push(String::new());
        lines.extend(told);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_for_each_log_and_one_for_each_loss() {
        let answer = json!({
            "sources": [{"node": "n1", "log_source": "host/messages", "written_bytes": 2048, "read_bytes": 1024,
                "lost_bytes": 1024, "entries": 7, "stored": 7}],
            "bands": [{"log_source": "host/messages", "kind": "lost", "bytes": 1024, "start": "a", "end": "b"}],
        });
        let lines = shown(&answer);
        assert_eq!(lines.len(), 4, "{lines:#?}");
        let cells: Vec<&str> = lines[1].split_whitespace().collect();
        assert_eq!(
            cells,
            [
                "n1",
                "host/messages",
                "2.00Ki",
                "1.00Ki",
                "-",
                "-",
                "1.00Ki",
                "7",
                "-",
                "-",
                "-",
                "-",
                "7"
            ]
        );
        assert!(lines[3].starts_with("1.00Ki (bytes) of host/messages were gone"));
        assert_eq!(shown(&json!({})).len(), 1);
    }
}
