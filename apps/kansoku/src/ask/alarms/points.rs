//! The data points that an evaluation saw.

use serde_json::Value;

use super::words::{number, table, text, time};

/// A line for each point, oldest first, behind `indent`; missing ones are marked.
pub(super) fn lines(points: &Value, indent: &str) -> Vec<String> {
    let all: Vec<&Value> = points.as_array().into_iter().flatten().collect();
    let has_band = |point: &&Value| !point["lower"].is_null() || !point["upper"].is_null();
    let has_bands = all.iter().any(has_band);
    let mut heads = vec!["PERIOD", "VALUE"];
    if has_bands {
        heads.push("BAND");
    }
    heads.push("COUNTED");
    let mut table = table(&heads);
    for point in &all {
        let mut row = vec![time(&point["time"]), value(point)];
        if has_bands {
            row.push(band(point));
        }
        row.push(counted(&point["counted"]));
        table.row(row);
    }
    match all.is_empty() {
        true => Vec::new(),
        false => table
            .lines()
            .iter()
            .map(|line| format!("{indent}{line}"))
            .collect(),
    }
}

fn value(point: &Value) -> String {
    match point["value"].is_null() {
        true => "missing".to_owned(),
        false => number(&point["value"]),
    }
}

fn band(point: &Value) -> String {
    match point["lower"].is_null() && point["upper"].is_null() {
        true => "none".to_owned(),
        false => format!("{} to {}", number(&point["lower"]), number(&point["upper"])),
    }
}

/// What it was counted as, in words.
fn counted(counted: &Value) -> String {
    match counted.as_str().unwrap_or_default() {
        "Breaching" => "breaches",
        "NotBreaching" => "does not breach",
        "LeftOut" => "left out, there are enough newer ones",
        "Missing" => "passed over",
        "FilledBreaching" => "as breaching",
        "FilledNotBreaching" => "as not breaching",
        _ => return text(counted),
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn missing_points_are_marked() {
        let points = json!([
            {"time": "2026-11-25T20:31:00.000Z", "value": 0.25, "counted": "NotBreaching", "lower": null, "upper": null},
            {"time": "2026-11-25T20:32:00.000Z", "value": null, "counted": "FilledBreaching", "lower": null, "upper": null},
        ]);
        assert_eq!(
            lines(&points, "  "),
            [
                "  PERIOD                 VALUE     COUNTED",
                "  2026-11-25T20:31:00Z   0.25      does not breach",
                "  2026-11-25T20:32:00Z   missing   as breaching",
            ]
        );
        assert!(lines(&json!([]), "").is_empty());
        assert!(lines(&Value::Null, "").is_empty());
    }

    #[test]
    fn bands_are_shown_where_there_are_any() {
        let points = json!([
            {"time": "2026-11-25T20:31:00Z", "value": 9, "counted": "Breaching", "lower": 1.5, "upper": 3},
            {"time": "2026-11-25T20:32:00Z", "value": 2, "counted": "Missing", "lower": null, "upper": null},
        ]);
        let lines = lines(&points, "");
        assert!(
            lines[1].contains("9       1.5 to 3   breaches"),
            "{lines:#?}"
        );
        assert!(
            lines[2].contains("2       none       passed over"),
            "{lines:#?}"
        );
    }
}
