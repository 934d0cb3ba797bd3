//! `kansoku cost`: what is kept, by table and namespace, and what CloudWatch would charge for the same.

use clap::{Args, ValueEnum};
use serde_json::Value;

use super::client::{Client, ServerArgs, encode};
use super::format::Format;
use crate::exit::Failure;
use crate::print::{Align, Stdout, TextTable, bytes, count};

/// Which of Container Insights' two price models.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Mode {
    /// Custom metrics and log events
    Standard,
    /// Observations
    Enhanced,
}

/// What the command takes.
#[derive(Debug, Args)]
pub(crate) struct CostArgs {
    /// The AWS region whose prices count
    #[arg(long, default_value = "us-east-1")]
    region: String,

    /// Which of Container Insights' price models
    #[arg(long, value_enum, default_value_t = Mode::Standard)]
    mode: Mode,

    /// From the rows of how many hours a month is worked out
    #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u32).range(1..=168))]
    hours: u32,

    /// Also how each quantity was come by
    #[arg(long)]
    explain: bool,

    /// How to show it
    #[arg(long, short, value_enum, default_value_t = Format::Table)]
    format: Format,

    #[command(flatten)]
    server: ServerArgs,
}

pub(crate) fn run(args: CostArgs) -> Result<(), Failure> {
    let client = Client::new(&args.server)?;
    let mode = match args.mode {
        Mode::Standard => "standard",
        Mode::Enhanced => "enhanced",
    };
    let path = format!(
        "/api/cost?hours={}&region={}&mode={mode}",
        args.hours,
        encode(&args.region)
    );
    let said = client.get(&path)?;
    let mut out = Stdout::lock();
    match args.format {
        Format::Json => out.line(&said.to_string())?,
        Format::Table => {
            for line in report(&said, args.explain) {
                out.line(&line)?;
            }
        }
    }
    Ok(out.flush()?)
}

fn list<'a>(said: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    said[name].as_array().into_iter().flatten()
}

fn head(names: &[&str]) -> Vec<(String, Align)> {
    let align = |at| if at == 0 { Align::Left } else { Align::Right };
    let heads = names.iter().enumerate();
    heads
        .map(|(at, name)| ((*name).to_owned(), align(at)))
        .collect()
}

fn report(said: &Value, explain: bool) -> Vec<String> {
    let mut lines = tables(said).lines();
    let number = |of: &Value, name: &str| of[name].as_f64();
    let used = number(&said["disk"], "used_bytes");
    let budget = number(&said["disk"], "budget_bytes");
    let of = budget.map_or_else(String::new, |budget| format!(" of {}", bytes(Some(budget))));
    lines.push(String::new());
    lines.push(format!("On disk: {}{of}.", bytes(used)));
    let namespaces = namespaces(said);
    if list(said, "namespaces").next().is_some() {
        lines.push(String::new());
        lines.extend(namespaces.lines());
    }
    lines.push(String::new());
    lines.extend(cloudwatch(&said["cloudwatch"], explain));
    lines
}

fn tables(said: &Value) -> TextTable {
    let heads = ["TABLE", "ROWS", "BYTES", "BYTES/ROW", "BYTES/DAY", "KEPT"];
    let mut table = TextTable::new(head(&heads));
    for one in list(said, "tables") {
        let number = |name: &str| one[name].as_f64();
        let each = number("bytes_on_disk")
            .zip(number("rows"))
            .filter(|(bytes, rows)| *rows > 0.0 && *bytes > 0.0)
            .map(|(bytes, rows)| bytes / rows);
        table.row(vec![
            one["table"].as_str().unwrap_or("-").to_owned(),
            count(number("rows")),
            bytes(number("bytes_on_disk")),
            each.map_or_else(|| "-".to_owned(), |each| format!("{each:.1}")),
            bytes(number("growth_bytes_per_day")),
            kept(number("retention_seconds")),
        ]);
    }
    table
}

fn namespaces(said: &Value) -> TextTable {
    let heads = [
        "NAMESPACE",
        "LOG-LINES",
        "LOG-BYTES",
        "ON-DISK",
        "BYTES/DAY",
        "KEPT",
        "METRIC-ROWS",
    ];
    let mut table = TextTable::new(head(&heads));
    for one in list(said, "namespaces") {
        let number = |name: &str| one[name].as_f64();
        table.row(vec![
            one["namespace"].as_str().unwrap_or("(hosts)").to_owned(),
            count(number("log_rows")),
            bytes(number("log_bytes_in")),
            bytes(number("log_bytes_on_disk")),
            bytes(number("log_growth_bytes_per_day")),
            kept(number("retention_seconds")),
            count(number("metric_rows")),
        ]);
    }
    table
}

