//! The API server's own metrics as rows of the table `control_plane`.
//!
//! An address often has several API servers behind it, each with counts of its own. They are told apart by when their
//! processes began, so that what one has counted is never subtracted from what another has.

mod series;
mod text;

use std::collections::HashMap;
use std::time::{Duration, Instant};

use catalogue::tables::CONTROL_PLANE;
use futures::AsyncBufReadExt;
use futures::StreamExt;
use tokio::sync::mpsc::Sender;

use crate::moment::{next_tick, now};
use crate::rows::{RowError, Rows, TableBatch};
use crate::status::{SharedStatus, WatchState};
use series::{Answer, Key, Reader, Value};

/// API servers behind one address whose counts are remembered; the one heard of longest ago goes first.
const SERVERS: usize = 16;
/// How long one answer may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// Where the API server's own metrics are asked for.
pub const PATH: &str = "/metrics";

/// What one API server had said last.
struct Before {
    at: Instant,
    values: std::collections::BTreeMap<Key, Value>,
}

/// Makes rows of answers.
#[derive(Default)]
struct Increases {
    servers: HashMap<u64, Before>,
}

impl Increases {
    /// The rows of an answer, read at `at`. The first answer of a server has gauges only.
    fn rows(
        &mut self,
        cluster: &str,
        tick: i64,
        delay: i64,
        at: Instant,
        answer: Answer,
    ) -> Result<Option<TableBatch>, RowError> {
        let before = self.servers.remove(&answer.started);
        let mut rows = Rows::of(&CONTROL_PLANE);
        for ((series, labels), value) in &answer.values {
            // A series that is new to a server that is known has counted from nothing.
            let past = before.as_ref().map(|before| {
                before
                    .values
                    .get(&(*series, labels.clone()))
                    .copied()
                    .unwrap_or_default()
            });
            let since = |now: Option<f64>, of: fn(&Value) -> Option<f64>, scale: f64| {
                let increase = now? - of(past.as_ref()?).unwrap_or(0.0);
                (increase >= 0.0).then(|| (increase * scale).round() as i64)
            };
            rows.time("time", Some(tick));
            rows.integer("read_delay_usec", Some(delay));
            if let Some(before) = &before {
                let passed = at.saturating_duration_since(before.at).as_micros();
                rows.integer("interval_usec", i64::try_from(passed).ok());
            }
            rows.text("cluster", Some(cluster));
            rows.text("series", Some(series));
            let parts = labels
                .iter()
                .map(|(column, text)| format!("{column}={text}"));
            rows.text("part", Some(&parts.collect::<Vec<_>>().join(",")));
            for (column, text) in labels {
                rows.text(column, Some(text));
            }
            rows.integer(
                "series_value",
                value.gauge.map(|gauge| gauge.round() as i64),
            );
            rows.integer("increase", since(value.count, |v| v.count, 1.0));
            rows.integer("increase_usec", since(value.seconds, |v| v.seconds, 1e6));
            rows.end_row();
        }
        let now = Before {
            at,
            values: answer.values,
        };
        self.servers.insert(answer.started, now);
        if self.servers.len() > SERVERS {
            let oldest = self.servers.iter().min_by_key(|(_, before)| before.at);
            if let Some(oldest) = oldest.map(|(started, _)| *started) {
                self.servers.remove(&oldest);
            }
        }
        rows.finish()
    }
}

/// Asks again and again, until nobody takes the rows.
pub(crate) async fn follow(
    client: kube::Client,
    cluster: String,
    interval: Duration,
    rows: Sender<TableBatch>,
    status: SharedStatus,
) {
    let reader = Reader::new();
    let mut increases = Increases::default();
    loop {
        let tick = next_tick(interval);
        let wait = u64::try_from(tick - now()).unwrap_or(0);
        tokio::select! {
            () = tokio::time::sleep(Duration::from_micros(wait)) => {}
            () = rows.closed() => return,
        }
        let asked = tokio::time::timeout(PATIENCE, ask(&client, &reader)).await;
        let answer = match asked {
            Ok(Ok(answer)) => answer,
            Ok(Err(state)) => {
                status.control_plane(|watch| watch.note_fault(state));
                continue;
            }
            Err(_) => {
                let why = format!("no whole answer within {} s", PATIENCE.as_secs());
                status.control_plane(|watch| watch.note_fault(WatchState::Failing(why)));
                continue;
            }
        };
        if answer.unread > 0 {
            tracing::warn!(
                lines = answer.unread,
                "lines of the API server's metrics could not be read"
            );
        }
        let (series, at) = (answer.values.len(), Instant::now());
        status.control_plane(|watch| {
            watch.state = WatchState::Watching;
            watch.objects = series;
            watch.lists += 1;
            watch.note_told(series as u64);
        });
        match increases.rows(&cluster, tick, now() - tick, at, answer) {
            Ok(Some(batch)) => {
                status.count(&batch);
                if rows.send(batch).await.is_err() {
                    return;
                }
            }
            Ok(None) => {}
            Err(error) => {
                tracing::error!(%error, "no more rows about the control plane");
                return;
            }
        }
    }
}

