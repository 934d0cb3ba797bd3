//! A page of lines: spans are searched in order until it is full.

use std::time::Instant;

use super::lines::{Best, COLUMNS, Key, LineRows, LogLine, LogOrder};
use super::question::Page;
use super::scan::Scanner;
use super::slices::Slices;
use crate::error::QueryError;
use crate::limits::Limits;

/// What a search found.
#[derive(Debug)]
pub(crate) struct Found {
    /// The lines in order, with their keys.
    pub(crate) lines: Vec<(Key, LogLine)>,
    /// Behind which line to go on; `None` at the end.
    pub(crate) next: Option<Key>,
    /// Rows that were looked at.
    pub(crate) scanned: u64,
    /// Lines that fit, when all of the range was searched.
    pub(crate) matched: Option<u64>,
    /// Whether the search paused before its page was full, since it had taken long.
    pub(crate) paused: bool,
}

/// Searches a range for a page.
pub(crate) async fn search(
    scanner: Scanner<'_>,
    range: (i64, i64),
    page: &Page,
    limits: &Limits,
) -> Result<Found, QueryError> {
    let started = Instant::now();
    let mut best = best(page, limits);
    let mut slices = Slices::new(behind(range, page), page.order);
    let (mut scanned, mut fitting, mut paused) = (0, 0, false);
    while let Some(slice) = slices.next() {
        scanned += scanner
            .read(slice, &COLUMNS, |batch| {
                let rows = LineRows::new(batch)?;
                fitting += rows.len() as u64;
                best.offer(&rows);
                Ok(())
            })
            .await?;
        if best.is_full() {
            break;
        }
        if started.elapsed() >= limits.logs_pause && slices.rest().is_some() {
            paused = true;
            break;
        }
    }
    let rest = slices.rest();
    let full = best.is_full();
    let (lines, more) = best.finish();
    let last = lines.last().map(|(key, _)| key.clone());
    let next = match rest {
        _ if more => last,
        Some(_) if full => last,
        Some(rest) if paused => Some(boundary(rest, page.order)),
        _ => None,
    };
    Ok(Found {
        next,
        lines,
        scanned,
        matched: (rest.is_none() && page.after.is_none()).then_some(fitting),
        paused,
    })
}

/// Keeps the lines of a page.
pub(crate) fn best(page: &Page, limits: &Limits) -> Best {
    Best::new(page.order, page.limit, limits.log_bytes, page.after.clone())
}

/// The part of a range in which lines behind the page's cursor can be.
fn behind((start, end): (i64, i64), page: &Page) -> (i64, i64) {
    match (&page.after, page.order) {
        (None, _) => (start, end),
        (Some(key), LogOrder::Newest) => (start, end.min(key.time.saturating_add(1))),
        (Some(key), LogOrder::Oldest) => (start.max(key.time), end),
    }
}

/// A key behind which all lines of a span are, and before which all lines that were searched are.
fn boundary((start, end): (i64, i64), order: LogOrder) -> Key {
    match order {
        LogOrder::Newest => Key::before(end),
        LogOrder::Oldest => Key::after(start.saturating_sub(1)),
    }
}
