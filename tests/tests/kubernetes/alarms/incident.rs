//! What goes wrong, and who is to say so in which words.

/// Something that is made to go wrong.
#[derive(Debug)]
pub(crate) struct Incident {
    /// What was done, for the table.
    pub(crate) cause: &'static str,
    /// The alarm of the starter set that is meant for it.
    pub(crate) starter: &'static str,
    /// The alarm that tells: the same, or a copy with fewer periods of one that waits for many minutes.
    pub(crate) alarm: &'static str,
    /// The kind of the entity that it is about.
    pub(crate) kind: &'static str,
    /// The entity's name, or its workload's where that makes the name.
    pub(crate) about: &'static str,
    /// The verdict.
    pub(crate) word: &'static str,
    /// What the verdict's words must say.
    pub(crate) says: &'static [&'static str],
    /// Whether it takes longer than ./test may.
    pub(crate) is_slow: bool,
}

impl Incident {
    /// The alarm, for the table.
    pub(crate) fn told_by(&self) -> String {
        match self.alarm == self.starter {
            true => self.starter.to_owned(),
            false => format!("{} (its copy {})", self.starter, self.alarm),
        }
    }
}

/// A copy of a starter alarm that waits for fewer minutes.
#[derive(Debug)]
pub(crate) struct Copy {
    pub(crate) name: &'static str,
    pub(crate) of: &'static str,
    pub(crate) periods: u32,
    pub(crate) to_alarm: u32,
}

/// Ten and fifteen minutes are longer than anybody waits here.
pub(crate) const COPIES: [Copy; 2] = [
    Copy {
        name: "two-minutes-pending",
        of: "kansoku-pod-pending",
        periods: 2,
        to_alarm: 2,
    },
    Copy {
        name: "three-minutes-throttled",
        of: "kansoku-cpu-throttled",
        periods: 3,
        to_alarm: 2,
    },
];

pub(crate) const INCIDENTS: [Incident; 10] = [
    Incident {
        cause: "a process that ends with 3 again and again",
        starter: "kansoku-pod-crash-looping",
        alarm: "kansoku-pod-crash-looping",
        kind: "Pod",
        about: "crasher",
        word: "crash-looping",
        says: &["exit code 3", "restart"],
        is_slow: false,
    },
    Incident {
        cause: "PID 1 killed for lack of memory",
        starter: "kansoku-oom-killed",
        alarm: "kansoku-oom-killed",
        kind: "Pod",
        about: "oomer",
        word: "oom-killed",
        says: &["killed for lack of memory", "limit of 32 MiB"],
        is_slow: false,
    },
    Incident {
        cause: "a child killed for lack of memory, PID 1 lives",
        starter: "kansoku-oom-killed",
        alarm: "kansoku-oom-killed",
        kind: "Pod",
        about: "childoom",
        word: "oom-killed",
        says: &[
            "killed for lack of memory, and the container went on",
            "limit of 32 MiB",
        ],
        is_slow: false,
    },
    Incident {
        cause: "a new version whose image does not exist",
        starter: "kansoku-rollout-stuck",
        alarm: "kansoku-rollout-stuck",
        kind: "Workload",
        about: "stuck",
        word: "rollout-stuck",
        says: &["new version did not come up", "of 2 replicas"],
        is_slow: false,
    },
    Incident {
        cause: "an image that does not exist",
        starter: "kansoku-pod-pending",
        alarm: "two-minutes-pending",
        kind: "Pod",
        about: "noimage",
        word: "image-pull",
        says: &["image", "cannot be pulled"],
        is_slow: false,
    },
    Incident {
        cause: "a pod that no node has room for",
        starter: "kansoku-pod-pending",
        alarm: "two-minutes-pending",
        kind: "Pod",
        about: "nofit",
        word: "pending",
        says: &["Insufficient cpu"],
        is_slow: false,
    },
    Incident {
        cause: "two busy loops on a tenth of a processor",
        starter: "kansoku-cpu-throttled",
        alarm: "three-minutes-throttled",
        kind: "Container",
        about: "throttled",
        word: "throttled",
        says: &["CPU limit of 0.1", "of the periods"],
        // On a busy machine the loops wait for others before they use up their limit.
        is_slow: true,
    },
    Incident {
        cause: "replicas that no node has room for",
        starter: "kansoku-workload-below-replicas",
        alarm: "kansoku-workload-below-replicas",
        kind: "Workload",
        about: "nofit",
        word: "below-replicas",
        says: &["0 of 2 replicas are available"],
        is_slow: true,
    },
    Incident {
        cause: "memory that grows by 2 % of its limit a minute",
        starter: "kansoku-container-near-memory-limit",
        alarm: "kansoku-container-near-memory-limit",
        kind: "Container",
        about: "leaker",
        word: "near-limit",
        says: &["of 64 MiB", "and grows: full in"],
        is_slow: true,
    },
    Incident {
        cause: "a volume filled to 96 %",
        starter: "kansoku-filesystem-filling",
        alarm: "kansoku-filesystem-filling",
        kind: "Volume",
        about: "filling",
        word: "filling",
        says: &["% free"],
        is_slow: true,
    },
];

