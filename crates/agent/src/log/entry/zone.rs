//! The host's time zone, for times that do not name one: `/etc/localtime`, a TZif file (RFC 9636).

mod posix;

use posix::Rule;

/// Offsets from UTC, in time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Zone {
    /// From when, in seconds since 1970, which offset holds, in seconds east of UTC; in order of time.
    changes: Vec<(i64, i64)>,
    /// Before the first change.
    first: i64,
    /// After the last one, if that is not for ever.
    rule: Option<Rule>,
}

impl Zone {
    /// One that never changes: so many seconds east of UTC.
    pub(crate) fn fixed(seconds_east: i32) -> Zone {
        Zone {
            changes: Vec::new(),
            first: i64::from(seconds_east),
            rule: None,
        }
    }

    /// Reads a TZif file of version 2 or later; `None` if it is none.
    pub(crate) fn tzif(bytes: &[u8]) -> Option<Zone> {
        // The first block has 32-bit times and is there for old readers.
        let (old, rest) = Header::read(bytes)?;
        let rest = rest.get(old.length(4)?..)?;
        let (header, data) = Header::read(rest)?;
        let (times, rest) = data.split_at_checked(header.times.checked_mul(8)?)?;
        let (kinds, rest) = rest.split_at_checked(header.times)?;
        let (offsets, _) = rest.split_at_checked(header.kinds.checked_mul(6)?)?;
        let offset = |kind: u8| {
            let kind = offsets.get(usize::from(kind) * 6..)?.first_chunk::<4>()?;
            Some(i64::from(i32::from_be_bytes(*kind)))
        };
        let mut changes = Vec::with_capacity(header.times);
        for (time, kind) in times.as_chunks::<8>().0.iter().zip(kinds) {
            changes.push((i64::from_be_bytes(*time), offset(*kind)?));
        }
        if !changes.is_sorted_by_key(|c| c.0) {
            return None;
        }
        let footer = data.get(header.length(8)?..)?.strip_prefix(b"\n")?;
        let footer = footer.get(..memchr::memchr(b'\n', footer)?)?;
        Some(Zone {
            changes,
            first: offset(0)?,
            rule: Rule::read(footer),
        })
    }

    /// Seconds since 1970 in UTC of a local time, given as if it were UTC. Of two that an hour put back makes of one, the
    /// later; a time that an hour put forward leaves out is taken as before the change.
    pub(super) fn utc(&self, local: i64) -> i64 {
        // Offsets are below a day, so those that hold a day before and after are all that come into question.
        let (before, after) = (
            self.offset(local.saturating_sub(86_400)),
            self.offset(local.saturating_add(86_400)),
        );
        let later = local.saturating_sub(after);
        if self.offset(later) == after {
            return later;
        }
        local.saturating_sub(before)
    }

    /// What holds at a moment.
    fn offset(&self, utc: i64) -> i64 {
        let next = self.changes.partition_point(|(time, _)| *time <= utc);
        match (
            &self.rule,
            next.checked_sub(1).and_then(|at| self.changes.get(at)),
        ) {
            (Some(rule), _) if next == self.changes.len() => rule.offset(utc),
            (_, Some((_, offset))) => *offset,
            (_, None) => self.first,
        }
    }
}

/// The counts of a block.
struct Header {
    utc_marks: usize,
    standard_marks: usize,
    leaps: usize,
    times: usize,
    kinds: usize,
    letters: usize,
}

impl Header {
    fn read(bytes: &[u8]) -> Option<(Header, &[u8])> {
        let (head, rest) = bytes.split_first_chunk::<44>()?;
        if !head.starts_with(b"TZif") || head[4] < b'2' {
            return None;
        }
        let count = |at: usize| {
            let number = head.get(at..)?.first_chunk::<4>()?;
            usize::try_from(u32::from_be_bytes(*number)).ok()
        };
        let header = Header {
            utc_marks: count(20)?,
            standard_marks: count(24)?,
            leaps: count(28)?,
            times: count(32)?,
            kinds: count(36)?,
            letters: count(40)?,
        };
        Some((header, rest))
    }

