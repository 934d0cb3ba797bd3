//! The name that somebody probably meant.

/// The candidate with the fewest single-character edits from `name` (Levenshtein's distance), the first of equals;
/// `None` when even that differs in more than a third of its characters. Case does not count.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Nobody mistypes a name of this length; without a bound a caller's input would set the cost.
    const LONGEST: usize = 128;
    let name: Vec<char> = name
        .chars()
        .take(LONGEST)
        .flat_map(char::to_lowercase)
        .collect();
    let allowed = (name.len() / 3).max(1);
    candidates
        .into_iter()
        .filter_map(|candidate| {
            let letters: Vec<char> = candidate.chars().flat_map(char::to_lowercase).collect();
            if letters.len().abs_diff(name.len()) > allowed {
                return None;
            }
            let edits = distance(&name, &letters);
            (edits <= allowed).then_some((edits, candidate))
        })
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, candidate)| candidate)
}

/// Insertions, deletions and replacements that turn `a` into `b`.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 4] = [
        "cpu_usage_usec",
        "cpu_user_usec",
        "memory_usage_bytes",
        "pod",
    ];

    #[test]
    fn finds_what_was_meant() {
        assert_eq!(nearest("cpu_usage_us", NAMES), Some("cpu_usage_usec"));
        assert_eq!(nearest("CPU_User_uSec", NAMES), Some("cpu_user_usec"));
        assert_eq!(
            nearest("memory_usge_byte", NAMES),
            Some("memory_usage_bytes")
        );
        assert_eq!(nearest("pods", NAMES), Some("pod"));
    }

    #[test]
    fn says_nothing_when_nothing_is_near() {
        assert_eq!(nearest("temperature", NAMES), None);
        assert_eq!(nearest("", NAMES), None);
        assert_eq!(nearest("x".repeat(100_000).as_str(), NAMES), None);
    }

    #[test]
    fn counts_edits() {
        let letters = |text: &str| text.chars().collect::<Vec<_>>();
        for (a, b, edits) in [
            ("kitten", "sitting", 3),
            ("", "abc", 3),
            ("abc", "abc", 0),
            ("ab", "ba", 2),
        ] {
            assert_eq!(distance(&letters(a), &letters(b)), edits, "{a} to {b}");
            assert_eq!(distance(&letters(b), &letters(a)), edits, "{b} to {a}");
        }
    }
}
