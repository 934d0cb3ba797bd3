//! Log lines, and the ledger of what became of each log.

use wire::rows::Rows;

use super::{NodeRows, Place};
use crate::logs::{Line, LogFile, Teller, Voice, line};
use crate::measure;
use crate::random::Random;
use crate::state::node::Node;
use crate::state::pod::Pod;
use crate::state::workload::Workload;
use crate::time::{MINUTE, SECOND, visitors};

/// Lines of one container in one tick, at most.
const MOST_LINES: usize = 400;

/// Writes what a pod's containers have said since the last tick, and the ledger's rows.
pub(super) fn write(
    rows: &mut NodeRows,
    node: &mut Node,
    pod: &mut Pod,
    place: Place<'_>,
    since: i64,
    workloads: &[Workload],
    random: &mut Random,
) {
    for index in 0..pod.containers.len() {
        let mut lines = std::mem::take(&mut pod.containers[index].said);
        talk(
            pod, index, node.cores, since, place.tick, workloads, random, &mut lines,
        );
        let Pod {
            containers,
            namespace,
            name,
            uid,
            ..
        } = &mut *pod;
        let container = &mut containers[index];
        lines.sort_by_key(|line| line.at);
        let of = Of {
            namespace,
            pod: name,
            uid,
            container: container.part.name,
        };
        for line in &lines {
            let before = container.log.bytes;
            one(&mut rows.log, place, &of, &mut container.log, line, random);
            node.log_bytes += container.log.bytes - before;
            node.log_entries += 1;
        }
        let id = container.id().map(str::to_owned);
        ledger(
            rows,
            place,
            since,
            Some(&of),
            id.as_deref(),
            &mut container.log,
        );
    }
}

/// Whose log it is.
struct Of<'a> {
    namespace: &'a str,
    pod: &'a str,
    uid: &'a str,
    container: &'a str,
}

/// Adds the lines that a running container writes of itself.
#[expect(
    clippy::too_many_arguments,
    reason = "what a voice depends on is in several places"
)]
fn talk(
    pod: &mut Pod,
    index: usize,
    node_cores: u32,
    since: i64,
    tick: i64,
    workloads: &[Workload],
    random: &mut Random,
    lines: &mut Vec<Line>,
) {
    let shift = pod.shift;
    let Some(container) = pod.containers.get(index) else {
        return;
    };
    let (Some(begun), Some(group)) = (container.running_since(), &container.group) else {
        return;
    };
    if container.part.voice == Voice::Silent || container.part.lines <= 0.0 {
        return;
    }
    let from = since.max(begun);
    let seconds = (tick - from).max(0) as f64 / SECOND as f64;
    let visitors = visitors(tick, shift);
    let rate = container.part.lines * visitors * (0.6 + 0.8 * random.unit());
    let due = container.log.due + rate * seconds;
    let count = (due as usize).min(MOST_LINES);
    let left = due.fract();
    let share = |part: f64, of: Option<f64>| of.map_or(0.0, |of| part / of);
    let teller = (count > 0).then(|| Teller {
        at: from,
        memory: share(
            group.gauges.usage() as f64,
            measure::limit(&container.part).map(|limit| limit as f64),
        ),
        cpu: share(
            measure::demand(pod, index, node_cores, tick),
            container
                .part
                .cpu_limit
                .map(|limit| f64::from(limit) / 1000.0),
        ),
        volume: super::devices::volume_share(pod, workloads, tick),
        visitors,
    });
    if let Some(teller) = teller {
        for _ in 0..count {
            let at = from + 1 + (random.unit() * (tick - from - 1).max(0) as f64) as i64;
            let said = line(container.part.voice, Teller { at, ..teller }, random);
            let Some((level, is_error_stream, message)) = said else {
                continue;
            };
            lines.push(Line {
                at,
                container_id: group.id.clone(),
                instance: container.restarts,
                level,
                is_error_stream,
                message,
            });
        }
    }
    if let Some(container) = pod.containers.get_mut(index) {
        container.log.due = left;
    }
}

