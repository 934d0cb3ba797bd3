//! Numbers as `kubectl top` and `docker stats` write them; `-` for what is not known.

/// What stands for an absent value.
const ABSENT: &str = "-";

/// Cores as millicores: `250m`, from ten cores on `12.5`.
pub(crate) fn cores(cores: Option<f64>) -> String {
    match cores {
        None => ABSENT.to_owned(),
        Some(cores) if cores < 10.0 => format!("{:.0}m", cores * 1000.0),
        Some(cores) => format!("{cores:.1}"),
    }
}

/// A share of 1 as percent: `12.3%`, from 100 on `250%`.
pub(crate) fn percent(share: Option<f64>) -> String {
    match share {
        None => ABSENT.to_owned(),
        Some(share) if share.abs() < 0.9995 => format!("{:.1}%", share * 100.0),
        Some(share) => format!("{:.0}%", share * 100.0),
    }
}

/// Bytes in powers of 1024, with three significant digits: `512B`, `1.21Ki`, `34.5Mi`, `678Gi`.
pub(crate) fn bytes(bytes: Option<f64>) -> String {
    let Some(mut value) = bytes else {
        return ABSENT.to_owned();
    };
    let mut unit = "";
    for larger in ["Ki", "Mi", "Gi", "Ti", "Pi"] {
        // 999.5 would be written as 1000, which is longer than 0.98 of the next unit.
        if value.abs() < 999.5 {
            break;
        }
        value /= 1024.0;
        unit = larger;
    }
    match unit {
        "" => format!("{value:.0}B"),
        _ if value.abs() < 9.995 => format!("{value:.2}{unit}"),
        _ if value.abs() < 99.95 => format!("{value:.1}{unit}"),
        _ => format!("{value:.0}{unit}"),
    }
}

/// Bytes a second.
pub(crate) fn bytes_per_second(rate: Option<f64>) -> String {
    match rate {
        None => ABSENT.to_owned(),
        Some(_) => format!("{}/s", bytes(rate)),
    }
}

/// A whole number.
pub(crate) fn count(count: Option<f64>) -> String {
    count.map_or_else(|| ABSENT.to_owned(), |count| format!("{count:.0}"))
}

/// Seconds as people say them: `3d 4h`, `5m 6s`.
pub(crate) fn span(seconds: Option<f64>) -> String {
    let Some(seconds) = seconds else {
        return ABSENT.to_owned();
    };
    let seconds = seconds as u64;
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds}s"),
        (0, 0, _) => format!("{minutes}m {}s", seconds % 60),
        (0, _, _) => format!("{hours}h {minutes}m"),
        _ => format!("{days}d {hours}h"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_digits_and_a_unit() {
        for (value, text) in [
            (0.0, "0B"),
            (512.0, "512B"),
            (1000.0, "0.98Ki"),
            (1024.0, "1.00Ki"),
            (1536.0 * 1024.0, "1.50Mi"),
            (36_175_872.0, "34.5Mi"),
            (728_000_000_000.0, "678Gi"),
        ] {
            assert_eq!(bytes(Some(value)), text, "{value}");
        }
        assert_eq!(bytes(None), "-");
        assert_eq!(bytes_per_second(Some(2048.0)), "2.00Ki/s");
    }

    #[test]
    fn cores_and_shares() {
        assert_eq!(cores(Some(0.25)), "250m");
        assert_eq!(cores(Some(0.0004)), "0m");
        assert_eq!(cores(Some(12.5)), "12.5");
        assert_eq!(percent(Some(0.1234)), "12.3%");
        assert_eq!(percent(Some(2.5)), "250%");
        assert_eq!(percent(None), "-");
        assert_eq!(count(Some(17.0)), "17");
    }

    #[test]
    fn spans_have_two_units() {
        for (seconds, text) in [
            (5.0, "5s"),
            (65.0, "1m 5s"),
            (3_700.0, "1h 1m"),
            (90_000.0, "1d 1h"),
        ] {
            assert_eq!(span(Some(seconds)), text);
        }
    }
}
