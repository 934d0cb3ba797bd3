//! Tables and columns hold together.

use std::collections::{HashMap, HashSet};

use catalogue::{ALL, ColumnType, Table, TableKind, Temporality, Tier};

/// Every unit that a column may have, in UCUM's notation.
const UNITS: &[&str] = &[
    "",
    "1",
    "us",
    "ns",
    "By",
    "By/s",
    "{collision}",
    "{connection}",
    "{container}",
    "{core}",
    "{cpu}",
    "{endpoint}",
    "{error}",
    "{event}",
    "{fault}",
    "{file}",
    "{inode}",
    "{interrupt}",
    "{line}",
    "{operation}",
    "{packet}",
    "{page}",
    "{period}",
    "{pod}",
    "{process}",
    "{replica}",
    "{restart}",
    "{row}",
    "{segment}",
    "{socket}",
    "{switch}",
    "{task}",
];

fn columns() -> impl Iterator<Item = (&'static Table, &'static catalogue::Column)> {
    ALL.iter()
        .flat_map(|t| t.columns.iter().map(move |c| (*t, c)))
}

#[test]
fn names_are_unique_and_plain() {
    let mut tables = HashSet::new();
    for table in ALL {
        assert!(tables.insert(table.name), "{}", table.name);
        assert_eq!(
            catalogue::table(table.name).map(|t| t.name),
            Some(table.name)
        );
        let mut names = HashSet::new();
        for column in table.columns {
            assert!(
                names.insert(column.name),
                "{}.{} twice",
                table.name,
                column.name
            );
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            assert!(column.name.chars().all(plain), "{}", column.name);
        }
    }
    let expected = [
        "node",
        "node_disk",
        "node_filesystem",
        "node_network",
        "pod",
        "pod_network",
        "container",
        "volume",
        "log",
        "log_ledger",
        "identity",
        "object",
        "event",
        "verdict",
        "alarm_history",
        "control_plane",
        "sample",
    ];
    assert_eq!(tables, expected.into());
}

#[test]
fn a_rollup_column_never_hides_another() {
    for table in ALL.iter().filter(|t| t.has_rollups()) {
        let schema = table.schema_in(Tier::Minute);
        let mut names = HashSet::new();
        for field in schema.fields() {
            assert!(
                names.insert(field.name()),
                "{}_1m.{} twice",
                table.name,
                field.name()
            );
        }
    }
}

#[test]
fn keys_and_orders_are_columns() {
    for table in ALL {
        assert_eq!(table.columns[0].name, "time", "{}", table.name);
        assert_eq!(table.columns[0].kind, ColumnType::Time);
        assert_eq!(table.columns[0].temporality, Temporality::Identity);
        // Records of one moment may have an order of their own after it.
        let time = table.sort.iter().position(|name| *name == "time").unwrap();
        let (entity, after) = table.sort.split_at(time);
        assert!(
            after.len() == 1 || table.kind == TableKind::Record,
            "{}",
            table.name
        );
        for name in table.key.iter().chain(entity) {
            let column = table
                .column(name)
                .unwrap_or_else(|| panic!("{}.{name}", table.name));
            assert_eq!(
                column.temporality,
                Temporality::Identity,
                "{}.{name}",
                table.name
            );
        }
        for field in table.schema().fields() {
            assert_eq!(
                field.is_nullable(),
                field.name() != "time",
                "{}.{}",
                table.name,
                field.name()
            );
        }
    }
}

#[test]
fn measurement_rows_know_their_length_and_place() {
    for table in ALL.iter().filter(|t| t.kind == TableKind::Measurement) {
        let has = |name: &str, temporality| {
            let column = table
                .column(name)
                .unwrap_or_else(|| panic!("{}.{name}", table.name));
            assert_eq!(column.temporality, temporality, "{}.{name}", table.name);
        };
        has("interval_usec", Temporality::Delta);
        has("read_delay_usec", Temporality::Gauge);
        has("cluster", Temporality::Identity);
    }
}