fn one(
    rows: &mut Rows,
    place: Place<'_>,
    of: &Of<'_>,
    log: &mut LogFile,
    line: &Line,
    random: &mut Random,
) {
    let written = log.write(line);
    rows.time("time", Some(line.at));
    rows.integer("time_nsec", Some(random.below(1000) as i64));
    rows.text("cluster", Some(place.cluster));
    rows.text("node", Some(place.node));
    rows.text("namespace", Some(of.namespace));
    rows.text("pod", Some(of.pod));
    rows.text("pod_uid", Some(of.uid));
    rows.text("container", Some(of.container));
    rows.text("container_id", Some(&line.container_id));
    let stream = if line.is_error_stream {
        "stderr"
    } else {
        "stdout"
    };
    rows.text("stream", Some(stream));
    let file = format!(
        "/var/log/pods/{}_{}_{}/{}/{}.log",
        of.namespace, of.pod, of.uid, of.container, line.instance
    );
    rows.text("file", Some(&file));
    rows.integer("offset", Some(written.offset));
    rows.integer("sequence", Some(written.sequence));
    rows.integer("joined_lines", (written.lines > 1).then_some(written.lines));
    rows.text("level", line.level);
    rows.text("message", Some(&line.message));
    rows.end_row();
}

/// Writes what the kernel has said.
pub(super) fn write_kernel(rows: &mut NodeRows, node: &mut Node, place: Place<'_>, since: i64) {
    for line in std::mem::take(&mut node.kernel_said) {
        let written = node.kernel_log.write(&line);
        let rows = &mut rows.log;
        rows.time("time", Some(line.at));
        rows.text("cluster", Some(place.cluster));
        rows.text("node", Some(place.node));
        rows.text("stream", Some("kern"));
        rows.text("file", Some("/var/log/kern.log"));
        rows.integer("offset", Some(written.offset));
        rows.integer("sequence", Some(written.sequence));
        rows.text("level", line.level);
        rows.text("message", Some(&line.message));
        rows.end_row();
    }
    ledger(rows, place, since, None, None, &mut node.kernel_log);
}

/// Writes a log's row of the ledger. A log in which nothing happens has one a minute.
fn ledger(
    rows: &mut NodeRows,
    place: Place<'_>,
    since: i64,
    of: Option<&Of<'_>>,
    container_id: Option<&str>,
    log: &mut LogFile,
) {
    let is_still = log.entries == 0 && log.waiting == 0;
    let is_told = log.row_at.is_some_and(|at| place.tick - at < MINUTE);
    // Containers that have not started have no file.
    if is_still && is_told || of.is_some() && container_id.is_none() {
        return;
    }
    log.row_at = Some(place.tick);
    let rows = &mut rows.ledger;
    // The agent's first tick has none.
    place_of_ledger(
        rows,
        place,
        (since < place.tick).then_some(place.tick - since),
    );
    let source = match of {
        Some(of) => format!("{}/{}/{}/{}", of.namespace, of.pod, of.uid, of.container),
        None => "host/kern".to_owned(),
    };
    rows.text("log_source", Some(&source));
    rows.text("namespace", of.map(|of| of.namespace));
    rows.text("pod", of.map(|of| of.pod));
    rows.text("pod_uid", of.map(|of| of.uid));
    rows.text("container", of.map(|of| of.container));
    rows.text("container_id", container_id);
    rows.integer("log_written_bytes", Some(log.bytes));
    rows.integer("log_read_bytes", Some(log.bytes));
    rows.integer("log_skipped_bytes", Some(0));
    rows.integer("log_lost_bytes", Some(0));
    rows.integer("log_entries", Some(log.entries));
    rows.integer("log_excluded_entries", Some(0));
    rows.integer("log_limited_entries", Some(0));
    rows.integer("log_refused_entries", Some(0));
    rows.integer("log_spooled_entries", Some(log.entries));
    rows.integer("log_acknowledged_entries", Some(log.waiting));
    rows.integer("log_truncated_entries", Some(0));
    rows.integer("log_invalid_entries", Some(0));
    rows.integer("log_malformed_entries", Some(0));
    rows.integer("log_redacted_entries", Some(0));
    rows.integer("log_files", Some(1));
    rows.integer("log_unread_bytes", Some(0));
    rows.integer("log_held_bytes", Some(0));
    rows.integer("log_waiting_entries", Some(log.entries));
    rows.end_row();
    (log.waiting, log.entries, log.bytes) = (log.entries, 0, 0);
}

fn place_of_ledger(rows: &mut Rows, place: Place<'_>, interval: Option<i64>) {
    rows.time("time", Some(place.tick));
    rows.integer("interval_usec", interval);
    rows.text("cluster", Some(place.cluster));
    rows.text("node", Some(place.node));
}
