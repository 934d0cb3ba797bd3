//! Reading a request's body within bounds of size and time.

use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, header};
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;

use crate::problem::{Code, Problem};

/// The length that the headers announce, if they do.
pub(crate) fn announced_length(headers: &HeaderMap) -> Option<usize> {
    headers
        .get(header::CONTENT_LENGTH)?
        .to_str()
        .ok()?
        .parse()
        .ok()
}

/// Reads the whole body.
///
/// # Errors
/// `too_large` above `limit` bytes (at once when the headers announce it), `body_timeout` when it does not arrive in
/// `time`, `body_broken` when the line breaks: the sender may try again, for nothing is wrong with what it sent.
pub(crate) async fn read(
    headers: &HeaderMap,
    body: Body,
    limit: usize,
    time: Duration,
) -> Result<Bytes, Problem> {
    let announced = announced_length(headers).unwrap_or(0);
    if announced > limit {
        return Err(too_large(limit));
    }
    match tokio::time::timeout(time, collect(body, announced, limit)).await {
        Ok(read) => read,
        Err(_) => Err(Problem::new(
            Code::BodyTimeout,
            format!("the body was not here after {} s", time.as_secs()),
        )),
    }
}

async fn collect(mut body: Body, announced: usize, limit: usize) -> Result<Bytes, Problem> {
    // Room for what was announced only as it comes: an announcement costs the caller nothing.
    let mut whole = BytesMut::with_capacity(announced.min(64 << 10));
    let mut first: Option<Bytes> = None;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| {
            Problem::new(Code::BodyBroken, format!("the body broke off: {error}"))
        })?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        if first.as_ref().map_or(whole.len(), Bytes::len) + data.len() > limit {
            return Err(too_large(limit));
        }
        match first.take() {
            // Most bodies come in one piece, which then need not be copied.
            None if whole.is_empty() => first = Some(data),
            None => whole.extend_from_slice(&data),
            Some(before) => {
                whole.extend_from_slice(&before);
                whole.extend_from_slice(&data);
            }
        }
    }
    Ok(first.unwrap_or_else(|| whole.freeze()))
}

fn too_large(limit: usize) -> Problem {
    Problem::new(
        Code::TooLarge,
        format!("the body has more than {limit} bytes"),
    )
    .with("limit_bytes", limit)
}

/// Reads the whole body of a request that must be JSON. Asking for the media type keeps other sites' forms out: a
/// browser sends this one only after asking (Fetch standard, "CORS-safelisted request-header").
///
/// # Errors
/// `unsupported_media_type`, and those of [`read`].
pub(crate) async fn read_json(
    headers: &HeaderMap,
    body: Body,
    limit: usize,
    time: Duration,
) -> Result<Bytes, Problem> {
    let media_type = headers
        .get(header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default();
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/json") {
        let found: String = media_type.chars().take(64).collect();
        return Err(Problem::new(
            Code::UnsupportedMediaType,
            format!("the header content-type is {found:?}: send application/json"),
        ));
    }
    read(headers, body, limit, time).await
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use futures::stream;

    use super::*;

    const TIME: Duration = Duration::from_secs(5);

    fn pieces(pieces: &'static [&'static str]) -> Body {
        Body::from_stream(stream::iter(
            pieces
                .iter()
                .map(|p| Ok::<_, std::io::Error>(Bytes::from_static(p.as_bytes()))),
        ))
    }

    #[tokio::test]
    async fn pieces_make_a_whole_up_to_the_limit() {
        let none = HeaderMap::new();
        for (given, limit, expected) in [
            (&["abc"][..], 3, Some("abc")),
            (&["ab", "c", "", "d"][..], 4, Some("abcd")),
            (&[][..], 0, Some("")),
            (&["ab", "cd"][..], 3, None),
            (&["abcd"][..], 3, None),
            (&["a", "b", "c"][..], 2, None),
        ] {
            let read = read(&none, pieces(given), limit, TIME).await;
            match expected {
                Some(expected) => assert_eq!(read.unwrap(), expected.as_bytes()),
                None => assert_eq!(read.unwrap_err().code(), Code::TooLarge),
            }
        }
    }

    #[tokio::test]
    async fn an_announced_excess_is_refused_unread() {
        let headers =
            HeaderMap::from_iter([(header::CONTENT_LENGTH, HeaderValue::from_static("1000"))]);
        let never = Body::from_stream(stream::pending::<Result<Bytes, std::io::Error>>());
        assert_eq!(
            read(&headers, never, 999, TIME).await.unwrap_err().code(),
            Code::TooLarge
        );
    }

    #[tokio::test]
    async fn a_body_that_breaks_off_may_come_again() {
        let torn = Body::from_stream(stream::iter([
            Ok(Bytes::from_static(b"ab")),
            Err(std::io::Error::from(std::io::ErrorKind::UnexpectedEof)),
        ]));
        let problem = read(&HeaderMap::new(), torn, 10, TIME).await.unwrap_err();
        assert_eq!(problem.code(), Code::BodyBroken);
    }

    #[tokio::test]
    async fn a_body_that_does_not_come_is_given_up() {
        let never = Body::from_stream(stream::pending::<Result<Bytes, std::io::Error>>());
        let read = read(&HeaderMap::new(), never, 10, Duration::from_millis(20)).await;
        assert_eq!(read.unwrap_err().code(), Code::BodyTimeout);
    }
}
