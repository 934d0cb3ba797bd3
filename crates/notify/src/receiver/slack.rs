//! Slack: an incoming webhook.

use alarm::{State, Transition};
use serde_json::{Value, json};

use super::http::{Http, Post};
use super::{CaFile, Receiver, json_headers};
use crate::notification::{Notification, runbook_url};
use crate::outcome::{Delivery, Failure};
use crate::secret::Secret;
use crate::severity::Severity;
use crate::template::{Templates, cut};

/// Slack's bound of a section's text.
const LONGEST_SECTION: usize = 3000;
/// What is left of it before characters are escaped: an escaped one is at most five.
const LONGEST_TEXT: usize = 2900;

#[derive(Debug, Clone)]
pub(crate) struct Slack {
    pub(crate) url: Secret,
    pub(crate) ca: Option<CaFile>,
}

impl Slack {
    pub(super) async fn deliver(
        &self,
        receiver: &Receiver,
        notification: &Notification,
        http: &Http,
    ) -> Result<Delivery, Failure> {
        let post = Post {
            url: &self.url,
            headers: json_headers(),
            body: body(receiver, notification).to_string().into_bytes(),
            timeout: receiver.timeout,
            ca: self.ca.as_ref(),
            secrets: Vec::new(),
        };
        http.post(post).await
    }
}

/// A title, and a part with the colour of its state for each change.
fn body(receiver: &Receiver, notification: &Notification) -> Value {
    let title = escape(&receiver.title(notification));
    let texts = receiver.texts(notification);
    let parts = notification.told().iter().zip(&texts);
    let mut attachments: Vec<Value> = parts
        .map(|(transition, text)| attachment(receiver, transition, text))
        .collect();
    if let Some(more) = Templates::more(notification) {
        let blocks =
            json!([{"type": "context", "elements": [{"type": "plain_text", "text": more}]}]);
        attachments.push(json!({"fallback": more, "blocks": blocks}));
    }
    json!({
        // Shown above, and in notifications of the desktop and the phone.
        "text": format!("*{title}*"),
        "attachments": attachments,
    })
}

fn attachment(receiver: &Receiver, transition: &Transition, text: &str) -> Value {
    let mut section = escape(&cut(text, LONGEST_TEXT));
    if section.chars().count() > LONGEST_SECTION {
        section = escape(&cut(text, LONGEST_SECTION / 5));
    }
    let mut blocks = vec![
        json!({"type": "section", "text": {"type": "mrkdwn", "text": section, "verbatim": true}}),
    ];
    let links: Vec<String> = [
        receiver
            .links
            .alarm(&transition.alarm)
            .map(|url| (url, "Open in Kansoku")),
        runbook_url(transition).map(|url| (url.to_owned(), "Runbook")),
    ]
    .into_iter()
    .flatten()
    .map(|(url, words)| format!("<{}|{words}>", address(&url)))
    .collect();
    if !links.is_empty() {
        blocks.push(json!({"type": "context", "elements": [{"type": "mrkdwn", "text": links.join("  ·  ")}]}));
    }
    json!({"color": color(transition), "fallback": cut(text, 500), "blocks": blocks})
}

/// Red, orange and blue by severity, green when it is over, grey when nobody knows.
fn color(transition: &Transition) -> &'static str {
    match (transition.to, Severity::of(transition)) {
        (State::Ok, _) => "#2e7d32",
        (State::InsufficientData, _) => "#757575",
        (State::Alarm, Severity::Info) => "#1565c0",
        (State::Alarm, Severity::Warning) => "#ef6c00",
        (State::Alarm, _) => "#c62828",
    }
}

/// Slack's three characters.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// An address inside of `<…|…>`.
fn address(url: &str) -> String {
    escape(
        &url.replace('|', "%7C")
            .replace('<', "%3C")
            .replace('>', "%3E"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_text_is_markup() {
        assert_eq!(escape("<!channel> a & b"), "&lt;!channel&gt; a &amp; b");
        assert_eq!(address("https://a/?b|c&d>e"), "https://a/?b%7Cc&amp;d%3Ee");
    }
}
