//! The end where frames come in.

use std::io;
use std::os::unix::fs::FileExt;

use catalogue::Table;
use wire::{Encoding, Sequence};

use super::figures::{Counts, Loss};
use super::identity::BLOCK;
use super::lane::Place;
use super::record::{self, Header, Kind, NOTE_HEADER, PAYLOAD_MAX};
use super::{Segment, Spool, Staged, WhenFull, segment};

/// A frame to keep.
#[derive(Debug, Clone, Copy)]
pub struct NewFrame<'b> {
    /// Which table its rows belong to.
    pub table: &'static Table,
    /// How the body is compressed.
    pub encoding: Encoding,
    /// Rows in the body.
    pub rows: u32,
    /// The rows' time, microseconds since 1970; says how far behind the server is.
    pub time_usec: i64,
    /// An Arrow IPC stream.
    pub body: &'b [u8],
    /// What its maker has to know of it after a restart.
    pub note: Option<Note<'b>>,
}

/// What is kept in the record of a frame besides its rows: on disk together with them or not at all, never sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Note<'b> {
    /// Numbers grow; 0 is none.
    pub number: u64,
    /// Whatever it is.
    pub bytes: &'b [u8],
}

impl NewFrame<'_> {
    fn payload_length(&self) -> usize {
        let note = self.note.map_or(0, |note| NOTE_HEADER + note.bytes.len());
        note + self.body.len()
    }

    fn bytes_max(&self) -> usize {
        record::HEADER + self.table.name.len() + self.payload_length()
    }
}

/// What became of the frames of an append.
#[derive(Debug)]
pub struct Appended {
    /// Whether all of them, and those that waited in memory, are on disk and flushed.
    pub durable: bool,
    /// Whether they were not taken, because there is no room or no number can be reserved. They are the caller's to keep
    /// then.
    pub refused: bool,
    /// Why they are not on disk. Unless they were refused, they wait in memory and go to disk with the next append that
    /// can be written.
    pub fault: Option<io::Error>,
}

/// A record in the write buffer.
struct Placed {
    lane: usize,
    kind: Kind,
    note: u64,
    sequence: Sequence,
    rows: u32,
    time_usec: i64,
    encoding: Encoding,
    start: usize,
    end: usize,
    payload_at: usize,
}

impl Placed {
    fn counts(&self) -> Counts {
        Counts::one(self.rows, self.end - self.start - self.payload_at)
    }
}

