//! The end where frames go out.

use std::io;
use std::os::unix::fs::FileExt;

use catalogue::Table;
use wire::{AgentId, Encoding, Sequence};

use super::error::SpoolError;
use super::figures::{Counts, Loss};
use super::identity::BLOCK;
use super::lane::{Front, Lease, Place};
use super::record::{self, Header, Kind};
use super::{Spool, segment};

/// A segment in which nothing waits is emptied when it is larger than this.
const EMPTIED_ABOVE: u64 = 16 << 10;

/// How often a segment is repaired for one frame before the disk is given up for now.
const REPAIRS_MAX: u32 = 3;

/// A frame to send: the oldest of its table, so its number is also the oldest that the agent still has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// Who made it; not this process' own id when an older identity's frames still wait.
    pub agent: AgentId,
    /// Which table its rows belong to.
    pub table: &'static Table,
    /// Its number.
    pub sequence: Sequence,
    /// How the body is compressed.
    pub encoding: Encoding,
    /// Rows in the body.
    pub rows: u32,
    /// Whether it was made by this process and is handed out for the first time: then nobody has it already.
    pub fresh: bool,
    /// An Arrow IPC stream.
    pub body: Vec<u8>,
    /// What its maker noted of it; empty where nothing. It is not sent.
    pub note: Vec<u8>,
}

impl Spool {
    /// Hands out the oldest frame of a table. The same frame comes again until it is acknowledged or set aside.
    ///
    /// # Errors
    /// A segment cannot be read. Damaged frames are set aside and counted, and the next one is handed out.
    pub fn lease(&mut self, table: &'static Table) -> Result<Option<Outgoing>, SpoolError> {
        let lane = self.lane_of(table);
        let mut repairs = 0;
        while !self.lanes[lane].on_disk.is_empty() {
            let Some(front) = self.front(lane)? else {
                break;
            };
            let mut body = vec![0; front.payload_length];
            self.read(front.at.segment, front.payload_at, &mut body)?;
            let is_whole = crc32fast::hash(&body) == front.payload_crc;
            let parts = record::take_apart(front.kind, &body)
                .map(|(note, body_at)| (note.map(|(_, note)| note.to_vec()), body_at));
            let Some((note, body_at)) = parts.filter(|_| is_whole) else {
                if repairs == REPAIRS_MAX {
                    let path = segment::path(&self.settings.dir, front.at.segment);
                    return Err(SpoolError::io("read twice the same from", path)(
                        io::ErrorKind::InvalidData.into(),
                    ));
                }
                repairs += 1;
                self.repair(front.at.segment)?;
                continue;
            };
            body.drain(..body_at);
            let note = note.unwrap_or_default();
            if self.lanes[lane].is_renumbered(front.agent, front.sequence) {
                self.move_to_end(lane, front, &note, &body);
                continue;
            }
            let counts = front.counts();
            return Ok(Some(self.hand_out(
                lane,
                front.agent,
                front.encoding,
                front.sequence,
                counts,
                (note, body),
            )));
        }
        // One with a note is not sent before it is on disk: were the process killed then, its maker would not know what
        // the server has, and make it again.
        let Some(staged) = self
            .staged
            .iter()
            .find(|staged| staged.lane == lane)
            .filter(|staged| staged.kind == Kind::Frame)
        else {
            return Ok(None);
        };
        let (encoding, sequence, counts) = (staged.encoding, staged.sequence, staged.counts());
        let body = staged.record[staged.payload_at..].to_vec();
        Ok(Some(self.hand_out(
            lane,
            self.identity.agent,
            encoding,
            sequence,
            counts,
            (Vec::new(), body),
        )))
    }

    /// The time of the oldest rows that wait in any table, microseconds since 1970.
    ///
    /// # Errors
    /// A segment cannot be read.
    pub fn oldest_time(&mut self) -> Result<Option<i64>, SpoolError> {
        let mut oldest = None;
        for lane in 0..self.lanes.len() {
            let on_disk = if self.lanes[lane].on_disk.is_empty() {
                None
            } else {
                self.front(lane)?
            };
            let in_memory = || {
                self.staged
                    .iter()
                    .find(|staged| staged.lane == lane)
                    .map(|staged| staged.time_usec)
            };
            let time = on_disk.map(|front| front.time_usec).or_else(in_memory);
            oldest = [oldest, time].into_iter().flatten().min();
        }
        Ok(oldest)
    }

