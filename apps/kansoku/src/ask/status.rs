//! `kansoku status`: what a server holds and costs.

use clap::Args;
use serde_json::Value;

use super::client::{Client, ServerArgs};
use super::format::Format;
use crate::exit::Failure;
use crate::print::{Align, Stdout, TextTable, bytes, count, span};

/// What the command takes.
#[derive(Debug, Args)]
pub(crate) struct StatusArgs {
    /// How to show it
    #[arg(long, short, value_enum, default_value_t = Format::Table)]
    format: Format,

    #[command(flatten)]
    server: ServerArgs,
}

pub(crate) fn run(args: StatusArgs) -> Result<(), Failure> {
    let client = Client::new(&args.server)?;
    let status = client.get("/api/status")?;
    let mut out = Stdout::lock();
    match args.format {
        Format::Json => out.line(&status.to_string())?,
        Format::Table => {
            out.line(&summary(client.base(), &status))?;
            out.line("")?;
            for line in tables(&status).lines() {
                out.line(&line)?;
            }
        }
    }
    Ok(out.flush()?)
}

fn summary(server: &str, status: &Value) -> String {
    let number = |path: &str| status.pointer(path).and_then(Value::as_f64);
    let text = |path: &str| status.pointer(path).and_then(Value::as_str).unwrap_or("-");
    [
        format!(
            "{server}   version {}, up {}",
            text("/version"),
            span(number("/uptime_seconds"))
        ),
        format!("agents    {}", count(number("/agents"))),
        format!(
            "process   {} resident, {:.1} s of CPU",
            bytes(number("/own/resident_bytes")),
            number("/own/cpu_seconds").unwrap_or(0.0)
        ),
        format!(
            "log       {} in {}",
            bytes(number("/wal/bytes")),
            text("/wal/folder")
        ),
        format!(
            "tables    {} in {}",
            bytes(Some(files_bytes(status))),
            text("/tables_url")
        ),
    ]
    .join("\n")
}

fn files_bytes(status: &Value) -> f64 {
    rows(status)
        .filter_map(|table| table["bytes"].as_f64())
        .sum()
}

fn rows(status: &Value) -> impl Iterator<Item = &Value> {
    status["tables"].as_array().into_iter().flatten()
}

fn tables(status: &Value) -> TextTable {
    let heads = ["ROWS", "IN-MEMORY", "FILES", "BYTES"].map(|head| (head.to_owned(), Align::Right));
    let mut table = TextTable::new(std::iter::once(("TABLE".to_owned(), Align::Left)).chain(heads));
    for one in rows(status) {
        let number = |name: &str| one[name].as_f64();
        table.row(vec![
            one["name"].as_str().unwrap_or("-").to_owned(),
            count(number("rows")),
            count(number("hot_rows")),
            count(number("files")),
            bytes(number("bytes")),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn tables_are_listed() {
        let status = json!({"tables": [{"name": "node", "rows": 10, "hot_rows": 2, "files": 1, "bytes": 2048}]});
        assert_eq!(
            tables(&status).lines(),
            [
                "TABLE   ROWS   IN-MEMORY   FILES    BYTES",
                "node      10           2       1   2.00Ki",
            ]
        );
        assert!(summary("http://h", &status).contains("tables    2.00Ki"));
    }
}
