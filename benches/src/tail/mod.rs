//! The agent as a shipper of logs: from files to entries on its own disk, without a server, as a process.

mod agent;
mod files;

use std::path::Path;
use std::time::{Duration, Instant};

use crate::bench::{Failure, folder};
use crate::cli::Tail;
use crate::report::{Table, count, file_system, fixed, mebibytes, ratio};
use agent::Agent;
use files::{Folder, Sizes};

/// When files rotate, as kubelet has it.
const ROTATE_AT: u64 = 10 << 20;
/// How long the agent may take for what there is.
const PATIENCE: Duration = Duration::from_secs(600);

/// Measures reading what is there, what is being written, and a burst.
pub(crate) fn run(options: &Tail) -> Result<(), Failure> {
    let mut table = Table::new(
        "Logs: files → lines → entries → batches → zstd → the agent's disk",
        &[
            "case",
            "read MB",
            "entries",
            "CPU s",
            "MB/s of a core",
            "entries/s of a core",
            "peak RSS MiB",
            "on disk MB",
            "smaller",
            "lost MB",
        ],
    );
    let dir = folder(options.dir.as_deref())?;
    println!("On {}.\n", file_system(dir.path()));
    rotated(options, dir.path(), &mut table)?;
    written(
        "being written",
        options,
        Sizes {
            bytes: (options.rate * options.seconds) << 20,
            bytes_per_second: Some(options.rate << 20),
        },
        dir.path(),
        &mut table,
    )?;
    written(
        "a burst",
        options,
        Sizes {
            bytes: options.burst << 20,
            bytes_per_second: Some(300 << 20),
        },
        dir.path(),
        &mut table,
    )?;
    table.print();
    println!(
        "{} pods; \"being written\" is {} MiB/s for {} s, the burst {} MiB at 300 MiB/s or as fast as the disk takes it; \
         files rotate at 10 MiB and the newest five of each are kept. MB are millions of bytes, as they stand in the \
         files.\n\nFluent Bit on the same files: {}.\n",
        options.pods,
        options.rate,
        options.seconds,
        options.burst,
        if on_path("fluent-bit") {
            "installed, not measured by this program"
        } else {
            "not measured, Debian has no package of it"
        },
    );
    Ok(())
}

fn on_path(program: &str) -> bool {
    std::env::var_os("PATH").is_some_and(|path| {
        std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
    })
}

/// Everything is there, rotated, before the agent starts.
fn rotated(options: &Tail, dir: &Path, table: &mut Table) -> Result<(), Failure> {
    let root = dir.join("rotated");
    let mut files = Folder::new(&root.join("log"), options.pods, ROTATE_AT, usize::MAX)?;
    files.write(Sizes {
        bytes: options.mib << 20,
        bytes_per_second: None,
    })?;
    let mut agent = Agent::start(&root)?;
    finish("already rotated", &mut agent, &files, table)
}

/// The agent runs while others write.
fn written(
    case: &str,
    options: &Tail,
    sizes: Sizes,
    dir: &Path,
    table: &mut Table,
) -> Result<(), Failure> {
    let root = dir.join(case.replace(' ', "-"));
    let mut files = Folder::new(&root.join("log"), options.pods, ROTATE_AT, 5)?;
    let mut agent = Agent::start(&root)?;
    agent.wait_until_it_answers()?;
    files.write(sizes)?;
    finish(case, &mut agent, &files, table)
}

fn finish(case: &str, agent: &mut Agent, files: &Folder, table: &mut Table) -> Result<(), Failure> {
    agent.wait_until_it_answers()?;
    let deadline = Instant::now() + PATIENCE;
    let figures = loop {
        let figures = agent.figures()?;
        // The last lines of a file may wait a moment for what belongs to them.
        let is_read = figures.read + figures.lost >= files.bytes();
        let is_whole = figures.lost > 0 || figures.entries >= files.entries();
        if is_read && is_whole && figures.spooled >= figures.entries {
            break figures;
        }
        if Instant::now() > deadline {
            return Err(format!(
                "{case}: of {} bytes the agent has read {} and lost {}, of {} entries it has {}",
                files.bytes(),
                figures.read,
                figures.lost,
                files.entries(),
                figures.entries
            )
            .into());
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    let used = agent.used()?;
    if figures.lost == 0 && figures.entries != files.entries() {
        return Err(format!(
            "{case}: {} entries were written and {} read",
            files.entries(),
            figures.entries
        )
        .into());
    }
    let seconds = used.cpu.as_secs_f64();
    let megabytes = |bytes: u64| bytes as f64 / 1e6;
    table.row([
        case.to_owned(),
        fixed(megabytes(figures.read)),
        count(figures.entries),
        fixed(seconds),
        fixed(megabytes(figures.read) / seconds),
        count((figures.entries as f64 / seconds) as u64),
        mebibytes(used.peak_resident),
        fixed(megabytes(figures.on_disk)),
        ratio(figures.read as f64, figures.on_disk as f64),
        fixed(megabytes(figures.lost)),
    ]);
    Ok(())
}
