//! Requests to the server over one kept connection.

use std::fs;
use std::io::{self, Read};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use ureq::Agent;
use ureq::http::{Request, StatusCode, Uri};
use ureq::tls::{Certificate, ClientCert, PemItem, PrivateKey, RootCerts, TlsConfig, parse_pem};
use wire::{AgentId, header};

use super::answer::Reply;
use crate::interrupt::Interrupt;
use crate::settings::{ServerSettings, Token};
use crate::spool::Outgoing;

/// The most of an answer that is read.
const BODY_MAX: u64 = 64 << 10;
/// A file of certificates or a token larger than this is something else.
const FILE_MAX: u64 = 4 << 20;

/// Why a client cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The server's address.
    #[error("the server's address {url:?}: {reason}")]
    Url {
        /// As given.
        url: String,
        /// What is wrong.
        reason: String,
    },
    /// The proxy's address.
    #[error("the proxy's address {url:?}: {reason}")]
    Proxy {
        /// As given.
        url: String,
        /// What is wrong.
        reason: String,
    },
    /// A file of certificates, a key or a token.
    #[error("{}: {reason}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
}

/// A client of the server. It reads its token before each round and its certificates when they change.
#[derive(Debug)]
pub(crate) struct Client {
    settings: ServerSettings,
    agent: Interrupt,
    /// When the files of certificates were changed last.
    files: Vec<Option<SystemTime>>,
    authorization: Option<String>,
}

impl Client {
    pub(crate) fn new(settings: ServerSettings) -> Result<Client, ClientError> {
        let files = changed(&settings);
        let agent = Interrupt::new(build(&settings)?);
        let mut client = Client {
            settings,
            agent,
            files,
            authorization: None,
        };
        client.refresh()?;
        Ok(client)
    }

    /// Reads the token, and the certificates if their files have changed. What was read before stays in use when that
    /// fails.
    pub(crate) fn refresh(&mut self) -> Result<(), ClientError> {
        let files = changed(&self.settings);
        if files != self.files {
            *self.agent.lock() = build(&self.settings)?;
            self.files = files;
        }
        let token = match &self.settings.token {
            Token::None => None,
            Token::Text(text) => Some(text.clone()),
            Token::File(path) => Some(read_token(path)?),
        };
        self.authorization = token.map(|token| format!("Bearer {token}"));
        Ok(())
    }

    /// Breaks off a request from another thread.
    pub(crate) fn interrupt(&self) -> Interrupt {
        self.agent.clone()
    }

    /// Sends a frame.
    pub(crate) fn send(&self, frame: &Outgoing, timeout: Duration) -> Result<Reply, ureq::Error> {
        let uri = format!("{}/ingest/{}", self.settings.url, frame.table.name);
        let request = Request::post(uri)
            .header(header::CONTENT_TYPE, header::ARROW_STREAM)
            .header(header::AGENT, frame.agent.to_string())
            .header(header::SEQUENCE, frame.sequence.to_string())
            .header(header::OLDEST, frame.sequence.to_string());
        let request = match frame.encoding {
            wire::Encoding::Identity => request,
            encoding @ wire::Encoding::Zstd => {
                request.header(header::CONTENT_ENCODING, encoding.token())
            }
        };
        self.call(request, &frame.body, timeout)
    }

    /// Sends the agent's report of itself.
    pub(crate) fn report(
        &self,
        agent: AgentId,
        body: &[u8],
        timeout: Duration,
    ) -> Result<Reply, ureq::Error> {
        let uri = format!("{}/api/agents/{agent}", self.settings.url);
        self.call(
            Request::put(uri).header(header::CONTENT_TYPE, "application/json"),
            body,
            timeout,
        )
    }

    fn call(
        &self,
        request: ureq::http::request::Builder,
        body: &[u8],
        timeout: Duration,
    ) -> Result<Reply, ureq::Error> {
        let request = match &self.authorization {
            Some(authorization) => request.header("authorization", authorization),
            None => request,
        };
        let request = request.body(body)?;
        let agent = self.agent.lock().clone();
        let request = agent
            .configure_request(request)
            .timeout_global(Some(timeout))
            .build();
        let mut response = agent.run(request)?;
        let text = |name: &str| {
            response
                .headers()
                .get(name)
                .and_then(|v| v.to_str().ok())
                .map(str::to_owned)
        };
        let media_type = text("content-type").unwrap_or_default();
        let mut reply = Reply {
            status: response.status().as_u16(),
            media_type: media_type
                .split(';')
                .next()
                .unwrap_or_default()
                .trim()
                .to_owned(),
            retry_after: text(header::RETRY_AFTER),
            body: Vec::new(),
        };
        let status_is_all = response.status() == StatusCode::NO_CONTENT;
        let read = response
            .body_mut()
            .as_reader()
            .take(BODY_MAX)
            .read_to_end(&mut reply.body);
        match read {
            Ok(_) => Ok(reply),
            // The status says it all; how the connection ended afterwards does not matter.
            Err(_) if status_is_all => Ok(reply),
            Err(error) => Err(error.into()),
        }
    }
}

