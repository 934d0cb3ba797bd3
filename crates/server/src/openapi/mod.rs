//! The native API described by an OpenAPI 3.1 document, which tests hold against the handlers.
//!
//! `paths.json` has the operations with an example each, `schemas.json` what they take and answer. The problems'
//! codes are added from [`Code`].

use std::sync::OnceLock;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use crate::problem::{Code, Problem};
use crate::state::Shared;

const PATHS: &str = include_str!("paths.json");
const SCHEMAS: &str = include_str!("schemas.json");

/// `GET /api/openapi.json`.
pub(crate) async fn get(State(state): State<Shared>) -> Result<Response, Problem> {
    static TEXT: OnceLock<Option<String>> = OnceLock::new();
    let text = TEXT.get_or_init(|| {
        document(state.settings().version)
            .ok()
            .map(|document| document.to_string())
    });
    match text {
        Some(text) => {
            Ok(([(header::CONTENT_TYPE, "application/json")], text.as_str()).into_response())
        }
        None => Err(Problem::new(
            Code::Internal,
            "the API's description cannot be read",
        )),
    }
}

fn document(version: &str) -> Result<Value, serde_json::Error> {
    let paths: Value = serde_json::from_str(PATHS)?;
    let mut schemas: Value = serde_json::from_str(SCHEMAS)?;
    let names: Vec<_> = Code::ALL.iter().map(|code| code.name()).collect();
    schemas["Problem"]["properties"]["code"]["enum"] = json!(names);
    let problems: Map<String, Value> = Code::ALL
        .iter()
        .map(|code| {
            (
                code.name().to_owned(),
                json!({"title": code.title(), "status": code.status(), "description": code.help()}),
            )
        })
        .collect();
    Ok(json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Kansoku",
            "version": version,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
            "description": "Measurements of nodes, pods and containers: taken in, kept, and asked. \
                Every refusal is a problem (RFC 9457) with one of the codes under x-problems.",
        },
        "servers": [{"url": "/"}],
        "security": [{}, {"token": []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"token": {
                "type": "http",
                "scheme": "bearer",
                "description": "Needed when the server is set up with token files; agents and people have their own.",
            }},
        },
        "x-problems": problems,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_make_a_document() {
        let document = document("1.2.3").unwrap();
        assert_eq!(document["info"]["version"], "1.2.3");
        assert_eq!(document["x-problems"]["out_of_order"]["status"], 409);
        assert!(
            document["x-problems"]["not_found"]["description"]
                .as_str()
                .unwrap()
                .starts_with("There is")
        );
    }
}
