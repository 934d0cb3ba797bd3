//! A network that breaks when it is told to.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

/// What happens to connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weather {
    /// Everything passes.
    Fair,
    /// New connections are closed at once.
    Refused,
    /// Requests pass, answers do not: the connection ends when the first byte of one comes.
    AnswersLost,
    /// The way to the server ends after so many bytes, in the middle of a request.
    RequestsTorn(u64),
    /// The server sees that the agent has finished sending after so many bytes; what it answers still passes.
    HalfClosed(u64),
}

/// A relay between a client and a server, on a port of its own.
#[derive(Debug)]
pub struct Relay {
    address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    to: SocketAddr,
    weather: Mutex<Weather>,
    open: Mutex<Vec<TcpStream>>,
    cut: AtomicU64,
}

impl Relay {
    /// Starts one to that address.
    pub fn start(to: SocketAddr) -> Relay {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            to,
            weather: Mutex::new(Weather::Fair),
            open: Mutex::new(Vec::new()),
            cut: AtomicU64::new(0),
        });
        let weak = Arc::downgrade(&shared);
        std::thread::spawn(move || accept(&listener, &weak));
        Relay { address, shared }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// From now on connections fare so; those that are open end.
    pub fn change(&self, weather: Weather) {
        *self.shared.weather.lock().unwrap() = weather;
        self.cut();
    }

    /// Ends every connection.
    pub fn cut(&self) {
        for stream in self.shared.open.lock().unwrap().drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    /// How many connections ended by the weather.
    pub fn ended(&self) -> u64 {
        self.shared.cut.load(Ordering::Relaxed)
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.cut();
        // Wakes the listener, which then sees that nobody holds the relay.
        let _ = TcpStream::connect(self.address);
    }
}

fn accept(listener: &TcpListener, shared: &Weak<Shared>) {
    for client in listener.incoming() {
        let Some(shared) = shared.upgrade() else {
            return;
        };
        let Ok(client) = client else { continue };
        let weather = *shared.weather.lock().unwrap();
        if weather == Weather::Refused {
            shared.cut.fetch_add(1, Ordering::Relaxed);
            continue;
        }
        let Ok(server) = TcpStream::connect_timeout(&shared.to, Duration::from_secs(2)) else {
            continue;
        };
        let (Ok(client_in), Ok(server_in)) = (client.try_clone(), server.try_clone()) else {
            continue;
        };
        let mut open = shared.open.lock().unwrap();
        open.retain(|stream| stream.peer_addr().is_ok());
        open.extend(
            [&client, &server]
                .into_iter()
                .flat_map(TcpStream::try_clone),
        );
        drop(open);
        let (up, down) = (Arc::clone(&shared), shared);
        std::thread::spawn(move || {
            let torn = match weather {
                Weather::RequestsTorn(after) => pass(client_in, &server, Some(after)),
                Weather::HalfClosed(after) => pass(client_in, &server, Some(after)),
                _ => pass(client_in, &server, None),
            };
            if torn {
                up.cut.fetch_add(1, Ordering::Relaxed);
            }
            let how = match weather {
                Weather::RequestsTorn(_) if torn => Shutdown::Both,
                _ => Shutdown::Write,
            };
            let _ = server.shutdown(how);
        });
        std::thread::spawn(move || {
            let limit = (weather == Weather::AnswersLost).then_some(0);
            if pass(server_in, &client, limit) {
                down.cut.fetch_add(1, Ordering::Relaxed);
            }
            let _ = client.shutdown(Shutdown::Both);
        });
    }
}

/// Passes bytes on until one side ends, or until more than the limit have come: then `true`.
fn pass(mut from: TcpStream, mut to: &TcpStream, limit: Option<u64>) -> bool {
    let mut buffer = [0; 16 << 10];
    let mut passed = 0;
    loop {
        let read = match from.read(&mut buffer) {
            Ok(0) | Err(_) => return false,
            Ok(read) => read,
        };
        let room = limit.map_or(read, |limit| {
            usize::try_from(limit - passed)
                .unwrap_or(usize::MAX)
                .min(read)
        });
        if to.write_all(&buffer[..room]).is_err() {
            return false;
        }
        passed += room as u64;
        if room < read {
            return true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A server that answers every byte with two.
    fn doubling() -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                std::thread::spawn(move || {
                    let mut byte = [0];
                    while (&stream).read_exact(&mut byte).is_ok() {
                        let _ = (&stream).write_all(&[byte[0], byte[0]]);
                    }
                });
            }
        });
        address
    }

    fn talk(relay: &Relay) -> Vec<u8> {
        let mut stream = TcpStream::connect(relay.address()).unwrap();
        let _ = stream.write_all(b"ab");
        let _ = stream.shutdown(Shutdown::Write);
        let mut heard = Vec::new();
        let _ = stream.read_to_end(&mut heard);
        heard
    }

    #[test]
    fn each_weather() {
        let relay = Relay::start(doubling());
        assert_eq!(talk(&relay), b"aabb");
        relay.change(Weather::Refused);
        assert_eq!(talk(&relay), b"");
        relay.change(Weather::AnswersLost);
        assert_eq!(talk(&relay), b"");
        relay.change(Weather::HalfClosed(1));
        assert_eq!(talk(&relay), b"aa");
        relay.change(Weather::RequestsTorn(0));
        assert_eq!(talk(&relay), b"");
        assert_eq!(relay.ended(), 4);
        relay.change(Weather::Fair);
        assert_eq!(talk(&relay), b"aabb");
    }

    #[test]
    fn open_connections_are_cut() {
        let relay = Relay::start(doubling());
        let mut stream = TcpStream::connect(relay.address()).unwrap();
        stream.write_all(b"a").unwrap();
        let mut two = [0; 2];
        stream.read_exact(&mut two).unwrap();
        relay.cut();
        assert!(matches!(stream.read(&mut two), Ok(0) | Err(_)));
    }
}
