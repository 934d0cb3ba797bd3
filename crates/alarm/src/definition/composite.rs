//! Composite alarms.

use serde::{Deserialize, Serialize};

use super::common::{Actions, Tag, check_name_and_description, check_tags};
use super::fault::{Check, Faults};
use super::limits::LONGEST_SUPPRESSOR;
use crate::composite::{Expression, Suppressor};

/// A composite alarm as it is written, with CloudWatch's keys. [`PutCompositeAlarm::check`] says what it means.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
#[expect(
    missing_docs,
    reason = "the keys are CloudWatch's; CompositeAlarm says what they mean"
)]
pub struct PutCompositeAlarm {
    pub alarm_name: Option<String>,
    pub alarm_description: Option<String>,
    pub alarm_rule: Option<String>,
    pub actions_enabled: Option<bool>,
    #[serde(rename = "OKActions")]
    pub ok_actions: Vec<String>,
    pub alarm_actions: Vec<String>,
    pub insufficient_data_actions: Vec<String>,
    pub tags: Vec<Tag>,
    pub actions_suppressor: Option<String>,
    pub actions_suppressor_wait_period: Option<u32>,
    pub actions_suppressor_extension_period: Option<u32>,
}

/// A composite alarm within CloudWatch's limits.
#[derive(Debug, Clone, PartialEq)]
pub struct CompositeAlarm {
    /// Its name, which no other alarm has, metric alarms included.
    pub name: String,
    /// For people.
    pub description: Option<String>,
    /// What is done on transitions.
    pub actions: Actions,
    /// When it is in ALARM.
    pub rule: Expression,
    /// The rule's text: a client that compares what it wrote with what is here finds no difference.
    pub rule_as_written: String,
    /// What holds its actions.
    pub suppressor: Option<ActionsSuppressor>,
    /// Tags.
    pub tags: Vec<Tag>,
}

/// The alarm that holds another's actions while it is in ALARM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionsSuppressor {
    /// Its name or ARN.
    pub alarm: String,
    /// How long to wait for it.
    pub periods: Suppressor,
}

impl PutCompositeAlarm {
    /// What it means, with defaults.
    ///
    /// # Errors
    /// Everything that CloudWatch would refuse, at once; a fault of the rule names its character.
    pub fn check(self) -> Result<CompositeAlarm, Faults> {
        self.checked(Check::default())
    }

    /// The same after `check` has found how it was written.
    pub(super) fn checked(self, mut check: Check) -> Result<CompositeAlarm, Faults> {
        check_name_and_description(
            &mut check,
            self.alarm_name.as_ref(),
            self.alarm_description.as_ref(),
        );
        let rule = check.required("AlarmRule", self.alarm_rule.as_deref());
        let rule = rule.and_then(|rule| match rule.parse::<Expression>() {
            Ok(rule) => Some(rule),
            Err(fault) => {
                check.value("AlarmRule", fault);
                None
            }
        });
        let suppressor = self.suppressor(&mut check);
        let actions = Actions {
            enabled: self.actions_enabled.unwrap_or(true),
            ok: self.ok_actions,
            alarm: self.alarm_actions,
            insufficient_data: self.insufficient_data_actions,
        };
        actions.check(&mut check);
        check_tags(&mut check, &self.tags);
        let made = match (self.alarm_name, rule, self.alarm_rule) {
            (Some(name), Some(rule), Some(rule_as_written)) => Some(CompositeAlarm {
                name,
                description: self.alarm_description,
                actions,
                rule,
                rule_as_written,
                suppressor,
                tags: self.tags,
            }),
            _ => None,
        };
        check.done(made)
    }

    /// All three keys, or none.
    fn suppressor(&self, check: &mut Check) -> Option<ActionsSuppressor> {
        let periods = [
            (
                "ActionsSuppressorWaitPeriod",
                self.actions_suppressor_wait_period,
            ),
            (
                "ActionsSuppressorExtensionPeriod",
                self.actions_suppressor_extension_period,
            ),
        ];
        let Some(alarm) = &self.actions_suppressor else {
            for (key, _) in periods.iter().filter(|(_, period)| period.is_some()) {
                check.combination(key, "is for an ActionsSuppressor, which is missing");
            }
            return None;
        };
        check.length("ActionsSuppressor", alarm, LONGEST_SUPPRESSOR);
        let [wait, extension] = periods.map(|(key, period)| check.required(key, period));
        Some(ActionsSuppressor {
            alarm: alarm.clone(),
            periods: Suppressor {
                wait: wait?,
                extension: extension?,
            },
        })
    }
}
