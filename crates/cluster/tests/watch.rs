//! Watches against a small API server that pages, forgets, refuses, cuts and restarts.
#![allow(clippy::unwrap_used)]

mod api;

use std::collections::HashMap;
use std::time::Duration;

use api::Api;
use arrow_array::Array;
use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use cluster::{Before, Cluster, Kind, Pace, Settings, TableBatch, WatchState};
use serde_json::{Value, json};
use tokio::sync::mpsc::{Receiver, channel};

/// Far longer than anything takes; only a test that fails waits for it.
const PATIENCE: Duration = Duration::from_secs(30);

fn start(api: &Api, before: Before) -> (Cluster, Receiver<TableBatch>) {
    let config = kube::Config::new(format!("http://{}", api.address).parse().unwrap());
    // More than one provider is built when the whole workspace is.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = kube::Client::try_from(config).unwrap();
    let settings = Settings {
        cluster: "c".to_owned(),
        interval: Duration::from_secs(1),
        annotations: Vec::new(),
        control_plane: None,
        pace: Pace {
            first: Duration::from_millis(10),
            most: Duration::from_millis(50),
            dark: Duration::from_millis(50),
        },
    };
    let (sender, rows) = channel(1024);
    (Cluster::start(&client, settings, before, sender), rows)
}

fn pod(uid: &str) -> Value {
    json!({"metadata": {"name": uid, "namespace": "n", "uid": uid},
        "spec": {"containers": [{"name": "a"}]}})
}

/// What a table's rows say, as texts: name of the pod or object, and whether it is deleted.
struct Seen {
    rows: Receiver<TableBatch>,
    pods: HashMap<String, Vec<bool>>,
    objects: HashMap<String, u64>,
}

impl Seen {
    fn new(rows: Receiver<TableBatch>) -> Seen {
        Seen {
            rows,
            pods: HashMap::new(),
            objects: HashMap::new(),
        }
    }

    fn take(&mut self, batch: &TableBatch) {
        let texts = |column: &str| -> Vec<Option<String>> {
            let column = batch.batch.column_by_name(column).unwrap();
            let column = column.as_dictionary::<Int32Type>();
            let values = column.values().as_string::<i32>();
            (0..column.len())
                .map(|row| column.key(row).map(|key| values.value(key).to_owned()))
                .collect()
        };
        if batch.table.name == "object" {
            let names = texts("object_name").into_iter().flatten();
            for name in names {
                *self.objects.entry(name).or_default() += 1;
            }
        }
        if batch.table.name == "identity" {
            let deleted = batch.batch.column_by_name("deleted").unwrap().as_boolean();
            let names = texts("pod").into_iter().zip(texts("container"));
            for (row, (pod, container)) in names.enumerate() {
                if container.is_none() {
                    let deleted = deleted.is_valid(row) && deleted.value(row);
                    self.pods.entry(pod.unwrap()).or_default().push(deleted);
                }
            }
        }
    }

    async fn until(&mut self, what: &str, holds: impl Fn(&Seen) -> bool) {
        while !holds(self) {
            let batch = tokio::time::timeout(PATIENCE, self.rows.recv()).await;
            let batch = batch.unwrap_or_else(|_| panic!("{what}: {:?}", self.pods));
            self.take(&batch.unwrap());
        }
    }

    fn pod(&self, name: &str) -> &[bool] {
        self.pods.get(name).map_or(&[], Vec::as_slice)
    }
}

async fn until(what: &str, holds: impl Fn() -> bool) {
    let waited = tokio::time::timeout(PATIENCE, async {
        while !holds() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    });
    assert!(waited.await.is_ok(), "{what}");
}

#[tokio::test]
async fn all_pages_of_a_list_come_and_then_changes() {
    let (api, _serving) = Api::start().await;
    for uid in ["a", "b", "c", "d", "e"] {
        api.put("pods", pod(uid));
    }
    let (cluster, rows) = start(&api, Before::default());
    let mut seen = Seen::new(rows);
    seen.until("five pods", |s| s.pods.len() == 5).await;
    api.put("pods", pod("f"));
    api.remove("pods", "a", false);
    seen.until("a change each", |s| {
        s.pod("f") == [false] && s.pod("a") == [false, true]
    })
    .await;
    seen.until("objects", |s| s.objects.contains_key("f")).await;
    assert_eq!(api.with(|held| held.lists["pods"]), 1);
    let status = cluster.status();
    assert!(
        status
            .watches
            .values()
            .all(|w| w.state == WatchState::Watching),
        "{status:?}"
    );
    let text = status.metrics_text();
    assert!(
        text.contains("kansoku_cluster_watch_up{resource=\"pods\"} 1"),
        "{text}"
    );
    assert!(
        text.contains("kansoku_cluster_rows_total{table=\"identity\"}"),
        "{text}"
    );
    cluster.stop().await;
}

