//! The agent's own metrics, in Prometheus' text format 0.0.4.

mod logs;

use std::fmt::{Display, Write as _};

use crate::clock::process_cpu_usec;
use crate::outbox::Outbox;
use crate::own;
use crate::run::{Logs, State};
use crate::ship::{Later, SharedFigures, ShipFigures};
use crate::source::SourcesReport;
use crate::spool::{Counts, Figures, LaneFigures, Loss};
use crate::status::lag_seconds;

/// All of them.
pub(crate) fn render(
    outbox: &Outbox,
    state: &State,
    shipped: &SharedFigures,
    logs: Option<&Logs>,
    now_usec: i64,
) -> String {
    let mut text = Text(String::with_capacity(16 << 10));
    ticks(&mut text, state);
    let (mut figures, lag) = {
        let mut spool = outbox.spool();
        (spool.figures(), lag_seconds(&mut spool, now_usec))
    };
    let of_logs = logs.map(|logs| logs.outbox.spool().figures());
    if let Some(of_logs) = &of_logs {
        figures.lanes.extend(of_logs.lanes.iter().cloned());
    }
    spool(&mut text, &figures, lag);
    if let (Some(logs), Some(of_logs)) = (logs, &of_logs) {
        logs::logs(&mut text, logs, of_logs, now_usec);
    }
    ship(&mut text, &shipped.lock().clone());
    if let Some(report) = &*state.sources() {
        sources(&mut text, report);
    }
    process(&mut text);
    text.0
}

fn ticks(text: &mut Text, state: &State) {
    let ticks = *state.ticks();
    let seconds = |usec: u64| usec as f64 / 1e6;
    text.one(
        "ticks_total",
        "counter",
        "Ticks taken.",
        ticks.schedule.ticks,
    );
    text.one(
        "missed_ticks_total",
        "counter",
        "Ticks not taken because reading took too long.",
        ticks.schedule.missed,
    );
    text.one(
        "repeated_ticks_total",
        "counter",
        "Times passed over because they had a tick before the clock was set back.",
        ticks.schedule.repeated,
    );
    text.family(
        "clock_jumps_total",
        "counter",
        "Times that the wall clock was set.",
    );
    text.sample(
        "clock_jumps_total",
        &[("direction", "forward")],
        ticks.schedule.jumps_forward,
    );
    text.sample(
        "clock_jumps_total",
        &[("direction", "backward")],
        ticks.schedule.jumps_backward,
    );
    text.one(
        "interval_seconds",
        "gauge",
        "Time between ticks now.",
        ticks.interval.as_secs(),
    );
    text.one(
        "wanted_interval_seconds",
        "gauge",
        "Time between ticks that is asked for.",
        ticks.wanted_interval.as_secs(),
    );
    text.one(
        "interval_stretches_total",
        "counter",
        "Times that the interval was stretched because reading cost more than it may.",
        ticks.stretches,
    );
    text.one("rows_total", "counter", "Rows read.", ticks.rows);
    text.one(
        "rows_not_encoded_total",
        "counter",
        "Batches that could not be made frames.",
        ticks.not_encoded,
    );
    text.one(
        "tick_seconds_total",
        "counter",
        "Time of all ticks.",
        seconds(ticks.tick_sum_usec),
    );
    text.one(
        "tick_cpu_seconds_total",
        "counter",
        "CPU time of all ticks.",
        seconds(ticks.tick_cpu_sum_usec),
    );
    text.one(
        "last_tick_seconds",
        "gauge",
        "Time of the last tick.",
        seconds(ticks.tick_usec),
    );
    text.one(
        "last_tick_cpu_seconds",
        "gauge",
        "CPU time of the last tick.",
        seconds(ticks.tick_cpu_usec),
    );
    text.one(
        "last_read_seconds",
        "gauge",
        "Time of reading in the last tick.",
        seconds(ticks.read_usec),
    );
    text.one(
        "last_read_cpu_seconds",
        "gauge",
        "CPU time of reading in the last tick.",
        seconds(ticks.read_cpu_usec),
    );
    if let Some(last) = ticks.last_tick_usec {
        text.one(
            "last_tick_timestamp_seconds",
            "gauge",
            "The last tick, since 1970.",
            last as f64 / 1e6,
        );
    }
}

