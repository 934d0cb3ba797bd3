//! What the catalogue promises to everything that is built on it.
#![allow(clippy::unwrap_used)]

mod names;
mod reference;
mod resolve;
mod schema;
mod tables;
mod worked_example;

use std::path::{Path, PathBuf};

/// A file of the repository.
fn file(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Whether generated files are to be written instead of compared.
fn update() -> bool {
    std::env::var_os("KANSOKU_UPDATE").is_some_and(|value| value == "1")
}

const HOW: &str = "regenerate with: KANSOKU_UPDATE=1 cargo nextest run -p catalogue";
