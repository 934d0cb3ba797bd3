//! The agent's configuration.

use std::net::SocketAddr;
use std::path::PathBuf;

use super::resolve_all;
use crate::key::Role;
use crate::keys;
use crate::resolve::{Missing, Values};
use crate::value::{HttpUrl, Secret, Share, Size, Span};

/// What an agent needs to know.
#[derive(Debug, Clone, PartialEq)]
pub struct AgentConfig {
    /// The cluster's name.
    pub cluster: String,
    /// The node's name.
    pub node: String,
    /// The filter of what is logged.
    pub log: String,
    /// The server. In `up`: where this process itself answers.
    pub server: HttpUrl,
    /// Time between ticks: divides a minute, or is a whole number of minutes up to five.
    pub interval: Span,
    /// Pause between two rounds of sending.
    pub flush_interval: Span,
    /// Where it answers about itself; `None`: nowhere.
    pub listen: Option<SocketAddr>,
    /// Where the host's files are.
    pub host: HostConfig,
    /// The kubelet; `None`: it is not asked.
    pub kubelet: Option<KubeletConfig>,
    /// The most cgroups measured.
    pub cgroup_limit: u64,
    /// Whether partitions have rows.
    pub partitions: bool,
    /// Whether the host's ends of pods' interfaces have rows.
    pub veth: bool,
    /// Whether network file systems are asked for their size.
    pub network_filesystems: bool,
    /// Where rows wait.
    pub spool: SpoolConfig,
    /// Which logs are read; `None`: none.
    pub logs: Option<LogConfig>,
    /// The most resident memory; `None` in `up`, where the server shares it.
    pub memory_limit: Option<Size>,
    /// The most of one core that reading may take.
    pub cpu_limit: Share,
    /// zstd's level.
    pub compression: i32,
    /// How long one request may take.
    pub timeout: Span,
    /// The proxy; `None`: what the environment says.
    pub proxy: Option<HttpUrl>,
    /// The file with the token.
    pub token_file: Option<PathBuf>,
    /// The token, when there is no file.
    pub token: Option<Secret>,
    /// How the two ends of a connection prove who they are.
    pub tls: TlsConfig,
    /// What only CloudWatch's dialect asks for.
    pub cloudwatch: CloudWatchConfig,
}

/// How the kubelet is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct KubeletConfig {
    /// Its address.
    pub url: HttpUrl,
    /// How often it is asked.
    pub interval: Span,
    /// The file with the token.
    pub token_file: PathBuf,
    /// The authorities that may vouch for it.
    pub ca: PathBuf,
    /// Whether any certificate is taken.
    pub insecure: bool,
}

impl KubeletConfig {
    fn resolve(
        values: &mut Values<'_>,
        node: Result<&str, Missing>,
    ) -> Result<KubeletConfig, Missing> {
        let host = values.variable(&["HOST_IP", "NODE_IP"]);
        resolve_all! { values;
            url = match (host, node) {
                (Some((_, ip)), _) => values.derived(&keys::AGENT_KUBELET_URL,
                    format!("https://{}:10250", bracketed(&ip)), "the environment's address of the node"),
                (None, Ok(node)) => values.derived(&keys::AGENT_KUBELET_URL,
                    format!("https://{}:10250", bracketed(node)), "the node's name"),
                (None, Err(missing)) => Err(missing),
            };
            interval = values.get(&keys::AGENT_KUBELET_INTERVAL);
            token_file = values.get(&keys::AGENT_KUBELET_TOKEN_FILE);
            ca = values.get(&keys::AGENT_KUBELET_CA);
            insecure = values.get(&keys::AGENT_KUBELET_INSECURE);
        }
        Ok(KubeletConfig {
            url,
            interval,
            token_file,
            ca,
            insecure,
        })
    }
}

/// An address as it stands in a URL: one of IPv6 in brackets.
fn bracketed(host: &str) -> String {
    if host.contains(':') {
        format!("[{host}]")
    } else {
        host.to_owned()
    }
}

