//! What runs on every node, and the jobs that come and go.

use std::sync::Arc;

use super::services::{deployment, part};
use super::{Controller, CronPlan, Part, Plan};
use crate::logs::Voice;

pub(super) fn all() -> Vec<Plan> {
    let agent = Part {
        cpu_request: 50,
        memory_request: 64,
        memory_limit: Some(128),
        cores: 0.015,
        anon: 34.0,
        file: 12.0,
        writes: 20_000.0,
        ..part("agent", "node-agent", "0.1.0", Voice::NodeAgent, 0.02)
    };
    let proxy = Part {
        cpu_request: 20,
        memory_request: 32,
        memory_limit: None,
        cores: 0.008,
        anon: 24.0,
        file: 14.0,
        writes: 0.0,
        ..part("kube-proxy", "kube-proxy", "v1.31.2", Voice::Silent, 0.0)
    };
    let of_node = |name, part, host_network| Plan {
        controller: Controller::DaemonSet,
        port: None,
        host_network,
        priority: Some("system-node-critical"),
        receives: 3_000.0,
        sends: 6_000.0,
        ..deployment("kube-system", name, 0, vec![part])
    };
    vec![
        of_node("node-agent", agent, false),
        of_node("kube-proxy", proxy, true),
    ]
}

/// The cron jobs, all in namespace `batch`.
pub(crate) fn cron_jobs() -> Vec<CronPlan> {
    let job = |name, image, tag, cores, anon| {
        Arc::new(Part {
            memory_limit: Some(384),
            cores,
            anon,
            writes: 150_000.0,
            ..part(name, image, tag, Voice::Job, 0.4)
        })
    };
    vec![
        CronPlan {
            name: "sales-report",
            schedule: "*/5 * * * *",
            every: 300,
            takes: (35.0, 55.0),
            fails_one_in: 0,
            part: job("report", "batch/sales-report", "2.3.0", 0.55, 170.0),
        },
        CronPlan {
            name: "thumbnails",
            schedule: "*/2 * * * *",
            every: 120,
            // Shorter than a tick: only its receipt tells of it.
            takes: (3.0, 8.0),
            fails_one_in: 9,
            part: job("thumbnails", "batch/thumbnails", "1.6.2", 0.8, 90.0),
        },
    ]
}
