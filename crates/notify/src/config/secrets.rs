//! `<name>_file` and `<name>_env`: the two ways to a secret.

use std::path::PathBuf;

use super::section::Section;
use super::sources::Sources;
use crate::receiver::CaFile;
use crate::secret::Secret;

/// Reads what keys refer to, and remembers which files that were.
pub(super) struct Reader<'a> {
    pub(super) sources: &'a Sources<'a>,
    pub(super) files: Vec<PathBuf>,
}

impl Reader<'_> {
    fn file(&mut self, path: &str) -> Result<(PathBuf, Vec<u8>), String> {
        let path = self.sources.folder.join(path.trim());
        if !self.files.contains(&path) {
            self.files.push(path.clone());
        }
        match (self.sources.file)(&path) {
            Ok(bytes) => Ok((path, bytes)),
            Err(error) => Err(format!("{} cannot be read: {error}", path.display())),
        }
    }

    /// The secret `name`, from `name_file` or `name_env`. A key `name` itself is a fault: the file would hold the secret.
    pub(super) fn secret(&mut self, section: &mut Section<'_>, name: &str) -> Option<Secret> {
        if let Some(at) = section.place(name) {
            let message =
                format!("a secret does not belong into this file; write {name}_file or {name}_env");
            section.fault(name, at, message);
            return None;
        }
        self.referred(section, name)
    }

    /// The same, where the value may stand in the file as well, if it holds nothing secret.
    pub(super) fn url(&mut self, section: &mut Section<'_>, name: &str) -> Option<Secret> {
        let Some((text, at)) = section.text(name) else {
            let url = self.referred(section, name)?;
            let keys = [format!("{name}_file"), format!("{name}_env")];
            let key = keys.iter().find(|key| section.place(key).is_some())?;
            let at = section.place(key)?;
            return match check(url.reveal(), true) {
                Ok(()) => Some(url),
                Err(message) => {
                    section.fault(key, at, message);
                    None
                }
            };
        };
        for other in [format!("{name}_file"), format!("{name}_env")] {
            if let Some(at) = section.place(&other) {
                section.fault(
                    &other,
                    at,
                    format!("{name} is there already; leave one out"),
                );
            }
        }
        match check(&text, false) {
            Ok(()) => Some(Secret::new(text.trim())),
            Err(message) => {
                section.fault(name, at, message);
                None
            }
        }
    }

    fn referred(&mut self, section: &mut Section<'_>, name: &str) -> Option<Secret> {
        let (file_key, variable_key) = (format!("{name}_file"), format!("{name}_env"));
        let file = section.text(&file_key);
        let variable = section.text(&variable_key);
        if let (Some(_), Some((_, at))) = (&file, &variable) {
            let message = format!("{file_key} is there already; leave one out");
            section.fault(&variable_key, *at, message);
        }
        let (key, at, read) = if let Some((path, at)) = file {
            (
                file_key,
                at,
                self.file(&path)
                    .map(|(path, bytes)| (path.display().to_string(), bytes)),
            )
        } else {
            let (variable, at) = variable?;
            let value = (self.sources.variable)(variable.trim());
            let read = value.ok_or_else(|| format!("the environment has no variable {variable}"));
            (
                variable_key,
                at,
                read.map(|value| (variable, value.into_bytes())),
            )
        };
        let checked = read.and_then(|(from, bytes)| {
            let text = String::from_utf8(bytes).map_err(|_| format!("{from} is not UTF-8"))?;
            let text = text.trim();
            match text {
                "" => Err(format!("{from} is empty")),
                _ if text.chars().any(char::is_control) => Err(format!("{from} must be one line")),
                _ => Ok(Secret::new(text)),
            }
        });
        match checked {
            Ok(secret) => Some(secret),
            Err(message) => {
                section.fault(&key, at, message);
                None
            }
        }
    }

    pub(super) fn ca(&mut self, section: &mut Section<'_>) -> Option<CaFile> {
        let (path, at) = section.text("ca_file")?;
        match self
            .file(&path)
            .and_then(|(path, pem)| CaFile::new(&path, pem))
        {
            Ok(ca) => Some(ca),
            Err(message) => {
                section.fault("ca_file", at, message);
                None
            }
        }
    }
}

/// Whether it is the address of an HTTP server. The words never repeat it: it may be a secret.
fn check(text: &str, may_be_secret: bool) -> Result<(), String> {
    let wrong = || "write an address such as https://hooks.example.com/alarms".to_owned();
    let url = url::Url::parse(text.trim()).map_err(|_| wrong())?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(wrong());
    }
    if !may_be_secret && (!url.username().is_empty() || url.password().is_some()) {
        return Err("has a password in it; write url_file or url_env".to_owned());
    }
    Ok(())
}
