//! A verdict for each entity, from the newest rows and those of the last hours.
//!
//! `statements.rs` asks for what was, `history.rs` and `newest.rs` sort it by entity, `judge/` makes the facts of it on which
//! crate `health` decides.

mod answer;
mod history;
mod judge;
mod newest;
mod record;
mod request;
mod statements;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use arrow::array::RecordBatch;
use health::facts::OutOfMemory;
use health::thresholds::{LAST_LINES, LOOK_BACK};
use tokio::sync::Mutex;

pub use answer::{AlsoFound, EntityVerdict, EvidenceText, VerdictsAnswer};
pub use request::{VerdictKind, VerdictsRequest};

use crate::ask::{Ask, each};
use crate::engine::Engine;
use crate::error::QueryError;
use crate::names::Index;
use crate::tables::Tables;
use history::{ContainerKey, History};
use judge::Judged;
use newest::{API_LOST, Newest, Rows};

/// Everybody who asks within this time gets the same verdicts: pages ask every few seconds, and rows come every ten.
const KEPT: Duration = Duration::from_secs(5);
/// Containers whose last lines are read, those that ended last first.
const MOST_LINES: usize = 30;

/// The verdicts that were made last.
#[derive(Debug, Default)]
pub(crate) struct Verdicts {
    made: Mutex<Option<Made>>,
}

/// Verdicts about everything.
#[derive(Debug, Clone)]
struct Made {
    at: Instant,
    /// The same by the clock, in microseconds of the epoch.
    time: i64,
    all: Arc<Vec<Judged>>,
}

impl Verdicts {
    /// Those that are wanted, made anew when the last are too old. Who comes meanwhile waits for them.
    pub(crate) async fn answer(
        &self,
        request: &VerdictsRequest,
        tables: &dyn Tables,
        names: Arc<Index>,
        engine: &Engine,
        ask: &impl Ask,
        now: i64,
    ) -> Result<VerdictsAnswer, QueryError> {
        let mut made = self.made.lock().await;
        let Made { time, all, .. } = match &*made {
            Some(last) if last.at.elapsed() < KEPT => last.clone(),
            _ => {
                let all = make(tables, names, engine, ask, now).await?;
                let new = Made {
                    at: Instant::now(),
                    time: now,
                    all: Arc::new(all),
                };
                made.insert(new).clone()
            }
        };
        drop(made);
        Ok(answer::select(request, &all, time))
    }
}

async fn make(
    tables: &dyn Tables,
    names: Arc<Index>,
    engine: &Engine,
    ask: &impl Ask,
    now: i64,
) -> Result<Vec<Judged>, QueryError> {
    let history = read(ask, now).await?;
    let newest = Newest::read(tables);
    let wanted = ended(newest.objects(), now);
    let mut lines = HashMap::new();
    for ((uid, container), until) in wanted {
        let sql = statements::last_lines(&uid, &container, until, LAST_LINES);
        let mut last = Vec::new();
        each(&ask.ask(sql).await?, |columns, row| {
            last.extend(columns.text("message", row).map(str::to_owned));
        });
        last.reverse();
        if !last.is_empty() {
            lines.insert((uid, container), last);
        }
    }
    // Thousands of entities take a while: not on a thread that serves connections.
    let judging = engine.run(|_| async move {
        let sheets = newest.sheets();
        let rows = Rows::of(&newest, &sheets, now);
        judge::judge(&rows, &history, &names, &lines, now)
    });
    judging.await
}

/// Containers that ended of late, not well, and when.
fn ended(objects: &RecordBatch, now: i64) -> Vec<(ContainerKey, i64)> {
    let mut ended: Vec<(ContainerKey, i64)> = Vec::new();
    each(std::slice::from_ref(objects), |columns, row| {
        let text = |name: &str| columns.text(name, row);
        let moment = |name: &str| columns.moment(name, row);
        let reason = text("terminated_reason").or(text("last_terminated_reason"));
        let time = moment("terminated_time").or(moment("last_terminated_time"));
        let key = text("object_uid").zip(text("container"));
        if let (Some(reason), Some(time), Some((uid, container))) = (reason, time, key)
            && reason != "Completed"
            && now - columns.time(row) <= API_LOST
            && now - time <= LOOK_BACK
        {
            ended.push(((uid.to_owned(), container.to_owned()), time));
        }
    });
    ended.sort_unstable_by_key(|(_, time)| std::cmp::Reverse(*time));
    ended.truncate(MOST_LINES);
    ended
}

async fn read(ask: &impl Ask, now: i64) -> Result<History, QueryError> {
    let mut history = History {
        containers: history::windows(&ask.ask(statements::windows("container", now)).await?),
        pods: history::windows(&ask.ask(statements::windows("pod", now)).await?)
            .into_iter()
            .map(|((uid, _), window)| (uid, window))
            .collect(),
        nodes: history::node_windows(&ask.ask(statements::node_windows(now)).await?),
        memory: history::points(
            &ask.ask(statements::memory_growth(now)).await?,
            "pod_uid",
            "container",
        ),
        node_memory: history::points(
            &ask.ask(statements::node_memory(now)).await?,
            "cluster",
            "node",
        ),
        filesystems: history::filesystem_points(
            &ask.ask(statements::filesystem_growth(now)).await?,
        ),
        volumes: history::points(
            &ask.ask(statements::volume_growth(now)).await?,
            "pod_uid",
            "volume",
        ),
        restarts: history::restarts(&ask.ask(statements::restarts(now)).await?),
        otherwise: history::otherwise(&ask.ask(statements::last_otherwise(now)).await?),
        ..History::default()
    };
    history.add_events(&ask.ask(statements::events(now)).await?);
    let kills = history::kills(&ask.ask(statements::kills(now)).await?);
    let killed: Vec<(&str, &str, i64)> = kills
        .iter()
        .map(|((uid, container), minute, _)| (uid.as_str(), container.as_str(), *minute))
        .collect();
    let (rows, pods) = match (
        statements::around_kills(&killed),
        statements::pods_around_kills(&killed),
    ) {
        (Some(rows), Some(pods)) => (ask.ask(rows).await?, ask.ask(pods).await?),
        _ => (Vec::new(), Vec::new()),
    };
    history.kills = kills
        .into_iter()
        .map(|(key, minute, kills)| {
            let kill = OutOfMemory {
                time: Some(minute),
                kills,
                ..OutOfMemory::default()
            };
            (key, kill)
        })
        .collect();
    history::describe_kills(&mut history.kills, &rows, &pods);
    Ok(history)
}
