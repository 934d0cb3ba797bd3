//! Log lines by namespace: how long they are kept, and what they take.

use std::time::Duration;

use arrow::array::{Array, AsArray};
use serde::Serialize;

use crate::config::StoreConfig;
use crate::store::Store;
use crate::table::{NamespaceRows, Tally, longest, rows_at_once};

/// How long the log lines of some namespaces are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetentionRule {
    /// The namespaces: a name in which `*` stands for any characters.
    pub namespaces: String,
    /// How long.
    pub keep: Duration,
}

impl RetentionRule {
    /// Whether it is for a namespace.
    pub fn covers(&self, namespace: &str) -> bool {
        matches(self.namespaces.as_bytes(), namespace.as_bytes())
    }
}

/// Whether a name fits a pattern with `*`; in time that grows with both lengths, not with what `*` could stand for.
fn matches(pattern: &[u8], name: &[u8]) -> bool {
    let (mut p, mut n) = (0, 0);
    let mut back: Option<(usize, usize)> = None;
    while n < name.len() {
        if pattern.get(p) == Some(&b'*') {
            back = Some((p, n));
            p += 1;
        } else if pattern.get(p) == name.get(n) {
            p += 1;
            n += 1;
        } else if let Some((star, from)) = back {
            back = Some((star, from + 1));
            p = star + 1;
            n = from + 1;
        } else {
            return false;
        }
    }
    pattern.iter().skip(p).all(|rest| *rest == b'*')
}

impl StoreConfig {
    /// How long the log lines of a namespace are kept, those of hosts for `None`: the first rule that covers it, else
    /// the general span.
    pub fn log_retention_of(&self, namespace: Option<&str>) -> Duration {
        let rule = namespace.and_then(|name| {
            self.log_retention_by_namespace
                .iter()
                .find(|rule| rule.covers(name))
        });
        rule.map_or(self.log_retention, |rule| rule.keep)
    }
}

/// What the log lines of one namespace take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NamespaceUsage {
    /// Its name; `None`: logs of hosts.
    pub namespace: Option<String>,
    /// Lines that are in files and in memory.
    pub rows: u64,
    /// Bytes of their messages, as they came.
    pub message_bytes: u64,
    /// Bytes on disk: its share of the bytes of the files that it has lines in, by an estimate.
    pub stored_bytes: u64,
    /// Of the lines those that are in memory.
    pub hot_rows: u64,
    /// Time of the oldest line, µs since the epoch.
    pub oldest_usec: i64,
    /// Time of the newest line, µs since the epoch.
    pub newest_usec: i64,
    /// How long its lines are kept, in seconds.
    pub retention_seconds: u64,
}

impl Store {
    /// How many rows of `log` a question should have in hand at once: fewer where there are long lines, so that neither
    /// memory nor the 2 GiB of an Arrow text array are used up by lines of a mebibyte.
    pub fn log_rows_at_once(&self) -> usize {
        let tables = &self.tables;
        let Some(live) = tables.get(&catalogue::tables::LOG, catalogue::Tier::Raw) else {
            return rows_at_once(0);
        };
        let Ok(snapshot) = live.snapshot((i64::MIN, i64::MAX), None) else {
            return rows_at_once(0);
        };
        let files = snapshot.files.iter();
        let known = files.filter_map(|file| self.root.namespaces.of(&file.object(&live.name)));
        let in_files = known.map(|rows| longest(&rows)).max();
        let hot = snapshot.batches.iter().filter_map(|hot| {
            let messages = hot
                .batch
                .column_by_name("message")?
                .as_string_opt::<i32>()?;
            Some(messages.value_data().len() as u64 / messages.len().max(1) as u64)
        });
        rows_at_once(in_files.max(hot.max()).unwrap_or(0))
    }

    /// What the log lines of each namespace take now, in the order of names. Lines of files that do not say whose they
    /// are (written by another program) are left out.
    pub fn log_usage(&self) -> Vec<NamespaceUsage> {
        let Some(live) = self
            .tables
            .get(&catalogue::tables::LOG, catalogue::Tier::Raw)
        else {
            return Vec::new();
        };
        let Ok(snapshot) = live.snapshot((i64::MIN, i64::MAX), None) else {
            return Vec::new();
        };
        let mut hot = Tally::default();
        for batch in &snapshot.batches {
            hot.add(&batch.batch);
        }
        let hot = hot.finish();
        let mut total = Tally::default();
        let mut stored: Vec<(Option<String>, u64)> = Vec::new();
        for file in &snapshot.files {
            let Some(rows) = self.root.namespaces.of(&file.object(&live.name)) else {
                continue;
            };
            let weight: u64 = rows.iter().map(NamespaceRows::weight).sum();
            for part in rows.iter() {
                total.merge(part);
                let share =
                    u128::from(file.bytes) * u128::from(part.weight()) / u128::from(weight.max(1));
                stored.push((part.namespace.clone(), share as u64));
            }
        }
        hot.iter().for_each(|rows| total.merge(rows));
        let of = |namespace: &Option<String>| {
            let shares = stored.iter().filter(|(name, _)| name == namespace);
            shares.map(|(_, bytes)| bytes).sum()
        };
        total
            .finish()
            .into_iter()
            .map(|rows| NamespaceUsage {
                stored_bytes: of(&rows.namespace),
                hot_rows: hot
                    .iter()
                    .find(|h| h.namespace == rows.namespace)
                    .map_or(0, |h| h.rows),
                retention_seconds: self
                    .config
                    .log_retention_of(rows.namespace.as_deref())
                    .as_secs(),
                namespace: rows.namespace,
                rows: rows.rows,
                message_bytes: rows.message_bytes,
                oldest_usec: rows.oldest_usec,
                newest_usec: rows.newest_usec,
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_rule_that_covers_a_namespace_counts() {
        let day = Duration::from_secs(86_400);
        let rule = |namespaces: &str, days| RetentionRule {
            namespaces: namespaces.to_owned(),
            keep: days * day,
        };
        let config = StoreConfig {
            log_retention: 7 * day,
            log_retention_by_namespace: vec![
                rule("dev-*", 1),
                rule("*-audit", 90),
                rule("dev-audit", 5),
            ],
            ..StoreConfig::in_folder(std::path::Path::new("/x")).unwrap()
        };
        let days = |name| config.log_retention_of(name).as_secs() / 86_400;
        assert_eq!(days(Some("dev-a")), 1);
        assert_eq!(days(Some("dev-audit")), 1);
        assert_eq!(days(Some("shop-audit")), 90);
        assert_eq!(days(Some("shop")), 7);
        assert_eq!(days(None), 7);
    }

    #[test]
    fn stars_stand_for_anything() {
        for (pattern, name, fits) in [
            ("*", "", true),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-b-d", false),
            ("a", "ab", false),
            ("**", "x", true),
            ("", "", true),
            ("", "x", false),
        ] {
            assert_eq!(
                matches(pattern.as_bytes(), name.as_bytes()),
                fits,
                "{pattern} {name}"
            );
        }
        assert!(!matches(
            "*a".repeat(50).as_bytes(),
            "a".repeat(49).as_bytes()
        ));
    }
}
