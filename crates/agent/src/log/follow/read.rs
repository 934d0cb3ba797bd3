//! Taking bytes, in turns.

use std::io;
use std::os::unix::fs::FileExt;

use super::gzip::Gzip;
use super::instance::Input;
use super::log::Sink;
use super::print::{self, HEAD, Print};
use super::{Batch, Count, Follower, GZIP_MAX, Instance, Log, QUOTA, Stat};
use crate::log::entry::{Assembler, Format};
use crate::log::source::Place;

/// What came of one turn of a file.
enum Turn {
    /// There is nothing more now.
    Done,
    /// There may be more.
    More,
    /// It is not the same file any more.
    Other,
}

impl Follower {
    /// Reads files in turns, each up to its quota, until there are enough bytes or rows, or nothing more. Answers how
    /// many bytes were looked at.
    pub(crate) fn turn(
        &mut self,
        now: u64,
        wall: i64,
        batch: &mut Batch,
        bytes_max: usize,
        rows_bytes_max: usize,
    ) -> usize {
        let mut total = 0;
        let mut put_off = Vec::new();
        while total < bytes_max && batch.message_bytes() < rows_bytes_max {
            let Some(id) = self.ready.pop_front() else {
                break;
            };
            if let Some(file) = self.files.get_mut(&id) {
                file.is_ready = false;
            }
            match self.read_file(id, wall, batch, &mut total) {
                Ok(Turn::More) => self.make_ready(id),
                Ok(Turn::Done) => {}
                Ok(Turn::Other) => {
                    self.figures.truncations += 1;
                    self.part(id, now);
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => put_off.push(id),
                Err(error) => self.failed(id, &error, now),
            }
        }
        for id in put_off {
            self.make_ready(id);
        }
        total
    }

    fn failed(&mut self, id: u64, error: &io::Error, now: u64) {
        let Some(file) = self.files.get_mut(&id) else {
            return;
        };
        file.look_at = now + super::LOOK_IDLE_USEC;
        if let Some(path) = file.path.clone() {
            if let Some(dir) = path.parent() {
                self.look_into.insert(dir.to_owned());
            }
            self.note_failure(id, &path, error);
        }
    }

    /// One turn of one file.
    fn read_file(
        &mut self,
        id: u64,
        wall: i64,
        batch: &mut Batch,
        total: &mut usize,
    ) -> io::Result<Turn> {
        if self.files.get(&id).is_some_and(|file| !file.is_open()) && !self.open(id)? {
            return Ok(Turn::Other);
        }
        let Some(file) = self.files.get_mut(&id) else {
            return Ok(Turn::Done);
        };
        let Some(log) = self.logs.get_mut(&file.log) else {
            return Ok(Turn::Done);
        };
        let turn = match &mut file.input {
            Input::Closed => return Ok(Turn::Done),
            Input::Plain(_) => read_plain(file, log, batch, &mut self.buffer, wall, total)?,
            Input::Gzip(_) => {
                let turn = read_gzip(file, log, batch, wall, total);
                let is_over = matches!(turn, Ok(Turn::Done)) || turn.is_err();
                if is_over {
                    self.end_gzip(id, turn.as_ref().err(), wall, batch);
                }
                turn?
            }
        };
        if let Some(file) = self.files.get(&id)
            && file.assembler.as_ref().is_some_and(Assembler::waits)
        {
            self.waiting.insert(id);
        }
        Ok(turn)
    }

    /// Opens a file by its name. Answers whether it is still the same.
    fn open(&mut self, id: u64) -> io::Result<bool> {
        let Some(file) = self.files.get(&id) else {
            return Ok(false);
        };
        if file.is_compressed && self.gzips >= GZIP_MAX {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        let Some(path) = file.path.clone() else {
            return Ok(false);
        };
        self.make_room_to_open();
        let open = super::find::open(&path)?;
        let stat = Stat::of(&open.metadata()?);
        let Some(file) = self.files.get_mut(&id) else {
            return Ok(false);
        };
        if stat.inode != file.inode {
            // Its directory tells where it went.
            return Err(io::ErrorKind::NotFound.into());
        }
        file.input = if file.is_compressed {
            self.gzips += 1;
            Input::Gzip(Box::new(Gzip::new(open)))
        } else {
            Input::Plain(open)
        };
        self.open += 1;
        Ok(true)
    }

    /// What waits in the file's assembler for time to pass.
    pub(super) fn tick_file(&mut self, id: u64, wall: i64, batch: &mut Batch) {
        let mut still = false;
        if let Some(file) = self.files.get_mut(&id)
            && let Some(log) = self.logs.get_mut(&file.log)
            && let Some(assembler) = &mut file.assembler
        {
            let before = assembler.resume();
            let mut sink = Sink {
                batch,
                log,
                codes: &mut file.codes,
                sequence: &mut file.sequence,
                file: &file.shown,
                now_usec: wall,
                has_offset: true,
            };
            assembler.tick(wall, &mut sink);
            file.is_dirty |= assembler.resume() != before;
            still = assembler.waits();
        }
        if !still {
            self.waiting.remove(&id);
        }
    }

    /// Nothing more comes for now: a last line without its end, and all that waits, become entries.
    pub(super) fn finish(&mut self, id: u64, wall: i64, batch: &mut Batch) {
        let mut rest = Vec::new();
        if let Some(file) = self.files.get(&id)
            && let Input::Plain(open) = &file.input
            && file.size > file.position
        {
            rest.resize((file.size - file.position).min(QUOTA as u64) as usize, 0);
            match open.read_at(&mut rest, file.position) {
                Ok(n) => rest.truncate(n),
                Err(_) => return,
            }
        } else if self
            .files
            .get(&id)
            .is_some_and(|f| !f.is_open() && f.size > f.position)
        {
            // Closed with half a line left: it is opened first.
            if !matches!(self.open(id), Ok(true)) {
                return;
            }
            return self.finish(id, wall, batch);
        }
        self.end_entries(id, &rest, wall, batch);
    }

    /// Ends what a file's assembler holds.
    pub(super) fn end_entries(&mut self, id: u64, rest: &[u8], wall: i64, batch: &mut Batch) {
        let Some(file) = self.files.get_mut(&id) else {
            return;
        };
        let Some(log) = self.logs.get_mut(&file.log) else {
            return;
        };
        if rest.is_empty() && file.assembler.is_none() {
            return;
        }
        end(file, log, rest, wall, batch);
        self.waiting.remove(&id);
    }

    /// A compressed file is read, or cannot be.
    fn end_gzip(&mut self, id: u64, error: Option<&io::Error>, wall: i64, batch: &mut Batch) {
        self.close(id);
        let Some(file) = self.files.get_mut(&id) else {
            return;
        };
        let age = wall.saturating_sub(file.stat.written_usec);
        if error.is_some() && age < 60_000_000 {
            // It may still be written.
            file.size = file.size.max(file.tried + 1);
            return;
        }
        file.is_settled = true;
        file.is_dirty = true;
        let path = file.path.clone();
        self.end_entries(id, &[], wall, batch);
        if let (Some(error), Some(path)) = (error, path) {
            self.note_failure(id, &path, error);
            if let Some(file) = self.files.get_mut(&id)
                && let Some(log) = self.logs.get_mut(&file.log)
            {
                log.count(Count::Lost, file.written_to.saturating_sub(file.read_to));
                file.read_to = file.written_to;
            }
        }
    }
}

fn assembler<'f>(
    slot: &'f mut Option<Assembler>,
    format: Format,
    log: &Log,
    resume: crate::log::entry::Resume,
) -> &'f mut Assembler {
    slot.get_or_insert_with(|| Assembler::new(format, std::sync::Arc::clone(&log.rules), resume))
}