/// The connection's settings: no redirects (a frame belongs to this server or none), every status is an answer.
fn build(settings: &ServerSettings) -> Result<Agent, ClientError> {
    let url = |reason: String| ClientError::Url {
        url: settings.url.clone(),
        reason,
    };
    let uri: Uri = settings.url.parse().map_err(|e| url(format!("{e}")))?;
    let host = uri.host().ok_or_else(|| url("it has no host".to_owned()))?;
    let mut config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .user_agent(concat!("kansoku-agent/", env!("CARGO_PKG_VERSION")))
        .accept_encoding("identity")
        .max_idle_connections(2)
        // Shorter than the idle time of common proxies, so that a connection is seldom closed under a request.
        .max_idle_age(Duration::from_secs(45))
        .tls_config(tls(settings)?);
    if let Some(proxy) = &settings.proxy {
        let parsed = ureq::Proxy::new(proxy).map_err(|e| ClientError::Proxy {
            url: proxy.clone(),
            reason: e.to_string(),
        })?;
        config = config.proxy(Some(parsed));
    } else if is_loopback(host) {
        config = config.proxy(None);
    }
    Ok(config.build().new_agent())
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare.eq_ignore_ascii_case("localhost")
        || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn tls(settings: &ServerSettings) -> Result<TlsConfig, ClientError> {
    let mut builder = TlsConfig::builder();
    if let Some(path) = &settings.ca {
        builder = builder.root_certs(RootCerts::new_with_certs(&certificates(path)?));
    }
    if let Some((certificate, key)) = &settings.identity {
        let bytes = read(key)?;
        let parsed = PrivateKey::from_pem(&bytes).map_err(|e| ClientError::File {
            path: key.clone(),
            reason: format!("no PEM private key: {e}"),
        })?;
        builder = builder.client_cert(Some(ClientCert::new_with_certs(
            &certificates(certificate)?,
            parsed,
        )));
    }
    Ok(builder.build())
}

fn certificates(path: &Path) -> Result<Vec<Certificate<'static>>, ClientError> {
    let wrong = |reason: String| ClientError::File {
        path: path.to_owned(),
        reason,
    };
    let bytes = read(path)?;
    let mut certificates = Vec::new();
    for item in parse_pem(&bytes) {
        let item = item.map_err(|e| wrong(format!("no PEM file: {e}")))?;
        if let PemItem::Certificate(certificate) = item {
            certificates.push(certificate);
        }
    }
    if certificates.is_empty() {
        return Err(wrong("there is no PEM certificate in it".to_owned()));
    }
    Ok(certificates)
}

fn read_token(path: &Path) -> Result<String, ClientError> {
    let wrong = |reason: &str| ClientError::File {
        path: path.to_owned(),
        reason: reason.to_owned(),
    };
    let text = String::from_utf8(read(path)?).map_err(|_| wrong("the token is not text"))?;
    let line = text
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !line.starts_with('#'));
    let token = line.ok_or_else(|| wrong("there is no token in it"))?;
    // What a header may hold (RFC 6750 allows less).
    if !token.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(wrong("the token has characters that a header cannot carry"));
    }
    Ok(token.to_owned())
}

fn read(path: &Path) -> Result<Vec<u8>, ClientError> {
    let wrong = |error: io::Error| ClientError::File {
        path: path.to_owned(),
        reason: error.to_string(),
    };
    let mut bytes = Vec::new();
    fs::File::open(path)
        .and_then(|file| file.take(FILE_MAX).read_to_end(&mut bytes))
        .map_err(wrong)?;
    Ok(bytes)
}

/// When each file of certificates was changed last.
fn changed(settings: &ServerSettings) -> Vec<Option<SystemTime>> {
    let identity = settings
        .identity
        .iter()
        .flat_map(|(certificate, key)| [certificate, key]);
    settings
        .ca
        .iter()
        .chain(identity)
        .map(|path| {
            fs::metadata(path)
                .and_then(|metadata| metadata.modified())
                .ok()
        })
        .collect()
}
