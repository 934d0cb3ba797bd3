//! The rung of rights that an agent stands on, and what the next one would add. The ladder is told in
//! `docs/guide/kubernetes.md`; its manifests are in `deploy/kubernetes/rungs`.
//!
//! An agent is not told which manifest made it, so the rung is found by what it reads: that is what is in force.

use serde::Serialize;
use serde_json::{Map, Value};

/// A rung of the ladder of rights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rung {
    /// The kubelet's answers.
    Kubelet,
    /// They, and lines of containers.
    Logs,
    /// Control groups and `/proc`, and lines.
    Node,
    /// They, and the kubelet's answers.
    NodeVolumes,
}

/// Which rung the agent of a node is on.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct InForce {
    cluster: Value,
    node: Value,
    /// The rung's name in the guide.
    in_force: &'static str,
    /// What it reads, in a line.
    title: &'static str,
    /// What is measured.
    has: Vec<&'static str>,
    /// What the rung has and this agent does not read all the same.
    lacks: Vec<Lack>,
    /// `null` on the last one.
    next: Option<Next>,
}

/// Something that the rung would allow.
#[derive(Debug, PartialEq, Serialize)]
struct Lack {
    what: &'static str,
    how: &'static str,
}

/// The rung above.
#[derive(Debug, PartialEq, Serialize)]
struct Next {
    rung: &'static str,
    adds: Vec<&'static str>,
    needs: &'static str,
    how: &'static str,
}

const LINES: &str = "lines of containers";
const VOLUMES: &str = "volumes, root file systems of containers and sizes of their logs, as the kubelet measures them";
/// What the kubelet alone tells of pods.
const ONCE_A_MINUTE: &str =
    "CPU, memory, page faults and network of pods and containers, once a minute";
const EVERY_INTERVAL: &str =
    "CPU, memory, page faults and network of pods and containers, at every interval";
const OF_THE_KERNEL: &str = "throttling, pressure, block I/O, OOM kills, tasks and ends of containers; TCP, UDP and \
                             every interface of the node";
const OF_THE_NODE: &str = "CPU, memory, pressure and disks of the node";

/// The rung of an agent by its report; `None` where no pod was seen and no kubelet is asked, as on a machine that is no
/// node of Kubernetes.
pub(super) fn in_force(report: &Map<String, Value>) -> Option<InForce> {
    let has_folders = feature(report, "host's folders") != Some(false);
    let kubelet = feature(report, "kubelet");
    let lines = Lines::of(report);
    let rung = match (has_folders, kubelet, lines) {
        // Only where pods were seen, or the kubelet is asked, does a report speak of it.
        (_, None, _) => return None,
        (true, Some(true), _) => Rung::NodeVolumes,
        (true, Some(false), _) => Rung::Node,
        (false, _, Lines::Off) => Rung::Kubelet,
        (false, _, _) => Rung::Logs,
    };
    Some(InForce {
        cluster: report.get("cluster").cloned().unwrap_or(Value::Null),
        node: report.get("node").cloned().unwrap_or(Value::Null),
        in_force: rung.name(),
        title: rung.title(),
        has: rung.has(lines, kubelet == Some(true)),
        lacks: rung.lacks(lines, kubelet == Some(true)),
        next: rung.next(),
    })
}

/// How reading lines of containers goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lines {
    /// Not asked for.
    Off,
    /// The files are there and may not be read.
    Denied,
    /// They are read, or none was written yet.
    Read,
}

impl Lines {
    fn of(report: &Map<String, Value>) -> Lines {
        if report.get("logs").is_none_or(Value::is_null) {
            return Lines::Off;
        }
        let of_containers = |source: &&Value| {
            let feeds = source["feeds"].as_str().unwrap_or_default();
            matches!(feeds, "logs of containers" | "logs of Docker's containers")
        };
        let all = report.get("sources").and_then(Value::as_array);
        let states: Vec<&str> = all
            .into_iter()
            .flatten()
            .filter(of_containers)
            .filter_map(|source| source["state"].as_str())
            .collect();
        match states.contains(&"unreadable") && !states.contains(&"ok") {
            true => Lines::Denied,
            false => Lines::Read,
        }
    }
}

/// Whether a feature is there; `None` when the report does not speak of it.
fn feature(report: &Map<String, Value>, name: &str) -> Option<bool> {
    let features = report.get("features")?.as_array()?;
    let found = features.iter().find(|feature| feature["name"] == name)?;
    found["present"].as_bool()
}

