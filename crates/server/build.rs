//! Puts the built page (`ui/dist`) into the binary. Without one the crate builds all the same, and `/` says how to
//! build the page.

use std::error::Error;
use std::fmt::Write;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let dist = root.join("../../ui/dist");
    // Cargo runs this again and again while a watched path is missing, so the folder is made (it is not in git).
    // On a read-only source tree there is no page to come either.
    let _ = fs::create_dir_all(&dist);
    println!("cargo::rerun-if-changed={}", dist.display());
    println!("cargo::rerun-if-changed=build.rs");

    let out = PathBuf::from(env::var("OUT_DIR")?).join("page");
    if out.exists() {
        fs::remove_dir_all(&out)?;
    }
    fs::create_dir_all(&out)?;

    let mut files = Vec::new();
    walk(&dist, &dist, &mut files)?;
    files.sort();
    let mut table = String::from("&[\n");
    for path in files
        .iter()
        .filter(|path| !is_compressed_copy(path, &files))
    {
        let body = |suffix: &str| -> Result<Option<String>, Box<dyn Error>> {
            let name = format!("{path}{suffix}");
            if !suffix.is_empty() && !files.contains(&name) {
                return Ok(None);
            }
            // Copied, so that a page that is being rebuilt meanwhile does not break the compiler's reading.
            let copy = out.join(name.replace('/', "\u{2215}"));
            fs::copy(dist.join(&name), &copy)?;
            Ok(Some(format!("include_bytes!({copy:?})")))
        };
        let plain = body("")?.unwrap_or_default();
        let (brotli, gzip) = (body(".br")?, body(".gz")?);
        let mut hasher = DefaultHasher::new();
        fs::read(dist.join(path))?.hash(&mut hasher);
        let option = |body: Option<String>| {
            body.map_or_else(|| "None".to_owned(), |body| format!("Some({body})"))
        };
        writeln!(
            table,
            "    Asset {{ path: {path:?}, tag: \"{:016x}\", plain: {plain}, brotli: {}, gzip: {} }},",
            hasher.finish(),
            option(brotli),
            option(gzip),
        )?;
    }
    table.push_str("]\n");
    fs::write(out.join("assets.rs"), table)?;
    Ok(())
}

fn walk(root: &Path, folder: &Path, files: &mut Vec<String>) -> Result<(), Box<dyn Error>> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Ok(());
    };
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            walk(root, &path, files)?;
        } else if let Some(name) = path.strip_prefix(root)?.to_str() {
            files.push(name.to_owned());
        }
    }
    Ok(())
}

/// Whether this is `x.br` or `x.gz` beside an `x`.
fn is_compressed_copy(path: &str, files: &[String]) -> bool {
    [".br", ".gz"].iter().any(|suffix| {
        path.strip_suffix(suffix)
            .is_some_and(|of| files.iter().any(|f| f == of))
    })
}
