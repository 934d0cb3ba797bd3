//! `--histogram` and `--patterns`: what the lines are like, instead of the lines.

use serde_json::{Value, json};

use super::asked::Asked;
use super::{LogsArgs, Output};
use crate::ask::client::Client;
use crate::exit::Failure;
use crate::print::{Align, Stdout, TextTable, percent};

/// Buckets of a histogram: as many as fit on a screen.
const BUCKETS: u64 = 30;
/// Patterns when nothing else is said.
const PATTERNS: u64 = 50;
/// Characters of the longest bar.
const BAR: usize = 40;
/// Levels in the order of their columns, the worst first; `""` is none.
const LEVELS: &[&str] = &["fatal", "error", "warn", "info", "debug", "trace", ""];

/// Shows what was asked for.
pub(super) fn run(
    client: &Client,
    asked: &Asked,
    args: &LogsArgs,
    out: &mut Stdout,
) -> Result<(), Failure> {
    let mut body = asked.body();
    body.insert("lines".to_owned(), json!(false));
    if args.histogram {
        body.insert("histogram".to_owned(), json!({"buckets": BUCKETS}));
    } else {
        let limit = match super::tail(args)? {
            super::Tail::Newest(most) if args.tail.is_some() => most,
            _ => PATTERNS,
        };
        body.insert("patterns".to_owned(), json!({"limit": limit}));
    }
    let answer = client.post("/api/logs", json!(body).to_string().as_bytes())?;
    let (part, lines) = if args.histogram {
        (&answer["histogram"], histogram(&answer["histogram"]))
    } else {
        (&answer["patterns"], patterns(&answer["patterns"]))
    };
    if args.output == Output::Json {
        out.line(&part.to_string())?;
    } else {
        for line in &lines {
            out.line(line)?;
        }
    }
    out.flush()?;
    if answer["stats"]["complete"] == false {
        eprintln!("Not every line was looked at: narrow the time or the filters.");
    }
    Ok(())
}

fn histogram(histogram: &Value) -> Vec<String> {
    let buckets = histogram["buckets"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    let total = |bucket: &Value| bucket["total"].as_u64().unwrap_or(0);
    let most = buckets.iter().map(total).max().unwrap_or(0);
    if most == 0 {
        return vec!["No lines.".to_owned()];
    }
    let of_level = |bucket: &Value, level: &str| bucket["levels"][level].as_u64().unwrap_or(0);
    let levels: Vec<&str> = LEVELS
        .iter()
        .copied()
        .filter(|level| buckets.iter().any(|bucket| of_level(bucket, level) > 0))
        .collect();
    let mut heads = vec![
        ("TIME".to_owned(), Align::Left),
        ("LINES".to_owned(), Align::Right),
    ];
    for level in &levels {
        let head = if level.is_empty() {
            "OTHER".to_owned()
        } else {
            level.to_ascii_uppercase()
        };
        heads.push((head, Align::Right));
    }
    heads.push((String::new(), Align::Left));
    let mut table = TextTable::new(heads);
    for bucket in buckets {
        let mut row = vec![
            bucket["time"].as_str().unwrap_or("-").to_owned(),
            total(bucket).to_string(),
        ];
        row.extend(
            levels
                .iter()
                .map(|level| of_level(bucket, level).to_string()),
        );
        row.push(bar(total(bucket), most));
        table.row(row);
    }
    table.lines()
}

/// A bar in eighths of a character.
fn bar(value: u64, most: u64) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = (value as f64 / most.max(1) as f64 * (BAR * 8) as f64).ceil() as usize;
    let mut bar = "█".repeat(eighths / 8);
    bar.push_str(EIGHTHS.get(eighths % 8).copied().unwrap_or_default());
    bar
}

fn patterns(patterns: &Value) -> Vec<String> {
    let patterns = patterns.as_array().map(Vec::as_slice).unwrap_or_default();
    if patterns.is_empty() {
        return vec!["No lines.".to_owned()];
    }
    let right = |head: &str| (head.to_owned(), Align::Right);
    let left = |head: &str| (head.to_owned(), Align::Left);
    let mut table = TextTable::new([
        right("LINES"),
        right("SHARE"),
        left("LEVEL"),
        left("TREND"),
        left("FIRST"),
        left("PATTERN"),
    ]);
    for pattern in patterns {
        let text = |name: &str| pattern[name].as_str().unwrap_or("-");
        table.row(vec![
            pattern["count"].to_string(),
            percent(pattern["share"].as_f64()),
            text("level").to_owned(),
            trend(&pattern["trend"]),
            text("first").to_owned(),
            super::text::clean(&text("pattern").replace('\n', "⏎"), false).into_owned(),
        ]);
    }
    table.lines()
}

/// Numbers as a line of small bars.
fn trend(values: &Value) -> String {
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let values: Vec<f64> = values
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default()
        .iter()
        .map(|value| value.as_f64().unwrap_or(0.0))
        .collect();
    let most = values.iter().copied().fold(0.0, f64::max);
    let bar = |value: f64| {
        if value <= 0.0 {
            return ' ';
        }
        let at = (value / most * 8.0).ceil() as usize;
        BARS.get(at.saturating_sub(1)).copied().unwrap_or('█')
    };
    values.into_iter().map(bar).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_is_a_line_with_a_bar() {
        let answer = json!({"buckets": [
            {"time": "t1", "total": 4, "levels": {"error": 1, "": 3}},
            {"time": "t2", "total": 2, "levels": {"": 2}},
            {"time": "t3", "total": 0, "levels": {}},
        ]});
        assert_eq!(
            histogram(&answer),
            [
                "TIME   LINES   ERROR   OTHER".to_owned(),
                format!("t1         4       1       3   {}", "█".repeat(40)),
                format!("t2         2       0       2   {}", "█".repeat(20)),
                "t3         0       0       0".to_owned(),
            ]
        );
        assert_eq!(histogram(&json!({"buckets": []})), ["No lines."]);
        assert_eq!(bar(1, 1_000_000), "▏", "one line is seen among a million");
    }

    #[test]
    fn a_pattern_is_a_line_with_its_trend() {
        let answer = json!([{"pattern": "GET <*>\n in <*>ms", "count": 120, "share": 0.4, "level": "info",
            "first": "t1", "trend": [0, 1, 4, 8]}]);
        let lines = patterns(&answer);
        assert_eq!(
            lines[1].split_whitespace().collect::<Vec<_>>(),
            [
                "120",
                "40.0%",
                "info",
                "▁▄█",
                "t1",
                "GET",
                "<*>⏎",
                "in",
                "<*>ms"
            ]
        );
    }
}
