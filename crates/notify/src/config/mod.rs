//! `alarms.toml`, as far as it is about telling people: `[[receiver]]`, `[[route]]`, `[[silence]]` and `[group]`.
//!
//! ```toml
//! [[receiver]]
//! name = "ops"
//! type = "webhook"                       # or slack, email, alertmanager, pagerduty
//! arns = ["arn:aws:sns:eu-west-1:123456789012:ops"]
//! url = "https://hooks.example.com/alarms"
//! hmac_key_file = "secrets/hmac"
//!
//! [[route]]
//! receivers = ["ops"]
//! severity = ["critical"]
//! labels = { namespace = ["shop", "kube-*"] }
//!
//! [[silence]]
//! alarm = "nightly-*"
//! weekly = { days = ["Mon", "Tue"], from = "22:00", to = "06:00", time_zone = "Europe/Berlin" }
//!
//! [group]
//! by = ["alarm", "namespace"]
//! wait = "10s"
//! ```
//!
//! | receiver | keys besides `name`, `type`, `arns`, `timeout`, `title`, `text`, `ca_file` |
//! | --- | --- |
//! | `webhook` | `url`, `token_*`, `hmac_key_*` |
//! | `slack` | `url_*` |
//! | `email` | `host`, `port`, `security` (`starttls`, `tls`, `none`), `username`, `password_*`, `from`, `to`, `hello_name` |
//! | `alertmanager` | `url`, `token_*`, `labels`, `expires_after` |
//! | `pagerduty` | `routing_key_*`, `url` |
//!
//! Secrets are read from a file (`token_file`) or a variable of the environment (`token_env`) when the file is read, and
//! stand nowhere in it; an address that is one can be given the same way (`url_file`). A `ca_file` is trusted in place of the
//! system's certificates. Other tables of the file are passed over.

mod fault;
mod receiver;
mod route;
mod secrets;
mod section;
mod silence;
mod sources;

use std::path::PathBuf;
use std::time::Duration;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::group::Grouping;
use crate::receiver::Receiver;
use crate::route::{Known, Routes};
use crate::silence::Silence;
pub use fault::Fault;
use secrets::Reader;
use section::{Lines, Section, kind};
pub use sources::Sources;

/// The most receivers, routes and silences, each.
const MOST: usize = 1000;

/// What the file says.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// Who can be told.
    pub receivers: Vec<Receiver>,
    /// Who is told of what.
    pub routes: Routes,
    /// What nobody is told of.
    pub silences: Vec<Silence>,
    /// What is told together.
    pub group: Grouping,
    /// The files that were read for it: secrets and certificates. A change of one means that the file is to be read again.
    pub files: Vec<PathBuf>,
}

impl Config {
    /// Reads it; everything that is wrong at once, in the order of the lines.
    pub fn read(text: &str, sources: &Sources<'_>) -> Result<Config, Vec<Fault>> {
        let lines = Lines::of(text);
        let mut faults = Vec::new();
        let (table, errors) = DeTable::parse_recoverable(text);
        for error in errors {
            faults.push(Fault {
                line: lines.line(error.span().map_or(0, |span| span.start)),
                key: "file".to_owned(),
                message: format!("not TOML: {}", error.message()),
            });
        }
        // What was read around them may be in another table than was meant.
        if !faults.is_empty() {
            faults.dedup_by_key(|fault| fault.line);
            return Err(faults);
        }
        let table = table.get_ref();
        let mut reader = Reader {
            sources,
            files: Vec::new(),
        };
        let mut receivers: Vec<Receiver> = Vec::new();
        // Names of those that have faults as well: a route to one of them is not a second fault.
        let mut known: Vec<Known> = Vec::new();
        for (inner, at) in tables(table, "receiver", &lines, &mut faults) {
            let mut section = Section::new("receiver", inner, at, &lines, &mut faults);
            let read = receiver::read(&mut section, &mut reader);
            let name = inner
                .get("name")
                .and_then(|name| name.get_ref().as_str())
                .unwrap_or_default();
            let this = read.as_ref().map_or_else(|| unread(name), Receiver::known);
            check_unique(&mut section, &known, &this);
            known.push(this);
            receivers.extend(read);
        }
        let mut routes = Vec::new();
        for (inner, at) in tables(table, "route", &lines, &mut faults) {
            let mut section = Section::new("route", inner, at, &lines, &mut faults);
            routes.extend(route::read(&mut section, &known));
        }
        let mut silences: Vec<Silence> = Vec::new();
        for (number, (inner, at)) in tables(table, "silence", &lines, &mut faults)
            .into_iter()
            .enumerate()
        {
            let mut section = Section::new("silence", inner, at, &lines, &mut faults);
            let read = silence::read(&mut section, number + 1);
            if silences.iter().any(|other| other.id == read.id) {
                section.fault_here("id", format!("there is a silence '{}' already", read.id));
            }
            silences.push(read);
        }
        let group = grouping(table, &lines, &mut faults);
        if !faults.is_empty() {
            faults.sort_by_key(|fault| fault.line);
            return Err(faults);
        }
        Ok(Config {
            routes: Routes::new(known, routes),
            receivers,
            silences,
            group,
            files: reader.files,
        })
    }

