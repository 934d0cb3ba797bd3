//! Composite alarms: after those that they ask about, and what holds their actions.

use std::sync::Arc;

use alarm::State;
use alarm::composite::{Due, Suppression};
use alarm::reason::{child_changed, composite_created, composite_data};

use super::scribe::Head;
use super::{Alarm, NewState, World};
use crate::plan::{Plan, Subject, name_of};
use crate::routing::Routing;

/// A child that changed: ARN, state, when.
type Change = (String, State, i64);

impl World {
    /// Evaluates every composite alarm that a change reached, in an order in which each comes after those that it asks
    /// about, and then settles whose actions are held.
    pub(crate) fn composites(&mut self, now: i64, routing: &dyn Routing) {
        if !self.dirty.is_empty() {
            let order = std::mem::take(&mut self.order);
            for name in &order {
                if let Some(changes) = self.dirty.remove(name) {
                    self.composite(name, &changes, now, routing);
                }
            }
            self.order = order;
            // What is left is in a circle, or asks about one that is.
            self.dirty.clear();
        }
        self.suppress(now, routing);
    }

    fn composite(&mut self, name: &str, changes: &[Change], now: i64, routing: &dyn Routing) {
        let Some(alarm) = self.alarms.get(name) else {
            return;
        };
        let plan = Arc::clone(&alarm.plan);
        let Subject::Composite { rule, suppressor } = &plan.subject else {
            return;
        };
        let state = rule.evaluate(&|child| self.alarms.get(child).map(|alarm| alarm.own.state));
        let arn = self.scribe.arn(name);
        let Some(alarm) = self.alarms.get_mut(name) else {
            return;
        };
        let was_evaluated = std::mem::replace(&mut alarm.is_evaluated, true);
        if alarm.own.state == state {
            return;
        }
        let (reason, reason_data) = match changes.last() {
            Some((child, to, at)) if was_evaluated => {
                let all: Vec<(&str, State, i64)> = changes
                    .iter()
                    .map(|(arn, state, at)| (arn.as_str(), *state, *at))
                    .collect();
                (
                    child_changed(child, *to, *at),
                    composite_data(&all).to_string(),
                )
            }
            _ if alarm.own.reason == alarm::reason::CREATED => {
                (composite_created(&arn, state), String::new())
            }
            _ => (
                format!("{arn} was updated and its alarm rule evaluates to {state}"),
                String::new(),
            ),
        };
        let new = NewState {
            state,
            reason,
            reason_data,
            value: None,
        };
        let acts = alarm.acts();
        let head = Head::new(&plan, alarm.configured_at, acts);
        let transition = self.scribe.transition(&head, &mut alarm.own, new, now);
        match suppressor {
            None => self.scribe.act(&head, &transition, routing, now),
            Some(_) => {
                alarm.own.held = Some(transition);
                self.scribe.write_state(&alarm.own);
            }
        }
        self.tell_parents(name, now);
    }

    /// Periods of suppression that have ended before anything else happens.
    pub(crate) fn end_suppressions(&mut self, now: i64, routing: &dyn Routing) {
        for name in self.suppressed() {
            self.with_suppression(&name, now, routing, |suppression, _, _| {
                suppression.tick(now)
            });
        }
    }

    /// Tells each suppression of the states of its two alarms: of the suppressor's first, so that a suppressor that goes
    /// to ALARM in the same moment holds back.
    fn suppress(&mut self, now: i64, routing: &dyn Routing) {
        for name in self.suppressed() {
            self.with_suppression(&name, now, routing, |suppression, suppressor, composite| {
                let mut due = suppression.suppressor_is(suppressor, now);
                due.extend(suppression.composite_is(composite, now));
                due
            });
        }
    }

    fn suppressed(&self) -> Vec<String> {
        let composites = self.order.iter().filter(|name| {
            self.alarms
                .get(*name)
                .is_some_and(|alarm| alarm.own.suppression.is_some())
        });
        composites.cloned().collect()
    }

    fn with_suppression(
        &mut self,
        name: &str,
        now: i64,
        routing: &dyn Routing,
        change: impl FnOnce(&mut Suppression, State, State) -> Vec<Due>,
    ) {
        let Some(alarm) = self.alarms.get(name) else {
            return;
        };
        let suppressor = self.suppressor_state(&alarm.plan);
        let Some(alarm) = self.alarms.get_mut(name) else {
            return;
        };
        let composite = alarm.own.state;
        let Some(suppression) = &mut alarm.own.suppression else {
            return;
        };
        let before = *suppression;
        let due = change(suppression, suppressor, composite);
        if *suppression == before && due.is_empty() {
            return;
        }
        if let Some(due) = due.last() {
            self.release(name, due.state, now, routing);
        }
        if let Some(alarm) = self.alarms.get(name) {
            self.scribe.write_state(&alarm.own);
        }
    }

    fn suppressor_state(&self, plan: &Plan) -> State {
        let suppressor = plan.suppressor().and_then(|name| self.alarms.get(name));
        suppressor.map_or(State::InsufficientData, |alarm| alarm.own.state)
    }

    /// Does the actions that were held.
    fn release(&mut self, name: &str, state: State, now: i64, routing: &dyn Routing) {
        let Some(alarm) = self.alarms.get_mut(name) else {
            return;
        };
        let Some(transition) = alarm.own.held.take() else {
            return;
        };
        if transition.to == state {
            let head = Head::of(alarm);
            self.scribe.act(&head, &transition, routing, now);
        }
    }

    /// After a composite alarm was put: what holds its actions is set up, exchanged or given up.
    pub(super) fn set_up_suppression(
        &mut self,
        name: &str,
        before: Option<&Plan>,
        now: i64,
        routing: &dyn Routing,
    ) {
        let Some(alarm) = self.alarms.get(name) else {
            return;
        };
        let plan = Arc::clone(&alarm.plan);
        let suppressor_state = self.suppressor_state(&plan);
        let Some(alarm) = self.alarms.get_mut(name) else {
            return;
        };
        let wanted = suppressor_of(&plan);
        let is_same = wanted == before.and_then(suppressor_of);
        match (wanted, &mut alarm.own.suppression) {
            (Some((_, periods)), none @ None) => {
                *none = Some(Suppression::new(periods, suppressor_state, alarm.own.state));
            }
            (Some((_, periods)), Some(suppression)) if !is_same => {
                let due = suppression.replace(periods, suppressor_state, now);
                if let Some(due) = due.last() {
                    self.release(name, due.state, now, routing);
                }
            }
            (Some(_), Some(_)) => {}
            (None, suppression) => {
                *suppression = None;
                let state = alarm.own.state;
                self.release(name, state, now, routing);
            }
        }
    }
}

impl Alarm {
    /// What holds its actions, while some are held.
    pub(super) fn suppressed_by(&self) -> Option<alarm::composite::SuppressedBy> {
        self.own
            .suppression
            .as_ref()
            .and_then(Suppression::suppressed_by)
    }
}

fn suppressor_of(plan: &Plan) -> Option<(&str, alarm::composite::Suppressor)> {
    match &plan.subject {
        Subject::Composite {
            suppressor: Some(suppressor),
            ..
        } => Some((name_of(&suppressor.alarm), suppressor.periods)),
        _ => None,
    }
}
