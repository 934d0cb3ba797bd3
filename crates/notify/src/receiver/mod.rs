//! Those who are told, and one attempt to tell them.
//!
//! | type | what it is sent | known again by |
//! | --- | --- | --- |
//! | `webhook` | an SNS notification for each change, its message CloudWatch's | `MessageId`, `Kansoku-Delivery` |
//! | `slack` | one message with a coloured part for each change | |
//! | `email` | one message, plain and HTML | `Message-ID`; all of an alarm in one thread |
//! | `alertmanager` | one list of alerts, API v2 | labels |
//! | `pagerduty` | an event for each change, Events API v2 | `dedup_key` |

mod alertmanager;
mod ca;
mod email;
mod http;
mod pagerduty;
pub mod signature;
mod slack;
mod sns;
mod webhook;

use std::fmt;
use std::time::Duration;

pub(crate) use alertmanager::Alertmanager;
pub use ca::CaFile;
pub(crate) use email::{Email, Security, mailbox};
pub use http::{Http, Proxies};
pub(crate) use pagerduty::{PagerDuty, url as pagerduty_url};
pub(crate) use slack::Slack;
pub(crate) use webhook::Webhook;

use crate::notification::{Links, Notification};
use crate::outcome::{Delivery, Failure};
use crate::route::Known;
use crate::secret::Secret;
use crate::template::Templates;

/// Somebody who is told.
#[derive(Debug, Clone)]
pub struct Receiver {
    pub(crate) name: String,
    pub(crate) arns: Vec<String>,
    pub(crate) timeout: Duration,
    pub(crate) templates: Templates,
    pub(crate) links: Links,
    pub(crate) kind: Kind,
}

/// What it speaks.
#[derive(Debug, Clone)]
pub(crate) enum Kind {
    Webhook(Webhook),
    Slack(Slack),
    Email(Email),
    Alertmanager(Alertmanager),
    PagerDuty(PagerDuty),
}

/// The word of `type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReceiverType {
    /// `webhook`
    Webhook,
    /// `slack`
    Slack,
    /// `email`
    Email,
    /// `alertmanager`
    Alertmanager,
    /// `pagerduty`
    PagerDuty,
}

impl ReceiverType {
    /// Every one.
    pub const ALL: [ReceiverType; 5] = [
        ReceiverType::Webhook,
        ReceiverType::Slack,
        ReceiverType::Email,
        ReceiverType::Alertmanager,
        ReceiverType::PagerDuty,
    ];

    /// As it is written.
    pub fn word(self) -> &'static str {
        match self {
            ReceiverType::Webhook => "webhook",
            ReceiverType::Slack => "slack",
            ReceiverType::Email => "email",
            ReceiverType::Alertmanager => "alertmanager",
            ReceiverType::PagerDuty => "pagerduty",
        }
    }
}

impl fmt::Display for ReceiverType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl Receiver {
    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What else actions of alarms call it.
    pub fn arns(&self) -> &[String] {
        &self.arns
    }

    /// What it speaks.
    pub fn receiver_type(&self) -> ReceiverType {
        match &self.kind {
            Kind::Webhook(_) => ReceiverType::Webhook,
            Kind::Slack(_) => ReceiverType::Slack,
            Kind::Email(_) => ReceiverType::Email,
            Kind::Alertmanager(_) => ReceiverType::Alertmanager,
            Kind::PagerDuty(_) => ReceiverType::PagerDuty,
        }
    }

    /// Whether several changes can be one notification for it; [`crate::group::Pending::grouped`].
    pub fn takes_groups(&self) -> bool {
        !matches!(self.kind, Kind::Webhook(_) | Kind::PagerDuty(_))
    }

    /// After how long it is to be told again of what lasts, because it forgets; `None` for those that do not. The same
    /// transitions are delivered again then, at another time ([`Notification::at`]).
    pub fn repeats_after(&self) -> Option<Duration> {
        matches!(self.kind, Kind::Alertmanager(_)).then_some(alertmanager::REPEATS_AFTER)
    }

    /// As routes know it.
    pub fn known(&self) -> Known {
        Known {
            name: self.name.clone(),
            arns: self.arns.clone(),
            keeps_incidents: matches!(self.kind, Kind::Alertmanager(_) | Kind::PagerDuty(_)),
        }
    }

    /// Where it is, without anything secret: a host.
    pub fn target(&self) -> String {
        match &self.kind {
            Kind::Webhook(to) => host(&to.url),
            Kind::Slack(to) => host(&to.url),
            Kind::Email(to) => to.host.clone(),
            Kind::Alertmanager(to) => host(&to.url),
            Kind::PagerDuty(to) => host(&to.url),
        }
    }

    /// Makes one attempt. It ends within the receiver's timeout for each request it takes.
    pub async fn deliver(
        &self,
        notification: &Notification,
        http: &Http,
    ) -> Result<Delivery, Failure> {
        if notification.transitions.is_empty() {
            return Err(Failure::permanent("there is nothing to tell"));
        }
        match &self.kind {
            Kind::Webhook(to) => to.deliver(self, notification, http).await,
            Kind::Slack(to) => to.deliver(self, notification, http).await,
            Kind::Email(to) => to.deliver(self, notification).await,
            Kind::Alertmanager(to) => to.deliver(self, notification, http).await,
            Kind::PagerDuty(to) => to.deliver(self, notification, http).await,
        }
    }

    fn title(&self, notification: &Notification) -> String {
        self.templates.title(notification, &self.name, &self.links)
    }

    fn texts(&self, notification: &Notification) -> Vec<String> {
        self.templates.texts(notification, &self.name, &self.links)
    }
}

fn host(url: &Secret) -> String {
    let host = url::Url::parse(url.reveal()).ok();
    host.and_then(|url| url.host_str().map(str::to_owned))
        .unwrap_or_default()
}

/// The headers of a request whose body is JSON.
fn json_headers() -> reqwest::header::HeaderMap {
    use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
    HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("application/json"))])
}

/// A header's value; what does not fit into one is refused, without repeating it.
fn header(name: &str, value: &str) -> Result<reqwest::header::HeaderValue, Failure> {
    value.parse().map_err(|_| {
        Failure::permanent(format!(
            "the value of the header {name} has characters that none may have"
        ))
    })
}

/// `Authorization: Bearer …`, which no log shows.
fn bearer(token: &Secret) -> Result<reqwest::header::HeaderValue, Failure> {
    let mut value = header("Authorization", &format!("Bearer {}", token.reveal()))?;
    value.set_sensitive(true);
    Ok(value)
}
