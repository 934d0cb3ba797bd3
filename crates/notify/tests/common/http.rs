//! An HTTP receiver that fails, waits, and breaks off.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;

/// What it does with a request.
#[derive(Debug, Clone)]
pub(crate) enum Weather {
    /// Answers: status, headers, body.
    Answer(u16, Vec<(&'static str, String)>, String),
    /// Closes the connection without a word.
    Drop,
    /// Closes it in the middle of the status line.
    BreakHead,
    /// Closes it in the middle of the body of a 200.
    BreakBody,
    /// Says nothing, ever.
    Hang,
    /// A status and a body without an end.
    Endless(u16),
}

pub(crate) fn answer(status: u16, body: &str) -> Weather {
    Weather::Answer(status, Vec::new(), body.to_owned())
}

/// A request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) line: String,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// The server. It takes the weather in order, and the last of it for ever.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    seen: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    pub(crate) async fn start(weather: Vec<Weather>) -> Server {
        Server::with(weather, None).await
    }

    /// With TLS under that certificate.
    pub(crate) async fn with(
        weather: Vec<Weather>,
        tls: Option<tokio_rustls::TlsAcceptor>,
    ) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen: Arc<Mutex<Vec<Request>>> = Arc::default();
        let log = Arc::clone(&seen);
        tokio::spawn(async move {
            loop {
                let Ok((stream, _)) = listener.accept().await else {
                    return;
                };
                let (weather, log, tls) = (weather.clone(), Arc::clone(&log), tls.clone());
                tokio::spawn(async move {
                    match tls {
                        None => serve(stream, &weather, &log).await,
                        Some(tls) => match tls.accept(stream).await {
                            Ok(stream) => serve(stream, &weather, &log).await,
                            Err(_) => None,
                        },
                    }
                });
            }
        });
        Server { address, seen }
    }

    pub(crate) fn seen(&self) -> Vec<Request> {
        self.seen.lock().unwrap().clone()
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

async fn serve<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: S,
    weather: &[Weather],
    log: &Mutex<Vec<Request>>,
) -> Option<()> {
    let request = request(&mut stream).await?;
    let number = {
        let mut log = log.lock().unwrap();
        log.push(request);
        log.len() - 1
    };
    let now = weather.get(number).or(weather.last())?;
    match now {
        Weather::Drop => {}
        Weather::BreakHead => stream.write_all(b"HTTP/1.1 20").await.ok()?,
        Weather::BreakBody => {
            let head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf";
            stream.write_all(head).await.ok()?;
        }
        Weather::Hang => std::future::pending().await,
        Weather::Endless(status) => {
            let head = format!("HTTP/1.1 {status} x\r\nContent-Type: text/plain\r\n\r\n");
            stream.write_all(head.as_bytes()).await.ok()?;
            loop {
                stream.write_all(&[b'x'; 65_536]).await.ok()?;
            }
        }
        Weather::Answer(status, headers, body) => {
            let mut head = format!("HTTP/1.1 {status} x\r\nContent-Length: {}\r\n", body.len());
            for (name, value) in headers {
                head += &format!("{name}: {value}\r\n");
            }
            stream
                .write_all(format!("{head}\r\n{body}").as_bytes())
                .await
                .ok()?;
        }
    }
    stream.shutdown().await.ok()
}

async fn request<S: AsyncRead + Unpin>(stream: &mut S) -> Option<Request> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        let mut chunk = [0; 4096];
        let length = stream.read(&mut chunk).await.ok()?;
        if length == 0 {
            return None;
        }
        bytes.extend_from_slice(&chunk[..length]);
    };
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let mut lines = head.split("\r\n");
    let line = lines.next().unwrap().to_owned();
    let headers: BTreeMap<String, String> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let length: usize = headers
        .get("content-length")
        .map_or(0, |length| length.parse().unwrap());
    let mut body = bytes[end + 4..].to_vec();
    while body.len() < length {
        let mut chunk = [0; 4096];
        let read = stream.read(&mut chunk).await.ok()?;
        if read == 0 {
            return None;
        }
        body.extend_from_slice(&chunk[..read]);
    }
    Some(Request {
        line,
        headers,
        body,
    })
}
