//! The outbox in memory: what may be tried now, in which order, and what is let go when it is full.
//!
//! Entries of one alarm, series and receiver are a *line*: each waits for the one before. An entry that was never tried
//! may be told together with others; once tried it is in a *batch*, which is tried again as it was, under the same id.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Delivery, DeliveryState};
use crate::record::state_key;

/// The most entries that are looked at for being told together.
const MOST_CANDIDATES: usize = 1000;

/// Deliveries that are tried together, for one receiver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Batch {
    pub(crate) id: String,
    pub(crate) receiver: String,
    /// In order.
    pub(crate) sequences: Vec<u64>,
    next_attempt: i64,
    is_under_way: bool,
}

#[derive(Debug, Default)]
pub(crate) struct Outbox {
    entries: BTreeMap<u64, Delivery>,
    /// Never tried, by receiver.
    untried: BTreeMap<String, BTreeSet<u64>>,
    /// When to look at a receiver's untried ones again, where they are held to be told together.
    look_again: HashMap<String, i64>,
    batches: BTreeMap<String, Batch>,
    /// Lines that have entries in a batch, and how many.
    tried_lines: HashMap<String, usize>,
    delivered: BTreeSet<u64>,
    failed: BTreeSet<u64>,
    /// Receivers that are told nothing for the moment.
    held: BTreeSet<String>,
    /// How many open entries need a transition.
    uses: HashMap<u64, usize>,
    /// Entries up to this one are on disk.
    on_disk: u64,
}

/// What was let go because the outbox was full.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct LetGo {
    /// Closed ones.
    pub(crate) closed: Vec<u64>,
    /// Ones that were still owed.
    pub(crate) owed: Vec<Delivery>,
}

impl Outbox {
    /// As it was on disk. What was under way may have arrived or not: it is due at once, under the same id.
    pub(crate) fn restore(deliveries: Vec<Delivery>) -> Outbox {
        let mut outbox = Outbox::default();
        for delivery in deliveries {
            outbox.on_disk = outbox.on_disk.max(delivery.sequence);
            outbox.insert(delivery);
        }
        outbox
    }

    fn insert(&mut self, delivery: Delivery) {
        let sequence = delivery.sequence;
        match delivery.state {
            DeliveryState::Delivered => {
                self.delivered.insert(sequence);
            }
            DeliveryState::Failed => {
                self.failed.insert(sequence);
            }
            DeliveryState::Waiting | DeliveryState::Attempting => {
                *self.uses.entry(delivery.number).or_default() += 1;
                match delivery.attempts {
                    0 => {
                        let receiver = self.untried.entry(delivery.receiver.clone()).or_default();
                        receiver.insert(sequence);
                    }
                    _ => self.insert_tried(&delivery),
                }
            }
        }
        self.entries.insert(sequence, delivery);
    }

    fn insert_tried(&mut self, delivery: &Delivery) {
        *self.tried_lines.entry(line(delivery)).or_default() += 1;
        let batch = self
            .batches
            .entry(delivery.id.clone())
            .or_insert_with(|| Batch {
                id: delivery.id.clone(),
                receiver: delivery.receiver.clone(),
                sequences: Vec::new(),
                next_attempt: match delivery.state {
                    DeliveryState::Attempting => i64::MIN,
                    _ => delivery.next_attempt,
                },
                is_under_way: false,
            });
        batch.sequences.push(delivery.sequence);
    }

    /// A new entry, which may be tried once [`Outbox::is_on_disk`] was told of it.
    pub(crate) fn add(&mut self, delivery: Delivery) {
        self.look_again.remove(&delivery.receiver);
        self.insert(delivery);
    }

    pub(crate) fn is_on_disk(&mut self, sequence: u64) {
        self.on_disk = self.on_disk.max(sequence);
    }

    /// Batches that were tried before and are due again.
    pub(crate) fn due_batches(&self, now: i64, most: usize) -> Vec<Batch> {
        let due = self.batches.values().filter(|b| {
            !b.is_under_way && b.next_attempt <= now && !self.held.contains(&b.receiver)
        });
        due.take(most).cloned().collect()
    }

    /// For each receiver that is to be looked at, the entries that were never tried and wait for none before them, in
    /// order.
    pub(crate) fn candidates(&self, now: i64) -> Vec<(String, Vec<u64>)> {
        let mut all = Vec::new();
        for (receiver, untried) in &self.untried {
            if self.held.contains(receiver) {
                continue;
            }
            if self.look_again.get(receiver).is_some_and(|at| *at > now) {
                continue;
            }
            let free = untried
                .iter()
                .copied()
                .take_while(|seq| *seq <= self.on_disk)
                .filter(|seq| {
                    let entry = self.entries.get(seq);
                    entry.is_some_and(|entry| !self.tried_lines.contains_key(&line(entry)))
                });
            let free: Vec<u64> = free.take(MOST_CANDIDATES).collect();
            if !free.is_empty() {
                all.push((receiver.clone(), free));
            }
        }
        all
    }

