//! What became of alarms.

use super::row::NEVER;
use crate::table::{Table, TableKind};

columns! {
    ALARM_HISTORY_COLUMNS {
        tick time "": "When it happened."; "server's clock"; NEVER;
        key alarm "": "Name of the alarm."; "definition"; NEVER;
        number number "1": "Counts up over all items, and is never given twice."; "server"; NEVER;
        text item_type "": "StateUpdate, ConfigurationUpdate or Action, as in CloudWatch."; "server"; NEVER;
        labels labels "": "Which series of an alarm over many."; "rows that were looked at"; "alarm over one, or about all of it";
        text from_state "": "The state before: OK, ALARM or INSUFFICIENT_DATA."; "server"; "no change of state";
        text to_state "": "The state after."; "server"; "no change of state";
        text receiver "": "Who was told."; "alarms.toml"; "no action";
        prose summary "": "In one sentence."; "server"; NEVER;
        prose state_reason "": "Why the state changed."; "server"; "no change of state";
        prose data "": "More as JSON: evaluated points, the definition, what a receiver answered."; "server"; "nothing more";
    }
}

/// A row for each change of state, each change of a definition, and each attempt to tell somebody that ended.
pub static ALARM_HISTORY: Table = Table {
    name: "alarm_history",
    kind: TableKind::Record,
    help: "Changes of alarms' states and definitions, and what became of notifications.",
    key: &["alarm"],
    sort: &["alarm", "time"],
    columns: ALARM_HISTORY_COLUMNS,
};