    /// Bytes of the block after its header; times have `width` bytes.
    fn length(&self, width: usize) -> Option<usize> {
        let of = |count: usize, each: usize| count.checked_mul(each);
        of(self.times, width + 1)?
            .checked_add(of(self.kinds, 6)?)?
            .checked_add(self.letters)?
            .checked_add(of(self.leaps, width + 4)?)?
            .checked_add(self.standard_marks)?
            .checked_add(self.utc_marks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A file as `zic -b slim` makes it, with no changes but those of its footer.
    fn slim(footer: &str, changes: &[(i64, u8)], offsets: &[i32]) -> Vec<u8> {
        let mut file = Vec::new();
        for (version, width) in [(false, 4), (true, 8)] {
            file.extend_from_slice(b"TZif2");
            file.extend_from_slice(&[0; 15 + 12]);
            let times = if version { changes.len() as u32 } else { 0 };
            for count in [times, offsets.len() as u32, 4] {
                file.extend_from_slice(&count.to_be_bytes());
            }
            let _ = width;
            if version {
                changes
                    .iter()
                    .for_each(|c| file.extend_from_slice(&c.0.to_be_bytes()));
                file.extend(changes.iter().map(|c| c.1));
            }
            for offset in offsets {
                file.extend_from_slice(&offset.to_be_bytes());
                file.extend_from_slice(&[0, 0]);
            }
            file.extend_from_slice(b"XXX\0");
        }
        file.extend_from_slice(format!("\n{footer}\n").as_bytes());
        file
    }

    fn seconds(text: &str) -> i64 {
        let (stamp, _) = super::super::stamp::rfc3339(text.as_bytes(), false).unwrap();
        stamp.usec / 1_000_000
    }

    #[test]
    fn summer_and_winter_have_their_offsets() {
        let berlin = slim("CET-1CEST,M3.5.0,M10.5.0/3", &[(0, 0)], &[3600]);
        let berlin = Zone::tzif(&berlin).unwrap();
        let sydney = slim("AEST-10AEDT,M10.1.0,M4.1.0/3", &[], &[36_000]);
        let sydney = Zone::tzif(&sydney).unwrap();
        let new_york = slim("EST5EDT,M3.2.0,M11.1.0", &[], &[-18_000]);
        let new_york = Zone::tzif(&new_york).unwrap();
        let india = Zone::tzif(&slim("<+0530>-5:30", &[], &[19_800])).unwrap();
        for (zone, local, utc) in [
            (&berlin, "2026-11-25T20:31:04Z", "2026-11-25T19:31:04Z"),
            (&berlin, "2026-07-25T20:31:04Z", "2026-07-25T18:31:04Z"),
            (&berlin, "2026-03-29T01:59:59Z", "2026-03-29T00:59:59Z"),
            // Left out: 02:30 never was.
            (&berlin, "2026-03-29T02:30:00Z", "2026-03-29T01:30:00Z"),
            (&berlin, "2026-03-29T03:00:00Z", "2026-03-29T01:00:00Z"),
            // Twice: the later one.
            (&berlin, "2026-10-25T02:30:00Z", "2026-10-25T01:30:00Z"),
            (&berlin, "2026-10-25T01:59:59Z", "2026-10-24T23:59:59Z"),
            (&sydney, "2026-12-31T23:00:00Z", "2026-12-31T12:00:00Z"),
            (&sydney, "2027-01-01T08:00:00Z", "2026-12-31T21:00:00Z"),
            (&sydney, "2026-07-01T10:00:00Z", "2026-07-01T00:00:00Z"),
            (&new_york, "2026-11-01T00:59:59Z", "2026-11-01T04:59:59Z"),
            (&new_york, "2026-11-01T02:00:00Z", "2026-11-01T07:00:00Z"),
            (&new_york, "2026-07-04T12:00:00Z", "2026-07-04T16:00:00Z"),
            (&india, "2026-11-25T20:31:04Z", "2026-11-25T15:01:04Z"),
        ] {
            assert_eq!(zone.utc(seconds(local)), seconds(utc), "{local}");
        }
    }

    #[test]
    fn changes_of_the_past_are_kept() {
        let change = seconds("2020-06-01T00:00:00Z");
        let zone = Zone::tzif(&slim("", &[(change, 1)], &[3600, 7200])).unwrap();
        assert_eq!(
            zone.utc(seconds("2020-01-01T01:00:00Z")),
            seconds("2020-01-01T00:00:00Z")
        );
        assert_eq!(
            zone.utc(seconds("2026-01-01T02:00:00Z")),
            seconds("2026-01-01T00:00:00Z")
        );
    }

    #[test]
    fn the_machines_own_file_is_read_if_there_is_one() {
        for name in ["Europe/Berlin", "America/New_York", "Asia/Tokyo", "UTC"] {
            if let Ok(bytes) = std::fs::read(format!("/usr/share/zoneinfo/{name}")) {
                let zone = Zone::tzif(&bytes).unwrap_or_else(|| panic!("{name}"));
                let summer = seconds("2026-07-04T12:00:00Z");
                let hours = match name {
                    "Europe/Berlin" => 2,
                    "America/New_York" => -4,
                    "Asia/Tokyo" => 9,
                    _ => 0,
                };
                assert_eq!(zone.utc(summer), summer - hours * 3600, "{name}");
            }
        }
    }

    proptest! {
        #[test]
        fn no_file_is_too_strange(spoils in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 0..8), cut: proptest::sample::Index, at: i64) {
            let mut file = slim("CET-1CEST,M3.5.0,M10.5.0/3", &[(0, 0), (1, 1)], &[3600, 7200]);
            for (place, byte) in spoils {
                let place = place.index(file.len());
                file[place] = byte;
            }
            file.truncate(cut.index(file.len()) + 1);
            if let Some(zone) = Zone::tzif(&file) {
                zone.utc(at);
            }
        }
    }
}
