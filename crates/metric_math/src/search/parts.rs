//! Names cut into what a search finds.

/// The parts of a name, in its case: cut where a letter is not alphanumeric, where letters and digits meet, where lower
/// case becomes upper case, and before the last of several upper-case letters that lower case follows.
///
/// ```
/// use metric_math::search::parts;
/// assert_eq!(parts("Project2-trial333"), ["Project", "2", "trial", "333"]);
/// assert_eq!(parts("SDBFailure"), ["SDB", "Failure"]);
/// ```
pub fn parts(name: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut begun: Option<usize> = None;
    let mut last: Option<char> = None;
    let mut rest = name.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        if !c.is_alphanumeric() {
            found.extend(begun.take().and_then(|start| name.get(start..at)));
            last = None;
            continue;
        }
        let follows = rest.peek().map(|(_, next)| *next);
        if last.is_some_and(|last| is_cut(last, c, follows)) {
            found.extend(begun.take().and_then(|start| name.get(start..at)));
        }
        begun = begun.or(Some(at));
        last = Some(c);
    }
    found.extend(begun.and_then(|start| name.get(start..)));
    found
}

fn is_cut(before: char, after: char, follows: Option<char>) -> bool {
    if before.is_alphabetic() != after.is_alphabetic() {
        return true;
    }
    if !after.is_uppercase() {
        return false;
    }
    before.is_lowercase() || (before.is_uppercase() && follows.is_some_and(char::is_lowercase))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cut_as_cloudwatch_cuts_them() {
        for (name, cut) in [
            ("CustomCount1", vec!["Custom", "Count", "1"]),
            ("couNT", vec!["cou", "NT"]),
            ("COUNT", vec!["COUNT"]),
            ("pod_cpu_utilization", vec!["pod", "cpu", "utilization"]),
            ("AWS/EC2", vec!["AWS", "EC", "2"]),
            ("--", vec![]),
            ("", vec![]),
            ("Größe2Ä", vec!["Größe", "2", "Ä"]),
        ] {
            assert_eq!(parts(name), cut, "{name}");
        }
    }
}
