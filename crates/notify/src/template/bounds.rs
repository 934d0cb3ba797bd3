//! What keeps a template small.

use std::io::{self, Write};

/// Takes so many bytes and no more.
#[derive(Debug)]
pub(super) struct Bounded {
    bytes: Vec<u8>,
    most: usize,
    is_full: bool,
}

impl Bounded {
    pub(super) fn new(most: usize) -> Bounded {
        Bounded {
            bytes: Vec::new(),
            most,
            is_full: false,
        }
    }

    /// Whether more was offered than it takes.
    pub(super) fn is_full(&self) -> bool {
        self.is_full
    }

    pub(super) fn into_text(self) -> String {
        let mut text = String::from_utf8_lossy(&self.bytes).into_owned();
        if self.is_full {
            // A character that was cut in two.
            while text.ends_with('\u{fffd}') {
                text.pop();
            }
            text.push('…');
        }
        text
    }
}

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = self.most - self.bytes.len();
        if bytes.len() > room {
            self.bytes
                .extend_from_slice(bytes.get(..room).unwrap_or_default());
            self.is_full = true;
            return Err(io::Error::other("the text is too long"));
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The words with which a tag may begin.
const TAGS: [&str; 6] = ["if", "elif", "else", "endif", "for", "endfor"];

/// The first thing with which a template could grow a value at each step, with its line: such memory is not counted by steps.
/// It looks inside of tags and expressions only, and not into texts in quotes.
pub(super) fn forbidden(source: &str) -> Option<(usize, String)> {
    let mut rest = source;
    let line = |rest: &str| source[..source.len() - rest.len()].matches('\n').count() + 1;
    loop {
        let at = rest
            .find("{%")
            .into_iter()
            .chain(rest.find("{{"))
            .chain(rest.find("{#"))
            .min()?;
        let (opening, inside) = rest[at..].split_at(2);
        let closing = match opening {
            "{%" => "%}",
            "{{" => "}}",
            _ => {
                // A comment: whatever stands in it.
                rest = inside.split_once("#}")?.1;
                continue;
            }
        };
        if opening == "{%" {
            let tag = inside.trim_start_matches(['-', '+']).trim_start();
            let word: &str = tag
                .split(|c: char| !c.is_alphanumeric() && c != '_')
                .next()
                .unwrap_or_default();
            if !TAGS.contains(&word) {
                let message = format!("'{word}' is not allowed; there are {}", TAGS.join(", "));
                return Some((line(inside), message));
            }
        }
        let end = match scan(inside, closing) {
            Scan::Closed(end) => end,
            Scan::Forbidden(at, what) => {
                let message =
                    format!("'{what}' is not allowed; the filter 'times' multiplies numbers");
                return Some((line(&inside[at..]), message));
            }
            // The reader of templates says what is missing.
            Scan::Open => return None,
        };
        rest = &inside[end..];
    }
}

enum Scan {
    /// The end of the tag, behind its closing.
    Closed(usize),
    Forbidden(usize, &'static str),
    Open,
}

fn scan(inside: &str, closing: &str) -> Scan {
    let mut quote: Option<char> = None;
    let mut is_escaped = false;
    for (at, c) in inside.char_indices() {
        match quote {
            Some(_) if is_escaped => is_escaped = false,
            Some(_) if c == '\\' => is_escaped = true,
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if c == '"' || c == '\'' => quote = Some(c),
            None if c == '*' => return Scan::Forbidden(at, "*"),
            None if word_at(inside, at, "recursive") => return Scan::Forbidden(at, "recursive"),
            None if inside[at..].starts_with(closing) => return Scan::Closed(at + closing.len()),
            None => {}
        }
    }
    Scan::Open
}

fn word_at(text: &str, at: usize, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    text[at..]
        .strip_prefix(word)
        .is_some_and(|rest| !rest.starts_with(is_part) && !text[..at].ends_with(is_part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_grows_is_found_with_its_line() {
        for (source, line) in [
            ("{% set x = 1 %}", 1),
            ("a\nb{%-  set x = x ~ x %}", 2),
            ("{% with x = 1 %}{% endwith %}", 1),
            ("{{ alarm }}\n\n{{ 'a' * 9 }}", 3),
            ("{{ alarm }}{{ '\\'' }}{{ 2 ** 9 }}", 1),
            ("{% for x in tags recursive %}{% endfor %}", 1),
            ("{% include 'x' %}", 1),
            ("{% raw %}{% endraw %}", 1),
            ("{# a comment {% set %} #}{% set x = 1 %}", 1),
            ("{{ '}}' ~ alarm * 2 }}", 1),
        ] {
            assert_eq!(forbidden(source).map(|f| f.0), Some(line), "{source}");
        }
    }

    #[test]
    fn what_is_harmless_is_let_through() {
        for source in [
            "",
            "2 * 3 {% if value %}*{% else %}recursive{% endif %}",
            "{{ '*' ~ \"it's *\" }}",
            "{# * {% set %} #}",
            "{% for name in labels %}{{ tags.recursives }}{% endfor %}",
            "{{ alarm",
            "{% if",
            "{# open",
            "é{{ 'é' }}é",
        ] {
            let found = forbidden(source);
            assert!(found.is_none() || source == "{% if", "{source}: {found:?}");
        }
    }

    #[test]
    fn a_text_is_cut_between_characters() {
        let mut text = Bounded::new(4);
        assert!(write!(text, "aéé").is_err());
        assert_eq!(text.into_text(), "aé…");
        let mut whole = Bounded::new(5);
        assert!(write!(whole, "aéé").is_ok());
        assert_eq!(whole.into_text(), "aéé");
    }
}
