//! What the server's answer to a frame means (docs/architecture.md, "Exactly once").

use std::time::Duration;

use serde::Deserialize;

use crate::calendar;

/// An answer as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    /// The media type, without parameters.
    pub(crate) media_type: String,
    /// The header `Retry-After`.
    pub(crate) retry_after: Option<String>,
    /// The body, cut at a bound.
    pub(crate) body: Vec<u8>,
}

/// What to do with the frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The server has it.
    Stored {
        /// It had it before.
        duplicate: bool,
        /// The last number that it has of this agent and table, if it says so.
        last: Option<u64>,
        /// It has no report of this agent, and would like one.
        report_wanted: bool,
    },
    /// The server wants another number first.
    Expected(u64),
    /// The server will never take it.
    Refused(String),
    /// Send it again later.
    Later {
        /// When the server says so.
        after: Option<Duration>,
        /// Why.
        why: Later,
        /// What the server says.
        words: String,
    },
}

/// Why a frame is sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Later {
    /// No connection, or it broke, or took too long.
    Connection,
    /// The server is under pressure, its disk is full, or it is not ready: 429 or 503.
    Busy,
    /// The server failed: another 5xx.
    Failed,
    /// The token or certificate is not accepted: 401 or 403.
    Unauthorized,
    /// The server and the spool disagree about numbers: 409.
    Order,
    /// The answer is none that a Kansoku server gives: something else is at that address.
    Strange,
}

impl Later {
    /// Every reason.
    pub const ALL: [Later; 6] = [
        Later::Connection,
        Later::Busy,
        Later::Failed,
        Later::Unauthorized,
        Later::Order,
        Later::Strange,
    ];

    /// The word for metrics and reports.
    pub fn word(self) -> &'static str {
        match self {
            Later::Connection => "connection",
            Later::Busy => "busy",
            Later::Failed => "failed",
            Later::Unauthorized => "unauthorized",
            Later::Order => "order",
            Later::Strange => "strange",
        }
    }
}

#[derive(Deserialize)]
struct Stored {
    #[serde(rename = "stored")]
    _rows: u64,
    #[serde(default)]
    duplicate: bool,
    last: Option<u64>,
    #[serde(default)]
    report_wanted: bool,
}

#[derive(Deserialize)]
struct Expected {
    expected: u64,
}

/// Longer words of a server are cut in logs and reports.
const WORDS_MAX: usize = 500;

/// Understands a reply. `now` is in seconds since 1970.
///
/// A frame is let go only on the word of a Kansoku server: 200 with what it stored, or a problem document. Any other
/// host's 200 or 404 (a proxy, a wrong address) keeps the frame where it is.
pub(crate) fn understand(reply: &Reply, now: i64) -> Answer {
    let words = || words(reply);
    let later = |why| Answer::Later {
        after: retry_after(reply.retry_after.as_deref(), now),
        why,
        words: words(),
    };
    let is_problem = reply
        .media_type
        .eq_ignore_ascii_case("application/problem+json");
    match reply.status {
        200 => match serde_json::from_slice::<Stored>(&reply.body) {
            Ok(stored) => Answer::Stored {
                duplicate: stored.duplicate,
                last: stored.last,
                report_wanted: stored.report_wanted,
            },
            Err(_) => later(Later::Strange),
        },
        409 => match serde_json::from_slice::<Expected>(&reply.body) {
            Ok(Expected { expected }) => Answer::Expected(expected),
            Err(_) => later(Later::Strange),
        },
        400 | 404 | 413 | 422 if is_problem => Answer::Refused(words()),
        401 | 403 | 407 => later(Later::Unauthorized),
        429 | 503 => later(Later::Busy),
        408 | 500..=599 => later(Later::Failed),
        _ => later(Later::Strange),
    }
}

fn retry_after(value: Option<&str>, now: i64) -> Option<Duration> {
    let value = value?.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let seconds = calendar::http_date(value)?.saturating_sub(now).max(0);
    Some(Duration::from_secs(seconds.unsigned_abs()))
}

/// What the server says, in one line.
fn words(reply: &Reply) -> String {
    let text = String::from_utf8_lossy(&reply.body);
    let line: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(WORDS_MAX)
        .collect();
    format!("{} {}", reply.status, line.trim())
        .trim_end()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(status: u16, body: &str) -> Reply {
        let media_type = if body.starts_with('{') && status >= 400 {
            "application/problem+json"
        } else {
            "text/html"
        };
        Reply {
            status,
            media_type: media_type.to_owned(),
            retry_after: None,
            body: body.as_bytes().to_vec(),
        }
    }

    fn why(status: u16, body: &str) -> Later {
        match understand(&reply(status, body), 0) {
            Answer::Later { why, .. } => why,
            other => panic!("{status} {body}: {other:?}"),
        }
    }

    #[test]
    fn the_protocol_s_answers() {
        let stored = |duplicate, last| Answer::Stored {
            duplicate,
            last,
            report_wanted: false,
        };
        assert_eq!(
            understand(&reply(200, r#"{"stored": 330}"#), 0),
            stored(false, None)
        );
        assert_eq!(
            understand(&reply(200, r#"{"stored":0,"duplicate":true,"last":9}"#), 0),
            stored(true, Some(9))
        );
        assert_eq!(
            understand(&reply(200, r#"{"stored":1,"report_wanted":true}"#), 0),
            Answer::Stored {
                duplicate: false,
                last: None,
                report_wanted: true
            }
        );
        assert_eq!(
            understand(&reply(409, r#"{"code":"out_of_order","expected":7}"#), 0),
            Answer::Expected(7)
        );
        for status in [400, 404, 413, 422] {
            let answer = understand(&reply(status, r#"{"detail":"no"}"#), 0);
            assert_eq!(
                answer,
                Answer::Refused(format!("{status} {{\"detail\":\"no\"}}"))
            );
        }
        assert_eq!(why(503, r#"{"detail":"full"}"#), Later::Busy);
        assert_eq!(why(429, ""), Later::Busy);
        assert_eq!(why(500, ""), Later::Failed);
        assert_eq!(why(401, "{}"), Later::Unauthorized);
    }

    #[test]
    fn what_no_kansoku_server_says_lets_no_frame_go() {
        for (status, body) in [
            (200, "<html>Welcome to nginx!</html>"),
            (200, ""),
            (200, "{}"),
            (404, "404 page not found"),
            (400, "Bad Request"),
            (413, "<html>"),
            (422, ""),
            (409, "conflict"),
            (301, ""),
            (405, ""),
        ] {
            assert_eq!(why(status, body), Later::Strange, "{status} {body}");
        }
        assert_eq!(why(502, "Bad Gateway"), Later::Failed);
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let after = |value: &str| retry_after(Some(value), 784_111_770).map(|d| d.as_secs());
        assert_eq!(after("120"), Some(120));
        assert_eq!(after(" 0 "), Some(0));
        assert_eq!(after("Sun, 06 Nov 1994 08:49:37 GMT"), Some(7));
        assert_eq!(after("Sun, 06 Nov 1994 08:49:00 GMT"), Some(0));
        assert_eq!(after("soon"), None);
        assert_eq!(after("-1"), None);
    }

    #[test]
    fn words_are_one_line_and_short() {
        let said = words(&reply(
            500,
            &format!("a\nb\u{1b}[31m{}", "x".repeat(10_000)),
        ));
        assert!(said.starts_with("500 a b [31m") && said.len() < 600);
    }
}
