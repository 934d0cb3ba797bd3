//! The Python environment in which other readers of our tables, and a bucket to keep them in, come from packages.

use std::path::PathBuf;
use std::process::Command;

/// The interpreter that `./test` prepared; `None` (said on the way) when these tests were started without it.
pub fn python() -> Option<PathBuf> {
    let python = std::env::var_os("KANSOKU_CLIENTS_PYTHON").map(PathBuf::from);
    if python.is_none() {
        println!("skipped: KANSOKU_CLIENTS_PYTHON is not set; ./test sets it");
    }
    python
}

/// What a script of `tests/clients/` prints.
///
/// # Panics
/// When it fails.
pub fn run_script(python: &PathBuf, script: &str, arguments: &[&str]) -> String {
    let path = format!("{}/clients/{script}", env!("CARGO_MANIFEST_DIR"));
    let output = Command::new(python)
        .arg(path)
        .args(arguments)
        .output()
        .unwrap();
    let (out, err) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(
        output.status.success(),
        "{script} {arguments:?}\n{out}{err}"
    );
    out.into_owned()
}
