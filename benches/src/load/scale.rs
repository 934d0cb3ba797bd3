//! How large the simulated cluster is.

use std::fmt;
use std::str::FromStr;

/// Written `nodes x pods x containers x minutes`: `100x60x2x60`. The minutes may be left out for an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Scale {
    pub(crate) nodes: usize,
    /// On each node.
    pub(crate) pods: usize,
    /// In each pod.
    pub(crate) containers: usize,
    pub(crate) minutes: usize,
}

impl Scale {
    pub(crate) fn ticks(&self) -> usize {
        self.minutes * super::TICKS_PER_MINUTE
    }

    /// Entities of a table on each node.
    pub(crate) fn per_node(&self, table: &catalogue::Table) -> usize {
        if table.name == "pod" {
            self.pods
        } else {
            self.pods * self.containers
        }
    }
}

impl fmt::Display for Scale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Scale {
            nodes,
            pods,
            containers,
            minutes,
        } = self;
        write!(f, "{nodes}x{pods}x{containers}x{minutes}")
    }
}

impl FromStr for Scale {
    type Err = String;

    fn from_str(text: &str) -> Result<Scale, String> {
        let numbers: Vec<usize> = text
            .split(['x', '×'])
            .map(|part| part.trim().parse())
            .collect::<Result<_, _>>()
            .map_err(|_| {
                format!(
                    "'{text}' is no scale: write nodes x pods x containers x minutes, as 20x60x2x60"
                )
            })?;
        let (nodes, pods, containers, minutes) = match numbers[..] {
            [nodes, pods, containers] => (nodes, pods, containers, 60),
            [nodes, pods, containers, minutes] => (nodes, pods, containers, minutes),
            _ => {
                return Err(format!(
                    "a scale has three or four numbers, '{text}' has {}",
                    numbers.len()
                ));
            }
        };
        if [nodes, pods, containers, minutes].contains(&0) {
            return Err(format!("no number of a scale is 0: '{text}'"));
        }
        Ok(Scale {
            nodes,
            pods,
            containers,
            minutes,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_reads_back() {
        for text in ["100x60x2x60", "1x2x3x4"] {
            assert_eq!(text.parse::<Scale>().unwrap().to_string(), text);
        }
        assert_eq!("2x3x4".parse::<Scale>().unwrap().minutes, 60);
        for text in ["", "1x2", "ax1x1", "0x1x1", "1x1x1x1x1"] {
            assert!(text.parse::<Scale>().is_err(), "{text}");
        }
    }
}
