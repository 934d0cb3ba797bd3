//! A composite alarm's keys.

use super::object::Object;
use super::{ACTIONS, tags};
use crate::definition::composite::PutCompositeAlarm;
use crate::definition::fault::Check;

/// What a composite alarm has beside what every alarm has.
pub(super) const KEYS: [&str; 4] = [
    "AlarmRule",
    "ActionsSuppressor",
    "ActionsSuppressorWaitPeriod",
    "ActionsSuppressorExtensionPeriod",
];

pub(super) fn composite_alarm(check: &mut Check, keys: &mut Object) -> PutCompositeAlarm {
    let [ok_actions, alarm_actions, insufficient_data_actions] =
        ACTIONS.map(|key| keys.texts(check, key));
    PutCompositeAlarm {
        alarm_name: keys.text(check, "AlarmName"),
        alarm_description: keys.text(check, "AlarmDescription"),
        alarm_rule: keys.text(check, "AlarmRule"),
        actions_enabled: keys.flag(check, "ActionsEnabled"),
        ok_actions,
        alarm_actions,
        insufficient_data_actions,
        tags: tags(check, keys),
        actions_suppressor: keys.text(check, "ActionsSuppressor"),
        actions_suppressor_wait_period: keys.whole(check, "ActionsSuppressorWaitPeriod"),
        actions_suppressor_extension_period: keys.whole(check, "ActionsSuppressorExtensionPeriod"),
    }
}
