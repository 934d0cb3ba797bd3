//! The store from outside: append, ask, crash, ask again.

mod crash;
mod durability;
mod rows;
mod upkeep;
