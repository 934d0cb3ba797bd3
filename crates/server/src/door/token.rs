//! Static bearer tokens (RFC 6750), one a line in a file that is read again when it changes.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use parking_lot::RwLock;
use tokio_util::sync::CancellationToken;

use crate::problem::{Code, Problem};
use crate::state::Shared;

/// How often the files are read again.
const REREAD: Duration = Duration::from_secs(5);
/// A token shorter than this can be guessed.
const SHORTEST: usize = 16;
/// A token file larger than this is something else.
const LARGEST_FILE: u64 = 1 << 20;

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everyone who can reach the port: liveness, and the page's own files, which hold no data.
    Open,
    /// Agents.
    Agent,
    /// People and their programs.
    Person,
}

/// Why a token file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The file cannot be read.
    #[error("the token file {path} cannot be read: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The file is far larger than a list of tokens.
    #[error("the token file {path} has {bytes} bytes; a list of tokens has at most {LARGEST_FILE}")]
    Large {
        /// The file.
        path: PathBuf,
        /// Its size.
        bytes: u64,
    },
    /// A token that can be guessed. The token itself is not named.
    #[error(
        "line {line} of the token file {path} has fewer than {SHORTEST} characters: use a longer token, such as that of `openssl rand -hex 32`"
    )]
    Short {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
    },
}

/// The tokens of one file: one a line; empty lines and lines that begin with `#` are left out.
pub struct TokenFile {
    path: PathBuf,
    tokens: RwLock<Arc<[String]>>,
}

impl fmt::Debug for TokenFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenFile")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl TokenFile {
    /// Reads the file.
    ///
    /// # Errors
    /// See [`TokenError`].
    pub fn open(path: &Path) -> Result<TokenFile, TokenError> {
        let tokens = read(path)?;
        Ok(TokenFile {
            path: path.to_owned(),
            tokens: RwLock::new(tokens.into()),
        })
    }

    fn holds(&self, token: &str) -> bool {
        let tokens = Arc::clone(&self.tokens.read());
        // Every token is compared, so that the time does not say which one was near.
        tokens.iter().fold(false, |found, known| {
            same(known.as_bytes(), token.as_bytes()) | found
        })
    }

    /// Reads the file again. A file that cannot be read leaves the tokens as they are: a volume that is being
    /// replaced must not lock everybody out. An empty file, though, means what it says.
    fn reread(&self) {
        match read(&self.path) {
            Ok(tokens) if self.tokens.read()[..] == tokens[..] => {}
            Ok(tokens) => {
                tracing::info!(path = %self.path.display(), tokens = tokens.len(), "token file read again");
                *self.tokens.write() = tokens.into();
            }
            Err(error) => tracing::warn!(%error, "tokens stay as they were"),
        }
    }
}

fn read(path: &Path) -> Result<Vec<String>, TokenError> {
    let failed = |source| TokenError::Read {
        path: path.to_owned(),
        source,
    };
    let bytes = std::fs::metadata(path).map_err(failed)?.len();
    if bytes > LARGEST_FILE {
        return Err(TokenError::Large {
            path: path.to_owned(),
            bytes,
        });
    }
    let text = std::fs::read_to_string(path).map_err(failed)?;
    let mut tokens = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if line.len() < SHORTEST {
            return Err(TokenError::Short {
                path: path.to_owned(),
                line: at + 1,
            });
        }
        tokens.push(line.to_owned());
    }
    Ok(tokens)
}

/// Whether two texts are the same, in a time that depends on the length of the second alone.
fn same(known: &[u8], given: &[u8]) -> bool {
    let mut difference = u8::from(known.len() != given.len());
    for (at, byte) in given.iter().enumerate() {
        difference |= byte ^ known.get(at).copied().unwrap_or(!byte);
    }
    std::hint::black_box(difference) == 0
}

/// Who is let in. Without a file, everyone is: the caller has made sure that only this machine can reach the port.
#[derive(Debug, Default)]
pub struct Tokens {
    /// Those of agents.
    pub agents: Option<TokenFile>,
    /// Those of people.
    pub people: Option<TokenFile>,
}