/// The format of a log whose file begins so.
fn format_of(log: &Log, head: &[u8]) -> Format {
    match (&log.source.place, head.first()) {
        (Place::Host { .. }, _) => Format::Plain,
        (Place::Container { .. }, _) | (_, Some(b'{')) => Format::Docker,
        _ => Format::Cri,
    }
}

fn take(
    file: &mut Instance,
    log: &mut Log,
    batch: &mut Batch,
    bytes: &[u8],
    format: Format,
    wall: i64,
) -> usize {
    let assembler = assembler(&mut file.assembler, format, log, file.resume);
    let mut sink = Sink {
        batch,
        log,
        codes: &mut file.codes,
        sequence: &mut file.sequence,
        file: &file.shown,
        now_usec: wall,
        has_offset: true,
    };
    let taken = assembler.push(bytes, file.position, wall, &mut sink);
    file.position += taken as u64;
    file.resume = assembler.resume();
    if file.position > file.read_to {
        log.count(Count::Read, file.position - file.read_to);
        file.read_to = file.position;
    }
    file.is_dirty |= taken > 0;
    taken
}

fn end(file: &mut Instance, log: &mut Log, rest: &[u8], wall: i64, batch: &mut Batch) {
    let format = *file.format.get_or_insert(format_of(log, rest));
    let assembler = assembler(&mut file.assembler, format, log, file.resume);
    let mut sink = Sink {
        batch,
        log,
        codes: &mut file.codes,
        sequence: &mut file.sequence,
        file: &file.shown,
        now_usec: wall,
        has_offset: true,
    };
    assembler.finish(rest, file.position, wall, &mut sink);
    file.position += rest.len() as u64;
    file.tried = file.position;
    file.resume = crate::log::entry::Resume::at(file.position);
    // A new one is made should it grow after all.
    file.assembler = None;
    if file.position > file.read_to {
        log.count(Count::Read, file.position - file.read_to);
        file.read_to = file.position;
    }
    file.is_dirty = true;
}

