//! `alarms.toml`: read when it changes; what was good last stays in force while it is wrong.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use alarm::composite::{Children, cycle_through};
use evaluator::{Origin, Plan};
use notify::{Config, Links, Sources};
use serde_json::Value;
use tokio::sync::watch;

use super::Alarms;
use crate::api::time::now_usec;

/// How often it is looked at.
const EVERY: Duration = Duration::from_secs(2);
/// The most bytes of it.
const LONGEST: u64 = 16 << 20;
/// Everything that may stand at its top.
const TABLES: [&str; 5] = ["alarm", "receiver", "route", "silence", "group"];

/// What a file looks like without reading it.
type Mark = Option<(SystemTime, u64)>;

/// Everything that the file says.
#[derive(Debug)]
struct Read {
    definitions: Vec<Value>,
    /// Names and lines of the definitions.
    lines: Vec<(String, usize)>,
    config: Config,
}

fn mark(path: &Path) -> Mark {
    let about = std::fs::metadata(path).ok()?;
    Some((about.modified().ok()?, about.len()))
}

/// Reads it.
///
/// # Errors
/// Everything that is wrong, a line each: `alarms.toml:12: Period: …`.
fn read(path: &Path, links: Links) -> Result<Read, Vec<String>> {
    let shown = path.display();
    let one = |message: String| vec![format!("{shown}: {message}")];
    let about = std::fs::metadata(path).map_err(|error| one(error.to_string()))?;
    // What has no end would be read for ever.
    if !about.is_file() {
        return Err(one("it is no file".to_owned()));
    }
    if about.len() > LONGEST {
        return Err(one(format!(
            "it has {} bytes, at most {LONGEST} are read",
            about.len()
        )));
    }
    let text = std::fs::read_to_string(path).map_err(|error| one(error.to_string()))?;
    let folder = path.parent().unwrap_or(Path::new(".")).to_owned();
    let definitions = alarm::file::alarms(&text);
    let config = Config::read(&text, &Sources::process(folder, links));
    let mut faults: Vec<(usize, String)> = unknown(&text);
    faults.extend(
        definitions
            .as_ref()
            .err()
            .into_iter()
            .flatten()
            .map(|fault| (fault.line, format!("{}: {}", fault.key, fault.message))),
    );
    faults.extend(
        config
            .as_ref()
            .err()
            .into_iter()
            .flatten()
            .map(|fault| (fault.line, format!("{}: {}", fault.key, fault.message))),
    );
    match (definitions, config) {
        (Ok(definitions), Ok(config)) if faults.is_empty() => Ok(Read {
            lines: definitions
                .iter()
                .map(|(definition, line)| (definition.name().to_owned(), *line))
                .collect(),
            definitions: definitions.iter().map(|(one, _)| one.to_json()).collect(),
            config,
        }),
        _ => {
            faults.sort();
            faults.dedup();
            if toml::de::DeTable::parse(&text).is_err() {
                // Both readers say that it is not TOML at all.
                faults.truncate(1);
            }
            let said = faults
                .into_iter()
                .map(|(line, what)| format!("{shown}:{line}: {what}"));
            Err(said.collect())
        }
    }
}

/// Who is told, as the file says at the start; `None` when it is wrong, of which [`watch`] tells.
pub(super) fn receivers(path: &Path, links: Links) -> Option<Config> {
    read(path, links).ok().map(|read| read.config)
}

/// Tables at the top that nobody reads, with their lines.
fn unknown(text: &str) -> Vec<(usize, String)> {
    let Ok(table) = toml::de::DeTable::parse(text) else {
        return Vec::new();
    };
    let others = table.get_ref().iter().filter(|(name, _)| {
        let name: &str = name.get_ref();
        !TABLES.contains(&name)
    });
    others
        .map(|(name, _)| {
            let line = text
                .get(..name.span().start)
                .map_or(1, |before| before.matches('\n').count() + 1);
            let known = TABLES.join(", ");
            (line, format!("{}: is none of {known}", name.get_ref()))
        })
        .collect()
}

