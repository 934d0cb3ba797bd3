//! The language of log questions.
#![no_main]
#![allow(dead_code, unused_imports)]

#[path = "../../crates/query/src/error.rs"]
mod error;
#[path = "../../crates/query/src/logs/language/mod.rs"]
mod language;
/// What the errors need of it, without the catalogue.
mod nearest {
    pub(crate) fn either(names: &[String]) -> String {
        names.join(" or ")
    }
}

// Whatever is typed is read or refused at a place in it, and what was read means the same when it is written again.
libfuzzer_sys::fuzz_target!(|text: &str| {
    match language::parse(text) {
        Ok(Some(node)) => {
            let written = node.to_string();
            let again = language::parse(&written);
            let again = again.expect("what was written is read").expect("and is something");
            assert_eq!(again.to_string(), written, "{text:?}");
        }
        Ok(None) => {}
        Err(fault) => {
            let _ = fault;
        }
    }
});
