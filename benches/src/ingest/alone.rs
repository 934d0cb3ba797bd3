//! One agent alone: how long a frame takes when nobody shares its fsync, and when its rows can be asked for.

use std::path::Path;

use crate::bench::Failure;
use crate::cost::percentile;
use crate::load::{NodeLoad, START_USEC, Scale, container};
use crate::report::{Table, count, fixed};
use crate::stores::{Sender, TimedStore, number, same};

const FRAMES: usize = 200;

pub(super) async fn run(folder: &Path, scale: &Scale) -> Result<(), Failure> {
    let store = TimedStore::open(folder, START_USEC).await?;
    let query = store.query()?;
    let mut load = NodeLoad::new(container(), scale, 0);
    let mut sender = Sender::new(0, container())?;
    let (mut latencies, mut visible) = (Vec::new(), 0);
    let mut rows = 0;
    for at in 0..FRAMES {
        let batch = load.batch(1)?;
        latencies.push(store.receive(sender.frame(&batch)?).await?);
        rows += batch.num_rows() as u64;
        if at % 20 == 0 {
            let seen = number(&query, "select count(*) from container").await?;
            same("rows that are visible when append returns", seen, rows)?;
            visible += 1;
        }
    }
    let mut table = Table::new(
        "One agent, one tick a frame: until it is on disk and visible",
        &[
            "frames",
            "p50 ms",
            "p90 ms",
            "p99 ms",
            "visible at once, of those asked",
        ],
    );
    let at = |share| fixed(percentile(&latencies, share).as_secs_f64() * 1e3);
    table.row([
        count(FRAMES as u64),
        at(0.5),
        at(0.9),
        at(0.99),
        format!("{visible} of {visible}"),
    ]);
    table.print();
    drop(query);
    store.store.shutdown().await;
    Ok(())
}
