//! `kansoku query`: SQL or metric statistics, to a person or to a program.

use std::io::{IsTerminal, Read};

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::client::{Client, ServerArgs};
use crate::exit::Failure;
use crate::print::{Align, Stdout, TextTable};

/// What the command takes.
#[derive(Debug, Args)]
pub(crate) struct QueryArgs {
    /// A statement that reads, such as "SELECT node, cpu_usage_usec FROM node ORDER BY time DESC LIMIT 5"; - reads it
    /// from standard input
    #[arg(
        value_name = "SQL",
        required_unless_present = "metrics",
        conflicts_with = "metrics"
    )]
    sql: Option<String>,

    /// Metric statistics instead: the JSON body of POST /api/metrics; - reads it from standard input
    #[arg(long, value_name = "JSON")]
    metrics: Option<String>,

    /// How to show the answer
    #[arg(long, short, value_enum, env = "KANSOKU_FORMAT", default_value_t = Format::Table)]
    format: Format,

    #[command(flatten)]
    server: ServerArgs,
}

/// How an answer is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Table,
    /// The server's JSON as it is
    Json,
    /// With a line of names (SQL only)
    Csv,
    /// An Arrow IPC stream (SQL only; not to a terminal)
    Arrow,
}

impl Format {
    /// The word of `/api/sql`.
    fn word(self) -> &'static str {
        match self {
            Format::Table | Format::Json => "json",
            Format::Csv => "csv",
            Format::Arrow => "arrow",
        }
    }
}

pub(crate) fn run(args: QueryArgs) -> Result<(), Failure> {
    let client = Client::new(&args.server)?;
    if args.format == Format::Arrow && std::io::stdout().is_terminal() {
        return Err(Failure::usage(
            "an Arrow stream is not for a terminal: send it to a file or a program",
        ));
    }
    match (args.sql, args.metrics) {
        (Some(sql), _) => ask_sql(&client, &given(sql)?, args.format),
        (None, Some(body)) => ask_metrics(&client, &given(body)?, args.format),
        (None, None) => Err(Failure::usage("give an SQL statement, or --metrics")),
    }
}

/// The text, or standard input for `-`.
fn given(text: String) -> Result<String, Failure> {
    if text != "-" {
        return Ok(text);
    }
    let mut read = String::new();
    std::io::stdin()
        .read_to_string(&mut read)
        .map_err(|e| Failure::usage(format!("standard input: {e}")))?;
    Ok(read)
}

fn ask_sql(client: &Client, sql: &str, format: Format) -> Result<(), Failure> {
    let body = json!({"sql": sql, "format": format.word()}).to_string();
    let mut out = Stdout::lock();
    if format == Format::Table {
        let answer = client.post("/api/sql", body.as_bytes())?;
        for line in rows(&answer).lines() {
            out.line(&line)?;
        }
        out.flush()?;
        if answer["stats"]["truncated"] == true {
            eprintln!("There are more rows than are shown: add a LIMIT, or ask for csv or arrow.");
        }
        return Ok(());
    }
    out.copy(&mut client.post_for_bytes("/api/sql", body.as_bytes())?)?;
    Ok(out.flush()?)
}

fn ask_metrics(client: &Client, body: &str, format: Format) -> Result<(), Failure> {
    let mut out = Stdout::lock();
    match format {
        Format::Json => out.copy(&mut client.post_for_bytes("/api/metrics", body.as_bytes())?)?,
        Format::Table => {
            for line in series(&client.post("/api/metrics", body.as_bytes())?).lines() {
                out.line(&line)?;
            }
        }
        Format::Csv | Format::Arrow => {
            return Err(Failure::usage("--metrics is answered as table or json"));
        }
    }
    Ok(out.flush()?)
}

/// The rows of `/api/sql`.
fn rows(answer: &Value) -> TextTable {
    let columns: Vec<(&str, Align)> = array(&answer["columns"])
        .map(|column| {
            let kind = column["type"]
                .as_str()
                .unwrap_or_default()
                .to_ascii_lowercase();
            let number = ["int", "float", "decimal", "double"]
                .iter()
                .any(|word| kind.contains(word));
            (
                column["name"].as_str().unwrap_or_default(),
                if number { Align::Right } else { Align::Left },
            )
        })
        .collect();
    let mut table = TextTable::new(
        columns
            .iter()
            .map(|(name, align)| ((*name).to_owned(), *align)),
    );
    for row in array(&answer["rows"]) {
        table.row(columns.iter().map(|(name, _)| cell(&row[*name])).collect());
    }
    table
}

/// The series of `/api/metrics`, a line for each value.
fn series(answer: &Value) -> TextTable {
    let series: Vec<&Value> = array(&answer["series"]).collect();
    let labels: Vec<&String> = series
        .first()
        .and_then(|first| first["labels"].as_object())
        .map(|l| l.keys().collect())
        .unwrap_or_default();
    let left = |head: &str| (head.to_owned(), Align::Left);
    let heads = std::iter::once(left("time"))
        .chain(labels.iter().map(|label| left(label)))
        .chain([
            left("metric"),
            left("statistic"),
            ("value".to_owned(), Align::Right),
            left("unit"),
        ]);
    let mut table = TextTable::new(heads);
    for one in series {
        for (time, value) in array(&answer["times"]).zip(array(&one["values"])) {
            let time = time
                .as_i64()
                .and_then(chrono::DateTime::from_timestamp_millis);
            let mut row = vec![
                time.map(|t| t.to_rfc3339_opts(chrono::SecondsFormat::Secs, true))
                    .unwrap_or_default(),
            ];
            row.extend(
                labels
                    .iter()
                    .map(|label| cell(&one["labels"][label.as_str()])),
            );
            row.extend(["metric", "statistic"].map(|name| cell(&one[name])));
            row.extend([cell(value), cell(&one["unit"])]);
            table.row(row);
        }
    }
    table
}

fn array(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.replace(['\n', '\r', '\t'], " "),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_in_the_order_of_columns() {
        let answer = json!({
            "columns": [{"name": "node", "type": "Utf8"}, {"name": "n", "type": "Int64"}],
            "rows": [{"n": 5, "node": "a\nb"}, {"n": null, "node": "c"}],
        });
        assert_eq!(rows(&answer).lines(), ["node   n", "a b    5", "c"]);
    }

    #[test]
    fn each_value_of_a_series_is_a_line() {
        let answer = json!({
            "times": [0, 60_000],
            "series": [{"metric": "m", "statistic": "Sum", "unit": "us", "labels": {"node": "n1"}, "values": [1.5, null]}],
        });
        assert_eq!(
            series(&answer).lines(),
            [
                "time                   node   metric   statistic   value   unit",
                "1970-01-01T00:00:00Z   n1     m        Sum           1.5   us",
                "1970-01-01T00:01:00Z   n1     m        Sum                 us",
            ]
        );
    }
}
