//! Raw rows added up to rollup rows, as the catalogue defines them, with nothing but maps: to compare with.

use std::collections::BTreeMap;

use catalogue::{Table, Temporality, Tier};
use serde_json::{Map, Value, json};

type Row = (i64, Value);

fn key(table: &Table, row: &Value) -> Vec<String> {
    table
        .key
        .iter()
        .map(|name| row[*name].to_string())
        .collect()
}

/// Rows of a tier from raw rows in order of time.
pub(crate) fn roll(table: &'static Table, tier: Tier, raw: &[Row]) -> Vec<Row> {
    let span = tier.seconds().unwrap();
    type Bucket = (i64, Vec<String>);
    let mut made: BTreeMap<Bucket, (Map<String, Value>, Vec<i64>)> = BTreeMap::new();
    for (at, row) in raw {
        let bucket = at.div_euclid(span) * span;
        let (into, minutes) = made.entry((bucket, key(table, row))).or_default();
        if !minutes.contains(&at.div_euclid(60)) {
            minutes.push(at.div_euclid(60));
        }
        let samples = into.get("samples").and_then(Value::as_i64).unwrap_or(0);
        into.insert("samples".into(), json!(samples + 1));
        into.insert("minutes".into(), json!(minutes.len()));
        for column in table
            .columns
            .iter()
            .filter(|c| c.name != "time" && c.name != "read_delay_usec")
        {
            let Some(value) = row.get(column.name).filter(|v| !v.is_null()) else {
                continue;
            };
            match column.temporality {
                Temporality::Delta => {
                    let before = into.get(column.name).and_then(Value::as_i64).unwrap_or(0);
                    into.insert(column.name.into(), json!(before + value.as_i64().unwrap()));
                }
                Temporality::Gauge => {
                    let value = value.as_i64().unwrap();
                    let mut put = |suffix: &str, combine: &dyn Fn(i64) -> i64, first: i64| {
                        let name = format!("{}_{suffix}", column.name);
                        let new = into
                            .get(&name)
                            .and_then(Value::as_i64)
                            .map_or(first, combine);
                        into.insert(name, json!(new));
                    };
                    put("min", &|old| old.min(value), value);
                    put("max", &|old| old.max(value), value);
                    put("sum", &|old| old + value, value);
                    put("count", &|old| old + 1, 1);
                }
                _ => {
                    into.insert(column.name.into(), value.clone());
                }
            }
        }
    }
    made.into_iter()
        .map(|((bucket, _), (row, _))| (bucket, Value::Object(row)))
        .collect()
}
