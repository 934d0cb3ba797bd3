//! The HTTP client that all receivers share.

use std::collections::HashMap;
use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use reqwest::header::{DATE, HeaderMap, LOCATION, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, Response, StatusCode};

use super::ca::CaFile;
use crate::outcome::{Delivery, Failure};
use crate::secret::{Secret, scrub};
use crate::template::cut;

/// The most bytes of an answer that are read.
const LONGEST_ANSWER: usize = 4096;
/// The most characters of an answer that are shown.
const LONGEST_SHOWN: usize = 300;
const CONNECT: Duration = Duration::from_secs(5);
/// Certificates that were replaced are forgotten.
const MOST_CLIENTS: usize = 16;

/// Whether the environment says through which proxy to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proxies {
    /// `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` hold, read when a connection is first needed.
    Environment,
    /// Every receiver is reached without one.
    None,
}

/// Sends requests: no redirect is followed (what is sent is a secret of the address that was configured), answers are read
/// up to a bound, certificates are checked.
#[derive(Debug)]
pub struct Http {
    proxies: Proxies,
    clients: Mutex<HashMap<Option<Arc<[u8]>>, Client>>,
}

/// One request.
pub(super) struct Post<'a> {
    pub(super) url: &'a Secret,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
    pub(super) timeout: Duration,
    pub(super) ca: Option<&'a CaFile>,
    /// What must not be seen in an answer, besides the address.
    pub(super) secrets: Vec<&'a Secret>,
}

impl Http {
    /// A client without any connection.
    pub fn new(proxies: Proxies) -> Http {
        Http {
            proxies,
            clients: Mutex::default(),
        }
    }

    /// Sends it and judges the answer by its status.
    pub(super) async fn post(&self, post: Post<'_>) -> Result<Delivery, Failure> {
        let mut secrets = post.secrets;
        secrets.push(post.url);
        let client = self.client(post.ca)?;
        let request = client
            .post(post.url.reveal())
            .headers(post.headers)
            .body(post.body)
            .timeout(post.timeout);
        let mut response = request.send().await.map_err(|error| {
            let message = describe(error, post.timeout);
            Failure::transient(scrub(&message, &secrets))
        })?;
        let said = read(&mut response).await;
        judge(&response, &scrub(&said, &secrets))
    }

    fn client(&self, ca: Option<&CaFile>) -> Result<Client, Failure> {
        let key = ca.map(CaFile::pem);
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(&key) {
            return Ok(client.clone());
        }
        // Notifications are rare: a connection kept open would be found closed when it is needed.
        let mut builder = Client::builder()
            .redirect(Policy::none())
            .connect_timeout(CONNECT)
            .pool_max_idle_per_host(0)
            .user_agent(concat!("Kansoku/", env!("CARGO_PKG_VERSION")));
        if self.proxies == Proxies::None {
            builder = builder.no_proxy();
        }
        if let Some(pem) = &key {
            builder = builder.tls_built_in_root_certs(false);
            let roots = Certificate::from_pem_bundle(pem)
                .map_err(|_| Failure::permanent("ca_file: has no certificate in PEM"))?;
            for root in roots {
                builder = builder.add_root_certificate(root);
            }
        }
        let client = builder
            .build()
            .map_err(|error| Failure::transient(format!("TLS: {}", chain(&error))))?;
        if clients.len() >= MOST_CLIENTS {
            clients.clear();
        }
        clients.insert(key, client.clone());
        Ok(client)
    }
}

/// The beginning of an answer. One that breaks off is not worse than one that was short: the status has been said.
async fn read(response: &mut Response) -> String {
    let mut bytes = Vec::new();
    while bytes.len() < LONGEST_ANSWER {
        match response.chunk().await {
            Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
            Ok(None) | Err(_) => break,
        }
    }
    bytes.truncate(LONGEST_ANSWER);
    String::from_utf8_lossy(&bytes).into_owned()
}

