//! What is to be written together.

use std::collections::BTreeMap;

use alarm::Transition;
use serde_json::Value;

use crate::history::HistoryItem;
use crate::outbox::Delivery;
use crate::record::{DefinitionRecord, StandingRecord, StateRecord};

/// Numbers that are never given twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Counter {
    /// Of the newest transition.
    Transition,
    /// Of the newest entry of the outbox.
    Delivery,
    /// Of the newest history item.
    History,
    /// Of the newest history item that was handed to the store.
    HistoryHanded,
    /// Deliveries that were dropped because the outbox was full.
    DroppedDeliveries,
}

impl Counter {
    pub(super) const ALL: [Counter; 5] = [
        Counter::Transition,
        Counter::Delivery,
        Counter::History,
        Counter::HistoryHanded,
        Counter::DroppedDeliveries,
    ];

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Counter::Transition => "transition",
            Counter::Delivery => "delivery",
            Counter::History => "history",
            Counter::HistoryHanded => "history_handed",
            Counter::DroppedDeliveries => "dropped_deliveries",
        }
    }
}

/// What is to be written together: for each key the whole new value, or `None` to remove it. So writing it twice is as
/// writing it once.
#[derive(Debug, Clone, Default, PartialEq)]
#[expect(missing_docs, reason = "the fields are the tables of the file")]
pub struct Changes {
    pub definitions: BTreeMap<String, Option<DefinitionRecord>>,
    pub states: BTreeMap<String, Option<StateRecord>>,
    pub transitions: BTreeMap<u64, Option<Transition>>,
    pub deliveries: BTreeMap<u64, Option<Delivery>>,
    pub standing: BTreeMap<String, Option<StandingRecord>>,
    pub history: BTreeMap<u64, HistoryItem>,
    pub silences: BTreeMap<String, Option<Value>>,
    pub counters: BTreeMap<Counter, u64>,
}

impl Changes {
    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.definitions.is_empty()
            && self.states.is_empty()
            && self.transitions.is_empty()
            && self.deliveries.is_empty()
            && self.standing.is_empty()
            && self.history.is_empty()
            && self.silences.is_empty()
            && self.counters.is_empty()
    }

    /// Puts `older` ones, which could not be written, under these.
    pub(crate) fn put_under(&mut self, older: Changes) {
        under(&mut self.definitions, older.definitions);
        under(&mut self.states, older.states);
        under(&mut self.transitions, older.transitions);
        under(&mut self.deliveries, older.deliveries);
        under(&mut self.standing, older.standing);
        under(&mut self.history, older.history);
        under(&mut self.silences, older.silences);
        under(&mut self.counters, older.counters);
    }
}

fn under<K: Ord, V>(newer: &mut BTreeMap<K, V>, older: BTreeMap<K, V>) {
    let newest = std::mem::replace(newer, older);
    newer.extend(newest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newer_changes_win_over_older_ones() {
        let mut newer = Changes::default();
        newer.counters.insert(Counter::Delivery, 7);
        newer.silences.insert("a".to_owned(), None);
        let mut older = Changes::default();
        older.counters.insert(Counter::Delivery, 3);
        older.counters.insert(Counter::History, 1);
        older.silences.insert("a".to_owned(), Some(Value::Null));
        newer.put_under(older);
        assert_eq!(newer.counters[&Counter::Delivery], 7);
        assert_eq!(newer.counters[&Counter::History], 1);
        assert_eq!(newer.silences["a"], None);
    }
}
