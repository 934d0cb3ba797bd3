//! Who this agent is, and up to which number it may count, durably.
//!
//! Numbers must never come twice, or the server would take new rows for old ones and drop them. So a block of numbers is
//! reserved on disk before the first of it is used, and after a crash counting goes on behind the block: what the segments
//! hold, or lost, does not matter. After an orderly end the exact next number is known and counting goes on with it.
//!
//! The file `identity`: `KSID`, version 1, 3 zeros, 16 bytes of id, the machine, 4 bytes number of tables; for each table
//! its name and 8 bytes next number; CRC-32 of all before. Texts are one byte length and the bytes. Little-endian.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use wire::AgentId;

/// How many numbers are reserved at once, for each table.
pub(super) const BLOCK: u64 = 10_000;

const MAGIC: [u8; 8] = *b"KSID\x01\0\0\0";
const FILE: &str = "identity";
const FILE_MAX: usize = 1 << 20;

/// What the file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Identity {
    pub(super) agent: AgentId,
    /// On which machine it was made.
    pub(super) machine: String,
    /// For each table: every number below was used, or may have been.
    pub(super) reserved: BTreeMap<String, u64>,
}

/// How the file was found.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Opened {
    /// As it was left.
    Known(Identity),
    /// There was none; a new one was made up.
    New(Identity),
    /// It was another machine's, so a new one was made up.
    Foreign(Identity),
    /// It could not be read, so a new one was made up: the old numbers are not known, and must not be counted again.
    Broken(Identity),
}

impl Identity {
    fn new(machine: &str) -> Identity {
        // One byte of length is enough for what tells machines apart.
        let machine = machine.chars().take(60).collect();
        Identity {
            agent: AgentId::random(),
            machine,
            reserved: BTreeMap::new(),
        }
    }

    /// Reads the file in `folder`, or makes up a new identity, which is not yet stored.
    pub(super) fn open(folder: &Path, machine: &str) -> io::Result<Opened> {
        let path = folder.join(FILE);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(Opened::New(Identity::new(machine)));
            }
            Err(error) => return Err(error),
        };
        match Identity::parse(&bytes) {
            Some(identity) if identity.machine == Identity::new(machine).machine => {
                Ok(Opened::Known(identity))
            }
            Some(_) => Ok(Opened::Foreign(Identity::new(machine))),
            None => {
                fs::rename(&path, folder.join("identity.broken"))?;
                Ok(Opened::Broken(Identity::new(machine)))
            }
        }
    }

    /// Another identity, with nothing counted.
    pub(super) fn renew(&mut self) {
        *self = Identity::new(&self.machine);
    }

    /// Writes the file: either the old one or the new one is there afterwards, whatever happens.
    pub(super) fn store(&self, folder: &Path) -> io::Result<()> {
        let temporary = folder.join("identity.new");
        let mut file = File::create(&temporary)?;
        file.write_all(&self.bytes())?;
        file.sync_all()?;
        fs::rename(&temporary, folder.join(FILE))?;
        File::open(folder)?.sync_all()
    }

    fn bytes(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        out.extend_from_slice(self.agent.as_bytes());
        out.push(self.machine.len() as u8);
        out.extend_from_slice(self.machine.as_bytes());
        out.extend_from_slice(&(self.reserved.len() as u32).to_le_bytes());
        for (table, next) in &self.reserved {
            out.push(table.len() as u8);
            out.extend_from_slice(table.as_bytes());
            out.extend_from_slice(&next.to_le_bytes());
        }
        let crc = crc32fast::hash(&out);
        out.extend_from_slice(&crc.to_le_bytes());
        out
    }

    fn parse(bytes: &[u8]) -> Option<Identity> {
        if bytes.len() > FILE_MAX {
            return None;
        }
        let (body, crc) = bytes.split_last_chunk::<4>()?;
        if crc32fast::hash(body) != u32::from_le_bytes(*crc) {
            return None;
        }
        let rest = body.strip_prefix(&MAGIC)?;
        let (agent, rest) = rest.split_first_chunk::<16>()?;
        let (machine, rest) = text(rest)?;
        let (count, mut rest) = rest.split_first_chunk::<4>()?;
        let mut reserved = BTreeMap::new();
        for _ in 0..u32::from_le_bytes(*count) {
            let (name, after) = text(rest)?;
            let (next, after) = after.split_first_chunk::<8>()?;
            reserved.insert(name, u64::from_le_bytes(*next));
            rest = after;
        }
        rest.is_empty().then_some(Identity {
            agent: AgentId::from_bytes(*agent),
            machine,
            reserved,
        })
    }
}

/// A text and what follows it.
fn text(bytes: &[u8]) -> Option<(String, &[u8])> {
    let (&length, rest) = bytes.split_first()?;
    let (text, rest) = rest.split_at_checked(usize::from(length))?;
    Some((std::str::from_utf8(text).ok()?.to_owned(), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_is_kept_and_a_broken_one_is_not_believed() {
        let folder = tempfile::tempdir().unwrap();
        let Opened::New(mut identity) = Identity::open(folder.path(), "here").unwrap() else {
            panic!("new")
        };
        identity.reserved.insert("node".to_owned(), 10_001);
        identity.store(folder.path()).unwrap();
        assert_eq!(
            Identity::open(folder.path(), "here").unwrap(),
            Opened::Known(identity.clone())
        );

        let Opened::Foreign(other) = Identity::open(folder.path(), "there").unwrap() else {
            panic!("foreign")
        };
        assert_ne!(other.agent, identity.agent);
        let path = folder.path().join(FILE);
        let bytes = fs::read(&path).unwrap();
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 0x10;
            assert_eq!(Identity::parse(&changed), None, "byte {at}");
            assert_eq!(Identity::parse(&bytes[..at]), None, "cut at {at}");
        }
        fs::write(&path, &bytes[1..]).unwrap();
        let Opened::Broken(other) = Identity::open(folder.path(), "here").unwrap() else {
            panic!("broken")
        };
        assert_ne!(other.agent, identity.agent);
        assert!(folder.path().join("identity.broken").exists());
    }
}
