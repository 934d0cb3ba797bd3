//! What alarms take of a server that also takes in rows.

use std::path::Path;
use std::time::{Duration, Instant};

use kansoku_tests::Webhook;

use super::definitions::{breaching, of_all_pods, of_one_pod_each, receiver};
use super::feed::Feed;
use super::notifying;
use super::running::{Running, States};
use crate::bench::Failure;
use crate::cli::Alarms;
use crate::report::{Table, count, fixed, mebibytes};

/// Alarms with a state for each pod.
const ALL_PODS: usize = 10;

pub(super) fn run(options: &Alarms, dir: &Path) -> Result<(), Failure> {
    let pods = options.nodes * options.pods;
    let webhook = Webhook::start(0);
    let probe = receiver(webhook.url());
    let server = Running::start(&dir.join("evaluating"), &probe)?;
    let feed = Feed::start(server.http(), options.nodes, options.pods)?;
    let mut probing = notifying::Probe::new(server.http());
    // Nothing is evaluated for a minute after a start.
    let first = Instant::now();
    while server.states()?.ok == 0 {
        probing.says(5)?;
        std::thread::sleep(Duration::from_secs(5));
        if first.elapsed() > Duration::from_secs(240) {
            return Err("the first alarm was not evaluated".into());
        }
    }

    let mut table = Table::new(
        format!(
            "A server that takes {} rows of pods every 10 s, {} minutes each",
            count(pods as u64),
            options.minutes
        ),
        &[
            "case",
            "CPU s a minute",
            "less none",
            "of a core",
            "evaluated after s",
            "peak RSS MiB",
        ],
    );
    let before = measured(&server, options.minutes)?;
    let mut row =
        |case: String, cpu: f64, none: f64, after: Option<Duration>| -> Result<(), Failure> {
            let peak = server.used()?.peak_resident;
            table.row([
                case,
                fixed(cpu),
                fixed(cpu - none),
                format!("{} %", fixed((cpu - none) / 60.0 * 100.0)),
                after.map_or_else(|| "–".to_owned(), |after| fixed(after.as_secs_f64())),
                mebibytes(peak),
            ]);
            Ok(())
        };
    row("no alarm but one".to_owned(), before, before, None)?;

    let alarms = of_one_pod_each(options.alarms, options.nodes, options.pods);
    let breaching = breaching(options.alarms) as u64;
    let expected = States {
        alarm: breaching,
        ok: options.alarms as u64 - breaching + 1,
        insufficient_data: 0,
    };
    let after = server.put(&format!("{probe}{alarms}"), expected)?;
    let cpu = measured(&server, options.minutes)?;
    let case = format!("{} alarms, each over one pod", count(options.alarms as u64));
    row(case, cpu, before, Some(after))?;
    notifying::run(options, &webhook, &mut probing)?;

    let expected = States {
        alarm: 1,
        ok: ALL_PODS as u64,
        insufficient_data: 0,
    };
    let after = server.put(&format!("{probe}{}", of_all_pods(ALL_PODS)), expected)?;
    let cpu = measured(&server, options.minutes)?;
    let case = format!("{ALL_PODS} alarms, each with {} states", count(pods as u64));
    row(case, cpu, before, Some(after))?;

    server.put(
        &probe,
        States {
            alarm: 0,
            ok: 1,
            insufficient_data: 0,
        },
    )?;
    let again = measured(&server, options.minutes)?;
    row("no alarm but one, again".to_owned(), again, before, None)?;
    table.print();
    let stored = feed.stop()?;
    println!("{} rows of pods were stored meanwhile.\n", count(stored));
    Ok(())
}

/// CPU seconds a minute, over whole minutes.
fn measured(server: &Running, minutes: u32) -> Result<f64, Failure> {
    let (from, began) = (server.used()?.cpu, Instant::now());
    std::thread::sleep(Duration::from_secs(60) * minutes);
    let took = server.used()?.cpu.saturating_sub(from);
    Ok(took.as_secs_f64() * 60.0 / began.elapsed().as_secs_f64())
}
