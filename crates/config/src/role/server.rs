//! The server's configuration.

use std::net::SocketAddr;
use std::path::PathBuf;

use super::resolve_all;
use crate::key::Role;
use crate::keys;
use crate::resolve::{Missing, Values};
use crate::value::{FromText, HttpUrl, Secret, Size, Span};

/// What a server needs to know.
#[derive(Debug, Clone, PartialEq)]
pub struct ServerConfig {
    /// The cluster's name, where one is known.
    pub cluster: Option<String>,
    /// Where it answers. Port 0 takes a free one.
    pub listen: SocketAddr,
    /// Whether it answers without tokens on an address other than loopback.
    pub insecure: bool,
    /// The filter of what is logged.
    pub log: String,
    /// The folder under which everything is kept that is not given a place of its own.
    pub data: PathBuf,
    /// Where the tables are.
    pub tables: ObjectStoreConfig,
    /// The log that is written before rows are acknowledged.
    pub wal: WalConfig,
    /// Rows in memory.
    pub hot: HotConfig,
    /// How often rows go from the log into tables.
    pub flush_interval: Span,
    /// How long rows are kept.
    pub retention: RetentionConfig,
    /// Log lines.
    pub logs: LogsConfig,
    /// How much of the disk is used.
    pub disk: DiskConfig,
    /// What is taken from agents.
    pub ingest: IngestConfig,
    /// The file with the tokens of people and their tools.
    pub people_token_file: Option<PathBuf>,
    /// Bounds of questions.
    pub query: QueryConfig,
    /// The Kubernetes API.
    pub kubernetes: KubernetesConfig,
    /// The Kubernetes metrics API that is served.
    pub metrics_api: MetricsApiConfig,
    /// The file of prices that estimates are made with.
    pub prices: Option<PathBuf>,
    /// Alarms.
    pub alarms: AlarmsConfig,
}

/// Alarms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlarmsConfig {
    /// `alarms.toml`.
    pub file: Option<PathBuf>,
    /// Whether the starter set is evaluated.
    pub starter: bool,
    /// What links in notifications begin with.
    pub external_url: Option<HttpUrl>,
}

/// A folder or a bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectStoreConfig {
    /// An absolute or relative path, or a URL (`s3://bucket/folder`, `file:///folder`).
    pub location: String,
    /// The store's address, when it is not AWS.
    pub endpoint: Option<HttpUrl>,
    /// The bucket's region.
    pub region: Option<String>,
    /// The key id; `None`: what the environment says.
    pub access_key_id: Option<String>,
    /// The secret to it.
    pub secret_access_key: Option<Secret>,
    /// The file with the secret to it.
    pub secret_access_key_file: Option<PathBuf>,
}

/// The log that is written before rows are acknowledged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WalConfig {
    /// The folder.
    pub dir: PathBuf,
    /// How large one file becomes.
    pub segment_bytes: Size,
    /// How long a write may wait for others.
    pub commit_wait: Span,
}

/// Rows in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HotConfig {
    /// How much they may take.
    pub max_bytes: Size,
}

/// How long rows are kept, by tier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetentionConfig {
    /// As they came.
    pub raw: Span,
    /// One row a minute.
    pub minute: Span,
    /// One row in five minutes.
    pub five_minutes: Span,
    /// One row an hour.
    pub hour: Span,
}

/// Log lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogsConfig {
    /// How long they are kept.
    pub retention: Span,
    /// How long those of some namespaces are kept instead; the first that fits counts.
    pub retention_by_namespace: Vec<NamespaceRetention>,
    /// How much memory their indexes may take.
    pub index_memory: Size,
}

/// How long log lines of some namespaces are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamespaceRetention {
    /// A namespace's name, in which `*` stands for any characters.
    pub namespaces: String,
    /// How long.
    pub keep: Span,
}

/// How much of the disk is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DiskConfig {
    /// The most bytes of log and tables together.
    pub budget: Option<Size>,
    /// What stays free.
    pub reserve: Size,
}

/// What is taken from agents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IngestConfig {
    /// The largest body as it comes.
    pub max_body: Size,
    /// The file with the tokens of agents.
    pub token_file: Option<PathBuf>,
}

/// Bounds of questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueryConfig {
    /// How long one may take.
    pub timeout: Span,
    /// How much memory all may take together.
    pub memory: Size,
    /// The most rows of one answer.
    pub max_rows: u64,
    /// How many are answered at once.
    pub concurrency: u64,
}

/// How the Kubernetes API is watched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KubernetesConfig {
    /// Which, and as whom.
    pub api: KubernetesApi,
    /// How often the state of every object is written.
    pub interval: Span,
    /// Whether the API server's own metrics are read.
    pub control_plane: bool,
    /// The names of annotations that are kept with a pod.
    pub annotations: Vec<String>,
}

