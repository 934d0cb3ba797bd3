//! Objects of JSON in which no key is there twice. Readers of JSON take the last of two, and what was meant is not known.

use std::collections::HashSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// Any value of JSON without such an object; it keeps nothing of it.
pub(super) struct Unique;

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Unique, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Unique;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value of JSON")
            }

            fn visit_unit<E: Error>(self) -> Result<Unique, E> {
                Ok(Unique)
            }

            fn visit_bool<E: Error>(self, _: bool) -> Result<Unique, E> {
                Ok(Unique)
            }

            fn visit_i64<E: Error>(self, _: i64) -> Result<Unique, E> {
                Ok(Unique)
            }

            fn visit_u64<E: Error>(self, _: u64) -> Result<Unique, E> {
                Ok(Unique)
            }

            fn visit_f64<E: Error>(self, _: f64) -> Result<Unique, E> {
                Ok(Unique)
            }

            fn visit_str<E: Error>(self, _: &str) -> Result<Unique, E> {
                Ok(Unique)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Unique, A::Error> {
                while list.next_element::<Unique>()?.is_some() {}
                Ok(Unique)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut keys: A) -> Result<Unique, A::Error> {
                let mut seen = HashSet::new();
                while let Some(key) = keys.next_key::<String>()? {
                    if seen.contains(&key) {
                        return Err(A::Error::custom(format!("'{key}' is there twice")));
                    }
                    seen.insert(key);
                    keys.next_value::<Unique>()?;
                }
                Ok(Unique)
            }
        }
        deserializer.deserialize_any(Any)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_is_there_twice_is_told_with_its_place() {
        let read = |text: &str| serde_json::from_str::<Unique>(text).map(|_| ());
        for text in [
            r#"{"a": {"a": 1}, "b": [{"a": null}, {"a": -1.5e3}], "c": "a", "d": true}"#,
            "[]",
            "7",
        ] {
            assert!(read(text).is_ok(), "{text}");
        }
        let said = |text: &str| read(text).unwrap_err().to_string();
        assert_eq!(
            said("{\"a\": 1,\n \"a\": 2}"),
            "'a' is there twice at line 2 column 4"
        );
        assert!(
            said(r#"[{"b": {"Period": 1, "Period": 1}}]"#).starts_with("'Period' is there twice")
        );
    }
}
