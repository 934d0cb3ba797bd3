//! The Kubernetes metrics API, `metrics.k8s.io/v1beta1`: what `kubectl top` and the autoscalers ask.
//!
//! The newest rows answer. Who may ask was decided by the cluster's API server, which passes questions on through its
//! front proxy (`listen/front_proxy.rs`).

mod discovery;
mod measured;
mod selector;
mod status;
mod usage;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, Query as Parameters, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use query::Query;
use serde::Deserialize;
use serde_json::Value;

use crate::api::time::now_usec;
use crate::door;
use crate::state::Shared;
use measured::Scope;
use selector::{FieldSelector, LabelSelector};
use status::Status;
use usage::{NodeUsage, PodUsage, Shown};

/// Everything that the Kubernetes metrics API's port answers. Whoever calls it is taken for the API server.
pub fn router(state: Shared) -> Router {
    let base = format!("/apis/{}", discovery::GROUP_VERSION);
    let below = |path: &str| format!("{base}{path}");
    let router = Router::new()
        .route("/apis", get(async || Json(discovery::groups())))
        .route(
            "/apis/metrics.k8s.io",
            get(async || Json(discovery::group())),
        )
        .route(&base, get(async || Json(discovery::resources())))
        .route("/openapi/v2", get(async || Json(discovery::openapi_v2())))
        .route("/openapi/v3", get(async || Json(discovery::openapi_v3())))
        .route("/healthz", get(async || "ok"))
        .route(&below("/nodes"), get(nodes))
        .route(&below("/nodes/{name}"), get(node))
        .route(&below("/pods"), get(pods))
        .route(&below("/namespaces/{namespace}/pods"), get(pods_of))
        .route(&below("/namespaces/{namespace}/pods/{name}"), get(pod))
        .method_not_allowed_fallback(async || Status::NotAllowed)
        .fallback(async || Status::NoPath)
        .with_state(Arc::clone(&state));
    door::wrap_behind_proxy(router, &state)
}

/// What a list may be asked with. Pages are not made: an answer is whole, as the API allows.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ListParameters {
    label_selector: String,
    field_selector: String,
    watch: String,
}

/// What of a list is wanted.
struct Wanted {
    labels: LabelSelector,
    fields: FieldSelector,
}

impl ListParameters {
    fn read(&self) -> Result<Wanted, Status> {
        if ["1", "true"].contains(&self.watch.as_str()) {
            return Err(Status::NotAllowed);
        }
        Ok(Wanted {
            labels: LabelSelector::parse(&self.label_selector)?,
            fields: FieldSelector::parse(&self.field_selector)?,
        })
    }
}

impl Wanted {
    fn fits(&self, labels: &BTreeMap<String, String>, name: &str, namespace: &str) -> bool {
        self.labels.fits(labels) && self.fields.fits(name, namespace)
    }
}

async fn nodes(
    State(state): State<Shared>,
    Parameters(parameters): Parameters<ListParameters>,
    headers: HeaderMap,
) -> Result<Response, Status> {
    let wanted = parameters.read()?;
    let mut nodes = read(&state, None, None, measured::nodes).await?;
    nodes.retain(|node: &NodeUsage| wanted.fits(&node.labels, &node.name, ""));
    Ok(shown(&nodes, &headers))
}

async fn node(
    State(state): State<Shared>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Status> {
    let found = read(&state, None, Some(name.clone()), measured::nodes).await?;
    one(found, "nodes", name, &headers)
}

async fn pods(
    State(state): State<Shared>,
    Parameters(parameters): Parameters<ListParameters>,
    headers: HeaderMap,
) -> Result<Response, Status> {
    list_pods(&state, None, &parameters, &headers).await
}

async fn pods_of(
    State(state): State<Shared>,
    Path(namespace): Path<String>,
    Parameters(parameters): Parameters<ListParameters>,
    headers: HeaderMap,
) -> Result<Response, Status> {
    list_pods(&state, Some(namespace), &parameters, &headers).await
}

async fn list_pods(
    state: &Shared,
    namespace: Option<String>,
    parameters: &ListParameters,
    headers: &HeaderMap,
) -> Result<Response, Status> {
    let wanted = parameters.read()?;
    let mut pods = read(state, namespace, None, measured::pods).await?;
    pods.retain(|pod: &PodUsage| wanted.fits(&pod.labels, &pod.name, &pod.namespace));
    Ok(shown(&pods, headers))
}

async fn pod(
    State(state): State<Shared>,
    Path((namespace, name)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Status> {
    let found = read(&state, Some(namespace), Some(name.clone()), measured::pods).await?;
    one(found, "pods", name, &headers)
}

/// Reads rows on a thread that serves nobody: thousands of entities take tens of milliseconds.
async fn read<T: Send + 'static>(
    state: &Shared,
    namespace: Option<String>,
    name: Option<String>,
    read: fn(&Query, &Scope, i64) -> Result<Vec<T>, Status>,
) -> Result<Vec<T>, Status> {
    let query = Arc::clone(&state.ready()?.query);
    query.learn_names().await?;
    let scope = Scope {
        cluster: state.settings().cluster.clone(),
        namespace,
        name,
    };
    let reading = tokio::task::spawn_blocking(move || read(&query, &scope, now_usec()));
    reading.await.map_err(|_| {
        Status::Unavailable("the rows could not be read; the log says why".to_owned())
    })?
}

fn one<T: Shown>(
    found: Vec<T>,
    resource: &'static str,
    name: String,
    headers: &HeaderMap,
) -> Result<Response, Status> {
    match found.first() {
        None => Err(Status::NotFound { resource, name }),
        Some(first) if !wants_table(headers) => Ok(Json(first.object()).into_response()),
        Some(_) => Ok(Json(usage::table(&found)).into_response()),
    }
}

fn shown<T: Shown>(all: &[T], headers: &HeaderMap) -> Response {
    let shown: Value = if wants_table(headers) {
        usage::table(all)
    } else {
        usage::list(all)
    };
    Json(shown).into_response()
}

fn wants_table(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT);
    accept
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("as=Table"))
}
