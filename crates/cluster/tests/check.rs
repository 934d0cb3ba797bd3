//! The checks before an installation, against a small API server and a kubelet's port.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeSet, HashMap};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use chrono::{TimeDelta, Utc};
use cluster::check::{CLUSTER, Finding, Outcome, Progress, Settings, run};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// What the API server answers.
#[derive(Default)]
struct Cluster {
    /// By path.
    answers: HashMap<String, Value>,
    texts: HashMap<String, String>,
    /// Beginnings of paths that answer 403.
    forbidden: Vec<&'static str>,
    /// Every account may do everything; else nothing.
    allowed: bool,
    /// How far its clock is ahead.
    ahead: TimeDelta,
    /// How far the nodes' clocks are ahead of its.
    nodes_ahead: TimeDelta,
    /// Answers to nobody.
    unknown: bool,
    asking: AtomicUsize,
    most_asking: AtomicUsize,
    /// Methods and paths.
    asked: Mutex<Vec<String>>,
}

fn corpus(file: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus");
    std::fs::read_to_string(folder.join(file)).unwrap()
}

fn status(code: StatusCode, said: &str) -> Response {
    let body = json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
        "message": said, "code": code.as_u16()});
    (code, body.to_string()).into_response()
}

async fn answer(
    State(cluster): State<Arc<Cluster>>,
    method: Method,
    uri: Uri,
    body: Bytes,
) -> Response {
    let path = uri.path();
    cluster
        .asked
        .lock()
        .unwrap()
        .push(format!("{method} {path}"));
    let date = Utc::now() + cluster.ahead;
    let date = date.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    let mut answer = inner(&cluster, path, uri.query().unwrap_or_default(), &body).await;
    answer.headers_mut().insert("date", date.parse().unwrap());
    answer
}

async fn inner(cluster: &Cluster, path: &str, query: &str, body: &[u8]) -> Response {
    if cluster.unknown {
        return status(StatusCode::UNAUTHORIZED, "Unauthorized");
    }
    if cluster
        .forbidden
        .iter()
        .any(|start| path.starts_with(start))
    {
        return status(StatusCode::FORBIDDEN, "User \"eva\" cannot get it");
    }
    if path.ends_with("accessreviews") {
        let review: Value = serde_json::from_slice(body).unwrap();
        let attributes = &review["spec"]["resourceAttributes"];
        assert!(attributes["verb"].is_string(), "{review}");
        // The accounts that are installed have the server's rights.
        let allowed = match review["kind"].as_str().unwrap() {
            "SelfSubjectAccessReview" => cluster.allowed,
            _ => {
                let server =
                    review["spec"]["user"] == "system:serviceaccount:kansoku:kansoku-server";
                let verb = attributes["verb"].as_str().unwrap();
                let hidden =
                    ["secrets", "configmaps"].contains(&attributes["resource"].as_str().unwrap());
                server && ["list", "watch"].contains(&verb) && !hidden
            }
        };
        return json!({"status": {"allowed": allowed}})
            .to_string()
            .into_response();
    }
    if path.ends_with("/leases") && query.contains("watch=true") {
        assert!(query.contains("resourceVersion=7"), "{query}");
        let list = &cluster.answers[path];
        let renewed = (Utc::now() + cluster.ahead + cluster.nodes_ahead).to_rfc3339();
        let events = list["items"].as_array().unwrap().iter().map(|lease| {
            let mut lease = lease.clone();
            lease["spec"]["renewTime"] = json!(renewed);
            format!("{}\n", json!({"type": "MODIFIED", "object": lease}))
        });
        return events.collect::<String>().into_response();
    }
    if path.ends_with("/proxy/configz") {
        let now = cluster.asking.fetch_add(1, Ordering::SeqCst) + 1;
        cluster.most_asking.fetch_max(now, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(20)).await;
        cluster.asking.fetch_sub(1, Ordering::SeqCst);
    }
    if let Some(text) = cluster.texts.get(path) {
        return text.clone().into_response();
    }
    match cluster.answers.get(path) {
        Some(answer) => answer.to_string().into_response(),
        None => status(StatusCode::NOT_FOUND, "not found"),
    }
}