#[test]
fn units_are_known_and_agree_with_names() {
    for (table, column) in columns() {
        let name = column.name;
        let at = format!("{}.{name} in {:?}", table.name, column.unit);
        assert!(UNITS.contains(&column.unit), "{at}");
        let is_number = matches!(column.kind, ColumnType::Integer | ColumnType::Float);
        if !is_number {
            assert_eq!(column.unit, "", "{at}");
        }
        if column.temporality == Temporality::Delta
            || column.temporality == Temporality::Gauge
            || column.temporality == Temporality::Constant
        {
            assert_ne!(column.unit, "", "{at}");
        }
        for (ending, unit) in [("_usec", "us"), ("_bytes", "By"), ("_nsec", "ns")] {
            if name.ends_with(ending) {
                assert_eq!(column.unit, unit, "{at}");
            }
            // The log's position in a file is a plain word everywhere.
            if column.unit == unit && name != "offset" {
                assert!(name.ends_with(ending), "{at}");
            }
        }
        if name.ends_with("_time") {
            assert_eq!(column.kind, ColumnType::Time, "{at}");
        }
    }
}

#[test]
fn only_what_can_be_added_up_is_measured() {
    for (table, column) in columns() {
        let at = format!("{}.{}", table.name, column.name);
        match column.temporality {
            Temporality::Delta => assert_eq!(column.kind, ColumnType::Integer, "{at}"),
            Temporality::Gauge | Temporality::Constant => {
                assert!(
                    matches!(column.kind, ColumnType::Integer | ColumnType::Float),
                    "{at}"
                );
            }
            Temporality::Identity => {
                assert!(
                    matches!(column.kind, ColumnType::Text | ColumnType::Time),
                    "{at}"
                );
            }
            Temporality::Attribute => {}
        }
    }
}

#[test]
fn a_name_means_the_same_in_every_table() {
    let mut seen: HashMap<&str, (&str, ColumnType, &str)> = HashMap::new();
    for (table, column) in columns() {
        let (other, kind, unit) =
            *seen
                .entry(column.name)
                .or_insert((table.name, column.kind, column.unit));
        assert_eq!(
            (column.kind, column.unit),
            (kind, unit),
            "{} in {} and {other}",
            column.name,
            table.name
        );
    }
}

#[test]
fn texts_are_there() {
    for (table, column) in columns() {
        let at = format!("{}.{}", table.name, column.name);
        assert!(
            column.help.ends_with(['.', '…']) || column.help.ends_with("}."),
            "{at}: help"
        );
        assert!(
            !column.source.is_empty() && !column.source.ends_with('.'),
            "{at}: source"
        );
        assert!(
            !column.absent.is_empty() && !column.absent.ends_with('.'),
            "{at}: absent"
        );
    }
}

#[test]
fn fixed_names_are_where_others_expect_them() {
    let cgroup = [
        "time",
        "interval_usec",
        "cluster",
        "node",
        "namespace",
        "pod",
        "pod_uid",
        "cpu_usage_usec",
        "cpu_user_usec",
        "cpu_system_usec",
        "cpu_throttled_usec",
        "memory_usage_bytes",
        "memory_working_set_bytes",
        "memory_limit_bytes",
        "node_cpu_cores",
        "node_memory_total_bytes",
        "exited",
        "lifetime_usec",
    ];
    let expected: &[(&str, &[&str])] = &[
        ("container", &cgroup),
        (
            "container",
            &[
                "container",
                "container_id",
                "container_kind",
                "runtime",
                "cgroup_path",
                "started_time",
            ],
        ),
        ("pod", &cgroup),
        ("pod", &["network_rx_bytes", "network_tx_bytes"]),
        (
            "node",
            &[
                "cpu_usage_usec",
                "memory_working_set_bytes",
                "network_rx_bytes",
                "node_cpu_cores",
                "boot_id",
            ],
        ),
        (
            "pod_network",
            &["network_rx_bytes", "network_tx_bytes", "interface"],
        ),
        (
            "node_network",
            &["network_rx_bytes", "network_tx_bytes", "interface"],
        ),
        (
            "log",
            &[
                "time",
                "stream",
                "message",
                "time_nsec",
                "file",
                "offset",
                "truncated_bytes",
            ],
        ),
        ("sample", &["name", "labels", "value"]),
    ];
    for (table, names) in expected {
        let found = catalogue::table(table).unwrap();
        for name in *names {
            assert!(found.column(name).is_some(), "{table}.{name}");
        }
    }
}