/// A part of [`Counts`]: its word in a metric's name, in its help, and how it is taken.
type Part = (&'static str, &'static str, fn(&Counts) -> u64);

fn spool(text: &mut Text, figures: &Figures, lag: f64) {
    let by_table =
        |text: &mut Text, prefix: &str, kind: &str, words: &str, of: fn(&LaneFigures) -> Counts| {
            let parts: [Part; 3] = [
                ("frames", "Frames", |c| c.frames),
                ("rows", "Rows of frames", |c| c.rows),
                ("bytes", "Bytes of frames", |c| c.bytes),
            ];
            for (part, what, value) in parts {
                let suffix = if kind == "counter" { "_total" } else { "" };
                let name = format!("spool_{prefix}{part}{suffix}");
                text.family(&name, kind, &format!("{what} {words}."));
                for lane in &figures.lanes {
                    text.sample(&name, &[("table", lane.table)], value(&of(lane)));
                }
            }
        };
    by_table(text, "", "gauge", "that wait", |lane| lane.waiting);
    by_table(text, "appended_", "counter", "taken in", |lane| {
        lane.appended
    });
    by_table(
        text,
        "acknowledged_",
        "counter",
        "that the server has",
        |lane| lane.acknowledged,
    );
    let lost: [Part; 2] = [
        ("spool_lost_frames_total", "Frames lost, by reason.", |c| {
            c.frames
        }),
        ("spool_lost_rows_total", "Rows lost, by reason.", |c| c.rows),
    ];
    for (name, words, value) in lost {
        text.family(name, "counter", words);
        for lane in &figures.lanes {
            for (at, why) in Loss::ALL.iter().enumerate() {
                let labels = [("table", lane.table), ("reason", why.word())];
                text.sample(name, &labels, value(&lane.lost[at]));
            }
        }
    }
    text.one(
        "spool_disk_bytes",
        "gauge",
        "Bytes of the spool's files.",
        figures.disk_bytes,
    );
    text.one(
        "spool_segments",
        "gauge",
        "Files of the spool.",
        figures.segments,
    );
    text.one(
        "spool_memory_bytes",
        "gauge",
        "Bytes of frames that wait in memory because the disk cannot be written.",
        figures.memory_bytes,
    );
    text.one(
        "spool_write_failures_total",
        "counter",
        "Writes to the spool that failed.",
        figures.write_failures,
    );
    text.one(
        "spool_torn_bytes_total",
        "counter",
        "Bytes of unfinished writes that were cut off at the start.",
        figures.torn_bytes,
    );
    text.one(
        "spool_broken_pieces_total",
        "counter",
        "Damaged pieces that were set aside.",
        figures.broken_pieces,
    );
    text.one(
        "spool_broken_unknown_bytes_total",
        "counter",
        "Damaged bytes of which it is not known what they were.",
        figures.unknown_broken_bytes,
    );
    text.one(
        "lag_seconds",
        "gauge",
        "Age of the oldest row that the server does not have yet.",
        lag,
    );
}

fn ship(text: &mut Text, figures: &ShipFigures) {
    text.one(
        "shipped_frames_total",
        "counter",
        "Frames that the server took.",
        figures.acknowledged.frames,
    );
    text.one(
        "shipped_rows_total",
        "counter",
        "Rows that the server took.",
        figures.acknowledged.rows,
    );
    text.one(
        "shipped_bytes_total",
        "counter",
        "Bytes that the server took, compressed.",
        figures.acknowledged.bytes,
    );
    text.one(
        "duplicate_frames_total",
        "counter",
        "Frames that the server had already.",
        figures.duplicates,
    );
    text.one(
        "refused_frames_total",
        "counter",
        "Frames that the server will never take.",
        figures.refused.frames,
    );
    text.one(
        "refused_rows_total",
        "counter",
        "Rows that the server will never take.",
        figures.refused.rows,
    );
    text.one(
        "refused_not_kept_total",
        "counter",
        "Refused frames that could not be kept aside.",
        figures.refused_not_kept,
    );
    text.family(
        "retries_total",
        "counter",
        "Attempts that are made again, by reason.",
    );
    for (at, why) in Later::ALL.iter().enumerate() {
        text.sample(
            "retries_total",
            &[("reason", why.word())],
            figures.again[at],
        );
    }
    text.one(
        "failures_in_a_row",
        "gauge",
        "Rounds of sending that failed until now.",
        figures.failures_in_a_row,
    );
    text.one(
        "spool_unreadable_total",
        "counter",
        "Frames that could not be read from the spool.",
        figures.unreadable,
    );
    text.one(
        "identities_renewed_total",
        "counter",
        "Times that the agent's id was another's too and was changed.",
        figures.identities_renewed,
    );
    text.one(
        "reports_total",
        "counter",
        "Reports of itself that the server took.",
        figures.reports,
    );
    text.one(
        "reports_failed_total",
        "counter",
        "Reports of itself that it did not take.",
        figures.reports_failed,
    );
    text.one(
        "credentials_failed_total",
        "counter",
        "Times that a token or certificate could not be read.",
        figures.credentials_failed,
    );
    if let Some(last) = figures.last_success_usec {
        let words = "When the server last took a frame, since 1970.";
        text.one(
            "last_success_timestamp_seconds",
            "gauge",
            words,
            last as f64 / 1e6,
        );
    }
}

