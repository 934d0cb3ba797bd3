//! What follows from a change of state: numbers, history, and deliveries, all to be written together.

use std::collections::BTreeMap;

use alarm::{State, Transition};
use serde_json::Value;

use super::Alarm;
use crate::history::{Before, Configured, HistoryItem};
use crate::keep::{Changes, Counter};
use crate::outbox::{Delivery, DeliveryState, Outbox, Standing};
use crate::plan::Plan;
use crate::record::StateRecord;
use crate::routing::Routing;
use crate::settings::Settings;

/// Gives numbers, and collects what is to be written.
#[derive(Debug)]
pub(crate) struct Scribe {
    pub(crate) changes: Changes,
    pub(crate) outbox: Outbox,
    pub(crate) standing: Standing,
    counters: BTreeMap<Counter, u64>,
    instance: u64,
    arn_prefix: String,
    most_deliveries: usize,
}

/// The state that was found.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct NewState {
    pub(crate) state: State,
    pub(crate) reason: String,
    pub(crate) reason_data: String,
    pub(crate) value: Option<f64>,
}

/// What a transition says of its alarm.
#[derive(Debug)]
pub(crate) struct Head<'a> {
    plan: &'a Plan,
    configured_at: i64,
    acts: bool,
}

impl<'a> Head<'a> {
    pub(crate) fn of(alarm: &'a Alarm) -> Head<'a> {
        Head::new(&alarm.plan, alarm.configured_at, alarm.acts())
    }

    pub(crate) fn new(plan: &'a Plan, configured_at: i64, acts: bool) -> Head<'a> {
        Head {
            plan,
            configured_at,
            acts,
        }
    }
}

impl Scribe {
    pub(super) fn new(
        (outbox, standing): (Outbox, Standing),
        counters: &BTreeMap<Counter, u64>,
        instance: u64,
        settings: &Settings,
    ) -> Scribe {
        Scribe {
            changes: Changes::default(),
            outbox,
            standing,
            counters: counters.clone(),
            instance,
            arn_prefix: settings.arn_prefix.clone(),
            most_deliveries: settings.most_deliveries,
        }
    }

    pub(crate) fn arn(&self, name: &str) -> String {
        format!("{}{name}", self.arn_prefix)
    }

    pub(crate) fn counter(&self, counter: Counter) -> u64 {
        self.counters.get(&counter).copied().unwrap_or(0)
    }

    pub(crate) fn set_counter(&mut self, counter: Counter, number: u64) {
        self.counters.insert(counter, number);
        self.changes.counters.insert(counter, number);
    }

    fn next(&mut self, counter: Counter) -> u64 {
        let next = self.counter(counter) + 1;
        self.set_counter(counter, next);
        next
    }

    pub(crate) fn write_state(&mut self, record: &StateRecord) {
        self.changes
            .states
            .insert(record.key(), Some(record.clone()));
    }

    /// `record` goes to another state: it is changed, and the transition, with its history, is returned. Nobody is told of
    /// it yet.
    pub(crate) fn transition(
        &mut self,
        head: &Head<'_>,
        record: &mut StateRecord,
        new: NewState,
        at: i64,
    ) -> Transition {
        let plan = head.plan;
        let transition = Transition {
            number: self.next(Counter::Transition),
            alarm: plan.name.clone(),
            arn: self.arn(&plan.name),
            description: plan.description.clone(),
            labels: record.labels.clone(),
            tags: plan.tags.clone(),
            from: record.state,
            to: new.state,
            at,
            from_since: record.since,
            reason: new.reason,
            reason_data: new.reason_data,
            value: new.value,
            configured_at: head.configured_at,
            trigger: plan.trigger.clone(),
            actions: plan.actions.clone(),
        };
        let number = self.next(Counter::History);
        let before = Before {
            reason: &record.reason,
            reason_data: &record.reason_data,
        };
        let item = HistoryItem::state_update(number, &transition, before);
        self.changes.history.insert(number, item);
        record.state = new.state;
        record.since = at;
        record.updated = at;
        record.reason.clone_from(&transition.reason);
        record.reason_data.clone_from(&transition.reason_data);
        record.value = new.value;
        record.is_set = false;
        self.write_state(record);
        transition
    }

    /// Puts a delivery into the outbox for each who is to be told.
    pub(crate) fn act(
        &mut self,
        head: &Head<'_>,
        transition: &Transition,
        routing: &dyn Routing,
        at: i64,
    ) {
        if !head.acts {
            return;
        }
        let mut told: Vec<String> = Vec::new();
        for receiver in routing.receivers(transition) {
            if !told.contains(&receiver) {
                told.push(receiver);
            }
        }
        if told.is_empty() {
            return;
        }
        self.changes
            .transitions
            .insert(transition.number, Some(transition.clone()));
        for receiver in told {
            let delivery = Delivery {
                sequence: self.next(Counter::Delivery),
                id: self.delivery_id(transition.number, &receiver),
                number: transition.number,
                alarm: transition.alarm.clone(),
                labels: transition.labels.clone(),
                to: transition.to,
                transition_at: transition.at,
                receiver,
                state: DeliveryState::Waiting,
                attempts: 0,
                next_attempt: at,
                at,
                delivered: None,
                answer: None,
                error: None,
            };
            self.changes
                .deliveries
                .insert(delivery.sequence, Some(delivery.clone()));
            self.outbox.add(delivery);
        }
        self.shrink_outbox(at);
    }

    /// The same transition and receiver have the same id, whatever happens; another server's have others.
    fn delivery_id(&self, number: u64, receiver: &str) -> String {
        let receiver = crc32fast::hash(receiver.as_bytes());
        format!("{:016x}-{number}-{receiver:08x}", self.instance)
    }

    fn shrink_outbox(&mut self, at: i64) {
        let (let_go, unused) = self.outbox.shrink(self.most_deliveries);
        for sequence in let_go.closed {
            self.changes.deliveries.insert(sequence, None);
        }
        for number in unused {
            self.changes.transitions.insert(number, None);
        }
        for delivery in let_go.owed {
            self.changes.deliveries.insert(delivery.sequence, None);
            let dropped = self.next(Counter::DroppedDeliveries);
            tracing::error!(
                alarm = delivery.alarm,
                receiver = delivery.receiver,
                dropped,
                "a notification was dropped: the outbox is full"
            );
            self.delivery_ended(&delivery, Err("the outbox was full"), at);
        }
    }

    /// Writes into the history what became of a delivery.
    pub(crate) fn delivery_ended(
        &mut self,
        delivery: &Delivery,
        result: Result<&str, &str>,
        at: i64,
    ) {
        let number = self.next(Counter::History);
        let done = crate::history::ActionDone {
            alarm: &delivery.alarm,
            labels: &delivery.labels,
            to: delivery.to,
            at: delivery.transition_at,
            receiver: &delivery.receiver,
            delivery: &delivery.id,
            attempts: delivery.attempts,
            answer: result.ok(),
            error: result.err(),
        };
        self.changes
            .history
            .insert(number, HistoryItem::action(number, at, &done));
    }

    pub(crate) fn configured(&mut self, name: &str, what: Configured, definition: &Value, at: i64) {
        let number = self.next(Counter::History);
        let item = HistoryItem::configuration(number, at, name, what, definition);
        self.changes.history.insert(number, item);
    }
}
