//! Numbers as they are printed.

/// With its thousands apart.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Three digits that mean something.
pub(crate) fn fixed(number: f64) -> String {
    let digits = match number.abs() {
        n if n >= 1000.0 => return count(number.round() as u64),
        n if n >= 100.0 => 0,
        n if n >= 10.0 => 1,
        n if n >= 1.0 => 2,
        n if n >= 0.1 => 3,
        _ => 4,
    };
    format!("{number:.digits$}")
}

/// Bytes as MiB.
pub(crate) fn mebibytes(bytes: u64) -> String {
    fixed(bytes as f64 / f64::from(1 << 20))
}

/// How many times the second the first is.
pub(crate) fn ratio(a: f64, b: f64) -> String {
    if b > 0.0 {
        format!("{}×", fixed(a / b))
    } else {
        "–".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!(count(0), "0");
        assert_eq!(count(1_234_567), "1,234,567");
        let texts: Vec<String> = [1234.5, 123.45, 12.345, 1.2345, 0.12345, 0.012345]
            .map(fixed)
            .into();
        assert_eq!(texts, ["1,235", "123", "12.3", "1.23", "0.123", "0.0123"]);
        assert_eq!(mebibytes(3 << 19), "1.50");
        assert_eq!(
            (ratio(3.0, 2.0), ratio(1.0, 0.0)),
            ("1.50×".into(), "–".into())
        );
    }
}