    /// Nothing new begins for this receiver until [`Outbox::release`].
    pub(crate) fn hold(&mut self, receiver: &str) {
        self.held.insert(receiver.to_owned());
    }

    pub(crate) fn release(&mut self, receiver: &str) {
        self.held.remove(receiver);
    }

    pub(crate) fn look_again(&mut self, receiver: &str, at: i64) {
        self.look_again.insert(receiver.to_owned(), at);
    }

    /// Makes a batch of entries that were never tried. Those whose line has an earlier entry that is not among them
    /// are left out; `None` when nothing is left.
    pub(crate) fn batch(&mut self, receiver: &str, sequences: &[u64], now: i64) -> Option<Batch> {
        let wanted: BTreeSet<u64> = sequences.iter().copied().collect();
        let untried = self.untried.get(receiver)?;
        let mut blocked: BTreeSet<String> = BTreeSet::new();
        let mut members = Vec::new();
        let last = *wanted.last()?;
        for sequence in untried.range(..=last) {
            let Some(entry) = self.entries.get(sequence) else {
                continue;
            };
            let line = line(entry);
            let is_free = *sequence <= self.on_disk
                && !blocked.contains(&line)
                && !self.tried_lines.contains_key(&line);
            match wanted.contains(sequence) && is_free {
                true => members.push(*sequence),
                false => {
                    blocked.insert(line);
                }
            }
        }
        let id = self.entries.get(members.first()?)?.id.clone();
        let batch = Batch {
            id: id.clone(),
            receiver: receiver.to_owned(),
            sequences: members,
            next_attempt: now,
            is_under_way: false,
        };
        for sequence in &batch.sequences {
            if let Some(untried) = self.untried.get_mut(receiver) {
                untried.remove(sequence);
            }
            if let Some(entry) = self.entries.get_mut(sequence) {
                entry.id.clone_from(&id);
                *self.tried_lines.entry(line(entry)).or_default() += 1;
            }
        }
        if self.untried.get(receiver).is_some_and(BTreeSet::is_empty) {
            self.untried.remove(receiver);
        }
        self.batches.insert(id, batch.clone());
        Some(batch)
    }

    /// An attempt begins. What is to be written; empty when the batch is not there or under way already.
    pub(crate) fn begin(&mut self, id: &str) -> Vec<Delivery> {
        let Some(batch) = self.batches.get_mut(id).filter(|batch| !batch.is_under_way) else {
            return Vec::new();
        };
        batch.is_under_way = true;
        let sequences = batch.sequences.clone();
        self.update(&sequences, |entry| {
            entry.state = DeliveryState::Attempting;
            entry.attempts = entry.attempts.saturating_add(1);
        })
    }

    /// The attempt that began was not made.
    pub(crate) fn take_back(&mut self, id: &str, next_attempt: i64) -> Vec<Delivery> {
        let updated = self.again(id, next_attempt, None);
        let sequences: Vec<u64> = updated.iter().map(|entry| entry.sequence).collect();
        // The entries stay in their batch: it may be on disk as one that was tried.
        self.update(&sequences, |entry| {
            entry.attempts = entry.attempts.saturating_sub(1).max(1)
        })
    }

    /// The attempt failed, and another is to be made.
    pub(crate) fn again(
        &mut self,
        id: &str,
        next_attempt: i64,
        error: Option<&str>,
    ) -> Vec<Delivery> {
        let Some(batch) = self.batches.get_mut(id) else {
            return Vec::new();
        };
        batch.is_under_way = false;
        batch.next_attempt = next_attempt;
        let sequences = batch.sequences.clone();
        self.update(&sequences, |entry| {
            entry.state = DeliveryState::Waiting;
            entry.next_attempt = next_attempt;
            if error.is_some() {
                entry.error = error.map(str::to_owned);
            }
        })
    }

