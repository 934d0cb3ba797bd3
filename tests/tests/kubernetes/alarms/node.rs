//! What happens to a whole node: its agent goes, its kubelet goes, its memory is short.

use std::time::Duration;

use kansoku_tests::{Http, Kubernetes, wait_until};

use super::stage::{Stage, is_all};
use super::watch::{self, Watch};

/// Longer than any of them may take. The kubelet's pods are evicted five minutes after the node is not ready.
const LATER: Duration = Duration::from_secs(420);
const KUBELET: Duration = Duration::from_secs(270);
const OVER: Duration = Duration::from_secs(240);

/// The agents are given no node, until this is dropped.
struct NoAgent<'a>(&'a Kubernetes);

impl<'a> NoAgent<'a> {
    fn new(kubernetes: &'a Kubernetes) -> NoAgent<'a> {
        select(kubernetes, r#""nowhere""#).unwrap();
        NoAgent(kubernetes)
    }
}

impl Drop for NoAgent<'_> {
    fn drop(&mut self) {
        if let Err(error) = select(self.0, "null") {
            println!("the agents are still away: {error}");
        }
    }
}

fn select(kubernetes: &Kubernetes, value: &str) -> Result<String, String> {
    let selector = format!(
        r#"{{"spec":{{"template":{{"spec":{{"nodeSelector":{{"kansoku.io/test":{value}}}}}}}}}}}"#
    );
    let arguments = [
        "-n",
        "kansoku",
        "patch",
        "daemonset",
        "kansoku-agent",
        "-p",
        &selector,
    ];
    kubernetes.try_kubectl(&arguments, "")
}

/// No kubelet, until this is dropped. Containers go on without it.
struct NoKubelet<'a>(&'a Kubernetes);

impl Drop for NoKubelet<'_> {
    fn drop(&mut self) {
        self.0.start();
    }
}

/// A kubelet that finds memory short, until this is dropped.
struct ShortKubelet<'a>(&'a Kubernetes);

impl<'a> ShortKubelet<'a> {
    fn start(kubernetes: &'a Kubernetes) -> ShortKubelet<'a> {
        kubernetes.kill("kubelet");
        // More than any node has. Pods would be evicted after an hour of it.
        kubernetes.start_with(&[
            "--eviction-soft=memory.available<1000Gi",
            "--eviction-soft-grace-period=memory.available=1h",
        ]);
        ShortKubelet(kubernetes)
    }
}

impl Drop for ShortKubelet<'_> {
    fn drop(&mut self) {
        self.0.kill("kubelet");
        self.0.start();
    }
}

struct Wanted {
    cause: &'static str,
    alarm: &'static str,
    word: &'static str,
    says: &'static str,
    within: Duration,
}

fn told(watch: &mut Watch<'_>, http: &Http, wanted: &Wanted) {
    let found = wait_until(wanted.within, || {
        watch.look(http);
        std::thread::sleep(Duration::from_secs(1));
        watch.found(wanted.alarm, "Node", "node-1", wanted.word)
    });
    watch::print(wanted.cause, wanted.alarm, found.as_ref());
    let found = found.unwrap_or_else(|| panic!("{} was not told", wanted.alarm));
    let reason = &found.verdict.reason;
    assert!(reason.contains(wanted.says), "{reason}");
}

fn over(watch: &Watch<'_>, alarm: &str) {
    let began = watch.elapsed();
    let told = wait_until(OVER, || {
        let told = watch.told(alarm, "Node", "node-1");
        (told.last()?.message["NewStateValue"] == "OK").then_some(told)
    });
    let told = told.unwrap_or_else(|| panic!("{alarm} is not told to be over"));
    println!(
        "{alarm}: over {:.0} s after it was mended",
        watch.elapsed() - began
    );
    assert_eq!(told.len(), 2, "{told:?}");
}

#[test]
fn who_is_told_of_an_agent_and_a_kubelet_that_go_hears_it_soon_and_once() {
    if !is_all() {
        println!(
            "skipped: it takes a quarter of an hour and stops the kubelet; KANSOKU_INCIDENTS=all does it"
        );
        return;
    }
    let Some(kubernetes) = Kubernetes::up() else {
        return;
    };
    let kubernetes = &kubernetes;
    let stage = Stage::set(kubernetes);
    let (http, hook) = (stage.installed.http(), &stage.hook);
    let namespace = stage.namespace.as_str();
    stage.wait();
    let silent = "kansoku-agent-silent";
    let mut watch = Watch::new(hook, http, namespace);
    let away = NoAgent::new(kubernetes);
    let wanted = Wanted {
        cause: "the agent's pod is removed",
        alarm: silent,
        word: "silent",
        says: "Its agent has sent nothing for",
        within: LATER,
    };
    told(&mut watch, http, &wanted);
    drop(away);
    over(&watch, silent);

    // A node that is not ready makes the server's pod not ready: its service leads nowhere meanwhile, its own address does.
    let address = [
        "-n",
        "kansoku",
        "get",
        "pod",
        "kansoku-server-0",
        "-o",
        "jsonpath={.status.podIP}",
    ];
    let address = kubernetes.kubectl(&address, "");
    let http = Http::new(format!("http://{}:4780", address.trim()));
    let mut watch = Watch::new(hook, &http, namespace);
    let stopped = NoKubelet(kubernetes);
    kubernetes.kill("kubelet");
    let wanted = Wanted {
        cause: "the kubelet is killed",
        alarm: "kansoku-node-not-ready",
        word: "node-not-ready",
        says: "kubelet has not reported",
        within: KUBELET,
    };
    told(&mut watch, &http, &wanted);
    drop(stopped);
    over(&watch, "kansoku-node-not-ready");
}

#[test]
fn who_is_told_of_pressure_on_a_node_hears_it_soon_and_once() {
    if !is_all() {
        println!("skipped: it takes minutes and stops the kubelet; KANSOKU_INCIDENTS=all does it");
        return;
    }
    let Some(kubernetes) = Kubernetes::up() else {
        return;
    };
    let stage = Stage::set(&kubernetes);
    let http = stage.installed.http();
    stage.wait();
    let mut watch = Watch::new(&stage.hook, http, &stage.namespace);
    let short = ShortKubelet::start(&kubernetes);
    let wanted = Wanted {
        cause: "the kubelet finds memory short",
        alarm: "kansoku-node-pressure",
        word: "pressure",
        says: "Memory is short",
        within: KUBELET,
    };
    told(&mut watch, http, &wanted);
    drop(short);
    over(&watch, "kansoku-node-pressure");
}
