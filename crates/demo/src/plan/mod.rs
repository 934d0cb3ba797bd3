//! What runs in the cluster: workloads, their containers, what those ask for and use.

mod more;
mod node_pods;
mod services;

use std::sync::Arc;

use crate::logs::Voice;
use crate::scale::Scale;

/// Pods of the services that the story is about.
pub(crate) const STORY_PODS: u32 = 34;
/// Pods that every node has.
pub(crate) const PODS_OF_A_NODE: u32 = 2;

/// The namespaces of the story.
pub(crate) const NAMESPACES: [&str; 6] = [
    "shop",
    "payments",
    "data",
    "batch",
    "monitoring",
    "kube-system",
];

/// What keeps pods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Controller {
    Deployment,
    StatefulSet,
    DaemonSet,
}

impl Controller {
    pub(crate) fn kind(self) -> cluster::Kind {
        match self {
            Controller::Deployment => cluster::Kind::Deployment,
            Controller::StatefulSet => cluster::Kind::StatefulSet,
            Controller::DaemonSet => cluster::Kind::DaemonSet,
        }
    }
}

/// What is special about a container's use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Habit {
    /// Nothing.
    Steady,
    /// Anonymous memory grows from start to limit in [`crate::story::LEAK`]; then it is killed.
    Leaks,
    /// A child process grows and is killed; the first process lives.
    LosesChildren,
    /// Takes every processor of its node for a while.
    Noisy,
    /// Wants more than its own limit at busy times.
    Tight,
}

/// One container of a pod.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    pub(crate) name: &'static str,
    pub(crate) image: &'static str,
    pub(crate) tag: &'static str,
    /// Thousandths of a core.
    pub(crate) cpu_request: u32,
    pub(crate) cpu_limit: Option<u32>,
    /// MiB.
    pub(crate) memory_request: u32,
    pub(crate) memory_limit: Option<u32>,
    /// Cores that it uses in the mean of a day.
    pub(crate) cores: f64,
    /// MiB of anonymous memory, and of page cache.
    pub(crate) anon: f64,
    pub(crate) file: f64,
    /// Bytes a second that go to disks.
    pub(crate) writes: f64,
    pub(crate) processes: i64,
    pub(crate) habit: Habit,
    pub(crate) voice: Voice,
    /// Lines a second in the mean.
    pub(crate) lines: f64,
}

impl Part {
    pub(crate) fn image(&self) -> String {
        format!("registry.demo.example/{}:{}", self.image, self.tag)
    }
}

/// A claim of a stateful set's pods.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Claim {
    /// Its name in the pod.
    pub(crate) volume: &'static str,
    /// GiB.
    pub(crate) size: u32,
    /// Share that is used.
    pub(crate) used: f64,
    /// Whether the first pod's fills up within each cycle.
    pub(crate) fills: bool,
}

/// A workload with its pods' template.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) controller: Controller,
    pub(crate) namespace: Arc<str>,
    pub(crate) name: Arc<str>,
    pub(crate) replicas: u32,
    pub(crate) parts: Vec<Arc<Part>>,
    /// Bytes a second that each pod receives and sends.
    pub(crate) receives: f64,
    pub(crate) sends: f64,
    /// The port of its service; none has no service.
    pub(crate) port: Option<u16>,
    pub(crate) claim: Option<Claim>,
    pub(crate) host_network: bool,
    pub(crate) priority: Option<&'static str>,
    /// On which of the nodes its pods are, where that matters.
    pub(crate) node: Option<usize>,
}

/// A cron job.
#[derive(Debug)]
pub(crate) struct CronPlan {
    pub(crate) name: &'static str,
    pub(crate) schedule: &'static str,
    /// Between two jobs, and how long one takes, in seconds.
    pub(crate) every: i64,
    pub(crate) takes: (f64, f64),
    /// One job in so many fails; 0 for none.
    pub(crate) fails_one_in: u64,
    pub(crate) part: Arc<Part>,
}

/// Every workload of a cluster of that scale: those of the story first.
pub(crate) fn workloads(scale: Scale) -> Vec<Plan> {
    let mut plans = services::all();
    plans.extend(node_pods::all());
    let story = STORY_PODS + PODS_OF_A_NODE * scale.nodes();
    plans.extend(more::all(scale.pods().saturating_sub(story)));
    plans
}

pub(crate) use node_pods::cron_jobs;
pub(crate) use services::reindex;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_story_has_as_many_pods_as_it_says() {
        let pods = |plans: &[Plan]| plans.iter().map(|p| p.replicas).sum::<u32>();
        assert_eq!(pods(&services::all()), STORY_PODS);
        assert_eq!(node_pods::all().len(), PODS_OF_A_NODE as usize);
        for more in [0, 2, 1, 7, 4566] {
            assert_eq!(pods(&more::all(more)), more);
        }
    }

    #[test]
    fn names_are_each_given_once() {
        let mut names: Vec<_> = workloads(Scale::new(80, 20_000).unwrap())
            .into_iter()
            .map(|p| (p.namespace, p.name))
            .collect();
        let all = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