    /// The attempt was the last: it arrived, or it is given up. Also the numbers of transitions that nobody is owed
    /// any more.
    pub(crate) fn close(
        &mut self,
        id: &str,
        result: Result<&str, &str>,
        now: i64,
    ) -> (Vec<Delivery>, Vec<u64>) {
        let Some(batch) = self.batches.remove(id) else {
            return Default::default();
        };
        let updated = self.update(&batch.sequences, |entry| match result {
            Ok(answer) => {
                entry.state = DeliveryState::Delivered;
                entry.delivered = Some(now);
                entry.answer = Some(answer.to_owned());
            }
            Err(error) => {
                entry.state = DeliveryState::Failed;
                entry.error = Some(error.to_owned());
            }
        });
        let mut unused = Vec::new();
        for entry in &updated {
            match result {
                Ok(_) => self.delivered.insert(entry.sequence),
                Err(_) => self.failed.insert(entry.sequence),
            };
            let line = line(entry);
            if let Some(count) = self.tried_lines.get_mut(&line) {
                *count -= 1;
                if *count == 0 {
                    self.tried_lines.remove(&line);
                }
            }
            unused.extend(self.no_longer_needs(entry.number));
        }
        (updated, unused)
    }

    fn no_longer_needs(&mut self, number: u64) -> Option<u64> {
        let count = self.uses.get_mut(&number)?;
        *count = count.saturating_sub(1);
        if *count > 0 {
            return None;
        }
        self.uses.remove(&number);
        Some(number)
    }

    fn update(&mut self, sequences: &[u64], change: impl Fn(&mut Delivery)) -> Vec<Delivery> {
        let mut updated = Vec::with_capacity(sequences.len());
        for sequence in sequences {
            if let Some(entry) = self.entries.get_mut(sequence) {
                change(entry);
                updated.push(entry.clone());
            }
        }
        updated
    }

    /// Lets go of what is beyond `most` entries: the oldest that arrived, then the oldest that were given up, then the
    /// oldest that are owed and were never tried. Also the numbers of transitions that nobody is owed any more.
    pub(crate) fn shrink(&mut self, most: usize) -> (LetGo, Vec<u64>) {
        let mut let_go = LetGo::default();
        let mut unused = Vec::new();
        while self.entries.len() > most {
            if let Some(sequence) = self
                .delivered
                .pop_first()
                .or_else(|| self.failed.pop_first())
            {
                self.entries.remove(&sequence);
                let_go.closed.push(sequence);
                continue;
            }
            let oldest = self
                .untried
                .values()
                .filter_map(|all| all.first().copied())
                .min();
            let Some(entry) = oldest.and_then(|oldest| self.entries.remove(&oldest)) else {
                break;
            };
            if let Some(untried) = self.untried.get_mut(&entry.receiver) {
                untried.remove(&entry.sequence);
                if untried.is_empty() {
                    self.untried.remove(&entry.receiver);
                }
            }
            unused.extend(self.no_longer_needs(entry.number));
            let_go.owed.push(entry);
        }
        (let_go, unused)
    }

    pub(crate) fn entries(&self) -> impl DoubleEndedIterator<Item = &Delivery> {
        self.entries.values()
    }

    pub(crate) fn get(&self, sequence: u64) -> Option<&Delivery> {
        self.entries.get(&sequence)
    }

    /// How many are owed.
    pub(crate) fn open(&self) -> usize {
        self.entries.len() - self.delivered.len() - self.failed.len()
    }
}

/// What one receiver is told of one alarm and series.
pub(crate) fn line(delivery: &Delivery) -> String {
    let mut line = state_key(&delivery.alarm, &delivery.labels);
    line.push('\u{1e}');
    line.push_str(&delivery.receiver);
    line
}

#[cfg(test)]
mod tests {
    use alarm::State;

    use super::*;
    use crate::windows::Labels;

    fn entry(sequence: u64, alarm: &str) -> Delivery {
        Delivery {
            sequence,
            id: format!("id-{sequence}"),
            number: sequence,
            alarm: alarm.to_owned(),
            labels: Labels::new(),
            to: State::Alarm,
            transition_at: 0,
            receiver: "mail".to_owned(),
            state: DeliveryState::Waiting,
            attempts: 0,
            next_attempt: 0,
            at: 0,
            delivered: None,
            answer: None,
            error: None,
        }
    }

    fn with(alarms: &[&str]) -> Outbox {
        let mut outbox = Outbox::default();
        for (i, alarm) in alarms.iter().enumerate() {
            outbox.add(entry(i as u64 + 1, alarm));
        }
        outbox.is_on_disk(alarms.len() as u64);
        outbox
    }

    fn free(outbox: &Outbox, now: i64) -> Vec<u64> {
        outbox
            .candidates(now)
            .into_iter()
            .flat_map(|(_, all)| all)
            .collect()
    }

