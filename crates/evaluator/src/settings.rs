//! What can be set.

/// What can be set. [`Settings::default`] is what is meant for a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// What alarms' ARNs begin with, before their names: `arn:aws:cloudwatch:<region>:<account>:alarm:`.
    pub arn_prefix: String,
    /// How many seconds before now the newest period ends that is evaluated.
    ///
    /// By default none: a row carries the beginning of the interval that it tells of and is there a second after its
    /// end, and a row that is later than that is still seen, since each evaluation reads its whole range again. An alarm
    /// over the newest period alone (N = 1) sees such a row an evaluation later.
    pub delay_seconds: u32,
    /// How long nothing is evaluated after a start, a pause or a step of the clock, so that agents that could not
    /// send meanwhile can do so first.
    pub settle_seconds: u32,
    /// How long nothing is evaluated at most after that while no row is as new as the clock, and how long a
    /// clock that was set back is not believed.
    pub longest_hold_seconds: u32,
    /// The most series of an alarm; more are not evaluated, and the alarm says so.
    pub most_contributors: usize,
    /// The most entries of the outbox, delivered ones included.
    pub most_deliveries: usize,
    /// The most entries of the history.
    pub most_history: usize,
    /// For how many seconds the history is kept.
    pub history_seconds: u64,
    /// The most bytes of the history: an item of an alarm over many data points has them all.
    pub most_history_bytes: u64,
    /// How many deliveries are under way at once.
    pub deliveries_at_once: usize,
    /// The longest wait between two attempts at a delivery.
    pub longest_backoff_seconds: u32,
    /// When a delivery that failed again and again is given up.
    pub give_up_seconds: u32,
    /// When an attempt at a delivery that does not end counts as failed.
    pub attempt_seconds: u32,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            arn_prefix: "arn:aws:cloudwatch:local:000000000000:alarm:".to_owned(),
            delay_seconds: 0,
            settle_seconds: 60,
            longest_hold_seconds: 600,
            most_contributors: 10_000,
            most_deliveries: 100_000,
            most_history: 100_000,
            history_seconds: 30 * 86_400,
            most_history_bytes: 256 << 20,
            deliveries_at_once: 16,
            longest_backoff_seconds: 600,
            give_up_seconds: 86_400,
            attempt_seconds: 60,
        }
    }
}
