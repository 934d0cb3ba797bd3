//! A file as an answer: the encoding that the browser takes, and what it may keep.

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;

use super::POLICY;
use super::asset::File;

/// The name of a hashed file is never used for anything else.
const FOREVER: &str = "public, max-age=31536000, immutable";
/// Kept, but asked for each time: the answer is 304 while nothing changed.
const ASK: &str = "no-cache";

pub(super) fn file(file: &File, request: &HeaderMap) -> Response {
    let accepted = Accepted::of(
        request
            .get(header::ACCEPT_ENCODING)
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default(),
    );
    let (content, encoding) = match (&file.brotli, &file.gzip) {
        (Some(brotli), _) if accepted.brotli => (brotli, Some("br")),
        (_, Some(gzip)) if accepted.gzip => (gzip, Some("gzip")),
        _ => (&file.plain, None),
    };
    // A tag names one representation, so the compressed ones have tags of their own (RFC 9110 §8.8.3).
    let tag = format!(
        "\"{}{}\"",
        file.tag,
        encoding.map(|e| format!("-{e}")).unwrap_or_default()
    );
    let unchanged = request
        .get(header::IF_NONE_MATCH)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|known| {
            known
                .split(',')
                .any(|k| k.trim().trim_start_matches("W/") == tag || k.trim() == "*")
        });

    let mut response = Response::new(Body::empty());
    if unchanged {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    } else {
        *response.body_mut() = Body::from(match content {
            std::borrow::Cow::Borrowed(bytes) => Bytes::from_static(bytes),
            std::borrow::Cow::Owned(bytes) => Bytes::from(bytes.clone()),
        });
    }
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(file.media_type),
    );
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(POLICY),
    );
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static(if file.hashed { FOREVER } else { ASK }),
    );
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

/// Which encodings an `Accept-Encoding` header takes.
#[derive(Debug, Default, PartialEq, Eq)]
struct Accepted {
    brotli: bool,
    gzip: bool,
}

impl Accepted {
    fn of(header: &str) -> Accepted {
        let mut accepted = Accepted::default();
        for part in header.split(',') {
            let mut parts = part.split(';').map(str::trim);
            let name = parts.next().unwrap_or_default();
            let refused = parts
                .filter_map(|p| p.strip_prefix("q="))
                .any(|q| q.parse::<f32>().is_ok_and(|q| q <= 0.0));
            match name.to_ascii_lowercase().as_str() {
                "br" => accepted.brotli = !refused,
                "gzip" => accepted.gzip = !refused,
                _ => {}
            }
        }
        accepted
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    fn example(hashed: bool) -> File {
        File {
            media_type: "text/javascript; charset=utf-8",
            tag: Cow::Borrowed("abc"),
            hashed,
            plain: Cow::Borrowed(b"plain"),
            brotli: Some(Cow::Borrowed(b"br")),
            gzip: Some(Cow::Borrowed(b"gz")),
        }
    }

    fn asked(headers: &[(header::HeaderName, &str)]) -> HeaderMap {
        headers
            .iter()
            .map(|(name, value)| (name.clone(), HeaderValue::from_str(value).unwrap()))
            .collect()
    }

    #[test]
    fn the_smallest_that_is_taken_is_sent() {
        for (accept, encoding) in [
            ("gzip, deflate, br, zstd", Some("br")),
            ("gzip", Some("gzip")),
            ("br;q=0, gzip;q=0.5", Some("gzip")),
            ("", None),
            ("identity", None),
        ] {
            let response = file(&example(true), &asked(&[(header::ACCEPT_ENCODING, accept)]));
            let got = response
                .headers()
                .get(header::CONTENT_ENCODING)
                .map(|v| v.to_str().unwrap().to_owned());
            assert_eq!(got.as_deref(), encoding, "{accept}");
            assert_eq!(response.headers()[header::VARY], "accept-encoding");
        }
    }

    #[test]
    fn hashed_files_are_kept_and_the_index_is_asked_for() {
        assert_eq!(
            file(&example(true), &HeaderMap::new()).headers()[header::CACHE_CONTROL],
            FOREVER
        );
        assert_eq!(
            file(&example(false), &HeaderMap::new()).headers()[header::CACHE_CONTROL],
            "no-cache"
        );
    }

    #[test]
    fn a_known_tag_is_answered_without_a_body() {
        let br = (header::ACCEPT_ENCODING, "br");
        let first = file(&example(false), &asked(std::slice::from_ref(&br)));
        let tag = first.headers()[header::ETAG].to_str().unwrap().to_owned();
        assert_eq!(tag, "\"abc-br\"");
        let again = file(
            &example(false),
            &asked(&[br, (header::IF_NONE_MATCH, &format!("\"x\", W/{tag}"))]),
        );
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        let plain = file(&example(false), &asked(&[(header::IF_NONE_MATCH, &tag)]));
        assert_eq!(plain.status(), StatusCode::OK);
    }
}
