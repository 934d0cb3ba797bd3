//! Other stores on this machine, given the same samples: servers of Debian's packages, on loopback, with data in a
//! temporary folder, ended when the bench ends.

mod prometheus;
mod server;
mod victoria_metrics;

use std::fmt::Write as _;
use std::path::Path;

pub(crate) use prometheus::Prometheus;
pub(crate) use victoria_metrics::VictoriaMetrics;

use crate::bench::Failure;
use crate::load::History;

/// The text of one entity's labels, `cluster="production",node="…"`, as both JSON keys and text formats need them.
fn labels(history: &History) -> Vec<(&'static str, String)> {
    const COLUMNS: [&str; 7] = [
        "cluster",
        "node",
        "namespace",
        "pod",
        "pod_uid",
        "container",
        "container_id",
    ];
    COLUMNS
        .iter()
        .filter_map(|column| Some((*column, history.names.text(column)?)))
        .collect()
}

/// What a measurement is called there: `pod_cpu_usage_usec`.
pub(crate) fn metric_name(table: &catalogue::Table, column: &str) -> String {
    format!("{}_{column}", table.name)
}

/// Bytes of the files below a folder.
pub(crate) fn folder_bytes(folder: &Path) -> std::io::Result<u64> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() {
            bytes += folder_bytes(&entry.path())?;
        } else if kind.is_file() {
            bytes += entry.metadata()?.len();
        }
    }
    Ok(bytes)
}

/// Text for a URL's query.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                out.push(char::from(byte))
            }
            other => {
                let _ = write!(out, "%{other:02X}");
            }
        }
    }
    out
}

/// One PromQL question: over a range if it has a step, else at its end.
#[derive(Debug, Clone)]
pub(crate) struct Question {
    pub(crate) expression: String,
    pub(crate) start_seconds: i64,
    pub(crate) end_seconds: i64,
    pub(crate) step_seconds: Option<i64>,
}

impl Question {
    fn path(&self) -> String {
        let expression = escape(&self.expression);
        let (start, end) = (self.start_seconds, self.end_seconds);
        match self.step_seconds {
            Some(step) => format!(
                "/api/v1/query_range?query={expression}&start={start}&end={end}&step={step}&nocache=1"
            ),
            None => format!("/api/v1/query?query={expression}&time={end}&nocache=1"),
        }
    }
}

/// The number of series in an answer, and the mean of every value in it.
pub(crate) fn digest(body: &str) -> Result<(usize, f64), Failure> {
    let answer: serde_json::Value = serde_json::from_str(body)?;
    let series = answer["data"]["result"].as_array().ok_or_else(|| {
        format!(
            "no result in the answer: {}",
            body.chars().take(200).collect::<String>()
        )
    })?;
    let number = |pair: &serde_json::Value| pair[1].as_str()?.parse::<f64>().ok();
    let values: Vec<f64> = series
        .iter()
        .flat_map(|s| match s["values"].as_array() {
            Some(values) => values.iter().filter_map(number).collect::<Vec<_>>(),
            None => number(&s["value"]).into_iter().collect(),
        })
        .collect();
    Ok((
        series.len(),
        values.iter().sum::<f64>() / values.len().max(1) as f64,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_told_in_two_numbers() {
        let body = r#"{"data":{"result":[{"values":[[1,"2"],[2,"4"]]},{"values":[[1,"6"]]}]}}"#;
        assert_eq!(digest(body).unwrap(), (2, 4.0));
        assert_eq!(
            digest(r#"{"data":{"result":[{"value":[1,"3"]}]}}"#).unwrap(),
            (1, 3.0)
        );
        assert!(digest(r#"{"status":"error"}"#).is_err());
    }

    #[test]
    fn a_query_survives_its_url() {
        assert_eq!(
            escape("avg by (a) (x{b=\"c\"})"),
            "avg%20by%20%28a%29%20%28x%7Bb%3D%22c%22%7D%29"
        );
    }
}
