//! Certificates of HTTP receivers.

#![allow(clippy::unwrap_used)]

mod common;

use std::sync::Arc;

use common::http::{Server, answer};
use common::{fired, now, receiver};
use notify::{Http, Notification, Proxies};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

#[tokio::test]
async fn only_who_is_trusted_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(vec!["localhost".into()]).unwrap();
    let other = rcgen::generate_simple_self_signed(vec!["localhost".into()]).unwrap();
    std::fs::write(folder.path().join("right.pem"), made.cert.pem()).unwrap();
    std::fs::write(folder.path().join("wrong.pem"), other.cert.pem()).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(tls));
    let server = Server::with(vec![answer(200, "")], Some(acceptor)).await;
    let port = server.address.port();
    let http = Http::new(Proxies::None);
    let told = Notification::new("d", vec![fired("a")], now());
    for (host, ca, trusted) in [
        ("localhost", "ca_file = \"right.pem\"", true),
        ("localhost", "ca_file = \"wrong.pem\"", false),
        ("localhost", "", false),
        // The certificate is another's.
        ("127.0.0.1", "ca_file = \"right.pem\"", false),
    ] {
        let text = format!(
            "[[receiver]]\nname = \"ops\"\ntype = \"webhook\"\nurl = \"https://{host}:{port}\"\n{ca}\n"
        );
        let ops = receiver(&text, folder.path(), &[]);
        match ops.deliver(&told, &http).await {
            Ok(_) => assert!(trusted, "{host} {ca}"),
            Err(failure) => {
                assert!(!trusted && failure.transient, "{host} {ca}: {failure}");
                assert!(
                    failure.message.contains("certificate"),
                    "{host} {ca}: {failure}"
                );
            }
        }
    }
    assert_eq!(server.seen().len(), 1);
}