/// How the Kubernetes metrics API is served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetricsApiConfig {
    /// Where; `None`: nowhere.
    pub listen: Option<SocketAddr>,
    /// The files of certificate and private key; `None`: made at start.
    pub identity: Option<(PathBuf, PathBuf)>,
}

/// Which Kubernetes API is watched, and as whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KubernetesApi {
    /// That of the pod's service account, where there is one.
    Auto,
    /// None.
    Off,
    /// That of the pod's service account.
    InCluster,
    /// That of a kubeconfig's current context.
    Kubeconfig(PathBuf),
}

impl KubernetesApi {
    fn of_text(text: String) -> KubernetesApi {
        match text.trim() {
            "auto" => KubernetesApi::Auto,
            "off" => KubernetesApi::Off,
            "in-cluster" => KubernetesApi::InCluster,
            path => KubernetesApi::Kubeconfig(PathBuf::from(path)),
        }
    }
}

impl ServerConfig {
    pub(crate) fn resolve(values: &mut Values<'_>) -> Result<ServerConfig, Missing> {
        let data = super::data(values);
        resolve_all! { values;
            // `up` has its agent's.
            cluster = match values.role {
                Role::Up => Ok(None),
                _ => super::cluster(values),
            };
            listen = values.get::<SocketAddr>(&keys::LISTEN);
            insecure = values.get(&keys::INSECURE);
            log = super::log(values);
            location = data.clone().and_then(|data| values.under(&keys::SERVER_TABLES, &data, "tables"));
            endpoint = values.optional(&keys::SERVER_S3_ENDPOINT);
            region = values.optional(&keys::SERVER_S3_REGION);
            access_key_id = values.optional(&keys::SERVER_S3_ACCESS_KEY_ID);
            secret_access_key = values.secret(&keys::SERVER_S3_SECRET_ACCESS_KEY);
            secret_access_key_file = values.optional::<PathBuf>(&keys::SERVER_S3_SECRET_ACCESS_KEY_FILE);
            wal_dir = data.clone().and_then(|data| values.under(&keys::SERVER_WAL_DIR, &data, "wal"));
            segment_bytes = values.get(&keys::SERVER_WAL_SEGMENT_BYTES);
            commit_wait = values.get(&keys::SERVER_WAL_COMMIT_WAIT);
            hot_max_bytes = values.get(&keys::SERVER_HOT_MAX_BYTES);
            flush_interval = values.get(&keys::SERVER_FLUSH_INTERVAL);
            raw = values.get(&keys::SERVER_RETENTION_RAW);
            minute = values.get(&keys::SERVER_RETENTION_MINUTE);
            five_minutes = values.get(&keys::SERVER_RETENTION_FIVE_MINUTES);
            hour = values.get(&keys::SERVER_RETENTION_HOUR);
            log_retention = values.get::<Span>(&keys::SERVER_LOGS_RETENTION);
            log_rules = values.optional::<String>(&keys::SERVER_LOGS_RETENTION_BY_NAMESPACE);
            index_memory = values.get(&keys::SERVER_LOGS_INDEX_MEMORY);
            budget = values.optional(&keys::SERVER_DISK_BUDGET);
            reserve = values.get(&keys::SERVER_DISK_RESERVE);
            max_body = values.get(&keys::SERVER_INGEST_MAX_BODY);
            ingest_token_file = values.optional::<PathBuf>(&keys::SERVER_INGEST_TOKEN_FILE);
            people_token_file = values.optional::<PathBuf>(&keys::SERVER_PEOPLE_TOKEN_FILE);
            timeout = values.get(&keys::SERVER_QUERY_TIMEOUT);
            memory = values.get(&keys::SERVER_QUERY_MEMORY);
            max_rows = values.get(&keys::SERVER_QUERY_MAX_ROWS);
            concurrency = values.get(&keys::SERVER_QUERY_CONCURRENCY);
            kubernetes_api = values.get(&keys::SERVER_KUBERNETES_API);
            kubernetes_interval = values.interval(&keys::SERVER_KUBERNETES_INTERVAL);
            control_plane = values.get(&keys::SERVER_KUBERNETES_CONTROL_PLANE);
            annotations = values.list(&keys::SERVER_KUBERNETES_ANNOTATIONS);
            prices = values.optional(&keys::SERVER_COST_PRICES);
            alarms_file = values.optional(&keys::SERVER_ALARMS_FILE);
            alarms_starter = values.get(&keys::SERVER_ALARMS_STARTER);
            external_url = values.optional(&keys::SERVER_ALARMS_EXTERNAL_URL);
            metrics_api_listen = values.address_or_off(&keys::SERVER_METRICS_API_LISTEN);
            metrics_api_identity = super::identity(values, &keys::SERVER_METRICS_API_CERT, &keys::SERVER_METRICS_API_KEY);
        }
        if secret_access_key.is_some() && secret_access_key_file.is_some() {
            let message =
                "is set, and so is server.s3.secret_access_key_file; keep one of them".to_owned();
            return Err(values.fault(&keys::SERVER_S3_SECRET_ACCESS_KEY, message));
        }
        let retention_by_namespace = namespace_retention(log_rules.as_deref().unwrap_or_default())
            .map_err(|message| values.fault(&keys::SERVER_LOGS_RETENTION_BY_NAMESPACE, message))?;
        exposed(
            values,
            listen,
            insecure,
            ingest_token_file.is_some(),
            people_token_file.is_some(),
        )?;
        Ok(ServerConfig {
            cluster,
            listen,
            insecure,
            log,
            data: data?,
            tables: ObjectStoreConfig {
                location: location.display().to_string(),
                endpoint,
                region,
                access_key_id,
                secret_access_key,
                secret_access_key_file,
            },
            wal: WalConfig {
                dir: wal_dir,
                segment_bytes,
                commit_wait,
            },
            hot: HotConfig {
                max_bytes: hot_max_bytes,
            },
            flush_interval,
            retention: RetentionConfig {
                raw,
                minute,
                five_minutes,
                hour,
            },
            logs: LogsConfig {
                retention: log_retention,
                retention_by_namespace,
                index_memory,
            },
            disk: DiskConfig { budget, reserve },
            ingest: IngestConfig {
                max_body,
                token_file: ingest_token_file,
            },
            people_token_file,
            query: QueryConfig {
                timeout,
                memory,
                max_rows,
                concurrency,
            },
            kubernetes: KubernetesConfig {
                api: KubernetesApi::of_text(kubernetes_api),
                interval: kubernetes_interval,
                control_plane,
                annotations,
            },
            metrics_api: MetricsApiConfig {
                listen: metrics_api_listen,
                identity: metrics_api_identity,
            },
            prices,
            alarms: AlarmsConfig {
                file: alarms_file,
                starter: alarms_starter,
                external_url,
            },
        })
    }
}

