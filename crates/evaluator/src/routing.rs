//! Who is told of a transition.

use alarm::Transition;

/// Says who is told of a transition: those of the alarm's actions and of routes, without those that a silence holds back.
pub trait Routing: Send + Sync {
    /// The receivers' names. A name that is there twice is told once. It is not asked while the alarm's actions are
    /// switched off or suppressed.
    fn receivers(&self, transition: &Transition) -> Vec<String>;
}

/// Tells who is named in the alarm's actions.
#[derive(Debug, Clone, Copy, Default)]
pub struct NamedActions;

impl Routing for NamedActions {
    fn receivers(&self, transition: &Transition) -> Vec<String> {
        transition.receivers().to_vec()
    }
}
