//! Files from a folder, for work on the page: `vite build --watch` there, and a reload here shows the change.

use std::borrow::Cow;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Component, Path, PathBuf};

use super::asset::{File, Found, is_hashed, media_type};

/// The folder's file of a path.
pub(super) async fn find(folder: &Path, path: &str) -> Found {
    let folder = folder.to_owned();
    let name = path.trim_start_matches('/').to_owned();
    let read = tokio::task::spawn_blocking(move || read(&folder, &name));
    read.await.unwrap_or(Found::NotBuilt)
}

fn read(folder: &Path, name: &str) -> Found {
    let inside = Path::new(name)
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    let open = |name: &str| -> Option<File> {
        let path: PathBuf = folder.join(name);
        let content = path
            .is_file()
            .then(|| std::fs::read(&path).ok())
            .flatten()?;
        let mut hasher = DefaultHasher::new();
        content.hash(&mut hasher);
        Some(File {
            media_type: media_type(name),
            tag: Cow::Owned(format!("{:016x}", hasher.finish())),
            hashed: is_hashed(name),
            plain: Cow::Owned(content),
            brotli: None,
            gzip: None,
        })
    };
    match (inside && !name.is_empty()).then(|| open(name)).flatten() {
        Some(file) => Found::File(file),
        None if is_hashed(name) => Found::Missing,
        None => open("index.html").map_or(Found::NotBuilt, Found::File),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn nothing_outside_the_folder_is_read() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("dist");
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(root.path().join("secret.txt"), "secret").unwrap();
        assert_eq!(find(&folder, "/").await, Found::NotBuilt);
        std::fs::write(folder.join("index.html"), "index").unwrap();
        std::fs::write(folder.join("a.js"), "a").unwrap();
        for (path, content) in [
            ("/", "index"),
            ("/a.js", "a"),
            ("/nodes/n1", "index"),
            ("/../secret.txt", "index"),
            ("/x/../../secret.txt", "index"),
            ("//etc/hostname", "index"),
        ] {
            let Found::File(file) = find(&folder, path).await else {
                panic!("{path}")
            };
            assert_eq!(file.plain, content.as_bytes(), "{path}");
        }
    }
}
