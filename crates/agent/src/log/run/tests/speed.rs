//! How fast it is. Prints, and asserts nothing about time.

use std::io::Write;
use std::time::{Duration, Instant};

use arrow_array::cast::AsArray;

use super::bench::{Bench, append, container, cri};
use crate::clock::thread_cpu_usec;
use crate::run::wake::Waker;

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

#[test]
fn a_burst_into_rotated_files_loses_nothing() {
    // Files are removed only where they are large enough to be seen first, however busy the machine is.
    let asked: Option<usize> = std::env::var("KANSOKU_TEST_BURST_MEGABYTES")
        .ok()
        .and_then(|n| n.parse().ok());
    let megabytes = asked.unwrap_or(24);
    let folder = tempfile::tempdir().unwrap();
    let mut bench = Bench::new(folder.path());
    let reader = bench.reader.take().unwrap();
    let waker = Waker::new().unwrap();
    let reading = {
        let waker = waker.clone();
        std::thread::spawn(move || reader.run(&waker))
    };
    let dir = container(folder.path(), "app");
    std::fs::create_dir_all(&dir).unwrap();
    let live = dir.join("0.log");
    let rotated = |n: usize| dir.join(format!("0.log.20261101-{n:06}"));
    // As large as the kubelet lets them become where that is asked for, smaller and more of them otherwise.
    let largest = if asked.is_some() { 10 << 20 } else { 1 << 20 };
    let start = Instant::now();
    let (mut lines, mut bytes, mut files) = (0usize, 0usize, 0);
    while bytes < megabytes << 20 {
        let mut file = std::fs::File::create(&live).unwrap();
        let mut length = 0;
        while length < largest {
            let mut text = String::with_capacity(70_000);
            while text.len() < 64 << 10 {
                text += &cri(&format!(
                    "{lines:09} a line of a burst, of about a hundred bytes or so"
                ));
                lines += 1;
            }
            file.write_all(text.as_bytes()).unwrap();
            length += text.len();
        }
        bytes += length;
        drop(file);
        files += 1;
        std::fs::rename(&live, rotated(files)).unwrap();
        if asked.is_some() && files > 5 {
            std::fs::remove_file(rotated(files - 5)).unwrap();
        }
    }
    let written = start.elapsed();
    let until = Instant::now() + Duration::from_secs(120);
    while bench.state.figures().read_bytes < bytes as u64 && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(20));
    }
    let read = start.elapsed();
    waker.wake();
    reading.join().unwrap();
    println!(
        "{files} files, {bytes} bytes written at {:.0} MB/s and read at {:.0} MB/s, {} resident",
        bytes as f64 / 1e6 / written.as_secs_f64(),
        bytes as f64 / 1e6 / read.as_secs_f64(),
        crate::own::resident_bytes().unwrap_or(0)
    );
    let mut came = vec![false; lines];
    for batch in bench.take("log") {
        let messages = batch.column_by_name("message").unwrap().as_string::<i32>();
        for message in messages.iter().flatten() {
            let number: usize = message[..9].parse().unwrap();
            assert!(
                !std::mem::replace(&mut came[number], true),
                "{number} twice"
            );
        }
    }
    assert_eq!(came.iter().filter(|came| !**came).count(), 0);
}

#[test]
fn many_files_are_followed() {
    let count: usize = std::env::var("KANSOKU_TEST_LOG_FILES")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(1000);
    let folder = tempfile::tempdir().unwrap();
    for n in 0..count {
        let path = container(folder.path(), &format!("c{n}")).join("0.log");
        append(&path, cri("one").as_bytes());
    }
    let mut bench = Bench::new(folder.path());
    bench.steps(1);
    let (cpu, start) = (thread_cpu_usec(), Instant::now());
    bench.steps(80);
    println!(
        "{count} files: {} us of CPU time for a second, {} us each, {} resident, {:?}",
        (thread_cpu_usec() - cpu) / 20,
        start.elapsed().as_micros() / 20,
        crate::own::resident_bytes().unwrap_or(0),
        bench.state.figures().open_files
    );
    let came: usize = bench.take("log").iter().map(|batch| batch.num_rows()).sum();
    assert_eq!(came, count);
}
