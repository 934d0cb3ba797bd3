//! The Kubernetes metrics API, asked as behind the API server's front proxy.
#![allow(clippy::unwrap_used)]

mod support;

use std::sync::Arc;

use axum::Router;
use catalogue::tables::{CONTAINER, IDENTITY, NODE, OBJECT};
use serde_json::{Value, json};
use server::{Settings, Tokens};
use support::{Answer, Server, ask, frame, node_row, server_with};
use wire::AgentId;

const BASE: &str = "/apis/metrics.k8s.io/v1beta1";
const SECOND: i64 = 1_000_000;

async fn get(router: &Router, path: &str, accept: &str) -> Answer {
    ask(router, "GET", path, &[("accept", accept)], "").await
}

fn container(time: i64, cluster: &str, pod: &str, name: &str, cores: Option<f64>) -> Value {
    json!({
        "time": time, "interval_usec": 10 * SECOND, "cluster": cluster, "node": "n1", "namespace": "shop", "pod": pod,
        "pod_uid": format!("uid-{pod}"), "container": name, "container_id": format!("{pod}-{name}"),
        "container_kind": "container", "cpu_usage_usec": cores.map(|cores| (cores * 10e6) as i64),
        "memory_working_set_bytes": 64 << 20, "node_cpu_cores": 2, "node_memory_total_bytes": 8i64 << 30,
    })
}

async fn store(server: &Server, table: &'static catalogue::Table, rows: &[Value]) {
    let answer = server
        .ingest(table.name, AgentId::random(), 1, frame(table, rows))
        .await;
    assert_eq!(
        answer.status,
        200,
        "{}",
        String::from_utf8_lossy(&answer.body)
    );
}

async fn with_rows() -> (Server, Router) {
    let settings = Settings {
        cluster: Some("here".to_owned()),
        ..Settings::default()
    };
    let server = server_with(settings, Tokens::default()).await;
    let now = node_row()["time"].as_i64().unwrap();
    let node = json!({
        "time": now, "interval_usec": 10 * SECOND, "cluster": "here", "node": "n1", "cpu_usage_usec": 5 * SECOND,
        "node_cpu_cores": 2, "node_memory_total_bytes": 8i64 << 30, "memory_working_set_bytes": 1 << 30,
    });
    store(&server, &NODE, &[node]).await;
    let object = json!({
        "time": now, "interval_usec": 10 * SECOND, "cluster": "here", "object_kind": "Node", "object_name": "n1",
        "object_uid": "u1", "labels": {"zone": "a"},
    });
    store(&server, &OBJECT, &[object]).await;
    let identity = json!({
        "time": now - 60 * SECOND, "cluster": "here", "namespace": "shop", "pod": "web-1", "pod_uid": "uid-web-1",
        "workload_kind": "Deployment", "workload": "web", "labels": {"app": "web"}, "host_network": false,
    });
    store(&server, &IDENTITY, &[identity]).await;
    let rows = [
        container(now, "here", "web-1", "web", Some(0.25)),
        container(now, "here", "web-1", "proxy", Some(0.05)),
        // Its first row has no difference yet: half a pod would be taken for idle.
        container(now, "here", "new-1", "web", Some(0.5)),
        container(now, "here", "new-1", "proxy", None),
        container(now - 120 * SECOND, "here", "old-1", "web", Some(1.0)),
        container(now, "elsewhere", "other-1", "web", Some(1.0)),
    ];
    store(&server, &CONTAINER, &rows).await;
    let router = server::metrics_api(Arc::clone(&server.state));
    (server, router)
}

#[tokio::test]
async fn what_is_measured_now_is_answered() {
    let (_server, router) = with_rows().await;
    let nodes = get(&router, &format!("{BASE}/nodes"), "application/json")
        .await
        .json();
    assert_eq!(nodes["kind"], "NodeMetricsList");
    let node = &nodes["items"][0];
    assert_eq!(node["metadata"]["name"], "n1");
    assert_eq!(node["metadata"]["labels"], json!({"zone": "a"}));
    assert_eq!(
        node["usage"],
        json!({"cpu": "500000000n", "memory": "1048576Ki"})
    );
    assert_eq!(node["window"], "10s");

    for path in [
        "/pods",
        "/namespaces/shop/pods",
        "/pods?labelSelector=app%3Dweb",
        "/pods?labelSelector=app+in+(web)",
    ] {
        let pods = get(&router, &format!("{BASE}{path}"), "application/json")
            .await
            .json();
        let names: Vec<&str> = pods["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|pod| pod["metadata"]["name"].as_str().unwrap())
            .collect();
        assert_eq!(names, ["web-1"], "{path}: {pods}");
        let containers = &pods["items"][0]["containers"];
        assert_eq!(
            containers[0],
            json!({"name": "proxy", "usage": {"cpu": "50000000n", "memory": "65536Ki"}})
        );
    }
    for path in [
        "/namespaces/data/pods",
        "/pods?labelSelector=!app",
        "/pods?fieldSelector=metadata.name%3Dx",
    ] {
        let pods = get(&router, &format!("{BASE}{path}"), "application/json")
            .await
            .json();
        assert_eq!(pods["items"], json!([]), "{path}");
    }
    let one = get(
        &router,
        &format!("{BASE}/namespaces/shop/pods/web-1"),
        "*/*",
    )
    .await
    .json();
    assert_eq!(
        (&one["kind"], &one["metadata"]["labels"]["app"]),
        (&json!("PodMetrics"), &json!("web"))
    );
    let accept = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";
    let table = get(&router, &format!("{BASE}/pods"), accept).await.json();
    assert_eq!(
        table["rows"][0]["cells"],
        json!(["web-1", "300000000n", "131072Ki", "10s"])
    );
}

#[tokio::test]
async fn what_is_served_is_told_and_the_rest_refused_in_kubernetes_words() {
    let (_server, router) = with_rows().await;
    let served = get(&router, BASE, "*/*").await.json();
    assert_eq!(served["kind"], "APIResourceList");
    assert_eq!(
        get(&router, "/apis", "*/*").await.json()["kind"],
        "APIGroupList"
    );
    for (path, status, reason) in [
        ("/nodes/none", 404, "NotFound"),
        ("/namespaces/shop/pods/*", 404, "NotFound"),
        ("/namespaces/shop/pods/old-1", 404, "NotFound"),
        ("/pods?labelSelector=a+in+b", 400, "BadRequest"),
        ("/pods?watch=true", 405, "MethodNotAllowed"),
        ("/services", 404, "NotFound"),
    ] {
        let answer = get(&router, &format!("{BASE}{path}"), "*/*").await;
        assert_eq!(answer.status, status, "{path}");
        let said = answer.json();
        assert_eq!(
            (&said["kind"], &said["reason"]),
            (&json!("Status"), &json!(reason)),
            "{path}"
        );
    }
    let posted = ask(&router, "POST", &format!("{BASE}/pods"), &[], "{}").await;
    assert_eq!(posted.status, 405);
    assert_eq!(posted.json()["reason"], "MethodNotAllowed");
}
