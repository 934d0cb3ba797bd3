//! Levels: their order, and the other words for them.

use crate::filter::{Filter, Pattern};

/// The levels of the column `level`, the least first.
pub(crate) const LEVELS: [&str; 6] = ["trace", "debug", "info", "warn", "error", "fatal"];

/// The level that a word stands for, as it is stored; `None` for what is no level.
pub(crate) fn named(word: &str) -> Option<&'static str> {
    let word = word.to_ascii_lowercase();
    let known = match word.as_str() {
        "warning" => "warn",
        "err" => "error",
        "critical" | "crit" | "panic" | "emerg" | "alert" => "fatal",
        "information" | "notice" => "info",
        other => other,
    };
    LEVELS.into_iter().find(|level| *level == known)
}

/// A filter with the words for levels as they are stored.
pub(crate) fn lowered(filter: &Filter) -> Filter {
    Filter {
        not: filter.not,
        values: filter
            .values
            .iter()
            .map(|value| match value {
                Pattern::Exact(word) => {
                    Pattern::Exact(named(word).map_or_else(|| word.to_lowercase(), str::to_owned))
                }
                Pattern::Wild(word) => Pattern::Wild(word.to_lowercase()),
                Pattern::Absent => Pattern::Absent,
            })
            .collect(),
    }
}
