//! Compacts the file of alarms in `FOLDER`, to be killed meanwhile by `tests/compact.rs`. It says `begun` first and how
//! long it took in milliseconds last.

use std::io::Write;
use std::path::Path;

use evaluator::{HistoryBounds, Keep};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).ok_or("compactor FOLDER")?;
    let bounds = HistoryBounds {
        most: usize::MAX,
        seconds: u64::MAX,
        bytes: u64::MAX,
    };
    let mut keep = Keep::open(Path::new(&folder), bounds)?.keep;
    let mut out = std::io::stdout();
    writeln!(out, "begun")?;
    out.flush()?;
    match keep.compact()? {
        Some(done) => writeln!(out, "{}", done.took.as_millis())?,
        None => writeln!(out, "not worth it")?,
    }
    Ok(())
}
