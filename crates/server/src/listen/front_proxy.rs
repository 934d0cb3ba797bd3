//! TLS for the one caller of the Kubernetes metrics API: the API server's front proxy, which has already decided who
//! may ask what (<https://kubernetes.io/docs/tasks/extend-kubernetes/configure-aggregation-layer/>).

use std::sync::Arc;
use std::time::Duration;

use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{VerifierBuilderError, WebPkiClientVerifier};
use rustls::{RootCertStore, ServerConfig};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use x509_cert::Certificate;
use x509_cert::der::Decode;
use x509_cert::der::oid::ObjectIdentifier;

/// `commonName` (X.520).
const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");

/// Why TLS cannot be spoken.
#[derive(Debug, thiserror::Error)]
pub enum FrontProxyError {
    /// The text holds no certificates in PEM, or broken ones.
    #[error("{what}: {source}")]
    Pem {
        /// Which text.
        what: &'static str,
        /// What is wrong with it.
        source: pem::Error,
    },
    /// There is no certificate in the text.
    #[error("{what}: there is no certificate in it; it has to be PEM")]
    Empty {
        /// Which text.
        what: &'static str,
    },
    /// Certificate and key do not belong together, or cannot be used.
    #[error("the certificate and key that are to be shown: {0}")]
    Identity(#[source] rustls::Error),
    /// No certificate could be made.
    #[error("making a certificate: {0}")]
    Made(#[from] rcgen::Error),
    /// An authority that cannot be used.
    #[error("the authorities of the front proxy: {0}")]
    Authority(#[source] rustls::Error),
    /// The authorities as a whole cannot be used.
    #[error("the authorities of the front proxy: {0}")]
    Verifier(#[from] VerifierBuilderError),
}

/// The certificate that is shown, with its key.
#[derive(Debug)]
pub struct Identity {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

impl Clone for Identity {
    fn clone(&self) -> Identity {
        Identity {
            chain: self.chain.clone(),
            key: self.key.clone_key(),
        }
    }
}

impl Identity {
    /// A new one for these names, signed by itself.
    ///
    /// # Errors
    /// [`FrontProxyError::Made`].
    pub fn self_signed(names: Vec<String>) -> Result<Identity, FrontProxyError> {
        let made = rcgen::generate_simple_self_signed(names)?;
        Ok(Identity {
            chain: vec![made.cert.der().clone()],
            key: PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into()),
        })
    }

    /// One from PEM texts.
    ///
    /// # Errors
    /// [`FrontProxyError::Pem`] and [`FrontProxyError::Empty`].
    pub fn from_pem(certificate: &[u8], key: &[u8]) -> Result<Identity, FrontProxyError> {
        let wrong = |source| FrontProxyError::Pem {
            what: "the private key",
            source,
        };
        Ok(Identity {
            chain: certificates(certificate, "the certificate")?,
            key: PrivateKeyDer::from_pem_slice(key).map_err(wrong)?,
        })
    }
}

/// Who may call, and what is shown to them.
#[derive(Clone)]
pub struct FrontProxy {
    acceptor: TlsAcceptor,
    names: Arc<[String]>,
}

impl std::fmt::Debug for FrontProxy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FrontProxy")
            .field("names", &self.names)
            .finish_non_exhaustive()
    }
}

impl FrontProxy {
    /// Callers whose certificate is vouched for by one of the authorities (PEM) and bears one of the names (any, when
    /// there are none), as `--requestheader-client-ca-file` and `--requestheader-allowed-names` of the API server.
    ///
    /// # Errors
    /// See [`FrontProxyError`].
    pub fn new(
        shown: Identity,
        authorities: &[u8],
        names: Vec<String>,
    ) -> Result<FrontProxy, FrontProxyError> {
        let provider: Arc<CryptoProvider> = Arc::new(ring::default_provider());
        let mut roots = RootCertStore::empty();
        for authority in certificates(authorities, "the authorities of the front proxy")? {
            roots.add(authority).map_err(FrontProxyError::Authority)?;
        }
        let verifier =
            WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
                .build()?;
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(FrontProxyError::Identity)?
            .with_client_cert_verifier(verifier)
            .with_single_cert(shown.chain, shown.key)
            .map_err(FrontProxyError::Identity)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(FrontProxy {
            acceptor: TlsAcceptor::from(Arc::new(config)),
            names: names.into(),
        })
    }

    fn is_named(&self, certificate: &CertificateDer<'_>) -> bool {
        self.names.is_empty()
            || common_names(certificate)
                .iter()
                .any(|name| self.names.contains(name))
    }
}

fn certificates(
    text: &[u8],
    what: &'static str,
) -> Result<Vec<CertificateDer<'static>>, FrontProxyError> {
    let found: Vec<_> = CertificateDer::pem_slice_iter(text)
        .collect::<Result<_, _>>()
        .map_err(|source| FrontProxyError::Pem { what, source })?;
    if found.is_empty() {
        return Err(FrontProxyError::Empty { what });
    }
    Ok(found)
}

/// The common names of a certificate's subject.
fn common_names(certificate: &CertificateDer<'_>) -> Vec<String> {
    let Ok(certificate) = Certificate::from_der(certificate) else {
        return Vec::new();
    };
    let subject = &certificate.tbs_certificate.subject;
    subject
        .0
        .iter()
        .flat_map(|part| part.0.iter())
        .filter(|attribute| attribute.oid == COMMON_NAME)
        .filter_map(|attribute| String::from_utf8(attribute.value.value().to_vec()).ok())
        .collect()
}

/// Speaks TLS with a caller; `None` when it is not one of those who may call, or takes too long.
pub(super) async fn meet(
    stream: TcpStream,
    known: Option<FrontProxy>,
    within: Duration,
) -> Option<TlsStream<TcpStream>> {
    let Some(known) = known else {
        tracing::debug!("a caller of the metrics API came before it was known who may call");
        return None;
    };
    let stream = match tokio::time::timeout(within, known.acceptor.accept(stream)).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => {
            // Whoever reaches the port can cause this.
            tracing::debug!(%error, "a caller of the metrics API was refused");
            return None;
        }
        Err(_) => return None,
    };
    let certificate = stream.get_ref().1.peer_certificates()?.first()?;
    if !known.is_named(certificate) {
        tracing::warn!(
            names = ?common_names(certificate),
            allowed = ?known.names,
            "a caller of the metrics API has the certificate of another"
        );
        return None;
    }
    Some(stream)
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
    use rustls::ClientConfig;
    use rustls::pki_types::ServerName;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;
    use tokio_rustls::TlsConnector;