/// One answer, read line by line: that of a large cluster has tens of megabytes, of which little is kept.
async fn ask(client: &kube::Client, reader: &Reader) -> Result<Answer, WatchState> {
    let failing = |why: String| WatchState::Failing(why);
    let request = http::Request::get(PATH)
        .body(Vec::new())
        .map_err(|error| failing(error.to_string()))?;
    let body = match client.request_stream(request).await {
        Ok(body) => body,
        Err(kube::Error::Api(answer)) if answer.code == 401 || answer.code == 403 => {
            let right = "the account needs the verb get on the non-resource URL /metrics";
            return Err(WatchState::Forbidden(right.to_owned()));
        }
        Err(error) => return Err(failing(crate::watch::in_words(&error))),
    };
    let mut answer = Answer::default();
    let mut lines = Box::pin(body.lines());
    while let Some(line) = lines.next().await {
        reader.take(
            &line.map_err(|error| failing(error.to_string()))?,
            &mut answer,
        );
    }
    if answer.values.is_empty() {
        return Err(failing("the answer has none of the series".to_owned()));
    }
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use arrow_array::Array;
    use arrow_array::cast::AsArray;
    use arrow_array::types::Int64Type;

    use super::*;

    fn answer(started: u64, text: &str) -> Answer {
        let (reader, mut answer) = (Reader::new(), Answer::default());
        text.lines().for_each(|line| reader.take(line, &mut answer));
        answer.started = started;
        answer
    }

    /// One column of the only row.
    fn column(batch: &TableBatch, name: &str) -> Option<i64> {
        let column = batch.batch.column_by_name(name).unwrap();
        let column = column.as_primitive::<Int64Type>();
        assert_eq!(column.len(), 1);
        column.is_valid(0).then(|| column.value(0))
    }

    #[test]
    fn servers_behind_one_address_are_told_apart() {
        let mut increases = Increases::default();
        let begun = Instant::now();
        let mut rows = |second: u64, started: u64, count: u64| {
            let text = format!("rest_client_requests_total{{code=\"200\",method=\"GET\"}} {count}");
            let at = begun + Duration::from_secs(second);
            increases
                .rows("c", 0, 0, at, answer(started, &text))
                .unwrap()
                .unwrap()
        };
        assert_eq!(column(&rows(0, 1, 100), "increase"), None);
        assert_eq!(column(&rows(60, 2, 5000), "increase"), None);
        let first = rows(120, 1, 130);
        assert_eq!(column(&first, "increase"), Some(30));
        assert_eq!(column(&first, "interval_usec"), Some(120_000_000));
        assert_eq!(column(&rows(180, 2, 5001), "increase"), Some(1));
        // A server that began anew.
        assert_eq!(column(&rows(240, 3, 7), "increase"), None);
        assert_eq!(column(&rows(300, 3, 9), "increase"), Some(2));
    }

    #[test]
    fn a_new_series_of_a_known_server_has_counted_from_nothing() {
        let mut increases = Increases::default();
        let at = Instant::now();
        let nothing = "rest_client_requests_total{code=\"200\",method=\"GET\"} 1";
        increases.rows("c", 0, 0, at, answer(1, nothing)).unwrap();
        let text = "apiserver_request_duration_seconds_sum{verb=\"GET\"} 0.5\n\
                    apiserver_request_duration_seconds_count{verb=\"GET\"} 4";
        let batch = increases
            .rows("c", 0, 0, at, answer(1, text))
            .unwrap()
            .unwrap();
        assert_eq!(column(&batch, "increase"), Some(4));
        assert_eq!(column(&batch, "increase_usec"), Some(500_000));
        assert_eq!(column(&batch, "series_value"), None);
    }
}
