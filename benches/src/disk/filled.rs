//! A store that was given an hour or so of rows, as agents give them, with a flush every ten minutes.

use std::path::Path;

use arrow::array::AsArray;
use arrow::datatypes::Int64Type;
use catalogue::{Table, Tier};

use crate::bench::Failure;
use crate::load::{NodeLoad, START_USEC, Scale, TICKS_PER_MINUTE, measurements, tick_usec};
use crate::stores::{Sender, TimedStore, number, same};

/// Ticks from flush to flush.
const FLUSH_TICKS: usize = 10 * TICKS_PER_MINUTE;

/// When rows go from memory to files while they come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flushing {
    /// As a server does.
    EveryTenMinutes,
    /// Everything stays in memory.
    Never,
}

/// What was put in.
#[derive(Debug)]
pub(crate) struct Filled {
    pub(crate) end_usec: i64,
    tables: Vec<(&'static Table, Given)>,
}

#[derive(Debug, Default, Clone, Copy)]
struct Given {
    rows: u64,
    measurements: u64,
    cpu_usec: u64,
}

impl Filled {
    pub(crate) fn measurements_of(&self, table: &Table) -> u64 {
        self.given(table).measurements
    }

    pub(crate) fn measurements(&self) -> u64 {
        self.tables
            .iter()
            .map(|(_, given)| given.measurements)
            .sum()
    }

    pub(crate) fn rows_of(&self, table: &Table) -> u64 {
        self.given(table).rows
    }

    fn given(&self, table: &Table) -> Given {
        let found = self.tables.iter().find(|(t, _)| t.name == table.name);
        found.map(|(_, given)| *given).unwrap_or_default()
    }

    /// Every tier must hold all of it: as many samples, and the same sum of CPU time.
    pub(crate) async fn check(&self, store: &TimedStore) -> Result<(), Failure> {
        let query = store.query()?;
        for (table, given) in &self.tables {
            for tier in Tier::ALL {
                let name = table.name_in(tier);
                if store.held(table, tier).is_none_or(|t| t.rows == 0) && tier > Tier::Minute {
                    continue;
                }
                let samples = if tier == Tier::Raw {
                    "count(*)"
                } else {
                    "sum(samples)"
                };
                let found = number(&query, &format!("select {samples} from {name}")).await?;
                same(&format!("samples of {name}"), found, given.rows)?;
                let found =
                    number(&query, &format!("select sum(cpu_usage_usec) from {name}")).await?;
                same(&format!("CPU time in {name}"), found, given.cpu_usec)?;
            }
        }
        Ok(())
    }
}

/// Puts rows of tables into a new store, of so many nodes each. The last ten minutes stay in memory.
pub(crate) async fn fill(
    folder: &Path,
    scale: &Scale,
    tables: &[(&'static Table, usize)],
    flushing: Flushing,
) -> Result<(TimedStore, Filled), Failure> {
    let store = TimedStore::open(folder, START_USEC).await?;
    let mut nodes = Vec::new();
    for (table, count) in tables {
        for node in 0..*count {
            nodes.push((NodeLoad::new(table, scale, node), Sender::new(node, table)?));
        }
    }
    let mut given: Vec<(&'static Table, Given)> =
        tables.iter().map(|(t, _)| (*t, Given::default())).collect();
    let mut tick = 0;
    while tick < scale.ticks() {
        if flushing == Flushing::EveryTenMinutes && tick > 0 && tick.is_multiple_of(FLUSH_TICKS) {
            store.flush().await?;
        }
        // A minute in a frame: the store is not what is measured here.
        let ticks = TICKS_PER_MINUTE.min(scale.ticks() - tick);
        for (load, sender) in &mut nodes {
            let batch = load.batch(ticks)?;
            let found = given.iter_mut().find(|(t, _)| t.name == load.table().name);
            if let Some((table, given)) = found {
                given.rows += batch.num_rows() as u64;
                given.measurements += measurements(table, &batch);
                let cpu = batch.column_by_name("cpu_usage_usec");
                let cpu = cpu.and_then(|c| c.as_primitive_opt::<Int64Type>());
                given.cpu_usec += cpu
                    .and_then(arrow::compute::sum)
                    .unwrap_or(0)
                    .unsigned_abs();
            }
            store.receive(sender.frame(&batch)?).await?;
        }
        tick += ticks;
    }
    let end_usec = tick_usec(scale.ticks());
    store.advance(end_usec);
    Ok((
        store,
        Filled {
            end_usec,
            tables: given,
        },
    ))
}
