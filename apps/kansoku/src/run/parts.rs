//! From the configuration to what each crate takes.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use config::{ObjectStoreConfig, ServerConfig};
use cost::PriceTable;
use server::{AlarmSettings, Hosts, Settings, TokenFile, Tokens};
use store::{RetentionRule, StoreConfig};
use url::Url;

use crate::exit::Failure;

/// How many times its compressed size a frame may grow to. Rows of an agent shrink to a fifth; logs to a tenth.
const UNFOLDS: usize = 8;

/// What the store is opened with.
pub(super) fn store(config: &ServerConfig) -> Result<StoreConfig, Failure> {
    let defaults = StoreConfig::in_folder(&absolute(&config.data)?).ok_or_else(|| {
        Failure::usage(format!(
            "data = {}: not a folder's path",
            config.data.display()
        ))
    })?;
    let retention = &config.retention;
    Ok(StoreConfig {
        wal_dir: absolute(&config.wal.dir)?,
        wal_segment_bytes: config.wal.segment_bytes.bytes(),
        tables_url: tables_url(&config.tables.location)?,
        storage_options: storage_options(&config.tables, std::env::vars())?,
        flush_interval: config.flush_interval.duration(),
        hot_bytes: as_usize(config.hot.max_bytes.bytes()),
        retention: [
            retention.raw,
            retention.minute,
            retention.five_minutes,
            retention.hour,
        ]
        .map(|span| span.duration()),
        log_retention: config.logs.retention.duration(),
        log_retention_by_namespace: config
            .logs
            .retention_by_namespace
            .iter()
            .map(|rule| RetentionRule {
                namespaces: rule.namespaces.clone(),
                keep: rule.keep.duration(),
            })
            .collect(),
        index_bytes: as_usize(config.logs.index_memory.bytes()),
        disk_budget_bytes: config.disk.budget.map(|size| size.bytes()),
        disk_reserve_bytes: config.disk.reserve.bytes(),
        ..defaults
    })
}

/// The bounds of questions.
pub(super) fn query(config: &ServerConfig, tick_seconds: Option<u32>) -> query::Limits {
    let defaults = query::Limits::default();
    let at_once = as_usize(config.query.concurrency);
    query::Limits {
        metrics_time: config.query.timeout.duration(),
        sql_time: config.query.timeout.duration(),
        // Half of the questions may use all that one may have, at the same time.
        memory: as_usize(config.query.memory.bytes()) / at_once.div_ceil(2).max(1),
        metrics_at_once: at_once,
        sql_at_once: at_once,
        sql_rows_most: as_usize(config.query.max_rows),
        tick_seconds: tick_seconds.unwrap_or(defaults.tick_seconds),
        ..defaults
    }
}

/// The bounds of requests, and who is answered.
pub(super) fn settings(config: &ServerConfig) -> Result<Settings, Failure> {
    let mut settings = Settings {
        cluster: config.cluster.clone(),
        ..Settings::default()
    };
    if let Some(path) = &config.prices {
        settings.prices = Arc::new(prices(path)?);
    }
    settings.limits.frame.compressed_bytes = as_usize(config.ingest.max_body.bytes());
    settings.limits.frame.decompressed_bytes = settings
        .limits
        .frame
        .compressed_bytes
        .saturating_mul(UNFOLDS);
    settings.limits.request_time = settings
        .limits
        .request_time
        .max(config.query.timeout.duration().saturating_mul(2));
    settings.page_folder = std::env::var_os("KANSOKU_PAGE_FOLDER")
        .filter(|v| !v.is_empty())
        .map(PathBuf::from);
    if !config.listen.ip().is_loopback() {
        settings.hosts = Hosts::Any;
    }
    Ok(settings)
}

/// What alarms are set up with.
pub(super) fn alarms(config: &ServerConfig) -> Result<AlarmSettings, Failure> {
    let alarms = &config.alarms;
    Ok(AlarmSettings {
        folder: absolute(&config.data)?.join("alarms"),
        file: alarms.file.as_deref().map(absolute).transpose()?,
        starter: alarms.starter,
        external_url: alarms.external_url.as_ref().map(ToString::to_string),
    })
}

