//! How fast it is. Prints, and asserts nothing about time.

use std::time::Instant;

use super::bench::{Bench, append, container, cri};
use crate::clock::thread_cpu_usec;

#[test]
fn what_a_megabyte_costs() {
    let megabytes: usize = std::env::var("KANSOKU_TEST_LOG_MEGABYTES")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(4);
    let folder = tempfile::tempdir().unwrap();
    let mut bench = Bench::new(folder.path());
    let mut bytes = 0;
    let mut lines = 0usize;
    for n in 0..20 {
        let mut text = String::new();
        while text.len() < megabytes * (1 << 20) / 20 {
            lines += 1;
            text += &cri(&format!(
                "10.0.{}.{} - - \"GET /api/items/{lines}?page={n} HTTP/1.1\" 200 {} \"-\" \"curl/8.5.0\" {}ms",
                lines % 256,
                lines % 251,
                lines * 37 % 90_000,
                lines * 31 % 977
            ));
        }
        bytes += text.len();
        append(
            &container(folder.path(), &format!("c{n}")).join("0.log"),
            text.as_bytes(),
        );
    }
    let (cpu, start) = (thread_cpu_usec(), Instant::now());
    while bench.state.figures().read_bytes < bytes as u64 || bench.reader().follower.is_behind() {
        bench.steps(5);
    }
    bench.reader().end();
    let (cpu, elapsed) = (thread_cpu_usec() - cpu, start.elapsed());
    let spooled = bench.outbox.spool().figures().disk_bytes;
    println!(
        "{bytes} bytes in {lines} lines: {:.1} MB/s of CPU time, {:.1} MB/s, {spooled} bytes in the spool, {} resident",
        bytes as f64 / cpu as f64,
        bytes as f64 / 1e6 / elapsed.as_secs_f64(),
        crate::own::resident_bytes().unwrap_or(0)
    );
    let came: usize = bench.take("log").iter().map(|batch| batch.num_rows()).sum();
    assert_eq!(came, lines);
}
