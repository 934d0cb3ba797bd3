//! Everything that is on the cluster is there by name.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use kansoku_tests::{Http, Installed, Kubernetes, Rung};
use serde_json::{Value, json};

const SOON: Duration = Duration::from_secs(60);

/// Kind, namespace and name of an object of the API.
fn of_object(kind: &str, object: &Value) -> (String, String, String) {
    let metadata = &object["metadata"];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    (
        kind.to_owned(),
        text(&metadata["namespace"]),
        text(&metadata["name"]),
    )
}

/// Kind and name of a pod's workload: the end of the chain of owners, or the pod itself.
fn workload(kubernetes: &Kubernetes, pod: &Value) -> (String, String) {
    top_owner(kubernetes, pod).unwrap_or_else(|| {
        let name = pod["metadata"]["name"].as_str().unwrap();
        ("Pod".to_owned(), name.to_owned())
    })
}

fn top_owner(kubernetes: &Kubernetes, pod: &Value) -> Option<(String, String)> {
    let owner_of = |object: &Value| {
        let owners = object["metadata"]["ownerReferences"].as_array()?;
        let owner = owners.iter().find(|owner| owner["controller"] == true)?;
        Some((
            owner["kind"].as_str()?.to_owned(),
            owner["name"].as_str()?.to_owned(),
        ))
    };
    let namespace = pod["metadata"]["namespace"].as_str()?;
    let mut at = owner_of(pod)?;
    loop {
        let resource = match at.0.as_str() {
            "ReplicaSet" => "replicaset",
            "Job" => "job",
            _ => return Some(at),
        };
        let text = kubernetes
            .try_kubectl(&["-n", namespace, "get", resource, &at.1, "-o", "json"], "")
            .ok()?;
        match owner_of(&serde_json::from_str(&text).ok()?) {
            Some(above) => at = above,
            None => return Some(at),
        }
    }
}

/// The services of each pod, from the endpoints.
fn services(kubernetes: &Kubernetes) -> BTreeMap<(String, String), BTreeSet<String>> {
    let mut services: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    for endpoints in kubernetes.list("endpoints") {
        let (_, namespace, service) = of_object("Endpoints", &endpoints);
        let subsets = endpoints["subsets"].as_array().cloned().unwrap_or_default();
        for address in subsets.iter().flat_map(|subset| {
            let of = |name: &str| subset[name].as_array().cloned().unwrap_or_default();
            [of("addresses"), of("notReadyAddresses")].concat()
        }) {
            if let Some(pod) = address["targetRef"]["name"].as_str() {
                let key = (namespace.clone(), pod.to_owned());
                services.entry(key).or_default().insert(service.clone());
            }
        }
    }
    services
}

/// The series of a metric, by the values of what it is grouped by.
pub(crate) fn series(
    http: &Http,
    entity: &str,
    metric: &str,
    by: &[&str],
) -> BTreeMap<Vec<String>, f64> {
    let question = json!({
        "entity": entity,
        "metrics": [{"metric": metric, "statistic": "Average"}],
        "group_by": by,
        "start": "-1m",
        "period_seconds": 60,
    });
    let answer = http.post("/api/metrics", &question).json();
    let series = answer["series"]
        .as_array()
        .unwrap_or_else(|| panic!("{answer}"));
    series
        .iter()
        .filter_map(|series| {
            let label = |name: &&str| series["labels"][*name].as_str().unwrap_or("").to_owned();
            let newest = series["values"]
                .as_array()?
                .iter()
                .rev()
                .find_map(Value::as_f64)?;
            Some((by.iter().map(label).collect(), newest))
        })
        .collect()
}