/// Where the host's files are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostConfig {
    /// Whether they are seen from here.
    pub mounted: bool,
    /// The host's `/proc`.
    pub proc: PathBuf,
    /// The host's `/sys`.
    pub sys: PathBuf,
    /// The host's `/var/log`.
    pub var_log: PathBuf,
    /// The host's `/`.
    pub root: PathBuf,
}

/// Where rows wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpoolConfig {
    /// The folder.
    pub dir: PathBuf,
    /// The most bytes of waiting frames.
    pub max_bytes: Size,
    /// The most bytes of refused frames.
    pub refused_max_bytes: Size,
}

/// Which logs are read, and how.
#[derive(Debug, Clone, PartialEq)]
pub struct LogConfig {
    /// Which are read.
    pub include: Vec<String>,
    /// Which are not.
    pub exclude: Vec<String>,
    /// Whether the host's are.
    pub host: bool,
    /// Further files of the host.
    pub files: Vec<PathBuf>,
    /// Whether the journal is read: `auto`, `on` or `off`.
    pub journal: String,
    /// The age bound of the first start.
    pub first_age: Span,
    /// The most bytes of an entry.
    pub max_line: Size,
    /// Groups of lines.
    pub multiline: Vec<String>,
    /// What is masked.
    pub redact: Vec<String>,
    /// The most bytes a second of one log; `None`: any.
    pub rate: Option<Size>,
    /// The most bytes of removed files that are held.
    pub held_max: Size,
    /// The most of one core that reading may take.
    pub cpu_limit: Share,
    /// The folder where entries wait.
    pub spool_dir: PathBuf,
    /// The most bytes of waiting frames.
    pub spool_max_bytes: Size,
}

impl LogConfig {
    fn resolve(
        values: &mut Values<'_>,
        data: Result<PathBuf, Missing>,
    ) -> Result<LogConfig, Missing> {
        resolve_all! { values;
            include = values.list(&keys::AGENT_LOGS_INCLUDE);
            exclude = values.list(&keys::AGENT_LOGS_EXCLUDE);
            host = values.get(&keys::AGENT_LOGS_HOST);
            files = values.list(&keys::AGENT_LOGS_FILES);
            journal = values.get(&keys::AGENT_LOGS_JOURNAL);
            first_age = values.get(&keys::AGENT_LOGS_FIRST_AGE);
            max_line = values.get(&keys::AGENT_LOGS_MAX_LINE);
            multiline = values.list(&keys::AGENT_LOGS_MULTILINE);
            redact = values.list(&keys::AGENT_LOGS_REDACT);
            rate = values.size_or_off(&keys::AGENT_LOGS_RATE);
            held_max = values.get(&keys::AGENT_LOGS_HELD_MAX);
            cpu_limit = values.get(&keys::AGENT_LOGS_CPU_LIMIT);
            spool_dir = data.and_then(|data| values.under(&keys::AGENT_LOGS_SPOOL_DIR, &data, "spool-logs"));
            spool_max_bytes = values.get(&keys::AGENT_LOGS_SPOOL_MAX_BYTES);
        }
        Ok(LogConfig {
            include,
            exclude,
            host,
            files: files.into_iter().map(PathBuf::from).collect(),
            journal,
            first_age,
            max_line,
            multiline,
            redact,
            rate,
            held_max,
            cpu_limit,
            spool_dir,
            spool_max_bytes,
        })
    }
}

/// PEM files of the agent's connections.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TlsConfig {
    /// The authorities that may vouch for the server; `None`: the well-known ones.
    pub ca: Option<PathBuf>,
    /// The agent's certificate and its key.
    pub identity: Option<(PathBuf, PathBuf)>,
}

/// What only CloudWatch's dialect asks for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CloudWatchConfig {
    /// The AWS region.
    pub region: Option<String>,
    /// Whether the names of the enhanced Container Insights are wanted.
    pub enhanced: bool,
}

