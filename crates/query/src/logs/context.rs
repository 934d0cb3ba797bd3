//! The lines around a line, in its log.

use datafusion::logical_expr::{Expr, ident, lit};
use datafusion::prelude::SessionContext;

use super::lines::{Key, LogLine, LogOrder};
use super::question::{Around, Page};
use super::scan::Scanner;
use super::search::search;
use crate::error::QueryError;
use crate::limits::Limits;
use crate::tables::Tables;

/// Lines around a line, oldest first.
#[derive(Debug)]
pub(crate) struct Surroundings {
    pub(crate) lines: Vec<LogLine>,
    pub(crate) scanned: u64,
    pub(crate) paused: bool,
    /// Whether the line itself is among them: it may have been removed.
    pub(crate) with_anchor: bool,
}

/// Finds them in a range that has all lines that are held.
pub(crate) async fn surroundings(
    around: &Around,
    range: (i64, i64),
    limits: &Limits,
    tables: &dyn Tables,
    context: &SessionContext,
) -> Result<Surroundings, QueryError> {
    let conditions = of_same_log(&around.anchor);
    let scanner = Scanner {
        tables,
        context,
        conditions: &conditions,
    };
    let anchor = &around.anchor;
    let mut all = Surroundings {
        lines: Vec::new(),
        scanned: 0,
        paused: false,
        with_anchor: false,
    };
    if around.before > 0 {
        let page = Page {
            order: LogOrder::Newest,
            limit: around.before,
            after: Some(anchor.clone()),
        };
        let found = search(scanner, range, &page, limits).await?;
        all.scanned += found.scanned;
        all.paused |= found.paused;
        let lines = found.lines.into_iter().map(|(_, line)| line);
        all.lines.extend(lines.rev());
    }
    // The line itself comes with those behind it.
    let page = Page {
        order: LogOrder::Oldest,
        limit: around.after + 1,
        after: Some(just_before(anchor)),
    };
    let found = search(scanner, range, &page, limits).await?;
    all.scanned += found.scanned;
    all.paused |= found.paused;
    let mut after = found.lines;
    match after.first_mut() {
        Some((key, line)) if key == anchor => {
            line.anchor = true;
            all.with_anchor = true;
        }
        _ => after.truncate(around.after),
    }
    all.lines.extend(after.into_iter().map(|(_, line)| line));
    Ok(all)
}

/// The key that is followed by no other before this one.
fn just_before(key: &Key) -> Key {
    Key {
        hash: key.hash.saturating_sub(1),
        ..key.clone()
    }
}

/// One log: a container of a pod through all its instances; of Docker a container; of a host one of its streams.
fn of_same_log(key: &Key) -> Vec<Expr> {
    let is = |name: &str, value: &Option<String>| match value {
        Some(value) => ident(name).eq(lit(value.as_str())),
        None => ident(name).is_null(),
    };
    let mut all = vec![
        is("namespace", &key.namespace),
        is("pod", &key.pod),
        is("container", &key.container),
        is("pod_uid", &key.pod_uid),
        is("node", &key.node),
        is("cluster", &key.cluster),
    ];
    if key.namespace.is_none() {
        all.push(is("container_id", &key.container_id));
        if key.container_id.is_none() {
            all.push(is("stream", &key.stream));
        }
    }
    all
}