#[test]
fn everything_on_the_cluster_is_there_by_name() {
    let Some(kubernetes) = Kubernetes::up() else {
        return;
    };
    kubernetes.workloads();
    let installed = Installed::on(&kubernetes, Rung::Node);
    let http = installed.http();

    // Every object of every kind has a row of its state. Pods and jobs come and go: those that are there before and
    // after count.
    let kinds = [
        ("Pod", "pods"),
        ("Node", "nodes"),
        ("Namespace", "namespaces"),
        ("Service", "services"),
        ("Deployment", "deployments"),
        ("ReplicaSet", "replicasets"),
        ("DaemonSet", "daemonsets"),
        ("StatefulSet", "statefulsets"),
        ("Job", "jobs"),
        ("CronJob", "cronjobs"),
        ("PersistentVolumeClaim", "persistentvolumeclaims"),
        ("PersistentVolume", "persistentvolumes"),
        ("Ingress", "ingresses"),
    ];
    let objects = || -> BTreeSet<_> {
        kinds
            .iter()
            .flat_map(|(kind, resource)| {
                let objects = kubernetes.list(resource);
                objects
                    .iter()
                    .map(|object| of_object(kind, object))
                    .collect::<Vec<_>>()
            })
            .collect()
    };
    let before = objects();
    let missing = installed.eventually("objects without a row of their state", SOON, || {
        let rows = http.sql(
            "SELECT DISTINCT object_kind, coalesce(namespace, '') AS namespace, object_name FROM object \
             WHERE cluster = 'real' AND time > now() - interval '30 seconds'",
        );
        let text = |row: &Value, name: &str| row[name].as_str().unwrap().to_owned();
        let seen: BTreeSet<_> = rows
            .iter()
            .map(|row| (text(row, "object_kind"), text(row, "namespace"), text(row, "object_name")))
            .collect();
        let after = objects();
        let missing: Vec<_> = before.intersection(&after).filter(|it| !seen.contains(*it)).cloned().collect();
        missing.is_empty().then_some(missing)
    });
    assert!(missing.is_empty());

    // Every pod that runs is measured, and known by its workload and services.
    let behind = services(&kubernetes);
    let pods: Vec<Value> = kubernetes
        .list("pods")
        .into_iter()
        .filter(|pod| {
            pod["status"]["phase"] == "Running" && pod["metadata"]["namespace"] != "batch"
        })
        .collect();
    assert!(pods.len() > 15, "{}", pods.len());
    let entities = installed.eventually("pods that are not measured", SOON, || {
        let entities = http.get("/api/entities/pod?limit=1000&health=live").json();
        let entities: BTreeMap<String, Value> = entities["entities"]
            .as_array()?
            .iter()
            .map(|entity| {
                (
                    entity["pod_uid"].as_str().unwrap().to_owned(),
                    entity.clone(),
                )
            })
            .collect();
        let known = |pod: &Value| {
            entities
                .get(pod["metadata"]["uid"].as_str().unwrap())
                .is_some_and(|entity| entity["pod"] == pod["metadata"]["name"])
        };
        pods.iter().all(known).then_some(entities)
    });
    for pod in &pods {
        let (_, namespace, name) = of_object("Pod", pod);
        let entity = &entities[pod["metadata"]["uid"].as_str().unwrap()];
        assert_eq!(entity["namespace"], namespace.as_str());
        assert_eq!(entity["node"], "node-1");
        let known = &entity["known_as"];
        let (kind, workload) = workload(&kubernetes, pod);
        let said = known["workload_kind"]
            .as_str()
            .zip(known["workload"].as_str());
        assert_eq!(
            said,
            Some((kind.as_str(), workload.as_str())),
            "{namespace}/{name}: {known}"
        );
        let services: BTreeSet<String> = known["services"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|service| service.as_str().unwrap().to_owned())
            .collect();
        let key = (namespace.clone(), name.clone());
        assert_eq!(
            services,
            behind.get(&key).cloned().unwrap_or_default(),
            "{namespace}/{name}"
        );
        for (key, value) in pod["metadata"]["labels"].as_object().into_iter().flatten() {
            assert_eq!(known["labels"][key], *value, "{namespace}/{name}");
        }
    }

    // And can be asked for by each of its names; a pod behind two services counts in both.
    let by = |names: &[&str]| series(http, "pod", "pod_memory_working_set", names);
    let web = |names: [&str; 2]| names.map(str::to_owned).to_vec();
    let services = by(&["namespace", "service"]);
    for service in ["web", "web-nodeport"] {
        assert!(
            services.contains_key(&web(["shop", service])),
            "{services:?}"
        );
    }
    let workloads = by(&["workload_kind", "workload"]);
    for workload in [
        ["Deployment", "web"],
        ["StatefulSet", "db"],
        ["DaemonSet", "node-agent"],
        ["StatefulSet", "kansoku-server"],
    ] {
        assert!(workloads.contains_key(&web(workload)), "{workloads:?}");
    }
    assert!(by(&["label.tier"]).contains_key(&vec!["frontend".to_owned()]));
    let node = by(&["node"]);
    assert_eq!(
        node.keys().collect::<Vec<_>>(),
        [&vec!["node-1".to_owned()]]
    );
}
