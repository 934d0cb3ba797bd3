//! A definition as somebody wrote it: values of JSON or TOML, before it is known what they are for.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// A value as it was written. An object keeps a key that is there twice.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Written {
    /// `null`: as if the key were not there.
    Nothing,
    /// `true` or `false`.
    Flag(bool),
    /// A number; of TOML also one that is not finite.
    Number(f64),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Written>),
    /// Keys and values.
    Object(Vec<(String, Written)>),
    /// A date of TOML that is not in quotes, as it is written in RFC 3339.
    Date(String),
}

impl Written {
    /// What it is, for messages.
    pub(crate) fn what(&self) -> &'static str {
        match self {
            Written::Nothing => "null",
            Written::Flag(_) => "true or false",
            Written::Number(_) => "a number",
            Written::Text(_) => "a text",
            Written::List(_) => "a list",
            Written::Object(_) => "an object",
            Written::Date(_) => "a date",
        }
    }
}

impl<'de> Deserialize<'de> for Written {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Written, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Written;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value of JSON")
            }

            fn visit_unit<E: Error>(self) -> Result<Written, E> {
                Ok(Written::Nothing)
            }

            fn visit_bool<E: Error>(self, flag: bool) -> Result<Written, E> {
                Ok(Written::Flag(flag))
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<Written, E> {
                Ok(Written::Number(number as f64))
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<Written, E> {
                Ok(Written::Number(number as f64))
            }

            fn visit_f64<E: Error>(self, number: f64) -> Result<Written, E> {
                Ok(Written::Number(number))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Written, E> {
                Ok(Written::Text(text.to_owned()))
            }

            fn visit_string<E: Error>(self, text: String) -> Result<Written, E> {
                Ok(Written::Text(text))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Written, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = seq.next_element()? {
                    items.push(item);
                }
                Ok(Written::List(items))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Written, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Written::Object(entries))
            }
        }
        deserializer.deserialize_any(Any)
    }
}
