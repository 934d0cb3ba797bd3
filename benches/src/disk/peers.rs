//! The same samples in VictoriaMetrics and Prometheus.

use std::path::Path;
use std::time::Duration;

use crate::bench::Failure;
use crate::load::{History, Scale, container, history, pod};
use crate::peers::{Prometheus, VictoriaMetrics};
use crate::report::{Table, count, fixed, mebibytes, ratio};
use crate::stores::same;

/// Prometheus takes text of some 300 bytes a sample: more than these nodes would be tens of gigabytes.
const PROMETHEUS_NODES: usize = 2;

pub(super) fn run(dir: &Path, scale: &Scale, ours: u64, our_bytes: u64) -> Result<(), Failure> {
    let mut table = Table::new(
        "The same samples in other stores",
        &[
            "store",
            "samples",
            "MiB data",
            "MiB index",
            "B a sample",
            "ours to theirs",
            "CPU s per M to take in",
        ],
    );
    let our_each = our_bytes as f64 / ours as f64;
    table.row([
        "Kansoku, raw rows, compacted".to_owned(),
        count(ours),
        mebibytes(our_bytes),
        "–".to_owned(),
        fixed(our_each),
        "1".to_owned(),
        "see ingest".to_owned(),
    ]);
    let mut row = |name: String, samples: u64, (data, index): (u64, u64), cpu: Duration| {
        let each = (data + index) as f64 / samples as f64;
        table.row([
            name,
            count(samples),
            mebibytes(data),
            mebibytes(index),
            fixed(each),
            ratio(our_each, each),
            fixed(cpu.as_secs_f64() / (samples as f64 / 1e6)),
        ]);
    };

    let mut vm = VictoriaMetrics::start(dir)?;
    let mut samples = 0;
    for (rows_of, histories) in all(scale, scale.nodes) {
        samples += histories.iter().map(History::samples).sum::<u64>();
        vm.import(rows_of, &histories)?;
    }
    vm.settle()?;
    same("samples that VictoriaMetrics was given", samples, ours)?;
    same("rows that VictoriaMetrics has", vm.rows()?, ours)?;
    row(VictoriaMetrics::version(), samples, vm.disk()?, vm.cpu()?);
    drop(vm);

    let nodes = scale.nodes.min(PROMETHEUS_NODES);
    let mut prometheus = Prometheus::new(dir)?;
    let mut samples = 0;
    for (rows_of, histories) in all(scale, nodes) {
        samples += histories.iter().map(History::samples).sum::<u64>();
        prometheus.import(rows_of, &histories)?;
    }
    let cpu = prometheus.settle()?;
    row(
        format!("{} ({nodes} nodes)", Prometheus::version()),
        samples,
        prometheus.disk()?,
        cpu,
    );
    table.print();
    println!(
        "Samples have the ticks' exact times there; our rows also hold each read's measured length and delay. Counters \
         are cumulative there. VictoriaMetrics' CPU time includes parsing JSON and merging, Prometheus' parsing text.\n"
    );
    Ok(())
}

fn all(
    scale: &Scale,
    nodes: usize,
) -> impl Iterator<Item = (&'static catalogue::Table, Vec<History>)> {
    [pod(), container()].into_iter().flat_map(move |table| {
        (0..nodes).map(move |node| (table, history(table, scale, node, |_| true)))
    })
}
