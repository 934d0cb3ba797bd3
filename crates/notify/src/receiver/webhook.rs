//! A webhook: an SNS notification for each change.

use super::http::{Http, Post};
use super::signature::sign;
use super::{CaFile, Receiver, bearer, header, json_headers, sns};
use crate::notification::Notification;
use crate::outcome::{Delivery, Failure};
use crate::secret::Secret;

#[derive(Debug, Clone)]
pub(crate) struct Webhook {
    pub(crate) url: Secret,
    pub(crate) token: Option<Secret>,
    pub(crate) hmac_key: Option<Secret>,
    pub(crate) ca: Option<CaFile>,
}

impl Webhook {
    /// One request after the other. The second attempt begins with the first of them again; each has an id of its own that
    /// stays the same, so that the receiver knows those that it has.
    pub(super) async fn deliver(
        &self,
        receiver: &Receiver,
        notification: &Notification,
        http: &Http,
    ) -> Result<Delivery, Failure> {
        let topic = receiver.arns.first().unwrap_or(&receiver.name);
        let mut last = None;
        for transition in &notification.transitions {
            let id = match notification.transitions.len() {
                1 => notification.id.clone(),
                _ => format!("{}-{}", notification.id, transition.number),
            };
            let at = notification.at;
            let links = &receiver.links;
            let body = sns::envelope(transition, &id, topic, at, links, notification.is_test);
            let body = body.to_string().into_bytes();
            let mut headers = json_headers();
            headers.insert("kansoku-delivery", header("Kansoku-Delivery", &id)?);
            headers.insert(
                "x-amz-sns-message-type",
                header("x-amz-sns-message-type", "Notification")?,
            );
            headers.insert("x-amz-sns-message-id", header("x-amz-sns-message-id", &id)?);
            headers.insert("x-amz-sns-topic-arn", header("x-amz-sns-topic-arn", topic)?);
            if let Some(key) = &self.hmac_key {
                let value = header("Kansoku-Signature", &sign(key, at, &body))?;
                headers.insert("kansoku-signature", value);
            }
            if let Some(token) = &self.token {
                headers.insert(reqwest::header::AUTHORIZATION, bearer(token)?);
            }
            let post = Post {
                url: &self.url,
                headers,
                body,
                timeout: receiver.timeout,
                ca: self.ca.as_ref(),
                secrets: self.token.iter().chain(&self.hmac_key).collect(),
            };
            last = Some(http.post(post).await?);
        }
        last.ok_or_else(|| Failure::permanent("there is nothing to tell"))
    }
}
