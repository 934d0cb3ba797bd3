//! The filters and tests that templates have.

use minijinja::{Environment, Error, ErrorKind, Value};

use super::cut;

pub(super) fn add(environment: &mut Environment<'static>) {
    environment.add_filter("number", number);
    environment.add_filter("round", round);
    environment.add_filter("times", times);
    environment.add_filter("upper", |text: String| text.to_uppercase());
    environment.add_filter("lower", |text: String| text.to_lowercase());
    environment.add_filter("truncate", |text: String, most: usize| {
        cut(&text, most.max(1))
    });
    environment.add_filter("default", default);
    environment.add_filter("join", join);
    environment.add_test("defined", |value: Value| !value.is_undefined());
    environment.add_test("none", |value: Value| value.is_none());
}

/// Nothing for what is not there.
fn float(value: &Value) -> Result<Option<f64>, Error> {
    if value.is_undefined() || value.is_none() {
        return Ok(None);
    }
    f64::try_from(value.clone()).map(Some).map_err(|_| {
        Error::new(
            ErrorKind::InvalidOperation,
            format!("'{value}' is not a number"),
        )
    })
}

/// For people: no more decimals than say something.
fn number(value: Value) -> Result<String, Error> {
    Ok(float(&value)?.map(plain_number).unwrap_or_default())
}

/// Four significant digits below a thousand, whole numbers above.
fn plain_number(value: f64) -> String {
    let size = value.abs();
    if !value.is_finite() {
        return value.to_string();
    }
    if size != 0.0 && !(1e-4..1e15).contains(&size) {
        return format!("{value:.3e}");
    }
    let whole_digits = if size < 1.0 {
        0
    } else {
        size.log10().floor() as usize + 1
    };
    let leading_zeros = if size < 1.0 && size > 0.0 {
        (-size.log10()).floor() as usize
    } else {
        0
    };
    let decimals = (4 + leading_zeros).saturating_sub(whole_digits);
    let text = format!("{value:.decimals$}");
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

fn round(value: Value, digits: Option<usize>) -> Result<String, Error> {
    let digits = digits.unwrap_or(0).min(15);
    let round = |value| format!("{value:.digits$}");
    Ok(float(&value)?.map(round).unwrap_or_default())
}

fn times(value: Value, factor: f64) -> Result<Option<f64>, Error> {
    Ok(float(&value)?.map(|value| value * factor))
}

fn default(value: Value, other: Value) -> Value {
    if value.is_undefined() || value.is_none() || value.as_str() == Some("") {
        other
    } else {
        value
    }
}

fn join(values: Vec<String>, separator: Option<String>) -> String {
    values.join(separator.as_deref().unwrap_or(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_for_people() {
        for (value, text) in [
            (93.5, "93.5"),
            (80.0, "80"),
            (0.0, "0"),
            (-0.5, "-0.5"),
            (0.123456, "0.1235"),
            (0.001234567, "0.001235"),
            (99.50160229693434, "99.5"),
            (1234.5678, "1235"),
            (536_870_912.0, "536870912"),
            (1e20, "1.000e20"),
            (1e-9, "1.000e-9"),
            (f64::NAN, "NaN"),
        ] {
            assert_eq!(plain_number(value), text);
        }
    }
}
