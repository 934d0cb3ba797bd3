//! `kansoku alarms delete`, `enable`, `disable`, `set-state`.

use clap::Args;
use clap::builder::PossibleValuesParser;
use serde_json::json;

use super::list::STATES;
use super::path_of;
use super::words::{counted, plain};
use crate::ask::client::{AskError, Client};
use crate::exit::Failure;
use crate::print::Stdout;

/// Which alarms.
#[derive(Debug, Args)]
pub(super) struct NamesArgs {
    /// Names of alarms
    #[arg(value_name = "NAME", required = true)]
    names: Vec<String>,
}

/// Which alarm, and its state.
#[derive(Debug, Args)]
pub(super) struct SetStateArgs {
    /// The alarm
    #[arg(value_name = "NAME")]
    name: String,

    /// The state
    #[arg(value_name = "STATE", ignore_case = true, value_parser = PossibleValuesParser::new(STATES))]
    state: String,

    /// Why, for who is told and for the history
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

pub(super) fn delete(client: &Client, args: &NamesArgs) -> Result<(), Failure> {
    each(&args.names, "deleted", |name| client.delete(&path_of(name)))
}

pub(super) fn switch(client: &Client, args: &NamesArgs, on: bool) -> Result<(), Failure> {
    let (word, done) = match on {
        true => ("enable", "enabled"),
        false => ("disable", "disabled"),
    };
    each(&args.names, done, |name| {
        client.post_for_nothing(&format!("{}/{word}", path_of(name)), b"{}")
    })
}

pub(super) fn set_state(client: &Client, args: &SetStateArgs) -> Result<(), Failure> {
    let state = args.state.to_ascii_uppercase();
    let body = json!({"StateValue": state, "StateReason": args.reason}).to_string();
    client.post_for_nothing(&format!("{}/state", path_of(&args.name)), body.as_bytes())?;
    let mut out = Stdout::lock();
    out.line(&format!(
        "{} is {state} until its next evaluation",
        plain(&args.name)
    ))?;
    Ok(out.flush()?)
}

/// Does something with each name; one that is refused keeps none of the others.
fn each(
    names: &[String],
    done: &str,
    act: impl Fn(&str) -> Result<(), AskError>,
) -> Result<(), Failure> {
    let mut out = Stdout::lock();
    let mut refused = 0;
    for name in names {
        match act(name) {
            Ok(()) => {
                out.line(&format!("{done} {}", plain(name)))?;
                out.flush()?;
            }
            Err(AskError::Refused { said, .. }) => {
                eprintln!("{}: {said}", plain(name));
                refused += 1;
            }
            Err(other) => return Err(other.into()),
        }
    }
    match refused {
        0 => Ok(()),
        refused => Err(Failure::work(format!(
            "{} not {done}",
            counted(refused, "alarm was", "alarms were")
        ))),
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::super::parsed;
    use super::*;

    #[test]
    fn one_that_is_refused_keeps_none_of_the_others() {
        let asked = RefCell::new(Vec::new());
        let names = ["a", "b", "c"].map(str::to_owned);
        let failed = each(&names, "deleted", |name| {
            asked.borrow_mut().push(name.to_owned());
            match name {
                "b" => Err(AskError::Refused {
                    status: 409,
                    said: "it is of the file".to_owned(),
                }),
                _ => Ok(()),
            }
        });
        assert_eq!(*asked.borrow(), names);
        assert!(
            format!("{failed:?}").contains("1 alarm was not deleted"),
            "{failed:?}"
        );
        // Where nobody answers the others are not tried.
        asked.borrow_mut().clear();
        let failed = each(&names, "deleted", |name| {
            asked.borrow_mut().push(name.to_owned());
            Err(AskError::Unreachable {
                url: "http://h".to_owned(),
                reason: "x".to_owned(),
            })
        });
        assert_eq!(asked.borrow().len(), 1);
        assert!(failed.is_err());
    }

    #[test]
    fn states_are_cloudwatchs() {
        let of = |words: &[&str]| parsed::<SetStateArgs>(words);
        assert_eq!(of(&["web", "ok", "--reason", "r"]).unwrap().state, "ok");
        assert!(of(&["web", "FINE", "--reason", "r"]).is_err());
        assert!(of(&["web", "OK"]).is_err());
        assert!(parsed::<NamesArgs>(&[]).is_err());
    }
}
