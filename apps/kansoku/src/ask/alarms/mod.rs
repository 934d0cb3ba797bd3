//! `kansoku alarms`: what is in ALARM and why, definitions, replay, silences, deliveries, and tests of evaluation.

mod cases;
mod change;
mod check;
mod definitions;
mod deliveries;
mod describe;
mod history;
mod list;
mod points;
mod put;
mod receivers;
mod replay;
mod silences;
mod words;

use clap::{Args, Subcommand};

use super::client::{Client, ServerArgs};
use crate::exit::Failure;

/// What the command takes.
#[derive(Debug, Args)]
pub(crate) struct AlarmsArgs {
    #[command(subcommand)]
    command: Command,

    #[command(flatten)]
    server: ServerArgs,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Alarms with their states, the worst first
    List(list::ListArgs),
    /// All about one alarm: state, reason, series with the points that were looked at, definition
    Describe(describe::DescribeArgs),
    /// Create alarms, or exchange those of the same names
    Put(put::PutArgs),
    /// Say what is wrong with definitions, and change nothing
    Check(check::CheckArgs),
    /// Run definitions over stored history: each change of state with the points it saw
    Replay(replay::ReplayArgs),
    /// Run cases from a file: which state is to come of which data points. Asks no server
    Test(cases::TestArgs),
    /// Remove alarms; their history stays
    Delete(change::NamesArgs),
    /// Let alarms notify
    Enable(change::NamesArgs),
    /// Let alarms notify nobody; they are evaluated all the same
    Disable(change::NamesArgs),
    /// Set an alarm's state by hand, until its next evaluation; receivers are told
    SetState(change::SetStateArgs),
    /// What happened to alarms, newest first
    History(history::HistoryArgs),
    /// Of which alarms nobody is told
    Silences(silences::ListArgs),
    /// Let nobody be told of some alarms for a while
    Silence(silences::SilenceArgs),
    /// End a silence
    Unsilence(silences::UnsilenceArgs),
    /// Who can be told, and how deliveries to them stand
    Receivers(receivers::ReceiversArgs),
    /// Notifications: waiting, delivered, given up
    Deliveries(deliveries::DeliveriesArgs),
}

pub(crate) fn run(args: AlarmsArgs) -> Result<(), Failure> {
    if let Command::Test(test) = args.command {
        return cases::run(&test);
    }
    let client = Client::new(&args.server)?;
    match args.command {
        Command::Test(test) => cases::run(&test),
        Command::List(args) => list::run(&client, &args),
        Command::Describe(args) => describe::run(&client, &args),
        Command::Put(args) => put::run(&client, &args),
        Command::Check(args) => check::run(&client, &args),
        Command::Replay(args) => replay::run(&client, &args),
        Command::Delete(args) => change::delete(&client, &args),
        Command::Enable(args) => change::switch(&client, &args, true),
        Command::Disable(args) => change::switch(&client, &args, false),
        Command::SetState(args) => change::set_state(&client, &args),
        Command::History(args) => history::run(&client, &args),
        Command::Silences(args) => silences::list(&client, &args),
        Command::Silence(args) => silences::silence(&client, &args),
        Command::Unsilence(args) => silences::unsilence(&client, &args),
        Command::Receivers(args) => receivers::run(&client, &args),
        Command::Deliveries(args) => deliveries::run(&client, &args),
    }
}

/// The path of an alarm in the API.
fn path_of(name: &str) -> String {
    format!("/api/alarms/{}", super::client::encode(name))
}

#[cfg(test)]
fn parsed<T: Args>(words: &[&str]) -> Result<T, String> {
    use clap::Parser;

    #[derive(Debug, Parser)]
    struct Only<T: Args> {
        #[command(flatten)]
        args: T,
    }
    Only::try_parse_from([&["alarms"], words].concat())
        .map(|only: Only<T>| only.args)
        .map_err(|error| error.to_string())
}
