//! Log events by CloudWatch's groups.

use cost::LogVolume;

use super::Span;
use crate::ask::{Ask, each};
use crate::error::QueryError;

/// Bytes that the runtime writes before each line and after it, which are not sent: time, stream, tag, newline.
const STAMP: u64 = 42;
/// Logs of the host that Container Insights has in its group `dataplane`.
const DATAPLANE: [&str; 6] = [
    "kubelet",
    "kube-proxy",
    "containerd",
    "crio",
    "docker",
    "cri-docker",
];

#[derive(Debug, Default)]
pub(super) struct Logs {
    pub(super) application: LogVolume,
    pub(super) host: LogVolume,
    pub(super) dataplane: LogVolume,
}

pub(super) async fn count(ask: &impl Ask, span: &Span) -> Result<Logs, QueryError> {
    // The ledger has what became of every byte, so that no message is read.
    let sql = format!(
        "SELECT log_source, sum(log_read_bytes) AS bytes, sum(coalesce(log_entries, 0) - coalesce(log_excluded_entries, 0) \
         - coalesce(log_limited_entries, 0)) AS events FROM log_ledger{} WHERE time >= {} GROUP BY log_source",
        span.tier,
        span.from()
    );
    let mut logs = Logs::default();
    each(&ask.ask(sql).await?, |columns, row| {
        let source = columns.text("log_source", row).unwrap_or_default();
        let count = |name: &str| {
            let count = columns.integer(name, row).unwrap_or(0);
            u64::try_from(count).unwrap_or(0)
        };
        let (read, events) = (count("bytes"), count("events"));
        let (volume, stamp) = match source.strip_prefix("host/") {
            Some(name) if DATAPLANE.iter().any(|of| name.starts_with(of)) => {
                (&mut logs.dataplane, 1)
            }
            Some(_) => (&mut logs.host, 1),
            None => (&mut logs.application, STAMP),
        };
        volume.bytes += read.saturating_sub(events * stamp);
        volume.events += events;
    });
    Ok(logs)
}
