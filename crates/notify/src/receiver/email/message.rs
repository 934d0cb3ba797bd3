//! A mail: plain text and the same in HTML.

use std::time::{Duration, UNIX_EPOCH};

use alarm::{State, Transition};
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart};

use super::Email;
use crate::notification::{Notification, runbook_url};
use crate::outcome::Failure;
use crate::receiver::Receiver;
use crate::receiver::signature::fingerprint;
use crate::template::Templates;

/// So many alarms of a mail have it in their thread.
const MOST_THREADS: usize = 20;

pub(super) fn message(
    email: &Email,
    receiver: &Receiver,
    notification: &Notification,
) -> Result<Message, Failure> {
    let title = receiver.title(notification);
    let texts = receiver.texts(notification);
    let more = Templates::more(notification);
    let plain = plain(&texts, more.as_deref());
    let html = html(receiver, notification, &title, &texts, more.as_deref());

    let domain = email.from.email.domain();
    let id = |name: &str| format!("<{name}@{domain}>");
    let mut threads: Vec<String> = Vec::new();
    for transition in &notification.transitions {
        let digits = fingerprint(&transition.alarm);
        let thread = id(&format!("alarm-{}", digits.get(..32).unwrap_or(&digits)));
        if threads.len() < MOST_THREADS && !threads.contains(&thread) {
            threads.push(thread);
        }
    }
    let sent = Duration::from_micros(u64::try_from(notification.at).unwrap_or(0));
    let mut builder = Message::builder()
        .from(email.from.clone())
        .subject(title)
        .date(UNIX_EPOCH + sent)
        .message_id(Some(id(&local_part(&notification.id))))
        .references(threads.join(" "));
    if let Some(first) = threads.first() {
        builder = builder.in_reply_to(first.clone());
    }
    for to in &email.to {
        builder = builder.to(Mailbox::clone(to));
    }
    // So that nobody's out-of-office reply answers.
    builder = builder.raw_header(HeaderValue::new(
        HeaderName::new_from_ascii_str("Auto-Submitted"),
        "auto-generated".to_owned(),
    ));
    builder
        .multipart(MultiPart::alternative_plain_html(plain, html))
        .map_err(|error| Failure::permanent(format!("the mail could not be made: {error}")))
}

fn plain(texts: &[String], more: Option<&str>) -> String {
    let mut parts: Vec<&str> = texts.iter().map(String::as_str).collect();
    parts.extend(more);
    parts.join("\n\n") + "\n"
}

fn html(
    receiver: &Receiver,
    notification: &Notification,
    title: &str,
    texts: &[String],
    more: Option<&str>,
) -> String {
    let mut body = String::new();
    for (transition, text) in notification.told().iter().zip(texts) {
        body += &part(receiver, transition, text);
    }
    if let Some(more) = more {
        body += &format!("<p>{}</p>", escape(more));
    }
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{0}</title></head>\
         <body style=\"font-family:sans-serif;font-size:14px;line-height:1.4\">\
         <h1 style=\"font-size:18px\">{0}</h1>{body}</body></html>",
        escape(title)
    )
}

/// One change: its text behind a bar in the colour of its state.
fn part(receiver: &Receiver, transition: &Transition, text: &str) -> String {
    let color = match transition.to {
        State::Ok => "#2e7d32",
        State::Alarm => "#c62828",
        State::InsufficientData => "#757575",
    };
    let mut lines = escape(text).replace('\n', "<br>\r\n");
    let addresses = [
        receiver.links.alarm(&transition.alarm),
        runbook_url(transition).map(str::to_owned),
    ];
    for address in addresses.into_iter().flatten() {
        let address = escape(&address);
        lines = lines.replace(&address, &format!("<a href=\"{address}\">{address}</a>"));
    }
    format!(
        "<div style=\"border-left:4px solid {color};padding-left:12px;margin:16px 0\">{lines}</div>"
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// What may stand before the `@` of a message's id.
fn local_part(id: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    match !id.is_empty() && id.len() <= 64 && id.chars().all(plain) && !id.contains("..") {
        true => format!("delivery-{id}"),
        false => format!("delivery-{}", fingerprint(id)),
    }
}
