//! A sampler's account of itself.

use rustix::process::{getegid, geteuid, getgroups};

use super::Sampler;
use crate::source::cgroup::Version;
use crate::source::cgroup::classify::Kind;
use crate::source::report::{Counters, Feature, SourcesReport, file_report};

impl Sampler {
    /// What is read, with which right, and what is dark and why.
    pub fn report(&self) -> SourcesReport {
        let roots = &self.options.roots;
        let groups = getgroups().unwrap_or_default();
        let groups: Vec<String> = groups.iter().map(|g| g.as_raw().to_string()).collect();
        SourcesReport {
            cgroup_version: self.cgroups.hierarchy.version.word(),
            proc_root: roots.proc.display().to_string(),
            sys_root: roots.sys.display().to_string(),
            log_root: roots.log.display().to_string(),
            host_root: roots.host.display().to_string(),
            identity: format!(
                "uid {}, gid {}, groups {}",
                geteuid().as_raw(),
                getegid().as_raw(),
                if groups.is_empty() {
                    "none".to_owned()
                } else {
                    groups.join(" ")
                }
            ),
            features: self.features(),
            counters: self.counters(),
            files: self
                .reader
                .ledger
                .entries()
                .iter()
                .map(file_report)
                .chain(self.kubelet.iter().map(|kubelet| kubelet.report()))
                .collect(),
        }
    }

    /// Counts of the sampler's life so far.
    pub fn counters(&self) -> Counters {
        let (mut pods, mut containers, mut units) = (0, 0, 0);
        for entity in self.cgroups.iter() {
            match entity.class.kind {
                Kind::Pod { .. } => pods += 1,
                Kind::Container { .. } => containers += 1,
                _ => units += 1,
            }
        }
        let counts = self.cgroups.counts;
        let tree = &self.cgroups.tree;
        let (kept, keep) = self.cgroups.kept();
        let (reads, bytes) = self.reader.ledger.totals();
        let pod_interfaces: u64 = self
            .pod_networks
            .pods
            .values()
            .map(|p| p.interfaces.left_out)
            .sum();
        if !self.options.mounted {
            (pods, containers) = self.counted;
        }
        Counters {
            pods,
            containers,
            units,
            cgroups_left_out: self.cgroups.left_out(),
            cgroups_missed: counts.missed,
            cgroups_ended: counts.ended,
            cgroups_unreadable_names: tree.unreadable_names(),
            failed_listings: tree.failed_listings,
            devices_left_out: self.disks.left_out
                + self.interfaces.left_out
                + self.filesystems.left_out
                + pod_interfaces,
            remote_filesystems: self.filesystems.remote,
            watches: tree.watches() as u64,
            failed_watches: tree.failed_watches,
            lost_announcements: tree.overflows,
            walks: counts.walks,
            kept_files: kept as u64,
            kept_files_per_cgroup: (keep as u64, self.cgroups.hot_files() as u64),
            reads,
            bytes,
            ..self.counters
        }
    }

    fn features(&self) -> Vec<Feature> {
        let version = self.cgroups.hierarchy.version;
        let kubelet = self.kubelet.as_ref().map(|kubelet| kubelet.feature());
        if !self.options.mounted {
            return kubelet
                .into_iter()
                .chain([Feature {
                    name: "host's folders",
                    present: false,
                    meaning: "what pods and containers use is known by the kubelet's answers alone: throttling, pressure, \
                              block I/O, OOM kills, tasks and the ends of containers are dark; mount the host's \
                              /sys/fs/cgroup and /proc (rung 2)",
                }])
                .collect();
        }
        let mut features = vec![
            Feature {
                name: "cgroups",
                present: version != Version::None,
                meaning: "without them there are no pods, containers and units; mount the host's /sys/fs/cgroup",
            },
            Feature {
                name: "cgroup v2 controllers",
                present: version == Version::V2,
                meaning: "with v1 alone, reclaim, high limits, weights and group OOM kills are dark; the end of a \
                          container is seen when its directory goes, not when its last process does",
            },
            Feature {
                name: "pressure (PSI)",
                present: self.has_pressure,
                meaning: "without it waits for CPU, memory and I/O are dark; boot the kernel with psi=1 \
                          (CONFIG_PSI)",
            },
            Feature {
                name: "pressure of control groups",
                present: self.has_pressure && matches!(version, Version::V2 | Version::Hybrid),
                meaning: "needs PSI and a cgroup v2 tree that holds the containers",
            },
            Feature {
                name: "announcements (inotify)",
                present: self.cgroups.fd().is_some() && self.cgroups.tree.failed_watches == 0,
                meaning: "without them new and ended cgroups are found by walks only, and short-lived ones may be \
                          missed; raise fs.inotify.max_user_instances and max_user_watches",
            },
            Feature {
                name: "all hot files kept open",
                present: {
                    let (_, keep) = self.cgroups.kept();
                    keep >= self.cgroups.hot_files()
                },
                meaning: "fewer descriptors than files: the rest is opened anew each tick, which costs more CPU; raise \
                          the limit of open files",
            },
        ];
        let has_pods = || {
            self.cgroups
                .iter()
                .any(|entity| matches!(entity.class.kind, Kind::Pod { .. }))
        };
        // On a machine without pods there is none to be asked.
        features.extend(kubelet.or_else(|| {
            has_pods().then_some(Feature {
                name: "kubelet",
                present: false,
                meaning: "it is not asked: volumes, root file systems of containers and sizes of their logs are dark; \
                          set agent.kubelet.enabled and give the right get on nodes/stats",
            })
        }));
        features
    }
}
