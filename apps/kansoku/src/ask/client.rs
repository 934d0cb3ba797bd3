//! A client of the native API.

use std::io::Read;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use serde_json::Value;

/// Where `kansoku up` listens when nothing else is said.
const HERE: &str = "http://127.0.0.1:4780";
/// A stream in which nothing comes for so long is broken: the server says something every 15 seconds.
const SILENCE: Duration = Duration::from_secs(45);
/// The longest answer read as JSON.
const LARGEST_JSON: u64 = 256 << 20;

/// Which server to ask, and as whom.
#[derive(Debug, Clone, Args)]
pub(crate) struct ServerArgs {
    /// The server to ask
    #[arg(long, value_name = "URL", env = "KANSOKU_SERVER", default_value = HERE, global = true)]
    pub(crate) server: String,

    /// A file with a token, for a server that wants one; the first line is sent
    #[arg(long, value_name = "PATH", env = "KANSOKU_TOKEN_FILE", global = true)]
    pub(crate) token_file: Option<PathBuf>,

    /// How long to wait for an answer, in seconds
    #[arg(
        long,
        value_name = "SECONDS",
        env = "KANSOKU_TIMEOUT",
        default_value_t = 90,
        global = true
    )]
    pub(crate) timeout: u64,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AskError {
    /// Nobody answers there.
    #[error(
        "{url} does not answer: {reason}\nIs Kansoku running there? `kansoku up` starts it on this machine; --server names another."
    )]
    Unreachable {
        /// The address asked.
        url: String,
        /// What the network says.
        reason: String,
    },
    /// The server refused, and says why.
    #[error("{said}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// The problem in words, with its place.
        said: String,
    },
    /// Something answers there that is not Kansoku.
    #[error("{url} answered something else than Kansoku would: {reason}")]
    Strange {
        /// The address asked.
        url: String,
        /// What was wrong with the answer.
        reason: String,
    },
    /// The token file.
    #[error("the token file {}: {reason}", path.display())]
    Token {
        /// The file.
        path: PathBuf,
        /// Why it cannot be used.
        reason: String,
    },
}

/// A client of one server.
#[derive(Debug)]
pub(crate) struct Client {
    base: String,
    authorization: Option<String>,
    agent: ureq::Agent,
}

impl Client {
    pub(crate) fn new(args: &ServerArgs) -> Result<Client, AskError> {
        let authorization = args.token_file.as_ref().map(|path| {
            let failed = |reason: String| AskError::Token {
                path: path.clone(),
                reason,
            };
            let text = std::fs::read_to_string(path).map_err(|error| failed(error.to_string()))?;
            let token = text
                .lines()
                .map(str::trim)
                .find(|line| !line.is_empty() && !line.starts_with('#'));
            token
                .map(|token| format!("Bearer {token}"))
                .ok_or_else(|| failed("holds no token".to_owned()))
        });
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_connect(Some(Duration::from_secs(5)))
            .timeout_global(Some(Duration::from_secs(args.timeout.max(1))))
            .user_agent(concat!("kansoku/", env!("CARGO_PKG_VERSION")))
            .build()
            .new_agent();
        let base = args.server.trim_end_matches('/');
        let base = if base.contains("://") {
            base.to_owned()
        } else {
            format!("http://{base}")
        };
        Ok(Client {
            base,
            authorization: authorization.transpose()?,
            agent,
        })
    }

    /// The server's address.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// Asks for JSON.
    pub(crate) fn get(&self, path: &str) -> Result<Value, AskError> {
        let request = self.agent.get(format!("{}{path}", self.base));
        self.json(self.authorized(request).call())
    }

    /// Sends JSON and gets JSON.
    pub(crate) fn post(&self, path: &str, body: &[u8]) -> Result<Value, AskError> {
        self.json(self.send(path, body))
    }

    /// Puts JSON in a place; whether there was nothing before.
    pub(crate) fn put(&self, path: &str, body: &[u8]) -> Result<bool, AskError> {
        let request = self
            .agent
            .put(format!("{}{path}", self.base))
            .header("content-type", "application/json");
        let answer = self.accepted(self.authorized(request).send(body))?;
        Ok(answer.status() == ureq::http::StatusCode::CREATED)
    }

    /// Sends JSON to be acted upon.
    pub(crate) fn post_for_nothing(&self, path: &str, body: &[u8]) -> Result<(), AskError> {
        self.accepted(self.send(path, body)).map(drop)
    }

    /// Removes what is in a place.
    pub(crate) fn delete(&self, path: &str) -> Result<(), AskError> {
        let request = self.agent.delete(format!("{}{path}", self.base));
        self.accepted(self.authorized(request).call()).map(drop)
    }

