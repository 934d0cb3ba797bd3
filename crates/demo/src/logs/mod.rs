//! What containers write.

mod messages;

pub(crate) use messages::{Teller, line};

/// How a container talks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Voice {
    /// Not at all.
    Silent,
    /// A web server's access log.
    Access,
    Cart,
    Checkout,
    Catalog,
    Recommender,
    Search,
    Redis,
    Mail,
    Payments,
    Fraud,
    Postgres,
    Video,
    Dns,
    NodeAgent,
    /// Now and then a word that all is well.
    Quiet,
    /// A job, which says what it has done.
    Job,
    /// Any service of any team.
    Service,
}

/// One entry, which may be several lines of the file: a stack trace.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) at: i64,
    /// The instance that wrote it, and its number from 0.
    pub(crate) container_id: String,
    pub(crate) instance: i64,
    pub(crate) level: Option<&'static str>,
    pub(crate) is_error_stream: bool,
    pub(crate) message: String,
}

/// Where the agent is in a container's log, and what it has counted since the last row of the ledger.
#[derive(Debug, Clone, Default)]
pub(crate) struct LogFile {
    /// The instance whose file is written.
    pub(crate) instance: i64,
    /// Entries of the file so far.
    pub(crate) sequence: i64,
    /// Bytes of the file so far.
    pub(crate) offset: i64,
    /// Bytes and entries since the last row of the ledger.
    pub(crate) bytes: i64,
    pub(crate) entries: i64,
    /// Entries in the tick before, which the server has acknowledged by now.
    pub(crate) waiting: i64,
    pub(crate) row_at: Option<i64>,
    /// Part of a line that is due.
    pub(crate) due: f64,
}

/// What the runtime puts before each line: time with nanoseconds, stream, whether it is whole.
const PREFIX_BYTES: i64 = 46;

impl LogFile {
    /// Takes a line into the account; answers its place in the file and its number.
    pub(crate) fn write(&mut self, line: &Line) -> Place {
        if line.instance != self.instance {
            (self.instance, self.sequence, self.offset) = (line.instance, 0, 0);
        }
        let lines = 1 + line.message.matches('\n').count() as i64;
        let bytes = line.message.len() as i64 + 1 + PREFIX_BYTES * lines;
        let place = Place {
            offset: self.offset,
            sequence: self.sequence + 1,
            lines,
        };
        self.sequence += 1;
        self.offset += bytes;
        self.bytes += bytes;
        self.entries += 1;
        place
    }
}

/// Where a line is in its file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub(crate) offset: i64,
    pub(crate) sequence: i64,
    pub(crate) lines: i64,
}
