//! What every request passes before a handler sees it, outermost first: counted, drained, panics caught, security
//! headers set, host checked, time bounded, token checked.

mod count;
mod drain;
mod headers;
mod host;
mod panic;
mod time;
mod token;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use tower_http::catch_panic::CatchPanicLayer;

use crate::state::Shared;

pub use host::Hosts;
pub(crate) use token::require;
pub use token::{Access, TokenError, TokenFile, Tokens};

/// Puts the layers around a finished router.
pub(crate) fn wrap(router: Router, state: &Shared) -> Router {
    let router = router
        .layer(from_fn_with_state(state.clone(), time::bound))
        .layer(from_fn_with_state(state.clone(), host::check));
    wrap_outside(router, state)
}

/// The same for a port whose callers have shown who they are: no page of another site can be among them, and what they
/// call this host is up to them.
pub(crate) fn wrap_behind_proxy(router: Router, state: &Shared) -> Router {
    let router = router.layer(from_fn_with_state(state.clone(), time::bound));
    wrap_outside(router, state)
}

fn wrap_outside(router: Router, state: &Shared) -> Router {
    router
        .layer(axum::middleware::map_response(headers::secure))
        .layer(CatchPanicLayer::custom(panic::answer))
        .layer(from_fn(drain::drain))
        .layer(from_fn_with_state(state.clone(), count::count))
}