    use super::*;

    struct Authority(CertifiedIssuer<'static, KeyPair>);

    impl Authority {
        fn new() -> Authority {
            let mut params = CertificateParams::new(Vec::new()).unwrap();
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
            let key = KeyPair::generate().unwrap();
            Authority(CertifiedIssuer::self_signed(params, key).unwrap())
        }

        fn named(&self, name: &str) -> Identity {
            let mut params = CertificateParams::new(Vec::new()).unwrap();
            params.distinguished_name.push(DnType::CommonName, name);
            let key = KeyPair::generate().unwrap();
            let certificate = params.signed_by(&key, &self.0).unwrap();
            Identity {
                chain: vec![certificate.der().clone()],
                key: PrivateKeyDer::Pkcs8(key.serialize_der().into()),
            }
        }
    }

    /// Whether a caller who shows this is talked to.
    async fn is_met(proxy: FrontProxy, caller: Option<Identity>) -> bool {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address: SocketAddr = listener.local_addr().unwrap();
        let mut roots = RootCertStore::empty();
        let shown = Identity::self_signed(vec!["kansoku".to_owned()]).unwrap();
        roots.add(shown.chain[0].clone()).unwrap();
        let provider = Arc::new(ring::default_provider());
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(AnyServer));
        let config = match caller {
            Some(caller) => builder
                .with_client_auth_cert(caller.chain, caller.key)
                .unwrap(),
            None => builder.with_no_client_auth(),
        };
        let server = tokio::spawn(async move {
            let (stream, _) = listener.accept().await.unwrap();
            let met = meet(stream, Some(proxy), Duration::from_secs(5)).await;
            if let Some(mut stream) = met {
                stream.write_all(b"hello").await.unwrap();
                stream.shutdown().await.unwrap();
            }
        });
        let stream = TcpStream::connect(address).await.unwrap();
        let name = ServerName::try_from("kansoku").unwrap();
        let mut said = Vec::new();
        if let Ok(mut stream) = TlsConnector::from(Arc::new(config))
            .connect(name, stream)
            .await
        {
            let _ = stream.read_to_end(&mut said).await;
        }
        server.await.unwrap();
        said == b"hello"
    }

