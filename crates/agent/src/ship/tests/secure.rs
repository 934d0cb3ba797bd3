//! TLS with an authority of our own, a client certificate, and a proxy in between.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};

use super::*;

fn pem(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../corpus/tls")).join(name)
}

/// A server that shows its certificate and asks for one of the same authority.
fn secure_server() -> Server {
    let certificates = |name| {
        CertificateDer::pem_file_iter(pem(name))
            .unwrap()
            .map(Result::unwrap)
            .collect::<Vec<_>>()
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(certificates("authority.pem").remove(0)).unwrap();
    let verifier =
        WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
            .build()
            .unwrap();
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(verifier)
        .with_single_cert(
            certificates("server.pem"),
            PrivateKeyDer::from_pem_file(pem("server.key")).unwrap(),
        )
        .unwrap();
    let config = Arc::new(config);
    Server::start_with(
        |_| Deed::Store,
        move |stream| {
            let connection =
                ServerConnection::new(Arc::clone(&config)).map_err(std::io::Error::other)?;
            Ok(Box::new(StreamOwned::new(connection, stream)))
        },
    )
}

fn secure(server: &Server) -> ServerSettings {
    ServerSettings {
        ca: Some(pem("authority.pem")),
        identity: Some((pem("client.pem"), pem("client.key"))),
        timeout: Duration::from_secs(5),
        ..settings(format!("https://localhost:{}", server.address.port()))
    }
}

/// Sends one frame with these settings; what the first failure says, if it fails.
fn try_one(settings: ServerSettings) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    let running = Running::start(folder.path(), settings);
    running.append("node", b"one");
    running.until("it was tried", |running| {
        running.waiting() == 0 || running.figures.lock().last_failure.is_some()
    });
    let figures = running.stop();
    figures.last_failure
}

#[test]
fn both_ends_prove_who_they_are() {
    let server = secure_server();
    assert_eq!(try_one(secure(&server)), None);
    assert_eq!(server.stored.lock().unwrap().frames.len(), 1);
}

#[test]
fn a_server_of_another_authority_is_not_believed() {
    let server = secure_server();
    let said = try_one(ServerSettings {
        ca: None,
        ..secure(&server)
    })
    .unwrap();
    assert!(said.contains("certificate"), "{said}");
    let by_other_name = ServerSettings {
        url: format!("https://127.0.0.2:{}", server.address.port()),
        ..secure(&server)
    };
    let said = try_one(by_other_name).unwrap();
    assert!(said.contains("certificate"), "{said}");
    assert_eq!(server.stored.lock().unwrap().frames.len(), 0);
}

#[test]
fn a_client_without_a_certificate_is_not_let_in() {
    let server = secure_server();
    let said = try_one(ServerSettings {
        identity: None,
        ..secure(&server)
    });
    assert!(said.is_some());
    assert_eq!(server.stored.lock().unwrap().frames.len(), 0);
}

/// A proxy that opens tunnels (RFC 9110 §9.3.6), and notes where to.
fn proxy() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let asked: Arc<Mutex<Vec<String>>> = Arc::default();
    let noted = Arc::clone(&asked);
    std::thread::spawn(move || {
        for client in listener.incoming() {
            let (Ok(mut client), noted) = (client, Arc::clone(&noted)) else {
                continue;
            };
            std::thread::spawn(move || {
                let mut head = Vec::new();
                let mut byte = [0];
                while !head.ends_with(b"\r\n\r\n") && client.read(&mut byte).is_ok_and(|n| n == 1) {
                    head.push(byte[0]);
                }
                let head = String::from_utf8(head).unwrap();
                let line = head.lines().next().unwrap().to_owned();
                let target = line.split(' ').nth(1).unwrap().to_owned();
                noted.lock().unwrap().push(line);
                let mut server = TcpStream::connect(target).unwrap();
                client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
                let (mut from, mut to) = (client.try_clone().unwrap(), server.try_clone().unwrap());
                std::thread::spawn(move || std::io::copy(&mut from, &mut to));
                let _ = std::io::copy(&mut server, &mut client);
            });
        }
    });
    (url, asked)
}

#[test]
fn a_proxy_is_gone_through() {
    let server = secure_server();
    let (url, asked) = proxy();
    assert_eq!(
        try_one(ServerSettings {
            proxy: Some(url),
            ..secure(&server)
        }),
        None
    );
    assert_eq!(server.stored.lock().unwrap().frames.len(), 1);
    let asked = asked.lock().unwrap();
    assert!(
        asked[0].starts_with(&format!("CONNECT localhost:{}", server.address.port())),
        "{asked:?}"
    );
}
