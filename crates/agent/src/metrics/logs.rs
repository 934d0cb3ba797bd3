//! Metrics of logs. Their frames are among the spool's by their tables.

use super::Text;
use crate::run::Logs;
use crate::spool::Figures;
use crate::status::lag_seconds;

/// All of them, but those of frames.
pub(super) fn logs(text: &mut Text, logs: &Logs, spooled: &Figures, now_usec: i64) {
    let read = logs.figures();
    let counters = [
        (
            "written_bytes",
            "Bytes that log files grew by, journal entries included.",
            read.written_bytes,
        ),
        ("read_bytes", "Bytes of logs read.", read.read_bytes),
        (
            "skipped_bytes",
            "Bytes of logs passed over at the first start.",
            read.skipped_bytes,
        ),
        (
            "lost_bytes",
            "Bytes of logs that were gone before they were read.",
            read.lost_bytes,
        ),
        ("entries", "Entries made of what was read.", read.entries),
        (
            "limited_entries",
            "Entries left out by the rate limit.",
            read.limited_entries,
        ),
        (
            "refused_entries",
            "Entries that the server would not take.",
            read.refused_entries,
        ),
        (
            "spooled_entries",
            "Entries put into frames.",
            read.spooled_entries,
        ),
        (
            "acknowledged_entries",
            "Entries that the server has.",
            read.acknowledged_entries,
        ),
        (
            "truncations",
            "Files found cut off or written over.",
            read.truncations,
        ),
        (
            "copies",
            "Files found again as a copy or compressed.",
            read.copies,
        ),
        (
            "files_left_out",
            "Times that a file was not followed because there are too many.",
            read.files_left_out,
        ),
        (
            "journal_starts",
            "Times that journalctl was started.",
            read.journal_starts.unwrap_or(0),
        ),
        (
            "journal_broken_entries",
            "Entries of the journal that could not be understood.",
            read.journal_broken,
        ),
    ];
    for (name, words, value) in counters {
        text.one(&format!("logs_{name}_total"), "counter", words, value);
    }
    let gauges = [
        ("sources", "Logs that are followed.", read.logs),
        ("files", "File instances that are known.", read.files),
        ("open_files", "Log files that are open.", read.open_files),
        (
            "watched_directories",
            "Directories that inotify watches.",
            read.watched_directories.unwrap_or(0),
        ),
        (
            "unread_bytes",
            "Bytes of logs written and not read yet.",
            read.unread_bytes,
        ),
        (
            "held_bytes",
            "Bytes of removed files that are held open.",
            read.held_bytes,
        ),
        (
            "blocked",
            "1 while reading waits because the spool is full or cannot be written.",
            u64::from(read.is_full),
        ),
        (
            "spool_disk_bytes",
            "Bytes of the files of the logs' spool.",
            spooled.disk_bytes,
        ),
        (
            "spool_segments",
            "Files of the logs' spool.",
            spooled.segments,
        ),
        (
            "spool_memory_bytes",
            "Bytes of frames of logs that wait in memory because the disk cannot be written.",
            spooled.memory_bytes,
        ),
    ];
    for (name, words, value) in gauges {
        text.one(&format!("logs_{name}"), "gauge", words, value);
    }
    text.one(
        "logs_cpu_seconds_total",
        "counter",
        "CPU time of reading logs.",
        read.cpu_usec as f64 / 1e6,
    );
    let shipped = logs.shipped.lock().clone();
    for (name, words, value) in [
        (
            "shipped_frames",
            "Frames of logs that the server took.",
            shipped.acknowledged.frames,
        ),
        (
            "shipped_rows",
            "Rows of logs that the server took.",
            shipped.acknowledged.rows,
        ),
        (
            "shipped_bytes",
            "Bytes of logs that the server took, compressed.",
            shipped.acknowledged.bytes,
        ),
        (
            "duplicate_frames",
            "Frames of logs that the server had already.",
            shipped.duplicates,
        ),
        (
            "retries",
            "Attempts to send logs that are made again.",
            shipped.again.iter().sum(),
        ),
        (
            "spool_write_failures",
            "Writes to the logs' spool that failed.",
            spooled.write_failures,
        ),
    ] {
        text.one(&format!("logs_{name}_total"), "counter", words, value);
    }
    let lag = lag_seconds(&mut logs.outbox.spool(), now_usec);
    text.one(
        "logs_lag_seconds",
        "gauge",
        "Age of the oldest entry that the server does not have yet.",
        lag,
    );
}