    #[test]
    fn nothing_is_tried_that_is_not_on_disk() {
        let mut outbox = Outbox::default();
        outbox.add(entry(1, "a"));
        assert!(outbox.candidates(0).is_empty());
        assert_eq!(outbox.batch("mail", &[1], 0), None);
        outbox.is_on_disk(1);
        assert_eq!(free(&outbox, 0), [1]);
    }

    #[test]
    fn an_entry_waits_for_the_one_before_in_its_line() {
        let mut outbox = with(&["a", "b", "a"]);
        let batch = outbox.batch("mail", &[1], 0).unwrap();
        assert_eq!(free(&outbox, 0), [2]);
        assert_eq!(outbox.begin(&batch.id).len(), 1);
        assert!(outbox.begin(&batch.id).is_empty(), "it is under way");
        outbox.again(&batch.id, 50, Some("no"));
        assert_eq!(free(&outbox, 49), [2]);
        assert!(outbox.due_batches(49, 9).is_empty());
        assert_eq!(outbox.due_batches(50, 9).len(), 1);
        outbox.begin(&batch.id);
        let (closed, unused) = outbox.close(&batch.id, Ok("200 OK"), 60);
        assert_eq!(
            (closed[0].attempts, closed[0].delivered, unused),
            (2, Some(60), vec![1])
        );
        assert_eq!(free(&outbox, 60), [2, 3]);
    }

    #[test]
    fn a_later_entry_is_not_told_without_the_earlier_one() {
        let mut outbox = with(&["a", "b", "a"]);
        let batch = outbox.batch("mail", &[2, 3], 0).unwrap();
        assert_eq!(batch.sequences, [2]);
        assert_eq!(outbox.batch("mail", &[3], 0), None);
        let both = outbox.batch("mail", &[1, 3], 0).unwrap();
        assert_eq!(
            (both.id.as_str(), both.sequences.as_slice()),
            ("id-1", [1, 3].as_slice())
        );
    }

    #[test]
    fn after_a_restart_what_was_under_way_is_due_with_the_same_id_and_the_same_others() {
        let mut outbox = with(&["a", "b", "c"]);
        let batch = outbox.batch("mail", &[1, 2], 0).unwrap();
        let mut kept = outbox.begin(&batch.id);
        kept.push(entry(3, "c"));
        let restored = Outbox::restore(kept);
        let due = restored.due_batches(0, 9);
        assert_eq!(due.len(), 1);
        assert_eq!(
            (due[0].id.as_str(), due[0].sequences.as_slice()),
            ("id-1", [1, 2].as_slice())
        );
        assert_eq!(free(&restored, 0), [3]);
    }

    #[test]
    fn what_arrived_goes_first_when_it_is_full_then_what_failed_then_what_is_owed() {
        let mut outbox = with(&["a", "b", "c", "d"]);
        for (id, result) in [(2, Err("no")), (3, Ok("yes"))] {
            let batch = outbox.batch("mail", &[id], 0).unwrap();
            outbox.begin(&batch.id);
            outbox.close(&batch.id, result, 0);
        }
        let trying = outbox.batch("mail", &[1], 0).unwrap();
        outbox.begin(&trying.id);
        assert_eq!(outbox.shrink(3).0.closed, [3]);
        assert_eq!(outbox.shrink(2).0.closed, [2]);
        let (let_go, unused) = outbox.shrink(0);
        assert_eq!((let_go.owed[0].sequence, unused), (4, vec![4]));
        assert_eq!(
            (outbox.entries().count(), outbox.open()),
            (1, 1),
            "one is under way"
        );
    }

    #[test]
    fn a_receiver_that_is_held_is_told_nothing_until_it_is_released() {
        let mut outbox = with(&["a", "b"]);
        let batch = outbox.batch("mail", &[1], 0).unwrap();
        outbox.begin(&batch.id);
        outbox.again(&batch.id, 0, None);
        outbox.hold("mail");
        assert!(free(&outbox, 9).is_empty() && outbox.due_batches(9, 9).is_empty());
        outbox.release("mail");
        assert_eq!(
            (free(&outbox, 9), outbox.due_batches(9, 9).len()),
            (vec![2], 1)
        );
    }

    #[test]
    fn those_held_to_be_told_together_are_looked_at_again_when_there_is_another() {
        let mut outbox = with(&["a"]);
        outbox.look_again("mail", 30);
        assert!(free(&outbox, 29).is_empty());
        assert_eq!(free(&outbox, 30), [1]);
        outbox.add(entry(2, "b"));
        outbox.is_on_disk(2);
        assert_eq!(free(&outbox, 29), [1, 2]);
    }
}
