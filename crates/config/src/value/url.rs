//! Addresses of servers.

use std::fmt;

use super::FromText;

/// The address of an HTTP server, `http://host:port` or `https://host:port`, with or without a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpUrl(String);

impl HttpUrl {
    /// It, without a slash at the end, so that a path can be put behind it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether what is sent is encrypted.
    pub fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }

    /// The host, without port and user.
    pub fn host(&self) -> &str {
        let rest = self.0.split_once("://").map_or("", |(_, rest)| rest);
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let authority = authority
            .rsplit_once('@')
            .map_or(authority, |(_, host)| host);
        match authority.strip_prefix('[') {
            Some(v6) => v6.split(']').next().unwrap_or_default(),
            None => authority.split(':').next().unwrap_or_default(),
        }
    }

    /// Whether the host is this machine.
    pub fn is_loopback(&self) -> bool {
        let host = self.host();
        host.eq_ignore_ascii_case("localhost")
            || host
                .parse::<std::net::IpAddr>()
                .is_ok_and(|address| address.is_loopback())
    }
}

impl FromText for HttpUrl {
    fn from_text(text: &str) -> Result<HttpUrl, String> {
        let wrong = || {
            "write an address such as http://kansoku:4780 or https://kansoku.example.com".to_owned()
        };
        let text = text.trim().trim_end_matches('/');
        let rest = text
            .strip_prefix("http://")
            .or_else(|| text.strip_prefix("https://"))
            .ok_or_else(wrong)?;
        if text.chars().any(|c| c.is_whitespace() || c.is_control()) || rest.contains(['?', '#']) {
            return Err(wrong());
        }
        let url = HttpUrl(text.to_owned());
        if url.host().is_empty() {
            Err(wrong())
        } else {
            Ok(url)
        }
    }
}

impl fmt::Display for HttpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_found() {
        for (text, host, loopback) in [
            ("http://kansoku:4780", "kansoku", false),
            ("https://kansoku.example.com/", "kansoku.example.com", false),
            ("http://127.0.0.1:4780", "127.0.0.1", true),
            ("http://[::1]:4780/base", "::1", true),
            ("http://me:secret@LOCALHOST", "LOCALHOST", true),
        ] {
            let url = HttpUrl::from_text(text).unwrap();
            assert_eq!((url.host(), url.is_loopback()), (host, loopback), "{text}");
        }
        assert_eq!(
            HttpUrl::from_text("http://a/").unwrap().as_str(),
            "http://a"
        );
        for text in [
            "",
            "kansoku:4780",
            "ftp://a",
            "http://",
            "http:// a",
            "http://a?b",
            "http://:80",
        ] {
            assert!(HttpUrl::from_text(text).is_err(), "{text}");
        }
    }
}
