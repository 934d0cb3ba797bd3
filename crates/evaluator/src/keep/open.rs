//! Opening the file, or making it, and reading what it holds.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use redb::{Database, ReadableDatabase, ReadableTable};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::changes::Counter;
use super::error::KeepError;
use super::tables::{
    DEFINITIONS, DELIVERIES, FORMAT, FORMAT_NAME, HISTORY, INSTANCE, META, Numbers, SILENCES,
    STANDING, STATES, TRANSITIONS, Texts, value,
};
use super::{FILE, HistoryBounds, Keep};
use crate::outbox::Delivery;
use crate::record::{DefinitionRecord, StandingRecord, StateRecord};

/// What of the file is held in memory.
#[derive(Debug, Default)]
pub struct Contents {
    /// Definitions by name.
    pub definitions: BTreeMap<String, DefinitionRecord>,
    /// States of alarms and of their series.
    pub states: Vec<StateRecord>,
    /// The outbox, in order.
    pub deliveries: Vec<Delivery>,
    /// What receivers that forget are told again, by line.
    pub standing: Vec<(String, StandingRecord)>,
    /// Silences by id.
    pub silences: BTreeMap<String, Value>,
    /// Counters; those that are missing were never counted.
    pub counters: BTreeMap<Counter, u64>,
    /// A random number that the file was given when it was made.
    pub instance: u64,
}

/// The file, open, and what it holds.
#[derive(Debug)]
pub struct Opened {
    /// The file.
    pub keep: Keep,
    /// What it holds.
    pub contents: Contents,
    /// Whether it was not there and was made.
    pub is_new: bool,
}

/// Bytes of the file that the database keeps in memory.
const CACHE: usize = 16 << 20;

impl Keep {
    /// Opens the file in `folder`, or makes both. The whole file is checked against its checksums.
    ///
    /// # Errors
    /// The file is damaged, in use, of a newer version, or cannot be read or written. A file that is there and is
    /// empty is damaged: nothing begins anew by itself.
    pub fn open(folder: &Path, bounds: HistoryBounds) -> Result<Opened, KeepError> {
        let path = folder.join(FILE);
        fs::create_dir_all(folder).map_err(|e| KeepError::io(&path, e))?;
        let is_new = !fs::exists(&path).map_err(|e| KeepError::io(&path, e))?;
        if is_new {
            make(folder, &path)?;
        }
        let database = open(&path)?;
        let contents = guarded(&path, || contents(&path, &database))?;
        let keep = Keep {
            path,
            database: Some(database),
            bounds,
            commits: 0,
        };
        Ok(Opened {
            keep,
            contents,
            is_new,
        })
    }
}

/// The database may panic where checksums hold and what they are of does not make sense.
pub(super) fn guarded<T>(
    path: &Path,
    act: impl FnOnce() -> Result<T, KeepError>,
) -> Result<T, KeepError> {
    catch_unwind(AssertUnwindSafe(act))
        .unwrap_or_else(|_| Err(KeepError::damaged(path, "its pages contradict one another")))
}

pub(super) fn open(path: &Path) -> Result<Database, KeepError> {
    let length = fs::metadata(path)
        .map_err(|e| KeepError::io(path, e))?
        .len();
    if length == 0 {
        return Err(KeepError::damaged(path, "it is empty"));
    }
    guarded(path, || {
        let mut builder = Database::builder();
        builder
            .set_cache_size(CACHE)
            .set_check_integrity_on_open(true);
        builder.open(path).map_err(|e| KeepError::of(path, e))
    })
}