impl Tokens {
    /// Whether a request with these headers may use a route of this kind.
    pub fn allow(&self, access: Access, headers: &HeaderMap) -> bool {
        let file = match access {
            Access::Open => return true,
            Access::Agent => &self.agents,
            Access::Person => &self.people,
        };
        match (file, bearer(headers)) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(file), Some(token)) => file.holds(token),
        }
    }

    /// Reads the files again every few seconds, until told to stop.
    pub(crate) async fn reread(state: Shared, stop: CancellationToken) {
        if state.tokens().agents.is_none() && state.tokens().people.is_none() {
            return;
        }
        while stop
            .run_until_cancelled(tokio::time::sleep(REREAD))
            .await
            .is_some()
        {
            let state = state.clone();
            let read = tokio::task::spawn_blocking(move || {
                for file in [&state.tokens().agents, &state.tokens().people]
                    .into_iter()
                    .flatten()
                {
                    file.reread();
                }
            });
            if let Err(error) = read.await {
                tracing::error!(%error, "token files were not read");
            }
        }
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?
        .split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then_some(token.trim())
}

/// The layer of one route.
pub(crate) async fn require(
    State((state, access)): State<(Shared, Access)>,
    request: Request,
    next: Next,
) -> Response {
    if state.tokens().allow(access, request.headers()) {
        return next.run(request).await;
    }
    let whom = if access == Access::Agent {
        "an agent's"
    } else {
        "a person's"
    };
    Problem::new(
        Code::Unauthorized,
        format!("send {whom} token in the header Authorization, as \"Bearer <token>\""),
    )
    .into_response()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    const TOKEN: &str = "0123456789abcdef0123";

    fn with(value: &str) -> HeaderMap {
        HeaderMap::from_iter([(header::AUTHORIZATION, HeaderValue::from_str(value).unwrap())])
    }

    #[test]
    fn a_token_opens_its_own_kind_of_route() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("agents");
        std::fs::write(
            &path,
            format!("# the fleet\n\n{TOKEN}\nanother-token-of-some-length\n"),
        )
        .unwrap();
        let tokens = Tokens {
            agents: Some(TokenFile::open(&path).unwrap()),
            people: None,
        };
        assert!(tokens.allow(Access::Agent, &with(&format!("Bearer {TOKEN}"))));
        assert!(tokens.allow(Access::Agent, &with(&format!("bearer  {TOKEN}"))));
        for refused in [
            "Bearer",
            "Bearer ",
            "Basic abc",
            "Bearer 0123456789abcdef012",
            "Bearer # the fleet",
        ] {
            assert!(!tokens.allow(Access::Agent, &with(refused)), "{refused}");
        }
        assert!(!tokens.allow(Access::Agent, &HeaderMap::new()));
        assert!(tokens.allow(Access::Person, &HeaderMap::new()));
        assert!(tokens.allow(Access::Open, &HeaderMap::new()));
    }

    #[test]
    fn a_changed_file_counts_and_a_lost_one_changes_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("people");
        std::fs::write(&path, TOKEN).unwrap();
        let file = TokenFile::open(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        file.reread();
        assert!(file.holds(TOKEN));
        std::fs::write(&path, "a-new-token-of-some-length").unwrap();
        file.reread();
        assert!(!file.holds(TOKEN));
        assert!(file.holds("a-new-token-of-some-length"));
    }

    #[test]
    fn a_short_token_is_refused_by_line_and_not_shown() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("people");
        std::fs::write(&path, "# x\nhunter2\n").unwrap();
        let error = TokenFile::open(&path).unwrap_err().to_string();
        assert!(
            error.contains("line 2") && !error.contains("hunter2"),
            "{error}"
        );
        assert!(!format!("{:?}", Tokens::default()).contains("hunter2"));
    }

    #[test]
    fn comparison_is_exact() {
        assert!(same(b"abc", b"abc"));
        assert!(!same(b"abc", b"abd"));
        assert!(!same(b"abc", b"ab"));
        assert!(!same(b"ab", b"abc"));
        assert!(same(b"", b""));
    }
}
