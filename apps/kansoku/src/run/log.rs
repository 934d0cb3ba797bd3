//! What the program says of its own doings, on standard error.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::exit::Failure;

/// What the libraries tell of every commit and scan is of use to their authors; a filter that names them brings it back.
const LIBRARIES: &str =
    "buoyant_kernel=warn,buoyant_kernel_engine=warn,deltalake_core=warn,datafusion=warn";

/// Begins logging; `filter` is the key `log`. The warnings of the configuration come first.
pub(super) fn start(filter: &str, warnings: &[String]) -> Result<(), Failure> {
    let parsed = EnvFilter::try_new(format!("{LIBRARIES},{filter}")).map_err(|error| {
        Failure::usage(format!(
            "log = {filter:?}: {error}; write info, or info,store=debug"
        ))
    })?;
    let colours = std::io::stderr().is_terminal()
        && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty());
    tracing_subscriber::fmt()
        .with_env_filter(parsed)
        .with_ansi(colours)
        .with_writer(std::io::stderr)
        .init();
    for warning in warnings {
        tracing::warn!("{warning}");
    }
    Ok(())
}
