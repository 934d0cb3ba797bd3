//! `[[receiver]]`

use std::collections::BTreeMap;
use std::time::Duration;

use super::secrets::Reader;
use super::section::Section;
use crate::receiver::{
    Alertmanager, Email, Kind, PagerDuty, Receiver, ReceiverType, Security, Slack, Webhook,
    mailbox, pagerduty_url,
};
use crate::secret::Secret;
use crate::template::{Template, Templates};

/// Keys of every type.
const SHARED: [&str; 7] = [
    "name", "type", "arns", "timeout", "title", "text", "ca_file",
];
const URL: [&str; 3] = ["url", "url_file", "url_env"];
const TOKEN: [&str; 3] = ["token", "token_file", "token_env"];
const LONGEST_NAME: usize = 255;
const MOST_ARNS: usize = 50;
const MOST_RECIPIENTS: usize = 50;

const TIMEOUT: Duration = Duration::from_secs(10);
/// A mail takes more turns.
const TIMEOUT_OF_MAIL: Duration = Duration::from_secs(30);
/// Long enough that a server that is down for a night, or a silence, does not tell people that all is well.
const EXPIRES_AFTER: Duration = Duration::from_secs(86_400);
/// Several repetitions of what lasts.
const LEAST_EXPIRES_AFTER: Duration = Duration::from_secs(600);
const MOST_EXPIRES_AFTER: Duration = Duration::from_secs(3650 * 86_400);

/// The keys of a type, those of every type included.
fn keys(kind: ReceiverType) -> Vec<&'static str> {
    let own: Vec<&str> = match kind {
        ReceiverType::Webhook => {
            let hmac = ["hmac_key", "hmac_key_file", "hmac_key_env"];
            [URL, TOKEN, hmac].concat()
        }
        ReceiverType::Slack => URL.to_vec(),
        ReceiverType::Email => vec![
            "host",
            "port",
            "security",
            "hello_name",
            "username",
            "password",
            "password_file",
            "password_env",
            "from",
            "to",
        ],
        ReceiverType::Alertmanager => {
            [URL.as_slice(), &TOKEN, &["labels", "expires_after"]].concat()
        }
        ReceiverType::PagerDuty => [
            URL.as_slice(),
            &["routing_key", "routing_key_file", "routing_key_env"],
        ]
        .concat(),
    };
    [SHARED.as_slice(), &own].concat()
}

/// The receiver, if nothing of it is wrong.
pub(super) fn read(section: &mut Section<'_>, reader: &mut Reader<'_>) -> Option<Receiver> {
    let name = section
        .text("name")
        .filter(|(name, _)| name.len() <= LONGEST_NAME);
    if name.is_none() {
        section.fault_here(
            "name",
            format!("every receiver has a name of at most {LONGEST_NAME} bytes"),
        );
    }
    let words = ReceiverType::ALL.map(|kind| (kind.word(), kind));
    if section.get("type").is_none() {
        let words = words.map(|(word, _)| word).join(", ");
        section.fault_here("type", format!("every receiver has a type: {words}"));
    }
    let kind = section.word("type", &words);
    let arns = section.texts("arns");
    if let Some((_, at)) = arns.as_ref().filter(|(arns, _)| arns.len() > MOST_ARNS) {
        section.fault("arns", *at, format!("at most {MOST_ARNS} are allowed"));
    }
    let title = template(section, "title");
    let text = template(section, "text");
    let kind = kind?;
    section.only(&keys(kind));
    let usual = if kind == ReceiverType::Email {
        TIMEOUT_OF_MAIL
    } else {
        TIMEOUT
    };
    let timeout = section.span("timeout", Duration::from_secs(1), Duration::from_secs(120));
    let kind = match kind {
        ReceiverType::Webhook => webhook(section, reader).map(Kind::Webhook),
        ReceiverType::Slack => slack(section, reader).map(Kind::Slack),
        ReceiverType::Email => email(section, reader).map(Kind::Email),
        ReceiverType::Alertmanager => alertmanager(section, reader).map(Kind::Alertmanager),
        ReceiverType::PagerDuty => pagerduty(section, reader).map(Kind::PagerDuty),
    };
    Some(Receiver {
        name: name?.0.trim().to_owned(),
        arns: arns.map(|(arns, _)| arns).unwrap_or_default(),
        timeout: timeout.unwrap_or(usual),
        templates: Templates::new(title, text),
        links: reader.sources.links.clone(),
        kind: kind?,
    })
}

fn template(section: &mut Section<'_>, key: &str) -> Option<Template> {
    let (source, at) = section.text(key)?;
    match Template::new(&source) {
        Ok(template) => Some(template),
        Err(fault) => {
            section.fault(key, at, fault.to_string());
            None
        }
    }
}

