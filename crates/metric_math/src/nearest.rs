//! The name that was probably meant.

/// The candidate with the fewest single-character edits from `name`, case aside; `None` when it takes more than a third
/// of its characters.
pub(crate) fn nearest<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    // Nobody mistypes a name of this length; without a bound the input would set the cost.
    const LONGEST: usize = 64;
    if name.len() > LONGEST {
        return None;
    }
    let name = name.to_lowercase();
    // Of a single character nothing would be left.
    let length = name.chars().count();
    let allowed = (length / 3).max(1).min(length.saturating_sub(1));
    candidates
        .into_iter()
        .map(|candidate| (edits(&name, &candidate.to_lowercase()), candidate))
        .filter(|(edits, _)| *edits <= allowed)
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, candidate)| candidate)
}

/// Insertions, deletions and replacements that turn `a` into `b` (Levenshtein's distance).
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_near_is_offered() {
        let keys = ["AVG", "DATAPOINT_COUNT"];
        assert_eq!(nearest("DATAPOINTS_COUNT", keys), Some("DATAPOINT_COUNT"));
        assert_eq!(nearest("avg", keys), Some("AVG"));
        assert_eq!(nearest("Namespace", keys), None);
        assert_eq!(nearest("", keys), None);
        assert_eq!(nearest("c", ["b"]), None);
        assert_eq!(nearest(&"x".repeat(100_000), keys), None);
    }
}
