//! Questions about log lines: a page of them, those around one, and what is counted over all that fit.
//!
//! The way of a question: [`LogsRequest`] → `question` (checked: range, conditions in the `language`, bounds) →
//! `condition` (expressions over the columns of `log`) → `scan` (DataFusion over hot rows and files) → `lines` and
//! `gather`, which keep what was asked for from any number of batches in bounded memory.
//!
//! A page is searched span by span from its end (`slices`, `search`), and stops when it is full. What is counted needs
//! every line of the range; when its pass reads messages anyway, the page comes with it.

mod answer;
mod condition;
mod context;
mod function;
mod gather;
mod language;
mod ledger;
mod lines;
mod periods;
mod question;
mod request;
mod rows;
mod scan;
mod search;
mod slices;
mod tail;

use std::sync::Arc;
use std::time::Instant;

use catalogue::Tier;
use catalogue::tables::LOG;
use datafusion::prelude::SessionContext;

pub use answer::{LogsAnswer, LogsPage, LogsStats};
pub use gather::{Bucket, Facet, FacetValue, Histogram, LogPattern};
pub use ledger::{Band, BandKind, LedgerAnswer, LedgerRequest, LedgerSource};
pub use lines::{LogLine, LogOrder};
pub use request::{ContextRequest, HistogramRequest, LogsRequest, PatternsRequest};
pub use tail::{Dropped, Tail, TailEvent, TailRequest, Why};

pub(crate) use function::all as functions;
pub(crate) use ledger::ledger;
pub(crate) use periods::{by_period, check_by_period};
pub(crate) use tail::{Means as TailMeans, Run as TailRun};

use crate::error::QueryError;
use crate::limits::Limits;
use crate::names::Names;
use crate::stop::Stop;
use crate::tables::Tables;
use context::surroundings;
use gather::Gather;
use lines::{COLUMNS, Cursor, LineRows};
use question::{Around, Page, Question};
use scan::Scanner;
use search::{Found, best, search};

/// Answers a request at `now` (microseconds of the epoch).
pub(crate) async fn answer(
    request: LogsRequest,
    now: i64,
    limits: &Limits,
    tables: &dyn Tables,
    names: &Names,
    context: &SessionContext,
    stop: &Stop,
) -> Result<LogsAnswer, QueryError> {
    let started = Instant::now();
    let mut question = Question::new(&request, now, limits)?;
    let around = request
        .context
        .as_ref()
        .map(|asked| Around::new(asked, limits))
        .transpose()?;
    let names = match question.needs_names() {
        true => names.current(tables, context).await?,
        false => Default::default(),
    };
    let conditions = question.wanted.expressions(stop, &names)?;
    let scanner = Scanner {
        tables,
        context,
        conditions: &conditions,
    };
    let mut stats = LogsStats {
        complete: true,
        ..LogsStats::default()
    };
    let mut gather = Gather::new(&mut question, Arc::clone(&names));
    let page = question.page.take().filter(|_| around.is_none());
    let range = held(tables, question.range);

    let mut shown = None;
    if gather.any() {
        let messages = gather.reads_messages() || question.wanted.reads_messages();
        let with_page = page.as_ref().filter(|_| messages);
        shown = count(scanner, range, &mut gather, with_page, limits, &mut stats).await?;
        stats.matched_rows = Some(gather.lines);
    }
    if let Some(page) = &page {
        let found = match shown {
            Some(found) => found,
            None => search(scanner, range, page, limits).await?,
        };
        shown = Some(found);
    }
    let mut lines = None;
    if let (Some(found), Some(page)) = (shown, page) {
        stats.scanned_rows += found.scanned;
        stats.matched_rows = stats.matched_rows.or(found.matched);
        if found.paused {
            pause(&mut stats);
        }
        let next = found
            .next
            .map(|key| Cursor::new(page.order, question.range, key).word());
        lines = Some(LogsPage {
            lines: found.lines.into_iter().map(|(_, line)| line).collect(),
            next,
        });
    }
    if let Some(around) = around {
        let all = held(tables, (i64::MIN, i64::MAX));
        let found = surroundings(&around, all, limits, tables, context).await?;
        stats.scanned_rows += found.scanned;
        if found.paused {
            pause(&mut stats);
        }
        if !found.with_anchor {
            stats
                .notes
                .push("the line itself is no longer held".to_owned());
        }
        lines = Some(LogsPage {
            lines: found.lines,
            next: None,
        });
    }
    let gathered = gather.finish();
    stats.complete &= gathered.notes.is_empty();
    stats.notes.extend(gathered.notes);
    stats.elapsed_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    Ok(LogsAnswer {
        page: lines,
        histogram: gathered.histogram,
        facets: gathered.facets,
        patterns: gathered.patterns,
        stats,
    })
}

/// One pass over a range for all that is counted, and for the page if it is to come with it.
async fn count(
    scanner: Scanner<'_>,
    range: (i64, i64),
    gather: &mut Gather,
    page: Option<&Page>,
    limits: &Limits,
    stats: &mut LogsStats,
) -> Result<Option<Found>, QueryError> {
    let mut best = page.map(|page| best(page, limits));
    let columns = match best {
        Some(_) => COLUMNS.to_vec(),
        None => gather.columns(),
    };
    if range.0 < range.1 {
        stats.scanned_rows += scanner
            .read(range, &columns, |batch| {
                gather.add(batch)?;
                if let Some(best) = &mut best {
                    best.offer(&LineRows::new(batch)?);
                }
                Ok(())
            })
            .await?;
    }
    Ok(best.map(|best| {
        let (lines, more) = best.finish();
        Found {
            next: lines.last().filter(|_| more).map(|(key, _)| key.clone()),
            lines,
            scanned: 0,
            matched: None,
            paused: false,
        }
    }))
}

fn pause(stats: &mut LogsStats) {
    stats.complete = false;
    stats.notes.push(
        "the search paused since it had taken long: what is shown is all up to where it came, and next goes on from there"
            .to_owned(),
    );
}

/// The part of a range in which there are lines at all.
fn held(tables: &dyn Tables, (start, end): (i64, i64)) -> (i64, i64) {
    match tables.range(&LOG, Tier::Raw) {
        Some((oldest, newest)) => (start.max(oldest), end.min(newest.saturating_add(1))),
        None => (0, 0),
    }
}