/// What may be told besides, since it is so: alarm, kind, entity.
pub(crate) const WARRANTED: [(&str, &str, &str); 8] = [
    // Its only replica is down.
    ("kansoku-workload-below-replicas", "Workload", "crasher"),
    // It is started again and killed again.
    ("kansoku-pod-crash-looping", "Pod", "oomer"),
    // The new version's pod has no image.
    ("kansoku-pod-pending", "Pod", "stuck"),
    ("two-minutes-pending", "Pod", "stuck"),
    // The originals of the copies.
    ("kansoku-pod-pending", "Pod", "noimage"),
    ("kansoku-pod-pending", "Pod", "nofit"),
    ("kansoku-cpu-throttled", "Container", "throttled"),
    // After progressDeadlineSeconds, ten minutes.
    ("kansoku-rollout-stuck", "Workload", "nofit"),
];

/// What runs well before.
pub(crate) fn before(namespace: &str) -> String {
    format!(
        r#"
apiVersion: v1
kind: Namespace
metadata: {{name: {namespace}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: stuck, namespace: {namespace}}}
spec:
  replicas: 2
  progressDeadlineSeconds: 30
  selector: {{matchLabels: {{app: stuck}}}}
  template:
    metadata: {{labels: {{app: stuck}}}}
    spec:
      terminationGracePeriodSeconds: 1
      containers: [{{name: main, image: registry.local/busybox:1.35, command: [sleep, "1000000"]}}]
"#
    )
}

/// All incidents, at once.
pub(crate) fn manifest(namespace: &str) -> String {
    let pod = |name: &str, container: &str| {
        format!(
            "---\napiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, namespace: {namespace}}}\n\
             spec:\n  terminationGracePeriodSeconds: 1\n  containers:\n  - {{name: main, {container}}}\n"
        )
    };
    let shell = |script: &str, resources: &str| {
        format!(
            "image: registry.local/busybox:1.35, command: [/bin/sh, -c, '{script}'], resources: {{{resources}}}"
        )
    };
    let deployment = |name: &str, replicas: u32, more: &str, container: &str| {
        format!(
            "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}, namespace: {namespace}}}\n\
             spec:\n  replicas: {replicas}\n{more}  selector: {{matchLabels: {{app: {name}}}}}\n  template:\n    \
             metadata: {{labels: {{app: {name}}}}}\n    spec:\n      terminationGracePeriodSeconds: 1\n      \
             containers:\n      - {{name: main, {container}}}\n"
        )
    };
    let limit = "limits: {memory: 32Mi}";
    [
        deployment("crasher", 1, "", &shell(CRASH, "")),
        pod("oomer", &shell("sleep 2; exec tail /dev/zero", limit)),
        pod(
            "childoom",
            &shell("sleep 15; while true; do tail /dev/zero; sleep 20; done", limit),
        ),
        deployment(
            "stuck",
            2,
            "  progressDeadlineSeconds: 30\n",
            "image: registry.local/does-not-exist:2",
        ),
        pod("noimage", "image: registry.local/does-not-exist:9"),
        deployment(
            "nofit",
            2,
            "",
            "image: registry.local/pause:3.2, resources: {requests: {cpu: 64}}",
        ),
        pod(
            "throttled",
            &shell(
                "while true; do :; done & while true; do :; done",
                "requests: {cpu: 10m}, limits: {cpu: 100m}",
            ),
        ),
        pod(
            "leaker",
            &format!(
                "image: registry.local/busybox:1.35, command: [/bin/awk, '{LEAK}'], resources: {{limits: {{memory: 64Mi}}}}"
            ),
        ),
    ]
    .concat()
}

const CRASH: &str = r#"echo "fatal: no database" >&2; sleep 1; exit 3"#;
/// Half of the limit at first, then 1.2 MB a minute.
const LEAK: &str = r#"BEGIN {first = sprintf("%36000000s", "x"); while (1) {more[n++] = sprintf("%100000s", n); system("sleep 5")}}"#;

/// A pod that fills a volume on this folder of the node.
pub(crate) fn volume(namespace: &str, folder: &str) -> String {
    format!(
        r#"
apiVersion: v1
kind: PersistentVolume
metadata: {{name: {namespace}}}
spec:
  capacity: {{storage: 64Mi}}
  accessModes: [ReadWriteOnce]
  persistentVolumeReclaimPolicy: Retain
  storageClassName: {namespace}
  local: {{path: {folder}}}
  nodeAffinity:
    required:
      nodeSelectorTerms:
      - matchExpressions: [{{key: kubernetes.io/hostname, operator: In, values: [node-1]}}]
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {{name: filling, namespace: {namespace}}}
spec: {{accessModes: [ReadWriteOnce], storageClassName: {namespace}, resources: {{requests: {{storage: 64Mi}}}}}}
---
apiVersion: v1
kind: Pod
metadata: {{name: filler, namespace: {namespace}}}
spec:
  terminationGracePeriodSeconds: 1
  containers:
  - name: main
    image: registry.local/busybox:1.35
    command: [/bin/sh, -c, "head -c 64424509 /dev/zero > /data/file; sleep 1000000"]
    volumeMounts: [{{name: data, mountPath: /data}}]
  volumes: [{{name: data, persistentVolumeClaim: {{claimName: filling}}}}]
"#
    )
}
