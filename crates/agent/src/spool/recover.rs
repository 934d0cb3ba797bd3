//! Opening what a process left behind.

use std::collections::{HashMap, VecDeque};
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use catalogue::Table;
use rustix::fs::{FlockOperation, flock};
use wire::AgentId;

use super::error::SpoolError;
use super::figures::{Counts, Loss};
use super::identity::{Identity, Opened};
use super::lane::Place;
use super::record::{Header, Kind};
use super::scan::{Broken, Scan, scan};
use super::{Segment, Spool, SpoolSettings, broken, segment};

/// What was found when a spool was opened.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Recovery {
    /// What waits from before.
    pub waiting: Counts,
    /// Bytes of an unfinished write, cut off: their frames were never sent and never said to be durable.
    pub torn_bytes: u64,
    /// Damaged frames whose headers told what they were.
    pub broken: Counts,
    /// Damaged bytes of which it is not known what they were.
    pub unknown_broken_bytes: u64,
    /// Where damaged bytes were put.
    pub set_aside: Vec<PathBuf>,
    /// Whether there was an identity that could not be read, so that a new one was made.
    pub identity_lost: bool,
    /// Whether the folder came from another machine, so that a new identity was made.
    pub identity_foreign: bool,
}

/// A note that was found when a spool was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FoundNote<'b> {
    /// The table of its frame.
    pub table: &'static Table,
    /// Its number.
    pub number: u64,
    /// What it says.
    pub bytes: &'b [u8],
    /// Whether its frame still waits for the server.
    pub waits: bool,
}

/// Numbers that are done, and the lowest that was seen, while segments are read from the newest to the oldest.
#[derive(Debug, Default)]
struct Backwards {
    done: HashMap<(AgentId, usize), u64>,
    seen: HashMap<(AgentId, usize), u64>,
}

impl Spool {
    /// Opens the spool in a folder, or makes one. Whole frames of earlier processes wait again; unfinished and damaged
    /// writes are cut off or set aside, and counted.
    ///
    /// # Errors
    /// The folder is another agent's, or cannot be read or written.
    pub fn open(settings: SpoolSettings) -> Result<(Spool, Recovery), SpoolError> {
        Spool::open_with(settings, u64::MAX, &mut |_| ())
    }

