//! The simulation from outside: times go in, batches come out.

use cluster::{RowError, TableBatch, ToldError};
use serde_json::Value;
use wire::AgentId;

use crate::kubernetes;
use crate::measure;
use crate::random::Random;
use crate::report;
use crate::rows;
use crate::scale::{Scale, ScaleError};
use crate::state::Simulation;
use crate::story;

/// The cluster's name, by which everybody sees that it is none.
pub const CLUSTER: &str = "demo";
/// Between two ticks, in microseconds.
pub const TICK_USEC: i64 = 10_000_000;

/// Pods times ticks in one part of a history.
const ROWS_A_PART: u32 = 12_000;
const MOST_TICKS_A_PART: u32 = 60;
/// Sets the ids of agents apart from all else that is drawn from the seed.
const IDS: u64 = 0x6b61_6e73_6f6b_7531;

/// Why there are no rows.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// A tick that is not after the one before.
    #[error("tick {tick} is not after {now}: ticks are microseconds since 1970 and go forward")]
    Time {
        /// The tick.
        tick: i64,
        /// Until when it was simulated.
        now: i64,
    },
    /// No such scale.
    #[error(transparent)]
    Scale(#[from] ScaleError),
    /// The catalogue does not have what is filled.
    #[error(transparent)]
    Row(#[from] RowError),
    /// An object that is none.
    #[error(transparent)]
    Object(#[from] ToldError),
}

/// The two ids of a node's agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Agent {
    /// Numbers the frames of measurements; the report is under it.
    pub measurements: AgentId,
    /// Numbers the frames of `log` and `log_ledger`.
    pub logs: AgentId,
}

/// What one node's agent sends.
#[derive(Debug)]
pub struct OfNode {
    /// The node, from 0.
    pub node: usize,
    /// Its agent.
    pub agent: Agent,
    /// A batch for each of `node`, `pod`, `container`, `pod_network`, `node_disk`, `node_filesystem`, `node_network` and
    /// `volume` that has rows.
    pub measurements: Vec<TableBatch>,
    /// The same of `log` and `log_ledger`.
    pub logs: Vec<TableBatch>,
}

/// What one or several ticks gave.
#[derive(Debug)]
pub struct Filled {
    /// Each node's.
    pub nodes: Vec<OfNode>,
    /// The id under which the watcher's frames are numbered.
    pub watcher_agent: AgentId,
    /// A batch for each of `identity`, `object` and `event` that has rows.
    pub watcher: Vec<TableBatch>,
}

impl Filled {
    /// All batches, of whomever.
    pub fn batches(&self) -> impl Iterator<Item = &TableBatch> {
        let of_nodes = self
            .nodes
            .iter()
            .flat_map(|n| n.measurements.iter().chain(&n.logs));
        self.watcher.iter().chain(of_nodes)
    }
}

/// A simulated cluster.
#[derive(Debug)]
pub struct Demo {
    sim: Simulation,
    agents: Vec<Agent>,
    watcher: AgentId,
    /// When the last tick was.
    ticked: i64,
    ticks: u64,
}

impl Demo {
    /// The cluster as it is found at `start_usec` (microseconds since 1970): pods run, nothing was measured yet.
    ///
    /// # Errors
    /// An object that is none, which is a fault of this crate.
    pub fn new(scale: Scale, seed: u64, start_usec: i64) -> Result<Demo, DemoError> {
        let mut sim = Simulation::new(CLUSTER, scale, seed, start_usec);
        kubernetes::begin(&mut sim)?;
        kubernetes::tell(&mut sim)?;
        let mut ids = Random::new(seed ^ IDS);
        let mut id = || AgentId::from_bytes(ids.uuid_bytes());
        let watcher = id();
        let agents = (0..scale.nodes()).map(|_| Agent {
            measurements: id(),
            logs: id(),
        });
        Ok(Demo {
            agents: agents.collect(),
            watcher,
            sim,
            ticked: start_usec,
            ticks: 0,
        })
    }

    /// How large it is.
    pub fn scale(&self) -> Scale {
        self.sim.scale
    }

    /// How many nodes there are.
    pub fn nodes(&self) -> usize {
        self.agents.len()
    }

    /// A node's agent.
    pub fn agent(&self, node: usize) -> Option<Agent> {
        self.agents.get(node).copied()
    }

    /// The last tick, or the start.
    pub fn now(&self) -> i64 {
        self.ticked
    }

    /// The rows of one tick, in microseconds since 1970.
    ///
    /// # Errors
    /// The tick is not after the one before.
    pub fn tick(&mut self, tick: i64) -> Result<Filled, DemoError> {
        self.fill([tick])
    }

    /// The rows of several ticks, in one batch for each table. Each tick costs what it costs alone; that there are fewer
    /// batches saves the one who stores them.
    ///
    /// # Errors
    /// A tick is not after the one before.
    pub fn fill(&mut self, ticks: impl IntoIterator<Item = i64>) -> Result<Filled, DemoError> {
        for tick in ticks {
            self.advance(tick)?;
        }
        let mut nodes = Vec::with_capacity(self.agents.len());
        for (node, (rows, agent)) in self.sim.rows.iter_mut().zip(&self.agents).enumerate() {
            nodes.push(OfNode {
                node,
                agent: *agent,
                measurements: rows.take_measurements()?,
                logs: rows.take_logs()?,
            });
        }
        Ok(Filled {
            nodes,
            watcher_agent: self.watcher,
            watcher: self.sim.told.take()?,
        })
    }

    fn advance(&mut self, tick: i64) -> Result<(), DemoError> {
        let since = self.ticked;
        if tick <= since {
            return Err(DemoError::Time { tick, now: since });
        }
        let sim = &mut self.sim;
        story::advance(sim, tick);
        measure::advance(sim, since, tick);
        rows::write(sim, tick, since);
        sim.forget_events();
        kubernetes::tell(sim)?;
        sim.told.write_changes(tick);
        sim.told.write_objects(tick);
        self.ticked = tick;
        self.ticks += 1;
        Ok(())
    }

    /// The ticks from the last one up to, and with, `until`, at multiples of `interval` (microseconds both), in parts of
    /// some ticks each. Nothing is simulated before a part is asked for.
    pub fn history(&mut self, until: i64, interval: i64) -> History<'_> {
        let ticks = (ROWS_A_PART / self.sim.scale.pods()).clamp(1, MOST_TICKS_A_PART);
        History {
            demo: self,
            until,
            interval: interval.max(1),
            ticks: i64::from(ticks),
        }
    }

    /// What a node's agent says of itself, as for `PUT /api/agents/{agent}`; `None` when there is no such node.
    pub fn report(&self, node: usize) -> Option<Value> {
        let agent = self.agents.get(node)?;
        report::of(&self.sim, node, *agent, self.ticked, self.ticks)
    }
}

/// The past of a [`Demo`], part by part.
#[derive(Debug)]
pub struct History<'a> {
    demo: &'a mut Demo,
    until: i64,
    interval: i64,
    ticks: i64,
}

impl Iterator for History<'_> {
    type Item = Result<Filled, DemoError>;

    fn next(&mut self) -> Option<Self::Item> {
        let interval = self.interval;
        let first = (self.demo.now().div_euclid(interval) + 1) * interval;
        let last = self.until.min(first + (self.ticks - 1) * interval);
        if first > last {
            return None;
        }
        let ticks = (0..).map(|n| first + n * interval);
        Some(self.demo.fill(ticks.take_while(|tick| *tick <= last)))
    }
}
