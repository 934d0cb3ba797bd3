//! The time of day, as an argument.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// Tells the time, µs since the epoch. Tests give one that they set themselves.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> i64 + Send + Sync>);

impl Clock {
    /// The system's.
    pub fn system() -> Clock {
        Clock(Arc::new(|| {
            SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .map_or(0, |since| since.as_micros() as i64)
        }))
    }

    /// One that asks `tell`.
    pub fn from_fn(tell: impl Fn() -> i64 + Send + Sync + 'static) -> Clock {
        Clock(Arc::new(tell))
    }

    /// Now, µs since the epoch.
    pub fn now_usec(&self) -> i64 {
        (self.0)()
    }
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Clock({})", self.now_usec())
    }
}
