//! Where the built programs are.

use std::path::PathBuf;

/// The path of a program of this workspace, built beside the test that asks.
///
/// # Panics
/// When it is not there. `cargo build --workspace` makes it.
pub fn binary(name: &str) -> PathBuf {
    // …/target/debug/deps/<test> → …/target/debug/<name>
    let test = std::env::current_exe().unwrap();
    let folder = test.ancestors().nth(2).unwrap();
    let path = folder.join(name);
    assert!(
        path.is_file(),
        "{} is missing: run `cargo build --workspace` before these tests",
        path.display()
    );
    path
}
