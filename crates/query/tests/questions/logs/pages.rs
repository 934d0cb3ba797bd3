use std::collections::BTreeSet;
use std::time::Duration;

use query::{Limits, LogsAnswer, LogsRequest};
use serde_json::{Value, json};

use super::{Logs, NOW, Row, line, lines, messages};

const SECOND: i64 = 1_000_000;

/// Lines of three pods, many of one microsecond, over three quarters of an hour.
fn many(from: i64, until: i64) -> Vec<Row> {
    (from..until)
        .map(|n| {
            let pod = ["a", "b", "c"][(n % 3) as usize];
            // Seven lines share a time.
            line(pod, n, n / 7 * 10 * SECOND, &format!("line {n}"))
        })
        .collect()
}

async fn pages(logs: &Logs, request: &Value, each: impl AsyncFn(usize)) -> Vec<LogsAnswer> {
    let mut pages = Vec::new();
    let mut request = request.clone();
    loop {
        let answer = logs.ask(request.clone()).await;
        let next = answer.page.as_ref().unwrap().next.clone();
        pages.push(answer);
        match next {
            Some(next) => request["after"] = next.into(),
            None => return pages,
        }
        assert!(pages.len() < 2000, "no end");
        each(pages.len()).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_line_is_met_twice_or_missed_while_lines_come() {
    let logs = Logs::new().await;
    logs.write(&many(0, 600)).await;
    logs.store.flush().await.unwrap();
    logs.write(&many(600, 1000)).await;
    logs.store.flush().await.unwrap();
    logs.write(&many(1000, 1500)).await;
    for order in ["newest", "oldest"] {
        let request = json!({"start": "-1h", "order": order, "limit": 97, "query": "line"});
        let begun = if order == "newest" { 1500 } else { 2000 };
        let pages = pages(&logs, &request, async |page| {
            // New lines, and the old ones change their place.
            let from = begun + page as i64 * 10;
            if page < 10 {
                logs.write(&many(from, from + 10)).await;
            }
            if page == 3 {
                logs.store.flush().await.unwrap();
            }
            if page == 5 {
                logs.store.tend().await.unwrap();
            }
        })
        .await;
        assert_eq!(
            pages[0].stats.matched_rows, None,
            "it stopped when the page was full"
        );
        let all: Vec<_> = pages.iter().flat_map(lines).collect();
        let ids: BTreeSet<_> = all.iter().map(|line| line.id.as_str()).collect();
        assert_eq!(ids.len(), all.len(), "{order}: a line twice");
        let numbers: BTreeSet<i64> = all
            .iter()
            .map(|line| line.message[5..].parse().unwrap())
            .collect();
        assert!(
            (0..1500).all(|n| numbers.contains(&n)),
            "{order}: a line is missing"
        );
        let times: Vec<_> = all.iter().map(|line| line.time.as_str()).collect();
        let sorted = if order == "newest" {
            times.windows(2).all(|w| w[0] >= w[1])
        } else {
            times.windows(2).all(|w| w[0] <= w[1])
        };
        assert!(sorted, "{order}");
        assert!(
            pages[..pages.len() - 1]
                .iter()
                .all(|p| lines(p).len() == 97)
        );
    }
    logs.store.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_lines_of_a_pod_in_the_writers_order() {
    let logs = Logs::new().await;
    let rows: Vec<Row> = (0..200)
        .map(|n| {
            line(
                if n % 2 == 0 { "a" } else { "b" },
                n,
                n / 50 * SECOND,
                &format!("line {n}"),
            )
        })
        .collect();
    logs.write(&rows).await;
    let request = json!({"filters": {"pod": "a"}, "limit": 3});
    let from_memory = logs.ask(request.clone()).await;
    logs.store.flush().await.unwrap();
    let from_files = logs.ask(request.clone()).await;
    assert_eq!(
        from_memory.page, from_files.page,
        "the same line has the same id wherever it is"
    );
    let first = &lines(&from_files)[0];
    assert_eq!(first.time, "2026-11-23T10:00:03.000000002Z");
    assert_eq!(
        (
            first.pod.as_deref(),
            first.offset,
            first.sequence,
            first.level.as_deref()
        ),
        (Some("a"), Some(19_400), Some(195), Some("error"))
    );
    // Within one nanosecond: by log, then as they were read.
    assert_eq!(messages(&from_files), ["line 194", "line 188", "line 182"]);
    assert_eq!(
        from_files.stats.matched_rows,
        Some(100),
        "they are all in the first span"
    );
    let all = logs
        .ask(json!({"filters": {"pod": "a"}, "limit": 100}))
        .await;
    assert_eq!(all.stats.matched_rows, Some(100));
    assert_eq!(all.page.unwrap().next, None);
    logs.store.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_search_that_takes_long_pauses_and_goes_on() {
    let logs = Logs::within(Limits {
        logs_pause: Duration::ZERO,
        ..Limits::default()
    })
    .await;
    logs.write(&many(0, 1500)).await;
    for order in ["newest", "oldest"] {
        let request = json!({"order": order, "limit": 5, "query": "line 7*"});
        let found = pages(&logs, &request, async |_| ()).await;
        assert!(found.iter().any(|page| !page.stats.complete), "{order}");
        assert!(
            found
                .iter()
                .all(|page| page.stats.complete == page.stats.notes.is_empty())
        );
        let numbers: Vec<_> = found.iter().flat_map(messages).collect();
        let expected = (0..1500)
            .filter(|n: &i64| n.to_string().starts_with('7'))
            .count();
        assert_eq!(numbers.len(), expected, "{order}");
        assert_eq!(numbers.iter().collect::<BTreeSet<_>>().len(), expected);
    }
    logs.store.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn large_messages_make_short_pages() {
    let logs = Logs::within(Limits {
        log_bytes: 100_000,
        ..Limits::default()
    })
    .await;
    let rows: Vec<Row> = (0..20)
        .map(|n| {
            line(
                "a",
                n,
                n * SECOND,
                &format!("{n} {}", "x".repeat(if n == 10 { 200_000 } else { 30_000 })),
            )
        })
        .collect();
    logs.write(&rows).await;
    for request in [
        json!({"limit": 1000}),
        json!({"limit": 1000, "patterns": {}}),
        json!({"order": "oldest"}),
    ] {
        let pages = pages(&logs, &request, async |_| ()).await;
        let sizes: Vec<_> = pages.iter().map(|page| lines(page).len()).collect();
        assert!(sizes.iter().all(|size| (1..=3).contains(size)), "{sizes:?}");
        let ids: BTreeSet<_> = pages.iter().flat_map(lines).map(|line| &line.id).collect();
        assert_eq!(ids.len(), 20);
    }
    logs.store.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_lines_around_a_line_in_its_log() {
    let logs = Logs::new().await;
    // The log goes on in another container of the same name, in another file, and in memory.
    let mut rows: Vec<Row> = (0..60)
        .flat_map(|n| {
            [
                line("a", n, n * SECOND, &format!("a {n}")),
                line("b", n, n * SECOND, &format!("b {n}")),
            ]
        })
        .collect();
    for (_, row) in rows.iter_mut().filter(|(time, _)| *time >= 30 * SECOND) {
        row["container_id"] = json!("id-restarted");
        row["file"] = json!("/var/log/pods/a/1.log");
    }
    logs.write(&rows[..50]).await;
    logs.store.flush().await.unwrap();
    logs.write(&rows[50..90]).await;
    logs.store.flush().await.unwrap();
    logs.write(&rows[90..]).await;
    let found = logs.ask(json!({"query": "\"a 24\""})).await;
    let id = &lines(&found)[0].id;
    let around = |before: usize, after: usize| {
        logs.ask(json!({"query": "nothing", "context": {"around": id, "before": before, "after": after}}))
    };
    let answer = around(20, 30).await;
    let expected: Vec<String> = (4..=54).map(|n| format!("a {n}")).collect();
    assert_eq!(messages(&answer), expected);
    let anchors: Vec<_> = lines(&answer)
        .iter()
        .filter(|l| l.anchor)
        .map(|l| l.message.as_str())
        .collect();
    assert_eq!(anchors, ["a 24"]);
    assert_eq!(messages(&around(0, 0).await), ["a 24"]);
    assert_eq!(messages(&around(100, 1).await).len(), 26);
    assert_eq!(messages(&around(1, 100).await).len(), 37);

    // Host logs: each of a node's streams is a log.
    let host = |n: i64, stream: &str| {
        (
            n * SECOND,
            json!({"node": "node-1", "stream": stream, "file": "/var/log/x", "sequence": n, "message": format!("{stream} {n}")}),
        )
    };
    let rows: Vec<Row> = (0..10)
        .flat_map(|n| [host(n, "syslog"), host(n, "kern")])
        .collect();
    logs.write(&rows).await;
    let found = logs.ask(json!({"query": "'kern 5'"})).await;
    let id = &lines(&found)[0].id;
    let answer = logs
        .ask(json!({"context": {"around": id, "before": 1, "after": 1}}))
        .await;
    assert_eq!(messages(&answer), ["kern 4", "kern 5", "kern 6"]);
    logs.store.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relative_range_stays_where_the_first_page_had_it() {
    let logs = Logs::new().await;
    logs.write(&[line("a", 0, 0, "first"), line("a", 1, SECOND, "second")])
        .await;
    let request = LogsRequest::from_json(br#"{"start": "-1h", "limit": 1}"#).unwrap();
    let first = logs.query.logs(request.clone(), NOW).await.unwrap();
    let after = first.page.unwrap().next;
    // An hour later.
    let request = LogsRequest { after, ..request };
    let second = logs.query.logs(request, NOW + 3600 * SECOND).await.unwrap();
    assert_eq!(messages(&second), ["first"]);
    logs.store.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_functions_are_there_in_sql() {
    let logs = Logs::new().await;
    logs.write(&[
        line("a", 0, 0, r#"{"status": 503, "msg": "Connection reset"}"#),
        line("a", 1, 1, "connections"),
    ])
    .await;
    for flushed in [false, true] {
        if flushed {
            logs.store.flush().await.unwrap();
        }
        let sql = "SELECT has_word(message, 'connection reset') AS w, contains_ci(message, 'CONNECTION') AS c,
            json_text(message, 'msg') AS t, json_number(message, 'status') AS n, has_word(pod, 'A') AS p
            FROM log ORDER BY time";
        let body = logs.query.sql(query::SqlRequest::new(sql)).await.unwrap();
        let answer: Value = serde_json::from_slice(&body.collect().await.unwrap()).unwrap();
        assert_eq!(
            answer["rows"],
            json!([
                {"w": true, "c": true, "t": "Connection reset", "n": 503.0, "p": true},
                {"w": false, "c": true, "t": null, "n": null, "p": true},
            ])
        );
    }
    logs.store.shutdown().await;
}
