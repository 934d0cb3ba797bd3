//! A small server with real sockets, which speaks the protocol and fails as it is told.

use std::collections::HashMap;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A request as it came.
#[derive(Debug, Clone)]
pub(super) struct Request {
    pub(super) method: String,
    pub(super) path: String,
    headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Request {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
            .map(|(_, v)| v.as_str())
    }

    pub(super) fn table(&self) -> Option<&str> {
        self.path.strip_prefix("/ingest/")
    }

    pub(super) fn sequence(&self) -> u64 {
        self.header("kansoku-sequence").unwrap().parse().unwrap()
    }
}

/// What the server does with a request.
#[derive(Debug, Clone)]
pub(super) enum Deed {
    /// Stores the frame and answers so.
    Store,
    /// Closes the connection before the body was read.
    CutInBody,
    /// Stores the frame and closes the connection without an answer.
    StoreAndCut,
    /// Stores the frame and closes the connection within the answer.
    StoreAndCutInAnswer,
    /// Stores the frame and answers only when the client has long given up.
    StoreAndSleep(Duration),
    /// Answers this, with these further headers, and stores nothing.
    Say(u16, &'static str, String),
}

/// What the server has.
#[derive(Debug, Default)]
pub(super) struct Stored {
    /// The last number of each agent and table.
    pub(super) last: HashMap<(String, String), u64>,
    /// Table, number and body of each frame, in the order of their storing.
    pub(super) frames: Vec<(String, u64, Vec<u8>)>,
    pub(super) duplicates: usize,
    pub(super) requests: Vec<Request>,
}

type Decide = Box<dyn FnMut(&Request) -> Deed + Send>;

/// The running server. It runs until the test's process ends.
#[derive(Clone)]
pub(super) struct Server {
    pub(super) address: SocketAddr,
    pub(super) stored: Arc<Mutex<Stored>>,
    pub(super) connections: Arc<AtomicUsize>,
}

impl Server {
    pub(super) fn start(decide: impl FnMut(&Request) -> Deed + Send + 'static) -> Server {
        Server::start_with(decide, |stream| Ok(Box::new(stream)))
    }

    /// With something between the socket and the server: TLS.
    pub(super) fn start_with(
        decide: impl FnMut(&Request) -> Deed + Send + 'static,
        wrap: impl Fn(TcpStream) -> io::Result<Box<dyn Stream>> + Send + Sync + 'static,
    ) -> Server {
        // On all of this machine's addresses, so that it can be reached by one that is not in its certificate.
        let listener = TcpListener::bind("0.0.0.0:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = Server {
            address: SocketAddr::from(([127, 0, 0, 1], port)),
            stored: Arc::default(),
            connections: Arc::default(),
        };
        let decide: Arc<Mutex<Decide>> = Arc::new(Mutex::new(Box::new(decide)));
        let wrap = Arc::new(wrap);
        let running = server.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(stream) = stream else { continue };
                running.connections.fetch_add(1, Ordering::SeqCst);
                let (server, decide, wrap) =
                    (running.clone(), Arc::clone(&decide), Arc::clone(&wrap));
                std::thread::spawn(move || {
                    if let Ok(stream) = wrap(stream) {
                        let _ = server.serve(stream, &decide);
                    }
                });
            }
        });
        server
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    fn serve(&self, mut stream: Box<dyn Stream>, decide: &Mutex<Decide>) -> io::Result<()> {
        let mut bytes = Vec::new();
        loop {
            let Some((mut request, length)) = read_head(&mut stream, &mut bytes)? else {
                return Ok(());
            };
            let deed = match request.method.as_str() {
                "PUT" => Deed::Say(204, "", String::new()),
                _ => (decide.lock().unwrap())(&request),
            };
            if matches!(deed, Deed::CutInBody) {
                // Some of the body is read, so that the client is in the midst of it.
                let mut some = vec![0; length / 2];
                let _ = stream.read(&mut some);
                return Ok(());
            }
            while bytes.len() < length {
                let mut chunk = [0; 8192];
                match stream.read(&mut chunk)? {
                    0 => return Ok(()),
                    n => bytes.extend_from_slice(&chunk[..n]),
                }
            }
            request.body = bytes.drain(..length).collect();
            self.stored.lock().unwrap().requests.push(request.clone());
            match deed {
                Deed::CutInBody => return Ok(()),
                Deed::Store => {
                    let answer = self.store(&request);
                    stream.write_all(answer.as_bytes())?;
                }
                Deed::StoreAndCut => {
                    self.store(&request);
                    return Ok(());
                }
                Deed::StoreAndCutInAnswer => {
                    let answer = self.store(&request);
                    stream.write_all(&answer.as_bytes()[..answer.len() - 5])?;
                    return stream.flush();
                }
                Deed::StoreAndSleep(time) => {
                    let answer = self.store(&request);
                    std::thread::sleep(time);
                    stream.write_all(answer.as_bytes())?;
                }
                Deed::Say(status, headers, body) => {
                    let length = if status == 204 {
                        String::new()
                    } else {
                        format!("content-length: {}\r\n", body.len())
                    };
                    write!(stream, "HTTP/1.1 {status} X\r\n{length}{headers}\r\n{body}")?;
                }
            }
            stream.flush()?;
        }
    }

    fn store(&self, request: &Request) -> String {
        let mut stored = self.stored.lock().unwrap();
        let table = request.table().unwrap().to_owned();
        let key = (
            request.header("kansoku-agent").unwrap().to_owned(),
            table.clone(),
        );
        let last = stored.last.entry(key).or_default();
        let sequence = request.sequence();
        let body = if sequence <= *last {
            let body = format!("{{\"stored\":0,\"duplicate\":true,\"last\":{last}}}");
            stored.duplicates += 1;
            body
        } else {
            *last = sequence;
            stored.frames.push((table, sequence, request.body.clone()));
            "{\"stored\":1}".to_owned()
        };
        format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )
    }
}

/// A socket, perhaps with TLS.
pub(super) trait Stream: Read + Write + Send {}

impl<S: Read + Write + Send> Stream for S {}

/// Reads up to the end of a head; what follows stays in `bytes`. `None` at the end of the connection.
fn read_head(
    stream: &mut Box<dyn Stream>,
    bytes: &mut Vec<u8>,
) -> io::Result<Option<(Request, usize)>> {
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|w| w == b"\r\n\r\n") {
            break at + 4;
        }
        let mut chunk = [0; 8192];
        match stream.read(&mut chunk)? {
            0 => return Ok(None),
            n => bytes.extend_from_slice(&chunk[..n]),
        }
    };
    let head: Vec<u8> = bytes.drain(..end).collect();
    let head = String::from_utf8(head).unwrap();
    let mut lines = head.split("\r\n");
    let mut first = lines.next().unwrap().split(' ');
    let (method, path) = (
        first.next().unwrap().to_owned(),
        first.next().unwrap().to_owned(),
    );
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let request = Request {
        method,
        path,
        headers,
        body: Vec::new(),
    };
    let length = request
        .header("content-length")
        .map_or(0, |length| length.parse().unwrap());
    Ok(Some((request, length)))
}
