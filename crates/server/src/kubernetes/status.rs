//! Refusals in Kubernetes' words
//! (<https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/>).

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::selector::SelectorError;
use crate::problem::Problem;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Status {
    /// Nothing of that name has been measured of late.
    NotFound {
        resource: &'static str,
        name: String,
    },
    /// No such path.
    NoPath,
    /// A selector that cannot be read.
    BadRequest(String),
    /// Only `get` and `list`.
    NotAllowed,
    /// The rows cannot be asked.
    Unavailable(String),
}

impl From<SelectorError> for Status {
    fn from(error: SelectorError) -> Status {
        Status::BadRequest(error.to_string())
    }
}

impl From<Problem> for Status {
    fn from(problem: Problem) -> Status {
        Status::Unavailable(problem.detail().to_owned())
    }
}

impl From<query::QueryError> for Status {
    fn from(error: query::QueryError) -> Status {
        Status::Unavailable(error.message)
    }
}

impl IntoResponse for Status {
    fn into_response(self) -> Response {
        let (code, reason, message) = match &self {
            Status::NotFound { resource, name } => (
                StatusCode::NOT_FOUND,
                "NotFound",
                format!("{resource}.metrics.k8s.io {name:?} not found"),
            ),
            Status::NoPath => (
                StatusCode::NOT_FOUND,
                "NotFound",
                "the server could not find the requested resource".to_owned(),
            ),
            Status::BadRequest(why) => (StatusCode::BAD_REQUEST, "BadRequest", why.clone()),
            Status::NotAllowed => (
                StatusCode::METHOD_NOT_ALLOWED,
                "MethodNotAllowed",
                "metrics can be got and listed, and nothing else".to_owned(),
            ),
            Status::Unavailable(why) => (
                StatusCode::SERVICE_UNAVAILABLE,
                "ServiceUnavailable",
                why.clone(),
            ),
        };
        let mut status = json!({
            "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
            "message": message, "reason": reason, "code": code.as_u16(),
        });
        if let Status::NotFound { resource, name } = &self {
            status["details"] = json!({"name": name, "group": "metrics.k8s.io", "kind": resource});
        }
        (code, Json(status)).into_response()
    }
}