    fn hand_out(
        &mut self,
        lane: usize,
        agent: AgentId,
        encoding: Encoding,
        sequence: Sequence,
        counts: Counts,
        (note, body): (Vec<u8>, Vec<u8>),
    ) -> Outgoing {
        let own = self.identity.agent;
        let state = &mut self.lanes[lane];
        let fresh = state.is_fresh(agent, own, sequence);
        if agent == own {
            state.attempted = state.attempted.max(sequence.0);
        }
        state.lease = Some(Lease {
            agent,
            sequence,
            counts,
            dropped: None,
        });
        Outgoing {
            agent,
            table: state.table,
            sequence,
            encoding,
            rows: counts.rows as u32,
            fresh,
            body,
            note,
        }
    }

    /// The server has the frame: it is done. Answers whether it was still there.
    pub fn acknowledge(&mut self, frame: &Outgoing) -> bool {
        let done = self.finish(frame);
        if let Some(counts) = done {
            let lane = self.lane_of(frame.table);
            self.lanes[lane].acknowledged += counts;
        }
        done.is_some()
    }

    /// The server will never take the frame; the caller has put it aside. It is done here.
    pub fn set_aside(&mut self, frame: &Outgoing) {
        let _ = self.finish(frame);
    }

    /// The frame was not answered for; it will be handed out again.
    pub fn release(&mut self, frame: &Outgoing) {
        let lane = self.lane_of(frame.table);
        let state = &mut self.lanes[lane];
        if let Some(lease) = state.lease.take()
            && let Some(why) = lease.dropped
        {
            state.lose(lease.counts, why);
        }
    }

    fn finish(&mut self, frame: &Outgoing) -> Option<Counts> {
        let lane = self.lane_of(frame.table);
        let lease = self.lanes[lane].lease.take()?;
        if (lease.agent, lease.sequence) != (frame.agent, frame.sequence) {
            return None;
        }
        if lease.dropped.is_some() {
            // It went to make room while it was on its way, and arrived: nothing is lost.
            return Some(lease.counts);
        }
        if let Some(front) = self.lanes[lane]
            .front
            .filter(|f| (f.agent, f.sequence) == (frame.agent, frame.sequence))
        {
            self.advance(lane, front);
        } else if let Some(at) = self
            .staged
            .iter()
            .position(|s| s.lane == lane && s.sequence == frame.sequence)
        {
            let staged = self.staged.remove(at)?;
            self.staged_bytes -= staged.record.len() as u64;
            self.lanes[lane].in_memory -= staged.counts();
        } else if let Ok(Some(front)) = self.front(lane)
            && (front.agent, front.sequence) == (frame.agent, frame.sequence)
        {
            // It was handed out of memory and has gone to disk meanwhile.
            self.advance(lane, front);
        }
        self.mark_done(lane, frame.agent, frame.sequence);
        Some(lease.counts)
    }

    /// This process' identity is somebody else's too: the server says of `frame`, which nobody has sent before, that it
    /// has its number. A new identity is made, and what was not sent yet will be numbered anew under it.
    ///
    /// # Errors
    /// The new identity cannot be stored; nothing has changed then.
    pub fn renew_identity(&mut self, frame: &Outgoing) -> Result<(), SpoolError> {
        let old = self.identity.clone();
        self.identity.renew();
        for lane in &self.lanes {
            self.identity
                .reserved
                .insert(lane.table.name.to_owned(), Sequence::FIRST.0 + BLOCK);
        }
        if let Err(error) = self.identity.store(&self.settings.dir) {
            self.identity = old;
            return Err(SpoolError::io(
                "store a new identity in",
                &self.settings.dir,
            )(error));
        }
        for (at, lane) in self.lanes.iter_mut().enumerate() {
            let first = if lane.table.name == frame.table.name {
                frame.sequence.0
            } else {
                lane.attempted + 1
            };
            lane.renumber.push((old.agent, first.max(lane.run_start)));
            (lane.next, lane.run_start, lane.attempted) = (Sequence::FIRST.0, Sequence::FIRST.0, 0);
            self.reserved[at] = Sequence::FIRST.0 + BLOCK;
        }
        self.active = None;
        for staged in &mut self.staged {
            let lane = &mut self.lanes[staged.lane];
            staged.sequence = Sequence(lane.next);
            lane.next += 1;
            let body = staged.record.split_off(staged.payload_at);
            staged.record.clear();
            let header = Header {
                kind: staged.kind,
                ..Header::frame(
                    staged.encoding,
                    lane.table.name,
                    staged.sequence,
                    staged.rows,
                    staged.time_usec,
                )
            };
            record::write(&mut staged.record, &header, &body);
        }
        self.release(frame);
        Ok(())
    }

