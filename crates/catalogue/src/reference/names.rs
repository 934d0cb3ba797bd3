//! The dialects' names, by where others get them.

use std::fmt::Write as _;

use super::{code, grid};
use crate::derived::{Derivation, all as derivations};
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
        if dialect == Dialect::ContainerInsights {
            found_later(page);
            page.push_str(DIFFERENCES);
        }
    }
    not_yet(page);
}

const INSIGHTS: &str = "\
By the `Type` of the log event that carries the metric. CPU is in millicores without a unit, percentages run from 0
to 100. *Standard* and *enhanced* are the dimension sets in each mode; a dash is a field of the log event only.";

const DIFFERENCES: &str = "
### Other than AWS's agent

- Metrics of nodes need no `InstanceId`: elsewhere than on EC2 it is the machine's id, so that nothing is left out.
- `node_diskio_*_total` is reads and writes together on every kernel; cgroup v2, where AWS's agent has none, too.
- File systems of containers are the kubelet's, so that containerd and CRI-O have them; `/` of a node is what
  `/proc/1/mountinfo` and statfs say of each device, and `device` is kept.
- A pod of a job of a cron job is the cron job's, by its owner references and not by the length of a name.
- Pods are found by `pod<uid>` anywhere in a cgroup's path, so that nested clusters (kind, minikube) have them.
- A pod behind several services counts in each; AWS's agent picks one.
- `service_number_of_running_pods` is 0 for a service without a ready pod; AWS's agent leaves it out.
- `replicas_ready` of a daemon set is how many are ready, not how many are scheduled.
- Network of pods that use their node's is null, not the node's once more.
- A node's requests are those of the pods that it has and that are not deleted; a completed pod counts until then. A
  pod's requests are the scheduler's: with init containers and overhead.
- `daemonset_status_number_*` are there; AWS's agent declares them only.
- `node_memory_failcnt` and `node_memory_max_usage` have no source on any kernel; the `async` and `sync` parts of
  disks exist on cgroup v1 alone, where they are not the disks'.

### Dimensions

Filters and groupings take CloudWatch's names as well: `ClusterName`, `NodeName`, `InstanceId` (of a node), `Namespace`,
`Service`, `PodName` (the workload; of a stateful set's pod its own name), `FullPodName`, `ContainerName`,
`PersistentVolumeClaimName`. Beside columns, rows of pods, containers, their network, volumes and logs have what
`identity` knows of the pod at the row's time: `workload_kind`, `workload`, `pod_name`, `owner_kind`, `owner_name`,
`service`, `qos_class`, `priority_class`, `service_account`, `label.<key>`, `annotation.<key>`. What holds at the end of
a sample counts; a deleted pod keeps its names.
";

fn found_later(page: &mut String) {
    page.push_str("\n### Found at question time\n\nNumbers in formulas that are no columns.\n\n");
    grid(
        page,
        &["name", "table", "unit", "what", "from"],
        derivations().map(|d| {
            let from = match d.from {
                Derivation::Text { column, any } => format!("{column} in {}", any.join(", ")),
                Derivation::Labels { column, keys, any } => {
                    let keys = if keys.is_empty() {
                        "any".to_owned()
                    } else {
                        keys.join(", ")
                    };
                    format!("{column} {keys}: {}", any.join(", "))
                }
                Derivation::Request(_) => "identity, by pod_uid and time".to_owned(),
                Derivation::NodeRequests(_) => "identity, by node and time".to_owned(),
            };
            vec![
                code(d.name),
                code(d.table),
                code(d.unit),
                d.help.to_owned(),
                from,
            ]
        }),
    );
}

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
                    remarks(metric),
                ]);
                if let Some(publication) = metric.publication {
                    row.extend(published(publication));
                }
                row
            }),
    );
}

/// When it is absent, and what one sample of it is if not a row.
fn remarks(metric: &Metric) -> String {
    let mut remarks = metric.absent.to_owned();
    if !metric.gather.is_empty() {
        let separator = if remarks.is_empty() { "" } else { "; " };
        let by = metric.gather.join(", ");
        let _ = write!(remarks, "{separator}rows of one time are added up by {by}");
    }
    remarks
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
