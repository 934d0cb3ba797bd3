//! What comes out.

/// How the lines of a file are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Format {
    /// `<RFC 3339 time> stdout|stderr P|F[:tags] <text>`, by containerd and CRI-O.
    Cri,
    /// `{"log":"<text>\n","stream":"stdout","time":"<RFC 3339>"}`, by Docker's `json-file` driver.
    Docker,
    /// As the writer wrote it: host logs.
    Plain,
}

/// Which of a container's two outputs a line came from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

impl Stream {
    /// The word that both runtimes write.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Stream::Stdout => "stdout",
            Stream::Stderr => "stderr",
        }
    }
}

/// How grave an entry is, by its own words. Ordered from the least to the gravest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Level {
    /// The finest detail.
    Trace,
    /// Detail for who looks for a fault.
    Debug,
    /// The ordinary course of things; notices too.
    Info,
    /// Something to look at.
    Warn,
    /// Something failed.
    Error,
    /// Something cannot go on: fatal, critical, alert, emergency, a panic.
    Fatal,
}

impl Level {
    /// The word in the `level` column.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Level::Trace => "trace",
            Level::Debug => "debug",
            Level::Info => "info",
            Level::Warn => "warn",
            Level::Error => "error",
            Level::Fatal => "fatal",
        }
    }
}

/// What becomes a row of `log`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Entry<'a> {
    /// Microseconds since 1970 when it was written, as far as that is known, else when it was read.
    pub(crate) time_usec: i64,
    /// Nanoseconds below the microsecond, 0 to 999, where the line has them.
    pub(crate) time_nsec: Option<u16>,
    /// What the line was stamped with, in microseconds since 1970, where that is no time to believe.
    pub(crate) stamped_usec: Option<i64>,
    /// `None` for [`Format::Plain`]. A malformed line of the others counts as standard output.
    pub(crate) stream: Option<Stream>,
    /// The text, without its line end.
    pub(crate) message: &'a str,
    /// Where its first line starts in the file.
    pub(crate) offset: u64,
    /// How many lines of the file it was made of, from 1.
    pub(crate) lines: u32,
    /// Bytes cut off the end of the message.
    pub(crate) truncated_bytes: u64,
    /// Bytes that were no UTF-8; U+FFFD stands in their place.
    pub(crate) invalid_bytes: u64,
    /// What the message says of itself, if it does.
    pub(crate) level: Option<Level>,
    /// Whether it was not in the file's format and is kept as it was.
    pub(crate) malformed: bool,
    /// Whether something in it was masked.
    pub(crate) redacted: bool,
}

/// Takes entries.
pub(crate) trait EntrySink {
    /// Takes the next one. Entries of one stream come in the writer's order.
    fn entry(&mut self, entry: &Entry<'_>);
}