#[tokio::test]
async fn a_cut_watch_goes_on_from_its_bookmark() {
    let (api, _serving) = Api::start().await;
    api.put("pods", pod("a"));
    let (cluster, rows) = start(&api, Before::default());
    let mut seen = Seen::new(rows);
    seen.until("the pod", |s| s.pod("a") == [false]).await;
    until("a watch", || {
        api.with(|held| held.watches.iter().any(|(of, _)| of == "pods"))
    })
    .await;
    let marked = api.bookmark("pods");
    // A pod after the bookmark shows that the bookmark was read; then the connection is cut.
    api.put("pods", pod("b"));
    seen.until("a second pod", |s| s.pod("b") == [false]).await;
    api.cut();
    until("a new watch", || {
        api.with(|held| {
            held.watches
                .iter()
                .any(|(of, from)| of == "pods" && *from > marked)
        })
    })
    .await;
    api.put("pods", pod("c"));
    seen.until("a third", |s| s.pod("c") == [false]).await;
    assert_eq!(api.with(|held| held.lists["pods"]), 1, "no second list");
    assert_eq!(seen.pod("a"), [false]);
    assert_eq!(seen.pod("b"), [false]);
    cluster.stop().await;
}

#[tokio::test]
async fn after_410_gone_a_new_list_says_what_went() {
    let (api, _serving) = Api::start().await;
    for uid in ["a", "b", "c"] {
        api.put("pods", pod(uid));
    }
    let (cluster, rows) = start(&api, Before::default());
    let mut seen = Seen::new(rows);
    seen.until("three pods", |s| s.pods.len() == 3).await;
    api.remove("pods", "b", true);
    api.forget();
    api.cut();
    seen.until("the end of b", |s| s.pod("b") == [false, true])
        .await;
    assert_eq!(seen.pod("a"), [false]);
    assert_eq!(seen.pod("c"), [false]);
    assert!(api.with(|held| held.lists["pods"]) >= 2);
    cluster.stop().await;
}

#[tokio::test]
async fn a_list_that_breaks_off_and_a_restart_end_nothing() {
    let (api, serving) = Api::start().await;
    for uid in ["a", "b", "c"] {
        api.put("pods", pod(uid));
    }
    let (cluster, rows) = start(&api, Before::default());
    let mut seen = Seen::new(rows);
    seen.until("three pods", |s| s.pods.len() == 3).await;
    // The server goes away, comes back without history, and its lists break off after a page.
    serving.abort();
    let _ = serving.await;
    api.with(|held| held.break_lists = true);
    api.forget();
    api.cut();
    let _serving = api.restart().await;
    let failing = || {
        let watch = cluster.status().watches[&Kind::Pod].clone();
        matches!(watch.state, WatchState::Failing(_)) && api.with(|h| h.lists["pods"]) > 2
    };
    until("broken lists", failing).await;
    api.with(|held| held.break_lists = false);
    api.put("pods", pod("d"));
    seen.until("a pod from after it", |s| s.pod("d") == [false])
        .await;
    for uid in ["a", "b", "c"] {
        assert_eq!(seen.pod(uid), [false], "{uid} was there all the time");
    }
    cluster.stop().await;
}

#[tokio::test]
async fn what_may_not_be_read_is_named_and_the_rest_goes_on_until_it_may() {
    let (api, _serving) = Api::start().await;
    api.with(|held| {
        held.forbidden.insert("replicasets");
        held.groups.remove("discovery.k8s.io/v1");
    });
    api.put("pods", pod("a"));
    let (cluster, rows) = start(&api, Before::default());
    let mut seen = Seen::new(rows);
    seen.until("the pod", |s| s.pod("a") == [false]).await;
    let watches = cluster.status().watches;
    assert_eq!(
        watches[&Kind::ReplicaSet].state.detail(),
        Some("the account needs the verbs list and watch on replicasets in API group apps")
    );
    assert_eq!(watches[&Kind::EndpointSlice].state, WatchState::NotServed);
    assert_eq!(watches[&Kind::Pod].state, WatchState::Watching);
    api.with(|held| held.forbidden.clear());
    until("the right is there", || {
        cluster.status().watches[&Kind::ReplicaSet].state == WatchState::Watching
    })
    .await;
    assert_eq!(seen.pod("a"), [false]);
    cluster.stop().await;
}

#[tokio::test]
async fn older_api_servers_have_their_older_versions() {
    let (api, _serving) = Api::start().await;
    api.with(|held| {
        held.groups.remove("discovery.k8s.io/v1");
        held.groups
            .insert("discovery.k8s.io/v1beta1", vec!["endpointslices"]);
        held.groups.insert("batch/v1", vec!["jobs"]);
        held.groups.insert("batch/v1beta1", vec!["cronjobs"]);
    });
    let (cluster, _rows) = start(&api, Before::default());
    until("all watched", || {
        let watches = cluster.status().watches;
        watches.len() == Kind::ALL.len()
            && watches.values().all(|w| w.state == WatchState::Watching)
    })
    .await;
    cluster.stop().await;
}
