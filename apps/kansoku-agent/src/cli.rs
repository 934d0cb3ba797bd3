//! The command line, made from the table of keys: a key that has an option has it here, with its words.

use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Command};
use config::{AgentConfig, Default, Key, Kind, Loaded, Machine, Role, Sources};

use crate::exit::Failure;

/// What is asked for.
pub(crate) enum Asked {
    /// To read and to send, until told to stop.
    Run(Typed),
    /// To show every key as resolved.
    PrintConfig(Typed),
    /// To make a folder writable for this process' group.
    Prepare(PathBuf),
}

/// What was typed.
pub(crate) struct Typed {
    file: Option<PathBuf>,
    /// The option as typed, the key's path, the value.
    options: Vec<(String, String, String)>,
}

impl Typed {
    /// Reads file and environment beside what was typed, and resolves them.
    pub(crate) fn load(self) -> Result<Loaded<AgentConfig>, Failure> {
        let sources = Sources::gather(Role::Agent, self.file.as_deref(), self.options);
        let loaded = sources.and_then(|sources| config::load_agent(&sources, &Machine::this()));
        loaded.map_err(Failure::usage)
    }
}

/// Reads the command line; ends the process with code 2 and a word on it when it cannot be understood.
pub(crate) fn parse() -> Asked {
    let matches = command().get_matches();
    match asked(&matches) {
        Ok(asked) => asked,
        Err(error) => error.format(&mut command()).exit(),
    }
}

fn asked(matches: &ArgMatches) -> Result<Asked, clap::Error> {
    match matches.subcommand() {
        Some(("prepare", prepare)) => Ok(Asked::Prepare(
            prepare
                .get_one("folder")
                .cloned()
                .unwrap_or_else(|| PathBuf::from("/var/lib/kansoku")),
        )),
        Some((_, config)) => match config.subcommand() {
            Some((_, print)) => typed(print).map(Asked::PrintConfig),
            None => typed(config).map(Asked::PrintConfig),
        },
        None => typed(matches).map(Asked::Run),
    }
}

fn command() -> Command {
    let print = with_options(
        Command::new("print").about("Show every key as resolved, and where its value came from"),
    );
    let config = Command::new("config")
        .about("What the agent is configured to do")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(print);
    let prepare = Command::new("prepare")
        .about(
            "Give a folder to this process' group, for an init container before one without rights",
        )
        .arg(
            Arg::new("folder")
                .value_name("FOLDER")
                .value_parser(clap::value_parser!(PathBuf))
                .help("The folder [default: /var/lib/kansoku]"),
        );
    with_options(Command::new("kansoku-agent"))
        .about("Reads this node and sends what it read to a Kansoku server")
        .after_help("Every key: docs/guide/configuration.md")
        .version(env!("CARGO_PKG_VERSION"))
        .subcommand(config)
        .subcommand(prepare)
}

fn with_options(mut command: Command) -> Command {
    command = command.arg(
        Arg::new("config")
            .long("config")
            .short('c')
            .value_name("FILE")
            .value_parser(clap::value_parser!(PathBuf))
            .help("The configuration file [env: KANSOKU_CONFIG]"),
    );
    for key in config::keys::of(Role::Agent) {
        let Some(option) = key.option else { continue };
        let mut argument = Arg::new(key.path)
            .long(option)
            .value_name(key.kind.placeholder())
            .help(help(key));
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

fn help(key: &Key) -> String {
    let words = key.help.trim_end_matches('.');
    let variable = key.variable();
    match key.default {
        Default::Value(value) => format!("{words} [default: {value}] [env: {variable}]"),
        Default::Derived(how) => format!("{words} [default: {how}] [env: {variable}]"),
        Default::Nothing(_) => format!("{words} [env: {variable}]"),
    }
}

fn typed(matches: &ArgMatches) -> Result<Typed, clap::Error> {
    let mut options = Vec::new();
    for key in config::keys::of(Role::Agent) {
        let Some(option) = key.option else { continue };
        if let Some(value) = matches.get_one::<String>(key.path) {
            options.push((format!("--{option}"), key.path.to_owned(), value.clone()));
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
        options.push(("--set".to_owned(), path.trim().to_owned(), value.to_owned()));
    }
    Ok(Typed {
        file: matches.get_one("config").cloned(),
        options,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &[&str]) -> Result<Asked, clap::Error> {
        asked(&command().no_binary_name(true).try_get_matches_from(words)?)
    }

    #[test]
    fn the_command_is_well_formed() {
        command().debug_assert();
    }

    #[test]
    fn options_become_keys() {
        let Ok(Asked::Run(typed)) = parse(&[
            "--server",
            "http://h",
            "--set",
            "agent.veth=true",
            "-c",
            "f.toml",
        ]) else {
            panic!("run")
        };
        assert_eq!(typed.file, Some(PathBuf::from("f.toml")));
        let options: Vec<_> = typed
            .options
            .iter()
            .map(|(o, p, v)| (o.as_str(), p.as_str(), v.as_str()))
            .collect();
        assert_eq!(
            options,
            [
                ("--server", "agent.server", "http://h"),
                ("--set", "agent.veth", "true")
            ]
        );
        assert!(
            matches!(parse(&["config", "print", "--cluster", "c"]), Ok(Asked::PrintConfig(t)) if t.options.len() == 1)
        );
    }

    #[test]
    fn what_cannot_be_understood_is_said() {
        assert!(
            parse(&["--set", "agent.veth"])
                .is_err_and(|e| e.to_string().contains("write KEY=VALUE"))
        );
        assert!(parse(&["--no-such-option"]).is_err());
        // Options of the server alone are not the agent's.
        assert!(parse(&["--listen", "127.0.0.1:1"]).is_err());
    }
}
