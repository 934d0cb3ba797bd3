//! The same questions in VictoriaMetrics and Prometheus, over HTTP.

use std::path::Path;

use super::asked::Asked;
use super::questions::{ONE_CONTAINER, PANEL, TOP, the_container};
use crate::bench::Failure;
use crate::cost::Cost;
use crate::load::{START_USEC, Scale, container, history, pod, tick_usec};
use crate::peers::{Prometheus, Question, VictoriaMetrics, digest};
use crate::report::{Table, fixed, ratio};

/// CPU time of another process is told in steps of 10 ms: many runs, and the mean.
const RUNS: u32 = 60;
/// What the questions need of pods.
const POD_COLUMNS: [&str; 2] = ["cpu_usage_usec", "memory_working_set_bytes"];

pub(super) fn run(dir: &Path, scale: &Scale, ours: &[Asked]) -> Result<(), Failure> {
    let mut vm = VictoriaMetrics::start(dir)?;
    let mut prometheus = Prometheus::new(dir)?;
    for node in 0..scale.nodes {
        let histories = history(pod(), scale, node, |column| POD_COLUMNS.contains(&column));
        vm.import(pod(), &histories)?;
        prometheus.import(pod(), &histories)?;
    }
    let histories = history(container(), scale, 0, |_| true);
    vm.import(container(), &histories)?;
    prometheus.import(container(), &histories)?;
    drop(histories);
    vm.settle()?;
    prometheus.settle()?;
    prometheus.serve()?;

    let mut table = Table::new(
        "The same questions elsewhere, ms; ours as it runs",
        &[
            "question",
            "ours: CPU",
            "wall",
            "VictoriaMetrics: CPU",
            "wall",
            "ours to theirs",
            "Prometheus: CPU",
            "wall",
            "ours to theirs",
        ],
    );
    for (name, question) in questions(scale) {
        let mine = ours
            .iter()
            .find(|a| a.name == name)
            .ok_or("a question was not asked")?;
        let theirs = vm.ask(&question, RUNS)?;
        agrees("VictoriaMetrics", mine, &theirs.1)?;
        let theirs_too = prometheus.ask(&question, RUNS)?;
        agrees("Prometheus", mine, &theirs_too.1)?;
        let cpu = |cost: &Cost| fixed(cost.cpu_ms());
        let wall = |cost: &Cost| fixed(cost.wall_ms());
        table.row([
            name.to_owned(),
            cpu(&mine.cost),
            wall(&mine.cost),
            cpu(&theirs.0),
            wall(&theirs.0),
            ratio(mine.cost.cpu_ms(), theirs.0.cpu_ms()),
            cpu(&theirs_too.0),
            wall(&theirs_too.0),
            ratio(mine.cost.cpu_ms(), theirs_too.0.cpu_ms()),
        ]);
    }
    table.print();
    println!(
        "{}; {}. They hold two series a pod and all of one node's containers, merged, their caches of results off; ours \
         holds every column. Theirs includes HTTP; mean of {RUNS} runs.\n",
        VictoriaMetrics::version(),
        Prometheus::version()
    );
    Ok(())
}

fn questions(scale: &Scale) -> [(&'static str, Question); 3] {
    let (start, end) = (START_USEC / 1_000_000, tick_usec(scale.ticks()) / 1_000_000);
    let question = |expression: String, step| Question {
        expression,
        // A point stands for the minute before it.
        start_seconds: start + step,
        end_seconds: end,
        step_seconds: (step > 0).then_some(step),
    };
    let (_, _, id) = the_container(scale);
    [
        (
            PANEL,
            question(
                "avg by (namespace) (rate(pod_cpu_usage_usec[1m]))".to_owned(),
                60,
            ),
        ),
        (
            ONE_CONTAINER,
            question(format!("{{container_id=\"{id}\"}}"), 10),
        ),
        (
            TOP,
            question("topk(10, pod_memory_working_set_bytes)".to_owned(), 0),
        ),
    ]
}

/// An answer that is cheap because it is another one would be no comparison.
fn agrees(who: &str, mine: &Asked, body: &str) -> Result<(), Failure> {
    let (series, mean) = digest(body)?;
    if series == 0 {
        return Err(format!("{who} found nothing for '{}'", mine.name).into());
    }
    let Some(ours) = mine.mean else { return Ok(()) };
    let off = (mean / ours - 1.0).abs();
    if series != mine.size || off > 0.05 {
        return Err(format!(
            "'{}': {who} gives {series} series with mean {mean}, ours has {} with mean {ours}",
            mine.name, mine.size
        )
        .into());
    }
    Ok(())
}
