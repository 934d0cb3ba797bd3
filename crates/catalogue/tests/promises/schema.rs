//! Columns that files and agents in the field have are never taken away and never mean something else.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use catalogue::SCHEMA_VERSION;

use crate::{HOW, file, update};

/// Table and column, and what must not change about it.
type Columns = BTreeMap<(String, String), String>;

fn current() -> Columns {
    let mut columns = Columns::new();
    for table in catalogue::ALL {
        for c in table.columns {
            columns.insert(
                (table.name.to_owned(), c.name.to_owned()),
                format!("{:?} {:?} {}", c.kind, c.temporality, c.unit)
                    .trim_end()
                    .to_owned(),
            );
        }
    }
    columns
}

fn parse(text: &str) -> Columns {
    let line = |line: &str| {
        let mut words = line.splitn(3, ' ').map(str::to_owned);
        Some(((words.next()?, words.next()?), words.next()?))
    };
    text.lines()
        .map(|l| line(l).unwrap_or_else(|| panic!("not a column: {l}")))
        .collect()
}

/// A column in `old` that `new` lacks or tells differently.
fn broken(old: &Columns, new: &Columns) -> Option<String> {
    old.iter().find_map(
        |((table, column), was)| match new.get(&(table.clone(), column.clone())) {
            None => Some(format!("{table}.{column} is gone")),
            Some(is) if is != was => Some(format!("{table}.{column} was {was} and is {is}")),
            Some(_) => None,
        },
    )
}

#[test]
fn columns_of_every_version_are_kept() {
    let now = current();
    for version in 1..=SCHEMA_VERSION {
        let path = file(&format!("tests/golden/schema-{version}.txt"));
        let golden = std::fs::read_to_string(&path).map(|text| parse(&text));
        if let Ok(old) = &golden
            && let Some(what) = broken(old, &now)
        {
            panic!("schema version {version}: {what}; columns are only ever added");
        }
        if version == SCHEMA_VERSION && update() {
            let mut text = String::new();
            for ((table, column), what) in &now {
                writeln!(text, "{table} {column} {what}").unwrap();
            }
            std::fs::write(&path, text).unwrap();
        } else if let Err(error) = golden {
            panic!("{}: {error}; {HOW}", path.display());
        }
    }
}

#[test]
fn comparison_sees_what_breaks_files() {
    let old = parse("pod time Time Identity\npod a Integer Delta us");
    let told = |text: &str| broken(&old, &parse(text));
    assert_eq!(
        told("pod time Time Identity\npod a Integer Delta us\npod b Float Gauge 1"),
        None
    );
    assert!(
        told("pod time Time Identity")
            .unwrap()
            .contains("pod.a is gone")
    );
    assert!(
        told("pod time Time Identity\npod a Float Delta us")
            .unwrap()
            .contains("was Integer")
    );
    assert!(told("pod time Time Identity\npod a Integer Gauge us").is_some());
    assert!(told("pod time Time Identity\npod a Integer Delta ms").is_some());
}
