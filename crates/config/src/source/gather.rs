//! The rim: reading files and the environment.

use std::io;
use std::path::{Path, PathBuf};

use super::{FileText, Machine, Sources};
use crate::fault::{Fault, Faults, Origin};
use crate::key::Role;
use crate::keys;

/// The CloudWatch agent's file where its manifests mount it.
const CWAGENTCONFIG: &str = "/etc/cwagentconfig/cwagentconfig.json";

/// The host's `/` where those manifests mount it.
const ROOTFS: &str = "/rootfs";

/// A configuration file is a page of text; a larger one is something else.
const FILE_MAX_BYTES: u64 = 1 << 20;

impl Sources {
    /// Reads this process's environment and the files that it and the command line name.
    ///
    /// `config` is what `--config` says. Without it, `KANSOKU_CONFIG` names the file; without that, the agent and the
    /// server take `/etc/kansoku/kansoku.toml`, and `up` `kansoku/kansoku.toml` under `$XDG_CONFIG_HOME` or
    /// `~/.config`, if there is one. A file whose name ends in `.json` is taken as the CloudWatch agent's.
    ///
    /// # Errors
    /// A file that was named and cannot be read.
    pub fn gather(
        role: Role,
        config: Option<&Path>,
        command_line: Vec<(String, String, String)>,
    ) -> Result<Sources, Faults> {
        let environment: Vec<(String, String)> = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        let variable = |name: &str| {
            environment
                .iter()
                .find(|(n, v)| n == name && !v.is_empty())
                .map(|(_, value)| value.clone())
        };
        let mut sources = Sources {
            environment: environment.clone(),
            command_line,
            ..Sources::default()
        };
        let (named, origin) = match (config, variable("KANSOKU_CONFIG")) {
            (Some(path), _) => (
                Some(path.to_owned()),
                Origin::CommandLine("--config".to_owned()),
            ),
            (None, Some(path)) => (
                Some(PathBuf::from(path)),
                Origin::Environment("KANSOKU_CONFIG".to_owned()),
            ),
            (None, None) => (None, Origin::Default),
        };
        match named {
            Some(path) if path.extension().is_some_and(|e| e == "json") => {
                sources.cloudwatch = Some(read(&path, origin)?);
            }
            Some(path) => sources.file = Some(read(&path, origin)?),
            None => sources.file = read_if_there(&default_file(role, &variable))?,
        }
        if let Some((path, origin)) = sources.cwagentconfig() {
            sources.cloudwatch = Some(read(&path, origin)?);
        } else if role == Role::Agent && sources.file.is_none() && sources.cloudwatch.is_none() {
            sources.cloudwatch = read_if_there(Path::new(CWAGENTCONFIG))?;
        }
        Ok(sources)
    }

    /// The CloudWatch agent's file that command line, environment or our file name.
    fn cwagentconfig(&self) -> Option<(PathBuf, Origin)> {
        let key = &keys::AGENT_CWAGENTCONFIG;
        let typed = self
            .command_line
            .iter()
            .rev()
            .find(|(_, path, _)| path == key.path);
        if let Some((option, _, value)) = typed {
            return Some((PathBuf::from(value), Origin::CommandLine(option.clone())));
        }
        let in_environment = super::read_environment(&self.environment);
        let in_file = self.file.as_ref().map(super::read_file).unwrap_or_default();
        let given = in_environment
            .given
            .into_iter()
            .chain(in_file.given)
            .find(|given| given.key == key)?;
        Some((PathBuf::from(given.text), given.origin))
    }
}

impl Machine {
    /// This machine.
    pub fn this() -> Machine {
        // The kernel's own word for it; what gethostname(2) answers.
        let hostname = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
        let home = |variable: &str, under: &str| {
            let own = std::env::var_os(variable)
                .filter(|v| !v.is_empty())
                .map(PathBuf::from);
            // The XDG specification says to ignore a path that is not absolute.
            own.filter(|path| path.is_absolute()).or_else(|| {
                std::env::var_os("HOME")
                    .filter(|v| !v.is_empty())
                    .map(|home| PathBuf::from(home).join(under))
            })
        };
        Machine {
            hostname: hostname.trim().to_owned(),
            data_home: home("XDG_DATA_HOME", ".local/share"),
            mounted_host: Some(PathBuf::from(ROOTFS)).filter(|at| at.join("proc/stat").is_file()),
        }
    }
}

fn default_file(role: Role, variable: &dyn Fn(&str) -> Option<String>) -> PathBuf {
    let system = PathBuf::from("/etc/kansoku");
    let folder = match role {
        Role::Agent | Role::Server => system,
        Role::Up => {
            let own = variable("XDG_CONFIG_HOME")
                .map(PathBuf::from)
                .filter(|path| path.is_absolute());
            let home = || variable("HOME").map(|home| PathBuf::from(home).join(".config"));
            own.or_else(home)
                .map_or(system, |folder| folder.join("kansoku"))
        }
    };
    folder.join("kansoku.toml")
}

fn read(path: &Path, origin: Origin) -> Result<FileText, Faults> {
    let fault = |message: String| {
        let value = Some(path.display().to_string());
        Faults(vec![Fault {
            origin: Some(origin),
            key: Some("file".to_owned()),
            value,
            message,
        }])
    };
    match read_text(path) {
        Ok(text) => Ok(FileText {
            path: path.to_owned(),
            text,
        }),
        Err(error) => Err(fault(format!("cannot be read: {error}"))),
    }
}

fn read_if_there(path: &Path) -> Result<Option<FileText>, Faults> {
    match read_text(path) {
        Ok(text) => Ok(Some(FileText {
            path: path.to_owned(),
            text,
        })),
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) =>
        {
            Ok(None)
        }
        Err(_) => read(path, Origin::Default).map(Some),
    }
}

fn read_text(path: &Path) -> io::Result<String> {
    use std::io::Read;
    let mut bytes = Vec::new();
    std::fs::File::open(path)?
        .take(FILE_MAX_BYTES + 1)
        .read_to_end(&mut bytes)?;
    if bytes.len() as u64 > FILE_MAX_BYTES {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "it is larger than 1 MiB",
        ));
    }
    String::from_utf8(bytes)
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8"))
}
