//! Requests to the API server, each with a bound in time, and why one was refused.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use futures::AsyncBufRead;
use http::{Method, Request};
use kube::client::Body;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::watch::in_words;

/// Objects in one page of a list.
const PAGE: usize = 500;
/// Characters of an error message that are passed on.
const SAID: usize = 300;

/// The API server as the person reaches it.
#[derive(Clone)]
pub(crate) struct Api {
    client: kube::Client,
    patience: Duration,
}

/// Why there is no answer to use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    /// There is no way to the server, or it said nothing in time.
    #[error("{0}")]
    Silent(String),
    /// 401
    #[error("the API server does not know this account: {0}")]
    Unknown(String),
    /// 403
    #[error("forbidden: {0}")]
    Forbidden(String),
    /// 404
    #[error("not found")]
    Absent,
    /// Any other answer.
    #[error("answer {code}: {said}")]
    Other {
        /// HTTP status.
        code: u16,
        /// What came with it.
        said: String,
    },
}

impl Refusal {
    /// Why a check was skipped, with the right that it needs.
    pub(crate) fn lacking(&self, right: &str) -> String {
        match self {
            Refusal::Forbidden(_) | Refusal::Unknown(_) => {
                format!("this account lacks the right to {right}")
            }
            other => format!("cannot {right}: {other}"),
        }
    }
}

/// An answer, and when.
pub(crate) struct Answer {
    pub(crate) bytes: Vec<u8>,
    /// The `Date` header, in seconds since 1970.
    pub(crate) date_sec: Option<i64>,
    /// The local clock when it was asked, in microseconds since 1970.
    pub(crate) sent_usec: i64,
    /// The local clock when the head of the answer was there.
    pub(crate) received_usec: i64,
}

/// `metadata.continue` and `items`.
#[derive(Deserialize)]
#[serde(bound = "T: DeserializeOwned")]
struct Page<T> {
    #[serde(default)]
    metadata: PageMeta,
    items: Option<Vec<T>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct PageMeta {
    r#continue: Option<String>,
    resource_version: Option<String>,
}

/// A whole list.
pub(crate) struct Listed<T> {
    pub(crate) items: Vec<T>,
    pub(crate) resource_version: Option<String>,
}

impl Api {
    pub(crate) fn new(client: kube::Client, patience: Duration) -> Api {
        Api { client, patience }
    }

    /// Asks, and waits for the whole answer.
    pub(crate) async fn ask(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Answer, Refusal> {
        let bytes = body.map_or_else(Vec::new, |body| body.to_string().into_bytes());
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("Content-Type", "application/json")
            .body(Body::from(bytes))
            .map_err(|error| Refusal::Silent(error.to_string()))?;
        let sent_usec = now_usec();
        let answer = async {
            let answer = self.client.send(request).await?;
            let received_usec = now_usec();
            let (head, body) = answer.into_parts();
            Ok((head, body.collect_bytes().await?, received_usec))
        };
        let answer = tokio::time::timeout(self.patience, Box::pin(answer)).await;
        let (head, bytes, received_usec) = match answer {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) => {
                let error: kube::Error = error;
                return Err(Refusal::Silent(in_words(&error)));
            }
            Err(_) => {
                let seconds = self.patience.as_secs_f64();
                return Err(Refusal::Silent(format!("no answer within {seconds} s")));
            }
        };
        if !head.status.is_success() {
            return Err(refusal(head.status.as_u16(), &bytes));
        }
        let date = head.headers.get(http::header::DATE);
        Ok(Answer {
            date_sec: date
                .and_then(|date| date.to_str().ok())
                .and_then(|date| chrono::DateTime::parse_from_rfc2822(date).ok())
                .map(|date| date.timestamp()),
            bytes: bytes.to_vec(),
            sent_usec,
            received_usec,
        })
    }

    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Refusal> {
        let answer = self.ask(Method::GET, path, None).await?;
        read(&answer.bytes)
    }

    pub(crate) async fn text(&self, path: &str) -> Result<String, Refusal> {
        let answer = self.ask(Method::GET, path, None).await?;
        Ok(String::from_utf8_lossy(&answer.bytes).into_owned())
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Result<Value, Refusal> {
        let answer = self.ask(Method::POST, path, Some(body)).await?;
        read(&answer.bytes)
    }

    /// All objects of a list, page by page.
    pub(crate) async fn list<T: DeserializeOwned>(&self, path: &str) -> Result<Listed<T>, Refusal> {
        let mut items = Vec::new();
        let mut from = String::new();
        loop {
            let page: Page<T> = self.get(&format!("{path}?limit={PAGE}{from}")).await?;
            items.extend(page.items.into_iter().flatten());
            match page.metadata.r#continue.filter(|token| !token.is_empty()) {
                Some(token) => from = format!("&continue={token}"),
                None => {
                    return Ok(Listed {
                        items,
                        resource_version: page.metadata.resource_version,
                    });
                }
            }
        }
    }

    /// The lines of a watch, as they come.
    pub(crate) async fn watch(
        &self,
        path: &str,
    ) -> Result<impl AsyncBufRead + Unpin + use<>, Refusal> {
        let request = Request::get(path)
            .body(Vec::new())
            .map_err(|error| Refusal::Silent(error.to_string()))?;
        let asked = self.client.request_stream(request);
        match tokio::time::timeout(self.patience, Box::pin(asked)).await {
            Ok(Ok(lines)) => Ok(Box::pin(lines)),
            Ok(Err(kube::Error::Api(status))) => Err(match status.code {
                403 => Refusal::Forbidden(status.message.clone()),
                code => Refusal::Other {
                    code,
                    said: status.message.clone(),
                },
            }),
            Ok(Err(error)) => Err(Refusal::Silent(in_words(&error))),
            Err(_) => Err(Refusal::Silent("no answer in time".to_owned())),
        }
    }
}

/// The wall clock in microseconds since 1970.
pub(crate) fn now_usec() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| i64::try_from(since.as_micros()).unwrap_or(0))
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(bytes).map_err(|error| Refusal::Other {
        code: 200,
        said: format!("not what was asked for: {error}"),
    })
}

/// From an answer that is none: the API server says why in a `Status`, proxies in text.
fn refusal(code: u16, bytes: &[u8]) -> Refusal {
    let status: Option<Value> = serde_json::from_slice(bytes).ok();
    let said = status
        .as_ref()
        .and_then(|status| status["message"].as_str());
    let mut said = match said {
        Some(said) => said.to_owned(),
        None => String::from_utf8_lossy(bytes).trim().to_owned(),
    };
    said.truncate(said.floor_char_boundary(SAID));
    match code {
        401 => Refusal::Unknown(said),
        403 => Refusal::Forbidden(said),
        404 => Refusal::Absent,
        _ => Refusal::Other { code, said },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_what_the_server_said() {
        let status = br#"{"kind":"Status","message":"nodes is forbidden","code":403}"#;
        let forbidden = refusal(403, status);
        assert_eq!(
            forbidden.lacking("list nodes"),
            "this account lacks the right to list nodes"
        );
        assert_eq!(
            refusal(502, b"bad gateway\n").lacking("list nodes"),
            "cannot list nodes: answer 502: bad gateway"
        );
        assert_eq!(refusal(404, b""), Refusal::Absent);
    }
}