/// The prices in a file.
fn prices(path: &Path) -> Result<PriceTable, Failure> {
    let wrong =
        |fault: String| Failure::usage(format!("server.cost.prices = {}: {fault}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
    PriceTable::parse(&text).map_err(|faults| wrong(faults.to_string()))
}

/// The tokens, when there are files of them.
pub(super) fn tokens(config: &ServerConfig) -> Result<Tokens, Failure> {
    let open = |path: &Option<PathBuf>| {
        path.as_deref()
            .map(TokenFile::open)
            .transpose()
            .map_err(Failure::usage)
    };
    Ok(Tokens {
        agents: open(&config.ingest.token_file)?,
        people: open(&config.people_token_file)?,
    })
}

fn tables_url(location: &str) -> Result<Url, Failure> {
    let wrong = |reason: String| Failure::usage(format!("server.tables = {location}: {reason}"));
    if location.contains("://") {
        return Url::parse(location).map_err(|error| wrong(error.to_string()));
    }
    Url::from_directory_path(absolute(Path::new(location))?)
        .map_err(|()| wrong("not a folder's path".to_owned()))
}

/// Options under the names that object_store knows; what the configuration leaves out comes from the environment, as
/// with every program that speaks to a bucket.
fn storage_options(
    config: &ObjectStoreConfig,
    environment: impl Iterator<Item = (String, String)>,
) -> Result<HashMap<String, String>, Failure> {
    let mut options: HashMap<String, String> = HashMap::new();
    if !config.location.starts_with("s3://") {
        return Ok(options);
    }
    options.extend(
        environment
            .filter(|(name, _)| name.starts_with("AWS_"))
            .map(|(n, v)| (n.to_ascii_lowercase(), v)),
    );
    let endpoint = config
        .endpoint
        .as_ref()
        .map(ToString::to_string)
        .or(options.get("aws_endpoint_url").cloned());
    if let Some(endpoint) = endpoint {
        if endpoint.starts_with("http://") {
            options.insert("aws_allow_http".to_owned(), "true".to_owned());
        }
        options.insert("aws_endpoint".to_owned(), endpoint);
    }
    let secret = match &config.secret_access_key_file {
        None => config
            .secret_access_key
            .as_ref()
            .map(|secret| secret.reveal().to_owned()),
        Some(path) => Some(
            std::fs::read_to_string(path)
                .map(|text| text.trim().to_owned())
                .map_err(|error| {
                    Failure::usage(format!(
                        "server.s3.secret_access_key_file = {}: {error}",
                        path.display()
                    ))
                })?,
        ),
    };
    let typed = [
        ("aws_region", config.region.clone()),
        ("aws_access_key_id", config.access_key_id.clone()),
        ("aws_secret_access_key", secret),
    ];
    options.extend(
        typed
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?))),
    );
    Ok(options)
}

fn absolute(path: &Path) -> Result<PathBuf, Failure> {
    std::path::absolute(path)
        .map_err(|error| Failure::usage(format!("{}: {error}", path.display())))
}

fn as_usize(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bucket() -> ObjectStoreConfig {
        ObjectStoreConfig {
            location: "s3://b/f".to_owned(),
            endpoint: None,
            region: Some("eu-1".to_owned()),
            access_key_id: None,
            secret_access_key: None,
            secret_access_key_file: None,
        }
    }

    #[test]
    fn what_is_typed_comes_before_the_environment() {
        let environment = [
            ("AWS_REGION", "us-1"),
            ("AWS_ACCESS_KEY_ID", "k"),
            ("AWS_ENDPOINT_URL", "http://h:1"),
            ("HOME", "/"),
        ];
        let environment = environment.map(|(n, v)| (n.to_owned(), v.to_owned()));
        let options = storage_options(&bucket(), environment.into_iter()).unwrap();
        let get = |name: &str| options.get(name).map(String::as_str);
        assert_eq!(get("aws_region"), Some("eu-1"));
        assert_eq!(get("aws_access_key_id"), Some("k"));
        assert_eq!(get("aws_endpoint"), Some("http://h:1"));
        assert_eq!(get("aws_allow_http"), Some("true"));
        assert_eq!(get("home"), None);
    }

    #[test]
    fn a_folder_needs_no_options_and_becomes_a_url() {
        let folder = ObjectStoreConfig {
            location: "/var/lib/a b".to_owned(),
            ..bucket()
        };
        let environment = [("AWS_REGION".to_owned(), "us-1".to_owned())];
        assert!(
            storage_options(&folder, environment.into_iter())
                .unwrap()
                .is_empty()
        );
        assert_eq!(
            tables_url(&folder.location).unwrap().as_str(),
            "file:///var/lib/a%20b/"
        );
        assert_eq!(tables_url("s3://b/f").unwrap().as_str(), "s3://b/f");
    }
}
