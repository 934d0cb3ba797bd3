//! A receiver of notifications that breaks off at times.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use serde_json::Value;

/// What arrived.
#[derive(Debug, Clone)]
pub struct Hooked {
    /// The header by which repetitions are known.
    pub delivery: String,
    /// The message of CloudWatch's form, out of its envelope.
    pub message: Value,
    /// When.
    pub at: Instant,
    /// Whether it was answered.
    pub answered: bool,
}

/// Listens until the test ends.
#[derive(Debug)]
pub struct Webhook {
    url: String,
    hooked: Arc<Mutex<Vec<Hooked>>>,
}

impl Webhook {
    /// One that answers every request but each `breaks`-th, which it takes whole and then hangs up on; 0 is none.
    pub fn start(breaks: usize) -> Webhook {
        Webhook::start_at("127.0.0.1", breaks)
    }

    /// The same at an address of this machine that others reach.
    pub fn start_at(address: &str, breaks: usize) -> Webhook {
        let listener = TcpListener::bind((address, 0)).unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let hooked: Arc<Mutex<Vec<Hooked>>> = Arc::default();
        let heard = Arc::clone(&hooked);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let heard = Arc::clone(&heard);
                std::thread::spawn(move || serve(stream, &heard, breaks));
            }
        });
        Webhook { url, hooked }
    }

    /// Where it listens.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Everything that arrived, in order.
    pub fn all(&self) -> Vec<Hooked> {
        self.hooked.lock().unwrap().clone()
    }
}

/// Takes requests until the connection ends.
fn serve(mut stream: TcpStream, heard: &Mutex<Vec<Hooked>>, breaks: usize) {
    while let Some((head, body)) = request(&mut stream) {
        let delivery = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("kansoku-delivery")
                .then(|| value.trim().to_owned())
        });
        let envelope: Value = serde_json::from_slice(&body).unwrap_or_default();
        let message = envelope["Message"].as_str().unwrap_or("null");
        let mut all = heard.lock().unwrap();
        let answered = breaks == 0 || !(all.len() + 1).is_multiple_of(breaks);
        all.push(Hooked {
            delivery: delivery.unwrap_or_default(),
            message: serde_json::from_str(message).unwrap_or_default(),
            at: Instant::now(),
            answered,
        });
        drop(all);
        if !answered
            || stream
                .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
                .is_err()
        {
            return;
        }
    }
}

fn request(stream: &mut TcpStream) -> Option<(String, Vec<u8>)> {
    let mut read = Vec::new();
    let mut buffer = [0; 4096];
    let head = loop {
        if let Some(end) = read.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        match stream.read(&mut buffer) {
            Ok(count @ 1..) => read.extend_from_slice(&buffer[..count]),
            _ => return None,
        }
    };
    let text = String::from_utf8_lossy(&read[..head]).into_owned();
    let length = text.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim().parse().ok())?
    });
    let whole: usize = head + length.unwrap_or(0);
    while read.len() < whole {
        match stream.read(&mut buffer) {
            Ok(count @ 1..) => read.extend_from_slice(&buffer[..count]),
            _ => return None,
        }
    }
    Some((text, read[head..whole].to_vec()))
}
