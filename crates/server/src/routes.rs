//! The table of routes: what there is, who may use it, who answers.

use axum::Router;
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, on};

use crate::door::{self, Access};
use crate::problem::{Code, Problem};
use crate::state::Shared;
use crate::{api, ingest, openapi, page};

/// One method of one path.
struct Route {
    method: Method,
    path: &'static str,
    access: Access,
    answer: MethodRouter<Shared>,
}

fn route<H, T>(method: Method, path: &'static str, access: Access, handler: H) -> Route
where
    H: Handler<T, Shared>,
    T: 'static,
{
    let filter = MethodFilter::try_from(method.clone()).unwrap_or(MethodFilter::GET);
    Route {
        method,
        path,
        access,
        answer: on(filter, handler),
    }
}

fn table() -> Vec<Route> {
    use Access::{Agent, Open, Person};
    vec![
        route(Method::GET, "/healthz", Open, api::health::alive),
        route(Method::GET, "/readyz", Open, api::health::ready),
        route(Method::GET, "/metrics", Person, api::health::metrics),
        route(Method::POST, "/ingest/{table}", Agent, ingest::post),
        route(Method::PUT, "/api/agents/{id}", Agent, api::agents::put),
        route(
            Method::GET,
            "/api/entities/{type}",
            Person,
            api::entities::get,
        ),
        route(Method::POST, "/api/metrics", Person, api::metrics::post),
        route(
            Method::POST,
            "/api/performance",
            Person,
            api::performance::post,
        ),
        route(Method::POST, "/api/logs", Person, api::logs::search::post),
        route(
            Method::POST,
            "/api/logs/tail",
            Person,
            api::logs::tail::post,
        ),
        route(
            Method::POST,
            "/api/logs/ledger",
            Person,
            api::logs::ledger::post,
        ),
        route(
            Method::GET,
            "/api/logs/usage",
            Person,
            api::logs::usage::get,
        ),
        route(Method::POST, "/api/sql", Person, api::sql::post),
        route(Method::GET, "/api/sources", Person, api::sources::get),
        route(Method::GET, "/api/status", Person, api::status::get),
        route(Method::GET, "/api/verdicts", Person, api::verdicts::get),
        route(Method::GET, "/api/cost", Person, api::cost::get),
        route(Method::GET, "/api/alarms", Person, api::alarms::list::get),
        route(
            Method::POST,
            "/api/alarms/check",
            Person,
            api::alarms::check::post,
        ),
        route(
            Method::POST,
            "/api/alarms/replay",
            Person,
            api::alarms::replay::post,
        ),
        route(
            Method::GET,
            "/api/alarms/{name}",
            Person,
            api::alarms::describe::get,
        ),
        route(
            Method::PUT,
            "/api/alarms/{name}",
            Person,
            api::alarms::put::put,
        ),
        route(
            Method::DELETE,
            "/api/alarms/{name}",
            Person,
            api::alarms::delete::delete,
        ),
        route(
            Method::POST,
            "/api/alarms/{name}/enable",
            Person,
            api::alarms::actions::enable,
        ),
        route(
            Method::POST,
            "/api/alarms/{name}/disable",
            Person,
            api::alarms::actions::disable,
        ),
        route(
            Method::POST,
            "/api/alarms/{name}/state",
            Person,
            api::alarms::set_state::post,
        ),
        route(
            Method::GET,
            "/api/alarm-history",
            Person,
            api::alarms::history::get,
        ),
        route(
            Method::GET,
            "/api/silences",
            Person,
            api::alarms::silences::get,
        ),
        route(
            Method::POST,
            "/api/silences",
            Person,
            api::alarms::silences::post,
        ),
        route(
            Method::DELETE,
            "/api/silences/{id}",
            Person,
            api::alarms::silences::delete,
        ),
        route(
            Method::GET,
            "/api/receivers",
            Person,
            api::alarms::receivers::get,
        ),
        route(
            Method::POST,
            "/api/receivers/{name}/test",
            Person,
            api::alarms::receivers::test,
        ),
        route(
            Method::GET,
            "/api/deliveries",
            Person,
            api::alarms::deliveries::get,
        ),
        route(Method::GET, "/api/openapi.json", Open, openapi::get),
    ]
}

/// Every method and path of the native API, as the OpenAPI document must have them.
pub fn routes() -> Vec<(Method, &'static str)> {
    table()
        .into_iter()
        .map(|route| (route.method, route.path))
        .collect()
}

/// Everything that the port answers.
pub fn router(state: Shared) -> Router {
    let mut router = Router::new();
    for Route {
        path,
        access,
        answer,
        ..
    } in table()
    {
        let answer = answer.route_layer(from_fn_with_state((state.clone(), access), door::require));
        router = router.route(path, answer);
    }
    let router = router
        .method_not_allowed_fallback(not_allowed)
        .fallback(page::fallback)
        .with_state(state.clone());
    door::wrap(router, &state)
}

async fn not_allowed() -> Response {
    Problem::new(
        Code::MethodNotAllowed,
        "the header Allow lists the methods of this path",
    )
    .into_response()
}