fn sources(text: &mut Text, report: &SourcesReport) {
    text.family(
        "sources",
        "gauge",
        "Files, or names of files, by how reading them goes.",
    );
    for state in ["ok", "unreadable", "absent", "untried"] {
        let count = report
            .files
            .iter()
            .filter(|file| file.state == state)
            .count();
        text.sample("sources", &[("state", state)], count);
    }
    let counters = &report.counters;
    for (name, kind, words, value) in [
        ("pods", "gauge", "Pods measured now.", counters.pods),
        (
            "containers",
            "gauge",
            "Containers measured now.",
            counters.containers,
        ),
        (
            "cgroups_left_out",
            "gauge",
            "Cgroups not measured because there are too many.",
            counters.cgroups_left_out,
        ),
        (
            "devices_left_out",
            "gauge",
            "Devices not measured because there are too many.",
            counters.devices_left_out,
        ),
        (
            "cgroups_missed_total",
            "counter",
            "Cgroups gone before they were read once.",
            counters.cgroups_missed,
        ),
        (
            "cgroups_ended_total",
            "counter",
            "Cgroups that ended, each with an exit receipt.",
            counters.cgroups_ended,
        ),
        (
            "counter_resets_total",
            "counter",
            "Counters that went back.",
            counters.counter_resets,
        ),
        (
            "lost_announcements_total",
            "counter",
            "Times that announcements were lost.",
            counters.lost_announcements,
        ),
        (
            "failed_batches_total",
            "counter",
            "Batches that could not be made.",
            counters.failed_batches,
        ),
        ("reads_total", "counter", "Files read.", counters.reads),
        ("read_bytes_total", "counter", "Bytes read.", counters.bytes),
        (
            "kept_files",
            "gauge",
            "Cgroup files kept open.",
            counters.kept_files,
        ),
    ] {
        text.one(name, kind, words, value);
    }
}

fn process(text: &mut Text) {
    text.one(
        "cpu_seconds_total",
        "counter",
        "CPU time of this process.",
        process_cpu_usec() as f64 / 1e6,
    );
    if let Some(resident) = own::resident_bytes() {
        text.one(
            "resident_bytes",
            "gauge",
            "Resident memory of this process.",
            resident,
        );
    }
    text.family("build_info", "gauge", "The version.");
    text.sample("build_info", &[("version", env!("CARGO_PKG_VERSION"))], 1);
}

/// Text in the making. Writing to a string does not fail.
struct Text(String);

impl Text {
    fn family(&mut self, name: &str, kind: &str, words: &str) {
        let _ = writeln!(
            self.0,
            "# HELP kansoku_agent_{name} {words}\n# TYPE kansoku_agent_{name} {kind}"
        );
    }

    fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: impl Display) {
        let _ = write!(self.0, "kansoku_agent_{name}");
        for (at, (label, text)) in labels.iter().enumerate() {
            // Labels are names of ours: nothing in them needs an escape.
            let _ = write!(
                self.0,
                "{}{label}=\"{text}\"",
                if at == 0 { '{' } else { ',' }
            );
        }
        let _ = writeln!(
            self.0,
            "{} {value}",
            if labels.is_empty() { "" } else { "}" }
        );
    }

    fn one(&mut self, name: &str, kind: &str, words: &str, value: impl Display) {
        self.family(name, kind, words);
        self.sample(name, &[], value);
    }
}
