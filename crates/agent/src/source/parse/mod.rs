//! Parsers of kernel files: pure functions over bytes that allocate nothing.
//!
//! They are tolerant by design. A kernel adds keys with each release, drops others, and a file of a vanishing cgroup
//! may be torn, so an unknown key or an unreadable line is passed over and a missing one is simply not reported: the
//! caller sees absence, never a made-up zero. Formats are those of the kernel's `Documentation/filesystems/proc.rst`,
//! `admin-guide/cgroup-v1/` and `admin-guide/cgroup-v2.rst`.

pub mod cgroup;
pub mod cpu;
pub mod disk;
pub mod memory;
pub mod mounts;
pub mod network;
pub mod scan;
