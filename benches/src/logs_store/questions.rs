//! What is asked of log lines.

use query::SqlRequest;

use crate::bench::Failure;
use crate::cli::LogsStore;
use crate::cost::{Cost, Meter, median};
use crate::load::{ABSENT_WORD, NodeLogs, RARE_EVERY, RARE_WORD};
use crate::report::{Table, count, fixed};
use crate::stores::{TimedStore, number, same};

const RUNS: usize = 3;

pub(super) async fn run(store: &TimedStore, options: &LogsStore) -> Result<(), Failure> {
    let query = store.query()?;
    let lines = number(&query, "select count(*) from log").await?;
    let rare = number(
        &query,
        &format!("select count(*) from log where message like '% {RARE_WORD}'"),
    )
    .await?;
    // Each node has one in so many of its own lines.
    let most = lines / RARE_EVERY + options.nodes as u64;
    if rare > most {
        return Err(
            format!("{rare} lines have the rare word, {most} at the most were written").into(),
        );
    }
    let counted =
        format!("select count(*) from log where strpos(message || '', '{RARE_WORD}') > 0");
    same(
        "lines with the rare word, without the index",
        number(&query, &counted).await?,
        rare,
    )?;
    let third = number(
        &query,
        "select count(*) from log where message like '%GET %'",
    )
    .await?;
    let logs = NodeLogs::new(0, options.pods, 1.0);
    let quiet = logs.pods().len() / 2;
    let pod = logs.pods().get(quiet).map_or("", |p| p.names.pod.as_str());
    let mut table = Table::new(
        format!("Questions over {} lines in files, ms", count(lines)),
        &["question", "rows", "CPU", "wall", "blocks read", "skipped"],
    );
    let newest = "order by time desc limit 100";
    for (name, sql) in [
        ("a word that is absent", format!("select * from log where message like '% {ABSENT_WORD} %' {newest}")),
        ("a rare word", format!("select * from log where message like '% {RARE_WORD}' {newest}")),
        ("two words that never meet", "select * from log where contains(message, ' kubelet.go:') and contains(message, ' HTTP/1.1') limit 100".to_owned()),
        (
            "count of a word in so many lines",
            "select count(*) from log where message like '%GET %'".to_owned(),
        ),
        ("newest 100 lines with that word", format!("select * from log where message like '%GET %' {newest}")),
        (
            "count of a substring, any case",
            "select count(*) from log where message ilike '%CONNECTION reset%'".to_owned(),
        ),
        ("count of a regex", "select count(*) from log where message ~ 'status\":50[0-9]'".to_owned()),
        ("newest 100 lines of one pod", format!("select * from log where pod = '{pod}' {newest}")),
        ("newest 100 lines", format!("select * from log {newest}")),
        (
            "count by pod of a substring",
            "select pod, count(*) as n from log where message like '%error%' group by pod order by n desc".to_owned(),
        ),
        (
            "histogram by minute and level",
            "select date_bin(interval '1 minute', time) as t, level, count(*) as n from log group by t, level".to_owned(),
        ),
    ] {
        let before = store.store.status().log_index;
        let mut costs: Vec<Cost> = Vec::new();
        let mut rows = 0;
        for _ in 0..RUNS {
            let meter = Meter::start();
            rows = query.sql_rows(SqlRequest::new(sql.clone())).await?.batches.iter().map(|b| b.num_rows()).sum();
            costs.push(meter.stop());
        }
        let after = store.store.status().log_index;
        let cost = median(&costs);
        table.row([
            name.to_owned(),
            count(rows as u64),
            fixed(cost.cpu_ms()),
            fixed(cost.wall_ms()),
            count((after.blocks_read - before.blocks_read) / RUNS as u64),
            count((after.blocks_skipped - before.blocks_skipped) / RUNS as u64),
        ]);
    }
    table.print();
    println!(
        "GET is in {} % of the lines, the rare word in {rare} lines.\n",
        fixed(third as f64 * 100.0 / lines as f64)
    );
    Ok(())
}
