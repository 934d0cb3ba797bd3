//! `kansoku top`: what uses the most, now. Columns as users of `kubectl top` and `docker stats` know them.

mod columns;
mod entity;
mod kind;
mod watch;

use std::cmp::Ordering;

use clap::{Args, ValueEnum};

use super::client::{AskError, Client, ServerArgs};
use crate::exit::Failure;
use crate::print::{Stdout, TextTable};
use columns::Column;
use entity::Entity;
use kind::Kind;

/// What the command takes.
#[derive(Debug, Args)]
pub(crate) struct TopArgs {
    /// What to list
    #[arg(value_enum, value_name = "WHAT")]
    kind: Kind,

    /// By what to sort; the most comes first, names in alphabetical order
    #[arg(long, short, value_enum, default_value_t = Sort::Cpu)]
    sort: Sort,

    /// Only this namespace
    #[arg(long, short, value_name = "NAME")]
    namespace: Option<String>,

    /// Only this node
    #[arg(long, value_name = "NAME")]
    node: Option<String>,

    /// Only names that contain this text
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,

    /// At most so many lines
    #[arg(long, value_name = "NUMBER", default_value_t = 1000)]
    limit: usize,

    /// Containers: also slices and the pause containers of pods, whose use is counted in others already
    #[arg(long, short)]
    all: bool,

    /// Show it again every few seconds, until Ctrl-C
    #[arg(long, short, value_name = "SECONDS", num_args = 0..=1, default_missing_value = "5", value_parser = clap::value_parser!(u64).range(1..=3600))]
    watch: Option<u64>,

    #[command(flatten)]
    server: ServerArgs,
}

/// By what lines are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Sort {
    /// CPU time
    Cpu,
    /// Working set; of a file system, what is used
    Memory,
    /// Bytes received and sent
    Network,
    /// Bytes read and written
    Io,
    /// Tasks
    Pids,
    /// Time for which the CPU quota held tasks back
    Throttled,
    /// Name
    Name,
}

pub(crate) fn run(args: TopArgs) -> Result<(), Failure> {
    let client = Client::new(&args.server)?;
    if args.namespace.is_some() && !args.kind.has_namespace() {
        return Err(Failure::usage(format!(
            "{} are in no namespace: leave --namespace out",
            args.kind.word()
        )));
    }
    match args.watch {
        None => {
            let mut out = Stdout::lock();
            for line in look(&client, &args)? {
                out.line(&line)?;
            }
            Ok(out.flush()?)
        }
        Some(seconds) => watch::run(
            std::time::Duration::from_secs(seconds),
            client.base(),
            || look(&client, &args),
        ),
    }
}

/// The table as it is now.
fn look(client: &Client, args: &TopArgs) -> Result<Vec<String>, AskError> {
    let entities = entity::list(
        client,
        &args.kind.path(
            args.node.as_deref(),
            args.namespace.as_deref(),
            args.search.as_deref(),
        ),
    )?;
    let mut entities: Vec<Entity> = entities
        .into_iter()
        .filter(|entity| args.all || args.kind.counts(entity))
        .collect();
    if let Some(groups) = args.kind.groups() {
        entities = entity::added_up(&entities, groups);
    }
    sort(&mut entities, args.kind, args.sort);
    let columns = args.kind.columns();
    let mut table = TextTable::new(
        columns
            .iter()
            .map(|column| (column.head.to_owned(), column.align)),
    );
    for entity in entities.iter().take(args.limit) {
        table.row(columns.iter().map(|column| (column.cell)(entity)).collect());
    }
    let mut lines = table.lines();
    if entities.is_empty() {
        lines = vec![format!(
            "No {} have reported within the last minutes.",
            args.kind.word()
        )];
    } else if entities.len() > args.limit {
        lines.push(format!(
            "… and {} more (--limit)",
            entities.len() - args.limit
        ));
    }
    Ok(lines)
}

fn sort(entities: &mut [Entity], kind: Kind, by: Sort) {
    let name = |entity: &Entity| {
        kind.columns()
            .iter()
            .take(3)
            .map(|Column { cell, .. }| cell(entity))
            .collect::<Vec<_>>()
    };
    let key = |entity: &Entity| columns::sort_key(entity, by);
    entities.sort_by(|a, b| {
        let by_value = match (key(a), key(b)) {
            (Some(a), Some(b)) => b.total_cmp(&a),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => Ordering::Equal,
        };
        by_value.then_with(|| name(a).cmp(&name(b)))
    });
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn container(name: &str, cpu: Option<u64>, memory: u64) -> Entity {
        Entity::new(json!({"container": name, "latest": {
            "interval_usec": 10_000_000, "cpu_usage_usec": cpu, "memory_working_set_bytes": memory,
        }}))
    }

    #[test]
    fn the_most_comes_first_and_the_unknown_last() {
        let mut all = [
            container("b", Some(5), 3),
            container("x", None, 9),
            container("a", Some(5), 1),
            container("c", Some(7), 2),
        ];
        let order = |all: &[Entity]| {
            all.iter()
                .map(|e| e.text("container").unwrap_or_default().to_owned())
                .collect::<String>()
        };
        sort(&mut all, Kind::Containers, Sort::Cpu);
        assert_eq!(order(&all), "cabx");
        sort(&mut all, Kind::Containers, Sort::Memory);
        assert_eq!(order(&all), "xbca");
        sort(&mut all, Kind::Containers, Sort::Name);
        assert_eq!(order(&all), "abcx");
    }
}
