//! Findings that say the same about many nodes, as one.

use super::finding::Finding;

/// What is said in the same words about one or more subjects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group<'f> {
    /// The first finding of the group, which stands for all of them.
    pub finding: &'f Finding,
    /// All subjects, in the order of their findings.
    pub subjects: Vec<&'f str>,
}

/// How many names are said before the rest is counted.
const NAMED: usize = 3;

impl Group<'_> {
    /// The subjects in few words: `n1, n2, n3 and 9 more`.
    pub fn subject(&self) -> String {
        let named = self.subjects.iter().take(NAMED).copied();
        let named = named.collect::<Vec<_>>().join(", ");
        match self.subjects.len().saturating_sub(NAMED) {
            0 => named,
            more => format!("{named} and {more} more"),
        }
    }
}

/// Puts findings together whose check, result, words and remedy are the same, apart from the node's own name in the
/// remedy. Groups stand where their first finding does.
pub fn grouped(findings: &[Finding]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for finding in findings {
        let same = |group: &&mut Group<'_>| {
            let first = group.finding;
            first.id == finding.id
                && first.result == finding.result
                && first.found == finding.found
                && neutral(first) == neutral(finding)
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.subjects.push(&finding.subject),
            None => groups.push(Group {
                finding,
                subjects: vec![&finding.subject],
            }),
        }
    }
    groups
}

/// The remedy without the subject's name.
fn neutral(finding: &Finding) -> Option<String> {
    let remedy = finding.remedy.as_ref()?;
    Some(remedy.replace(finding.subject.as_str(), "NODE"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::finding::Check;

    const A: Check = Check::new("node.a", "A");

    #[test]
    fn nodes_with_the_same_words_are_one_line() {
        let mut findings = vec![A.warning("n1", "low", "kubectl label node n1 x=y")];
        findings.push(A.ok("n2", "high"));
        for name in ["n3", "n4", "n5"] {
            findings.push(A.warning(name, "low", format!("kubectl label node {name} x=y")));
        }
        let groups = grouped(&findings);
        assert_eq!(groups.len(), 2);
        assert_eq!(groups[0].subject(), "n1, n3, n4 and 1 more");
        assert_eq!(groups[0].subjects.len(), 4);
        assert_eq!(groups[1].subject(), "n2");
    }

    #[test]
    fn another_remedy_is_another_group() {
        let findings = [A.warning("n1", "low", "a"), A.warning("n2", "low", "b")];
        assert_eq!(grouped(&findings).len(), 2);
    }
}
