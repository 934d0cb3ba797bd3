use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use query::{Code, Limits, Tail, TailEvent, TailRequest, Why};
use serde_json::{Value, json};

use super::{Logs, NOW, Row, line};

/// A test that hangs says so.
const PATIENCE: Duration = Duration::from_secs(60);

async fn open(logs: &Logs, request: Value) -> Tail {
    let request = TailRequest::from_json(request.to_string().as_bytes()).unwrap();
    logs.query.tail(request, NOW).await.unwrap()
}

async fn next(tail: &mut Tail) -> TailEvent {
    let next = tokio::time::timeout(PATIENCE, tail.next()).await;
    next.expect("an event in time").expect("the tail goes on")
}

/// Lines until one has this message.
async fn until(tail: &mut Tail, last: &str) -> Vec<String> {
    let mut messages = Vec::new();
    while messages.last().is_none_or(|m| m != last) {
        match next(tail).await {
            TailEvent::Lines(lines) => messages.extend(lines.into_iter().map(|l| l.message)),
            other => panic!("{other:?}"),
        }
    }
    messages
}

fn numbered(from: i64, until: i64) -> Vec<Row> {
    (from..until)
        .map(|n| {
            line(
                ["a", "b"][(n % 2) as usize],
                n,
                n * 1_000_000,
                &format!("line {n}"),
            )
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lines_that_fit_as_they_come() {
    let logs = Logs::new().await;
    logs.write(&numbered(0, 10)).await;
    let request =
        json!({"filters": {"pod": "a"}, "query": "level:>=warn -\"line 14\" OR 'the end'"});
    let mut tail = open(&logs, request).await;
    logs.write(&numbered(10, 20)).await;
    logs.write(&[line("a", 20, 1, "the end")]).await;
    let messages = until(&mut tail, "the end").await;
    // Levels go round by threes: 10 and 16 are warnings, 14 is an error.
    assert_eq!(messages, ["line 10", "line 16", "the end"]);
    logs.store.shutdown().await;
    assert_eq!(
        tokio::time::timeout(PATIENCE, tail.next()).await.unwrap(),
        None,
        "it ends with the store"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn stored_lines_first_and_each_exactly_once() {
    let logs = Arc::new(Logs::new().await);
    logs.write(&numbered(0, 1500)).await;
    logs.store.flush().await.unwrap();
    logs.write(&numbered(1500, 1700)).await;
    let mut tail = open(
        &logs,
        json!({"since": "2026-11-23T10:01:40Z", "rate": 2000}),
    )
    .await;
    // Lines come while the stored ones are told of, some with times that are told of already.
    let writer = {
        let logs = Arc::clone(&logs);
        tokio::spawn(async move {
            for from in (1700..2400).step_by(20) {
                let mut rows = numbered(from, from + 20);
                for (time, _) in rows.iter_mut().step_by(2) {
                    *time -= 1_500_000_000;
                }
                logs.write(&rows).await;
            }
            logs.write(&[line("z", 1, 2_400_000_000, "the end")]).await;
        })
    };
    // The last line may be among the stored ones, which are told of before those that came meanwhile.
    let mut messages = Vec::new();
    while messages.len() < 2301 {
        match next(&mut tail).await {
            TailEvent::Lines(lines) => messages.extend(lines.into_iter().map(|l| l.message)),
            other => panic!("{other:?}"),
        }
    }
    writer.await.unwrap();
    logs.store.shutdown().await;
    while let Some(event) = tail.next().await {
        match event {
            TailEvent::Lines(lines) => messages.extend(lines.into_iter().map(|l| l.message)),
            other => panic!("{other:?}"),
        }
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for message in &messages {
        *counts.entry(message).or_default() += 1;
    }
    let twice: Vec<_> = counts.iter().filter(|(_, n)| **n > 1).collect();
    assert!(twice.is_empty(), "{twice:?}");
    let missing: Vec<i64> = (100..2400)
        .filter(|n| !counts.contains_key(format!("line {n}").as_str()))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert_eq!(counts.len(), 2301);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_beyond_the_rate_is_dropped_and_counted() {
    let logs = Logs::new().await;
    let mut tail = open(&logs, json!({"rate": 5})).await;
    logs.write(&numbered(0, 100)).await;
    let TailEvent::Lines(lines) = next(&mut tail).await else {
        panic!("lines come first");
    };
    let mut told = lines.len() as u64;
    assert_eq!(lines[0].message, "line 0");
    assert_eq!(told, 5);
    while told < 100 {
        match next(&mut tail).await {
            TailEvent::Dropped(dropped) => {
                assert_eq!(dropped.why, Why::Rate);
                told += dropped.lines;
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(told, 100);
    logs.store.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_too_slow_is_told_what_was_missed() {
    let logs = Logs::new().await;
    let mut tail = open(&logs, json!({"rate": 2000})).await;
    let large = "x".repeat(50_000);
    let mut written = 0;
    // More than all the queues between the store and a reader hold.
    for n in 0..60 {
        let rows: Vec<Row> = (0..20).map(|i| line("a", n * 20 + i, n, &large)).collect();
        logs.write(&rows).await;
        written += 20;
    }
    logs.store.shutdown().await;
    let (mut told, mut missed) = (0, 0);
    while let Some(event) = tokio::time::timeout(PATIENCE, tail.next()).await.unwrap() {
        match event {
            TailEvent::Lines(lines) => told += lines.len() as u64,
            TailEvent::Dropped(dropped) if dropped.why == Why::Slow => missed += dropped.lines,
            TailEvent::Dropped(dropped) => told += dropped.lines,
            other => panic!("{other:?}"),
        }
    }
    assert!(missed > 0);
    assert_eq!(told + missed, written);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tails_are_few_and_give_their_place_back() {
    let logs = Logs::within(Limits {
        tails: 1,
        ..Limits::default()
    })
    .await;
    let tail = open(&logs, json!({})).await;
    assert_eq!(logs.query.figures().tails, 1);
    let fault = logs
        .query
        .tail(TailRequest::default(), NOW)
        .await
        .unwrap_err();
    assert_eq!(fault.code, Code::Overloaded);
    drop(tail);
    let given_back = tokio::time::timeout(PATIENCE, async {
        while logs.query.figures().tails > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    });
    given_back.await.unwrap();
    open(&logs, json!({})).await;
    for (request, words) in [
        (json!({"rate": 0}), "rate: a rate is at least 1"),
        (json!({"rate": 2001}), "rate: a rate is at most 2000"),
        (json!({"query": "("}), "query, line 1, column 1: "),
        (
            json!({"filters": {"x": "y"}}),
            "filters.x: log has no column 'x'",
        ),
    ] {
        let request = TailRequest::from_json(request.to_string().as_bytes()).unwrap();
        let fault = logs.query.tail(request, NOW).await.unwrap_err();
        assert!(fault.to_string().starts_with(words), "{fault}");
    }
    logs.store.shutdown().await;
}