fn judge(response: &Response, said: &str) -> Result<Delivery, Failure> {
    let status = response.status();
    let said = cut(&one_line(said), LONGEST_SHOWN);
    let answer = match said.is_empty() {
        true => status.to_string(),
        false => format!("{status}: {said}"),
    };
    if status.is_success() {
        return Ok(Delivery {
            answer: status.to_string(),
        });
    }
    if status.is_redirection() {
        let place = response
            .headers()
            .get(LOCATION)
            .and_then(|to| to.to_str().ok());
        // Only the host: the rest may repeat what is secret.
        let host = place.and_then(|to| Some(url::Url::parse(to).ok()?.host_str()?.to_owned()));
        let to = host.map_or_else(String::new, |host| format!(" to {host}"));
        return Err(Failure::permanent(format!(
            "{status}: redirects{to} are not followed; configure the address that takes notifications"
        )));
    }
    Err(Failure {
        transient: may_go_well_later(status),
        retry_after: retry_after(response.headers()),
        message: answer,
    })
}

/// Every fault of the receiver's, and what asks for another time.
fn may_go_well_later(status: StatusCode) -> bool {
    !status.is_client_error()
        || matches!(
            status,
            StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS
        )
}

/// Seconds, or a date: by the receiver's clock where it says what that is.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = |text: &str| DateTime::parse_from_rfc2822(text).ok();
    let now = headers
        .get(DATE)
        .and_then(|now| date(now.to_str().ok()?))
        .map_or_else(
            || DateTime::<Utc>::from(SystemTime::now()),
            |now| now.to_utc(),
        );
    Some((date(text)?.to_utc() - now).to_std().unwrap_or_default())
}

/// In words, without the address.
fn describe(error: reqwest::Error, timeout: Duration) -> String {
    let error = error.without_url();
    if error.is_timeout() && !error.is_connect() {
        return format!("no answer within {}", crate::time::length(timeout));
    }
    if error.is_timeout() {
        return "could not connect in time".to_owned();
    }
    let what = if error.is_connect() {
        "could not connect"
    } else {
        "no answer"
    };
    format!("{what}: {}", chain(&error))
}

/// The causes, without those that only repeat what another has said.
pub(super) fn chain(error: &dyn Error) -> String {
    let mut causes: Vec<String> = Vec::new();
    let mut next = Some(error);
    while let Some(cause) = next {
        let text = cause.to_string();
        if !causes.iter().any(|known| known.contains(&text)) {
            causes.push(text);
        }
        next = cause.source();
    }
    cut(&one_line(&causes.join(": ")), LONGEST_SHOWN)
}

/// Without line ends and other control characters: it is shown in tables and written into logs.
pub(super) fn one_line(text: &str) -> String {
    let plain: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_seconds_or_dates() {
        let after = |pairs: &[(reqwest::header::HeaderName, &str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(name, value.parse().unwrap());
            }
            retry_after(&headers).map(|wait| wait.as_secs())
        };
        assert_eq!(after(&[(RETRY_AFTER, "120")]), Some(120));
        let now = (DATE, "Thu, 26 Nov 2026 10:00:00 GMT");
        assert_eq!(
            after(&[(RETRY_AFTER, "Thu, 26 Nov 2026 10:02:00 GMT"), now.clone()]),
            Some(120)
        );
        assert_eq!(
            after(&[(RETRY_AFTER, "Thu, 26 Nov 2026 09:00:00 GMT"), now]),
            Some(0)
        );
        assert_eq!(
            after(&[(RETRY_AFTER, "Thu, 26 Nov 1998 09:00:00 GMT")]),
            Some(0)
        );
        for wrong in ["soon", "-3", ""] {
            assert_eq!(after(&[(RETRY_AFTER, wrong)]), None, "{wrong}");
        }
        assert_eq!(after(&[]), None);
    }

    #[test]
    fn what_is_worth_another_time() {
        for (status, later) in [
            (400, false),
            (401, false),
            (403, false),
            (404, false),
            (408, true),
            (410, false),
            (413, false),
            (429, true),
            (500, true),
            (502, true),
            (503, true),
            (504, true),
        ] {
            assert_eq!(
                may_go_well_later(StatusCode::from_u16(status).unwrap()),
                later,
                "{status}"
            );
        }
    }
}
