//! A small API server: lists in pages, watches with bookmarks, `410 Gone`, refusals, cut connections, restarts.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use futures::stream;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// What the API server holds and how it behaves.
#[derive(Default)]
pub(crate) struct Held {
    version: u64,
    objects: BTreeMap<(String, String), Value>,
    log: Vec<(u64, String, Value)>,
    /// Versions before it are forgotten.
    horizon: u64,
    /// Plurals that answer 403.
    pub(crate) forbidden: HashSet<&'static str>,
    /// `group/version` to the plurals that are served there.
    pub(crate) groups: HashMap<&'static str, Vec<&'static str>>,
    /// Lists begun, by plural.
    pub(crate) lists: HashMap<String, u64>,
    /// Watches begun, by plural, with the version they asked for.
    pub(crate) watches: Vec<(String, u64)>,
    /// Every list breaks off after its first page.
    pub(crate) break_lists: bool,
}

/// The server.
#[derive(Clone)]
pub(crate) struct Api {
    held: Arc<Mutex<Held>>,
    changed: watch::Sender<u64>,
    cut: watch::Sender<u64>,
    pub(crate) address: SocketAddr,
}

impl Api {
    pub(crate) async fn start() -> (Api, JoinHandle<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let api = Api {
            held: Arc::default(),
            changed: watch::channel(0).0,
            cut: watch::channel(0).0,
            address: listener.local_addr().unwrap(),
        };
        api.with(|held| {
            held.groups
                .insert("discovery.k8s.io/v1", vec!["endpointslices"]);
            held.groups.insert("batch/v1", vec!["jobs", "cronjobs"]);
            held.groups
                .insert("networking.k8s.io/v1", vec!["ingresses"]);
        });
        let serving = api.serve(listener);
        (api, serving)
    }

    /// Serves again on the same address.
    pub(crate) async fn restart(&self) -> JoinHandle<()> {
        for _ in 0..200 {
            if let Ok(listener) = TcpListener::bind(self.address).await {
                return self.serve(listener);
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        panic!("the address is not free");
    }

    fn serve(&self, listener: TcpListener) -> JoinHandle<()> {
        let router = Router::new().fallback(answer).with_state(self.clone());
        tokio::spawn(async move {
            let _ = axum::serve(listener, router).await;
        })
    }

    pub(crate) fn with<T>(&self, change: impl FnOnce(&mut Held) -> T) -> T {
        change(&mut self.held.lock().unwrap())
    }

    /// Adds or changes an object.
    pub(crate) fn put(&self, plural: &str, mut object: Value) {
        self.with(|held| {
            held.version += 1;
            let version = held.version;
            object["metadata"]["resourceVersion"] = json!(version.to_string());
            let uid = object["metadata"]["uid"].as_str().unwrap().to_owned();
            let before = held
                .objects
                .insert((plural.to_owned(), uid), object.clone());
            let word = if before.is_some() {
                "MODIFIED"
            } else {
                "ADDED"
            };
            let event = json!({"type": word, "object": object});
            held.log.push((version, plural.to_owned(), event));
        });
        self.changed.send_modify(|n| *n += 1);
    }

    /// Removes an object; `silent` as if it happened while nobody could be told.
    pub(crate) fn remove(&self, plural: &str, uid: &str, silent: bool) {
        self.with(|held| {
            held.version += 1;
            let version = held.version;
            let mut object = held
                .objects
                .remove(&(plural.to_owned(), uid.to_owned()))
                .unwrap();
            object["metadata"]["resourceVersion"] = json!(version.to_string());
            if !silent {
                let event = json!({"type": "DELETED", "object": object});
                held.log.push((version, plural.to_owned(), event));
            }
        });
        self.changed.send_modify(|n| *n += 1);
    }

    /// Tells watches of a plural how far they are.
    pub(crate) fn bookmark(&self, plural: &str) -> u64 {
        let version = self.with(|held| {
            held.version += 1;
            let version = held.version;
            let event = json!({"type": "BOOKMARK", "object": {"kind": "X", "apiVersion": "v1",
                "metadata": {"resourceVersion": version.to_string()}}});
            held.log.push((version, plural.to_owned(), event));
            version
        });
        self.changed.send_modify(|n| *n += 1);
        version
    }

    /// Forgets history: a watch from before it gets `410 Gone`.
    pub(crate) fn forget(&self) {
        self.with(|held| {
            held.version += 1;
            held.horizon = held.version;
            held.log.clear();
        });
    }

    /// Cuts every watch in the middle.
    pub(crate) fn cut(&self) {
        self.cut.send_modify(|n| *n += 1);
    }
}

fn refuse(code: StatusCode, reason: &str) -> Response {
    let body = json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
        "message": reason, "reason": reason, "code": code.as_u16()});
    (code, body.to_string()).into_response()
}

