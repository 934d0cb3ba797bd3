//! The manifests in `deploy/kubernetes`: what they may, and that they may no more.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/kubernetes")
}

/// The objects of a file.
fn objects(name: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(folder().join(name)).unwrap();
    serde_saphyr::from_multiple::<Value>(&text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Every file with objects.
fn files() -> Vec<String> {
    let mut names = Vec::new();
    for folder_name in ["", "rungs/", "optional/"] {
        for entry in std::fs::read_dir(folder().join(folder_name)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            if name.ends_with(".yaml") && name != "kustomization.yaml" {
                names.push(format!("{folder_name}{name}"));
            }
        }
    }
    names.sort();
    names
}

fn of_kind<'o>(objects: &'o [Value], kind: &str) -> Vec<&'o Value> {
    objects.iter().filter(|o| o["kind"] == kind).collect()
}

fn daemon_set(name: &str) -> Value {
    let objects = objects(name);
    let sets = of_kind(&objects, "DaemonSet");
    assert_eq!(sets.len(), 1, "{name}");
    sets[0].clone()
}

fn array(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// Pods of a file: of daemon sets and stateful sets.
fn pods(name: &str) -> Vec<(String, Value)> {
    pods_of(name, &objects(name))
}

fn pods_of(name: &str, objects: &[Value]) -> Vec<(String, Value)> {
    let with_pods = objects
        .iter()
        .filter(|o| o["spec"]["template"]["spec"].is_object());
    with_pods
        .map(|o| {
            let who = format!("{name}: {}", o["metadata"]["name"].as_str().unwrap());
            (who, o["spec"]["template"]["spec"].clone())
        })
        .collect()
}

/// The folders of the node that a pod sees, and whether all of its mounts of each are read-only.
fn host_paths(pod: &Value) -> BTreeSet<(String, bool)> {
    let containers = array(&pod["containers"])
        .iter()
        .chain(array(&pod["initContainers"]));
    let mounts: Vec<&Value> = containers.flat_map(|c| array(&c["volumeMounts"])).collect();
    array(&pod["volumes"])
        .iter()
        .filter_map(|volume| {
            let path = volume["hostPath"]["path"].as_str()?.to_owned();
            let mut of = mounts.iter().filter(|m| m["name"] == volume["name"]);
            Some((path, of.all(|m| m["readOnly"] == true)))
        })
        .collect()
}

/// Rules as (group, resource, verbs), apart.
fn rules(objects: &[Value]) -> BTreeSet<(String, String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut all = BTreeSet::new();
    for role in of_kind(objects, "ClusterRole")
        .into_iter()
        .chain(of_kind(objects, "Role"))
    {
        for rule in array(&role["rules"]) {
            let members: BTreeSet<&str> = rule
                .as_object()
                .unwrap()
                .keys()
                .map(String::as_str)
                .collect();
            let verbs: Vec<String> = array(&rule["verbs"]).iter().map(text).collect();
            if members == BTreeSet::from(["nonResourceURLs", "verbs"]) {
                let urls = array(&rule["nonResourceURLs"]).iter();
                all.extend(urls.map(|url| ("URL".to_owned(), text(url), verbs.join(","))));
                continue;
            }
            assert_eq!(members, BTreeSet::from(["apiGroups", "resources", "verbs"]));
            for group in array(&rule["apiGroups"]) {
                for resource in array(&rule["resources"]) {
                    all.insert((text(group), text(resource), verbs.join(",")));
                }
            }
        }
    }
    all
}

#[test]
fn every_object_is_of_a_version_that_old_and_new_clusters_have() {
    // Served by 1.20 and by 1.36 alike. The two of policy stand in files of their own, one for each side of 1.21.
    let known = BTreeSet::from([
        "v1 ConfigMap",
        "v1 Namespace",
        "v1 Service",
        "v1 ServiceAccount",
        "apps/v1 DaemonSet",
        "apps/v1 StatefulSet",
        "networking.k8s.io/v1 NetworkPolicy",
        "rbac.authorization.k8s.io/v1 ClusterRole",
        "rbac.authorization.k8s.io/v1 ClusterRoleBinding",
        "rbac.authorization.k8s.io/v1 RoleBinding",
        "apiregistration.k8s.io/v1 APIService",
    ]);
    let names = files();
    assert!(names.len() >= 10, "{names:?}");
    for name in names {
        let all = objects(&name);
        assert!(!all.is_empty(), "{name}");
        for object in all {
            let version = object["apiVersion"].as_str().unwrap();
            let kind = object["kind"].as_str().unwrap();
            let seen = format!("{version} {kind}");
            let budget = match name.as_str() {
                "optional/disruption-budget.yaml" => "policy/v1 PodDisruptionBudget",
                "optional/disruption-budget-1.20.yaml" => "policy/v1beta1 PodDisruptionBudget",
                _ => "",
            };
            assert!(
                known.contains(seen.as_str()) || seen == budget,
                "{name}: {seen}"
            );
        }
    }
}

/// That no container of a pod has a right that it can do without.
fn check_pod(who: &str, pod: &Value) {
    for wish in ["hostPID", "hostIPC", "hostNetwork", "shareProcessNamespace"] {
        assert!(pod.get(wish).is_none(), "{who}: {wish}");
    }
    let security = &pod["securityContext"];
    assert_eq!(security["runAsUser"], 65534, "{who}");
    assert_eq!(security["runAsNonRoot"], true, "{who}");
    assert_eq!(
        security["seccompProfile"]["type"], "RuntimeDefault",
        "{who}"
    );
    let prepare = array(&pod["initContainers"]);
    for container in array(&pod["containers"]).iter().chain(prepare) {
        let own = &container["securityContext"];
        assert_eq!(own["privileged"], false, "{who}");
        assert_eq!(own["allowPrivilegeEscalation"], false, "{who}");
        assert_eq!(own["readOnlyRootFilesystem"], true, "{who}");
        assert_eq!(own["capabilities"], json!({"drop": ["ALL"]}), "{who}");
        assert!(
            own.get("seccompProfile").is_none(),
            "{who}: the pod's is enough"
        );
        let resources = &container["resources"];
        assert!(resources["requests"]["cpu"].is_string(), "{who}");
        assert!(resources["limits"]["memory"].is_string(), "{who}");
    }
    for container in array(&pod["containers"]) {
        let own = &container["securityContext"];
        assert!(
            own.get("runAsUser").is_none() && own.get("runAsGroup").is_none(),
            "{who}"
        );
        for probe in ["livenessProbe", "readinessProbe"] {
            assert!(
                container[probe]["httpGet"]["path"].is_string(),
                "{who}: {probe}"
            );
        }
    }
    // User 0 for a moment, with one folder and one command, in the group that is to write there.
    assert!(prepare.len() <= 1, "{who}");
    for container in prepare {
        assert_eq!(
            container["command"],
            json!([
                "/usr/local/bin/kansoku-agent",
                "prepare",
                "/var/lib/kansoku"
            ]),
            "{who}"
        );
        assert_eq!(container["securityContext"]["runAsUser"], 0, "{who}");
        assert_eq!(
            container["securityContext"]["runAsGroup"], security["runAsGroup"],
            "{who}"
        );
        let mounts = array(&container["volumeMounts"]);
        assert_eq!(mounts.len(), 1, "{who}");
        assert_eq!(mounts[0]["mountPath"], "/var/lib/kansoku", "{who}");
    }
    for (path, _) in host_paths(pod) {
        assert!(
            !path.contains(".sock") && !path.starts_with("/run"),
            "{who}: {path}"
        );
        assert!(
            !["/", "/var", "/var/lib", "/var/lib/kubelet", "/etc"].contains(&path.as_str()),
            "{who}: {path}"
        );
    }
}

#[test]
fn every_container_has_no_right_that_it_can_do_without() {
    let all: Vec<_> = files().iter().flat_map(|name| pods(name)).collect();
    assert_eq!(
        all.len(),
        6,
        "four rungs, and agents and server of the default"
    );
    for (who, pod) in all {
        check_pod(&who, &pod);
    }
}

/// Whether a program is here; says so when it is not.
fn has(program: &str) -> bool {
    let found = Command::new(program).arg("version").output().is_ok();
    if !found {
        eprintln!("there is no {program} here");
    }
    found
}

fn output_of(program: &str, arguments: &[&str]) -> String {
    let out = Command::new(program).args(arguments).output().unwrap();
    let complained = String::from_utf8_lossy(&out.stderr).into_owned();
    assert!(
        out.status.success(),
        "{program} {arguments:?}: {complained}"
    );
    String::from_utf8(out.stdout).unwrap()
}

/// What renders the chart.
enum Renderer {
    Helm(String),
    /// `tests/helm/render.go`: the templates of Go and sprig, of which Helm is made.
    Go(PathBuf, #[allow(dead_code)] tempfile::TempDir),
}

impl Renderer {
    /// Helm where it is, else the renderer in Go where Go and sprig are (Debian has both).
    fn find() -> Option<Renderer> {
        let helm = std::env::var("KANSOKU_HELM").unwrap_or_else(|_| "helm".to_owned());
        if has(&helm) {
            return Some(Renderer::Helm(helm));
        }
        let go = ["go", "/usr/lib/go-1.19/bin/go"].into_iter().find(|go| {
            Command::new(go)
                .arg("version")
                .output()
                .is_ok_and(|out| out.status.success())
        });
        let sprig = Path::new("/usr/share/gocode/src/github.com/Masterminds/sprig");
        let (Some(go), true) = (go, sprig.exists()) else {
            println!(
                "skipped: neither helm nor Go with sprig is here (golang-github-masterminds-sprig-dev)"
            );
            return None;
        };
        let made = tempfile::tempdir().unwrap();
        let program = made.path().join("render");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("helm/render.go");
        let out = Command::new(go)
            .args(["build", "-o"])
            .args([&program, &source])
            .env("GO111MODULE", "off")
            .env("GOPATH", "/usr/share/gocode")
            .env("GOCACHE", made.path().join("cache"))
            .env("CGO_ENABLED", "0")
            .output()
            .unwrap();
        assert!(
            out.status.success(),
            "{}",
            String::from_utf8_lossy(&out.stderr)
        );
        Some(Renderer::Go(program, made))
    }

    fn render(&self, chart: &str, values: &[&str]) -> String {
        match self {
            Renderer::Helm(helm) => {
                let mut arguments = vec!["template", "kansoku", chart, "--namespace", "kansoku"];
                for value in values {
                    arguments.extend(["--set", value]);
                }
                output_of(helm, &arguments)
            }
            Renderer::Go(program, _) => output_of(
                program.to_str().unwrap(),
                &[&[chart, "kansoku"], values].concat(),
            ),
        }
    }
}

/// The chart gives what the manifests give, on each rung.
#[test]
fn the_chart_is_clean_and_gives_the_same_rights() {
    let Some(renderer) = Renderer::find() else {
        return;
    };
    let chart = folder().join("../helm/kansoku");
    let chart = chart.to_str().unwrap();
    if let Renderer::Helm(helm) = &renderer {
        let arguments = ["lint", "--strict", chart, "--set", "clusterName=demo"];
        let lint = output_of(helm, &arguments);
        assert!(lint.contains("0 chart(s) failed"), "{lint}");
    }
    for (values, manifest) in [
        (vec!["rung=0"], "rungs/0-kubelet.yaml"),
        (vec!["rung=1"], "rungs/1-logs.yaml"),
        (vec![], "rungs/2-node.yaml"),
        (vec!["volumes=true"], "rungs/2-node-volumes.yaml"),
        (vec!["controlPlane.enabled=true"], "rungs/2-node.yaml"),
        (vec!["metricsApi.enabled=true"], "rungs/2-node.yaml"),
        (vec!["alarms.existingSecret=mine"], "rungs/2-node.yaml"),
        (
            vec!["tokens.enabled=false", "server.storage.kind=claim"],
            "rungs/2-node.yaml",
        ),
    ] {
        let text = renderer.render(chart, &[&["clusterName=demo"], &values[..]].concat());
        let rendered = serde_saphyr::from_multiple::<Value>(&text).unwrap();
        let pods = pods_of("chart", &rendered);
        assert_eq!(pods.len(), 2, "{values:?}");
        for (who, pod) in &pods {
            check_pod(who, pod);
        }
        let agent = &of_kind(&rendered, "DaemonSet")[0]["spec"]["template"]["spec"];
        let same = &daemon_set(manifest)["spec"]["template"]["spec"];
        assert_eq!(host_paths(agent), host_paths(same), "{values:?}");
        assert_eq!(
            agent["securityContext"], same["securityContext"],
            "{values:?}"
        );
        let of_server = &of_kind(&rendered, "StatefulSet")[0]["spec"]["template"]["spec"];
        let secret = json!({"name": "alarms", "secret": {"secretName": "mine"}});
        assert_eq!(
            array(&of_server["volumes"]).contains(&secret),
            values.contains(&"alarms.existingSecret=mine"),
            "{values:?}"
        );
        let mut server = rules(&objects("service-accounts.yaml"));
        if values.contains(&"controlPlane.enabled=true") {
            server.extend(rules(&objects("optional/control-plane.yaml")));
            let config = of_kind(&rendered, "ConfigMap")[0]["data"]["kansoku.toml"].as_str();
            assert!(
                config.unwrap().contains("control_plane = true"),
                "{config:?}"
            );
        }
        if values.contains(&"metricsApi.enabled=true") {
            let plain = objects("optional/metrics-api.yaml");
            server.extend(rules(&plain));
            let config = of_kind(&rendered, "ConfigMap")[0]["data"]["kansoku.toml"].as_str();
            assert!(
                config.unwrap().contains("[server.metrics_api]\nlisten = "),
                "{config:?}"
            );
            for kind in ["APIService", "RoleBinding"] {
                let (ours, theirs) = (of_kind(&rendered, kind), of_kind(&plain, kind));
                assert_eq!(ours.len(), 1, "{kind}");
                assert_eq!(ours[0]["spec"], theirs[0]["spec"], "{kind}");
                assert_eq!(ours[0]["roleRef"], theirs[0]["roleRef"], "{kind}");
            }
        }
        let expected = server.union(&rules(&objects(manifest))).cloned().collect();
        assert_eq!(rules(&rendered), expected, "{values:?}");
    }
}

/// Each component can be put over the base, and takes no right that it does not say.
#[test]
fn components_fit_the_base() {
    if !has("kubectl") {
        return;
    }
    let more = |component: &str| -> (BTreeSet<(String, bool)>, Vec<Value>) {
        // Kustomize takes resources by relative paths alone, and none from a folder around it.
        let here = tempfile::tempdir_in(folder().join("..")).unwrap();
        let text = format!(
            "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [../kubernetes]\n\
             components: [../kubernetes/components/{component}]\n"
        );
        std::fs::write(here.path().join("kustomization.yaml"), text).unwrap();
        let text = output_of("kubectl", &["kustomize", here.path().to_str().unwrap()]);
        let all = serde_saphyr::from_multiple::<Value>(&text).unwrap();
        for (who, pod) in pods_of(component, &all) {
            check_pod(&who, &pod);
        }
        let agent = &of_kind(&all, "DaemonSet")[0]["spec"]["template"]["spec"];
        (host_paths(agent), all)
    };
    let base = host_paths(&daemon_set("kansoku.yaml")["spec"]["template"]["spec"]);
    let path = |path: &str| (path.to_owned(), true);
    let (docker, _) = more("docker");
    assert_eq!(
        docker,
        &base | &BTreeSet::from([path("/var/lib/docker/containers")])
    );
    let (logs, _) = more("host-logs");
    let narrow = BTreeSet::from([path("/var/log/pods"), path("/var/log/containers")]);
    assert_eq!(
        logs,
        &(&base - &narrow) | &BTreeSet::from([path("/var/log")])
    );
    let (tokens, all) = more("tokens");
    assert_eq!(tokens, base);
    let server = &of_kind(&all, "StatefulSet")[0]["spec"]["template"]["spec"]["containers"][0];
    assert!(array(&server["env"]).contains(&json!({"name": "KANSOKU_INSECURE", "value": "false"})));
    let (alarms, all) = more("alarms");
    assert_eq!(alarms, base);
    let pod = &of_kind(&all, "StatefulSet")[0]["spec"]["template"]["spec"];
    let file =
        json!({"name": "KANSOKU_SERVER_ALARMS_FILE", "value": "/etc/kansoku-alarms/alarms.toml"});
    assert!(array(&pod["containers"][0]["env"]).contains(&file));
    let secret = json!({"name": "alarms", "secret": {"secretName": "kansoku-alarms"}});
    assert!(array(&pod["volumes"]).contains(&secret));
    let (_, all) = more("storage-class");
    let server = &of_kind(&all, "StatefulSet")[0]["spec"];
    assert!(array(&server["template"]["spec"]["initContainers"]).is_empty());
    assert_eq!(array(&server["volumeClaimTemplates"]).len(), 1);
}

#[test]
fn each_rung_sees_what_it_says_and_no_more() {
    let spool = ("/var/lib/kansoku-agent", false);
    let logs = [("/var/log/pods", true), ("/var/log/containers", true)];
    let host = [("/sys/fs/cgroup", true), ("/proc", true)];
    let stats = ("", "nodes/stats", "get");
    type Paths = Vec<(&'static str, bool)>;
    type Rules = Vec<(&'static str, &'static str, &'static str)>;
    let rungs: [(&str, Paths, u32, Rules); 5] = [
        ("rungs/0-kubelet.yaml", vec![spool], 65534, vec![stats]),
        (
            "rungs/1-logs.yaml",
            [vec![spool], logs.to_vec()].concat(),
            0,
            vec![stats],
        ),
        (
            "rungs/2-node.yaml",
            [vec![spool], logs.to_vec(), host.to_vec()].concat(),
            0,
            vec![],
        ),
        (
            "rungs/2-node-volumes.yaml",
            [vec![spool], logs.to_vec(), host.to_vec()].concat(),
            0,
            vec![stats],
        ),
        (
            "kansoku.yaml",
            [vec![spool], logs.to_vec(), host.to_vec()].concat(),
            0,
            vec![],
        ),
    ];
    for (name, paths, group, rights) in rungs {
        let set = daemon_set(name);
        let pod = &set["spec"]["template"]["spec"];
        let paths: BTreeSet<(String, bool)> = paths
            .into_iter()
            .map(|(path, ro)| (path.to_owned(), ro))
            .collect();
        assert_eq!(host_paths(pod), paths, "{name}");
        assert_eq!(pod["securityContext"]["runAsGroup"], group, "{name}");
        assert!(
            pod["securityContext"].get("supplementalGroups").is_none(),
            "{name}"
        );
        let expected: BTreeSet<_> = rights
            .iter()
            .map(|(g, r, v)| ((*g).to_owned(), (*r).to_owned(), (*v).to_owned()))
            .collect();
        assert_eq!(rules(&objects(name)), expected, "{name}");
        // No right, no token.
        assert_eq!(
            pod["automountServiceAccountToken"],
            !expected.is_empty(),
            "{name}"
        );
        assert_eq!(
            pod["tolerations"],
            json!([{"operator": "Exists"}]),
            "{name}"
        );
        for binding in of_kind(&objects(name), "ClusterRoleBinding") {
            assert_eq!(
                binding["subjects"],
                json!([
                    {"kind": "ServiceAccount", "name": "kansoku-agent", "namespace": "kansoku"}
                ])
            );
        }
    }
    assert_eq!(daemon_set("kansoku.yaml"), daemon_set("rungs/2-node.yaml"));
}

#[test]
fn the_server_watches_what_it_needs_and_changes_nothing() {
    let objects = objects("service-accounts.yaml");
    let watched = [
        ("", "pods"),
        ("", "nodes"),
        ("", "namespaces"),
        ("", "services"),
        ("", "persistentvolumeclaims"),
        ("", "persistentvolumes"),
        ("", "events"),
        ("discovery.k8s.io", "endpointslices"),
        ("apps", "deployments"),
        ("apps", "replicasets"),
        ("apps", "daemonsets"),
        ("apps", "statefulsets"),
        ("batch", "jobs"),
        ("batch", "cronjobs"),
        ("networking.k8s.io", "ingresses"),
    ];
    let expected: BTreeSet<_> = watched
        .iter()
        .map(|(group, resource)| {
            (
                (*group).to_owned(),
                (*resource).to_owned(),
                "list,watch".to_owned(),
            )
        })
        .collect();
    assert_eq!(rules(&objects), expected);
    let bindings = of_kind(&objects, "ClusterRoleBinding");
    assert_eq!(bindings.len(), 1);
    assert_eq!(bindings[0]["roleRef"]["name"], "kansoku-server");
    assert_eq!(
        bindings[0]["subjects"],
        json!([
            {"kind": "ServiceAccount", "name": "kansoku-server", "namespace": "kansoku"}
        ])
    );
    for account in of_kind(&objects, "ServiceAccount") {
        assert_eq!(account["automountServiceAccountToken"], false);
    }
    // Nowhere the right that opens every container of a node, nor any that changes something.
    for name in files() {
        for (_, resource, verbs) in rules(&self::objects(&name)) {
            assert!(
                !resource.contains("proxy") && resource != "*" && resource != "secrets",
                "{name}"
            );
            // The metrics API's are people's, not the server's.
            let of_people = name == "optional/metrics-api.yaml" && verbs == "get,list";
            assert!(
                ["get", "list,watch"].contains(&verbs.as_str()) || of_people,
                "{name}: {verbs}"
            );
        }
    }
}

#[test]
fn the_configuration_in_the_config_map_is_understood() {
    let objects = objects("config-map.yaml");
    let data = &objects[0]["data"];
    assert_eq!(data["cluster.name"], "my-cluster");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kansoku.toml");
    std::fs::write(&path, data["kansoku.toml"].as_str().unwrap()).unwrap();
    for (program, arguments) in [
        ("kansoku-agent", vec!["config", "print"]),
        ("kansoku", vec!["config", "print", "server"]),
    ] {
        let out = Command::new(kansoku_tests::binary(program))
            .args(arguments)
            .env_clear()
            .env("KANSOKU_CLUSTER", "demo")
            .env("KANSOKU_CONFIG", &path)
            .env("KANSOKU_SERVER_SERVICE_HOST", "10.96.0.9")
            .env("KANSOKU_SERVER_SERVICE_PORT", "4780")
            .env("KANSOKU_SERVER_PORT", "tcp://10.96.0.9:4780")
            .output()
            .unwrap();
        let said = String::from_utf8(out.stdout).unwrap();
        let complained = String::from_utf8(out.stderr).unwrap();
        assert!(out.status.success(), "{program}: {complained}");
        if program == "kansoku-agent" {
            assert!(said.contains("http://10.96.0.9:4780"), "{said}");
            assert!(said.contains("0.0.0.0:4781"), "{said}");
        }
    }
}

/// Every variable in a manifest is one of a key, with a value that is taken.
#[test]
fn variables_in_the_manifests_are_keys() {
    let mut seen = BTreeSet::new();
    for (who, pod) in files().iter().flat_map(|name| pods(name)) {
        for container in array(&pod["containers"]) {
            for variable in array(&container["env"]) {
                let name = variable["name"].as_str().unwrap();
                if let Some(value) = variable["value"].as_str() {
                    assert!(name.starts_with("KANSOKU_"), "{who}: {name}");
                    seen.insert((name.to_owned(), value.to_owned()));
                }
            }
        }
    }
    assert!(seen.len() >= 4, "{seen:?}");
    let agent = kansoku_tests::binary("kansoku-agent");
    let out = Command::new(agent)
        .args(["config", "print", "--cluster", "demo"])
        .env_clear()
        .envs(seen.iter().map(|(name, value)| (name, value)))
        .env("KANSOKU_AGENT_KUBELET_ENABLED", "true")
        .output()
        .unwrap();
    let complained = String::from_utf8(out.stderr).unwrap();
    assert!(
        out.status.success() && !complained.contains("is not used"),
        "{complained}"
    );
}
