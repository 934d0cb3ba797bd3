//! From text to values: every source is text in the end.

use std::net::SocketAddr;
use std::path::PathBuf;

/// A type of value. An error says what to write instead.
pub(crate) trait FromText: Sized {
    /// The value, or what to write.
    fn from_text(text: &str) -> Result<Self, String>;
}

impl FromText for String {
    fn from_text(text: &str) -> Result<String, String> {
        if text.chars().any(char::is_control) {
            return Err("write one line of text without control characters".to_owned());
        }
        Ok(text.to_owned())
    }
}

impl FromText for PathBuf {
    fn from_text(text: &str) -> Result<PathBuf, String> {
        match text {
            "" => Err("write a path".to_owned()),
            text if text.contains('\0') => Err("write a path without a zero byte".to_owned()),
            text => Ok(PathBuf::from(text)),
        }
    }
}

impl FromText for bool {
    fn from_text(text: &str) -> Result<bool, String> {
        boolean(text).ok_or_else(|| "write true or false".to_owned())
    }
}

impl FromText for u64 {
    fn from_text(text: &str) -> Result<u64, String> {
        count(text).ok_or_else(|| "write a whole number".to_owned())
    }
}

impl FromText for SocketAddr {
    fn from_text(text: &str) -> Result<SocketAddr, String> {
        socket_address(text).ok_or_else(|| {
            "write an address and a port, such as 127.0.0.1:4780, 0.0.0.0:4780 or [::1]:4780"
                .to_owned()
        })
    }
}

/// `true` or `false`; environment variables also say 1, 0, on, off, yes and no.
fn boolean(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "1" | "on" | "yes" => Some(true),
        "false" | "0" | "off" | "no" => Some(false),
        _ => None,
    }
}

/// A whole number; underscores between digits are TOML's.
fn count(text: &str) -> Option<u64> {
    text.trim().replace('_', "").parse().ok()
}

/// An address to listen on. Names are not looked up; `localhost` is 127.0.0.1.
fn socket_address(text: &str) -> Option<SocketAddr> {
    let text = text.trim();
    match text.strip_prefix("localhost:") {
        Some(port) => Some(SocketAddr::from(([127, 0, 0, 1], port.parse().ok()?))),
        None => text.parse().ok(),
    }
}
