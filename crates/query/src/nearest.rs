//! Known names near to an unknown one, for errors.

/// How many names are worth reading in an error.
const MOST: usize = 3;

/// The known names that somebody may have meant, likeliest first: the nearest by spelling, then names that contain
/// what was written (`container_cpu_utilization` for `cpu_utilization`).
pub(crate) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let known: Vec<&str> = known.into_iter().collect();
    let mut near: Vec<&str> = catalogue::nearest(name, known.iter().copied())
        .into_iter()
        .collect();
    let lower = name.to_lowercase();
    if lower.len() >= 3 {
        let mut around: Vec<&str> = known
            .into_iter()
            .filter(|k| k.to_lowercase().contains(&lower))
            .collect();
        around.sort_by_key(|k| (k.len(), *k));
        around.retain(|k| !near.contains(k));
        near.extend(around);
    }
    near.into_iter().take(MOST).map(str::to_owned).collect()
}

/// `'a'`, `'a' or 'b'`, `'a', 'b' or 'c'`.
pub(crate) fn either(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
    match quoted.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, before)) => format!("{} or {last}", before.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_spelling_then_by_containing_and_few() {
        let statistics = [
            "Average",
            "Sum",
            "Minimum",
            "Maximum",
            "SampleCount",
            "Total",
        ];
        assert_eq!(nearest("average", statistics), ["Average"]);
        assert_eq!(nearest("Avrage", statistics), ["Average"]);
        assert_eq!(nearest("max", statistics), ["Maximum"]);
        assert_eq!(nearest("xyzzy", statistics), Vec::<String>::new());
        assert_eq!(
            nearest("cpu", ["cpu_b", "a_cpu_longer", "x_cpu", "cpu_a"]),
            ["cpu_a", "cpu_b", "x_cpu"]
        );
    }

    #[test]
    fn lists_read_as_a_sentence() {
        let names: Vec<String> = ["a", "b", "c"].map(String::from).to_vec();
        assert_eq!(either(&names[..1]), "'a'");
        assert_eq!(either(&names[..2]), "'a' or 'b'");
        assert_eq!(either(&names), "'a', 'b' or 'c'");
    }
}