    /// Numbers a frame anew: appends it under the present identity and is done with the old one.
    fn move_to_end(&mut self, lane: usize, front: Front, note: &[u8], body: &[u8]) {
        let table = self.lanes[lane].table;
        self.append(&[super::NewFrame {
            table,
            encoding: front.encoding,
            rows: front.rows,
            time_usec: front.time_usec,
            body,
            // Newer notes have come meanwhile, so it says what is in the frame and nothing else.
            note: (front.kind == Kind::Noted).then_some(super::Note {
                number: 0,
                bytes: note,
            }),
        }]);
        if self.lanes[lane].front == Some(front) {
            self.advance(lane, front);
            self.mark_done(lane, front.agent, front.sequence);
        }
    }

    /// Remembers that a frame is done, and lets go of segments that nothing waits in.
    fn mark_done(&mut self, lane: usize, agent: AgentId, sequence: Sequence) {
        let done = self.done.entry((agent, lane)).or_default();
        *done = (*done).max(sequence.0);
        self.note_done(lane, agent, sequence);
        self.remove_done();
    }

    fn advance(&mut self, lane: usize, front: Front) {
        let counts = front.counts();
        if let Some(at) = self.segment_at(front.at.segment) {
            *self.segments[at].waiting(lane) -= counts;
        }
        let state = &mut self.lanes[lane];
        state.on_disk -= counts;
        state.front = None;
        state.cursor = Place {
            segment: front.at.segment,
            offset: front.at.offset + front.record_length,
        };
    }

    /// Writes down that a frame is done, so that the next process does not send it again. It is flushed with the next
    /// frames; were it lost, the server would know the frame.
    fn note_done(&mut self, lane: usize, agent: AgentId, sequence: Sequence) {
        let (Some(file), Some(last)) = (&self.active, self.segments.back_mut()) else {
            return;
        };
        let mut note = Vec::with_capacity(64);
        let table = self.lanes[lane].table.name;
        let header = Header::new(Kind::Acknowledged, Encoding::Identity, table, sequence);
        record::write(&mut note, &header, agent.as_bytes());
        if file.write_all_at(&note, last.length).is_ok() {
            last.length += note.len() as u64;
        }
    }

    /// Removes the oldest segments that nothing waits in, and empties the one that is written to when nothing waits at all:
    /// with a server that answers, the spool is one small file.
    pub(super) fn remove_done(&mut self) {
        let kept = self.notes_kept;
        while self.segments.len() > 1
            && self
                .segments
                .front()
                .is_some_and(|oldest| oldest.may_go(kept))
        {
            let Some(oldest) = self.segments.pop_front() else {
                return;
            };
            if self.reader.as_ref().is_some_and(|(id, _)| *id == oldest.id) {
                self.reader = None;
            }
            let _ = segment::remove(&self.settings.dir, oldest.id);
        }
        if let (Some(file), Some(last)) = (&self.active, self.segments.back_mut())
            && last.may_go(kept)
            && last.length > EMPTIED_ABOVE
            && file.set_len(segment::HEADER as u64).is_ok()
        {
            last.length = segment::HEADER as u64;
        }
    }

