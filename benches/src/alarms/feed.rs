//! Agents of a cluster, by the clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use catalogue::tables::NODE;
use kansoku_tests::{Frame, Http};
use serde_json::json;

use crate::bench::Failure;
use crate::load::{NodeLoad, Scale, TICK_USEC, pod};
use crate::stores::{Sender, agent_id};

/// Microseconds since 1970.
pub(super) fn now_usec() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.ok()
        .and_then(|now| i64::try_from(now.as_micros()).ok())
        .unwrap_or_default()
}

/// Sends a row of each node and of each pod every ten seconds until it is dropped.
#[derive(Debug)]
pub(super) struct Feed {
    ends: Arc<AtomicBool>,
    thread: Option<JoinHandle<Result<u64, Failure>>>,
}

impl Feed {
    pub(super) fn start(http: &Http, nodes: usize, pods: usize) -> Result<Feed, Failure> {
        let scale: Scale = format!("{nodes}x{pods}x1").parse()?;
        let http = http.clone();
        let ends = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&ends);
        Ok(Feed {
            ends,
            thread: Some(std::thread::spawn(move || feed(&http, &scale, &told))),
        })
    }

    /// Stops; how many rows of pods were stored.
    pub(super) fn stop(mut self) -> Result<u64, Failure> {
        self.ends.store(true, Ordering::Relaxed);
        let thread = self.thread.take().ok_or("it has ended already")?;
        thread.join().map_err(|_| "the agents' thread panicked")?
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::Relaxed);
    }
}

fn feed(http: &Http, scale: &Scale, ends: &AtomicBool) -> Result<u64, Failure> {
    let start = now_usec().div_euclid(TICK_USEC) * TICK_USEC;
    let mut loads = Vec::with_capacity(scale.nodes);
    for node in 0..scale.nodes {
        let load = NodeLoad::new(pod(), scale, node).starting(start);
        loads.push((load, Sender::new(node, pod())?));
    }
    let mut stored = 0;
    for tick in 0.. {
        let time = start + tick * TICK_USEC;
        while now_usec() < time {
            if ends.load(Ordering::Relaxed) {
                return Ok(stored);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        for (node, (load, sender)) in loads.iter_mut().enumerate() {
            let agent = agent_id(u16::try_from(node)?);
            let frame = sender.frame(&load.batch(1)?)?;
            let pods = Frame {
                agent,
                table: frame.table.name.to_owned(),
                sequence: frame.sequence,
                oldest: frame.sequence,
                body: frame.body.to_vec(),
            };
            send(http, &pods)?;
            stored += scale.pods as u64;
            let row = json!({"time": time, "cluster": "bench", "node": format!("node-{node}"),
                "interval_usec": TICK_USEC, "processes_running": 5});
            send(http, &Frame::new(agent, &NODE, frame.sequence, &[row]))?;
        }
    }
    Ok(stored)
}

fn send(http: &Http, frame: &Frame) -> Result<(), Failure> {
    let answer = frame.try_send(http).ok_or("the server does not answer")?;
    match answer.status {
        200 => Ok(()),
        status => Err(format!("a frame was answered with {status}: {}", answer.text()).into()),
    }
}