/// Seconds as days or hours.
fn kept(seconds: Option<f64>) -> String {
    match seconds {
        None => "-".to_owned(),
        Some(seconds) if seconds >= 86_400.0 => format!("{:.0}d", seconds / 86_400.0),
        Some(seconds) => format!("{:.0}h", seconds / 3600.0),
    }
}

fn cloudwatch(estimate: &Value, explain: bool) -> Vec<String> {
    if estimate.is_null() {
        return vec!["CloudWatch: there are no rows yet to reckon with.".to_owned()];
    }
    let text = |of: &Value, name: &str| of[name].as_str().unwrap_or("-").to_owned();
    let number = |of: &Value, name: &str| of[name].as_f64();
    let heads = ["CLOUDWATCH", "QUANTITY", "UNIT", "USD/UNIT", "USD/MONTH"];
    let mut table = TextTable::new(heads.iter().enumerate().map(|(at, name)| {
        let left = at == 0 || at == 2;
        let align = if left { Align::Left } else { Align::Right };
        ((*name).to_owned(), align)
    }));
    let mut assumptions = Vec::new();
    let mut is_unconfirmed = false;
    for line in list(estimate, "lines") {
        let sign = if line["confirmed"] == false { "*" } else { "" };
        is_unconfirmed |= !sign.is_empty();
        let item = format!("{}{sign}", text(line, "item"));
        let price = number(line, "unit_price_usd");
        table.row(vec![
            item.clone(),
            number(line, "quantity").map_or_else(|| "-".to_owned(), |q| format!("{q:.1}")),
            text(line, "unit"),
            price.map_or_else(|| "tiers".to_owned(), |price| price.to_string()),
            number(line, "usd_month").map_or_else(|| "-".to_owned(), |usd| format!("{usd:.2}")),
        ]);
        assumptions.push(format!("{item}: {}", text(line, "assumption")));
    }
    let mut lines = table.lines();
    let total = number(estimate, "total_usd_month").unwrap_or_default();
    lines.push(String::new());
    lines.push(format!(
        "On CloudWatch this would cost about {total:.2} USD a month ({}, {}, list prices of {}).",
        text(estimate, "mode"),
        text(estimate, "region"),
        text(estimate, "as_of")
    ));
    if is_unconfirmed {
        lines.push("* a price or a rule that AWS publishes nowhere we could check".to_owned());
    }
    if explain {
        lines.push(String::new());
        lines.extend(assumptions);
    }
    lines
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_kept_and_what_it_would_cost_elsewhere() {
        let said = json!({
            "tables": [{"table": "pod", "rows": 100, "bytes_on_disk": 2048, "growth_bytes_per_day": 1024.0,
                "retention_seconds": 604_800}],
            "namespaces": [{"namespace": null, "log_rows": 3, "log_bytes_in": 5, "log_bytes_on_disk": 1, "metric_rows": 0,
                "retention_seconds": 3600}],
            "disk": {"used_bytes": 2048, "budget_bytes": 4096},
            "cloudwatch": {"region": "us-east-1", "mode": "standard", "as_of": "2026-08", "total_usd_month": 12.345,
                "lines": [{"item": "Custom metrics", "quantity": 41.15, "unit": "metric-month", "unit_price_usd": 0.3,
                    "usd_month": 12.345, "assumption": "counted", "confirmed": false}]},
        });
        let text = report(&said, true).join("\n");
        assert!(
            text.contains("pod      100   2.00Ki        20.5      1.00Ki     7d"),
            "{text}"
        );
        assert!(text.contains("On disk: 2.00Ki of 4.00Ki."), "{text}");
        assert!(text.contains("(hosts)"), "{text}");
        assert!(
            text.contains("about 12.35 USD a month (standard, us-east-1, list prices of 2026-08)"),
            "{text}"
        );
        assert!(text.contains("Custom metrics*: counted"), "{text}");
        let none = cloudwatch(&Value::Null, false);
        assert_eq!(none.len(), 1);
    }
}
