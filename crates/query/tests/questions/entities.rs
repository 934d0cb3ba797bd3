//! The inventory over rows that are written down.

use catalogue::Tier;
use query::{Code, EntitiesAnswer, EntitiesRequest, Query};
use serde_json::{Value, json};

use crate::held::{Held, TEN, table};

/// A minute past ten.
const NOW: i64 = (TEN + 60) * 1_000_000;

fn row(id: &str, namespace: Option<&str>, cpu: Option<i64>) -> Value {
    json!({"cluster": "c", "node": "n1", "namespace": namespace, "pod": namespace.map(|_| format!("pod-{id}")),
           "container": id, "container_id": id, "container_kind": "container", "interval_usec": 10_000_000,
           "cpu_usage_usec": cpu, "memory_working_set_bytes": 100, "node_cpu_cores": 2.0, "node_memory_total_bytes": 1000})
}

fn query() -> Query {
    let mut exited = row("old", Some("shop"), Some(0));
    exited["exited"] = json!(true);
    exited["lifetime_usec"] = json!(5_000_000);
    let rows = vec![
        (60, row("web", Some("shop"), Some(5_000_000))),
        (50, row("db", Some("shop"), Some(20_000_000))),
        (50, exited),
        (20, row("slow", Some("bank"), Some(1_000_000))),
        (-700, row("lost", Some("bank"), None)),
        (60, row("/system.slice/ssh.service", None, Some(10_000))),
    ];
    Held::default().with("container", Tier::Raw, rows).query()
}

fn get(query: &Query, pairs: &[(&str, &str)]) -> EntitiesAnswer {
    let request = EntitiesRequest::from_pairs(table("container"), pairs.iter().copied()).unwrap();
    query.entities("container", &request, NOW).unwrap()
}

fn ids(answer: &EntitiesAnswer) -> Vec<&str> {
    answer
        .entities
        .iter()
        .map(|e| e.id.strip_prefix("c/n1/").unwrap())
        .collect()
}

#[test]
fn an_entity_as_json() {
    let answer = get(
        &query(),
        &[
            ("container", "old"),
            (
                "metrics",
                "container_cpu_utilization,container_memory_utilization",
            ),
        ],
    );
    assert_eq!(
        serde_json::to_value(&answer).unwrap(),
        json!({
            "entities": [{
                "id": "c/n1/old", "cluster": "c", "node": "n1", "namespace": "shop", "pod": "pod-old", "pod_uid": null,
                "container": "old", "container_id": "old", "time": "2026-11-23T10:00:50.000000000Z",
                "attributes": {"container_kind": "container", "exited": true, "lifetime_usec": 5_000_000},
                "latest": {"interval_usec": 10_000_000, "cpu_usage_usec": 0, "memory_working_set_bytes": 100,
                           "node_cpu_cores": 2.0, "node_memory_total_bytes": 1000},
                "metrics": {"container_cpu_utilization": 0.0, "container_memory_utilization": 10.0},
                "health": {"state": "gone", "reason": "it has exited"},
            }],
            "total": 1, "next": null,
        })
    );
}

#[test]
fn filtered_searched_and_sorted() {
    let query = query();
    let slice = "%2Fsystem.slice%2Fssh.service";
    for (pairs, expected) in [
        (vec![], vec![slice, "db", "lost", "old", "slow", "web"]),
        (vec![("namespace", "shop")], vec!["db", "old", "web"]),
        (
            vec![("namespace", "shop"), ("namespace", "bank")],
            vec!["db", "lost", "old", "slow", "web"],
        ),
        (vec![("namespace", "!shop")], vec![slice, "lost", "slow"]),
        (
            vec![("namespace", "b*"), ("container", "!l*")],
            vec!["slow"],
        ),
        (vec![("exited", "true")], vec!["old"]),
        (vec![("search", "SSH")], vec![slice]),
        (vec![("search", "shop pod-")], vec!["db", "old", "web"]),
        (vec![("search", "shop bank")], vec![]),
        (vec![("health", "live")], vec![slice, "db", "web"]),
        (vec![("health", "stale,gone")], vec!["lost", "old", "slow"]),
        (
            vec![("sort", "-id")],
            vec!["web", "slow", "old", "lost", "db", slice],
        ),
        // Without a value last, from either end.
        (
            vec![("sort", "cpu_usage_usec")],
            vec!["old", slice, "slow", "web", "db", "lost"],
        ),
        (
            vec![("sort", "-cpu_usage_usec")],
            vec!["db", "web", "slow", slice, "old", "lost"],
        ),
        (
            vec![("sort", "-container_cpu_utilization")],
            vec!["db", "web", "slow", slice, "old", "lost"],
        ),
        (
            vec![("sort", "namespace")],
            vec!["lost", "slow", "db", "old", "web", slice],
        ),
        (
            vec![("sort", "-namespace")],
            vec!["db", "old", "web", "lost", "slow", slice],
        ),
        (vec![("sort", "time"), ("limit", "2")], vec!["lost", "slow"]),
        (
            vec![("sort", "-health")],
            vec!["lost", "old", "slow", slice, "db", "web"],
        ),
    ] {
        assert_eq!(ids(&get(&query, &pairs)), expected, "{pairs:?}");
    }
}