impl Rung {
    fn name(self) -> &'static str {
        match self {
            Rung::Kubelet => "0",
            Rung::Logs => "1",
            Rung::Node => "2",
            Rung::NodeVolumes => "2 and volumes",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Rung::Kubelet => "What the kubelet answers, and no folder of the node",
            Rung::Logs => "What the kubelet answers, and the logs of containers",
            Rung::Node => "Control groups, /proc and the logs of containers; no right on any API",
            Rung::NodeVolumes => {
                "Control groups, /proc and the logs of containers, and what the kubelet answers"
            }
        }
    }

    fn reads_folders(self) -> bool {
        matches!(self, Rung::Node | Rung::NodeVolumes)
    }

    fn has(self, lines: Lines, kubelet: bool) -> Vec<&'static str> {
        let mut has = vec![OF_THE_NODE];
        match self.reads_folders() {
            true => has.extend([EVERY_INTERVAL, OF_THE_KERNEL]),
            false if kubelet => has.push(ONCE_A_MINUTE),
            false => {}
        }
        if kubelet {
            has.push(VOLUMES);
        }
        if lines == Lines::Read {
            has.push(LINES);
        }
        has
    }

    fn lacks(self, lines: Lines, kubelet: bool) -> Vec<Lack> {
        let mut lacks = Vec::new();
        if !kubelet && !self.reads_folders() {
            lacks.push(Lack {
                what: "everything about pods: the kubelet does not answer",
                how: "the list of sources says which right or certificate is missing",
            });
        }
        match lines {
            Lines::Denied => lacks.push(Lack {
                what: LINES,
                how: "the files belong to group 0: run the agent with runAsGroup: 0, as every manifest from rung 1 on does",
            }),
            Lines::Off if self != Rung::Kubelet => lacks.push(Lack {
                what: LINES,
                how: "set agent.logs.enabled = true",
            }),
            Lines::Off | Lines::Read => {}
        }
        lacks
    }

    fn next(self) -> Option<Next> {
        Some(match self {
            Rung::Kubelet => Next {
                rung: Rung::Logs.name(),
                adds: vec![LINES],
                needs: "group 0, and /var/log/pods and /var/log/containers mounted read-only",
                how: "kubectl apply -f deploy/kubernetes/rungs/1-logs.yaml",
            },
            Rung::Logs => Next {
                rung: Rung::NodeVolumes.name(),
                adds: vec![EVERY_INTERVAL, OF_THE_KERNEL],
                needs: "/sys/fs/cgroup and /proc mounted read-only",
                how: "kubectl apply -f deploy/kubernetes/rungs/2-node-volumes.yaml",
            },
            Rung::Node => Next {
                rung: Rung::NodeVolumes.name(),
                adds: vec![VOLUMES],
                needs: "the right get on nodes/stats, and the service account's token to prove it",
                how: "kubectl apply -f deploy/kubernetes/rungs/2-node-volumes.yaml",
            },
            Rung::NodeVolumes => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// A report with these features, and lines in this state if they are asked for.
    fn report(features: &[(&str, bool)], lines: Option<&str>) -> Map<String, Value> {
        let features: Vec<Value> = features
            .iter()
            .map(|(name, present)| json!({"name": name, "present": present}))
            .collect();
        let said = json!({
            "cluster": "c", "node": "n1", "features": features,
            "logs": lines.map(|_| json!({})),
            "sources": [{"feeds": "memory and swap", "state": "unreadable"},
                        {"feeds": "logs of containers", "state": lines.unwrap_or("absent")}],
        });
        match said {
            Value::Object(said) => said,
            _ => Map::new(),
        }
    }

    fn of(features: &[(&str, bool)], lines: Option<&str>) -> InForce {
        in_force(&report(features, lines)).expect("a rung")
    }

    const FOLDERS: (&str, bool) = ("host's folders", false);

    #[test]
    fn a_rung_is_known_by_what_is_read() {
        let kubelet = of(&[("kubelet", true), FOLDERS], None);
        assert_eq!(kubelet.in_force, "0");
        assert!(kubelet.has.contains(&ONCE_A_MINUTE) && !kubelet.has.contains(&LINES));
        assert!(kubelet.lacks.is_empty(), "lines are not for this rung");
        let logs = of(&[("kubelet", true), FOLDERS], Some("ok"));
        assert_eq!(logs.in_force, "1");
        assert!(logs.has.contains(&LINES) && !logs.has.contains(&OF_THE_KERNEL));
        let node = of(&[("cgroups", true), ("kubelet", false)], Some("ok"));
        assert_eq!(node.in_force, "2");
        assert!(node.has.contains(&OF_THE_KERNEL) && !node.has.contains(&VOLUMES));
        let all = of(&[("cgroups", true), ("kubelet", true)], Some("untried"));
        assert_eq!(all.in_force, "2 and volumes");
        assert!(all.has.contains(&VOLUMES) && all.has.contains(&LINES));
        assert_eq!(in_force(&report(&[("cgroups", true)], Some("ok"))), None);
        assert_eq!(in_force(&Map::new()), None);
    }

    #[test]
    fn each_rung_tells_what_the_next_adds_up_to_the_last() {
        let mut rung = Some(Rung::Kubelet);
        let mut seen = Vec::new();
        while let Some(at) = rung {
            seen.push(at.name());
            rung = at.next().map(|next| {
                let before = at.has(Lines::Read, true);
                let adds_something = |what: &&str| *what == LINES || !before.contains(what);
                assert!(next.adds.iter().all(adds_something), "{}", at.name());
                let all = [Rung::Logs, Rung::Node, Rung::NodeVolumes];
                all.into_iter()
                    .find(|one| one.name() == next.rung)
                    .expect("a rung")
            });
        }
        assert_eq!(seen, ["0", "1", "2 and volumes"]);
        assert_eq!(Rung::Node.next().map(|next| next.adds), Some(vec![VOLUMES]));
    }

    #[test]
    fn what_the_rung_would_allow_and_is_dark_is_told() {
        let denied = of(&[("cgroups", true), ("kubelet", true)], Some("unreadable"));
        assert_eq!(denied.lacks.len(), 1);
        assert!(denied.lacks[0].how.contains("runAsGroup: 0"));
        assert!(!denied.has.contains(&LINES));
        let off = of(&[("cgroups", true), ("kubelet", false)], None);
        assert_eq!(off.lacks[0].how, "set agent.logs.enabled = true");
        let mute = of(&[("kubelet", false), FOLDERS], None);
        assert_eq!((mute.in_force, mute.has), ("0", vec![OF_THE_NODE]));
        assert_eq!(mute.lacks.len(), 1);
    }

    #[test]
    fn the_manifests_that_are_named_are_there() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        for rung in [Rung::Kubelet, Rung::Logs, Rung::Node] {
            let how = rung.next().expect("a next one").how;
            let path = how.rsplit(' ').next().expect("a path");
            assert!(root.join(path).is_file(), "{path}");
        }
    }
}
