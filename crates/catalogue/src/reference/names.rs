//! The dialects' names, by where others get them.

use std::fmt::Write as _;

use super::{code, grid};
use crate::metric::{Dialect, DimensionSet, Metric, Publication, Rows};
use crate::names::{metrics, waiting};

pub(super) fn write(page: &mut String) {
    for (dialect, introduction) in [
        (Dialect::ContainerInsights, INSIGHTS),
        (Dialect::Prometheus, PROMETHEUS),
        (Dialect::OpenTelemetry, OPENTELEMETRY),
    ] {
        let _ = write!(page, "\n## {dialect}\n\n{introduction}\n");
        let all: Vec<&Metric> = metrics().filter(|m| m.dialect == dialect).collect();
        for origin in distinct(all.iter().map(|m| m.origin)) {
            let metrics: Vec<&Metric> =
                all.iter().copied().filter(|m| m.origin == origin).collect();
            section(page, origin, &metrics);
        }
    }
    not_yet(page);
}

const INSIGHTS: &str = "\
By the `Type` of the log event that carries the metric. CPU is in millicores without a unit, percentages run from 0
to 100. *Standard* and *enhanced* are the dimension sets in each mode; a dash is a field of the log event only.";

const PROMETHEUS: &str = "\
A counter is the running sum of its formula over the rows of an entity. A value that others give as a made-up 0 (no
limit, no pressure file) is absent. In a formula a time counts in microseconds since 1970, true as 1, false as 0.";

const OPENTELEMETRY: &str = "\
Names of the semantic conventions v1.44, and of the collector's receivers where they differ. A counter is a monotonic
cumulative sum.";

/// The rows that several metrics of an origin share, with the labels that all of them have.
struct Source<'a> {
    table: &'static str,
    rows: Rows,
    label_columns: &'a [(&'static str, &'static str)],
    labels: Vec<(&'static str, &'static str)>,
}

fn sources<'a>(metrics: &[&'a Metric]) -> Vec<Source<'a>> {
    let mut sources: Vec<Source<'a>> = Vec::new();
    for metric in metrics {
        let same = sources.iter_mut().find(|s| {
            s.table == metric.table
                && s.rows == metric.rows
                && s.label_columns == metric.label_columns
        });
        match same {
            Some(source) => source.labels.retain(|label| metric.labels.contains(label)),
            None => sources.push(Source {
                table: metric.table,
                rows: metric.rows,
                label_columns: &metric.label_columns,
                labels: metric.labels.clone(),
            }),
        }
    }
    sources
}

impl Source<'_> {
    fn of(&self, metric: &Metric) -> bool {
        self.table == metric.table
            && self.rows == metric.rows
            && self.label_columns == metric.label_columns
    }
}

fn section(page: &mut String, origin: &str, metrics: &[&Metric]) {
    let sources = sources(metrics);
    let _ = write!(page, "\n### {origin}\n\n");
    if let [source] = sources.as_slice() {
        let _ = write!(page, "Table {}", code(source.table));
        if source.rows != Rows::All {
            let _ = write!(page, ", rows with {}", code(source.rows));
        }
        if !labels(source).is_empty() {
            let _ = write!(page, ", labels {}", labels(source));
        }
        page.push_str(".\n\n");
    } else {
        grid(
            page,
            &["of", "table", "rows", "labels"],
            sources
                .iter()
                .enumerate()
                .map(|(i, s)| vec![(i + 1).to_string(), code(s.table), code(s.rows), labels(s)]),
        );
        page.push('\n');
    }
    let insights = metrics.iter().any(|m| m.publication.is_some());
    let several = sources.len() > 1;
    let mut head = vec!["name", "kind", "unit"];
    head.extend(several.then_some("of"));
    head.extend(["formula", "what", "absent, or different"]);
    head.extend(
        insights
            .then_some(["standard", "enhanced"])
            .into_iter()
            .flatten(),
    );
    grid(
        page,
        &head,
        merged(metrics, &sources)
            .into_iter()
            .map(|(metric, name, of)| {
                let mut row = vec![code(name), metric.kind.to_string(), code(metric.unit)];
                row.extend(several.then_some(of));
                row.extend([
                    code(&metric.formula),
                    metric.help.to_owned(),
                    metric.absent.to_owned(),
                ]);
                if let Some(publication) = metric.publication {
                    row.extend(published(publication));
                }
                row
            }),
    );
}

/// Metrics that differ only in their rows, as one: the metric, its name with its own labels, its sources.
fn merged<'a>(metrics: &[&'a Metric], sources: &[Source<'_>]) -> Vec<(&'a Metric, String, String)> {
    let mut merged: Vec<(&Metric, String, String)> = Vec::new();
    for metric in metrics {
        let Some(at) = sources.iter().position(|s| s.of(metric)) else {
            continue;
        };
        let own: Vec<String> = metric
            .labels
            .iter()
            .filter(|label| !sources[at].labels.contains(label))
            .map(|(label, value)| format!("{label}=\"{value}\""))
            .collect();
        let name = match own.is_empty() {
            true => metric.name.to_owned(),
            false => format!("{}{{{}}}", metric.name, own.join(",")),
        };
        let same = merged.iter_mut().find(|(other, other_name, _)| {
            *other_name == name
                && other.formula == metric.formula
                && other.help == metric.help
                && other.absent == metric.absent
        });
        match same {
            Some((_, _, of)) => {
                let _ = write!(of, " {}", at + 1);
            }
            None => merged.push((metric, name, (at + 1).to_string())),
        }
    }
    merged
}

fn labels(source: &Source<'_>) -> String {
    let fixed = source
        .labels
        .iter()
        .map(|(label, value)| format!("{label}=\"{value}\""));
    let columns = source
        .label_columns
        .iter()
        .map(|(label, column)| match label == column {
            true => (*label).to_owned(),
            false => format!("{label} = {column}"),
        });
    fixed
        .chain(columns)
        .map(code)
        .collect::<Vec<_>>()
        .join(", ")
}

/// Dimension sets by the short names that the introduction of the last section explains.
fn published(publication: Publication) -> [String; 2] {
    [publication.standard, publication.enhanced].map(|sets| match sets {
        [] => "–".to_owned(),
        sets => sets
            .iter()
            .map(|set| short(set))
            .collect::<Vec<_>>()
            .join(", "),
    })
}

/// A dimension set without `ClusterName`, which all of them have.
fn short(set: DimensionSet) -> String {
    let rest: Vec<&str> = set
        .iter()
        .copied()
        .filter(|name| *name != "ClusterName")
        .collect();
    if rest.is_empty() {
        "cluster".to_owned()
    } else {
        rest.join("+")
    }
}

fn not_yet(page: &mut String) {
    page.push_str(
        "\n## Not yet\n\nNames of Container Insights that wait for a source that is not read yet.\n\n",
    );
    let all: Vec<_> = waiting().collect();
    grid(
        page,
        &["waits for", "names"],
        distinct(all.iter().map(|w| w.needs))
            .into_iter()
            .map(|needs| {
                let names: Vec<String> = all
                    .iter()
                    .filter(|w| w.needs == needs)
                    .map(|w| code(w.name))
                    .collect();
                vec![needs.to_owned(), names.join(" ")]
            }),
    );
}

/// Each value once, in the order of first appearance.
fn distinct(values: impl Iterator<Item = &'static str>) -> Vec<&'static str> {
    let mut distinct = Vec::new();
    for value in values {
        if !distinct.contains(&value) {
            distinct.push(value);
        }
    }
    distinct
}