/// Under another name first: a crash leaves no half of a file behind.
fn make(folder: &Path, path: &Path) -> Result<(), KeepError> {
    let draft = folder.join(format!("{FILE}.new"));
    if fs::exists(&draft).map_err(|e| KeepError::io(&draft, e))? {
        fs::remove_file(&draft).map_err(|e| KeepError::io(&draft, e))?;
    }
    let instance = uuid::Uuid::new_v4().as_u64_pair().0;
    let fill = || -> Result<(), redb::Error> {
        let database = Database::builder().set_cache_size(CACHE).create(&draft)?;
        let transaction = database.begin_write()?;
        {
            let mut meta = transaction.open_table(META)?;
            meta.insert(FORMAT_NAME, FORMAT)?;
            meta.insert(INSTANCE, instance)?;
            for table in [DEFINITIONS, STATES, SILENCES, STANDING] {
                transaction.open_table(table)?;
            }
            for table in [TRANSITIONS, DELIVERIES] {
                transaction.open_table(table)?;
            }
            transaction.open_table(HISTORY)?;
        }
        transaction.commit()?;
        database.close()?;
        Ok(())
    };
    fill().map_err(|e| KeepError::of(&draft, e))?;
    fs::rename(&draft, path).map_err(|e| KeepError::io(path, e))?;
    let folder = File::open(folder).map_err(|e| KeepError::io(folder, e))?;
    folder.sync_all().map_err(|e| KeepError::io(path, e))
}

fn contents(path: &Path, database: &Database) -> Result<Contents, KeepError> {
    let all = || -> Result<Contents, Unread> {
        let read = database.begin_read()?;
        let meta = read.open_table(META)?;
        let get = |name: &str| -> Result<Option<u64>, Unread> {
            Ok(meta.get(name)?.map(|number| number.value()))
        };
        match get(FORMAT_NAME)? {
            Some(FORMAT) => {}
            Some(found) => return Err(Unread::Format(found)),
            None => return Err(Unread::What("its format is not in it".to_owned())),
        }
        let mut counters = BTreeMap::new();
        for counter in Counter::ALL {
            if let Some(number) = get(counter.as_str())? {
                counters.insert(counter, number);
            }
        }
        Ok(Contents {
            definitions: texts(&read, DEFINITIONS, "definition")?
                .into_iter()
                .collect(),
            states: texts(&read, STATES, "state")?
                .into_iter()
                .map(|(_, state)| state)
                .collect(),
            silences: texts(&read, SILENCES, "silence")?.into_iter().collect(),
            standing: texts(&read, STANDING, "standing alert")?,
            deliveries: numbers(&read, DELIVERIES, "delivery")?,
            counters,
            instance: get(INSTANCE)?.unwrap_or_default(),
        })
    };
    all().map_err(|unread| match unread {
        Unread::Database(error) => KeepError::of(path, error),
        Unread::What(why) => KeepError::damaged(path, why),
        Unread::Format(found) => KeepError::Newer {
            path: path.to_owned(),
            found,
            known: FORMAT,
        },
    })
}

/// Why the contents cannot be read.
pub(super) enum Unread {
    Database(redb::Error),
    What(String),
    Format(u64),
}

impl<E: Into<redb::Error>> From<E> for Unread {
    fn from(error: E) -> Unread {
        Unread::Database(error.into())
    }
}

fn texts<T: DeserializeOwned>(
    read: &redb::ReadTransaction,
    table: Texts,
    what: &str,
) -> Result<Vec<(String, T)>, Unread> {
    let mut all = Vec::new();
    let table = match read.open_table(table) {
        // A version that did not know it has written the file.
        Err(redb::TableError::TableDoesNotExist(_)) => return Ok(all),
        table => table?,
    };
    for entry in table.iter()? {
        let (key, bytes) = entry?;
        let read = value(bytes.value()).map_err(|e| unread(what, &key.value(), &e))?;
        all.push((key.value().to_owned(), read));
    }
    Ok(all)
}

fn numbers<T: DeserializeOwned>(
    read: &redb::ReadTransaction,
    table: Numbers,
    what: &str,
) -> Result<Vec<T>, Unread> {
    let mut all = Vec::new();
    for entry in read.open_table(table)?.iter()? {
        let (key, bytes) = entry?;
        all.push(value(bytes.value()).map_err(|e| unread(what, &key.value(), &e))?);
    }
    Ok(all)
}

pub(super) fn unread(what: &str, key: &dyn std::fmt::Display, error: &serde_json::Error) -> Unread {
    Unread::What(format!("the {what} '{key}' cannot be read ({error})"))
}
