//! What a receiver is told in one go.

use std::collections::BTreeMap;

use alarm::{State, Transition, TransitionActions};
use serde_json::json;
use url::Url;

use crate::group::worst_first;

/// One or more changes of state for one receiver.
#[derive(Debug, Clone, PartialEq)]
pub struct Notification {
    /// The same for every attempt to deliver it, and no other's. Receivers know by it what they have seen.
    pub id: String,
    /// When it is sent, in microseconds since 1970.
    pub at: i64,
    /// What changed, worst first; changes of one alarm and series in their order.
    pub transitions: Vec<Transition>,
    /// How many of them receivers that are read by people tell in full. The rest is counted.
    pub shown: usize,
    /// Whether it is only to see that it arrives.
    pub is_test: bool,
}

impl Notification {
    /// So many are told in full when nothing else is said.
    pub const SHOWN: usize = 20;

    /// Of these changes, sent at `at` (microseconds since 1970).
    pub fn new(id: impl Into<String>, mut transitions: Vec<Transition>, at: i64) -> Notification {
        worst_first(&mut transitions);
        Notification {
            id: id.into(),
            at,
            transitions,
            shown: Self::SHOWN,
            is_test: false,
        }
    }

    /// The same with at most `shown` changes told in full, and one at least.
    pub fn showing(mut self, shown: usize) -> Notification {
        self.shown = shown.max(1);
        self
    }

    /// One that says that it is a test. It is severe enough to be shown, and not more: a receiver that keeps incidents
    /// open is told at once that it is over.
    pub fn test(receiver: &str, id: impl Into<String>, at: i64) -> Notification {
        let name = "kansoku-test".to_owned();
        let text = |text: &str| text.to_owned();
        let transition = Transition {
            number: 0,
            arn: format!("arn:aws:cloudwatch:local:000000000000:alarm:{name}"),
            alarm: name,
            description: Some(text(
                "This is a test of the receiver. Nothing is wrong, and nothing has to be done.",
            )),
            labels: BTreeMap::from([(text("receiver"), receiver.to_owned())]),
            tags: BTreeMap::from([(text("severity"), text("info"))]),
            from: State::Ok,
            to: State::Alarm,
            at,
            from_since: at,
            reason: text("Somebody asked for a test notification."),
            reason_data: text("{}"),
            value: None,
            configured_at: at,
            trigger: json!({}),
            actions: TransitionActions::default(),
        };
        Notification {
            is_test: true,
            ..Notification::new(id, vec![transition], at)
        }
    }

    /// The worst of them; none when there is nothing to tell.
    pub fn worst(&self) -> Option<&Transition> {
        self.transitions.first()
    }

    /// Those that are told in full.
    pub(crate) fn told(&self) -> &[Transition] {
        let shown = self.shown.clamp(1, self.transitions.len().max(1));
        self.transitions.get(..shown).unwrap_or(&self.transitions)
    }

    /// How many are only counted.
    pub(crate) fn more(&self) -> usize {
        self.transitions.len() - self.told().len()
    }
}

/// Where the page is, for links.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Links {
    base: Option<Url>,
}

impl Links {
    /// Under the address at which people reach the page, such as `https://kansoku.example.com`; without one there are no
    /// links. `None` when it is not the address of an HTTP server.
    pub fn new(external_url: Option<&str>) -> Option<Links> {
        let Some(text) = external_url else {
            return Some(Links::default());
        };
        let base = Url::parse(text).ok()?;
        let is_http = matches!(base.scheme(), "http" | "https");
        (is_http && base.has_host()).then_some(Links { base: Some(base) })
    }

    /// The page of an alarm.
    pub fn alarm(&self, name: &str) -> Option<String> {
        let mut url = self.base.clone()?;
        url.set_query(None);
        url.set_fragment(None);
        url.path_segments_mut()
            .ok()?
            .pop_if_empty()
            .extend(["alarms", name]);
        Some(url.into())
    }
}

/// The runbook, if it is an address that can be followed.
pub(crate) fn runbook_url(transition: &Transition) -> Option<&str> {
    let runbook = transition.tags.get("runbook")?.trim();
    let url = Url::parse(runbook).ok()?;
    matches!(url.scheme(), "http" | "https").then_some(runbook)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::transition;

    #[test]
    fn links_lead_to_the_page_of_the_alarm() {
        let links = Links::new(Some("https://k.example.com/base/?x=1#y")).unwrap();
        let link = links.alarm("shop errors/5xx & more?").unwrap();
        assert_eq!(
            link,
            "https://k.example.com/base/alarms/shop%20errors%2F5xx%20&%20more%3F"
        );
        assert_eq!(Links::new(None).unwrap().alarm("x"), None);
        for wrong in ["kansoku", "ftp://a", "mailto:a@b", "http://"] {
            assert_eq!(Links::new(Some(wrong)), None, "{wrong}");
        }
    }

    #[test]
    fn only_an_address_is_a_link_to_a_runbook() {
        let mut about = transition("x");
        for (tag, link) in [
            ("https://wiki/x", true),
            ("Restart it.", false),
            ("javascript:alert(1)", false),
        ] {
            about.tags.insert("runbook".into(), tag.into());
            assert_eq!(runbook_url(&about).is_some(), link, "{tag}");
        }
    }

    #[test]
    fn what_is_not_shown_is_counted() {
        let many = vec![transition("a"); 25];
        let all = Notification::new("1", many, 0);
        assert_eq!((all.told().len(), all.more()), (20, 5));
        let few = all.clone().showing(0);
        assert_eq!((few.told().len(), few.more()), (1, 24));
        let none = Notification::new("1", Vec::new(), 0);
        assert_eq!((none.told().len(), none.more()), (0, 0));
    }
}
