//! Reading the log at start.
//!
//! A torn tail (the end of the newest segment, which a crash cut short before it was acknowledged) is cut. Damage
//! before a whole frame is not the work of a crash: its bytes are set aside in `broken/` and reported, and the frames
//! behind it are read.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use bytes::Bytes;

use super::frame::{Frame, FrameKind, SEGMENT_MAGIC, next_frame};
use super::segment;
use super::sequences::Sequences;

/// What a replay found.
#[derive(Debug, Default)]
pub(crate) struct Replayed {
    pub(crate) sequences: Sequences,
    /// The highest position seen; 0 when there was none.
    pub(crate) last_position: u64,
    pub(crate) frames: u64,
    pub(crate) bytes: u64,
    /// Bytes of a torn tail that were cut off.
    pub(crate) torn_bytes: u64,
    /// Damaged stretches, each in a file of its own now.
    pub(crate) set_aside: Vec<PathBuf>,
}

/// Reads every frame of rows in order of position and hands it to `take`.
///
/// # Errors
/// When a file cannot be read, cut or set aside; the message names it.
pub(crate) fn replay(dir: &Path, mut take: impl FnMut(Frame)) -> io::Result<Replayed> {
    let mut done = Replayed::default();
    let segments = segment::list(dir)?;
    let newest = segments.len().saturating_sub(1);
    for (index, (_, path)) in segments.iter().enumerate() {
        let named =
            |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", path.display()));
        let bytes = Bytes::from(fs::read(path).map_err(named)?);
        done.bytes += bytes.len() as u64;
        let mut at = if bytes.starts_with(SEGMENT_MAGIC) {
            SEGMENT_MAGIC.len()
        } else {
            0
        };
        while at < bytes.len() {
            match Frame::read(&bytes.slice(at..)) {
                Ok((frame, length)) => {
                    at += length;
                    match frame.kind {
                        FrameKind::Sequences => {
                            if let Some(known) = Sequences::from_bytes(&frame.body) {
                                done.sequences.merge(known);
                            }
                            done.last_position =
                                done.last_position.max(frame.position.saturating_sub(1));
                        }
                        FrameKind::Rows => {
                            done.sequences
                                .note(frame.agent, &frame.table, frame.sequence);
                            done.last_position = done.last_position.max(frame.position);
                            done.frames += 1;
                            take(frame);
                        }
                    }
                }
                Err(_) => {
                    let next = next_frame(&bytes, at);
                    if next.is_none() && index == newest {
                        done.torn_bytes += (bytes.len() - at) as u64;
                        fs::OpenOptions::new()
                            .write(true)
                            .open(path)
                            .and_then(|file| {
                                file.set_len(at as u64)?;
                                file.sync_all()
                            })
                            .map_err(named)?;
                        break;
                    }
                    let end = next.unwrap_or(bytes.len());
                    done.set_aside
                        .push(set_aside(dir, path, at, &bytes[at..end]).map_err(named)?);
                    at = end;
                }
            }
        }
    }
    Ok(done)
}

fn set_aside(dir: &Path, segment: &Path, at: usize, bytes: &[u8]) -> io::Result<PathBuf> {
    let broken = dir.join("broken");
    fs::create_dir_all(&broken)?;
    let stem = segment.file_stem().unwrap_or_default().to_string_lossy();
    let path = broken.join(format!("{stem}-at-{at}.bytes"));
    fs::write(&path, bytes)?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wal::segment::Segment;

    fn frame(position: u64) -> Frame {
        Frame {
            position,
            received_usec: 0,
            kind: FrameKind::Rows,
            zstd: false,
            agent: [1; 16],
            sequence: position,
            table: "pod".into(),
            body: Bytes::from(vec![position as u8; 50]),
        }
    }

    fn bytes(positions: std::ops::RangeInclusive<u64>) -> Vec<u8> {
        let mut out = Vec::new();
        positions.for_each(|p| frame(p).write(&mut out));
        out
    }

    fn positions(dir: &Path) -> (Vec<u64>, Replayed) {
        let mut seen = Vec::new();
        let done = replay(dir, |f| seen.push(f.position)).unwrap();
        (seen, done)
    }

    #[test]
    fn a_log_cut_at_any_byte_gives_every_whole_frame_and_takes_new_ones() {
        let one = bytes(1..=1).len();
        let whole = bytes(1..=3);
        for cut in 0..whole.len() {
            let dir = tempfile::tempdir().unwrap();
            let mut segment = Segment::create(dir.path(), 1, &[]).unwrap();
            segment.append(&whole[..cut]).unwrap();
            let (seen, done) = positions(dir.path());
            assert_eq!(seen.len(), cut / one, "cut at {cut}");
            assert_eq!(done.torn_bytes as usize, cut % one);
            assert!(done.set_aside.is_empty());
            // The tail is gone: what is read next time is the same, and whole.
            let (again, done) = positions(dir.path());
            assert_eq!((again.len(), done.torn_bytes), (cut / one, 0));
        }
    }

    #[test]
    fn a_broken_middle_is_set_aside_and_the_rest_is_read() {
        let dir = tempfile::tempdir().unwrap();
        let one = bytes(1..=1).len();
        let mut damaged = bytes(1..=5);
        damaged[one + 30] ^= 1;
        damaged[3 * one + 2] ^= 1;
        Segment::create(dir.path(), 1, &[])
            .unwrap()
            .append(&damaged)
            .unwrap();
        Segment::create(dir.path(), 6, &[])
            .unwrap()
            .append(&bytes(6..=6))
            .unwrap();
        let (seen, done) = positions(dir.path());
        assert_eq!(seen, [1, 3, 5, 6]);
        assert_eq!(done.set_aside.len(), 2);
        assert_eq!(
            fs::read(&done.set_aside[0]).unwrap(),
            &damaged[one..2 * one]
        );
        assert_eq!(done.torn_bytes, 0);
    }

    #[test]
    fn damage_at_the_end_of_an_older_segment_is_set_aside_not_cut() {
        let dir = tempfile::tempdir().unwrap();
        let whole = bytes(1..=2);
        Segment::create(dir.path(), 1, &[])
            .unwrap()
            .append(&whole[..whole.len() - 5])
            .unwrap();
        Segment::create(dir.path(), 3, &[])
            .unwrap()
            .append(&bytes(3..=3))
            .unwrap();
        let (seen, done) = positions(dir.path());
        assert_eq!(seen, [1, 3]);
        assert_eq!((done.set_aside.len(), done.torn_bytes), (1, 0));
    }
}
