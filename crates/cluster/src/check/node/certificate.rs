//! Whether a kubelet's certificate is one that an agent can check: signed by the cluster's authority, for the address at
//! which the agent asks.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, RootCertStore};
use serde_json::Value;

use super::configz::Configz;
use super::{Around, Node, handshake};
use crate::check::ask::{Api, Refusal, now_usec};
use crate::check::finding::{Check, Finding};

const CERTIFICATE: Check = Check::new("node.certificate", "Certificate of the kubelet");

/// A certificate that ends within this is told of.
const SOON: Duration = Duration::from_secs(14 * 24 * 3600);
/// How long a kubelet is waited for.
const PATIENCE: Duration = Duration::from_secs(3);

/// Those who sign for the cluster.
#[derive(Debug, Clone)]
pub(crate) struct Authorities {
    roots: Vec<CertificateDer<'static>>,
    /// Where they are from.
    from: String,
}

impl Authorities {
    /// What agents get with their token: the config map `kube-root-ca.crt`. Else those of the kubeconfig.
    pub(crate) async fn look(api: &Api, namespace: &str, kubeconfig: &[Vec<u8>]) -> Authorities {
        for namespace in [namespace, "default", "kube-public"] {
            let path = format!("/api/v1/namespaces/{namespace}/configmaps/kube-root-ca.crt");
            let map: Option<Value> = api.get(&path).await.ok();
            let text = map.as_ref().and_then(|map| map["data"]["ca.crt"].as_str());
            let roots = text.map(read_pem).unwrap_or_default();
            if !roots.is_empty() {
                let from = "the config map kube-root-ca.crt".to_owned();
                return Authorities { roots, from };
            }
        }
        let roots = kubeconfig
            .iter()
            .map(|der| CertificateDer::from(der.clone()));
        Authorities {
            roots: roots.collect(),
            from: "the kubeconfig".to_owned(),
        }
    }
}

fn read_pem(text: &str) -> Vec<CertificateDer<'static>> {
    let all = CertificateDer::pem_slice_iter(text.as_bytes());
    all.filter_map(Result::ok).collect()
}

/// What is wrong with a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Verdict {
    Good,
    /// Good now, and not in [`SOON`].
    EndsSoon,
    Expired,
    NotYet,
    /// Signed by somebody else.
    Unknown,
    /// For other names and addresses, which are these.
    Other(Vec<String>),
    /// Anything else.
    Bad(String),
}

