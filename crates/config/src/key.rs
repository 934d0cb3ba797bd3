//! What is declared of a key.

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::value::{FromText, HttpUrl, List, Share, Size, Span};

/// Which process reads a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// `kansoku-agent` and `kansoku agent`.
    Agent,
    /// `kansoku server`.
    Server,
    /// `kansoku up`: agent and server in one process.
    Up,
}

impl Role {
    /// The word of the command line.
    pub fn word(self) -> &'static str {
        match self {
            Role::Agent => "agent",
            Role::Server => "server",
            Role::Up => "up",
        }
    }
}

/// What a key holds when nothing is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Default {
    /// This value.
    Value(&'static str),
    /// What the machine or another key says; the words tell how.
    Derived(&'static str),
    /// Nothing; the words tell what that means.
    Nothing(&'static str),
}

/// What a key holds, and between which bounds. Bounds are written as values are, and are themselves allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A line of text.
    Text,
    /// A path of a file or directory.
    Path,
    /// `true` or `false`.
    Flag,
    /// A whole number.
    Count {
        /// The least.
        min: u64,
        /// The most.
        max: u64,
    },
    /// A length of time.
    Span {
        /// The shortest.
        min: &'static str,
        /// The longest.
        max: &'static str,
    },
    /// A number of bytes.
    Size {
        /// The least.
        min: &'static str,
        /// The most.
        max: &'static str,
    },
    /// A number of bytes, or `off`.
    SizeOrOff {
        /// The least.
        min: &'static str,
        /// The most.
        max: &'static str,
    },
    /// A percentage.
    Share,
    /// One of these words.
    Choice {
        /// The words.
        words: &'static [&'static str],
    },
    /// Any number of texts.
    List,
    /// An IP address and a port to listen on.
    Address,
    /// An IP address and a port to listen on, or `off`.
    AddressOrOff,
    /// The address of an HTTP server.
    Url,
    /// A folder, or the URL of a bucket and a folder in it (`s3://bucket/folder`).
    Location,
}

impl Kind {
    /// What the guide calls it.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::Path => "path",
            Kind::Flag => "true or false",
            Kind::Count { .. } => "number",
            Kind::Span { .. } => "duration",
            Kind::Size { .. } => "size",
            Kind::SizeOrOff { .. } => "size or off",
            Kind::Choice { .. } => "word",
            Kind::List => "list",
            Kind::Share => "percentage",
            Kind::Address => "address:port",
            Kind::AddressOrOff => "address:port or off",
            Kind::Url => "URL",
            Kind::Location => "path or URL",
        }
    }

    /// What stands for the value in `--help`.
    pub fn placeholder(self) -> &'static str {
        match self {
            Kind::Text => "NAME",
            Kind::Path => "PATH",
            Kind::Flag => "BOOL",
            Kind::Count { .. } => "NUMBER",
            Kind::Span { .. } => "DURATION",
            Kind::Size { .. } => "SIZE",
            Kind::SizeOrOff { .. } => "SIZE|off",
            Kind::Choice { .. } => "WORD",
            Kind::List => "LIST",
            Kind::Share => "PERCENT",
            Kind::Address | Kind::AddressOrOff => "ADDRESS",
            Kind::Url => "URL",
            Kind::Location => "PATH|URL",
        }
    }

    /// The bounds in words, empty where there are none.
    pub fn bounds(self) -> String {
        match self {
            Kind::Count { min, max: u64::MAX } => format!("at least {min}"),
            Kind::Count { min, max } => format!("{min} to {max}"),
            Kind::Span { min, max } | Kind::Size { min, max } | Kind::SizeOrOff { min, max } => {
                format!("{min} to {max}")
            }
            Kind::Choice { words } => words.join(", "),
            _ => String::new(),
        }
    }

    /// Whether `text` is such a value; the error says what to write.
    pub(crate) fn check(self, text: &str) -> Result<(), String> {
        match self {
            Kind::Text => String::from_text(text).map(drop),
            Kind::Path => PathBuf::from_text(text).map(drop),
            Kind::Flag => bool::from_text(text).map(drop),
            Kind::Count { min, max } => self.within(u64::from_text(text)?, min, max),
            Kind::Span { min, max } => self.within(
                Span::from_text(text)?,
                Span::from_text(min)?,
                Span::from_text(max)?,
            ),
            Kind::Size { min, max } => self.within(
                Size::from_text(text)?,
                Size::from_text(min)?,
                Size::from_text(max)?,
            ),
            Kind::SizeOrOff { .. } if text.trim() == OFF => Ok(()),
            Kind::SizeOrOff { min, max } => self
                .within(
                    Size::from_text(text)?,
                    Size::from_text(min)?,
                    Size::from_text(max)?,
                )
                .map_err(|e| format!("{e}, or off")),
            Kind::Choice { words } if words.contains(&text.trim()) => Ok(()),
            Kind::Choice { words } => Err(format!("write one of {}", words.join(", "))),
            Kind::List => List::from_text(text).map(drop),
            Kind::Share => Share::from_text(text).map(drop),
            Kind::Address => SocketAddr::from_text(text).map(drop),
            Kind::AddressOrOff if text.trim() == OFF => Ok(()),
            Kind::AddressOrOff => SocketAddr::from_text(text)
                .map(drop)
                .map_err(|e| format!("{e}, or off")),
            Kind::Url => HttpUrl::from_text(text).map(drop),
            Kind::Location => location(text),
        }
    }

    fn within<T: PartialOrd>(self, value: T, min: T, max: T) -> Result<(), String> {
        if value < min || value > max {
            return Err(format!(
                "must be {}",
                self.bounds().replace(" to ", " or more, and at most ")
            ));
        }
        Ok(())
    }
}

/// What turns an [`Kind::AddressOrOff`] or a [`Kind::SizeOrOff`] off.
pub(crate) const OFF: &str = "off";

fn location(text: &str) -> Result<(), String> {
    match text.split_once("://") {
        None => PathBuf::from_text(text).map(drop),
        Some(("file", path)) if path.starts_with('/') => Ok(()),
        Some(("s3", rest)) if !rest.is_empty() && !rest.starts_with('/') => Ok(()),
        Some(_) => Err("write a folder's path, or a URL such as s3://bucket/folder".to_owned()),
    }
}

/// A key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// Its path in the file, with dots between tables: `agent.spool.max_bytes`.
    pub path: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// What it holds when nothing is said.
    pub default: Default,
    /// Who reads it.
    pub roles: &'static [Role],
    /// The option on the command line without its dashes; the others are reached by `--set path=value`.
    pub option: Option<&'static str>,
    /// Whether the value is a secret: it comes from the environment only and is never shown.
    pub secret: bool,
    /// What it does, in a sentence or two.
    pub help: &'static str,
}

impl Key {
    /// The environment variable: `KANSOKU_` and the path in capitals, with underscores for dots.
    pub fn variable(&self) -> String {
        format!(
            "KANSOKU_{}",
            self.path.to_ascii_uppercase().replace('.', "_")
        )
    }
}