async fn answer(
    State(api): State<Api>,
    uri: axum::http::Uri,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let path: Vec<&str> = uri.path().split('/').filter(|p| !p.is_empty()).collect();
    let (group, plural) = match path.as_slice() {
        ["apis", group, version] => {
            let address = format!("{group}/{version}");
            let Some(plurals) = api.with(|h| h.groups.get(address.as_str()).cloned()) else {
                return refuse(StatusCode::NOT_FOUND, "NotFound");
            };
            let resources: Vec<Value> = plurals
                .iter()
                .map(|p| json!({"name": p, "singularName": "", "namespaced": true, "kind": "K", "verbs": ["list", "watch"]}))
                .collect();
            let list = json!({"kind": "APIResourceList", "apiVersion": "v1",
                "groupVersion": address, "resources": resources});
            return list.to_string().into_response();
        }
        ["api", "v1", plural] => (None, *plural),
        ["apis", group, version, plural] => (Some(format!("{group}/{version}")), *plural),
        _ => return refuse(StatusCode::NOT_FOUND, "NotFound"),
    };
    let listed = |held: &Held, group: &str| held.groups.get(group).cloned();
    let listed = group.and_then(|group| api.with(|held| listed(held, &group)));
    if listed.is_some_and(|plurals| !plurals.contains(&plural)) {
        return refuse(StatusCode::NOT_FOUND, "NotFound");
    }
    if api.with(|held| held.forbidden.contains(plural)) {
        return refuse(StatusCode::FORBIDDEN, "Forbidden");
    }
    match query.get("watch").map(String::as_str) {
        Some("true" | "1") => watching(api, plural, &query),
        _ => list(&api, plural, &query),
    }
}

/// A page of two objects.
fn list(api: &Api, plural: &str, query: &HashMap<String, String>) -> Response {
    api.with(|held| {
        let from: usize = query.get("continue").map_or(0, |c| c.parse().unwrap());
        if from == 0 {
            *held.lists.entry(plural.to_owned()).or_default() += 1;
        } else if held.break_lists {
            return refuse(StatusCode::INTERNAL_SERVER_ERROR, "InternalError");
        }
        let all: Vec<&Value> = held
            .objects
            .iter()
            .filter(|((of, _), _)| of == plural)
            .map(|(_, object)| object)
            .collect();
        let page: Vec<&Value> = all.iter().skip(from).take(2).copied().collect();
        let mut metadata = json!({"resourceVersion": held.version.to_string()});
        if from + page.len() < all.len() {
            metadata["continue"] = json!((from + page.len()).to_string());
        }
        json!({"kind": "List", "apiVersion": "v1", "metadata": metadata, "items": page})
            .to_string()
            .into_response()
    })
}

fn watching(api: Api, plural: &str, query: &HashMap<String, String>) -> Response {
    assert_eq!(
        query.get("allowWatchBookmarks").map(String::as_str),
        Some("true")
    );
    let from: u64 = query["resourceVersion"].parse().unwrap();
    let gone = api.with(|held| {
        held.watches.push((plural.to_owned(), from));
        from < held.horizon
    });
    if gone {
        let event = json!({"type": "ERROR", "object": {"kind": "Status", "apiVersion": "v1",
            "metadata": {}, "status": "Failure", "message": "too old", "reason": "Expired", "code": 410}});
        return format!("{event}\n").into_response();
    }
    let state = (
        api.clone(),
        api.changed.subscribe(),
        api.cut.subscribe(),
        plural.to_owned(),
        from,
    );
    let lines = stream::unfold(
        state,
        |(api, mut changed, mut cut, plural, at)| async move {
            loop {
                changed.mark_unchanged();
                let (next, text) = api.with(|held| {
                    let mut next = at;
                    let mut text = String::new();
                    for (version, of, event) in &held.log {
                        if *version > at && *of == plural {
                            next = *version;
                            text.push_str(&format!("{event}\n"));
                        }
                    }
                    (next, text)
                });
                if !text.is_empty() {
                    let line: Result<Bytes, std::io::Error> = Ok(text.into());
                    return Some((line, (api, changed, cut, plural, next)));
                }
                tokio::select! {
                    seen = changed.changed() => { seen.ok()?; }
                    _ = cut.changed() => {
                        let error = std::io::Error::other("cut");
                        return Some((Err(error), (api, changed, cut, plural, at)));
                    }
                }
            }
        },
    );
    Response::new(Body::from_stream(lines))
}
