//! The last sequence of each agent and table: what makes a frame that is sent twice be stored once.

use std::collections::BTreeMap;

/// Whether a frame is the one that the server waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Store it.
    Next,
    /// It is stored already.
    Seen {
        /// The last sequence that is stored of its agent and table.
        last: u64,
    },
    /// The same frame is in the group that is being written: it is stored when that is.
    Underway,
    /// The one before it is missing and the agent still has it.
    Skipped {
        /// The sequence to send from.
        expected: u64,
    },
}

/// The last sequence stored, by agent and table.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Sequences {
    last: BTreeMap<[u8; 16], BTreeMap<String, u64>>,
}

impl Sequences {
    fn last(&self, agent: &[u8; 16], table: &str) -> u64 {
        self.last
            .get(agent)
            .and_then(|tables| tables.get(table))
            .copied()
            .unwrap_or(0)
    }

    /// Judges a frame against these and what a group has accepted on top of them. `oldest` is the oldest sequence that
    /// the agent still has: what lies before it is stored or lost (and was counted there), so a gap that ends at
    /// `oldest` is no reason to refuse.
    pub(crate) fn judge(
        &self,
        accepted: &Sequences,
        agent: &[u8; 16],
        table: &str,
        sequence: u64,
        oldest: Option<u64>,
    ) -> Verdict {
        let stored = self.last(agent, table);
        if sequence <= stored {
            return Verdict::Seen { last: stored };
        }
        let last = stored.max(accepted.last(agent, table));
        if sequence <= last {
            return Verdict::Underway;
        }
        let expected = (last + 1).max(oldest.unwrap_or(0).min(sequence));
        if sequence == expected {
            Verdict::Next
        } else {
            Verdict::Skipped { expected }
        }
    }

    /// Notes that a frame is stored.
    pub(crate) fn note(&mut self, agent: [u8; 16], table: &str, sequence: u64) {
        let tables = self.last.entry(agent).or_default();
        match tables.get_mut(table) {
            Some(last) => *last = (*last).max(sequence),
            None => {
                tables.insert(table.to_owned(), sequence);
            }
        }
    }

    /// Takes over what is newer in another.
    pub(crate) fn merge(&mut self, other: Sequences) {
        for (agent, table, sequence) in other.iter() {
            self.note(*agent, table, sequence);
        }
    }

    fn iter(&self) -> impl Iterator<Item = (&[u8; 16], &str, u64)> {
        self.last.iter().flat_map(|(agent, tables)| {
            tables
                .iter()
                .map(move |(table, last)| (agent, table.as_str(), *last))
        })
    }

    /// As the body of a frame: for each entry the agent (16 bytes), the sequence (8), the length of the table's name
    /// (1) and the name.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.last.len() * 256);
        for (agent, table, sequence) in self.iter() {
            out.extend_from_slice(agent);
            out.extend_from_slice(&sequence.to_le_bytes());
            out.push(table.len() as u8);
            out.extend_from_slice(table.as_bytes());
        }
        out
    }

    /// From the body of a frame whose checksum held; `None` when it is not what [`Sequences::to_bytes`] writes.
    pub(crate) fn from_bytes(mut bytes: &[u8]) -> Option<Sequences> {
        let mut sequences = Sequences::default();
        while !bytes.is_empty() {
            let (agent, rest) = bytes.split_first_chunk::<16>()?;
            let (sequence, rest) = rest.split_first_chunk::<8>()?;
            let (length, rest) = rest.split_first()?;
            let (table, rest) = rest.split_at_checked(usize::from(*length))?;
            sequences.note(
                *agent,
                std::str::from_utf8(table).ok()?,
                u64::from_le_bytes(*sequence),
            );
            bytes = rest;
        }
        Some(sequences)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: [u8; 16] = [1; 16];

    #[test]
    fn frames_are_taken_in_order_and_once() {
        let (mut s, none) = (Sequences::default(), Sequences::default());
        assert_eq!(s.judge(&none, &A, "pod", 1, None), Verdict::Next);
        assert_eq!(
            s.judge(&none, &A, "pod", 2, None),
            Verdict::Skipped { expected: 1 }
        );
        s.note(A, "pod", 1);
        assert_eq!(
            s.judge(&none, &A, "pod", 1, None),
            Verdict::Seen { last: 1 }
        );
        assert_eq!(s.judge(&none, &A, "pod", 2, None), Verdict::Next);
        assert_eq!(
            s.judge(&none, &A, "node", 1, None),
            Verdict::Next,
            "each table counts for itself"
        );
    }

    /// A frame that came twice within a group is stored only if the group is: nobody may be told so before.
    #[test]
    fn a_frame_in_the_same_group_is_not_called_stored() {
        let (mut s, mut group) = (Sequences::default(), Sequences::default());
        s.note(A, "pod", 1);
        group.note(A, "pod", 2);
        assert_eq!(s.judge(&group, &A, "pod", 2, None), Verdict::Underway);
        assert_eq!(
            s.judge(&group, &A, "pod", 1, None),
            Verdict::Seen { last: 1 }
        );
        assert_eq!(s.judge(&group, &A, "pod", 3, None), Verdict::Next);
    }

    #[test]
    fn what_the_agent_no_longer_has_is_not_waited_for() {
        let (mut s, none) = (Sequences::default(), Sequences::default());
        s.note(A, "pod", 3);
        assert_eq!(s.judge(&none, &A, "pod", 9, Some(9)), Verdict::Next);
        assert_eq!(
            s.judge(&none, &A, "pod", 9, Some(7)),
            Verdict::Skipped { expected: 7 }
        );
        assert_eq!(
            s.judge(&none, &A, "pod", 9, Some(2)),
            Verdict::Skipped { expected: 4 }
        );
        assert_eq!(
            s.judge(&none, &A, "pod", 4, Some(400)),
            Verdict::Next,
            "an oldest beyond the frame means nothing"
        );
    }

    #[test]
    fn they_survive_as_bytes() {
        let mut s = Sequences::default();
        s.note(A, "pod", 3);
        s.note([2; 16], "container", u64::MAX);
        assert_eq!(Sequences::from_bytes(&s.to_bytes()), Some(s.clone()));
        assert_eq!(Sequences::from_bytes(&s.to_bytes()[..30]), None);
    }
}
