//! Reading what is not held in memory: transitions and history.

use alarm::Transition;
use redb::{Database, ReadableDatabase};

use super::Keep;
use super::error::KeepError;
use super::open::{Unread, guarded, open, unread};
use super::tables::{HISTORY, STANDING, TRANSITIONS, value};
use crate::history::{HistoryItem, HistoryItemType};
use crate::record::StandingRecord;

/// Which history is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HistoryQuery {
    /// Of this alarm only.
    pub alarm: Option<String>,
    /// Of this type only.
    pub kind: Option<HistoryItemType>,
    /// Not before, in microseconds since 1970.
    pub start: Option<i64>,
    /// Before, in microseconds since 1970.
    pub end: Option<i64>,
    /// With a smaller number: what follows a page whose last item has it.
    pub before_number: Option<u64>,
    /// How many at most. 0 is none.
    pub limit: usize,
}

impl Keep {
    fn reading<T>(
        &mut self,
        read: impl FnOnce(&Database) -> Result<T, Unread>,
    ) -> Result<T, KeepError> {
        let path = self.path.clone();
        let database = match self.database.take() {
            Some(database) => database,
            None => open(&path)?,
        };
        let result = guarded(&path, || {
            read(&database).map_err(|error| match error {
                Unread::Database(error) => KeepError::of(&path, error),
                Unread::What(why) => KeepError::damaged(&path, why),
                Unread::Format(found) => KeepError::damaged(&path, format!("format {found}")),
            })
        });
        if result.is_ok() {
            self.database = Some(database);
        }
        result
    }

    /// The transitions of these numbers; those that are not there are left out.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn transitions(&mut self, numbers: &[u64]) -> Result<Vec<Transition>, KeepError> {
        self.reading(|database| {
            let table = database.begin_read()?.open_table(TRANSITIONS)?;
            let mut found = Vec::with_capacity(numbers.len());
            for number in numbers {
                if let Some(bytes) = table.get(number)? {
                    found.push(value(bytes.value()).map_err(|e| unread("transition", number, &e))?);
                }
            }
            Ok(found)
        })
    }

    /// What receivers were told last, of these lines; those that are not there are left out.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn standing(&mut self, lines: &[String]) -> Result<Vec<Transition>, KeepError> {
        self.reading(|database| {
            let table = match database.begin_read()?.open_table(STANDING) {
                Err(redb::TableError::TableDoesNotExist(_)) => return Ok(Vec::new()),
                table => table?,
            };
            let mut found = Vec::with_capacity(lines.len());
            for line in lines {
                if let Some(bytes) = table.get(line.as_str())? {
                    let record: StandingRecord =
                        value(bytes.value()).map_err(|e| unread("standing alert", line, &e))?;
                    found.push(record.transition);
                }
            }
            Ok(found)
        })
    }

    /// History, newest first.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn history(&mut self, query: &HistoryQuery) -> Result<Vec<HistoryItem>, KeepError> {
        self.reading(|database| {
            let table = database.begin_read()?.open_table(HISTORY)?;
            let mut found = Vec::new();
            let before = query.before_number.unwrap_or(u64::MAX);
            for entry in table.range(..before)?.rev() {
                if found.len() >= query.limit {
                    break;
                }
                let (number, entry) = entry?;
                let (time, kind, alarm, json) = entry.value();
                let asked = query.alarm.as_deref().is_none_or(|name| name == alarm)
                    && query.kind.is_none_or(|wanted| wanted.as_str() == kind)
                    && query.start.is_none_or(|start| time >= start)
                    && query.end.is_none_or(|end| time < end);
                if asked {
                    let item =
                        value(json).map_err(|e| unread("history item", &number.value(), &e))?;
                    found.push(item);
                }
            }
            Ok(found)
        })
    }

    /// History with numbers greater than `number`, oldest first, at most `limit` items.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn history_after(
        &mut self,
        number: u64,
        limit: usize,
    ) -> Result<Vec<HistoryItem>, KeepError> {
        self.reading(|database| {
            let table = database.begin_read()?.open_table(HISTORY)?;
            let mut found = Vec::new();
            for entry in table.range(number.saturating_add(1)..)?.take(limit) {
                let (number, entry) = entry?;
                let item = value(entry.value().3);
                found.push(item.map_err(|e| unread("history item", &number.value(), &e))?);
            }
            Ok(found)
        })
    }
}
