//! `[[route]]`

use alarm::State;

use super::section::Section;
use crate::route::{Known, Route};
use crate::severity::Severity;

const KEYS: [&str; 8] = [
    "receivers",
    "alarm",
    "tags",
    "labels",
    "severity",
    "states",
    "continue",
    "default",
];

pub(super) fn read(section: &mut Section<'_>, known: &[Known]) -> Option<Route> {
    section.only(&KEYS);
    if section.get("receivers").is_none() {
        section.fault_here("receivers", "every route has receivers");
    }
    let receivers = section.texts("receivers");
    if let Some((names, at)) = &receivers {
        let all: Vec<&str> = known.iter().map(|known| known.name.as_str()).collect();
        for name in names.iter().filter(|name| !all.contains(&name.as_str())) {
            let message = match catalogue::nearest(name, all.iter().copied()) {
                Some(near) => format!("there is no receiver '{name}'; did you mean {near}?"),
                None => format!("there is no receiver '{name}'"),
            };
            section.fault("receivers", *at, message);
        }
    }
    let severities = Severity::ALL.map(|severity| (severity.word(), severity));
    let states = State::ALL.map(|state| (state.as_str(), state));
    let route = Route {
        receivers: receivers.map(|(names, _)| names).unwrap_or_default(),
        alarm: section.matched("alarm"),
        tags: section.matches("tags"),
        labels: section.matches("labels"),
        severity: section.words("severity", &severities),
        states: section.words("states", &states).unwrap_or_default(),
        goes_on: section.flag("continue").unwrap_or(false),
        is_default: section.flag("default").unwrap_or(false),
    };
    if let (true, Some(at)) = (route.is_default && route.goes_on, section.place("continue")) {
        section.fault(
            "continue",
            at,
            "a default route is the last; leave one of the two out",
        );
    }
    Some(route)
}
