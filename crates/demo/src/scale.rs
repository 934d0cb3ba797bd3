//! How large the simulated cluster is.

use std::fmt;
use std::str::FromStr;

use crate::plan;

/// Nodes and pods. The pods are those that run all the time; those of jobs and of rollouts come on top.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    nodes: u32,
    pods: u32,
}

/// The scale that is simulated when nobody asks for another.
const SMALL: Scale = Scale { nodes: 3, pods: 40 };
/// Up to here the past is simulated in full.
const SMALL_PODS: u32 = 500;

/// Most nodes.
pub const MOST_NODES: u32 = 1000;
/// Fewest pods: those that the story is about.
pub const FEWEST_PODS: u32 = 40;
/// Most pods.
pub const MOST_PODS: u32 = 20_000;
/// Most pods on a node.
pub const MOST_PODS_A_NODE: u32 = 250;
/// Pods on a node where only the nodes are asked for.
const USUAL_PODS_A_NODE: u32 = 25;

/// Why a scale is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScaleError {
    /// A part that is not `nodes=…` or `pods=…`.
    #[error("{part:?} is not a part of a scale: write nodes=200,pods=5000")]
    Part {
        /// The part, shortened.
        part: String,
    },
    /// A number that is none.
    #[error("{name}={value}: not a whole number; write for example {name}={example}")]
    Number {
        /// `nodes` or `pods`.
        name: &'static str,
        /// The text, shortened.
        value: String,
        /// One that would do.
        example: u32,
    },
    /// A name twice.
    #[error("{name} is given twice")]
    Twice {
        /// `nodes` or `pods`.
        name: &'static str,
    },
    /// Too few or too many.
    #[error("{name}={value}: give {least} to {most}")]
    Bounds {
        /// `nodes` or `pods`.
        name: &'static str,
        /// What was asked for.
        value: u32,
        /// The fewest.
        least: u32,
        /// The most.
        most: u32,
    },
    /// More pods than the nodes hold.
    #[error(
        "pods={pods} are too many for nodes={nodes}: a node holds at most {MOST_PODS_A_NODE}; give at least nodes={needed}"
    )]
    Crowded {
        /// Nodes asked for.
        nodes: u32,
        /// Pods asked for.
        pods: u32,
        /// Nodes that would do.
        needed: u32,
    },
    /// Fewer pods than the nodes need.
    #[error(
        "pods={pods} are too few for nodes={nodes}: every node has {} of its own; give at least pods={needed}",
        plan::PODS_OF_A_NODE
    )]
    Sparse {
        /// Nodes asked for.
        nodes: u32,
        /// Pods asked for.
        pods: u32,
        /// Pods that would do.
        needed: u32,
    },
}

impl Scale {
    /// A scale within the bounds.
    ///
    /// # Errors
    /// [`ScaleError`] names the bound that is not kept.
    pub fn new(nodes: u32, pods: u32) -> Result<Scale, ScaleError> {
        let within = |name, value, least, most| match (least..=most).contains(&value) {
            true => Ok(()),
            false => Err(ScaleError::Bounds {
                name,
                value,
                least,
                most,
            }),
        };
        within("nodes", nodes, 1, MOST_NODES)?;
        within("pods", pods, FEWEST_PODS, MOST_PODS)?;
        if pods > nodes * MOST_PODS_A_NODE {
            let needed = pods.div_ceil(MOST_PODS_A_NODE);
            return Err(ScaleError::Crowded {
                nodes,
                pods,
                needed,
            });
        }
        let needed = plan::STORY_PODS + plan::PODS_OF_A_NODE * nodes;
        if pods < needed {
            return Err(ScaleError::Sparse {
                nodes,
                pods,
                needed,
            });
        }
        Ok(Scale { nodes, pods })
    }

    /// Nodes.
    pub fn nodes(self) -> u32 {
        self.nodes
    }

    /// Pods that run all the time.
    pub fn pods(self) -> u32 {
        self.pods
    }

