//! Who is told of a change.
//!
//! The actions that a definition names always reach their receivers. Besides, routes are tried in the order of the file;
//! the first that fits says who is told, and the rest is tried only where it says `continue`. A route that is the default
//! is taken where no other fitted.
//!
//! A route with `states = ["ALARM", "OK"]`, which is what holds when nothing is said, is told of
//!
//! | change | told |
//! | --- | --- |
//! | to ALARM | always |
//! | ALARM to OK | yes: it is over |
//! | ALARM to INSUFFICIENT_DATA | yes, wherever OK is: it is not known to go on |
//! | OK to INSUFFICIENT_DATA | only with `INSUFFICIENT_DATA` in `states` |
//! | INSUFFICIENT_DATA to OK | only with `INSUFFICIENT_DATA` in `states`, for every alarm begins so; receivers that keep an incident open (PagerDuty, Alertmanager) are told where OK is, and close it |

use std::collections::BTreeMap;

use alarm::{State, Transition};

use crate::label::fit;
use crate::pattern::Match;
use crate::severity::Severity;

/// `[[route]]` of `alarms.toml`. What is not said does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Route {
    /// Names of receivers.
    pub receivers: Vec<String>,
    /// What the alarm's name must be.
    pub alarm: Option<Match>,
    /// What tags must be.
    pub tags: BTreeMap<String, Match>,
    /// What labels of the series, or dimensions of the metric, must be.
    pub labels: BTreeMap<String, Match>,
    /// One of these severities.
    pub severity: Option<Vec<Severity>>,
    /// One of these states: see the table above. Empty: ALARM and OK.
    pub states: Vec<State>,
    /// Whether routes below are tried as well.
    pub goes_on: bool,
    /// Whether it is taken only where no other route fitted.
    pub is_default: bool,
}

/// A receiver, as far as routes have to know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Its name.
    pub name: String,
    /// What else actions call it.
    pub arns: Vec<String>,
    /// Whether it keeps an incident open until it is told OK.
    pub keeps_incidents: bool,
}

/// Who is told.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Told {
    /// Names of receivers, each once: those of the definition first.
    pub receivers: Vec<String>,
    /// Actions of the definition that are nobody's name nor ARN.
    pub unknown: Vec<String>,
}

/// All routes, and who there is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Routes {
    receivers: Vec<Known>,
    routes: Vec<Route>,
}

impl Routes {
    /// Over these receivers.
    pub fn new(receivers: Vec<Known>, routes: Vec<Route>) -> Routes {
        Routes { receivers, routes }
    }

    /// The receiver that an action means, by name or ARN.
    pub fn receiver(&self, action: &str) -> Option<&str> {
        let named = self.receivers.iter().find(|r| r.name == action);
        let by_arn = || {
            let has = |r: &&Known| r.arns.iter().any(|arn| arn == action);
            self.receivers.iter().find(has)
        };
        named.or_else(by_arn).map(|r| r.name.as_str())
    }

    /// Who is told of the change.
    pub fn told(&self, transition: &Transition) -> Told {
        let mut told = Told::default();
        for action in transition.receivers() {
            match self.receiver(action) {
                Some(name) => add(&mut told.receivers, name),
                None => add(&mut told.unknown, action),
            }
        }
        for name in self.routed(transition) {
            add(&mut told.receivers, name);
        }
        told
    }

    /// Those whom routes name.
    fn routed<'a>(&'a self, transition: &Transition) -> Vec<&'a str> {
        let mut names = Vec::new();
        let mut fitted = false;
        for route in self.routes.iter().filter(|route| !route.is_default) {
            let found = self.names(route, transition);
            if found.is_empty() {
                continue;
            }
            fitted = true;
            names.extend(found);
            if !route.goes_on {
                break;
            }
        }
        if !fitted {
            let defaults = self.routes.iter().filter(|route| route.is_default);
            names.extend(defaults.flat_map(|route| self.names(route, transition)));
        }
        names
    }

    /// The receivers of a route that fits; none when it does not.
    fn names<'a>(&'a self, route: &'a Route, transition: &Transition) -> Vec<&'a str> {
        if !route.fits(transition) {
            return Vec::new();
        }
        let tells = |name: &&String| {
            let keeps = |known: &Known| known.name == **name && known.keeps_incidents;
            route.tells(transition, self.receivers.iter().any(keeps))
        };
        route
            .receivers
            .iter()
            .filter(tells)
            .map(String::as_str)
            .collect()
    }
}

impl Route {
    /// Whether everything but the state is as it must be.
    fn fits(&self, transition: &Transition) -> bool {
        let severity = Severity::of(transition);
        if self
            .alarm
            .as_ref()
            .is_some_and(|name| !name.matches(Some(&transition.alarm)))
            || self
                .severity
                .as_ref()
                .is_some_and(|all| !all.contains(&severity))
        {
            return false;
        }
        fit(transition, &self.tags, &self.labels)
    }

    fn tells(&self, transition: &Transition, keeps_incidents: bool) -> bool {
        let has = |state| match self.states.as_slice() {
            [] => state != State::InsufficientData,
            states => states.contains(&state),
        };
        match (transition.from, transition.to) {
            (_, State::Alarm) => has(State::Alarm),
            (State::InsufficientData, State::Ok) => {
                has(State::Ok) && (keeps_incidents || has(State::InsufficientData))
            }
            (_, State::Ok) => has(State::Ok),
            (State::Alarm, State::InsufficientData) => {
                has(State::InsufficientData) || has(State::Ok)
            }
            (_, State::InsufficientData) => has(State::InsufficientData),
        }
    }
}

