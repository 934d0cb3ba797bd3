//! From what was typed to what it means.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::PathBuf;

use crate::fault::{Fault, Faults, Origin};
use crate::key::{Default, Key, Kind, OFF, Role};
use crate::keys;
use crate::loaded::{Loaded, Shown};
use crate::nearest::nearest;
use crate::role::{AgentConfig, ServerConfig, UpConfig};
use crate::source::{self, Given, Machine, Read, Sources};
use crate::value::{FromText, List, Secret, Size, Span};

/// The longest interval of ticks.
pub(crate) const INTERVAL_MAX_SECONDS: u64 = 300;

/// Whether ticks of so many seconds fall on the borders of minutes, so that a minute's row is made of whole ticks.
pub(crate) fn is_interval(seconds: u64) -> bool {
    seconds > 0
        && seconds <= INTERVAL_MAX_SECONDS
        && (60 % seconds == 0 || seconds.is_multiple_of(60))
}

/// The agent's configuration.
///
/// # Errors
/// Every fault of every source at once.
pub fn load_agent(sources: &Sources, machine: &Machine) -> Result<Loaded<AgentConfig>, Faults> {
    let mut values = Values::read(Role::Agent, sources, machine);
    let config = AgentConfig::resolve(&mut values);
    values.finish(config)
}

/// The server's configuration.
///
/// # Errors
/// Every fault of every source at once.
pub fn load_server(sources: &Sources, machine: &Machine) -> Result<Loaded<ServerConfig>, Faults> {
    let mut values = Values::read(Role::Server, sources, machine);
    let config = ServerConfig::resolve(&mut values);
    values.finish(config)
}

/// The configuration of agent and server in one process.
///
/// # Errors
/// Every fault of every source at once.
pub fn load_up(sources: &Sources, machine: &Machine) -> Result<Loaded<UpConfig>, Faults> {
    let mut values = Values::read(Role::Up, sources, machine);
    let config = UpConfig::resolve(&mut values);
    values.finish(config)
}

/// What was typed, one value a key, and what is found wrong on the way to the resolved structs.
pub(crate) struct Values<'s> {
    pub(crate) role: Role,
    pub(crate) machine: &'s Machine,
    environment: &'s [(String, String)],
    cloudwatch: Option<PathBuf>,
    given: HashMap<&'static str, Given>,
    faults: Vec<Fault>,
    warnings: Vec<String>,
    shown: HashMap<&'static str, Shown>,
}