fn read_plain(
    file: &mut Instance,
    log: &mut Log,
    batch: &mut Batch,
    buffer: &mut [u8],
    wall: i64,
    total: &mut usize,
) -> io::Result<Turn> {
    let Input::Plain(open) = &file.input else {
        return Ok(Turn::Done);
    };
    let got = loop {
        match open.read_at(buffer, file.position) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            other => break other?,
        }
    };
    // Looked at after the read: as long as it begins as it did, what was read before is of it too.
    let mut head = [0; HEAD];
    let print_is_whole = usize::from(file.print.length) == HEAD;
    let length = print::head(open, &mut head)?;
    let head = &head[..length];
    if !file.print.is_of(head) {
        return Ok(Turn::Other);
    }
    if !print_is_whole && length > usize::from(file.print.length) {
        file.print = Print::of(head);
        file.is_dirty = true;
    }
    *total += got.max(1);
    file.tried = file.position + got as u64;
    if file.tried > file.size {
        file.size = file.tried;
    }
    if file.tried > file.written_to {
        log.count(Count::Written, file.tried - file.written_to);
        file.written_to = file.tried;
        file.is_dirty = true;
    }
    if got == 0 {
        // Shorter than it was seen to be.
        return Ok(if file.size > file.tried {
            Turn::Other
        } else {
            Turn::Done
        });
    }
    let format = *file.format.get_or_insert(format_of(log, head));
    let taken = take(file, log, batch, &buffer[..got], format, wall);
    Ok(
        if file.size > file.tried || (got == buffer.len() && taken > 0) {
            Turn::More
        } else {
            Turn::Done
        },
    )
}

fn read_gzip(
    file: &mut Instance,
    log: &mut Log,
    batch: &mut Batch,
    wall: i64,
    total: &mut usize,
) -> io::Result<Turn> {
    let position = file.position;
    let Input::Gzip(gzip) = &mut file.input else {
        return Ok(Turn::Done);
    };
    let before = gzip.carry.len();
    let filled = gzip.fill(position, QUOTA);
    let mut carry = std::mem::take(&mut gzip.carry);
    let is_ended = gzip.is_ended;
    *total += (carry.len() - before).max(1);
    let end_of_carry = position + carry.len() as u64;
    if end_of_carry > file.written_to {
        log.count(Count::Written, end_of_carry - file.written_to);
        file.written_to = end_of_carry;
        file.is_dirty = true;
    }
    file.tried = end_of_carry;
    file.size = end_of_carry;
    let format = *file.format.get_or_insert(format_of(log, &carry));
    let taken = take(file, log, batch, &carry, format, wall);
    carry.drain(..taken);
    let result = match filled {
        Ok(()) if is_ended => {
            end(file, log, &carry, wall, batch);
            carry.clear();
            Ok(Turn::Done)
        }
        Ok(()) => Ok(Turn::More),
        Err(error) => Err(error),
    };
    if let Input::Gzip(gzip) = &mut file.input {
        gzip.carry = carry;
    }
    result
}