/// Checks a chain as an agent would at a time, given in seconds since 1970.
fn verdict(
    chain: &[CertificateDer<'static>],
    roots: &[CertificateDer<'static>],
    address: IpAddr,
    at_sec: u64,
) -> Verdict {
    let Some((own, others)) = chain.split_first() else {
        return Verdict::Bad("no certificate came".to_owned());
    };
    let mut store = RootCertStore::empty();
    store.add_parsable_certificates(roots.iter().cloned());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier =
        match WebPkiServerVerifier::builder_with_provider(Arc::new(store), provider).build() {
            Ok(verifier) => verifier,
            Err(error) => return Verdict::Bad(error.to_string()),
        };
    let name = ServerName::IpAddress(address.into());
    let check = |at_sec: u64| {
        let at = UnixTime::since_unix_epoch(Duration::from_secs(at_sec));
        verifier.verify_server_cert(own, others, &name, &[], at)
    };
    match check(at_sec) {
        Ok(_) if check(at_sec + SOON.as_secs()).is_err() => Verdict::EndsSoon,
        Ok(_) => Verdict::Good,
        Err(rustls::Error::InvalidCertificate(error)) => match error {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => Verdict::Expired,
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                Verdict::NotYet
            }
            CertificateError::UnknownIssuer => Verdict::Unknown,
            CertificateError::NotValidForName => Verdict::Other(Vec::new()),
            CertificateError::NotValidForNameContext { presented, .. } => Verdict::Other(presented),
            other => Verdict::Bad(format!("{other:?}")),
        },
        Err(error) => Verdict::Bad(error.to_string()),
    }
}

pub(super) async fn check(
    around: &Around<'_>,
    node: &Node,
    configz: &Result<Configz, Refusal>,
) -> Finding {
    let (name, configz) = (node.name(), configz.as_ref().ok());
    let Some((address, port)) = node.kubelet() else {
        return CERTIFICATE.skipped(name, "the node has no internal address");
    };
    if around.authorities.roots.is_empty() {
        let why = "the cluster's authority is not known: no config map kube-root-ca.crt, none in the kubeconfig";
        return CERTIFICATE.skipped(name, why);
    }
    let patience = around.patience.min(PATIENCE);
    let at = SocketAddr::new(address, port);
    let shown = tokio::task::spawn_blocking(move || handshake::shown(at, patience)).await;
    match shown {
        Ok(Ok(chain)) => {
            let now_sec = u64::try_from(now_usec() / 1_000_000).unwrap_or(0);
            let verdict = verdict(&chain, &around.authorities.roots, address, now_sec);
            judge(
                name,
                at,
                &verdict,
                configz,
                around.kubelet_asked,
                &around.authorities.from,
            )
        }
        Ok(Err(error)) => unreached(name, at, &error.to_string(), configz, around.kubelet_asked),
        Err(error) => unreached(name, at, &error.to_string(), configz, around.kubelet_asked),
    }
}

/// How to get a certificate that can be checked.
fn remedy(configz: Option<&Configz>) -> String {
    let first = match configz {
        Some(configz) if configz.server_tls_bootstrap => {
            "The kubelet asks the cluster to sign its certificate: kubectl get csr, then kubectl certificate approve NAME, or \
             run an approver"
        }
        Some(Configz {
            tls_cert_file: Some(file),
            ..
        }) if !file.ends_with("kubelet.crt") || !file.contains("/var/lib/kubelet") => &format!(
            "The kubelet serves {file}: have it signed by the cluster's authority, for the node's address"
        ),
        _ => {
            "In the kubelet's configuration: serverTLSBootstrap: true and rotateCertificates: true; restart it; then kubectl get \
             csr and kubectl certificate approve NAME"
        }
    };
    format!(
        "{first}. Or name the authorities that signed it: agent.kubelet.ca. Rung 2 (kansoku.yaml) asks no kubelet and needs none of \
         this"
    )
}

/// On rungs that ask the kubelet a certificate that cannot be checked is a fault; else it will be one when they are chosen.
fn at_fault(name: &str, asked: bool, found: &str, remedy: String) -> Finding {
    if asked {
        return CERTIFICATE.failed(
            name,
            format!("{found}. The installed agents ask it"),
            remedy,
        );
    }
    let found = format!("{found}. It matters on the rungs that ask the kubelet only");
    CERTIFICATE.warning(name, found, remedy)
}

fn judge(
    name: &str,
    at: SocketAddr,
    verdict: &Verdict,
    configz: Option<&Configz>,
    asked: bool,
    from: &str,
) -> Finding {
    let ip = at.ip();
    let found = match verdict {
        Verdict::Good => {
            let rotates = configz.is_some_and(|configz| configz.rotate_certificates);
            let rotates = if rotates {
                "; it is renewed by itself"
            } else {
                ""
            };
            return CERTIFICATE.ok(
                name,
                format!("signed by the authority of {from}, for {ip}{rotates}"),
            );
        }
        Verdict::EndsSoon => {
            let days = SOON.as_secs() / 86_400;
            return CERTIFICATE.warning(
                name,
                format!("it can be checked, and ends within {days} days"),
                "rotateCertificates: true in the kubelet's configuration renews it; else give the kubelet a new one",
            );
        }
        Verdict::Expired => "it has expired".to_owned(),
        Verdict::NotYet => "it is not valid yet: a clock is wrong".to_owned(),
        Verdict::Unknown => {
            format!("it is not signed by the authority of {from}, so an agent cannot check it")
        }
        Verdict::Other(names) if names.is_empty() => {
            format!("it is not for {ip}, where agents ask")
        }
        Verdict::Other(names) => {
            format!(
                "it is for {}, and not for {ip}, where agents ask",
                names.join(", ")
            )
        }
        Verdict::Bad(why) => format!("it cannot be used: {why}"),
    };
    at_fault(name, asked, &found, remedy(configz))
}

/// What can be said without a way to the kubelet.
fn unreached(
    name: &str,
    at: SocketAddr,
    why: &str,
    configz: Option<&Configz>,
    asked: bool,
) -> Finding {
    let made_itself = configz.filter(|configz| {
        !configz.server_tls_bootstrap && configz.tls_cert_file.as_deref().is_none_or(str::is_empty)
    });
    if made_itself.is_some() {
        let found = "by its configuration the kubelet signs its certificate itself, so an agent cannot check it";
        return at_fault(name, asked, found, remedy(configz));
    }
    CERTIFICATE.skipped_but(
        name,
        format!("{at} is not reached from here: {why}"),
        format!(
            "From a machine that reaches the nodes: kubectl get configmap kube-root-ca.crt -o jsonpath='{{.data.ca\\.crt}}' > ca.crt; \
             openssl s_client -connect {at} -CAfile ca.crt -verify_ip {ip} </dev/null",
            ip = at.ip()
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::finding::Outcome;
    use crate::check::node::tests::corpus;

    const NOV_2026: u64 = 1_795_600_000;

    fn pem(file: &str) -> Vec<CertificateDer<'static>> {
        read_pem(&corpus(file))
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn at() -> SocketAddr {
        SocketAddr::new(ip("10.99.0.1"), 10250)
    }

    #[test]
    fn a_recorded_certificate_is_good_for_its_own_address_and_time() {
        let (chain, roots) = (pem("kubelet-certificate.pem"), pem("cluster-authority.pem"));
        let verdict = |address: &str, at_sec| verdict(&chain, &roots, ip(address), at_sec);
        assert_eq!(verdict("10.99.0.1", NOV_2026 + 86_400), Verdict::Good);
        assert!(matches!(
            verdict("10.99.0.7", NOV_2026 + 86_400),
            Verdict::Other(_)
        ),);
        // It is valid from the 26th of November 2026 to the 23rd of November 2036.
        assert_eq!(verdict("10.99.0.1", 1_700_000_000), Verdict::NotYet);
        assert_eq!(verdict("10.99.0.1", 2_120_000_000), Verdict::Expired);
        assert_eq!(
            verdict("10.99.0.1", 2_110_000_000 - 86_400),
            Verdict::EndsSoon
        );
    }

    #[test]
    fn what_somebody_else_signed_cannot_be_checked() {
        let other = read_pem(include_str!("../../../../../corpus/tls/authority.pem"));
        let chain = pem("kubelet-certificate.pem");
        let verdict = verdict(&chain, &other, ip("10.99.0.1"), NOV_2026 + 86_400);
        assert_eq!(verdict, Verdict::Unknown);
        let fault = judge("n", at(), &verdict, None, true, "the config map");
        assert_eq!(fault.result, Outcome::Failed);
        let later = judge("n", at(), &verdict, None, false, "the config map");
        assert_eq!(later.result, Outcome::Warning);
        assert!(later.remedy.unwrap().contains("serverTLSBootstrap: true"));
    }

    #[test]
    fn what_the_configuration_says_is_enough_for_one_that_the_kubelet_signs() {
        let itself = Configz::default();
        let finding = unreached("n", at(), "timed out", Some(&itself), false);
        assert_eq!(finding.result, Outcome::Warning);
        let signed = Configz {
            server_tls_bootstrap: true,
            ..Configz::default()
        };
        let finding = unreached("n", at(), "timed out", Some(&signed), false);
        assert_eq!(finding.result, Outcome::Skipped);
        assert_eq!(
            finding.found,
            "10.99.0.1:10250 is not reached from here: timed out"
        );
        assert!(remedy(Some(&signed)).contains("certificate approve"));
    }

    #[test]
    fn a_handshake_shows_the_certificate_whoever_signed_it() {
        use rustls::pki_types::PrivateKeyDer;
        use std::io::Read;

        let chain = read_pem(include_str!("../../../../../corpus/tls/server.pem"));
        let key = include_bytes!("../../../../../corpus/tls/server.key");
        let key = PrivateKeyDer::from_pem_slice(key).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain.clone(), key)
            .unwrap();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let serving = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut connection = rustls::ServerConnection::new(Arc::new(config)).unwrap();
            while connection.is_handshaking() {
                connection.complete_io(&mut stream).unwrap();
            }
            // The other side goes away without a word.
            let mut rest = Vec::new();
            let _ = stream.read_to_end(&mut rest);
        });
        let shown = handshake::shown(address, Duration::from_secs(5)).unwrap();
        serving.join().unwrap();
        assert_eq!(shown, chain);
        let roots = read_pem(include_str!("../../../../../corpus/tls/authority.pem"));
        assert_eq!(
            verdict(&shown, &roots, address.ip(), NOV_2026),
            Verdict::Good
        );
    }
}
