//! The page: files built in `ui/`, embedded in the binary with their compressed copies.
//!
//! A path that is no file answers the index, since the page's views are paths of its own. For work on the page a
//! folder can be named from which files are read afresh for each request.

mod asset;
mod folder;
mod respond;

use axum::extract::{Request, State};
use axum::http::{Method, header};
use axum::response::{Html, IntoResponse, Response};

use crate::problem::{Code, Problem};
use crate::state::Shared;

/// What may run, load and be reached: the page's own files and this server, nothing else.
pub(crate) const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'";

/// What `/` says when the page was not built.
const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Kansoku</title>\
     <h1>The server runs, but without its page</h1>\
     <p>This binary was compiled when <code>ui/dist</code> was empty. In the source folder run \
     <code>npm --prefix ui ci &amp;&amp; npm --prefix ui run build</code> and compile again, or start with \
     <code>./kansoku up</code>, which does both.</p>\
     <p>The <a href=\"/api/openapi.json\">API</a> answers as usual.</p>";

/// Every path that no route has.
pub(crate) async fn fallback(State(state): State<Shared>, request: Request) -> Response {
    let path = request.uri().path();
    let first = path
        .trim_start_matches('/')
        .split('/')
        .next()
        .unwrap_or_default();
    if matches!(first, "api" | "ingest" | "v1" | "apis") {
        return Problem::new(
            Code::NotFound,
            "no such path; /api/openapi.json lists those there are",
        )
        .into_response();
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let problem = Problem::new(Code::MethodNotAllowed, "the page can only be read");
        return ([(header::ALLOW, "GET, HEAD")], problem).into_response();
    }
    let found = match &state.settings().page_folder {
        Some(folder) => folder::find(folder, path).await,
        None => asset::find(path),
    };
    match found {
        asset::Found::File(file) => respond::file(&file, request.headers()),
        asset::Found::Missing => Problem::new(
            Code::NotFound,
            "no such file; reload the page if it was open during an upgrade",
        )
        .into_response(),
        asset::Found::NotBuilt => {
            (axum::http::StatusCode::NOT_IMPLEMENTED, Html(NOT_BUILT)).into_response()
        }
    }
}