    /// Sends JSON and gets whatever comes.
    pub(crate) fn post_for_bytes(
        &self,
        path: &str,
        body: &[u8],
    ) -> Result<impl Read + 'static, AskError> {
        Ok(self
            .accepted(self.send(path, body))?
            .into_body()
            .into_reader())
    }

    /// Sends JSON and gets a stream without an end. A silence that is too long ends it with an error.
    pub(crate) fn post_for_stream(
        &self,
        path: &str,
        body: &[u8],
    ) -> Result<impl Read + 'static, AskError> {
        let answer = self
            .request(path)
            .config()
            .timeout_global(None)
            .timeout_recv_response(Some(SILENCE))
            .timeout_per_read(Some(SILENCE))
            .build()
            .send(body);
        Ok(self.accepted(answer)?.into_body().into_reader())
    }

    fn send(
        &self,
        path: &str,
        body: &[u8],
    ) -> Result<ureq::http::Response<ureq::Body>, ureq::Error> {
        self.request(path).send(body)
    }

    /// A request with a JSON body that is still to be sent.
    fn request(&self, path: &str) -> ureq::RequestBuilder<ureq::typestate::WithBody> {
        let request = self
            .agent
            .post(format!("{}{path}", self.base))
            .header("content-type", "application/json");
        self.authorized(request)
    }

    /// The request with the token, if there is one.
    fn authorized<Body>(&self, request: ureq::RequestBuilder<Body>) -> ureq::RequestBuilder<Body> {
        match &self.authorization {
            Some(authorization) => request.header("authorization", authorization),
            None => request,
        }
    }

    fn json(
        &self,
        answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>,
    ) -> Result<Value, AskError> {
        let mut answer = self.accepted(answer)?;
        let reader = answer.body_mut().with_config().limit(LARGEST_JSON).reader();
        serde_json::from_reader(reader).map_err(|error| AskError::Strange {
            url: self.base.clone(),
            reason: error.to_string(),
        })
    }

    fn accepted(
        &self,
        answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>,
    ) -> Result<ureq::http::Response<ureq::Body>, AskError> {
        let mut answer = answer.map_err(|error| AskError::Unreachable {
            url: self.base.clone(),
            reason: error.to_string(),
        })?;
        let status = answer.status().as_u16();
        if status < 400 {
            return Ok(answer);
        }
        let text = answer
            .body_mut()
            .with_config()
            .limit(1 << 20)
            .read_to_string()
            .unwrap_or_default();
        match serde_json::from_str(&text) {
            Ok(problem) => Err(AskError::Refused {
                status,
                said: in_words(&problem),
            }),
            Err(_) => Err(AskError::Strange {
                url: self.base.clone(),
                reason: format!("status {status}"),
            }),
        }
    }
}

/// A problem (RFC 9457) as a sentence, with its place when it has one; of several faults each on a line of its own.
fn in_words(problem: &Value) -> String {
    let faults = problem["faults"].as_array().into_iter().flatten();
    let faults: Vec<String> = faults.map(fault_in_words).collect();
    match faults.as_slice() {
        [] => sentence(problem),
        [one] => one.clone(),
        // The detail would repeat the first ones.
        several => {
            let title = problem["title"].as_str().unwrap_or("Refused");
            format!("{title}\n  {}", several.join("\n  "))
        }
    }
}

fn fault_in_words(fault: &Value) -> String {
    let message = fault["message"].as_str().unwrap_or_default();
    match fault["key"].as_str().filter(|key| !key.is_empty()) {
        Some(key) => format!("{key}: {message}"),
        None => message.to_owned(),
    }
}

fn sentence(problem: &Value) -> String {
    let detail = problem["detail"]
        .as_str()
        .or(problem["title"].as_str())
        .unwrap_or("refused without a reason");
    let position = &problem["position"];
    match (
        position["line"].as_u64(),
        position["column"].as_u64(),
        position["path"].as_str(),
    ) {
        (Some(line), Some(column), _) => format!("line {line}, column {column}: {detail}"),
        (_, _, Some(path)) => format!("{path}: {detail}"),
        _ => detail.to_owned(),
    }
}

/// A text as a value in a query string (RFC 3986 §2.3).
pub(crate) fn encode(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_encoded() {
        assert_eq!(encode("a/b c&é~"), "a%2Fb%20c%26%C3%A9~");
    }

    #[test]
    fn a_problem_is_said_with_its_place() {
        let text = json!({"detail": "no column x", "position": {"line": 2, "column": 5}});
        assert_eq!(in_words(&text), "line 2, column 5: no column x");
        assert_eq!(
            in_words(&json!({"detail": "bad", "position": {"path": "metrics[0]"}})),
            "metrics[0]: bad"
        );
        assert_eq!(in_words(&json!({"title": "No"})), "No");
        let faults =
            json!([{"key": "Period", "message": "is 7"}, {"key": "", "message": "is empty"}]);
        let detail = "Period: is 7; is empty";
        assert_eq!(
            in_words(&json!({"title": "Wrong", "detail": detail, "faults": faults})),
            "Wrong\n  Period: is 7\n  is empty"
        );
        assert_eq!(
            in_words(&json!({"title": "Wrong", "detail": "Period: is 7", "faults": [faults[0]]})),
            "Period: is 7"
        );
    }
}
