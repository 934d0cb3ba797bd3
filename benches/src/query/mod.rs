//! Questions over the last hour of 6,000 pods: while everything is in memory, as the server runs (a file for each ten
//! minutes, the last ten in memory), and from compacted files. With peers, the same questions there.

mod asked;
mod peers;
mod questions;

use std::path::Path;

use tokio::runtime::Runtime;

use crate::bench::{Failure, folder};
use crate::cli::Common;
use crate::disk::{Flushing, fill};
use crate::load::{Scale, container, pod};
use crate::report::{Table, fixed};
use crate::stores;
use asked::Asked;
use questions::Question;

const DEFAULT: Scale = Scale {
    nodes: 100,
    pods: 60,
    containers: 2,
    minutes: 60,
};
/// Containers of so many nodes: the question about one of them does not see the others, and memory is not without end.
const CONTAINER_NODES: usize = 20;

pub(crate) fn run(common: &Common) -> Result<(), Failure> {
    let scale = common.scale.unwrap_or(DEFAULT);
    let dir = folder(common.dir.as_deref())?;
    let nodes = scale.nodes.min(CONTAINER_NODES);
    println!(
        "## Query\n\n{scale} (nodes x pods x containers x minutes), containers of {nodes} nodes; in process, the answer \
         written as JSON; CPU and wall time of one run, the median of {}.\n",
        asked::RUNS
    );
    let runtime = stores::runtime()?;
    let questions = questions::all(&scale);
    let hot = runtime.block_on(in_memory(&dir.path().join("hot"), &scale, &questions))?;
    let (running, files) =
        runtime.block_on(in_files(&dir.path().join("files"), &scale, &questions))?;
    print(&questions, &hot, &running, &files);
    if common.peers {
        peers::run(dir.path(), &scale, &running)?;
    }
    close(runtime);
    Ok(())
}

fn close(runtime: Runtime) {
    runtime.shutdown_background();
}

async fn in_memory(
    folder: &Path,
    scale: &Scale,
    questions: &[Question],
) -> Result<Vec<Asked>, Failure> {
    let nodes = scale.nodes.min(CONTAINER_NODES);
    let tables = [(pod(), scale.nodes), (container(), nodes)];
    let (store, filled) = fill(folder, scale, &tables, Flushing::Never).await?;
    store.advance(filled.end_usec);
    // Minutes are closed every five seconds.
    tokio::time::sleep(std::time::Duration::from_secs(6)).await;
    let answers = asked::all(&store, questions).await?;
    store.store.shutdown().await;
    drop(store);
    std::fs::remove_dir_all(folder)?;
    Ok(answers)
}

async fn in_files(
    folder: &Path,
    scale: &Scale,
    questions: &[Question],
) -> Result<(Vec<Asked>, Vec<Asked>), Failure> {
    let nodes = scale.nodes.min(CONTAINER_NODES);
    let tables = [(pod(), scale.nodes), (container(), nodes)];
    let (store, filled) = fill(folder, scale, &tables, Flushing::EveryTenMinutes).await?;
    tokio::time::sleep(std::time::Duration::from_secs(6)).await;
    let running = asked::all(&store, questions).await?;
    store.advance(filled.end_usec + 20 * 60 * 1_000_000);
    store.flush().await?;
    store.tend().await?;
    filled.check(&store).await?;
    let files = asked::all(&store, questions).await?;
    store.store.shutdown().await;
    Ok((running, files))
}

fn print(questions: &[Question], hot: &[Asked], running: &[Asked], files: &[Asked]) {
    let mut table = Table::new(
        "Questions, ms",
        &[
            "question",
            "tier",
            "in memory: CPU",
            "wall",
            "as it runs: CPU",
            "wall",
            "files: CPU",
            "wall",
        ],
    );
    for (at, question) in questions.iter().enumerate() {
        let (hot, running, files) = (&hot[at], &running[at], &files[at]);
        table.row([
            question.name.to_owned(),
            running.tier.clone(),
            fixed(hot.cost.cpu_ms()),
            fixed(hot.cost.wall_ms()),
            fixed(running.cost.cpu_ms()),
            fixed(running.cost.wall_ms()),
            fixed(files.cost.cpu_ms()),
            fixed(files.cost.wall_ms()),
        ]);
    }
    table.print();
}