/// A secret or an address without which there is no receiver.
fn needed(
    section: &mut Section<'_>,
    value: Option<Secret>,
    name: &str,
    keys: &[&str],
) -> Option<Secret> {
    if value.is_none() && keys.iter().all(|key| section.get(key).is_none()) {
        section.fault_here(name, format!("is missing; write {}", keys.join(" or ")));
    }
    value
}

fn webhook(section: &mut Section<'_>, reader: &mut Reader<'_>) -> Option<Webhook> {
    let url = reader.url(section, "url");
    let token = reader.secret(section, "token");
    let hmac_key = reader.secret(section, "hmac_key");
    let ca = reader.ca(section);
    Some(Webhook {
        url: needed(section, url, "url", &URL)?,
        token,
        hmac_key,
        ca,
    })
}

/// Who knows the address may write: it is a secret.
fn slack(section: &mut Section<'_>, reader: &mut Reader<'_>) -> Option<Slack> {
    let url = match section.get("url") {
        Some(_) => reader.secret(section, "url"),
        None => reader.url(section, "url"),
    };
    let ca = reader.ca(section);
    let keys = ["url_file", "url_env"];
    let url = match section.get("url") {
        Some(_) => url,
        None => needed(section, url, "url", &keys),
    };
    Some(Slack { url: url?, ca })
}

fn email(section: &mut Section<'_>, reader: &mut Reader<'_>) -> Option<Email> {
    for key in ["host", "from", "to"] {
        if section.get(key).is_none() {
            section.fault_here(key, "is missing");
        }
    }
    let host = section.text("host");
    let words = [
        ("starttls", Security::StartTls),
        ("tls", Security::Tls),
        ("none", Security::None),
    ];
    let security = section
        .word("security", &words)
        .unwrap_or(Security::StartTls);
    let usual = match security {
        Security::StartTls => 587,
        Security::Tls => 465,
        Security::None => 25,
    };
    let port = section
        .number("port", 1..=65_535)
        .and_then(|port| u16::try_from(port).ok());
    let hello_name = section.text("hello_name").map(|(name, _)| name);
    let username = section.text("username");
    let password = reader.secret(section, "password");
    let ca = reader.ca(section);
    let has_password = ["password_file", "password_env"]
        .iter()
        .any(|key| section.get(key).is_some());
    match (&username, has_password) {
        (Some((_, at)), false) => section.fault(
            "username",
            *at,
            "there is no password; write password_file or password_env",
        ),
        (None, true) => section.fault_here("username", "is missing; there is a password"),
        (Some((_, at)), true) if security == Security::None => {
            section.fault(
                "username",
                *at,
                "a password is not sent in the open; write security = \"starttls\" or \"tls\"",
            );
        }
        _ => {}
    }
    let from = section.read("from", |value| mailbox(&super::section::text(value)?));
    let to = section.texts("to").and_then(|(all, at)| {
        if all.len() > MOST_RECIPIENTS {
            section.fault("to", at, format!("at most {MOST_RECIPIENTS} are allowed"));
        }
        let read: Result<Vec<_>, String> = all.iter().map(|one| mailbox(one)).collect();
        read.map_err(|message| section.fault("to", at, message))
            .ok()
    });
    Some(Email {
        host: host?.0.trim().to_owned(),
        port: port.unwrap_or(usual),
        security,
        hello_name,
        credentials: username.map(|(name, _)| name).zip(password),
        ca,
        from: from?.0,
        to: to?,
    })
}

fn alertmanager(section: &mut Section<'_>, reader: &mut Reader<'_>) -> Option<Alertmanager> {
    let url = reader.url(section, "url");
    let token = reader.secret(section, "token");
    let ca = reader.ca(section);
    let labels: BTreeMap<String, String> = section.map("labels");
    let expires_after = section.span("expires_after", LEAST_EXPIRES_AFTER, MOST_EXPIRES_AFTER);
    Some(Alertmanager {
        url: needed(section, url, "url", &URL)?,
        token,
        ca,
        labels,
        expires_after: expires_after.unwrap_or(EXPIRES_AFTER),
    })
}

fn pagerduty(section: &mut Section<'_>, reader: &mut Reader<'_>) -> Option<PagerDuty> {
    let is_elsewhere = URL.iter().any(|key| section.get(key).is_some());
    let url = match is_elsewhere {
        true => reader.url(section, "url"),
        false => Some(pagerduty_url()),
    };
    let routing_key = reader.secret(section, "routing_key");
    let ca = reader.ca(section);
    let keys = ["routing_key_file", "routing_key_env", "routing_key"];
    if keys.iter().all(|key| section.get(key).is_none()) {
        section.fault_here(
            "routing_key",
            "is missing; write routing_key_file or routing_key_env",
        );
    }
    Some(PagerDuty {
        url: url?,
        routing_key: routing_key?,
        ca,
    })
}
