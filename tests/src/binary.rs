//! Where the built programs are.

use std::path::PathBuf;

/// The path of a program of this workspace, built beside the test or program that asks.
///
/// # Panics
/// When it is not there. `cargo build --workspace` makes it.
pub fn binary(name: &str) -> PathBuf {
    // Tests are in …/target/debug/deps, programs in …/target/debug.
    let asks = std::env::current_exe().unwrap();
    let mut folder = asks.parent().unwrap();
    if folder.ends_with("deps") {
        folder = folder.parent().unwrap();
    }
    let path = folder.join(name);
    assert!(
        path.is_file(),
        "{} is missing: run `cargo build --workspace` first",
        path.display()
    );
    path
}
