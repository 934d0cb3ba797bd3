//! Which `Host` headers are answered. A server on the loopback address has no tokens, so a page from anywhere could
//! reach it by giving its own name the address 127.0.0.1 (DNS rebinding); such a request still carries the name.

use std::net::IpAddr;

use axum::extract::{Request, State};
use axum::http::header;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::problem::{Code, Problem};
use crate::state::Shared;

/// The host names that are answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hosts {
    /// Every name: the server has tokens, or its address is not a browser's own.
    Any,
    /// `localhost`, names under `.localhost`, loopback addresses, and the names listed (lower-case, without port).
    Loopback {
        /// Further names, such as that of a proxy on the same machine.
        also: Vec<String>,
    },
}

impl Hosts {
    /// Whether a request with this `Host` header, or the host of an absolute target, is answered.
    pub fn allow(&self, host: Option<&str>) -> bool {
        let Hosts::Loopback { also } = self else {
            return true;
        };
        let Some(name) = host.map(without_port) else {
            return false;
        };
        if let Ok(address) = name
            .trim_start_matches('[')
            .trim_end_matches(']')
            .parse::<IpAddr>()
        {
            return address.is_loopback() || also.iter().any(|a| a == name);
        }
        let name = name.trim_end_matches('.').to_ascii_lowercase();
        name == "localhost" || name.ends_with(".localhost") || also.contains(&name)
    }
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) && !name.ends_with(':') => {
            name
        }
        _ => host,
    }
}

pub(super) async fn check(State(state): State<Shared>, request: Request, next: Next) -> Response {
    let header = request
        .headers()
        .get(header::HOST)
        .and_then(|h| h.to_str().ok());
    let target = request.uri().authority().map(|a| a.as_str());
    let hosts = &state.settings().hosts;
    if hosts.allow(header) && (target.is_none() || hosts.allow(target)) {
        return next.run(request).await;
    }
    let found: String = target
        .or(header)
        .unwrap_or("(none)")
        .chars()
        .take(128)
        .collect();
    Problem::new(
        Code::HostNotAllowed,
        format!("the host {found:?} is not this machine's own; name it in the server's allowed hosts if it should be answered"),
    )
    .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_s_names_pass_on_loopback() {
        let hosts = Hosts::Loopback {
            also: vec!["kansoku.example.org".to_owned()],
        };
        for host in [
            "localhost",
            "LOCALHOST:4780",
            "127.0.0.1:4780",
            "127.0.0.53",
            "[::1]:4780",
            "[::1]",
            "kansoku.localhost",
            "localhost.:80",
            "kansoku.example.org",
            "Kansoku.Example.org:443",
        ] {
            assert!(hosts.allow(Some(host)), "{host}");
        }
        for host in [
            "evil.example",
            "127.0.0.1.evil.example",
            "localhost.evil.example",
            "10.0.0.1:4780",
            "",
            "0.0.0.0",
            "[::2]",
            "notlocalhost",
            "example.org",
        ] {
            assert!(!hosts.allow(Some(host)), "{host}");
        }
        assert!(!hosts.allow(None));
        assert!(Hosts::Any.allow(Some("evil.example")));
        assert!(Hosts::Any.allow(None));
    }
}