impl<'s> Values<'s> {
    fn read(role: Role, sources: &'s Sources, machine: &'s Machine) -> Values<'s> {
        let mut values = Values {
            role,
            machine,
            environment: &sources.environment,
            cloudwatch: sources.cloudwatch.as_ref().map(|file| file.path.clone()),
            given: HashMap::new(),
            faults: Vec::new(),
            warnings: Vec::new(),
            shown: HashMap::new(),
        };
        // In this order: what comes later overrides.
        if let Some(file) = &sources.cloudwatch {
            values.add(source::read_cloudwatch(file));
        }
        if let Some(file) = &sources.file {
            values.add(source::read_file(file));
        }
        values.add(source::read_environment(&sources.environment));
        values.add(command_line(&sources.command_line));
        values
    }

    /// Takes what a source says. Every value is checked, also of keys that this role does not read: one file serves
    /// all roles, and a fault in it is better found early.
    fn add(&mut self, read: Read) {
        self.faults.extend(read.faults);
        self.warnings.extend(read.warnings);
        for given in read.given {
            if let Err(message) = given.key.kind.check(&given.text) {
                let value = (!given.key.secret).then(|| given.text.clone());
                let key = Some(given.key.path.to_owned());
                self.faults.push(Fault {
                    origin: Some(given.origin.clone()),
                    key,
                    value,
                    message,
                });
            }
            self.given.insert(given.key.path, given);
        }
    }

    /// What was typed for a key.
    pub(crate) fn typed(&self, key: &'static Key) -> Option<&Given> {
        self.given.get(key.path)
    }

    /// The value of a key that always has one.
    pub(crate) fn get<T: FromText>(&mut self, key: &'static Key) -> Result<T, Missing> {
        let default = match key.default {
            Default::Value(value) => value,
            Default::Derived(_) | Default::Nothing(_) => "",
        };
        self.optional_or(key, Some((default.to_owned(), Origin::Default)))?
            .ok_or(Missing)
    }

    /// The value of a key, or what is derived for it.
    pub(crate) fn derived<T: FromText>(
        &mut self,
        key: &'static Key,
        default: String,
        how: &'static str,
    ) -> Result<T, Missing> {
        self.optional_or(key, Some((default, Origin::Derived(how))))?
            .ok_or(Missing)
    }

    /// The value of a key that may have none.
    pub(crate) fn optional<T: FromText>(
        &mut self,
        key: &'static Key,
    ) -> Result<Option<T>, Missing> {
        self.optional_or(key, None)
    }

    fn optional_or<T: FromText>(
        &mut self,
        key: &'static Key,
        default: Option<(String, Origin)>,
    ) -> Result<Option<T>, Missing> {
        let typed = self
            .given
            .get(key.path)
            .map(|given| (given.text.clone(), given.origin.clone()));
        let Some((text, origin)) = typed.or(default) else {
            self.show(key, None, Origin::Default);
            return Ok(None);
        };
        let shown = if key.secret {
            "(set)".to_owned()
        } else {
            text.clone()
        };
        self.show(key, Some(shown), origin);
        // A typed value that does not fit was reported when it was read.
        if key.kind.check(&text).is_err() {
            return Err(Missing);
        }
        T::from_text(&text).map(Some).map_err(|_| Missing)
    }

    /// The value of a secret key.
    pub(crate) fn secret(&mut self, key: &'static Key) -> Result<Option<Secret>, Missing> {
        Ok(self.optional::<String>(key)?.map(Secret::new))
    }

    /// An address, or `None` for `off`.
    pub(crate) fn address_or_off(
        &mut self,
        key: &'static Key,
    ) -> Result<Option<SocketAddr>, Missing> {
        debug_assert_eq!(key.kind, Kind::AddressOrOff);
        let text: String = self.get(key)?;
        if text.trim() == OFF {
            return Ok(None);
        }
        SocketAddr::from_text(&text).map(Some).map_err(|_| Missing)
    }

    /// A number of bytes, or `None` for `off`.
    pub(crate) fn size_or_off(&mut self, key: &'static Key) -> Result<Option<Size>, Missing> {
        let text: String = self.get(key)?;
        if text.trim() == OFF {
            return Ok(None);
        }
        Size::from_text(&text).map(Some).map_err(|_| Missing)
    }

    /// The texts of a list; none when nothing is said.
    pub(crate) fn list(&mut self, key: &'static Key) -> Result<Vec<String>, Missing> {
        Ok(self.optional::<List>(key)?.unwrap_or_default().0)
    }

    /// A path under the data folder unless something else is typed.
    pub(crate) fn under(
        &mut self,
        key: &'static Key,
        data: &std::path::Path,
        name: &str,
    ) -> Result<PathBuf, Missing> {
        self.derived(key, data.join(name).display().to_string(), "under data")
    }

    /// The CloudWatch agent's file. It was read before anything is resolved, perhaps without anybody naming it.
    pub(crate) fn cwagentconfig(&mut self) -> Result<Option<PathBuf>, Missing> {
        let key = &keys::AGENT_CWAGENTCONFIG;
        match self.cloudwatch.clone() {
            Some(path) => self
                .derived(
                    key,
                    path.display().to_string(),
                    "found or named as --config",
                )
                .map(Some),
            None => self.optional(key),
        }
    }

    /// An interval of ticks.
    pub(crate) fn interval(&mut self, key: &'static Key) -> Result<Span, Missing> {
        let interval: Span = self.get(key)?;
        let duration = interval.duration();
        if duration.subsec_nanos() != 0 || !is_interval(duration.as_secs()) {
            let message = "must divide a minute, or be a whole number of minutes: 1s, 2s, 3s, 4s, 5s, 6s, 10s, 12s, \
                           15s, 20s, 30s, 1m, 2m, 3m, 4m or 5m";
            return Err(self.fault(key, message.to_owned()));
        }
        Ok(interval)
    }

    /// The first of these environment variables that is set, with its name.
    pub(crate) fn variable(&self, names: &[&'static str]) -> Option<(&'static str, String)> {
        names.iter().find_map(|name| {
            let (_, value) = self
                .environment
                .iter()
                .find(|(n, v)| n == name && !v.is_empty())?;
            Some((*name, value.clone()))
        })
    }

    /// Notes a fault of a key that was read well but cannot be used so.
    pub(crate) fn fault(&mut self, key: &'static Key, message: String) -> Missing {
        let given = self.typed(key);
        let origin = given.map(|given| given.origin.clone());
        let value = given
            .filter(|_| !key.secret)
            .map(|given| given.text.clone());
        self.faults.push(Fault {
            origin,
            key: Some(key.path.to_owned()),
            value,
            message,
        });
        Missing
    }

    /// Notes something odd.
    pub(crate) fn warn(&mut self, message: String) {
        self.warnings.push(message);
    }

    /// Notes how a key was resolved.
    pub(crate) fn show(&mut self, key: &'static Key, value: Option<String>, origin: Origin) {
        self.shown.insert(key.path, Shown { key, value, origin });
    }

    fn finish<C>(mut self, config: Result<C, Missing>) -> Result<Loaded<C>, Faults> {
        match config {
            Ok(config) if self.faults.is_empty() => {
                let values = keys::of(self.role)
                    .filter_map(|key| self.shown.remove(key.path))
                    .collect();
                Ok(Loaded {
                    config,
                    role: self.role,
                    values,
                    warnings: self.warnings,
                })
            }
            _ => Err(Faults(self.faults)),
        }
    }
}

/// A value cannot be had; why is among the faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Missing;

fn command_line(options: &[(String, String, String)]) -> Read {
    let mut read = Read::default();
    for (option, path, value) in options {
        let origin = Origin::CommandLine(option.clone());
        match keys::key_at(path) {
            Some(key) if key.secret => read.faults.push(Fault {
                origin: Some(origin),
                key: Some(path.clone()),
                value: None,
                message: format!(
                    "a secret does not belong on the command line, which others can see; use the environment variable {}",
                    key.variable()
                ),
            }),
            Some(key) => read.given.push(Given { key, text: value.clone(), origin }),
            None => {
                let near = nearest(path, keys::ALL.iter().map(|key| key.path));
                let hint = near.map_or(String::new(), |near| format!("; did you mean {near}?"));
                let message = format!("there is no such key{hint}");
                read.faults.push(Fault { origin: Some(origin), key: Some(path.clone()), value: None, message });
            }
        }
    }
    read
}

#[cfg(test)]
mod tests;