/// Reads rules such as `audit=90d, dev-*=1d`.
fn namespace_retention(text: &str) -> Result<Vec<NamespaceRetention>, String> {
    let (shortest, longest) = (Span::from_text("1h")?, Span::from_text("36500d")?);
    let rules = text
        .split(',')
        .map(str::trim)
        .filter(|rule| !rule.is_empty());
    rules
        .map(|rule| {
            let wrong =
                |why: &str| format!("'{rule}': {why}; write rules such as audit=90d, dev-*=1d");
            let (namespaces, keep) = rule.split_once('=').ok_or_else(|| wrong("has no ="))?;
            let namespaces = namespaces.trim();
            let fits =
                |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '*');
            if namespaces.is_empty() || !namespaces.chars().all(fits) {
                return Err(wrong("no namespace is called so"));
            }
            let keep = Span::from_text(keep.trim()).map_err(|error| wrong(&error))?;
            if keep < shortest || keep > longest {
                return Err(wrong("must be 1h or more, and at most 36500d"));
            }
            Ok(NamespaceRetention {
                namespaces: namespaces.to_owned(),
                keep,
            })
        })
        .collect()
}

/// An address that others reach needs tokens for both doors.
fn exposed(
    values: &mut Values<'_>,
    listen: SocketAddr,
    insecure: bool,
    ingest: bool,
    people: bool,
) -> Result<(), Missing> {
    if listen.ip().is_loopback() || (ingest && people) {
        return Ok(());
    }
    let missing = match (ingest, people) {
        (false, false) => "server.ingest.token_file and server.people.token_file",
        (false, true) => "server.ingest.token_file",
        (true, _) => "server.people.token_file",
    };
    if insecure {
        values.warn(format!(
            "insecure: {listen} answers everybody who reaches it, without {missing}"
        ));
        return Ok(());
    }
    let message = format!(
        "others than this machine reach {}, so it needs {missing}; listen on 127.0.0.1, or set insecure = true to let \
         everybody who reaches the port read all and write rows",
        listen.ip()
    );
    Err(values.fault(&keys::LISTEN, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_of_namespaces_are_read_in_order_and_faults_are_named() {
        let rules = namespace_retention(" audit=90d, dev-*=12h ,").unwrap();
        let rules: Vec<_> = rules
            .iter()
            .map(|rule| (rule.namespaces.as_str(), rule.keep.duration().as_secs()))
            .collect();
        assert_eq!(rules, [("audit", 90 * 86_400), ("dev-*", 12 * 3600)]);
        assert_eq!(namespace_retention(""), Ok(Vec::new()));
        for (wrong, word) in [
            ("audit", "has no ="),
            ("Audit=1d", "no namespace"),
            ("=1d", "no namespace"),
            ("a=1", "'a=1'"),
            ("a=1s", "must be"),
        ] {
            let said = namespace_retention(wrong).unwrap_err();
            assert!(said.contains(word), "{said}");
        }
    }
}
