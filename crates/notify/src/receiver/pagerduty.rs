//! PagerDuty: its Events API v2.
//!
//! OK resolves an incident, the other two states trigger one. All changes of one alarm and series are one incident.

use alarm::{State, Transition};
use serde_json::{Value, json};

use super::http::{Http, Post};
use super::signature::fingerprint;
use super::{CaFile, Receiver, json_headers};
use crate::label::{label, labels, place};
use crate::notification::{Notification, runbook_url};
use crate::outcome::{Delivery, Failure};
use crate::secret::Secret;
use crate::severity::Severity;
use crate::template::cut;
use crate::time::rfc3339;

/// Where events go when nothing else is said.
const URL: &str = "https://events.pagerduty.com/v2/enqueue";
/// PagerDuty's bound.
const LONGEST_SUMMARY: usize = 1024;

/// The address of accounts in the United States; those in Europe have another.
pub(crate) fn url() -> Secret {
    Secret::new(URL)
}

#[derive(Debug, Clone)]
pub(crate) struct PagerDuty {
    pub(crate) url: Secret,
    pub(crate) routing_key: Secret,
    pub(crate) ca: Option<CaFile>,
}

impl PagerDuty {
    /// One event after the other. Sending one again changes nothing: its incident is open or closed already.
    pub(super) async fn deliver(
        &self,
        receiver: &Receiver,
        notification: &Notification,
        http: &Http,
    ) -> Result<Delivery, Failure> {
        let mut last = None;
        for transition in &notification.transitions {
            last = Some(
                self.send(
                    receiver,
                    self.event(receiver, notification, transition),
                    http,
                )
                .await?,
            );
            // Nobody has to close the incident of a test by hand.
            if notification.is_test {
                let over = Transition {
                    to: State::Ok,
                    ..transition.clone()
                };
                last = Some(
                    self.send(receiver, self.event(receiver, notification, &over), http)
                        .await?,
                );
            }
        }
        last.ok_or_else(|| Failure::permanent("there is nothing to tell"))
    }

    async fn send(
        &self,
        receiver: &Receiver,
        event: Value,
        http: &Http,
    ) -> Result<Delivery, Failure> {
        let post = Post {
            url: &self.url,
            headers: json_headers(),
            body: event.to_string().into_bytes(),
            timeout: receiver.timeout,
            ca: self.ca.as_ref(),
            secrets: vec![&self.routing_key],
        };
        http.post(post).await
    }

    fn event(
        &self,
        receiver: &Receiver,
        notification: &Notification,
        transition: &Transition,
    ) -> Value {
        let mut event = json!({
            "routing_key": self.routing_key.reveal(),
            "event_action": if transition.to == State::Ok { "resolve" } else { "trigger" },
            // Within PagerDuty's 255 characters whatever the labels are.
            "dedup_key": format!("kansoku-{}", fingerprint(&transition.key())),
        });
        if transition.to == State::Ok {
            return event;
        }
        let single = Notification {
            is_test: notification.is_test,
            ..Notification::new("", vec![transition.clone()], notification.at)
        };
        let where_it_is = place(transition);
        let link = receiver.links.alarm(&transition.alarm);
        event["payload"] = json!({
            "summary": cut(&receiver.title(&single), LONGEST_SUMMARY),
            "source": if where_it_is.is_empty() { &transition.alarm } else { &where_it_is },
            "severity": severity(transition),
            "timestamp": rfc3339(transition.at),
            "component": label(transition, "workload").or_else(|| label(transition, "pod")),
            "group": label(transition, "namespace"),
            "class": transition.alarm,
            "custom_details": {
                "text": receiver.texts(&single).join("\n"),
                "state": transition.to,
                "previous": transition.from,
                "reason": transition.reason,
                "value": transition.value,
                "labels": labels(transition),
                "tags": transition.tags,
                "arn": transition.arn,
            },
        });
        event["client"] = "Kansoku".into();
        if let Some(link) = &link {
            event["client_url"] = link.as_str().into();
        }
        let links = [
            link.map(|href| json!({"href": href, "text": "Open in Kansoku"})),
            runbook_url(transition).map(|href| json!({"href": href, "text": "Runbook"})),
        ];
        event["links"] = links.into_iter().flatten().collect();
        event
    }
}

/// PagerDuty has four, and one must be said.
fn severity(transition: &Transition) -> &'static str {
    match Severity::of(transition) {
        Severity::None => "error",
        known => known.word(),
    }
}