    /// Finds the oldest frame of a lane on disk.
    fn front(&mut self, lane: usize) -> Result<Option<Front>, SpoolError> {
        if let Some(front) = self.lanes[lane].front {
            return Ok(Some(front));
        }
        let mut place = self.lanes[lane].cursor;
        let first = self
            .segments
            .partition_point(|segment| segment.id < place.segment);
        for at in first..self.segments.len() {
            let (id, agent) = (self.segments[at].id, self.segments[at].agent);
            if place.segment != id {
                place = Place {
                    segment: id,
                    offset: segment::HEADER as u64,
                };
            }
            while place.offset < self.segments[at].length
                && !self.segments[at].waiting_in(lane).is_empty()
            {
                let Some(found) = self.header_at(place, agent, lane)? else {
                    self.repair(id)?;
                    place = self.lanes[lane].cursor.max(Place {
                        segment: id,
                        offset: segment::HEADER as u64,
                    });
                    continue;
                };
                match found {
                    (_, Some(front)) => {
                        let state = &mut self.lanes[lane];
                        state.cursor = place;
                        state.front = Some(front);
                        return Ok(Some(front));
                    }
                    (length, None) => place.offset += length,
                }
            }
        }
        // The counts say that something waits and nothing is found; the counts are wrong then, not the disk.
        let state = &mut self.lanes[lane];
        let missing = state.on_disk;
        state.lose(missing, Loss::Broken);
        state.on_disk = Counts::default();
        for segment in &mut self.segments {
            *segment.waiting(lane) = Counts::default();
        }
        Ok(None)
    }

    /// The record at a place: its length, and the frame when it is one of the lane's that waits. `None` when there is no
    /// sound header.
    fn header_at(
        &mut self,
        place: Place,
        agent: AgentId,
        lane: usize,
    ) -> Result<Option<(u64, Option<Front>)>, SpoolError> {
        let mut bytes = [0; record::HEADER + u8::MAX as usize];
        let length = self.read_up_to(place.segment, place.offset, &mut bytes)?;
        let Some(header) = record::read(&bytes[..length]) else {
            return Ok(None);
        };
        let record_length = header.record_length() as u64;
        let done = self.done.get(&(agent, lane)).copied().unwrap_or(0);
        let ours = header.kind.is_frame()
            && header.table == self.lanes[lane].table.name
            && header.sequence.0 > done;
        let front = ours.then(|| Front {
            at: place,
            kind: header.kind,
            agent,
            encoding: header.encoding,
            sequence: header.sequence,
            rows: header.rows,
            time_usec: header.time_usec,
            payload_at: place.offset + header.payload_at() as u64,
            payload_length: header.payload_length as usize,
            payload_crc: header.payload_crc,
            record_length,
        });
        Ok(Some((record_length, front)))
    }

    fn read(&mut self, id: u64, offset: u64, bytes: &mut [u8]) -> Result<(), SpoolError> {
        let path = segment::path(&self.settings.dir, id);
        let file = self.reader(id)?;
        file.read_exact_at(bytes, offset)
            .map_err(SpoolError::io("read", path))
    }

    fn read_up_to(&mut self, id: u64, offset: u64, bytes: &mut [u8]) -> Result<usize, SpoolError> {
        let path = segment::path(&self.settings.dir, id);
        let file = self.reader(id)?;
        let mut length = 0;
        while length < bytes.len() {
            match file.read_at(&mut bytes[length..], offset + length as u64) {
                Ok(0) => break,
                Ok(n) => length += n,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(SpoolError::io("read", path)(error)),
            }
        }
        Ok(length)
    }

    fn reader(&mut self, id: u64) -> Result<&std::fs::File, SpoolError> {
        if self.reader.as_ref().is_none_or(|(open, _)| *open != id) {
            let path = segment::path(&self.settings.dir, id);
            let file =
                segment::open(&self.settings.dir, id).map_err(SpoolError::io("open", path))?;
            self.reader = Some((id, file));
        }
        match &self.reader {
            Some((_, file)) => Ok(file),
            None => Err(SpoolError::io(
                "open",
                segment::path(&self.settings.dir, id),
            )(io::Error::other("not open"))),
        }
    }
}