#[test]
fn pages_join_up_in_every_order() {
    let query = query();
    for sort in [
        "id",
        "-id",
        "cpu_usage_usec",
        "-cpu_usage_usec",
        "namespace",
        "-namespace",
        "health",
        "-time",
    ] {
        let all = get(&query, &[("sort", sort)]);
        let whole: Vec<String> = ids(&all).into_iter().map(str::to_owned).collect();
        for limit in ["1", "2", "5"] {
            let mut paged: Vec<String> = Vec::new();
            let mut after: Option<String> = None;
            loop {
                let mut pairs = vec![("sort", sort), ("limit", limit)];
                if let Some(after) = &after {
                    pairs.push(("after", after));
                }
                let page = get(&query, &pairs);
                assert_eq!(page.total, 6);
                paged.extend(ids(&page).into_iter().map(str::to_owned));
                match page.next {
                    Some(next) => after = Some(next),
                    None => break,
                }
            }
            assert_eq!(paged, whole, "{sort} {limit}");
        }
    }
}

#[test]
fn health_has_reasons() {
    let answer = get(&query(), &[]);
    let health: Vec<_> = answer
        .entities
        .iter()
        .map(|e| (e.id.rsplit('/').next().unwrap(), e.health.reason.as_deref()))
        .collect();
    assert_eq!(
        health,
        [
            ("%2Fsystem.slice%2Fssh.service", None),
            ("db", None),
            ("lost", Some("no row for 12 min")),
            ("old", Some("it has exited")),
            ("slow", Some("no row for 40 s; one is due every 10 s")),
            ("web", None),
        ]
    );
}

#[test]
fn only_the_columns_that_are_asked_for() {
    let answer = get(
        &query(),
        &[
            ("container", "web"),
            (
                "columns",
                "cpu_usage_usec,container_kind,memory_usage_bytes",
            ),
        ],
    );
    let entity = &answer.entities[0];
    assert_eq!(
        serde_json::to_value(&entity.latest).unwrap(),
        json!({"cpu_usage_usec": 5_000_000})
    );
    assert_eq!(
        serde_json::to_value(&entity.attributes).unwrap(),
        json!({"container_kind": "container"})
    );
}

#[test]
fn faults_say_where() {
    let query = query();
    for (pairs, code, words) in [
        (
            vec![("namespce", "a")],
            Code::UnknownColumn,
            "namespce: 'namespce' is neither a parameter nor a column of",
        ),
        (
            vec![("limt", "5")],
            Code::UnknownColumn,
            "limt: 'limt' is neither a parameter nor a column of container; did \
          you mean 'limit'",
        ),
        (
            vec![("limit", "x")],
            Code::InvalidRequest,
            "limit: 'x' is no whole number",
        ),
        (
            vec![("limit", "0")],
            Code::InvalidRequest,
            "limit: a limit is from 1 to 10000",
        ),
        (
            vec![("health", "well")],
            Code::InvalidRequest,
            "health: there is no state 'well'",
        ),
        (
            vec![("sort", "cpu")],
            Code::UnknownMetric,
            "sort: container has no metric 'cpu'; did you mean",
        ),
        (
            vec![("metrics", "a")],
            Code::UnknownMetric,
            "metrics[0]: container has no metric 'a'",
        ),
        (
            vec![("columns", "pod,poodle")],
            Code::UnknownColumn,
            "columns[1]: container has no column 'poodle'",
        ),
        (
            vec![("after", "x")],
            Code::InvalidRequest,
            "after: this is no cursor",
        ),
        (
            vec![("cpu_usage_usec", "5")],
            Code::UnknownColumn,
            "filters.cpu_usage_usec: 'cpu_usage_usec' of container is",
        ),
        (
            vec![("pod", "a"), ("pod", "!b")],
            Code::InvalidRequest,
            "pod: name either values to keep or",
        ),
    ] {
        let fault = EntitiesRequest::from_pairs(table("container"), pairs.iter().copied())
            .and_then(|request| query.entities("container", &request, NOW))
            .unwrap_err();
        assert_eq!(fault.code, code, "{pairs:?}: {fault}");
        assert!(fault.to_string().starts_with(words), "{pairs:?}: {fault}");
    }
    let fault = query
        .entities("contaner", &EntitiesRequest::default(), NOW)
        .unwrap_err();
    assert_eq!(
        (fault.code, fault.to_string().as_str()),
        (
            Code::UnknownEntity,
            "type: there is no entity 'contaner'; did you mean 'container'?"
        )
    );
}

#[test]
fn an_empty_inventory() {
    let answer = Held::default()
        .query()
        .entities("node", &EntitiesRequest::default(), NOW)
        .unwrap();
    assert_eq!(
        (answer.entities.len(), answer.total, answer.next),
        (0, 0, None)
    );
}
