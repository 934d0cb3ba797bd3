//! The agent inside this process: from its configuration to its end.

use std::time::Duration;

use agent::log::{JournalUse, LogSettings};
use agent::source::{KubeletOptions, Options, Roots};
use agent::{Agent, End, ServerSettings, Settings, Token};
use config::AgentConfig;
use tokio::sync::oneshot;

use crate::exit::Failure;

/// How long one answer of the kubelet may take; the longest that was measured is below half a second.
const KUBELET_TIMEOUT: Duration = Duration::from_secs(10);

/// What the agent is told.
pub(super) fn settings(config: AgentConfig) -> Settings {
    let token = match (config.token_file, config.token) {
        (Some(path), _) => Token::File(path),
        (None, Some(secret)) => Token::Text(secret.reveal().to_owned()),
        (None, None) => Token::None,
    };
    Settings {
        cluster: config.cluster,
        node: config.node,
        region: config.cloudwatch.region,
        enhanced: config.cloudwatch.enhanced,
        sources: Options {
            roots: Roots {
                proc: config.host.proc,
                sys: config.host.sys,
                log: config.host.var_log,
                host: config.host.root,
            },
            max_cgroups: usize::try_from(config.cgroup_limit).unwrap_or(usize::MAX),
            partitions: config.partitions,
            veth: config.veth,
            network_filesystems: config.network_filesystems,
            mounted: config.host.mounted,
            kubelet: config.kubelet.map(kubelet),
            ..Options::default()
        },
        interval: config.interval.duration(),
        cpu_share: config.cpu_limit.part(),
        memory_limit: config.memory_limit.map(|size| size.bytes()),
        spool_dir: config.spool.dir,
        spool_max_bytes: config.spool.max_bytes.bytes(),
        refused_max_bytes: config.spool.refused_max_bytes.bytes(),
        logs: config.logs.map(logs),
        compression: config.compression,
        server: ServerSettings {
            url: config.server.as_str().to_owned(),
            timeout: config.timeout.duration(),
            flush_interval: config.flush_interval.duration(),
            proxy: config.proxy.map(|url| url.as_str().to_owned()),
            token,
            ca: config.tls.ca,
            identity: config.tls.identity,
        },
    }
}

fn kubelet(config: config::KubeletConfig) -> KubeletOptions {
    KubeletOptions {
        url: config.url.as_str().to_owned(),
        interval: config.interval.duration(),
        timeout: KUBELET_TIMEOUT,
        token_file: config.token_file,
        ca: config.ca,
        insecure: config.insecure,
    }
}

fn logs(config: config::LogConfig) -> LogSettings {
    LogSettings {
        max_line: usize::try_from(config.max_line.bytes()).unwrap_or(usize::MAX),
        first_age: config.first_age.duration(),
        rate: config.rate.map(config::Size::bytes),
        include: config.include,
        exclude: config.exclude,
        redact: config.redact,
        multiline: config.multiline,
        host: config.host,
        journal: JournalUse::of_word(&config.journal),
        files: config.files,
        spool_dir: config.spool_dir,
        spool_max_bytes: config.spool_max_bytes.bytes(),
        held_max: config.held_max.bytes(),
        cpu_share: config.cpu_limit.part(),
    }
}

/// Starts the agent; the receiver hears why reading ended.
pub(super) fn start(settings: Settings) -> Result<(Agent, oneshot::Receiver<End>), Failure> {
    let (sender, ended) = oneshot::channel();
    let on_end = move |end| {
        let _ = sender.send(end);
    };
    Ok((
        Agent::start(settings, on_end).map_err(Failure::work)?,
        ended,
    ))
}

/// Why the process ends when the agent's reading did, unless it was told to.
pub(super) fn failure(end: Option<End>) -> Failure {
    match end {
        Some(End::Memory { resident, limit }) => Failure::work(format!(
            "the agent takes {resident} bytes of memory, more than agent.memory_limit ({limit}); it ends to be started again"
        )),
        Some(End::Stopped | End::Panicked) | None => {
            Failure::work("the agent broke off; the log says why")
        }
    }
}

/// Stops the agent; what is not sent `within` is in the spool for the next start.
pub(super) async fn stop(agent: Agent, within: Duration) {
    match tokio::task::spawn_blocking(move || agent.stop(within)).await {
        Ok(left) if left.durable => {}
        Ok(left) => {
            tracing::error!(waiting = ?left.spool, "rows that were not sent could not be written to the spool")
        }
        Err(error) => tracing::error!(%error, "the agent did not stop in order"),
    }
}