impl AgentConfig {
    pub(crate) fn resolve(values: &mut Values<'_>) -> Result<AgentConfig, Missing> {
        let data = super::data(values);
        resolve_all! { values;
            cluster = cluster(values);
            node = node(values);
            log = super::log(values);
            server = server(values);
            interval = values.interval(&keys::AGENT_INTERVAL);
            flush_interval = values.get(&keys::AGENT_FLUSH_INTERVAL);
            listen = listen(values);
            host_mounted = values.get::<bool>(&keys::AGENT_HOST_MOUNTED);
            proc = of_host(values, &keys::AGENT_HOST_PROC, "proc");
            sys = values.get(&keys::AGENT_HOST_SYS);
            var_log = of_host(values, &keys::AGENT_HOST_VAR_LOG, "var/log");
            root = of_host(values, &keys::AGENT_HOST_ROOT, "");
            asks_kubelet = values.get::<bool>(&keys::AGENT_KUBELET_ENABLED);
            kubelet = KubeletConfig::resolve(values, node.as_deref().map_err(|missing| *missing));
            cgroup_limit = values.get(&keys::AGENT_CGROUP_LIMIT);
            partitions = values.get(&keys::AGENT_PARTITIONS);
            veth = values.get(&keys::AGENT_VETH);
            network_filesystems = values.get(&keys::AGENT_NETWORK_FILESYSTEMS);
            dir = data.clone().and_then(|data| values.under(&keys::AGENT_SPOOL_DIR, &data, "spool"));
            max_bytes = values.get(&keys::AGENT_SPOOL_MAX_BYTES);
            refused_max_bytes = values.get(&keys::AGENT_SPOOL_REFUSED_MAX_BYTES);
            reads_logs = values.get::<bool>(&keys::AGENT_LOGS_ENABLED);
            logs = LogConfig::resolve(values, data);
            memory_limit = memory_limit(values);
            cpu_limit = values.get(&keys::AGENT_CPU_LIMIT);
            compression = values.get::<u64>(&keys::AGENT_COMPRESSION);
            timeout = values.get(&keys::AGENT_TIMEOUT);
            proxy = values.optional(&keys::AGENT_PROXY);
            token_file = values.optional(&keys::AGENT_TOKEN_FILE);
            token = values.secret(&keys::AGENT_TOKEN);
            tls = tls(values);
            cwagentconfig = values.cwagentconfig();
            region = values.optional(&keys::AGENT_CLOUDWATCH_REGION);
            enhanced = values.get(&keys::AGENT_CLOUDWATCH_ENHANCED);
        }
        // It was read before anything was resolved.
        drop(cwagentconfig);
        if !host_mounted && !asks_kubelet {
            let message =
                "is false, and so is agent.kubelet.enabled: no pod would be measured".to_owned();
            return Err(values.fault(&keys::AGENT_HOST_MOUNTED, message));
        }
        if asks_kubelet && kubelet.insecure {
            values.warn(format!(
                "agent.kubelet.insecure: any certificate at {} is taken, and is shown the token",
                kubelet.url
            ));
        }
        if token_file.is_some() && token.is_some() {
            let message = "is set, and so is agent.token_file; keep one of them".to_owned();
            return Err(values.fault(&keys::AGENT_TOKEN, message));
        }
        if (token_file.is_some() || token.is_some()) && !server.is_https() && !server.is_loopback()
        {
            values.warn(format!("the token goes to {server} unencrypted; use https:// where others share the network"));
        }
        Ok(AgentConfig {
            cluster,
            node,
            log,
            server,
            interval,
            flush_interval,
            listen,
            host: HostConfig {
                mounted: host_mounted,
                proc,
                sys,
                var_log,
                root,
            },
            kubelet: asks_kubelet.then_some(kubelet),
            cgroup_limit,
            partitions,
            veth,
            network_filesystems,
            spool: SpoolConfig {
                dir,
                max_bytes,
                refused_max_bytes,
            },
            logs: reads_logs.then_some(logs),
            memory_limit,
            cpu_limit,
            // Between 1 and 19, as declared.
            compression: i32::try_from(compression).unwrap_or(1),
            timeout,
            proxy,
            token_file,
            token,
            tls,
            cloudwatch: CloudWatchConfig { region, enhanced },
        })
    }
}

