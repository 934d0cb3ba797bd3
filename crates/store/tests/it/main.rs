//! The store from outside: append, ask, crash, ask again.
#![allow(clippy::unwrap_used)]

mod crash;
mod durability;
mod logs;
mod rows;
mod upkeep;
