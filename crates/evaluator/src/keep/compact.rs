//! Giving back to the disk what the file does not need any more.
//!
//! The database uses free pages again, and cuts the file when free ones are at its end; those in the middle stay. After a flood
//! of changes the file would be as long as it was then for ever. So it is compacted when it is long and mostly free:
//! pages are moved to the front, in transactions, and the rest is cut off.
//!
//! - 140 MB of which 16 stay take a second. Meanwhile nothing is written: rounds and changes by people wait.
//! - `kill -9` in the middle leaves the file as of one of the transactions, with the same contents: the next start repairs it.
//! - It needs no space beyond a few pages. On a full disk it fails, nothing is lost, and it is tried again another time.

use std::fs;
use std::time::{Duration, Instant};

use redb::Database;

use super::Keep;
use super::error::KeepError;
use super::open::{guarded, open};

/// A shorter file is left as it is.
const LEAST_BYTES: u64 = 32 << 20;
/// So is one of which a greater part than one in so many is in use: the database takes up to as much again for what comes.
const MOST_USED: u64 = 3;

/// What compacting did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Compacted {
    /// Bytes of the file before.
    pub before: u64,
    /// And after.
    pub after: u64,
    /// How long it took.
    pub took: Duration,
}

impl Keep {
    /// Makes the file shorter if it has 32 MiB and more than two thirds of it are free; `None`: it is not worth it.
    ///
    /// # Errors
    /// It cannot be read or written. Everything that was committed is in it all the same.
    pub fn compact(&mut self) -> Result<Option<Compacted>, KeepError> {
        let path = self.path.clone();
        let length = || {
            let about = fs::metadata(&path).map_err(|e| KeepError::io(&path, e))?;
            Ok(about.len())
        };
        let before = length()?;
        if before < LEAST_BYTES {
            return Ok(None);
        }
        let mut database = match self.database.take() {
            Some(database) => database,
            None => open(&path)?,
        };
        let begun = Instant::now();
        let is_done = guarded(&path, || {
            let used = used(&database).map_err(|error| KeepError::of(&path, error))?;
            if used > before / MOST_USED {
                return Ok(false);
            }
            let compacted = database.compact();
            compacted.map_err(|error| KeepError::of(&path, error))?;
            Ok(true)
        })?;
        self.database = Some(database);
        match is_done {
            false => Ok(None),
            true => Ok(Some(Compacted {
                before,
                after: length()?,
                took: begun.elapsed(),
            })),
        }
    }
}

/// Bytes of pages that are in use.
fn used(database: &Database) -> Result<u64, redb::Error> {
    let transaction = database.begin_write()?;
    let stats = transaction.stats()?;
    transaction.abort()?;
    Ok(stats
        .allocated_pages()
        .saturating_mul(stats.page_size() as u64))
}
