//! Numbers in state reasons: CloudWatch writes a double as Java does.

/// `50.0`, `0.001`, `5.36870912E8`: at least one decimal, and an exponent below a thousandth and from ten millions on.
pub(crate) fn double(value: f64) -> String {
    let size = value.abs();
    if !value.is_finite() || value == 0.0 || (1e-3..1e7).contains(&size) {
        // Rust's shortest form that reads back as the same number.
        return format!("{value:?}");
    }
    let scientific = format!("{value:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let decimals = if digits.contains('.') { "" } else { ".0" };
    format!("{digits}{decimals}E{exponent}")
}

/// `1 datapoint`, `2 datapoints`.
pub(crate) fn count(number: usize, what: &str) -> String {
    match number {
        1 => format!("1 {what}"),
        _ => format!("{number} {what}s"),
    }
}

/// `was` or `were`.
pub(crate) fn was(number: usize) -> &'static str {
    match number {
        1 => "was",
        _ => "were",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_are_written_as_java_does() {
        for (value, text) in [
            (50.0, "50.0"),
            (0.0, "0.0"),
            (-0.5, "-0.5"),
            (99.50160229693434, "99.50160229693434"),
            (0.001, "0.001"),
            (0.0005, "5.0E-4"),
            (9_999_999.0, "9999999.0"),
            (10_000_000.0, "1.0E7"),
            (536_870_912.0, "5.36870912E8"),
            (-1_073_741_824.0, "-1.073741824E9"),
        ] {
            assert_eq!(double(value), text);
        }
    }
}
