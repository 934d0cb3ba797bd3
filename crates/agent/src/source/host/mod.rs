//! The host itself: processors, memory, protocols, disks, file systems, interfaces.

pub(crate) mod about;
pub(crate) mod disks;
pub(crate) mod filesystems;
pub(crate) mod interfaces;
pub(crate) mod node;
