//! The question, over TLS.

use std::fs;
use std::io::Read;
use std::path::Path;

use ureq::Agent;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};

use super::KubeletOptions;
use super::error::KubeletError;
use super::summary::Summary;
use crate::interrupt::Interrupt;

/// The most of an answer that is read. One of 75 pods has 275 KB; the most pods of a node are some 500.
const BODY_MAX: u64 = 32 << 20;
/// A token or a file of certificates larger than this is something else.
const FILE_MAX: u64 = 4 << 20;

/// Asks one kubelet.
#[derive(Debug)]
pub(crate) struct Client {
    options: KubeletOptions,
    agent: Interrupt,
    /// The authorities that the connections were made with.
    authorities: Option<Vec<u8>>,
}

impl Client {
    pub(crate) fn new(options: KubeletOptions) -> Client {
        Client {
            agent: Interrupt::new(build(None)),
            options,
            authorities: None,
        }
    }

    /// Breaks off a question from another thread.
    pub(crate) fn interrupt(&self) -> Interrupt {
        self.agent.clone()
    }

    /// Asks once; the answer, and how many bytes it had.
    pub(crate) fn ask(&mut self) -> Result<(Summary, u64), KubeletError> {
        self.trust()?;
        let token = token(&self.options.token_file)?;
        let agent = self.agent.lock().clone();
        let failed = |error: ureq::Error| KubeletError::of(&error, &self.options.ca);
        let mut response = agent
            .get(format!("{}/stats/summary", self.options.url))
            .config()
            .timeout_global(Some(self.options.timeout))
            .build()
            .header("authorization", format!("Bearer {token}"))
            .header("accept", "application/json")
            .call()
            .map_err(failed)?;
        match response.status().as_u16() {
            200 => {}
            401 => return Err(KubeletError::Unknown),
            403 => return Err(KubeletError::Forbidden),
            other => return Err(KubeletError::Status(other)),
        }
        let mut body = Vec::new();
        response
            .body_mut()
            .as_reader()
            .take(BODY_MAX + 1)
            .read_to_end(&mut body)
            .map_err(|error| KubeletError::Unreachable(error.to_string()))?;
        if body.len() as u64 > BODY_MAX {
            return Err(KubeletError::Body(format!(
                "it is larger than {BODY_MAX} bytes"
            )));
        }
        let summary =
            Summary::parse(&body).map_err(|error| KubeletError::Body(error.to_string()))?;
        Ok((summary, body.len() as u64))
    }

    /// Reads the authorities; new connections are made when they have changed.
    fn trust(&mut self) -> Result<(), KubeletError> {
        let authorities = if self.options.insecure {
            Vec::new()
        } else {
            let path = &self.options.ca;
            read(path).map_err(|reason| KubeletError::Authorities {
                path: path.clone(),
                reason,
            })?
        };
        if self.authorities.as_ref() == Some(&authorities) {
            return Ok(());
        }
        let tls = if self.options.insecure {
            TlsConfig::builder().disable_verification(true).build()
        } else {
            let certificates =
                certificates(&authorities).map_err(|reason| KubeletError::Authorities {
                    path: self.options.ca.clone(),
                    reason,
                })?;
            TlsConfig::builder()
                .root_certs(RootCerts::new_with_certs(&certificates))
                .build()
        };
        *self.agent.lock() = build(Some(tls));
        self.authorities = Some(authorities);
        Ok(())
    }
}

/// No proxy stands before the node's own kubelet, and it sends nobody elsewhere.
fn build(tls: Option<TlsConfig>) -> Agent {
    let mut config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .user_agent(concat!("kansoku-agent/", env!("CARGO_PKG_VERSION")))
        .accept_encoding("identity")
        .max_idle_connections(1)
        .proxy(None);
    if let Some(tls) = tls {
        config = config.tls_config(tls);
    }
    config.build().new_agent()
}

fn certificates(bytes: &[u8]) -> Result<Vec<Certificate<'static>>, String> {
    let mut certificates = Vec::new();
    for item in parse_pem(bytes) {
        if let PemItem::Certificate(certificate) =
            item.map_err(|error| format!("no PEM file: {error}"))?
        {
            certificates.push(certificate);
        }
    }
    if certificates.is_empty() {
        return Err("there is no PEM certificate in it".to_owned());
    }
    Ok(certificates)
}

fn token(path: &Path) -> Result<String, KubeletError> {
    let wrong = |reason: String| KubeletError::Token {
        path: path.to_owned(),
        reason,
    };
    let bytes = read(path).map_err(wrong)?;
    let token = std::str::from_utf8(&bytes).unwrap_or_default().trim();
    if token.is_empty() || !token.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(wrong("there is no token in it".to_owned()));
    }
    Ok(token.to_owned())
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    fs::File::open(path)
        .and_then(|file| file.take(FILE_MAX).read_to_end(&mut bytes))
        .map_err(|error| error.to_string())?;
    Ok(bytes)
}