/// Reads the file, and again whenever it or a file that it names changes, until `stop` is true.
pub(super) async fn watch(
    alarms: &Alarms,
    path: PathBuf,
    links: Links,
    mut stop: watch::Receiver<bool>,
) {
    let mut seen: Option<BTreeMap<PathBuf, Mark>> = None;
    let mut named: Vec<PathBuf> = Vec::new();
    while !*stop.borrow() {
        let files = std::iter::once(&path).chain(&named);
        let marks: BTreeMap<PathBuf, Mark> = files.map(|file| (file.clone(), mark(file))).collect();
        if seen.as_ref() != Some(&marks) {
            if let Some(files) = take(alarms, &path, links.clone()).await {
                named = files;
            }
            let files = std::iter::once(&path).chain(&named);
            seen = Some(
                files
                    .map(|file| {
                        (
                            file.clone(),
                            marks.get(file).copied().unwrap_or_else(|| mark(file)),
                        )
                    })
                    .collect(),
            );
        }
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => return,
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}

/// Takes what the file says; the files that it names. `None`: it is wrong, and what was there before stays.
async fn take(alarms: &Alarms, path: &Path, links: Links) -> Option<Vec<PathBuf>> {
    let owned = path.to_owned();
    let read = match tokio::task::spawn_blocking(move || read(&owned, links)).await {
        Ok(Ok(read)) => read,
        Ok(Err(faults)) => {
            refuse(alarms, path, &faults);
            return None;
        }
        Err(_) => return None,
    };
    let mut wrong = unmeasured(alarms, &read);
    wrong.extend(unfounded(alarms, &read));
    if !wrong.is_empty() {
        wrong.sort();
        let shown = path.display();
        let faults: Vec<String> = wrong
            .into_iter()
            .map(|(line, what)| format!("{shown}:{line}: {what}"))
            .collect();
        refuse(alarms, path, &faults);
        return None;
    }
    let files = read.config.files.clone();
    let count = read.definitions.len();
    alarms.notices().set_config(read.config);
    let synced = alarms
        .evaluator()
        .sync(Origin::File, &read.definitions, now_usec())
        .await;
    let mut faults = Vec::new();
    match synced {
        Ok(synced) => faults.extend(synced.faults.into_iter().map(|fault| {
            let name = fault.name.unwrap_or_default();
            let line = read.lines.iter().find(|(known, _)| *known == name);
            let line = line.map(|(_, line)| format!(":{line}")).unwrap_or_default();
            format!("{}{line}: {name}: {}", path.display(), fault.message)
        })),
        Err(error) => faults.push(format!("{}: {error}", path.display())),
    }
    for fault in &faults {
        tracing::error!("{fault}");
    }
    tracing::info!(file = %path.display(), alarms = count, "read");
    alarms.set_file_problem((!faults.is_empty()).then(|| faults.join("\n")));
    Some(files)
}

/// Says what is wrong with a file of which nothing is taken.
fn refuse(alarms: &Alarms, path: &Path, faults: &[String]) {
    for fault in faults {
        tracing::error!("{fault}");
    }
    tracing::error!("{}: what was read last stays in force", path.display());
    alarms.set_file_problem(Some(faults.join("\n")));
}

/// Sources of which there are no data points, with the lines of their alarms.
fn unmeasured(alarms: &Alarms, read: &Read) -> Vec<(usize, String)> {
    let checked = read.definitions.iter().zip(&read.lines);
    let faults = checked.filter_map(|(definition, (name, line))| {
        let faults = alarms.check(definition).err()?;
        let said = faults.into_iter();
        Some(said.map(move |fault| (*line, format!("{name}: {}: {}", fault.key, fault.message))))
    });
    faults.flatten().collect()
}

/// Composite alarms that ask about one another in a circle, or about what is neither in the file nor elsewhere, with their
/// lines.
fn unfounded(alarms: &Alarms, read: &Read) -> Vec<(usize, String)> {
    let plans: Vec<Plan> = read
        .definitions
        .iter()
        .filter_map(|definition| Plan::read(definition).ok())
        .collect();
    let children: Children<'_> = plans
        .iter()
        .filter(|plan| plan.points().is_none())
        .map(|plan| (plan.name.as_str(), plan.children()))
        .collect();
    let lines = read.lines.iter();
    let lines: HashMap<&str, usize> = lines.map(|(name, line)| (name.as_str(), *line)).collect();
    let elsewhere = |name: &str| {
        let known = alarms.evaluator().describe(name);
        known.is_some_and(|known| known.origin != Origin::File)
    };
    let mut faults = Vec::new();
    for (name, asked) in &children {
        let line = lines.get(name).copied().unwrap_or(1);
        let mut tell = |what: String| faults.push((line, format!("{name}: AlarmRule: {what}")));
        if let Some(cycle) = cycle_through(name, &children) {
            tell(cycle.to_string());
        }
        for gone in asked
            .iter()
            .filter(|asked| !lines.contains_key(*asked) && !elsewhere(asked))
        {
            tell(format!("it asks about '{gone}', which does not exist"));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<Read, Vec<String>> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("alarms.toml");
        std::fs::write(&path, text).unwrap();
        let read = read(&path, Links::default());
        read.map_err(|faults| {
            let strip = |fault: String| fault.replace(&format!("{}:", path.display()), "");
            faults.into_iter().map(strip).collect()
        })
    }

    #[test]
    fn alarms_and_receivers_are_read_from_one_file() {
        let read = read_text(
            r#"
[[alarm]]
AlarmName = "many errors"
Source.Logs = { Filter = "level:error" }
Period = 60
EvaluationPeriods = 1
Threshold = 10
ComparisonOperator = "GreaterThanThreshold"
AlarmActions = ["ops"]

[[receiver]]
name = "ops"
type = "webhook"
url = "http://127.0.0.1:9/"
"#,
        )
        .unwrap();
        assert_eq!(read.lines, [("many errors".to_owned(), 2)]);
        assert!(read.config.receiver("ops").is_some());
    }

    #[test]
    fn every_fault_is_told_with_its_line() {
        let faults = read_text("[[alarms]]\nx = 1\n[[receiver]]\nname = \"a\"\ntype = \"post\"\n")
            .unwrap_err();
        assert!(
            faults.iter().any(|fault| fault.starts_with("1: ")),
            "{faults:?}"
        );
        assert!(
            faults.iter().any(|fault| fault.starts_with("5: ")),
            "{faults:?}"
        );
        let faults = read_text("[[alarm]]\nAlarmName = \"a\"\nSource.Logs = { Filter = \"x\" }\n")
            .unwrap_err();
        assert!(
            faults.len() > 2 && faults.iter().all(|fault| fault.starts_with("1: ")),
            "each key that is missing is told: {faults:?}"
        );
        let faults = read_text("[[alarm\n").unwrap_err();
        assert_eq!(faults.len(), 1, "{faults:?}");
        let faults = read_text("\n[other]\nx = 1\n").unwrap_err();
        assert!(
            faults[0].contains("is none of alarm, receiver"),
            "{faults:?}"
        );
    }
}