impl Spool {
    /// Numbers frames and puts them on disk, all with one write and one flush. Never fails: what cannot be written waits
    /// in memory within its bound, and what is dropped is counted. A spool that refuses when it is full takes all or none.
    pub fn append(&mut self, frames: &[NewFrame<'_>]) -> Appended {
        let needed: usize = frames.iter().map(NewFrame::bytes_max).sum();
        if !frames.is_empty() && !self.has_room((needed + segment::HEADER) as u64) {
            return Appended {
                durable: false,
                refused: true,
                fault: None,
            };
        }
        if let Err(error) = self.reserve_for(frames) {
            self.write_failures += 1;
            return Appended {
                durable: false,
                refused: true,
                fault: Some(error),
            };
        }
        let mut fault = None;
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.clear();
        let mut placed = self.place_staged(&mut buffer);
        for frame in frames {
            match self.place(frame, &mut buffer) {
                Ok(one) => placed.extend(one),
                Err(error) => fault = Some(error),
            }
        }
        if !placed.is_empty() {
            match self.write(&buffer) {
                Ok(at) => {
                    for one in &placed {
                        self.settle(one, at);
                    }
                    self.staged.clear();
                    self.staged_bytes = 0;
                }
                Err(error) => {
                    self.write_failures += 1;
                    self.stage(&buffer, &placed);
                    fault = Some(error);
                }
            }
        }
        self.buffer = buffer;
        Appended {
            durable: fault.is_none(),
            refused: false,
            fault,
        }
    }

    /// Puts the frames that wait in memory first into the buffer.
    fn place_staged(&mut self, buffer: &mut Vec<u8>) -> Vec<Placed> {
        let mut placed = Vec::with_capacity(self.staged.len());
        for staged in &self.staged {
            let start = buffer.len();
            buffer.extend_from_slice(&staged.record);
            placed.push(Placed {
                lane: staged.lane,
                kind: staged.kind,
                note: staged.note,
                sequence: staged.sequence,
                rows: staged.rows,
                time_usec: staged.time_usec,
                encoding: staged.encoding,
                start,
                end: buffer.len(),
                payload_at: staged.payload_at,
            });
        }
        placed
    }

    /// Gives a frame its number and puts it into the buffer.
    fn place(&mut self, frame: &NewFrame<'_>, buffer: &mut Vec<u8>) -> io::Result<Option<Placed>> {
        let lane = self.lane_of(frame.table);
        let payload_length = frame.payload_length();
        let counts = Counts::one(frame.rows, payload_length);
        let largest =
            PAYLOAD_MAX.min(usize::try_from(self.settings.max_bytes / 2).unwrap_or(usize::MAX));
        if payload_length > largest {
            self.lanes[lane].lose(counts, Loss::Oversized);
            let reason = format!(
                "a frame of {} bytes is larger than {largest}",
                payload_length
            );
            return Err(io::Error::new(io::ErrorKind::InvalidInput, reason));
        }
        let reserving = self.reserve(lane);
        if self.lanes[lane].next >= self.reserved[lane] {
            // Without a number that is certain to be new, the frame could be taken for an old one.
            self.lanes[lane].lose(counts, Loss::Memory);
            return reserving.map(|()| None);
        }
        let state = &mut self.lanes[lane];
        let sequence = Sequence(state.next);
        state.next += 1;
        state.appended += counts;
        let start = buffer.len();
        let header = Header::frame(
            frame.encoding,
            frame.table.name,
            sequence,
            frame.rows,
            frame.time_usec,
        );
        let note = frame.note.map_or(0, |note| note.number);
        let kind = match frame.note {
            Some(note) => {
                record::write_noted(buffer, &header, note.number, note.bytes, frame.body);
                Kind::Noted
            }
            None => {
                record::write(buffer, &header, frame.body);
                Kind::Frame
            }
        };
        Ok(Some(Placed {
            lane,
            kind,
            note,
            sequence,
            rows: frame.rows,
            time_usec: frame.time_usec,
            encoding: frame.encoding,
            start,
            end: buffer.len(),
            payload_at: record::HEADER + frame.table.name.len(),
        }))
    }

    /// Makes sure that frames of a spool that refuses get numbers, or none of them is taken: a frame without a number is
    /// dropped by a spool that drops.
    fn reserve_for(&mut self, frames: &[NewFrame<'_>]) -> io::Result<()> {
        if self.settings.when_full == WhenFull::DropOldest {
            return Ok(());
        }
        for frame in frames {
            let lane = self.lane_of(frame.table);
            let reserving = self.reserve(lane);
            if self.lanes[lane].next + frames.len() as u64 > self.reserved[lane] {
                reserving?;
            }
        }
        Ok(())
    }

    /// Keeps at least half a block of numbers reserved, so that a disk that is full for a while does no harm.
    fn reserve(&mut self, lane: usize) -> io::Result<()> {
        let next = self.lanes[lane].next;
        if self.reserved[lane] >= next + BLOCK / 2 {
            return Ok(());
        }
        let mut identity = self.identity.clone();
        identity
            .reserved
            .insert(self.lanes[lane].table.name.to_owned(), next + BLOCK);
        identity.store(&self.settings.dir)?;
        self.identity = identity;
        self.reserved[lane] = next + BLOCK;
        Ok(())
    }

    /// Writes the buffer to the end of the log and flushes it; answers where it begins.
    fn write(&mut self, buffer: &[u8]) -> io::Result<Place> {
        let length = buffer.len() as u64;
        self.make_room(length + segment::HEADER as u64);
        let full = self
            .segments
            .back()
            .is_some_and(|last| last.length + length > self.settings.segment_bytes());
        if self.active.is_none() || full {
            self.active = None;
            let id = self.next_segment;
            // A number that was tried is not tried again: something may be left of it.
            self.next_segment += 1;
            let file = segment::create(&self.settings.dir, id, self.identity.agent)?;
            self.segments.push_back(Segment {
                id,
                agent: self.identity.agent,
                length: segment::HEADER as u64,
                waiting: Vec::new(),
                notes_to: 0,
            });
            self.active = Some(file);
        }
        let (Some(file), Some(last)) = (&self.active, self.segments.back_mut()) else {
            return Err(io::Error::other("the spool has no segment to write to"));
        };
        let at = Place {
            segment: last.id,
            offset: last.length,
        };
        if let Err(error) = file
            .write_all_at(buffer, at.offset)
            .and_then(|()| file.sync_data())
        {
            // After a failed flush nobody knows what is on disk, so nothing more goes into this segment.
            let _ = file.set_len(at.offset);
            self.active = None;
            return Err(error);
        }
        last.length += length;
        Ok(at)
    }

    /// Notes a frame that is on disk now.
    fn settle(&mut self, one: &Placed, at: Place) {
        let counts = one.counts();
        let lane = &mut self.lanes[one.lane];
        if lane.on_disk.is_empty() {
            lane.cursor = Place {
                segment: at.segment,
                offset: at.offset + one.start as u64,
            };
            lane.front = None;
        }
        lane.on_disk += counts;
        lane.in_memory = Counts::default();
        if let Some(last) = self.segments.back_mut() {
            *last.waiting(one.lane) += counts;
            last.notes_to = last.notes_to.max(one.note);
        }
    }

    /// Keeps in memory what could not be written, the newest of it if it is too much.
    fn stage(&mut self, buffer: &[u8], placed: &[Placed]) {
        let known = self.staged.len();
        for one in &placed[known..] {
            let record = buffer[one.start..one.end].to_vec();
            self.staged_bytes += record.len() as u64;
            self.lanes[one.lane].in_memory += one.counts();
            self.staged.push_back(Staged {
                lane: one.lane,
                kind: one.kind,
                note: one.note,
                sequence: one.sequence,
                rows: one.rows,
                time_usec: one.time_usec,
                payload_at: one.payload_at,
                encoding: one.encoding,
                record,
            });
        }
        // A spool that refuses counts what waits in memory as taken; it goes to disk sooner or later.
        while self.settings.when_full == WhenFull::DropOldest
            && self.staged_bytes > self.settings.memory_max_bytes
        {
            let Some(oldest) = self.staged.pop_front() else {
                break;
            };
            self.staged_bytes -= oldest.record.len() as u64;
            let counts = oldest.counts();
            let lane = &mut self.lanes[oldest.lane];
            lane.in_memory -= counts;
            match lane.lease {
                Some(lease) if lease.sequence == oldest.sequence => {
                    lane.lose_but_lease(counts, Loss::Memory)
                }
                _ => lane.lose(counts, Loss::Memory),
            }
        }
    }

    /// Drops the oldest segments until so many bytes more have room.
    fn make_room(&mut self, bytes: u64) {
        if self.settings.when_full == WhenFull::Refuse {
            return;
        }
        while self.disk_bytes() + bytes > self.settings.max_bytes && !self.segments.is_empty() {
            self.drop_oldest();
        }
    }

    fn drop_oldest(&mut self) {
        let Some(oldest) = self.segments.pop_front() else {
            return;
        };
        if self.segments.is_empty() {
            self.active = None;
        }
        if self.reader.as_ref().is_some_and(|(id, _)| *id == oldest.id) {
            self.reader = None;
        }
        for lane in 0..self.lanes.len() {
            let lost = oldest.waiting_in(lane);
            let state = &mut self.lanes[lane];
            state.on_disk -= lost;
            if state.cursor.segment <= oldest.id {
                state.cursor = Place {
                    segment: oldest.id + 1,
                    offset: segment::HEADER as u64,
                };
                state.front = None;
            }
            // What is handed out is the oldest frame of its lane, so it is among the lost if there are any.
            state.lose_but_lease(lost, Loss::Full);
        }
        // One that cannot be removed is found again by the next process, and its frames are sent then.
        let _ = segment::remove(&self.settings.dir, oldest.id);
    }
}
