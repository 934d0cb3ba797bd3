//! From a journal entry to a log and a line. Pure.

use serde_json::Value;

use crate::log::entry::Level;

/// Stamps from before 2000 are not believed.
const BELIEVED_FROM_USEC: i64 = 946_684_800_000_000;
/// Nor are such that are further ahead.
const BELIEVED_AHEAD_USEC: i64 = 3_600_000_000;

/// An entry of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct JournalEntry {
    pub(super) stream: &'static str,
    pub(super) cursor: String,
    pub(super) time_usec: i64,
    pub(super) stamped_usec: Option<i64>,
    pub(super) message: String,
    pub(super) invalid_bytes: u64,
    pub(super) level: Option<Level>,
}

/// Reads a line of `journalctl --output=json`; `None` when it is none.
pub(super) fn entry(line: &[u8], wall: i64) -> Option<JournalEntry> {
    let value: Value = serde_json::from_slice(line).ok()?;
    let text = |name: &str| value.get(name).and_then(Value::as_str);
    let cursor = text("__CURSOR")?.to_owned();
    let stamp: Option<i64> = text("__REALTIME_TIMESTAMP").and_then(|t| t.parse().ok());
    let believed = stamp
        .filter(|t| *t >= BELIEVED_FROM_USEC && *t <= wall.saturating_add(BELIEVED_AHEAD_USEC));
    let (message, invalid_bytes) = message(value.get("MESSAGE"));
    let ident = text("SYSLOG_IDENTIFIER").filter(|ident| !ident.is_empty());
    let is_kernel = text("_TRANSPORT") == Some("kernel");
    let pid = text("SYSLOG_PID").or_else(|| text("_PID"));
    // As syslog would write it; the kernel's lines have no writer.
    let message = match (ident, pid) {
        (Some(_), _) | (None, _) if is_kernel => message,
        (Some(ident), Some(pid)) => format!("{ident}[{pid}]: {message}"),
        (Some(ident), None) => format!("{ident}: {message}"),
        (None, _) => message,
    };
    Some(JournalEntry {
        stream: stream(
            text("_TRANSPORT"),
            text("SYSLOG_FACILITY"),
            text("_SYSTEMD_UNIT"),
        ),
        cursor,
        time_usec: believed.unwrap_or(wall),
        stamped_usec: if believed.is_none() { stamp } else { None },
        message,
        invalid_bytes,
        level: text("PRIORITY").and_then(level),
    })
}

/// The log of an entry: the kernel's, who came in, the node's services, the rest.
fn stream(transport: Option<&str>, facility: Option<&str>, unit: Option<&str>) -> &'static str {
    match (transport, facility, unit) {
        (Some("kernel"), _, _) => "dmesg",
        (_, Some("10"), _) => "secure",
        (_, _, Some("kubelet.service")) => "kubelet",
        (_, _, Some("containerd.service")) => "containerd",
        (_, _, Some("docker.service")) => "docker",
        (_, _, Some("crio.service")) => "crio",
        _ => "messages",
    }
}

/// The text. Bytes that are no UTF-8 come as a list of numbers.
fn message(value: Option<&Value>) -> (String, u64) {
    match value {
        Some(Value::String(text)) => (text.clone(), 0),
        Some(Value::Array(items)) if items.iter().all(Value::is_u64) => {
            let bytes: Vec<u8> = items
                .iter()
                .filter_map(|item| u8::try_from(item.as_u64()?).ok())
                .collect();
            let invalid: usize = bytes.utf8_chunks().map(|chunk| chunk.invalid().len()).sum();
            (String::from_utf8_lossy(&bytes).into_owned(), invalid as u64)
        }
        // A field that occurs more than once.
        Some(Value::Array(items)) => {
            let texts: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
            (texts.join("\n"), 0)
        }
        _ => (String::new(), 0),
    }
}

fn level(priority: &str) -> Option<Level> {
    Some(match priority {
        "0" | "1" | "2" => Level::Fatal,
        "3" => Level::Error,
        "4" => Level::Warn,
        "5" | "6" => Level::Info,
        "7" => Level::Debug,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_760_000_000_000_000;

    fn read(more: &str) -> JournalEntry {
        let line = format!(
            "{{\"__CURSOR\":\"s=1;i=2\",\"__REALTIME_TIMESTAMP\":\"1759999999000001\",{more}}}"
        );
        entry(line.as_bytes(), NOW).unwrap()
    }

    #[test]
    fn entries_go_to_the_log_that_syslog_would_give_them() {
        for (more, stream) in [
            (r#""_TRANSPORT":"kernel","MESSAGE":"oom""#, "dmesg"),
            (r#""SYSLOG_FACILITY":"10","MESSAGE":"in""#, "secure"),
            (
                r#""_SYSTEMD_UNIT":"kubelet.service","MESSAGE":"x""#,
                "kubelet",
            ),
            (
                r#""_SYSTEMD_UNIT":"containerd.service","MESSAGE":"x""#,
                "containerd",
            ),
            (
                r#""_SYSTEMD_UNIT":"docker.service","MESSAGE":"x""#,
                "docker",
            ),
            (
                r#""_SYSTEMD_UNIT":"cron.service","MESSAGE":"x""#,
                "messages",
            ),
        ] {
            assert_eq!(read(more).stream, stream, "{more}");
        }
    }

    #[test]
    fn a_line_is_as_syslog_writes_it() {
        let one = read(r#""SYSLOG_IDENTIFIER":"sshd","_PID":"7","PRIORITY":"3","MESSAGE":"no""#);
        assert_eq!(
            (one.message.as_str(), one.level),
            ("sshd[7]: no", Some(Level::Error))
        );
        assert_eq!(
            (one.time_usec, one.stamped_usec),
            (1_759_999_999_000_001, None)
        );
        let kernel = read(r#""_TRANSPORT":"kernel","SYSLOG_IDENTIFIER":"kernel","MESSAGE":"oom""#);
        assert_eq!(kernel.message, "oom");
    }

    #[test]
    fn bytes_that_are_no_text_are_kept_readable() {
        let one = read(r#""MESSAGE":[104,255,105]"#);
        assert_eq!((one.message.as_str(), one.invalid_bytes), ("h\u{fffd}i", 1));
        assert_eq!(read(r#""MESSAGE":null"#).message, "");
    }

    #[test]
    fn what_is_no_entry_is_none() {
        assert_eq!(entry(b"", NOW), None);
        assert_eq!(entry(b"{}", NOW), None);
        let old = entry(
            br#"{"__CURSOR":"c","__REALTIME_TIMESTAMP":"5","MESSAGE":"m"}"#,
            NOW,
        )
        .unwrap();
        assert_eq!((old.time_usec, old.stamped_usec), (NOW, Some(5)));
    }
}
