//! Where a page ended: the sort's value and the id of its last entity, so that the next page begins behind it even
//! when entities have come and gone meanwhile.

use std::borrow::Cow;

use crate::error::QueryError;

/// What an entity is sorted by.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Key<'a> {
    Number(f64),
    Text(Cow<'a, str>),
    /// No value: last.
    None,
}

/// A cursor that was handed out.
#[derive(Debug, PartialEq)]
pub(crate) struct Cursor {
    key: Key<'static>,
    pub(crate) id: String,
}

impl Cursor {
    /// The cursor behind an entity. A word to the caller, without meaning: JSON in hexadecimal, floats by their bits.
    pub(crate) fn write(key: &Key<'_>, id: &str, sort: &str) -> String {
        let (bits, text) = match key {
            Key::Number(number) => (Some(number.to_bits()), None),
            Key::Text(text) => (None, Some(text.as_ref())),
            Key::None => (None, None),
        };
        let json = serde_json::json!([sort, bits, text, id]).to_string();
        json.bytes().map(|byte| format!("{byte:02x}")).collect()
    }

    pub(crate) fn read(word: &str, sort: &str) -> Result<Cursor, QueryError> {
        let fault = || {
            QueryError::invalid(
                "after",
                "this is no cursor: take it from an answer's 'next' as it is",
            )
        };
        let bytes: Vec<u8> = word
            .as_bytes()
            .chunks(2)
            .map(|pair| std::str::from_utf8(pair).ok().filter(|p| p.len() == 2))
            .map(|pair| {
                pair.and_then(|p| u8::from_str_radix(p, 16).ok())
                    .ok_or_else(fault)
            })
            .collect::<Result<_, _>>()?;
        let (written_for, bits, text, id): (String, Option<u64>, Option<String>, String) =
            serde_json::from_slice(&bytes).map_err(|_| fault())?;
        if written_for != sort {
            return Err(QueryError::invalid(
                "after",
                format!("this cursor is of an answer sorted by '{written_for}'"),
            ));
        }
        let key = match (bits, text) {
            (Some(bits), _) => Key::Number(f64::from_bits(bits)),
            (None, Some(text)) => Key::Text(Cow::Owned(text)),
            (None, None) => Key::None,
        };
        Ok(Cursor { key, id })
    }

    pub(crate) fn key(&self) -> Key<'_> {
        self.key.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_wrote() {
        for key in [
            Key::Number(0.1 + 0.2),
            Key::Number(f64::MIN),
            Key::Text("a/é\"".into()),
            Key::None,
        ] {
            let word = Cursor::write(&key, "c/n%2F/é", "-cpu");
            assert!(word.bytes().all(|b| b.is_ascii_hexdigit()));
            let cursor = Cursor::read(&word, "-cpu").unwrap();
            assert_eq!((cursor.key(), cursor.id.as_str()), (key, "c/n%2F/é"));
        }
    }

    #[test]
    fn refuses_what_is_not_its_own() {
        let other_sort = Cursor::write(&Key::None, "a", "pod");
        assert!(
            Cursor::read(&other_sort, "")
                .unwrap_err()
                .message
                .contains("sorted by 'pod'")
        );
        for word in ["", "a", "zz", "7b7d", "é"] {
            assert!(
                Cursor::read(word, "")
                    .unwrap_err()
                    .message
                    .contains("no cursor"),
                "{word}"
            );
        }
    }
}
