//! Verdicts as rows of `verdict`, so that what was found can be asked for later: by SQL, and by alarms.

use catalogue::tables::VERDICT;
use health::Severity;
use wire::rows::{RowError, Rows, TableBatch};

use super::answer::{EntityVerdict, VerdictsAnswer};
use super::request::VerdictKind;
use crate::moment::Moment;

impl VerdictsAnswer {
    /// A row for each word that was found of what is not ok, and one for each cluster, at `minute` (microseconds of the
    /// epoch). `None` when there is nothing to write.
    ///
    /// # Errors
    /// The catalogue does not have what is filled here.
    pub fn rows(&self, minute: i64) -> Result<Option<TableBatch>, RowError> {
        let mut rows = Rows::of(&VERDICT);
        for entity in &self.entities {
            let is_unwell = matches!(entity.severity, Severity::Critical | Severity::Warning);
            if is_unwell || entity.kind == VerdictKind::Cluster.name() {
                let found = Found {
                    word: entity.word.as_str(),
                    severity: entity.severity,
                    last: entity.last,
                    reason: &entity.reason,
                    is_first: true,
                };
                write(&mut rows, entity, found, minute);
            }
            for also in &entity.also {
                let found = Found {
                    word: also.word.as_str(),
                    severity: also.severity,
                    last: also.last,
                    reason: &also.reason,
                    is_first: false,
                };
                write(&mut rows, entity, found, minute);
            }
        }
        rows.take()
    }
}

struct Found<'a> {
    word: &'a str,
    severity: Severity,
    last: Option<i64>,
    reason: &'a str,
    is_first: bool,
}

fn write(rows: &mut Rows, entity: &EntityVerdict, found: Found<'_>, minute: i64) {
    rows.time("time", Some(minute));
    for (column, value) in [
        ("cluster", &entity.cluster),
        ("namespace", &entity.namespace),
    ] {
        rows.text(column, value.as_deref());
    }
    rows.text("entity_kind", Some(entity.kind));
    rows.text("entity_name", Some(&entity.name));
    for (column, value) in [
        ("entity_uid", &entity.uid),
        ("container", &entity.container),
        ("node", &entity.node),
        ("workload_kind", &entity.workload_kind),
        ("workload", &entity.workload),
    ] {
        rows.text(column, value.as_deref());
    }
    rows.text("word", Some(found.word));
    rows.text("severity", Some(found.severity.as_str()));
    rows.flag("is_first", Some(found.is_first));
    let since = entity.since.as_deref().filter(|_| found.is_first);
    let since = since.and_then(|since| Moment::parse(since).ok());
    rows.time("since", since.map(|since| since.micros(minute)));
    rows.time("last_occurrence", found.last);
    rows.text("verdict_reason", Some(found.reason));
    rows.end_row();
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use arrow::array::AsArray;
    use health::Word;

    use super::*;
    use crate::verdicts::AlsoFound;

    fn entity(kind: &'static str, name: &str, word: Word, severity: Severity) -> EntityVerdict {
        EntityVerdict {
            kind,
            cluster: Some("c".to_owned()),
            namespace: None,
            node: None,
            name: name.to_owned(),
            uid: None,
            workload_kind: None,
            workload: None,
            container: None,
            word,
            severity,
            since: Some("1970-01-01T00:00:05Z".to_owned()),
            last: None,
            reason: "because".to_owned(),
            evidence: Vec::new(),
            also: Vec::new(),
        }
    }

    #[test]
    fn what_is_not_ok_is_written_and_clusters_in_any_case() {
        let mut looping = entity("Pod", "web", Word::CrashLooping, Severity::Critical);
        looping.also.push(AlsoFound {
            word: Word::OomKilled,
            severity: Severity::Critical,
            last: Some(7_000_000),
            reason: "memory".to_owned(),
            evidence: Vec::new(),
        });
        let answer = VerdictsAnswer {
            time: String::new(),
            counts: BTreeMap::new(),
            entities: vec![
                looping,
                entity("Pod", "fine", Word::Healthy, Severity::Ok),
                entity("Cluster", "c", Word::Healthy, Severity::Ok),
            ],
        };
        let batch = answer.rows(60_000_000).unwrap().unwrap().batch;
        let columns = crate::entities::Columns::new(&batch);
        let row = |row: usize| {
            let text = |name: &str| columns.text(name, row).unwrap_or_default().to_owned();
            (
                text("entity_name"),
                text("word"),
                text("severity"),
                columns.boolean("is_first", row),
            )
        };
        assert_eq!(batch.num_rows(), 3);
        let of = |name: &str, word: &str, severity: &str, first: bool| {
            (
                name.to_owned(),
                word.to_owned(),
                severity.to_owned(),
                Some(first),
            )
        };
        assert_eq!(row(0), of("web", "crash-looping", "critical", true));
        assert_eq!(row(1), of("web", "oom-killed", "critical", false));
        assert_eq!(row(2), of("c", Word::Healthy.as_str(), "ok", true));
        let since = batch.column_by_name("since").unwrap();
        let since = since.as_primitive::<arrow::datatypes::TimestampMicrosecondType>();
        assert_eq!(since.value(0), 5_000_000);
        assert!(arrow::array::Array::is_null(since, 1));
        let last = batch.column_by_name("last_occurrence").unwrap();
        let last = last.as_primitive::<arrow::datatypes::TimestampMicrosecondType>();
        assert!(arrow::array::Array::is_null(last, 0));
        assert_eq!(last.value(1), 7_000_000);
        assert_eq!(columns.time(2), 60_000_000);
    }

    #[test]
    fn nothing_is_written_where_nothing_is() {
        let answer = VerdictsAnswer {
            time: String::new(),
            counts: BTreeMap::new(),
            entities: vec![entity("Node", "n", Word::Healthy, Severity::Ok)],
        };
        assert!(answer.rows(0).unwrap().is_none());
    }
}
