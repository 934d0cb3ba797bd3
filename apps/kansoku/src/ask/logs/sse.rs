//! Server-sent events, as much of them as our server sends.

use std::io::{self, BufRead, BufReader, Read};

/// The longest line of a stream: a full batch of the longest messages.
const LONGEST: u64 = 256 << 20;

/// An event.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Event {
    pub(super) name: String,
    pub(super) data: String,
}

/// The events of a body.
#[derive(Debug)]
pub(super) struct Events<R> {
    from: BufReader<R>,
}

impl<R: Read> Events<R> {
    pub(super) fn new(from: R) -> Events<R> {
        Events {
            from: BufReader::with_capacity(64 << 10, from),
        }
    }

    /// The next event; `None` when the body ends. What was broken off is no event.
    pub(super) fn next(&mut self) -> io::Result<Option<Event>> {
        let mut event = Event {
            name: String::new(),
            data: String::new(),
        };
        let mut line = String::new();
        loop {
            line.clear();
            if (&mut self.from).take(LONGEST).read_line(&mut line)? == 0 {
                return Ok(None);
            }
            let Some(text) = line.strip_suffix('\n') else {
                let broken = line.len() as u64 >= LONGEST;
                return if broken {
                    Err(io::Error::new(
                        io::ErrorKind::InvalidData,
                        "an endless line",
                    ))
                } else {
                    Ok(None)
                };
            };
            let text = text.strip_suffix('\r').unwrap_or(text);
            if text.is_empty() {
                if event.data.is_empty() {
                    // A comment, or nothing.
                    event.name.clear();
                    continue;
                }
                return Ok(Some(event));
            }
            let (field, value) = text.split_once(':').unwrap_or((text, ""));
            let value = value.strip_prefix(' ').unwrap_or(value);
            match field {
                "event" => event.name = value.to_owned(),
                "data" => {
                    if !event.data.is_empty() {
                        event.data.push('\n');
                    }
                    event.data.push_str(value);
                }
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_and_comments() {
        let body = ": hello\n\nevent: lines\ndata: {\"a\":\ndata: 1}\n\nevent:dropped\r\ndata:2\r\n\r\nevent: lines\ndata: 3\n";
        let mut events = Events::new(body.as_bytes());
        let mut next = || events.next().unwrap().map(|e| (e.name, e.data));
        assert_eq!(next(), Some(("lines".into(), "{\"a\":\n1}".into())));
        assert_eq!(next(), Some(("dropped".into(), "2".into())));
        assert_eq!(next(), None, "the last one is broken off");
    }
}
