//! What came of it: the first verdict of each kind, and who was told of what when.

use std::collections::BTreeMap;
use std::time::Instant;

use kansoku_tests::{Hooked, Http, Webhook};
use serde_json::Value;

/// A verdict as it is in the table.
#[derive(Debug, Clone)]
pub(crate) struct Verdict {
    kind: String,
    name: String,
    workload: String,
    container: String,
    word: String,
    pub(crate) reason: String,
    /// Seconds from the cause until it could be asked for.
    pub(crate) seen: f64,
}

/// What was found of one entity.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    /// Seconds from the cause until its verdict could be asked for.
    pub(crate) rows: f64,
    /// Until the state changed.
    pub(crate) alarm: f64,
    /// Until the notification had arrived.
    pub(crate) told: f64,
    /// What the verdict said when the notification came.
    pub(crate) verdict: Verdict,
    /// The notification.
    pub(crate) message: Value,
}

/// Looks from a cause on.
#[derive(Debug)]
pub(crate) struct Watch<'a> {
    hook: &'a Webhook,
    namespace: String,
    began: Instant,
    began_text: String,
    heard: usize,
    verdicts: Vec<Verdict>,
}

/// Seconds of the day in `…T14:42:07.174…`.
fn of_day(time: &str) -> f64 {
    let clock = time.split('T').nth(1).unwrap();
    let parts: Vec<f64> = clock
        .get(..12)
        .unwrap()
        .split(':')
        .map(|part| part.parse().unwrap())
        .collect();
    parts[0] * 3600.0 + parts[1] * 60.0 + parts[2]
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Whether labels or columns are of an entity: by its name, or by the workload that makes its name.
fn is_about(kind: &str, name: &str, workload: &str, wanted: (&str, &str)) -> bool {
    kind == wanted.0 && (name == wanted.1 || workload == wanted.1)
}

impl<'a> Watch<'a> {
    /// From now on, at a namespace and the nodes.
    pub(crate) fn new(hook: &'a Webhook, http: &Http, namespace: &str) -> Watch<'a> {
        let now = http.sql("SELECT CAST(now() AS TIMESTAMP(3)) AS time");
        Watch {
            hook,
            namespace: namespace.to_owned(),
            began: Instant::now(),
            began_text: text(&now[0]["time"]),
            heard: hook.all().len(),
            verdicts: Vec::new(),
        }
    }

    pub(crate) fn elapsed(&self) -> f64 {
        self.began.elapsed().as_secs_f64()
    }

    /// Reads verdicts that are new.
    pub(crate) fn look(&mut self, http: &Http) {
        let seen = self.elapsed();
        let rows = http.sql(&format!(
            "SELECT time, entity_kind, entity_name, workload, container, word, verdict_reason FROM verdict \
             WHERE time >= timestamp '{}' AND severity <> 'ok' AND (namespace = '{}' OR entity_kind = 'Node') \
             ORDER BY time",
            self.began_text, self.namespace
        ));
        for row in rows {
            let verdict = Verdict {
                kind: text(&row["entity_kind"]),
                name: text(&row["entity_name"]),
                workload: text(&row["workload"]),
                container: text(&row["container"]),
                word: text(&row["word"]),
                reason: text(&row["verdict_reason"]),
                seen,
            };
            let same = |known: &&mut Verdict| {
                (&known.kind, &known.name, &known.container, &known.word)
                    == (
                        &verdict.kind,
                        &verdict.name,
                        &verdict.container,
                        &verdict.word,
                    )
            };
            match self.verdicts.iter_mut().find(same) {
                Some(known) => known.reason = verdict.reason,
                None => self.verdicts.push(verdict),
            }
        }
    }

    /// What was told of an entity by an alarm, in order.
    pub(crate) fn told(&self, alarm: &str, kind: &str, about: &str) -> Vec<Hooked> {
        let mut all = self.hook.all().split_off(self.heard);
        all.retain(|one| {
            let labels = &one.message["Kansoku"]["Labels"];
            one.message["AlarmName"] == alarm
                && (kind == "Node" || labels["namespace"] == self.namespace.as_str())
                && is_about(
                    &text(&labels["kind"]),
                    &text(&labels["name"]),
                    &text(&labels["workload"]),
                    (kind, about),
                )
        });
        all
    }

    /// The states that were told of each entity by its name, with the seconds from the cause on.
    pub(crate) fn states(
        &self,
        alarm: &str,
        kind: &str,
        about: &str,
    ) -> BTreeMap<String, Vec<(String, f64)>> {
        let mut all: BTreeMap<String, Vec<(String, f64)>> = BTreeMap::new();
        for one in self.told(alarm, kind, about) {
            let at = (one.at - self.began).as_secs_f64();
            let state = text(&one.message["NewStateValue"]);
            let name = text(&one.message["Kansoku"]["Labels"]["name"]);
            all.entry(name).or_default().push((state, at));
        }
        all
    }

    /// Alarm, kind, name and workload of everything in the namespace that was told to be in ALARM.
    pub(crate) fn alarmed(&self) -> Vec<[String; 4]> {
        let all = self.hook.all().split_off(self.heard);
        all.iter()
            .filter(|one| one.message["NewStateValue"] == "ALARM")
            .map(|one| (one, &one.message["Kansoku"]["Labels"]))
            .filter(|(_, labels)| labels["namespace"] == self.namespace.as_str())
            .map(|(one, labels)| {
                let label = |name: &str| text(&labels[name]);
                let alarm = text(&one.message["AlarmName"]);
                [alarm, label("kind"), label("name"), label("workload")]
            })
            .collect()
    }

    /// The verdict of an entity.
    pub(crate) fn verdict(&self, kind: &str, about: &str, word: &str) -> Option<&Verdict> {
        self.verdicts.iter().find(|verdict| {
            verdict.word == word
                && is_about(
                    &verdict.kind,
                    &verdict.name,
                    &verdict.workload,
                    (kind, about),
                )
        })
    }

    /// What came of it, if all of it has come: verdict, ALARM and notification.
    pub(crate) fn found(&self, alarm: &str, kind: &str, about: &str, word: &str) -> Option<Found> {
        let told = self.told(alarm, kind, about);
        let told = told
            .iter()
            .find(|one| one.message["NewStateValue"] == "ALARM")?;
        let verdict = self.verdict(kind, about, word)?;
        let at = of_day(told.message["StateChangeTime"].as_str()?);
        Some(Found {
            rows: verdict.seen,
            alarm: (at - of_day(&self.began_text)).rem_euclid(86_400.0),
            told: (told.at - self.began).as_secs_f64(),
            verdict: verdict.clone(),
            message: told.message.clone(),
        })
    }
}

/// A line of the table.
pub(crate) fn print(cause: &str, alarm: &str, found: Option<&Found>) {
    match found {
        None => println!("| {cause} | {alarm} | - | - | - | not told |"),
        Some(found) => println!(
            "| {cause} | {alarm} | {:.0} | {:.0} | {:.1} | {} |\n|   told as | {} | | | | {} |",
            found.rows,
            found.alarm,
            found.told,
            found.verdict.reason,
            found.message["Kansoku"]["Labels"],
            found.message["NewStateReason"].as_str().unwrap_or_default(),
        ),
    }
}
