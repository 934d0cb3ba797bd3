//! What the API server and its clients ask to learn what is served
//! (<https://kubernetes.io/docs/concepts/overview/kubernetes-api/#api-discovery>).

use serde_json::{Value, json};

pub(super) const GROUP: &str = "metrics.k8s.io";
pub(super) const VERSION: &str = "v1beta1";
/// `GROUP/VERSION`
pub(super) const GROUP_VERSION: &str = "metrics.k8s.io/v1beta1";

fn description() -> Value {
    let version = json!({"groupVersion": GROUP_VERSION, "version": VERSION});
    json!({"name": GROUP, "versions": [version], "preferredVersion": version})
}

/// `/apis`
pub(super) fn groups() -> Value {
    json!({"kind": "APIGroupList", "apiVersion": "v1", "groups": [description()]})
}

/// `/apis/metrics.k8s.io`
pub(super) fn group() -> Value {
    let mut group = description();
    group["kind"] = json!("APIGroup");
    group["apiVersion"] = json!("v1");
    group
}

/// `/apis/metrics.k8s.io/v1beta1`
pub(super) fn resources() -> Value {
    let resource = |name: &str, kind: &str, namespaced: bool| {
        json!({
            "name": name, "singularName": "", "namespaced": namespaced, "kind": kind, "verbs": ["get", "list"],
        })
    };
    json!({
        "kind": "APIResourceList",
        "apiVersion": "v1",
        "groupVersion": GROUP_VERSION,
        "resources": [resource("nodes", "NodeMetrics", false), resource("pods", "PodMetrics", true)],
    })
}

/// `/openapi/v2`: the API server merges what extension servers describe, and says so again and again when it cannot.
pub(super) fn openapi_v2() -> Value {
    json!({"swagger": "2.0", "info": {"title": "Kansoku", "version": "v0"}, "paths": {}, "definitions": {}})
}

/// `/openapi/v3`
pub(super) fn openapi_v3() -> Value {
    json!({"paths": {}})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_served_is_named_the_same_everywhere() {
        assert_eq!(
            group()["preferredVersion"],
            groups()["groups"][0]["versions"][0]
        );
        assert_eq!(group()["kind"], "APIGroup");
        let resources = resources();
        assert_eq!(resources["groupVersion"], format!("{GROUP}/{VERSION}"));
        assert_eq!(resources["resources"][1]["namespaced"], true);
    }
}