impl Cluster {
    /// A cluster without a fault, whose nodes have their kubelets at these addresses.
    fn well(kubelets: &[SocketAddr]) -> Cluster {
        let mut cluster = Cluster {
            allowed: true,
            ..Cluster::default()
        };
        let mut nodes = Vec::new();
        let mut leases = Vec::new();
        for (at, kubelet) in kubelets.iter().enumerate() {
            let name = format!("node-{}", at + 1);
            let mut node: Value = serde_json::from_str(&corpus("check/node-v1.36.json")).unwrap();
            node["metadata"]["name"] = json!(name);
            node["metadata"]["labels"]["kansoku.io/server"] = json!("true");
            node["status"]["addresses"][0]["address"] = json!(kubelet.ip().to_string());
            node["status"]["daemonEndpoints"]["kubeletEndpoint"]["Port"] = json!(kubelet.port());
            nodes.push(node);
            leases.push(
                json!({"metadata": {"name": name}, "spec": {"renewTime": Utc::now().to_rfc3339()}}),
            );
            let proxy = format!("/api/v1/nodes/{name}/proxy");
            let mut configz: Value =
                serde_json::from_str(&corpus("check/configz-v1.36.json")).unwrap();
            configz["kubeletconfig"]["containerLogMaxSize"] = json!("10Mi");
            cluster.answers.insert(format!("{proxy}/configz"), configz);
            let listing = corpus("check/kubelet-logs-v1.20.html");
            cluster.texts.insert(format!("{proxy}/logs/"), listing);
        }
        let list =
            |items: Vec<Value>| json!({"metadata": {"resourceVersion": "7"}, "items": items});
        let authority = json!({"data": {"ca.crt": corpus("tls/authority.pem")}});
        cluster.answers.extend([
            ("/version".to_owned(), json!({"gitVersion": "v1.36.2"})),
            ("/apis".to_owned(), json!({"groups": [{"name": "apps"}]})),
            ("/api/v1/nodes".to_owned(), list(nodes)),
            ("/api/v1/pods".to_owned(), list(vec![])),
            ("/apis/apps/v1/daemonsets".to_owned(), list(vec![])),
            (
                "/apis/storage.k8s.io/v1/storageclasses".to_owned(),
                list(vec![]),
            ),
            (
                "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases".to_owned(),
                list(leases),
            ),
            (
                "/api/v1/namespaces/default/configmaps/kube-root-ca.crt".to_owned(),
                authority,
            ),
        ]);
        cluster
    }

    async fn serve(self) -> (Arc<Cluster>, kube::Client) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let cluster = Arc::new(self);
        let router = Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&cluster));
        tokio::spawn(async move { axum::serve(listener, router).await });
        (cluster, client(address))
    }
}

fn client(address: SocketAddr) -> kube::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let config = kube::Config::new(format!("http://{address}").parse().unwrap());
    kube::Client::try_from(config).unwrap()
}

fn settings() -> Settings {
    Settings {
        patience: Duration::from_secs(5),
        watch_leases: Duration::from_secs(2),
        ..Settings::default()
    }
}

/// A port that shows a certificate for 127.0.0.1 to everybody.
fn kubelet() -> SocketAddr {
    let chain = CertificateDer::pem_slice_iter(corpus("tls/server.pem").as_bytes())
        .collect::<Result<Vec<_>, _>>()
        .unwrap();
    let key = PrivateKeyDer::from_pem_slice(corpus("tls/server.key").as_bytes()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    let config = Arc::new(config);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (mut stream, config) = (stream.unwrap(), Arc::clone(&config));
            std::thread::spawn(move || {
                let mut connection = rustls::ServerConnection::new(config).unwrap();
                while connection.is_handshaking() && connection.complete_io(&mut stream).is_ok() {}
            });
        }
    });
    address
}

/// An address at which nobody listens.
fn nobody() -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap()
}

