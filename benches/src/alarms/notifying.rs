//! From a row to who is told of it.

use std::time::{Duration, Instant};

use catalogue::tables::NODE;
use kansoku_tests::{Frame, Http, Webhook, wait_until};
use serde_json::json;
use wire::AgentId;

use super::definitions::PROBE;
use super::feed::now_usec;
use crate::bench::Failure;
use crate::cli::Alarms;
use crate::load::TICK_USEC;
use crate::report::{Table, fixed};

/// How long somebody may take to be told.
const PATIENCE: Duration = Duration::from_secs(60);

/// A node whose rows are sent by hand.
#[derive(Debug)]
pub(super) struct Probe {
    http: Http,
    agent: AgentId,
    sent: u64,
}

impl Probe {
    pub(super) fn new(http: &Http) -> Probe {
        Probe {
            http: http.clone(),
            agent: AgentId::random(),
            sent: 0,
        }
    }

    /// Sends how many processes run; returns the row's time when it is stored.
    pub(super) fn says(&mut self, running: i64) -> Result<i64, Failure> {
        self.sent += 1;
        let time = now_usec();
        let row = json!({"time": time, "cluster": "bench", "node": PROBE,
            "interval_usec": 1_000_000, "processes_running": running});
        let frame = Frame::new(self.agent, &NODE, self.sent, &[row]);
        match frame.try_send(&self.http) {
            Some(answer) if answer.status == 200 => Ok(time),
            answer => Err(format!("the probe's row was answered with {answer:?}").into()),
        }
    }
}

/// Waits for notifications, one after the other.
pub(super) fn run(options: &Alarms, webhook: &Webhook, probe: &mut Probe) -> Result<(), Failure> {
    let mut whole = Vec::new();
    let mut late = Vec::new();
    let mut told_before = webhook.all().len();
    for at in 0..options.notifications {
        // At another moment of the period each time.
        std::thread::sleep(Duration::from_millis(1_370 * (at as u64 % 7)));
        let time = probe.says(200)?;
        let stored = Instant::now();
        let period_left = TICK_USEC - time.rem_euclid(TICK_USEC);
        let told = told(webhook, &mut told_before, "ALARM", || Ok(()))?;
        let took = told.saturating_duration_since(stored);
        whole.push(took.as_secs_f64());
        late.push(took.as_secs_f64() - period_left as f64 / 1e6);
        let mut calm = || probe.says(5).map(|_| ());
        self::told(webhook, &mut told_before, "OK", &mut calm)?;
    }
    let mut table = Table::new(
        format!(
            "From a stored row to its webhook, s, {} times, beside those alarms; the alarm's period is 10 s",
            options.notifications
        ),
        &["from", "median", "least", "most"],
    );
    for (from, mut times) in [
        ("the row", whole),
        ("the end of the period that the row is in", late),
    ] {
        times.sort_by(f64::total_cmp);
        let at = |index: usize| times.get(index).copied().map_or_else(String::new, fixed);
        table.row([
            from.to_owned(),
            at(times.len() / 2),
            at(0),
            at(times.len().saturating_sub(1)),
        ]);
    }
    table.print();
    Ok(())
}

/// When a state was told, sending what has to be sent until then.
fn told(
    webhook: &Webhook,
    before: &mut usize,
    state: &str,
    mut meanwhile: impl FnMut() -> Result<(), Failure>,
) -> Result<Instant, Failure> {
    let mut failed = None;
    let mut sent = Instant::now();
    let found = wait_until(PATIENCE, || {
        if sent.elapsed() > Duration::from_secs(2) {
            sent = Instant::now();
            failed = meanwhile().err();
        }
        let all = webhook.all();
        let one = all
            .iter()
            .skip(*before)
            .find(|one| one.message["NewStateValue"] == state)?;
        Some((one.at, all.len()))
    });
    if let Some(failure) = failed {
        return Err(failure);
    }
    let (at, count) = found.ok_or_else(|| format!("nobody was told of {state}"))?;
    *before = count;
    Ok(at)
}
