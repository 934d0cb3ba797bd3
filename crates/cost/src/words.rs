//! Numbers in sentences.

/// At most two digits after the point, none that are 0, thousands apart: `24`, `0.5`, `1,234.57`. Never negative.
pub(crate) fn number(value: f64) -> String {
    let text = format!("{value:.2}");
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    let rest = rest.trim_end_matches('0');
    if whole == "0" && rest.is_empty() && value > 0.0 {
        return "less than 0.01".to_owned();
    }
    let mut grouped = String::with_capacity(text.len() + text.len() / 3);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if rest.is_empty() {
        grouped
    } else {
        format!("{grouped}.{rest}")
    }
}

/// `1 node`, `3 nodes`.
pub(crate) fn counted(value: f64, one: &str, many: &str) -> String {
    let text = number(value);
    let word = if text == "1" { one } else { many };
    format!("{text} {word}")
}

/// `a, b and c`.
pub(crate) fn listed(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [all @ .., last] => format!("{} and {last}", all.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        for (value, text) in [
            (0.0, "0"),
            (24.0, "24"),
            (100.0, "100"),
            (0.5, "0.5"),
            (999.0, "999"),
            (1234.567, "1,234.57"),
            (100_000.0, "100,000"),
            (1_234_567.0, "1,234,567"),
            (0.0001, "less than 0.01"),
        ] {
            assert_eq!(number(value), text);
        }
        assert_eq!(counted(1.0, "node", "nodes"), "1 node");
        assert_eq!(counted(1.5, "node", "nodes"), "1.5 nodes");
    }

    #[test]
    fn lists_end_with_and() {
        let parts = |n: usize| {
            ["a", "b", "c"][..n]
                .iter()
                .map(|s| (*s).to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(listed(&parts(0)), "");
        assert_eq!(listed(&parts(1)), "a");
        assert_eq!(listed(&parts(2)), "a and b");
        assert_eq!(listed(&parts(3)), "a, b and c");
    }
}
