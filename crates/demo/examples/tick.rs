//! What a tick costs: `cargo run -p demo --example tick -- nodes=200,pods=5000 10`. Time of the processor is what
//! counts; the other is longer on a machine that has more to do.

use std::error::Error;
use std::time::Instant;

use demo::{Demo, Scale, TICK_USEC};

const START: i64 = 1_800_000_000_000_000;

/// Milliseconds of processor time that this thread has used; 0 where the kernel does not say.
fn processor_ms() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = text.split(' ').next().and_then(|n| n.parse::<f64>().ok());
    nanoseconds.unwrap_or(0.0) / 1e6
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let scale: Scale = match args.next() {
        Some(text) => text.parse()?,
        None => Scale::new(200, 5000)?,
    };
    let ticks: i64 = args.next().map_or(Ok(10), |text| text.parse())?;
    let begun = Instant::now();
    let mut demo = Demo::new(scale, 1, START)?;
    println!(
        "{scale}: made in {:.0} ms",
        begun.elapsed().as_secs_f64() * 1e3
    );
    for tick in 1..=ticks {
        let (begun, used) = (Instant::now(), processor_ms());
        let filled = demo.tick(START + tick * TICK_USEC)?;
        let used = processor_ms() - used;
        let took = begun.elapsed().as_secs_f64() * 1e3;
        let (mut batches, mut rows, mut bytes) = (0, 0, 0);
        for batch in filled.batches() {
            batches += 1;
            rows += batch.batch.num_rows();
            bytes += batch.batch.get_array_memory_size();
        }
        println!(
            "tick {tick}: {used:.0} ms of a core, {took:.0} ms in all, {batches} batches, {rows} rows, {} MiB",
            bytes >> 20
        );
    }
    Ok(())
}
