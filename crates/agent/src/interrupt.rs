//! Breaking off what is asked of somebody over HTTP.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ureq::Agent;

/// A client's connections, shared with whoever may have to break them off.
#[derive(Debug, Clone)]
pub(crate) struct Interrupt(Arc<Mutex<Agent>>);

impl Interrupt {
    /// Of these connections.
    pub(crate) fn new(agent: Agent) -> Interrupt {
        Interrupt(Arc::new(Mutex::new(agent)))
    }

    /// Breaks off what is under way, and everything that is asked for afterwards.
    pub(crate) fn now(&self) {
        self.lock().clone().shutdown();
    }

    /// The connections, to use or to replace.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Agent> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