fn add(names: &mut Vec<String>, name: &str) {
    if !names.iter().any(|known| known == name) {
        names.push(name.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::Pattern;
    use crate::sample::transition;

    const OPS: &str = "arn:aws:sns:eu-west-1:123456789012:ops";

    fn known(name: &str) -> Known {
        Known {
            name: name.into(),
            arns: if name == "hook" {
                vec![OPS.into()]
            } else {
                vec![]
            },
            keeps_incidents: name == "pager",
        }
    }

    fn routes(routes: Vec<Route>) -> Routes {
        Routes::new(["hook", "mail", "pager", "slack"].map(known).into(), routes)
    }

    fn to(receivers: &[&str]) -> Route {
        Route {
            receivers: receivers.iter().map(|r| (*r).to_owned()).collect(),
            ..Route::default()
        }
    }

    fn one(name: &str, pattern: &str) -> BTreeMap<String, Match> {
        BTreeMap::from([(name.to_owned(), Match::One(Pattern::new(pattern)))])
    }

    fn told(routes: &Routes, about: &Transition) -> Vec<String> {
        routes.told(about).receivers
    }

    #[test]
    fn actions_reach_theirs_by_name_and_arn_whatever_routes_say() {
        let mut about = transition("x");
        about.actions.alarm = vec![
            OPS.into(),
            "mail".into(),
            "hook".into(),
            "arn:aws:lambda:f".into(),
        ];
        about.actions.ok = vec!["slack".into()];
        let none = routes(vec![]);
        assert_eq!(
            none.told(&about),
            Told {
                receivers: vec!["hook".into(), "mail".into()],
                unknown: vec!["arn:aws:lambda:f".into()],
            }
        );
        assert_eq!(
            told(&routes(vec![to(&["pager", "mail"])]), &about),
            ["hook", "mail", "pager"]
        );
        // Also for an alarm that had no data before.
        about.to = State::Ok;
        about.from = State::InsufficientData;
        assert_eq!(told(&none, &about), ["slack"]);
    }

    #[test]
    fn the_first_route_that_fits_is_taken_unless_it_goes_on() {
        let about = transition("x");
        let mut first = to(&["slack"]);
        first.tags = one("team", "check*");
        let both = vec![first.clone(), to(&["mail"])];
        assert_eq!(told(&routes(both), &about), ["slack"]);
        first.goes_on = true;
        assert_eq!(
            told(&routes(vec![first.clone(), to(&["mail"])]), &about),
            ["slack", "mail"]
        );
        first.tags = one("team", "other");
        assert_eq!(told(&routes(vec![first, to(&["mail"])]), &about), ["mail"]);
    }

    #[test]
    fn the_default_is_taken_where_no_other_fitted_wherever_it_stands() {
        let about = transition("x");
        let default = Route {
            is_default: true,
            ..to(&["mail"])
        };
        let other = Route {
            labels: one("namespace", "kube-*"),
            ..to(&["slack"])
        };
        assert_eq!(
            told(&routes(vec![default.clone(), other.clone()]), &about),
            ["mail"]
        );
        let fits = Route {
            labels: one("namespace", "sh*"),
            goes_on: true,
            ..other
        };
        assert_eq!(told(&routes(vec![default, fits]), &about), ["slack"]);
    }

    #[test]
    fn each_condition_counts() {
        let about = transition("shop-errors");
        let is = |route: Route| !told(&routes(vec![route]), &about).is_empty();
        let mail = || to(&["mail"]);
        let name = |text: &str| Some(Match::One(Pattern::new(text)));
        assert!(is(Route {
            alarm: name("shop-*"),
            ..mail()
        }));
        assert!(!is(Route {
            alarm: name("cart-*"),
            ..mail()
        }));
        assert!(is(Route {
            severity: Some(vec![Severity::Error, Severity::Critical]),
            ..mail()
        }));
        assert!(!is(Route {
            severity: Some(vec![Severity::Error]),
            ..mail()
        }));
        assert!(is(Route {
            labels: one("pod", "web-*"),
            ..mail()
        }));
        assert!(!is(Route {
            labels: one("node", "*"),
            ..mail()
        }));
        assert!(!is(Route {
            tags: one("owner", "*"),
            ..mail()
        }));
        let not = Match::Not {
            not: Box::new(Match::One(Pattern::new("*"))),
        };
        assert!(is(Route {
            tags: BTreeMap::from([("owner".into(), not)]),
            ..mail()
        }));
    }

    #[test]
    fn states_are_told_as_the_table_says() {
        use State::{Alarm, InsufficientData as Missing, Ok};
        let all = vec![Ok, Alarm, Missing];
        // From, to: with nothing said, with ALARM only, with all of them; the pager with nothing said.
        for (from, state, plain, only, every, pager) in [
            (Ok, Alarm, true, true, true, true),
            (Missing, Alarm, true, true, true, true),
            (Alarm, Ok, true, false, true, true),
            (Alarm, Missing, true, false, true, true),
            (Ok, Missing, false, false, true, false),
            (Missing, Ok, false, false, true, true),
        ] {
            let mut about = transition("x");
            (about.from, about.to) = (from, state);
            let is = |states: &[State], name: &str| {
                let route = Route {
                    states: states.to_vec(),
                    ..to(&[name])
                };
                !told(&routes(vec![route]), &about).is_empty()
            };
            assert_eq!(is(&[], "mail"), plain, "{from} {state}");
            assert_eq!(is(&[Alarm], "mail"), only, "{from} {state}");
            assert_eq!(is(&all, "mail"), every, "{from} {state}");
            assert_eq!(is(&[], "pager"), pager, "{from} {state}");
        }
    }
}
