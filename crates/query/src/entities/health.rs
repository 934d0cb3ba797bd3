//! Whether an entity still reports.

use serde::{Deserialize, Serialize};

const SECOND: i64 = 1_000_000;
/// How many intervals may pass without a row.
const MISSED: i64 = 3;
/// What a row may take from its tick to the store.
const ON_ITS_WAY: i64 = 5 * SECOND;
/// Silence after which nobody expects another row.
const GONE: i64 = 10 * 60 * SECOND;
/// A clock that runs this far ahead is worth a word.
const AHEAD: i64 = 10 * SECOND;

/// Whether rows still come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// The newest row is no older than it should be.
    Live,
    /// Rows are missing: the agent, its node or the network is in trouble.
    Stale,
    /// It has ended, or was silent for ten minutes.
    Gone,
}

/// The state with what it was found by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Health {
    /// Whether rows still come.
    pub state: State,
    /// Why it is not simply live.
    pub reason: Option<String>,
}

impl Health {
    /// The health at `now` of an entity whose newest row is of `time` and whose rows come every `interval`
    /// (microseconds all); `exited` when that row was its last by its own word.
    pub(crate) fn of(time: i64, now: i64, interval: i64, exited: bool) -> Health {
        let silent = now.saturating_sub(time);
        let allowed = interval.saturating_mul(MISSED).saturating_add(ON_ITS_WAY);
        let (state, reason) = if exited {
            (State::Gone, Some("it has exited".to_owned()))
        } else if silent > GONE.max(allowed) {
            (
                State::Gone,
                Some(format!("no row for {} min", silent / (60 * SECOND))),
            )
        } else if silent > allowed {
            let every = interval as f64 / SECOND as f64;
            (
                State::Stale,
                Some(format!(
                    "no row for {} s; one is due every {} s",
                    silent / SECOND,
                    every.round()
                )),
            )
        } else if silent < -AHEAD {
            (
                State::Live,
                Some(format!("its clock is {} s ahead", -silent / SECOND)),
            )
        } else {
            (State::Live, None)
        };
        Health { state, reason }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_the_age_of_the_newest_row() {
        let tick = 10 * SECOND;
        for (silent, interval, exited, state, reason) in [
            (0, tick, false, State::Live, None),
            (35 * SECOND, tick, false, State::Live, None),
            (
                36 * SECOND,
                tick,
                false,
                State::Stale,
                Some("no row for 36 s; one is due every 10 s"),
            ),
            (36 * SECOND, 60 * SECOND, false, State::Live, None),
            (
                600 * SECOND,
                tick,
                false,
                State::Stale,
                Some("no row for 600 s; one is due every 10 s"),
            ),
            (
                601 * SECOND,
                tick,
                false,
                State::Gone,
                Some("no row for 10 min"),
            ),
            (601 * SECOND, 300 * SECOND, false, State::Live, None),
            (0, tick, true, State::Gone, Some("it has exited")),
            (
                -20 * SECOND,
                tick,
                false,
                State::Live,
                Some("its clock is 20 s ahead"),
            ),
            (
                i64::MAX,
                tick,
                false,
                State::Gone,
                Some("no row for 153722867280 min"),
            ),
        ] {
            let health = Health::of(0, silent, interval, exited);
            assert_eq!(
                (health.state, health.reason.as_deref()),
                (state, reason),
                "{silent} {interval}"
            );
        }
    }
}