    /// How much of the past is worth simulating before the first tick, in seconds: enough that charts are full, little
    /// enough that nobody waits.
    pub fn usual_history_seconds(self) -> i64 {
        match self.pods <= SMALL_PODS {
            true => 90 * 60,
            false => 10 * 60,
        }
    }
}

impl Default for Scale {
    /// 3 nodes and 40 pods.
    fn default() -> Scale {
        SMALL
    }
}

impl fmt::Display for Scale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "nodes={},pods={}", self.nodes, self.pods)
    }
}

impl FromStr for Scale {
    type Err = ScaleError;

    /// `nodes=200,pods=5000`; what is left out follows from the other.
    fn from_str(text: &str) -> Result<Scale, ScaleError> {
        let (mut nodes, mut pods) = (None, None);
        for part in text.split(',') {
            let bad = || ScaleError::Part { part: cut(part) };
            let (name, value) = part.split_once('=').ok_or_else(bad)?;
            let (name, place, example) = match name.trim() {
                "nodes" => ("nodes", &mut nodes, 200),
                "pods" => ("pods", &mut pods, 5000),
                _ => return Err(bad()),
            };
            if place.is_some() {
                return Err(ScaleError::Twice { name });
            }
            let number = value.trim().parse::<u32>();
            *place = Some(number.map_err(|_| ScaleError::Number {
                name,
                value: cut(value),
                example,
            })?);
        }
        let (nodes, pods) = match (nodes, pods) {
            (Some(nodes), Some(pods)) => (nodes, pods),
            (Some(nodes), None) => (
                nodes,
                nodes.saturating_mul(USUAL_PODS_A_NODE).max(SMALL.pods),
            ),
            (None, Some(pods)) => (pods.div_ceil(USUAL_PODS_A_NODE).max(SMALL.nodes), pods),
            (None, None) => return Err(ScaleError::Part { part: cut(text) }),
        };
        Scale::new(nodes, pods)
    }
}

/// Text from outside, short enough for a message.
fn cut(text: &str) -> String {
    text.trim().chars().take(32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_are_read() {
        for (text, nodes, pods) in [
            ("nodes=200,pods=5000", 200, 5000),
            (" pods=5000 , nodes=200 ", 200, 5000),
            ("nodes=1", 1, 40),
            ("nodes=10", 10, 250),
            ("pods=1000", 40, 1000),
            ("nodes=3,pods=40", 3, 40),
            ("nodes=80,pods=20000", 80, 20_000),
        ] {
            let scale: Scale = text.parse().unwrap_or_else(|e| panic!("{text}: {e}"));
            assert_eq!((scale.nodes(), scale.pods()), (nodes, pods), "{text}");
            assert_eq!(scale.to_string().parse::<Scale>(), Ok(scale));
        }
        assert_eq!(Scale::new(3, 40), Ok(Scale::default()));
    }

    #[test]
    fn each_fault_says_what_to_give() {
        for (text, said) in [
            (
                "",
                "\"\" is not a part of a scale: write nodes=200,pods=5000",
            ),
            ("200", "\"200\" is not a part"),
            ("cores=3", "\"cores=3\" is not a part"),
            (
                "nodes=x",
                "nodes=x: not a whole number; write for example nodes=200",
            ),
            (
                "pods=-1",
                "pods=-1: not a whole number; write for example pods=5000",
            ),
            ("nodes=3,nodes=4", "nodes is given twice"),
            ("nodes=0", "nodes=0: give 1 to 1000"),
            ("nodes=1001,pods=5000", "nodes=1001: give 1 to 1000"),
            ("nodes=3,pods=39", "pods=39: give 40 to 20000"),
            ("nodes=200,pods=20001", "pods=20001: give 40 to 20000"),
            ("nodes=2,pods=501", "give at least nodes=3"),
            ("nodes=200,pods=100", "give at least pods=434"),
        ] {
            let error = text.parse::<Scale>().unwrap_err().to_string();
            assert!(error.contains(said), "{text}: {error}");
        }
    }
}
