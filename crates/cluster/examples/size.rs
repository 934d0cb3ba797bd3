//! Memory and time with many pods: `size [PODS]`. A server in the same process makes each page of a list as it is
//! asked for and keeps nothing; each pod has two containers, labels, a replica set of ten, a service.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use cluster::{Before, Cluster, Pace, Settings};
use serde_json::{Value, json};
use tokio::sync::mpsc::channel;

const POD: &str = include_str!("size-pod.json");

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let pods: usize = std::env::args().nth(1).map_or(Ok(10_000), |n| n.parse())?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let router = Router::new().fallback(answer).with_state(pods);
    tokio::spawn(async move { axum::serve(listener, router).await });

    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = kube::Client::try_from(kube::Config::new(format!("http://{address}").parse()?))?;
    let settings = Settings {
        cluster: "size".to_owned(),
        interval: Duration::from_secs(5),
        annotations: Vec::new(),
        control_plane: None,
        pace: Pace::default(),
    };
    println!("before: {} MB resident", resident_mb());
    let begun = Instant::now();
    let (sender, mut rows) = channel(4);
    let cluster = Cluster::start(&client, settings, Before::default(), sender);
    let mut full_ticks = 0;
    let mut cpu = cpu_ms();
    while full_ticks < 3 {
        let Some(batch) = rows.recv().await else {
            break;
        };
        let count = batch.batch.num_rows();
        let used = cpu_ms();
        println!(
            "{:>6} ms: {count} rows of {} in {} MB, {} MB resident, {} ms of CPU since the last",
            begun.elapsed().as_millis(),
            batch.table.name,
            batch.batch.get_array_memory_size() / 1_000_000,
            resident_mb(),
            used - cpu
        );
        cpu = used;
        full_ticks += usize::from(batch.table.name == "object" && count >= pods * 3);
    }
    for (kind, watch) in cluster.status().watches {
        if watch.objects > 0 {
            println!("{}: {} held", kind.plural(), watch.objects);
        }
    }
    println!("most: {} MB resident", peak_mb());
    cluster.stop().await;
    Ok(())
}

async fn answer(
    State(pods): State<usize>,
    uri: axum::http::Uri,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    if query.contains_key("watch") {
        // Nothing ever changes.
        return Response::new(axum::body::Body::from_stream(futures::stream::pending::<
            Result<axum::body::Bytes, std::io::Error>,
        >()));
    }
    let plural = uri.path().rsplit('/').next().unwrap_or_default();
    if plural.starts_with('v') {
        let resources: Vec<Value> = ["endpointslices", "cronjobs", "ingresses"]
            .iter()
            .map(|name| json!({"name": name, "singularName": "", "namespaced": true, "kind": "K", "verbs": ["list"]}))
            .collect();
        return json!({"groupVersion": "v1", "resources": resources})
            .to_string()
            .into_response();
    }
    let count = match plural {
        "pods" => pods,
        "replicasets" | "deployments" | "services" | "endpointslices" => pods / 10,
        "nodes" => pods / 50,
        _ => 0,
    };
    let from: usize = query
        .get("continue")
        .and_then(|c| c.parse().ok())
        .unwrap_or(0);
    let limit: usize = query
        .get("limit")
        .and_then(|c| c.parse().ok())
        .unwrap_or(500);
    let to = count.min(from + limit);
    let items: Vec<String> = (from..to).map(|n| object(plural, n)).collect();
    let more = match to < count {
        true => format!(",\"continue\":\"{to}\""),
        false => String::new(),
    };
    format!(
        "{{\"kind\":\"List\",\"apiVersion\":\"v1\",\"metadata\":{{\"resourceVersion\":\"1\"{more}}},\"items\":[{}]}}",
        items.join(",")
    )
    .into_response()
}

fn object(plural: &str, n: usize) -> String {
    let uid = |kind: &str, n: usize| format!("{kind}-4f3c-11ef-9d2e-{n:012}");
    let set = n / 10;
    match plural {
        "pods" => POD
            .replace("@N", &n.to_string())
            .replace("@UID", &uid("p0d00000", n))
            .replace("@SET-UID", &uid("5e700000", set))
            .replace("@SET", &set.to_string())
            .replace("@NODE", &(n / 50).to_string()),
        "endpointslices" => {
            let endpoints: Vec<Value> = (n * 10..n * 10 + 10)
                .map(|p| json!({"addresses": [format!("10.{}.{}.{}", p >> 16, (p >> 8) & 255, p & 255)],
                    "conditions": {"ready": true}, "targetRef": {"kind": "Pod", "uid": uid("p0d00000", p)}}))
                .collect();
            json!({"metadata": {"name": format!("s-{n}"), "namespace": "team", "uid": uid("51000000", n),
                "labels": {"kubernetes.io/service-name": format!("web-{n}")}}, "endpoints": endpoints})
            .to_string()
        }
        "replicasets" => json!({"metadata": {"name": format!("web-{n}-5d8f"), "namespace": "team",
            "uid": uid("5e700000", n), "ownerReferences": [
                {"kind": "Deployment", "name": format!("web-{n}"), "uid": uid("de000000", n), "controller": true}]},
            "spec": {"replicas": 10}, "status": {"replicas": 10, "readyReplicas": 10}})
        .to_string(),
        _ => json!({"metadata": {"name": format!("web-{n}"), "namespace": "team", "uid": uid(plural, n)}})
            .to_string(),
    }
}

fn status_kb(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(name));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok())
        .unwrap_or(0)
}

fn resident_mb() -> u64 {
    status_kb("VmRSS") / 1000
}

fn peak_mb() -> u64 {
    status_kb("VmHWM") / 1000
}

/// CPU of this process so far, the server's included.
fn cpu_ms() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit(')').next().unwrap_or_default();
    let fields: Vec<&str> = after.split_whitespace().collect();
    let ticks = |n: usize| {
        fields
            .get(n)
            .and_then(|f| f.parse::<u64>().ok())
            .unwrap_or(0)
    };
    (ticks(11) + ticks(12)) * 10
}
