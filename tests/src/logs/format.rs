//! How runtimes and daemons write a line.

use std::time::{SystemTime, UNIX_EPOCH};

/// Bytes of a piece, as containerd and CRI-O cut long lines; Docker does the same.
const PIECE: usize = 16_384;

/// A format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `<time> <stream> <P|F> <text>`.
    Cri,
    /// `{"log":"…\n","stream":"…","time":"…"}`.
    Docker,
    /// The text alone.
    Plain,
}

impl Format {
    /// The lines of a file that make up one message: one, or the pieces of it. Each has its newline.
    pub fn pieces(self, stream: &str, message: &str) -> Vec<String> {
        let time = now();
        let mut cuts: Vec<&str> = Vec::new();
        let mut rest = message;
        while self != Format::Plain && rest.len() > PIECE {
            let (piece, more) = rest.split_at(PIECE);
            cuts.push(piece);
            rest = more;
        }
        cuts.push(rest);
        let last = cuts.len() - 1;
        let line = |(at, piece): (usize, &str)| match self {
            Format::Cri => {
                let tag = if at == last { 'F' } else { 'P' };
                format!("{time} {stream} {tag} {piece}\n")
            }
            Format::Docker => {
                // A piece is one whose text has no newline.
                let end = if at == last { "\n" } else { "" };
                let text = serde_json::json!(format!("{piece}{end}"));
                format!("{{\"log\":{text},\"stream\":\"{stream}\",\"time\":\"{time}\"}}\n")
            }
            Format::Plain => format!("{piece}\n"),
        };
        cuts.into_iter().enumerate().map(line).collect()
    }
}

/// RFC 3339 with nanoseconds, without the zeros at its end, as Go writes it.
fn now() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let (days, seconds) = (since.as_secs() / 86_400, since.as_secs() % 86_400);
    let (year, month, day) = civil(i64::try_from(days).unwrap());
    let nanos = format!("{:09}", since.subsec_nanos());
    let nanos = nanos.trim_end_matches('0');
    let dot = if nanos.is_empty() { "" } else { "." };
    format!(
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}{dot}{nanos}Z",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    )
}

/// Year, month and day of a day since 1970 (Hinnant's `civil_from_days`).
pub(super) fn civil(days: i64) -> (i64, i64, i64) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let of_era = z.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_dates() {
        assert_eq!(civil(0), (1970, 1, 1));
        assert_eq!(civil(19_782), (2024, 2, 29));
        assert_eq!(civil(20_782), (2026, 11, 25));
    }

    #[test]
    fn long_lines_are_cut_as_runtimes_do() {
        let long = "x".repeat(PIECE * 2 + 1);
        let cri = Format::Cri.pieces("stdout", &long);
        let tags: Vec<&str> = cri.iter().map(|l| l.split(' ').nth(2).unwrap()).collect();
        assert_eq!(tags, ["P", "P", "F"]);
        assert_eq!(Format::Cri.pieces("stdout", &long[..PIECE]).len(), 1);
        let docker = Format::Docker.pieces("stderr", &long);
        let whole: String = docker
            .iter()
            .map(|l| {
                serde_json::from_str::<serde_json::Value>(l).unwrap()["log"]
                    .as_str()
                    .unwrap()
                    .to_owned()
            })
            .collect();
        assert_eq!(whole, format!("{long}\n"));
        assert_eq!(Format::Plain.pieces("", &long), [format!("{long}\n")]);
    }
}
