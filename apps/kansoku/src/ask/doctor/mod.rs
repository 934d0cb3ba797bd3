//! `kansoku doctor`: what is read and what is dark, and before an installation what a cluster lacks.

mod cluster;
mod sources;

use clap::Args;

use super::client::ServerArgs;
use super::format::Format;
use crate::exit::Failure;

/// What the command takes.
#[derive(Debug, Args)]
pub(crate) struct DoctorArgs {
    /// Every source, also those that are read well
    #[arg(long)]
    all: bool,

    /// Only what the agent of this node reads
    #[arg(long)]
    node: Option<String>,

    /// Before an installation: check what a Kubernetes cluster lacks for it. Asks the API server, changes nothing
    #[arg(long, conflicts_with_all = ["all", "node"])]
    cluster: bool,

    #[command(flatten)]
    of_cluster: cluster::ClusterArgs,

    /// How to show it
    #[arg(long, short, value_enum, default_value_t = Format::Table)]
    format: Format,

    #[command(flatten)]
    server: ServerArgs,
}

pub(crate) fn run(args: DoctorArgs) -> Result<(), Failure> {
    if args.cluster {
        cluster::run(args.of_cluster, args.format)
    } else {
        sources::run(args)
    }
}
