//! From the configuration to what the agent takes.

use std::time::Duration;

use agent::log::{JournalUse, LogSettings};
use agent::source::{KubeletOptions, Options, Roots};
use agent::{ServerSettings, Settings, Token};
use config::AgentConfig;

/// How long one answer of the kubelet may take; the longest that was measured is below half a second.
const KUBELET_TIMEOUT: Duration = Duration::from_secs(10);

/// The agent's settings.
pub(crate) fn settings(config: &AgentConfig) -> Settings {
    let token = match (&config.token_file, &config.token) {
        (Some(path), _) => Token::File(path.clone()),
        (None, Some(secret)) => Token::Text(secret.reveal().to_owned()),
        (None, None) => Token::None,
    };
    Settings {
        cluster: config.cluster.clone(),
        node: config.node.clone(),
        region: config.cloudwatch.region.clone(),
        enhanced: config.cloudwatch.enhanced,
        sources: Options {
            roots: Roots {
                proc: config.host.proc.clone(),
                sys: config.host.sys.clone(),
                log: config.host.var_log.clone(),
                host: config.host.root.clone(),
            },
            max_cgroups: usize::try_from(config.cgroup_limit).unwrap_or(usize::MAX),
            partitions: config.partitions,
            veth: config.veth,
            network_filesystems: config.network_filesystems,
            mounted: config.host.mounted,
            kubelet: config.kubelet.as_ref().map(kubelet),
            ..Options::default()
        },
        interval: config.interval.duration(),
        cpu_share: config.cpu_limit.part(),
        memory_limit: config.memory_limit.map(config::Size::bytes),
        spool_dir: config.spool.dir.clone(),
        spool_max_bytes: config.spool.max_bytes.bytes(),
        refused_max_bytes: config.spool.refused_max_bytes.bytes(),
        logs: config.logs.as_ref().map(logs),
        compression: config.compression,
        server: ServerSettings {
            url: config.server.as_str().to_owned(),
            timeout: config.timeout.duration(),
            flush_interval: config.flush_interval.duration(),
            proxy: config.proxy.as_ref().map(ToString::to_string),
            token,
            ca: config.tls.ca.clone(),
            identity: config.tls.identity.clone(),
        },
    }
}

fn kubelet(config: &config::KubeletConfig) -> KubeletOptions {
    KubeletOptions {
        url: config.url.as_str().to_owned(),
        interval: config.interval.duration(),
        timeout: KUBELET_TIMEOUT,
        token_file: config.token_file.clone(),
        ca: config.ca.clone(),
        insecure: config.insecure,
    }
}

fn logs(config: &config::LogConfig) -> LogSettings {
    LogSettings {
        max_line: usize::try_from(config.max_line.bytes()).unwrap_or(usize::MAX),
        first_age: config.first_age.duration(),
        rate: config.rate.map(config::Size::bytes),
        include: config.include.clone(),
        exclude: config.exclude.clone(),
        redact: config.redact.clone(),
        multiline: config.multiline.clone(),
        host: config.host,
        journal: JournalUse::of_word(&config.journal),
        files: config.files.clone(),
        spool_dir: config.spool_dir.clone(),
        spool_max_bytes: config.spool_max_bytes.bytes(),
        held_max: config.held_max.bytes(),
        cpu_share: config.cpu_limit.part(),
    }
}
