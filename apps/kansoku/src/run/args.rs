//! Options of the roles, made from the table of keys: a key that has an option has it here, with its words.

use std::fmt;
use std::marker::PhantomData;
use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Command, FromArgMatches};
use config::{
    AgentConfig, Default, Faults, Key, Kind, Loaded, Machine, Role, ServerConfig, Sources, UpConfig,
};

use crate::exit::Failure;

/// A role as a type, so that each command has the options of its own.
pub(crate) trait OfRole: fmt::Debug {
    /// What its configuration is.
    type Config;
    /// Which it is.
    const ROLE: Role;
    /// How it is resolved.
    fn resolve(sources: &Sources, machine: &Machine) -> Result<Loaded<Self::Config>, Faults>;
}

macro_rules! role {
    ($name:ident, $role:ident, $config:ident, $resolve:ident) => {
        #[derive(Debug)]
        pub(crate) struct $name;

        impl OfRole for $name {
            type Config = $config;
            const ROLE: Role = Role::$role;
            fn resolve(sources: &Sources, machine: &Machine) -> Result<Loaded<$config>, Faults> {
                config::$resolve(sources, machine)
            }
        }
    };
}

role!(ForUp, Up, UpConfig, load_up);
role!(ForServer, Server, ServerConfig, load_server);
role!(ForAgent, Agent, AgentConfig, load_agent);

/// What was typed.
#[derive(Debug)]
pub(crate) struct RoleArgs<R> {
    file: Option<PathBuf>,
    /// The option as typed, the key's path, the value.
    typed: Vec<(String, String, String)>,
    role: PhantomData<R>,
}

impl<R: OfRole> RoleArgs<R> {
    /// Reads file and environment beside what was typed, and resolves them.
    pub(crate) fn load(self) -> Result<Loaded<R::Config>, Failure> {
        let sources =
            Sources::gather(R::ROLE, self.file.as_deref(), self.typed).map_err(Failure::usage)?;
        R::resolve(&sources, &Machine::this()).map_err(Failure::usage)
    }
}

impl<R: OfRole> FromArgMatches for RoleArgs<R> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut typed = Vec::new();
        for key in config::keys::of(R::ROLE) {
            let Some(option) = key.option else { continue };
            if let Some(value) = matches.get_one::<String>(key.path) {
                typed.push((format!("--{option}"), key.path.to_owned(), value.clone()));
            }
        }
        for pair in matches.get_many::<String>("set").into_iter().flatten() {
            let Some((path, value)) = pair.split_once('=') else {
                let message =
                    format!("--set {pair}: write KEY=VALUE, such as --set agent.compression=3\n");
                return Err(clap::Error::raw(
                    clap::error::ErrorKind::ValueValidation,
                    message,
                ));
            };
            typed.push(("--set".to_owned(), path.trim().to_owned(), value.to_owned()));
        }
        Ok(RoleArgs {
            file: matches.get_one("config").cloned(),
            typed,
            role: PhantomData,
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl<R: OfRole> clap::Args for RoleArgs<R> {
    fn augment_args(mut command: Command) -> Command {
        command = command.arg(
            Arg::new("config")
                .long("config")
                .short('c')
                .value_name("FILE")
                .value_parser(clap::value_parser!(PathBuf))
                .help("The configuration file [env: KANSOKU_CONFIG]"),
        );
        for key in config::keys::of(R::ROLE) {
            let Some(option) = key.option else { continue };
            let mut argument = Arg::new(key.path)
                .long(option)
                .value_name(key.kind.placeholder())
                .help(help(key))
                .hide_possible_values(true);
            if key.kind == Kind::Flag {
                argument = argument
                    .num_args(0..=1)
                    .require_equals(true)
                    .default_missing_value("true");
            }
            command = command.arg(argument);
        }
        command.arg(
            Arg::new("set")
                .long("set")
                .value_name("KEY=VALUE")
                .action(ArgAction::Append)
                .help("Any other key of the configuration, such as --set agent.compression=3; may be given again"),
        )
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

fn help(key: &Key) -> String {
    let words = key.help.trim_end_matches('.');
    let variable = key.variable();
    match key.default {
        Default::Value(value) => format!("{words} [default: {value}] [env: {variable}]"),
        Default::Derived(how) => format!("{words} [default: {how}] [env: {variable}]"),
        Default::Nothing(_) => format!("{words} [env: {variable}]"),
    }
}

#[cfg(test)]
mod tests {
    use clap::Args;

    use super::*;

    fn parse(words: &[&str]) -> Result<RoleArgs<ForUp>, clap::Error> {
        let command = RoleArgs::<ForUp>::augment_args(Command::new("up")).no_binary_name(true);
        RoleArgs::from_arg_matches(&command.try_get_matches_from(words)?)
    }

    #[test]
    fn what_is_typed_names_its_option() {
        let args = parse(&[
            "--listen",
            "127.0.0.1:0",
            "--insecure",
            "--set",
            "agent.compression=3",
            "-c",
            "k.toml",
        ])
        .unwrap();
        assert_eq!(args.file, Some("k.toml".into()));
        let typed: Vec<[&str; 3]> = args
            .typed
            .iter()
            .map(|(a, b, c)| [a.as_str(), b, c])
            .collect();
        assert_eq!(
            typed,
            [
                ["--listen", "listen", "127.0.0.1:0"],
                ["--insecure", "insecure", "true"],
                ["--set", "agent.compression", "3"],
            ]
        );
    }

    #[test]
    fn what_is_no_pair_is_refused() {
        assert!(
            parse(&["--set", "agent.compression"])
                .unwrap_err()
                .to_string()
                .contains("KEY=VALUE")
        );
        assert!(parse(&["--set", "no.such.key=1"]).unwrap().load().is_err());
    }
}
