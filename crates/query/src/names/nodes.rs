//! What the pods of a node request together, over time.

use std::collections::HashMap;

use super::facts::Requests;

/// Sums from a moment on: of processors and of bytes.
type Step = (i64, f64, f64);

/// By cluster and node.
#[derive(Debug, Clone, Default)]
pub(crate) struct NodeRequests {
    steps: HashMap<String, Vec<Step>>,
}

impl NodeRequests {
    /// From each pod's life on a node: cluster, node, since when, until when (`i64::MAX` for a pod that is there), and
    /// what it requests.
    pub(super) fn new<'a>(
        lives: impl Iterator<Item = (Option<&'a str>, &'a str, i64, i64, Requests)>,
    ) -> NodeRequests {
        let mut steps: HashMap<String, Vec<Step>> = HashMap::new();
        for (cluster, node, from, until, requests) in lives {
            let steps = steps.entry(key(cluster, node)).or_default();
            let cpu = requests.cpu_cores.unwrap_or(0.0);
            let memory = requests.memory_bytes.unwrap_or(0.0);
            steps.push((from, cpu, memory));
            if until != i64::MAX {
                steps.push((until, -cpu, -memory));
            }
        }
        for steps in steps.values_mut() {
            steps.sort_unstable_by_key(|(time, ..)| *time);
            let mut sum = (0.0, 0.0);
            for (_, cpu, memory) in steps {
                sum = (sum.0 + *cpu, sum.1 + *memory);
                // Fractions added and taken away leave a trace.
                (*cpu, *memory) = (sum.0.max(0.0), sum.1.max(0.0));
            }
        }
        NodeRequests { steps }
    }

    /// The sums at a time; `None` of a node without pods whose identity is known. What was known first holds before.
    pub(crate) fn at(&self, cluster: Option<&str>, node: &str, time: i64) -> Option<(f64, f64)> {
        let steps = self.steps.get(&key(cluster, node))?;
        let after = steps.partition_point(|(from, ..)| *from <= time);
        let at = match after {
            // The pods that were there when the first was seen are told of in one moment.
            0 => {
                let first = steps.first()?.0;
                steps.partition_point(|(from, ..)| *from <= first)
            }
            after => after,
        };
        steps
            .get(at.checked_sub(1)?)
            .map(|(_, cpu, memory)| (*cpu, *memory))
    }
}

fn key(cluster: Option<&str>, node: &str) -> String {
    format!("{}\0{node}", cluster.unwrap_or_default())
}
