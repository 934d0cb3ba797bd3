//! From the configuration to what the agent takes.

use agent::source::{Options, Roots};
use agent::{ServerSettings, Settings, Token};
use config::AgentConfig;

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
            ..Options::default()
        },
        interval: config.interval.duration(),
        cpu_share: config.cpu_limit.part(),
        memory_limit: config.memory_limit.map(config::Size::bytes),
        spool_dir: config.spool.dir.clone(),
        spool_max_bytes: config.spool.max_bytes.bytes(),
        refused_max_bytes: config.spool.refused_max_bytes.bytes(),
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
