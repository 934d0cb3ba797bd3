//! The one shape in which the native API says no: `application/problem+json` (RFC 9457) with a stable code.

mod code;
mod query;

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

pub use ::query::Position;
pub use code::Code;
pub(crate) use query::of_json;

/// The media type of a problem.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// A refusal: what went wrong, where, and what to do about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    code: Code,
    status: u16,
    detail: String,
    position: Option<Position>,
    retry_after_seconds: Option<u64>,
    members: Map<String, Value>,
}

impl Problem {
    /// A problem of a kind, with a sentence for the person who reads it.
    pub fn new(code: Code, detail: impl Into<String>) -> Problem {
        Problem {
            code,
            status: code.status(),
            detail: detail.into(),
            position: None,
            retry_after_seconds: None,
            members: Map::new(),
        }
    }

    /// Another status than the code's own, where the same fault is met in another part of the request.
    #[must_use]
    pub fn status(mut self, status: u16) -> Problem {
        self.status = status;
        self
    }

    /// Where in the request the fault is.
    #[must_use]
    pub fn at(mut self, position: Position) -> Problem {
        self.position = Some(position);
        self
    }

    /// When to come again, in seconds: the `Retry-After` header.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Problem {
        self.retry_after_seconds = Some(seconds);
        self
    }

    /// An extension member (RFC 9457 §3.2).
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Problem {
        self.members.insert(name.to_owned(), value.into());
        self
    }

    /// Which kind it is.
    pub fn code(&self) -> Code {
        self.code
    }

    /// The sentence for the person who reads it.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// The document.
    pub fn to_json(&self) -> Value {
        let mut document = self.members.clone();
        document.insert(
            "type".to_owned(),
            json!(format!(
                "/api/openapi.json#/x-problems/{}",
                self.code.name()
            )),
        );
        document.insert("title".to_owned(), json!(self.code.title()));
        document.insert("status".to_owned(), json!(self.status));
        document.insert("code".to_owned(), json!(self.code.name()));
        document.insert("detail".to_owned(), json!(self.detail));
        if let Some(position) = &self.position {
            document.insert("position".to_owned(), json!(position));
        }
        Value::Object(document)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.to_json().to_string()));
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        // The counter of problems reads it from there.
        response.extensions_mut().insert(self.code);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        if let Some(seconds) = self.retry_after_seconds {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.code == Code::Unauthorized {
            headers.insert(
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static("Bearer realm=\"kansoku\""),
            );
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_carries_everything_it_was_told() {
        let problem =
            Problem::new(Code::OutOfOrder, "frame 9 came, 7 was expected").with("expected", 7);
        let response = problem.clone().retry_after(3).into_response();
        assert_eq!(response.status(), 409);
        assert_eq!(response.headers()[header::RETRY_AFTER], "3");
        assert_eq!(response.headers()[header::CONTENT_TYPE], PROBLEM_JSON);
        let json = problem.at(Position::Text { line: 2, column: 1 }).to_json();
        assert_eq!(json["code"], "out_of_order");
        assert_eq!(json["expected"], 7);
        assert_eq!(
            json["position"],
            serde_json::json!({"line": 2, "column": 1})
        );
    }

    #[test]
    fn codes_are_unique_and_their_status_is_an_error() {
        let mut names: Vec<_> = Code::ALL.iter().map(|code| code.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Code::ALL.len());
        for code in Code::ALL {
            assert!((400..600).contains(&code.status()), "{}", code.name());
            assert!(
                code.name()
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b == b'_'),
                "{}",
                code.name()
            );
        }
    }
}
