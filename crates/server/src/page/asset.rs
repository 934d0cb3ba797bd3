//! The embedded files.

use std::borrow::Cow;

/// A file as the build script writes it into the table.
#[derive(Debug)]
struct Asset {
    path: &'static str,
    tag: &'static str,
    plain: &'static [u8],
    brotli: Option<&'static [u8]>,
    gzip: Option<&'static [u8]>,
}

static ASSETS: &[Asset] = include!(concat!(env!("OUT_DIR"), "/page/assets.rs"));

/// The folder in which the bundler puts files whose names change with their content.
const HASHED: &str = "assets/";

/// A file to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct File {
    /// By the extension.
    pub(super) media_type: &'static str,
    /// Changes with the content.
    pub(super) tag: Cow<'static, str>,
    /// Whether the name changes with the content, so that it can be kept forever.
    pub(super) hashed: bool,
    /// The content.
    pub(super) plain: Cow<'static, [u8]>,
    /// The content, compressed with brotli.
    pub(super) brotli: Option<Cow<'static, [u8]>>,
    /// The content, compressed with gzip.
    pub(super) gzip: Option<Cow<'static, [u8]>>,
}

/// What a path leads to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// A file, or the index.
    File(File),
    /// A file that the bundler named and that is not there (any more): the index instead would be run as a script.
    Missing,
    /// There is no page in this binary.
    NotBuilt,
}

/// The embedded file of a path.
pub(super) fn find(path: &str) -> Found {
    let name = path.trim_start_matches('/');
    let file = |name: &str| {
        ASSETS
            .iter()
            .find(|asset| asset.path == name)
            .map(Asset::file)
    };
    match file(name) {
        Some(file) => Found::File(file),
        None if name.starts_with(HASHED) => Found::Missing,
        None => file("index.html").map_or(Found::NotBuilt, Found::File),
    }
}

impl Asset {
    fn file(&self) -> File {
        File {
            media_type: media_type(self.path),
            tag: Cow::Borrowed(self.tag),
            hashed: is_hashed(self.path),
            plain: Cow::Borrowed(self.plain),
            brotli: self.brotli.map(Cow::Borrowed),
            gzip: self.gzip.map(Cow::Borrowed),
        }
    }
}

pub(super) fn is_hashed(path: &str) -> bool {
    path.starts_with(HASHED)
}

pub(super) fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json" | "map") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_build_script_embedded_is_whole() {
        for asset in ASSETS {
            assert!(
                !asset.path.starts_with('/') && !asset.tag.is_empty(),
                "{}",
                asset.path
            );
            assert_ne!(
                media_type(asset.path),
                "application/octet-stream",
                "{} has no media type",
                asset.path
            );
            assert_eq!(find(&format!("/{}", asset.path)), Found::File(asset.file()));
            assert!(
                asset.brotli.is_some() && asset.gzip.is_some(),
                "{} has no compressed copies: build the page again",
                asset.path
            );
        }
        let built = ASSETS.iter().any(|asset| asset.path == "index.html");
        assert_eq!(matches!(find("/node/some-view"), Found::File(_)), built);
        assert_eq!(find("/assets/gone-1234.js"), Found::Missing);
    }
}
