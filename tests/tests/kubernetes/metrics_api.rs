//! The metrics API as `kubectl top` and the autoscaler ask it, through the cluster's API server.

use std::process::Command;
use std::time::Duration;

use kansoku_tests::{Installed, Kubernetes, Rung};
use serde_json::Value;

const SOON: Duration = Duration::from_secs(120);

/// The words of a table's lines, without its head.
fn table(text: &str) -> Vec<Vec<String>> {
    let words = |line: &str| line.split_whitespace().map(str::to_owned).collect();
    text.lines().skip(1).map(words).collect()
}

/// `12m` and `34Mi` as millicores and MiB.
fn number(text: &str) -> f64 {
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    digits.parse().unwrap_or_else(|_| panic!("{text:?}"))
}

#[test]
fn kubectl_top_and_the_autoscaler_work() {
    let Some(kubernetes) = Kubernetes::up() else {
        return;
    };
    kubernetes.workloads();
    let installed = Installed::on(&kubernetes, Rung::Node);
    // Others of the tests have a cluster without it.
    let applied = installed.apply("optional/metrics-api.yaml");
    installed.eventually("the API is not available", SOON, || {
        let format = "jsonpath={.status.conditions[?(@.type=='Available')].status}";
        let get = ["get", "apiservice", "v1beta1.metrics.k8s.io", "-o", format];
        let said = kubernetes.try_kubectl(&get, "").ok()?;
        (said.trim() == "True").then_some(())
    });

    let nodes = installed.eventually("no node", SOON, || {
        let nodes = kubernetes.try_kubectl(&["top", "nodes"], "").ok()?;
        (!table(&nodes).is_empty()).then_some(nodes)
    });
    // NAME CPU(cores) CPU% MEMORY(bytes) MEMORY%
    let node = &table(&nodes)[0];
    assert_eq!(node[0], "node-1", "{nodes}");
    assert!(
        number(&node[1]) > 100.0,
        "the load alone takes more: {nodes}"
    );
    assert!(
        number(&node[3]) > 100.0 && number(&node[4]) < 100.0,
        "{nodes}"
    );

    // Each container, against what the kubelet says at the same time.
    let top = |arguments: &[&str]| {
        let all = [&["top", "pods"], arguments].concat();
        kubernetes.kubectl(&all, "")
    };
    installed.eventually("the load is not there", SOON, || {
        let text = kubernetes
            .try_kubectl(&["top", "pods", "-n", "load"], "")
            .ok()?;
        (table(&text).len() >= 4).then_some(())
    });
    let pods = top(&["-n", "load", "--containers"]);
    let summary = kubernetes.summary();
    let said = |pod: &str, container: &str| -> Value {
        let pods = summary["pods"].as_array().unwrap();
        let pod = pods.iter().find(|p| p["podRef"]["name"] == pod).unwrap();
        let containers = pod["containers"].as_array().unwrap();
        let found = containers.iter().find(|c| c["name"] == container);
        found
            .unwrap_or_else(|| panic!("{container} of {pod}"))
            .clone()
    };
    let mut compared = 0;
    for row in table(&pods) {
        // POD NAME CPU(cores) MEMORY(bytes)
        let (cpu, memory) = (number(&row[2]), number(&row[3]));
        let said = said(&row[0], &row[1]);
        let mib = said["memory"]["workingSetBytes"].as_f64().unwrap() / f64::from(1 << 20);
        assert!(
            (memory - mib).abs() <= mib * 0.05 + 2.0,
            "{row:?}: {mib} MiB of the kubelet"
        );
        let millicores = said["cpu"]["usageNanoCores"].as_f64().unwrap() / 1e6;
        // Over other seconds: of a steady load the same, of the rest the same magnitude.
        assert!(
            (cpu - millicores).abs() <= millicores * 0.35 + 25.0,
            "{row:?}: {millicores} millicores of the kubelet"
        );
        compared += 1;
    }
    assert!(compared >= 4, "{pods}");

    // By label, in every namespace, and one by its name.
    let web = top(&["-n", "shop", "-l", "app=web"]);
    let names: Vec<String> = table(&web).into_iter().map(|row| row[0].clone()).collect();
    assert!(
        !names.is_empty() && names.iter().all(|name| name.starts_with("web-")),
        "{web}"
    );
    let all = top(&["-A"]);
    assert!(all.contains("kube-system") && all.contains("load"), "{all}");
    assert_eq!(table(&top(&["-n", "shop", &names[0]])).len(), 1);
    let none = kubernetes.try_kubectl(&["top", "pod", "-n", "shop", "no-such"], "");
    let said = none.unwrap_err();
    assert!(
        said.contains("NotFound") || said.contains("not found"),
        "{said}"
    );

    // The autoscaler computes a utilization from it.
    let scale = [
        "-n",
        "shop",
        "autoscale",
        "deployment",
        "web",
        "--min=3",
        "--max=3",
        "--cpu-percent=80",
    ];
    let _ = kubernetes.try_kubectl(&["-n", "shop", "delete", "hpa", "web"], "");
    kubernetes.kubectl(&scale, "");
    installed.eventually("the autoscaler has no figure", SOON, || {
        let format = "jsonpath={.status.currentCPUUtilizationPercentage}";
        let get = [
            "-n",
            "shop",
            "get",
            "hpa.v1.autoscaling",
            "web",
            "-o",
            format,
        ];
        let text = kubernetes.try_kubectl(&get, "").ok()?;
        text.trim().parse::<u32>().ok()
    });
    kubernetes.kubectl(&["-n", "shop", "delete", "hpa", "web"], "");

    // Who comes past the API server is not talked to, with no certificate or with another's.
    let format = "jsonpath={.spec.clusterIP}";
    let get = [
        "-n",
        "kansoku",
        "get",
        "service",
        "kansoku-metrics-api",
        "-o",
        format,
    ];
    let url = format!(
        "https://{}/apis/metrics.k8s.io/v1beta1/nodes",
        kubernetes.kubectl(&get, "").trim()
    );
    let pki = kubernetes.pki();
    let other = [
        "--cert".to_owned(),
        pki.join("admin.crt").display().to_string(),
        "--key".to_owned(),
        pki.join("admin.key").display().to_string(),
    ];
    for shown in [&[][..], &other[..]] {
        let mut curl = Command::new("curl");
        curl.args(["-sk", "--max-time", "10", &url]).args(shown);
        let output = curl.output().unwrap();
        assert!(!output.status.success(), "{shown:?} is answered");
        assert!(output.stdout.is_empty());
    }
    // As the front proxy one is.
    let mut curl = Command::new("curl");
    curl.args(["-sk", "--max-time", "10", &url])
        .arg("--cert")
        .arg(pki.join("front-proxy-client.crt"))
        .arg("--key")
        .arg(pki.join("front-proxy-client.key"));
    let said = String::from_utf8(curl.output().unwrap().stdout).unwrap();
    assert!(said.contains("NodeMetricsList"), "{said}");
    drop(applied);
}
