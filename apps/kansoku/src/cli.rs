//! The commands.

use clap::{CommandFactory, Parser, Subcommand};

use crate::ask::{alarms, cost, doctor, logs, query, status, top};
use crate::exit::Failure;
use crate::print::Stdout;
use crate::run::{self, ForAgent, ForServer, ForUp, RoleArgs};

/// Kansoku reads machines, keeps what they did, and answers questions about it
#[derive(Debug, Parser)]
#[command(name = "kansoku", version, propagate_version = true)]
#[command(
    after_help = "Exit codes: 0 done, 1 failed, 2 asked wrongly, 3 the server does not answer."
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Read this machine, keep its rows and show them, all in one process
    Up(RoleArgs<ForUp>),
    /// Take in what agents send, keep it and answer questions
    Server(RoleArgs<ForServer>),
    /// Read this machine and send its rows to a server
    Agent(RoleArgs<ForAgent>),
    /// What uses the most, now
    Top(top::TopArgs),
    /// Lines of pods and nodes; --follow as they come
    Logs(Box<logs::LogsArgs>),
    /// What is in ALARM, and why; put, replay, silence and test alarms
    Alarms(Box<alarms::AlarmsArgs>),
    /// Ask in SQL, or for statistics of metrics
    Query(query::QueryArgs),
    /// What a server holds and costs
    Status(status::StatusArgs),
    /// What is kept, by table and namespace, and what CloudWatch would charge for the same
    Cost(cost::CostArgs),
    /// What is read, from where, as whom and by which right; what is dark, and what would light it
    Doctor(doctor::DoctorArgs),
    /// What is configured
    Config {
        #[command(subcommand)]
        command: ConfigCommand,
    },
    /// A script that completes this program's words in a shell
    Completions {
        /// For which shell
        shell: clap_complete::Shell,
    },
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Every key with its value, and where that came from
    Print {
        #[command(subcommand)]
        role: PrintRole,
    },
}

#[derive(Debug, Subcommand)]
enum PrintRole {
    /// As `kansoku up` would take it
    Up(RoleArgs<ForUp>),
    /// As `kansoku server` would take it
    Server(RoleArgs<ForServer>),
    /// As `kansoku agent` would take it
    Agent(RoleArgs<ForAgent>),
}

impl Cli {
    /// Does what was asked.
    pub(crate) fn run(self) -> Result<(), Failure> {
        match self.command {
            Command::Up(args) => {
                let loaded = args.load()?;
                match loaded.config.demo.clone() {
                    Some(wanted) => run::demo(loaded, &wanted),
                    None => run::up(loaded),
                }
            }
            Command::Server(args) => run::server(args.load()?),
            Command::Agent(args) => run::agent(args.load()?),
            Command::Top(args) => top::run(args),
            Command::Logs(args) => logs::run(*args),
            Command::Alarms(args) => alarms::run(*args),
            Command::Query(args) => query::run(args),
            Command::Status(args) => status::run(args),
            Command::Cost(args) => cost::run(args),
            Command::Doctor(args) => doctor::run(args),
            Command::Config {
                command: ConfigCommand::Print { role },
            } => print(&match role {
                PrintRole::Up(args) => args.load()?.print(),
                PrintRole::Server(args) => args.load()?.print(),
                PrintRole::Agent(args) => args.load()?.print(),
            }),
            Command::Completions { shell } => {
                let mut script = Vec::new();
                clap_complete::generate(shell, &mut Cli::command(), "kansoku", &mut script);
                print(&String::from_utf8_lossy(&script))
            }
        }
    }
}

fn print(text: &str) -> Result<(), Failure> {
    let mut out = Stdout::lock();
    out.line(text.trim_end())?;
    Ok(out.flush()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commands_are_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_key_with_an_option_is_an_option_of_its_roles() {
        let command = Cli::command();
        for role in [config::Role::Up, config::Role::Server, config::Role::Agent] {
            let of_role = command.find_subcommand(role.word()).unwrap();
            for key in config::keys::of(role) {
                let Some(option) = key.option else { continue };
                let found = of_role
                    .get_arguments()
                    .any(|argument| argument.get_long() == Some(option));
                assert!(found, "kansoku {} has no --{option}", role.word());
            }
        }
    }
}
