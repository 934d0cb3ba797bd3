//! Further deployments, for clusters that are larger than the story.

use super::services::{deployment, part};
use super::{Part, Plan};
use crate::logs::Voice;

const TEAMS: [&str; 12] = [
    "accounts",
    "billing",
    "delivery",
    "events",
    "geo",
    "inventory",
    "loyalty",
    "media",
    "orders",
    "partners",
    "reviews",
    "stock",
];
const ROLES: [&str; 10] = [
    "api", "worker", "gateway", "sync", "cache", "index", "import", "export", "notify", "rules",
];
const REPLICAS: [u32; 8] = [2, 3, 6, 4, 12, 8, 5, 10];
/// Lines a second of all further pods together, at most.
const LINES: f64 = 15.0;
const MOST_LINES: f64 = 0.05;

/// Deployments with so many pods in all.
pub(super) fn all(pods: u32) -> Vec<Plan> {
    let mut left = pods;
    let lines = (LINES / f64::from(pods.max(1))).min(MOST_LINES);
    let mut plans = Vec::new();
    for number in 0.. {
        if left == 0 {
            break;
        }
        let replicas = REPLICAS[number % REPLICAS.len()].min(left);
        left -= replicas;
        let team = TEAMS[number % TEAMS.len()];
        let role = ROLES[number / TEAMS.len() % ROLES.len()];
        let round = number / (TEAMS.len() * ROLES.len());
        let name = match round {
            0 => role.to_owned(),
            round => format!("{role}-{}", round + 1),
        };
        // Sizes differ from deployment to deployment, but not from one start to the next.
        let size = 0.5 + (number * 7 % 11) as f64 / 10.0;
        let container = Part {
            cpu_request: 80,
            memory_limit: Some(320),
            cores: 0.05 * size,
            anon: 90.0 * size,
            file: 24.0 * size,
            ..part(role, "team/service", "1.0.0", Voice::Service, lines)
        };
        plans.push(Plan {
            receives: 12_000.0 * size,
            sends: 18_000.0 * size,
            ..deployment(team, &name, replicas, vec![container])
        });
    }
    plans
}
