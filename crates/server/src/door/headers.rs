//! Response headers that keep a browser from doing what the page never asks for.

use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Response;

/// For everything that is not the page: nothing in it may be run, framed or loaded.
const NOTHING: &str =
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

const ALWAYS: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
];

pub(super) async fn secure(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static(NOTHING));
    // Answers about the present are never kept.
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;

    use super::*;

    #[tokio::test]
    async fn what_a_handler_set_stays() {
        let mut response = Response::new(axum::body::Body::empty());
        response
            .headers_mut()
            .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        let response = secure(response).await;
        let get =
            |headers: &HeaderMap, name| headers.get(name).unwrap().to_str().unwrap().to_owned();
        assert_eq!(get(response.headers(), header::CACHE_CONTROL), "no-cache");
        assert_eq!(
            get(response.headers(), header::X_CONTENT_TYPE_OPTIONS),
            "nosniff"
        );
        assert!(
            get(response.headers(), header::CONTENT_SECURITY_POLICY).contains("default-src 'none'")
        );
    }
}