    /// The receiver of that name.
    pub fn receiver(&self, name: &str) -> Option<&Receiver> {
        self.receivers
            .iter()
            .find(|receiver| receiver.name() == name)
    }
}

fn unread(name: &str) -> Known {
    Known {
        name: name.trim().to_owned(),
        arns: Vec::new(),
        keeps_incidents: false,
    }
}

/// A name or an ARN means one receiver.
fn check_unique(section: &mut Section<'_>, known: &[Known], this: &Known) {
    let taken = |name: &str| {
        known
            .iter()
            .find(|other| other.name == name || other.arns.iter().any(|arn| arn == name))
    };
    if let Some(at) = section.place("name")
        && taken(&this.name).is_some()
    {
        section.fault(
            "name",
            at,
            format!("there is a receiver '{}' already", this.name),
        );
    }
    for arn in &this.arns {
        if let (Some(at), Some(other)) = (section.place("arns"), taken(arn)) {
            section.fault(
                "arns",
                at,
                format!("'{arn}' is the receiver '{}' already", other.name),
            );
        }
    }
}

/// The tables of `[[name]]` with their places.
fn tables<'a>(
    table: &'a DeTable<'a>,
    name: &'static str,
    lines: &Lines,
    faults: &mut Vec<Fault>,
) -> Vec<(&'a DeTable<'a>, usize)> {
    let Some(value) = table.get(name) else {
        return Vec::new();
    };
    let mut fault = |value: &Spanned<DeValue<'_>>, message| {
        faults.push(Fault {
            line: lines.line(value.span().start),
            key: name.to_owned(),
            message,
        });
    };
    let DeValue::Array(items) = value.get_ref() else {
        fault(
            value,
            format!("is {}; write [[{name}]]", kind(value.get_ref())),
        );
        return Vec::new();
    };
    if items.len() > MOST {
        fault(value, format!("at most {MOST} are allowed"));
        return Vec::new();
    }
    let mut found = Vec::new();
    for item in items {
        match item.get_ref() {
            DeValue::Table(inner) => found.push((inner, item.span().start)),
            other => fault(item, format!("is {}; write [[{name}]]", kind(other))),
        }
    }
    found
}

fn grouping(table: &DeTable<'_>, lines: &Lines, faults: &mut Vec<Fault>) -> Grouping {
    let usual = Grouping::default();
    let Some(value) = table.get("group") else {
        return usual;
    };
    let at = value.span().start;
    let DeValue::Table(inner) = value.get_ref() else {
        faults.push(Fault {
            line: lines.line(at),
            key: "group".to_owned(),
            message: format!("is {}; write [group]", kind(value.get_ref())),
        });
        return usual;
    };
    let mut section = Section::new("group", inner, at, lines, faults);
    section.only(&["by", "wait", "shown"]);
    let wait = section.span("wait", Duration::ZERO, Duration::from_secs(3600));
    let shown = section
        .number("shown", 1..=100)
        .and_then(|shown| usize::try_from(shown).ok());
    Grouping {
        by: section.texts("by").map_or(usual.by, |(by, _)| by),
        wait: wait.unwrap_or(usual.wait),
        shown: shown.unwrap_or(usual.shown),
    }
}