    #[derive(Debug)]
    struct AnyServer;

    impl rustls::client::danger::ServerCertVerifier for AnyServer {
        fn verify_server_cert(
            &self,
            _: &CertificateDer<'_>,
            _: &[CertificateDer<'_>],
            _: &ServerName<'_>,
            _: &[u8],
            _: rustls::pki_types::UnixTime,
        ) -> Result<rustls::client::danger::ServerCertVerified, rustls::Error> {
            Ok(rustls::client::danger::ServerCertVerified::assertion())
        }

        fn verify_tls12_signature(
            &self,
            message: &[u8],
            certificate: &CertificateDer<'_>,
            signed: &rustls::DigitallySignedStruct,
        ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
            let algorithms = ring::default_provider().signature_verification_algorithms;
            rustls::crypto::verify_tls12_signature(message, certificate, signed, &algorithms)
        }

        fn verify_tls13_signature(
            &self,
            message: &[u8],
            certificate: &CertificateDer<'_>,
            signed: &rustls::DigitallySignedStruct,
        ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
            let algorithms = ring::default_provider().signature_verification_algorithms;
            rustls::crypto::verify_tls13_signature(message, certificate, signed, &algorithms)
        }

        fn supported_verify_schemes(&self) -> Vec<rustls::SignatureScheme> {
            ring::default_provider()
                .signature_verification_algorithms
                .supported_schemes()
        }
    }

    fn proxy(authority: &Authority, names: &[&str]) -> FrontProxy {
        let shown = Identity::self_signed(vec!["kansoku".to_owned()]).unwrap();
        let names = names.iter().map(|&name| name.to_owned()).collect();
        FrontProxy::new(shown, authority.0.pem().as_bytes(), names).unwrap()
    }

    #[tokio::test]
    async fn only_the_front_proxy_is_talked_to() {
        let (authority, other) = (Authority::new(), Authority::new());
        let names = ["front-proxy-client"];
        for (caller, met) in [
            (Some(authority.named("front-proxy-client")), true),
            (Some(authority.named("somebody")), false),
            (Some(other.named("front-proxy-client")), false),
            (None, false),
        ] {
            let told = format!("{:?}", caller.as_ref().map(|c| common_names(&c.chain[0])));
            assert_eq!(
                is_met(proxy(&authority, &names), caller).await,
                met,
                "{told}"
            );
        }
        // Without names, whoever the authority vouches for.
        let caller = Some(authority.named("somebody"));
        assert!(is_met(proxy(&authority, &[]), caller).await);
    }

    #[test]
    fn texts_that_are_no_certificates_are_told_of() {
        let shown = || Identity::self_signed(vec!["kansoku".to_owned()]).unwrap();
        let said = FrontProxy::new(shown(), b"nothing", Vec::new()).unwrap_err();
        assert_eq!(
            said.to_string(),
            "the authorities of the front proxy: there is no certificate in it; it has to be PEM"
        );
        let said = Identity::from_pem(b"", b"").unwrap_err().to_string();
        assert!(said.starts_with("the certificate"), "{said}");
    }
}