fn find<'f>(findings: &'f [Finding], id: &str) -> &'f Finding {
    let found = findings.iter().find(|finding| finding.id == id);
    found.unwrap_or_else(|| panic!("no {id} among {findings:#?}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cluster_without_a_fault_is_well_and_is_not_changed() {
    let (cluster, client) = Cluster::well(&[kubelet()]).serve().await;
    let progress = Mutex::new(Vec::new());
    let tell = |step: Progress| progress.lock().unwrap().push((step.done, step.total));
    let findings = run(&client, &settings(), &tell).await;
    for finding in &findings {
        // Nothing is installed, so there are no accounts to judge.
        let skipped = finding.id.starts_with("account.");
        let expected = if skipped {
            Outcome::Skipped
        } else {
            Outcome::Ok
        };
        assert_eq!(finding.result, expected, "{finding:#?}");
    }
    let names: BTreeSet<(&str, &str)> = findings
        .iter()
        .map(|finding| (finding.id, finding.subject.as_str()))
        .collect();
    assert_eq!(
        names.len(),
        findings.len(),
        "a check twice for the same subject"
    );
    assert_eq!(find(&findings, "node.cgroup").found, "v2");
    assert!(
        find(&findings, "node.certificate")
            .found
            .contains("for 127.0.0.1")
    );
    for finding in &findings {
        assert_eq!(
            finding.subject == CLUSTER,
            !finding.id.starts_with("node."),
            "{finding:?}"
        );
    }
    let asked = cluster.asked.lock().unwrap();
    let changes = asked.iter().filter(|asked| !asked.starts_with("GET "));
    for change in changes {
        assert!(
            change.starts_with("POST ") && change.ends_with("reviews"),
            "{change}"
        );
    }
    let progress = progress.into_inner().unwrap();
    assert_eq!(progress.last(), Some(&(9, 9)), "{progress:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_has_few_rights_is_told_which_are_missing() {
    let mut cluster = Cluster::well(&[nobody()]);
    cluster.allowed = false;
    cluster.forbidden = vec![
        "/api/v1/nodes/",
        "/api/v1/pods",
        "/apis/coordination",
        "/apis/storage",
        "/apis/apps/v1/",
        "/apis/authentication",
    ];
    let (_, client) = cluster.serve().await;
    let findings = run(&client, &settings(), &|_| {}).await;
    let create = find(&findings, "install.create");
    assert_eq!(create.result, Outcome::Failed);
    assert!(
        create.remedy.as_ref().unwrap().contains("--user=eva"),
        "{create:?}"
    );
    assert_eq!(find(&findings, "install.grant").result, Outcome::Failed);
    for (id, right) in [
        ("node.rotation", "get nodes/proxy"),
        ("node.cgroup", "get nodes/proxy"),
        ("node.mounts", "get nodes/proxy"),
        ("node.room", "list pods"),
        (
            "node.clock",
            "list leases.coordination.k8s.io in the namespace kube-node-lease",
        ),
        ("cluster.agents", "list daemonsets.apps"),
        (
            "account.agent",
            "get daemonsets.apps and statefulsets.apps in the namespace kansoku",
        ),
    ] {
        let finding = find(&findings, id);
        assert_eq!(finding.result, Outcome::Skipped, "{finding:?}");
        assert!(finding.found.ends_with(right), "{finding:?}");
    }
    // A certificate that is not reached says how to reach it.
    let certificate = find(&findings, "node.certificate");
    assert_eq!(certificate.result, Outcome::Skipped);
    assert!(
        certificate
            .remedy
            .as_ref()
            .unwrap()
            .contains("openssl s_client -connect 127.0.0.1:")
    );
    // What the node itself says is judged all the same.
    assert_eq!(find(&findings, "node.runtime").result, Outcome::Ok);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn accounts_that_are_installed_are_held_against_their_rung() {
    let mut cluster = Cluster::well(&[kubelet()]);
    let volumes = json!([{"name": "cgroup", "hostPath": {"path": "/sys/fs/cgroup"}}]);
    let agent = json!({"spec": {"template": {"spec": {"volumes": volumes, "tolerations": [],
        "automountServiceAccountToken": true}}}});
    let folder = "/apis/apps/v1/namespaces/kansoku";
    cluster.answers.extend([
        (format!("{folder}/daemonsets/kansoku-agent"), agent),
        (
            format!("{folder}/statefulsets/kansoku-server"),
            json!({"status": {"readyReplicas": 1}}),
        ),
    ]);
    let node = &mut cluster.answers.get_mut("/api/v1/nodes").unwrap()["items"][0];
    node["spec"]["taints"] = json!([{"key": "gpu", "effect": "NoSchedule"}]);
    // An authority that did not sign the kubelet's certificate.
    let other = json!({"data": {"ca.crt": corpus("check/cluster-authority.pem")}});
    cluster.answers.insert(
        "/api/v1/namespaces/kansoku/configmaps/kube-root-ca.crt".to_owned(),
        other,
    );
    let (_, client) = cluster.serve().await;
    let findings = run(&client, &settings(), &|_| {}).await;
    // With a token it is the rung that asks the kubelet, for which it lacks the right.
    let agent = find(&findings, "account.agent");
    assert_eq!(agent.result, Outcome::Failed);
    assert!(
        agent.found.ends_with("may not get nodes/stats"),
        "{agent:?}"
    );
    let remedy = agent.remedy.as_deref().unwrap();
    assert!(remedy.ends_with("rungs/2-node-volumes.yaml"), "{remedy}");
    let server = find(&findings, "account.server");
    assert_eq!(server.result, Outcome::Ok, "{server:?}");
    let certificate = find(&findings, "node.certificate");
    assert_eq!(certificate.result, Outcome::Failed, "{certificate:?}");
    let taints = find(&findings, "node.taints");
    assert!(
        taints.found.ends_with("does not tolerate gpu:NoSchedule"),
        "{taints:?}"
    );
    assert_eq!(
        find(&findings, "cluster.server").found,
        "the server is running"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clocks_that_disagree_are_told_apart() {
    let mut cluster = Cluster::well(&[kubelet()]);
    cluster.ahead = TimeDelta::seconds(-30);
    cluster.nodes_ahead = TimeDelta::seconds(5);
    let (_, client) = cluster.serve().await;
    let findings = run(&client, &settings(), &|_| {}).await;
    let here = find(&findings, "clock.here");
    assert_eq!(here.result, Outcome::Warning);
    assert!(
        here.found.ends_with("s ahead of the API server's"),
        "{here:?}"
    );
    let seconds = |finding: &Finding| {
        finding
            .found
            .split(' ')
            .next()
            .unwrap()
            .parse::<f64>()
            .unwrap()
    };
    assert!((seconds(here) - 30.0).abs() < 1.0, "{here:?}");
    let node = find(&findings, "node.clock");
    assert_eq!(node.result, Outcome::Warning);
    assert!((seconds(node) - 5.0).abs() < 1.0, "{node:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_nodes_are_asked_at_once_and_told_of_in_order() {
    let kubelets = vec![nobody(); 30];
    let (cluster, client) = Cluster::well(&kubelets).serve().await;
    let findings = run(&client, &settings(), &|_| {}).await;
    let most = cluster.most_asking.load(Ordering::SeqCst);
    assert!((2..=8).contains(&most), "{most}");
    let names: Vec<&str> = findings
        .iter()
        .filter(|finding| finding.id == "node.rotation")
        .map(|finding| finding.subject.as_str())
        .collect();
    assert_eq!(names.len(), 30);
    assert!(names.is_sorted());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_silent_or_knows_nobody_is_told_at_once() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let settings = Settings {
        patience: Duration::from_millis(100),
        ..settings()
    };
    let findings = run(&client(listener.local_addr().unwrap()), &settings, &|_| {}).await;
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].result, Outcome::Failed);
    assert_eq!(findings[0].found, "no answer within 0.1 s");

    let unknown = Cluster {
        unknown: true,
        ..Cluster::default()
    };
    let (_, client) = unknown.serve().await;
    let findings = run(&client, &settings, &|_| {}).await;
    assert_eq!(findings.len(), 1);
    assert!(
        findings[0].remedy.as_ref().unwrap().contains("token"),
        "{findings:?}"
    );
}
