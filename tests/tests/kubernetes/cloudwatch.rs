//! The objects of the CloudWatch agent's quick start, with our image in place of theirs.

use std::time::Duration;

use kansoku_tests::{Installed, Kubernetes, Rung};

const SOON: Duration = Duration::from_secs(150);

/// Namespace, account, role, config map and daemon set as the quick start has them:
/// its names, its mounts, its variables; nothing of ours but the image and the address of the server.
fn objects(server: &str) -> String {
    format!(
        r#"
apiVersion: v1
kind: Namespace
metadata: {{name: amazon-cloudwatch, labels: {{name: amazon-cloudwatch}}}}
---
apiVersion: v1
kind: ServiceAccount
metadata: {{name: cloudwatch-agent, namespace: amazon-cloudwatch}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {{name: cloudwatch-agent-role}}
rules:
- {{apiGroups: [""], resources: [pods, nodes, endpoints], verbs: [list, watch]}}
- {{apiGroups: [apps], resources: [replicasets], verbs: [list, watch]}}
- {{apiGroups: [batch], resources: [jobs], verbs: [list, watch]}}
- {{apiGroups: [""], resources: [nodes/proxy], verbs: [get]}}
- {{apiGroups: [""], resources: [nodes/stats, configmaps, events], verbs: [create]}}
- {{apiGroups: [""], resources: [configmaps], resourceNames: [cwagent-clusterleader], verbs: [get, update]}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {{name: cloudwatch-agent-role-binding}}
subjects: [{{kind: ServiceAccount, name: cloudwatch-agent, namespace: amazon-cloudwatch}}]
roleRef: {{kind: ClusterRole, name: cloudwatch-agent-role, apiGroup: rbac.authorization.k8s.io}}
---
apiVersion: v1
kind: ConfigMap
metadata: {{name: cwagentconfig, namespace: amazon-cloudwatch}}
data:
  cwagentconfig.json: |
    {{
      "agent": {{"region": "eu-west-1"}},
      "logs": {{
        "metrics_collected": {{
          "kubernetes": {{"cluster_name": "from-cwagentconfig", "metrics_collection_interval": 10}}
        }},
        "force_flush_interval": 5,
        "endpoint_override": "{server}"
      }}
    }}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {{name: cloudwatch-agent, namespace: amazon-cloudwatch}}
spec:
  selector: {{matchLabels: {{name: cloudwatch-agent}}}}
  template:
    metadata: {{labels: {{name: cloudwatch-agent}}}}
    spec:
      nodeSelector: {{kubernetes.io/os: linux}}
      terminationGracePeriodSeconds: 60
      serviceAccountName: cloudwatch-agent
      containers:
      - name: cloudwatch-agent
        image: kansoku:0.1.0
        resources: {{limits: {{cpu: 200m, memory: 200Mi}}, requests: {{cpu: 200m, memory: 200Mi}}}}
        env:
        - {{name: HOST_IP, valueFrom: {{fieldRef: {{fieldPath: status.hostIP}}}}}}
        - {{name: HOST_NAME, valueFrom: {{fieldRef: {{fieldPath: spec.nodeName}}}}}}
        - {{name: K8S_NAMESPACE, valueFrom: {{fieldRef: {{fieldPath: metadata.namespace}}}}}}
        - {{name: CI_VERSION, value: "k8s/1.0.0"}}
        volumeMounts:
        - {{name: cwagentconfig, mountPath: /etc/cwagentconfig}}
        - {{name: rootfs, mountPath: /rootfs, readOnly: true}}
        - {{name: dockersock, mountPath: /var/run/docker.sock, readOnly: true}}
        - {{name: varlibdocker, mountPath: /var/lib/docker, readOnly: true}}
        - {{name: sys, mountPath: /sys, readOnly: true}}
        - {{name: devdisk, mountPath: /dev/disk, readOnly: true}}
      volumes:
      - {{name: cwagentconfig, configMap: {{name: cwagentconfig}}}}
      - {{name: rootfs, hostPath: {{path: /}}}}
      - {{name: dockersock, hostPath: {{path: /var/run/docker.sock}}}}
      - {{name: varlibdocker, hostPath: {{path: /var/lib/docker}}}}
      - {{name: sys, hostPath: {{path: /sys}}}}
      - {{name: devdisk, hostPath: {{path: /dev/disk/}}}}
"#
    )
}

#[test]
fn the_cloudwatch_agents_own_objects_run_ours() {
    let Some(kubernetes) = Kubernetes::up() else {
        return;
    };
    kubernetes.workloads();
    let installed = Installed::on(&kubernetes, Rung::Node);
    let http = installed.http();
    // The two agents must not be taken for one another: ours goes.
    kubernetes.kubectl(
        &["-n", "kansoku", "delete", "daemonset", "kansoku-agent"],
        "",
    );
    kubernetes.kubectl(&["apply", "-f", "-"], &objects(http.base()));
    let rollout = kubernetes.try_kubectl(
        &[
            "-n",
            "amazon-cloudwatch",
            "rollout",
            "status",
            "daemonset/cloudwatch-agent",
            "--timeout=120s",
        ],
        "",
    );
    let said = || {
        let logs = kubernetes.try_kubectl(
            &[
                "-n",
                "amazon-cloudwatch",
                "logs",
                "daemonset/cloudwatch-agent",
            ],
            "",
        );
        logs.unwrap_or_else(|error| error)
    };
    assert!(rollout.is_ok(), "{rollout:?}\n{}", said());
    for (what, question) in [
        (
            "the node",
            "SELECT count(cpu_usage_usec) AS n FROM node WHERE cluster = 'from-cwagentconfig' AND node = 'node-1'",
        ),
        (
            "pods by name",
            "SELECT count(cpu_usage_usec) AS n FROM pod WHERE cluster = 'from-cwagentconfig' AND pod = 'burner'",
        ),
        (
            "throttling",
            "SELECT count(cpu_throttled_usec) AS n FROM container WHERE cluster = 'from-cwagentconfig' AND pod = 'throttled'",
        ),
        (
            "traffic",
            "SELECT count(network_rx_bytes) AS n FROM pod WHERE cluster = 'from-cwagentconfig' AND pod = 'receiver'",
        ),
    ] {
        installed.eventually(&format!("no rows: {what}\n{}", said()), SOON, || {
            (http.sql(question)[0]["n"].as_i64()? > 1).then_some(())
        });
    }
    kubernetes.kubectl(&["delete", "namespace", "amazon-cloudwatch"], "");
}