    /// Opens as [`Spool::open`] does, and shows every note that is there, from the newest to the oldest. Notes up to
    /// `notes_kept` are kept elsewhere.
    ///
    /// # Errors
    /// See [`Spool::open`].
    pub fn open_with(
        settings: SpoolSettings,
        notes_kept: u64,
        on_note: &mut dyn FnMut(FoundNote<'_>),
    ) -> Result<(Spool, Recovery), SpoolError> {
        let dir = settings.dir.clone();
        fs::create_dir_all(&dir).map_err(SpoolError::io("create", &dir))?;
        let lock = lock(&dir)?;
        let mut recovery = Recovery::default();
        let (identity, is_new) = match Identity::open(&dir, &settings.machine)
            .map_err(SpoolError::io("read the identity in", &dir))?
        {
            Opened::Known(identity) => (identity, false),
            Opened::New(identity) => (identity, true),
            Opened::Foreign(identity) => {
                recovery.identity_foreign = true;
                (identity, true)
            }
            Opened::Broken(identity) => {
                recovery.identity_lost = true;
                (identity, true)
            }
        };
        if is_new {
            identity
                .store(&dir)
                .map_err(SpoolError::io("store the identity in", &dir))?;
        }
        let ids = segment::list(&dir).map_err(SpoolError::io("list", &dir))?;
        let mut spool = Spool {
            settings,
            identity,
            reserved: Vec::new(),
            lanes: Vec::new(),
            segments: VecDeque::new(),
            next_segment: ids.last().map_or(1, |last| last + 1),
            active: None,
            reader: None,
            done: HashMap::new(),
            staged: VecDeque::new(),
            staged_bytes: 0,
            notes_kept,
            buffer: Vec::new(),
            write_failures: 0,
            torn_bytes: 0,
            broken_pieces: 0,
            unknown_broken_bytes: 0,
            _lock: lock,
        };
        let known: Vec<String> = spool.identity.reserved.keys().cloned().collect();
        for table in known.iter().filter_map(|name| catalogue::table(name)) {
            spool.lane_of(table);
        }
        let mut backwards = Backwards::default();
        for id in ids.iter().rev().copied() {
            let is_newest = ids.last() == Some(&id);
            if let Some(segment) =
                spool.recover(id, is_newest, &mut backwards, &mut recovery, on_note)?
            {
                spool.segments.push_front(segment);
            }
        }
        spool.done = backwards.done;
        spool.start(&mut recovery);
        Ok((spool, recovery))
    }

    /// Reads one segment, and answers it when something may be in it.
    fn recover(
        &mut self,
        id: u64,
        is_newest: bool,
        backwards: &mut Backwards,
        recovery: &mut Recovery,
        on_note: &mut dyn FnMut(FoundNote<'_>),
    ) -> Result<Option<Segment>, SpoolError> {
        let path = segment::path(&self.settings.dir, id);
        let bytes = fs::read(&path).map_err(SpoolError::io("read", &path))?;
        let Some(agent) = segment::read_header(&bytes) else {
            // A crash while it was made, or damage: without the agent's id its frames cannot be sent.
            if !(is_newest && bytes.len() <= segment::HEADER) {
                let found = scan(&bytes);
                let frames = found
                    .records
                    .iter()
                    .map(|(_, h)| h)
                    .chain(found.broken.iter().flat_map(|b| &b.header));
                for header in frames {
                    self.count_broken(header, recovery);
                }
                self.keep(id, 0, &bytes, recovery);
            } else {
                recovery.torn_bytes += bytes.len() as u64;
            }
            fs::remove_file(&path).map_err(SpoolError::io("remove", &path))?;
            return Ok(None);
        };
        let mut found = scan(&bytes);
        let torn = found.torn.take();
        self.take_unknown_tables(&mut found);
        for piece in &found.broken {
            self.cut_out(id, piece, &bytes, recovery);
        }
        let mut length = bytes.len();
        if let Some(at) = torn {
            length = at;
            if is_newest {
                recovery.torn_bytes += (bytes.len() - at) as u64;
            } else {
                let header = super::record::read(&bytes[at..]);
                self.cut_out(
                    id,
                    &Broken {
                        at: at..bytes.len(),
                        header,
                    },
                    &bytes,
                    recovery,
                );
            }
        }
        if !found.broken.is_empty() {
            length = self.rewrite(id, agent, &found, &bytes)?;
        } else if length < bytes.len() {
            let cut = segment::open(&self.settings.dir, id).and_then(|file| {
                file.set_len(length as u64)?;
                file.sync_all()
            });
            cut.map_err(SpoolError::io("cut", &path))?;
        }
        let mut segment = Segment {
            id,
            agent,
            length: length as u64,
            waiting: Vec::new(),
            notes_to: 0,
        };
        self.count(&mut segment, &found, &bytes, backwards, on_note);
        Ok(Some(segment))
    }

    /// Counts what waits in a segment: frames that are neither done nor written again later. Segments come from the
    /// newest to the oldest, and their records are looked at backwards, so that what is known of a number is known before
    /// the number comes.
    fn count(
        &mut self,
        segment: &mut Segment,
        found: &Scan<'_>,
        bytes: &[u8],
        backwards: &mut Backwards,
        on_note: &mut dyn FnMut(FoundNote<'_>),
    ) {
        for (at, header) in found.records.iter().rev() {
            let Some(table) = catalogue::table(header.table) else {
                continue;
            };
            let lane = self.lane_of(table);
            match header.kind {
                Kind::Acknowledged => {
                    let Some(agent) = acknowledged_agent(&bytes[at + header.payload_at()..]) else {
                        continue;
                    };
                    let done = backwards.done.entry((agent, lane)).or_default();
                    *done = (*done).max(header.sequence.0);
                }
                Kind::Frame | Kind::Noted => {
                    let of = (segment.agent, lane);
                    let lowest = backwards.seen.entry(of).or_insert(u64::MAX);
                    let is_done =
                        header.sequence.0 <= backwards.done.get(&of).copied().unwrap_or(0);
                    let waits = !is_done && header.sequence.0 < *lowest;
                    let payload = &bytes[at + header.payload_at()..at + header.record_length()];
                    if let Some((Some((number, note)), _)) =
                        super::record::take_apart(header.kind, payload)
                    {
                        segment.notes_to = segment.notes_to.max(number);
                        on_note(FoundNote {
                            table,
                            number,
                            bytes: note,
                            waits,
                        });
                    }
                    if waits {
                        *lowest = header.sequence.0;
                        *segment.waiting(lane) +=
                            Counts::one(header.rows, header.payload_length as usize);
                    }
                }
            }
        }
    }

    /// Sets the lanes on what was found, and goes on with the last segment if it is ours and has room.
    fn start(&mut self, recovery: &mut Recovery) {
        let first = self
            .segments
            .front()
            .map_or(self.next_segment, |segment| segment.id);
        for (at, lane) in self.lanes.iter_mut().enumerate() {
            lane.cursor = Place {
                segment: first,
                offset: segment::HEADER as u64,
            };
            for segment in &self.segments {
                lane.on_disk += segment.waiting_in(at);
            }
            recovery.waiting += lane.on_disk;
        }
        let kept = self.notes_kept;
        while self
            .segments
            .front()
            .is_some_and(|oldest| oldest.may_go(kept))
        {
            if let Some(done) = self.segments.pop_front() {
                let _ = segment::remove(&self.settings.dir, done.id);
            }
        }
        self.torn_bytes = recovery.torn_bytes;
        self.unknown_broken_bytes = recovery.unknown_broken_bytes;
        if let Some(last) = self.segments.back()
            && last.agent == self.identity.agent
            && last.length < self.settings.segment_bytes()
        {
            self.active = segment::open(&self.settings.dir, last.id).ok();
        }
    }

    /// Mends a segment that turned out damaged while it was read: what is sound is kept, the rest set aside and counted.
    pub(super) fn repair(&mut self, id: u64) -> Result<(), SpoolError> {
        let Some(at) = self.segment_at(id) else {
            return Ok(());
        };
        let path = segment::path(&self.settings.dir, id);
        let mut bytes = fs::read(&path).map_err(SpoolError::io("read", &path))?;
        bytes.truncate(usize::try_from(self.segments[at].length).unwrap_or(usize::MAX));
        let (agent, before) = (
            self.segments[at].agent,
            std::mem::take(&mut self.segments[at].waiting),
        );
        let mut found = scan(&bytes);
        if let Some(torn) = found.torn.take() {
            found.broken.push(Broken {
                at: torn..bytes.len(),
                header: None,
            });
        }
        for piece in &found.broken {
            self.keep(
                id,
                piece.at.start,
                &bytes[piece.at.clone()],
                &mut Recovery::default(),
            );
        }
        let length = self.rewrite(id, agent, &found, &bytes)?;
        let mut mended = Segment {
            id,
            agent,
            length: length as u64,
            waiting: Vec::new(),
            notes_to: 0,
        };
        // What comes later is not to be counted again, and what is done is known.
        let mut backwards = Backwards {
            done: self.done.clone(),
            seen: HashMap::new(),
        };
        self.count(&mut mended, &found, &bytes, &mut backwards, &mut |_| ());
        for (lane, state) in self.lanes.iter_mut().enumerate() {
            let mut lost = before.get(lane).copied().unwrap_or_default();
            lost -= mended.waiting_in(lane);
            state.on_disk -= lost;
            state.lose(lost, Loss::Broken);
            if state.cursor.segment == id {
                state.cursor.offset = segment::HEADER as u64;
            }
            state.front = None;
        }
        self.segments[at] = mended;
        self.reader = None;
        if at + 1 == self.segments.len() {
            self.active = None;
        }
        Ok(())
    }

    /// Writes a segment anew with its sound records only; its new length.
    fn rewrite(
        &self,
        id: u64,
        agent: AgentId,
        found: &Scan<'_>,
        bytes: &[u8],
    ) -> Result<usize, SpoolError> {
        let path = segment::path(&self.settings.dir, id);
        let temporary = path.with_extension("mended");
        let mut sound = segment::header(agent).to_vec();
        for (at, header) in &found.records {
            sound.extend_from_slice(&bytes[*at..at + header.record_length()]);
        }
        let write = || {
            let mut file = File::create(&temporary)?;
            file.write_all(&sound)?;
            file.sync_all()?;
            fs::rename(&temporary, &path)?;
            segment::sync_folder(&self.settings.dir)
        };
        write().map_err(SpoolError::io("mend", &path))?;
        Ok(sound.len())
    }

    /// Frames of a table that this version does not know cannot be sent; they are treated as damaged ones.
    fn take_unknown_tables<'b>(&self, found: &mut Scan<'b>) {
        let (known, unknown): (Vec<_>, Vec<_>) = found
            .records
            .drain(..)
            .partition(|(_, header)| catalogue::table(header.table).is_some());
        found.records = known;
        let pieces = unknown
            .into_iter()
            .map(|(at, header): (usize, Header<'b>)| Broken {
                at: at..at + header.record_length(),
                header: Some(header),
            });
        found.broken.extend(pieces);
    }

    fn cut_out(&mut self, id: u64, piece: &Broken<'_>, bytes: &[u8], recovery: &mut Recovery) {
        match &piece.header {
            Some(header) => self.count_broken(header, recovery),
            None => recovery.unknown_broken_bytes += piece.at.len() as u64,
        }
        self.keep(id, piece.at.start, &bytes[piece.at.clone()], recovery);
    }

    fn count_broken(&mut self, header: &Header<'_>, recovery: &mut Recovery) {
        if !header.kind.is_frame() {
            return;
        }
        let counts = Counts::one(header.rows, header.payload_length as usize);
        recovery.broken += counts;
        if let Some(table) = catalogue::table(header.table) {
            let lane = self.lane_of(table);
            self.lanes[lane].lose(counts, Loss::Broken);
        }
    }

    fn keep(&mut self, id: u64, offset: usize, bytes: &[u8], recovery: &mut Recovery) {
        self.broken_pieces += 1;
        // Keeping damage is a service; that it fails is no reason not to start.
        if let Ok(Some(path)) =
            broken::keep(&self.settings.dir, &format!("{id:020}-{offset}"), bytes)
        {
            recovery.set_aside.push(path);
        }
    }
}

fn acknowledged_agent(payload: &[u8]) -> Option<AgentId> {
    payload
        .first_chunk::<16>()
        .map(|bytes| AgentId::from_bytes(*bytes))
}

fn lock(dir: &Path) -> Result<File, SpoolError> {
    let path = dir.join("lock");
    let open = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path);
    let file = open.map_err(SpoolError::io("open", &path))?;
    match flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(file),
        Err(rustix::io::Errno::WOULDBLOCK) => Err(SpoolError::InUse {
            dir: dir.to_owned(),
        }),
        Err(errno) => Err(SpoolError::io("lock", path)(errno.into())),
    }
}
