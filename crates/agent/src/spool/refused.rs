//! Frames that the server will never take, kept to be looked at.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use wire::Encoding;

use super::outgoing::Outgoing;

/// The folder of refused frames: for each the body as it was sent, and beside it what the server said.
#[derive(Debug)]
pub struct Refused {
    dir: PathBuf,
    max_bytes: u64,
}

impl Refused {
    /// The folder `refused` in a spool's folder; it is made when the first frame comes.
    pub fn new(spool: &Path, max_bytes: u64) -> Refused {
        Refused {
            dir: spool.join("refused"),
            max_bytes,
        }
    }

    /// Puts a frame there, and takes the oldest ones away when there is too much. Answers where it is; `None` when it is
    /// larger than everything may be.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn keep(&self, frame: &Outgoing, words: &str) -> io::Result<Option<PathBuf>> {
        let size = (frame.body.len() + words.len()) as u64;
        if size > self.max_bytes {
            return Ok(None);
        }
        fs::create_dir_all(&self.dir)?;
        self.make_room(size)?;
        let extension = match frame.encoding {
            Encoding::Identity => "arrow",
            Encoding::Zstd => "arrow.zst",
        };
        let name = format!("{}-{}-{}", frame.table.name, frame.agent, frame.sequence);
        let path = self.dir.join(format!("{name}.{extension}"));
        fs::write(&path, &frame.body)?;
        fs::write(self.dir.join(format!("{name}.txt")), words)?;
        Ok(Some(path))
    }

    fn make_room(&self, bytes: u64) -> io::Result<()> {
        let mut files: Vec<(SystemTime, u64, PathBuf)> = Vec::new();
        for entry in fs::read_dir(&self.dir)? {
            let entry = entry?;
            let metadata = entry.metadata()?;
            files.push((metadata.modified()?, metadata.len(), entry.path()));
        }
        files.sort();
        let mut kept: u64 = files.iter().map(|(_, length, _)| length).sum();
        for (_, length, path) in files {
            if kept + bytes <= self.max_bytes {
                break;
            }
            fs::remove_file(path)?;
            kept -= length;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::{AgentId, Sequence};

    #[test]
    fn the_newest_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let refused = Refused::new(folder.path(), 1000);
        for n in 1..=10 {
            let frame = Outgoing {
                agent: AgentId::from_bytes([1; 16]),
                table: catalogue::table("node").unwrap(),
                sequence: Sequence(n),
                encoding: Encoding::Zstd,
                rows: 1,
                fresh: true,
                body: vec![0; 290],
                note: Vec::new(),
            };
            let path = refused.keep(&frame, "422: no").unwrap().unwrap();
            assert_eq!(
                fs::read_to_string(path.with_extension("").with_extension("txt")).unwrap(),
                "422: no"
            );
            // Files are told apart in age by the kernel's clock tick.
            std::thread::sleep(std::time::Duration::from_millis(12));
        }
        let mut left: Vec<String> = fs::read_dir(folder.path().join("refused"))
            .unwrap()
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.ends_with("zst"))
            .collect();
        left.sort();
        assert_eq!(left.len(), 3, "{left:?}");
        assert!(left[0].contains("-10."), "{left:?}");
        let large = Outgoing {
            agent: AgentId::from_bytes([1; 16]),
            table: catalogue::table("node").unwrap(),
            sequence: Sequence(1),
            encoding: Encoding::Identity,
            rows: 1,
            fresh: true,
            body: vec![0; 1001],
            note: Vec::new(),
        };
        assert_eq!(refused.keep(&large, "").unwrap(), None);
    }
}