fn cluster(values: &mut Values<'_>) -> Result<String, Missing> {
    super::cluster(values)?.ok_or_else(|| values.fault(&keys::CLUSTER, needed()))
}

fn needed() -> String {
    format!(
        "must be set: cluster = \"…\" in the file, {} in the environment, or --cluster on the command line",
        keys::CLUSTER.variable()
    )
}

fn node(values: &mut Values<'_>) -> Result<String, Missing> {
    let key = &keys::NODE;
    let name: String = match values.variable(&["NODE_NAME", "K8S_NODE_NAME", "HOST_NAME"]) {
        Some(("NODE_NAME", name)) => values.derived(key, name, "environment variable NODE_NAME")?,
        Some(("K8S_NODE_NAME", name)) => {
            values.derived(key, name, "environment variable K8S_NODE_NAME")?
        }
        Some((_, name)) => values.derived(key, name, "environment variable HOST_NAME")?,
        None => values.derived(key, values.machine.hostname.clone(), "the host's name")?,
    };
    if name.trim().is_empty() || name.len() > 253 {
        return Err(values.fault(key, "must have 1 to 253 characters".to_owned()));
    }
    Ok(name)
}

fn server(values: &mut Values<'_>) -> Result<HttpUrl, Missing> {
    if values.role != Role::Up {
        return agents_server(values);
    }
    let listen: SocketAddr = values.get(&keys::LISTEN)?;
    super::up::own_url(listen).ok_or(Missing)
}

/// Where an agent finds a server that nobody named: beside it in its namespace, else where our manifests put it.
fn agents_server(values: &mut Values<'_>) -> Result<HttpUrl, Missing> {
    let key = &keys::AGENT_SERVER;
    // What Kubernetes sets for a service that was there before the pod; it needs no name service.
    let host = values.variable(&["KANSOKU_SERVER_SERVICE_HOST"]);
    let port = values.variable(&["KANSOKU_SERVER_SERVICE_PORT"]);
    if let Some((_, host)) = host {
        let port = port.map_or("4780".to_owned(), |(_, port)| port);
        let url = format!("http://{}:{port}", bracketed(&host));
        return values.derived(key, url, "the service kansoku-server of this namespace");
    }
    if values.variable(&["KUBERNETES_SERVICE_HOST"]).is_some() {
        let url = "http://kansoku-server.kansoku:4780".to_owned();
        return values.derived(key, url, "the service kansoku-server of namespace kansoku");
    }
    values.derived(key, "http://127.0.0.1:4780".to_owned(), "this machine")
}

/// A folder of the host: below `/`, or below where the host is mounted.
fn of_host(
    values: &mut Values<'_>,
    key: &'static crate::key::Key,
    under: &str,
) -> Result<PathBuf, Missing> {
    match values.machine.mounted_host.clone() {
        Some(host) => {
            let path = if under.is_empty() {
                host
            } else {
                host.join(under)
            };
            values.derived(key, path.display().to_string(), "the host is mounted there")
        }
        None => values.derived(key, format!("/{under}"), "default"),
    }
}

fn listen(values: &mut Values<'_>) -> Result<Option<SocketAddr>, Missing> {
    // In `up`, the server's /metrics has the agent's figures too.
    if values.role == Role::Up {
        Ok(None)
    } else {
        values.address_or_off(&keys::AGENT_LISTEN)
    }
}

fn memory_limit(values: &mut Values<'_>) -> Result<Option<Size>, Missing> {
    if values.role == Role::Up {
        Ok(None)
    } else {
        values.get(&keys::AGENT_MEMORY_LIMIT).map(Some)
    }
}

fn tls(values: &mut Values<'_>) -> Result<TlsConfig, Missing> {
    let ca = values.optional(&keys::AGENT_TLS_CA);
    let identity = super::identity(values, &keys::AGENT_TLS_CERT, &keys::AGENT_TLS_KEY);
    let (ca, identity) = (ca?, identity?);
    Ok(TlsConfig { ca, identity })
}
