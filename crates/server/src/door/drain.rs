//! Reads what a refusal left unread. A connection that is closed while its caller is still sending is reset, and the
//! answer is lost with it: an agent would send a frame that is too large again and again, and never hear why.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use http_body_util::BodyExt;
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use parking_lot::Mutex;

/// How much of a body that nobody wants is read; a caller that sends more is reset.
const MOST_BYTES: usize = 256 << 20;
/// And for how long.
const LONGEST: Duration = Duration::from_secs(10);

pub(super) async fn drain(request: Request, next: Next) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    // Such a caller sends only when it is told to go on, which the first read does.
    let waiting = request.headers().contains_key(header::EXPECT);
    let left = Arc::new(Mutex::new(None));
    let lent = |body| {
        Body::new(Lent {
            body: Some(body),
            coming: !waiting,
            left: Arc::clone(&left),
        })
    };
    let response = next.run(request.map(lent)).await;
    let unread = left.lock().take();
    // A body that did not come in time does not come now.
    let late = response.status() == StatusCode::REQUEST_TIMEOUT;
    if let Some(body) = unread.filter(|_| !late) {
        // Whether it came to its end or not: the answer is the same.
        let _ = tokio::time::timeout(LONGEST, discard(body)).await;
    }
    response
}

async fn discard(mut body: Body) {
    let mut bytes = 0;
    while let Some(Ok(frame)) = body.frame().await {
        bytes += frame.data_ref().map_or(0, Bytes::len);
        if bytes > MOST_BYTES {
            break;
        }
    }
}

/// A body that comes back when the handler drops it.
struct Lent {
    body: Option<Body>,
    /// Whether the caller is sending it.
    coming: bool,
    left: Arc<Mutex<Option<Body>>>,
}

impl HttpBody for Lent {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        self.coming = true;
        match &mut self.body {
            Some(body) => Pin::new(body).poll_frame(context),
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(HttpBody::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body
            .as_ref()
            .map_or_else(SizeHint::new, HttpBody::size_hint)
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if self.coming && !self.is_end_stream() {
            *self.left.lock() = self.body.take();
        }
    }
}
