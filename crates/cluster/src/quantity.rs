//! Quantities as Kubernetes writes them: `250m`, `64Mi`, `1e3`.

/// What follows the number, and by how much it multiplies.
const SUFFIXES: [(&str, f64); 15] = [
    ("Ki", 1024.0),
    ("Mi", 1_048_576.0),
    ("Gi", 1_073_741_824.0),
    ("Ti", 1_099_511_627_776.0),
    ("Pi", 1_125_899_906_842_624.0),
    ("Ei", 1_152_921_504_606_846_976.0),
    ("n", 1e-9),
    ("u", 1e-6),
    ("m", 1e-3),
    ("k", 1e3),
    ("M", 1e6),
    ("G", 1e9),
    ("T", 1e12),
    ("P", 1e15),
    ("E", 1e18),
];

/// The number that a quantity stands for; `None` when it is not one.
pub(crate) fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    let plain = |text: &str| text.parse::<f64>().ok().filter(|n| n.is_finite());
    if let Some(number) = plain(text) {
        return Some(number);
    }
    SUFFIXES.iter().find_map(|(suffix, factor)| {
        plain(text.strip_suffix(suffix)?).map(|number| number * factor)
    })
}

/// A whole number, a part rounded up, as Kubernetes does.
pub(crate) fn whole(number: f64) -> Option<i64> {
    let number = number.ceil();
    (0.0..9.2e18).contains(&number).then_some(number as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_of_writing_a_quantity() {
        let cases = [
            ("250m", 0.25),
            ("2", 2.0),
            ("1.5", 1.5),
            ("64Mi", 67_108_864.0),
            ("1e3", 1000.0),
            ("1E", 1e18),
            ("2Ei", 2_305_843_009_213_693_952.0),
            ("100n", 1e-7),
            ("8105376Ki", 8_299_905_024.0),
        ];
        for (text, expected) in cases {
            let got = number(text).unwrap();
            assert!((got - expected).abs() <= expected * 1e-12, "{text}: {got}");
        }
        for text in ["", "Mi", "x", "1Xi", "inf", "NaN"] {
            assert_eq!(number(text), None, "{text}");
        }
    }

    #[test]
    fn parts_of_a_byte_count_as_one() {
        assert_eq!(number("100m").and_then(whole), Some(1));
        assert_eq!(whole(-1.0), None);
        assert_eq!(whole(1e19), None);
    }
}
