//! Writing a round's changes.

use redb::{Durability, ReadableTable, Table};

use super::Keep;
use super::changes::Changes;
use super::error::KeepError;
use super::open::{guarded, open};
use super::tables::{
    DEFINITIONS, DELIVERIES, HISTORY, HISTORY_BYTES, META, SILENCES, STANDING, STATES, TRANSITIONS,
    bytes,
};

impl Keep {
    /// Writes `changes` in one transaction, and returns when they are on disk. Nothing is written when there are none.
    ///
    /// # Errors
    /// Nothing was written, as far as is known; writing them again later is right in any case.
    pub fn commit(&mut self, changes: &Changes) -> Result<(), KeepError> {
        if changes.is_empty() {
            return Ok(());
        }
        let path = self.path.clone();
        // After a failed write the database takes no more. It is opened again, as after a crash.
        let database = match self.database.take() {
            Some(database) => database,
            None => open(&path)?,
        };
        let bounds = self.bounds;
        guarded(&path, || {
            write(&database, changes, bounds).map_err(|error| KeepError::of(&path, error))
        })?;
        self.database = Some(database);
        self.commits += 1;
        Ok(())
    }
}

fn write(
    database: &redb::Database,
    changes: &Changes,
    bounds: super::HistoryBounds,
) -> Result<(), redb::Error> {
    let mut transaction = database.begin_write()?;
    transaction.set_durability(Durability::Immediate)?;
    {
        if !changes.definitions.is_empty() {
            let mut table = transaction.open_table(DEFINITIONS)?;
            for (key, record) in &changes.definitions {
                put(&mut table, key.as_str(), record.as_ref())?;
            }
        }
        if !changes.states.is_empty() {
            let mut table = transaction.open_table(STATES)?;
            for (key, record) in &changes.states {
                put(&mut table, key.as_str(), record.as_ref())?;
            }
        }
        if !changes.silences.is_empty() {
            let mut table = transaction.open_table(SILENCES)?;
            for (key, record) in &changes.silences {
                put(&mut table, key.as_str(), record.as_ref())?;
            }
        }
        if !changes.transitions.is_empty() {
            let mut table = transaction.open_table(TRANSITIONS)?;
            for (key, record) in &changes.transitions {
                put(&mut table, *key, record.as_ref())?;
            }
        }
        if !changes.deliveries.is_empty() {
            let mut table = transaction.open_table(DELIVERIES)?;
            for (key, record) in &changes.deliveries {
                put(&mut table, *key, record.as_ref())?;
            }
        }
        if !changes.standing.is_empty() {
            let mut table = transaction.open_table(STANDING)?;
            for (key, record) in &changes.standing {
                put(&mut table, key.as_str(), record.as_ref())?;
            }
        }
        history(&transaction, changes, bounds)?;
        if !changes.counters.is_empty() {
            let mut table = transaction.open_table(META)?;
            for (counter, number) in &changes.counters {
                table.insert(counter.as_str(), number)?;
            }
        }
    }
    transaction.commit()?;
    Ok(())
}

fn put<'k, K, V>(
    table: &mut Table<'_, K, &'static [u8]>,
    key: K::SelfType<'k>,
    record: Option<&V>,
) -> Result<(), redb::Error>
where
    K: redb::Key + 'static,
    V: serde::Serialize,
{
    match record {
        Some(record) => {
            let bytes = bytes(record).map_err(unwritable)?;
            table.insert(key, bytes.as_slice())?;
        }
        None => {
            table.remove(key)?;
        }
    }
    Ok(())
}

fn unwritable(error: serde_json::Error) -> redb::Error {
    redb::Error::Io(std::io::Error::other(error))
}

/// New items in, and out with what is beyond the bounds: the oldest, by number, age and bytes.
fn history(
    transaction: &redb::WriteTransaction,
    changes: &Changes,
    bounds: super::HistoryBounds,
) -> Result<(), redb::Error> {
    let Some((newest, item)) = changes.history.last_key_value() else {
        return Ok(());
    };
    let age = i64::try_from(bounds.seconds.saturating_mul(1_000_000)).unwrap_or(i64::MAX);
    let too_old = item.time.saturating_sub(age);
    let first_kept = newest.saturating_add(1).saturating_sub(bounds.most as u64);
    let mut table = transaction.open_table(HISTORY)?;
    let mut meta = transaction.open_table(META)?;
    let counted = meta.get(HISTORY_BYTES)?.map(|bytes| bytes.value());
    let mut total = match counted {
        Some(total) => total,
        None => count(&table)?,
    };
    for (number, item) in &changes.history {
        let json = bytes(item).map_err(unwritable)?;
        let entry = (
            item.time,
            item.kind.as_str(),
            item.alarm.as_str(),
            json.as_slice(),
        );
        total = total.saturating_add(size(entry));
        // A commit that is repeated writes what may be there already.
        if let Some(before) = table.insert(number, entry)? {
            total = total.saturating_sub(size(before.value()));
        }
    }
    loop {
        let is_beyond = match table.first()? {
            Some((number, entry)) => {
                let number = number.value();
                let is_too_much = total > bounds.bytes && number < *newest;
                number < first_kept || entry.value().0 < too_old || is_too_much
            }
            None => false,
        };
        if !is_beyond {
            break;
        }
        if let Some((_, gone)) = table.pop_first()? {
            total = total.saturating_sub(size(gone.value()));
        }
    }
    meta.insert(HISTORY_BYTES, total)?;
    Ok(())
}

type Entry<'a> = (i64, &'a str, &'a str, &'a [u8]);

fn count(table: &Table<'_, u64, Entry<'static>>) -> Result<u64, redb::Error> {
    let mut total: u64 = 0;
    for entry in table.iter()? {
        total = total.saturating_add(size(entry?.1.value()));
    }
    Ok(total)
}

/// What an item takes, roughly: number, time, type, alarm and JSON.
fn size((_, kind, alarm, json): Entry<'_>) -> u64 {
    (16 + kind.len() + alarm.len() + json.len()) as u64
}
