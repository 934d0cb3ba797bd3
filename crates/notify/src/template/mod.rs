//! The words of a notification.
//!
//! A receiver has two templates: `title`, rendered once, and `text`, rendered for each change that is told in full. They are
//! written in the language of Jinja, with `if`, `elif`, `else` and `for`, and know
//!
//! | variable | |
//! | --- | --- |
//! | `alarm`, `arn`, `description` | of the alarm; `title` has those of the worst one |
//! | `state`, `previous` | `OK`, `ALARM` or `INSUFFICIENT_DATA` |
//! | `word` | the state for people: `OK`, `ALARM`, `NO DATA` |
//! | `reason` | why, in CloudWatch's words |
//! | `value`, `threshold` | numbers; not defined where there is none |
//! | `labels`, `tags` | `labels.namespace`, `tags["team"]`; `{% for name in labels %}{{ name }}={{ labels[name] }} {% endfor %}` |
//! | `place` | the labels in one text: `namespace shop, pod web-1` |
//! | `severity`, `runbook`, `summary` | of the tags; `severity` is `none` where nobody said |
//! | `since`, `previous_since` | RFC 3339: since when it is so, and since when it was as before |
//! | `time`, `lasted` | `since` for people, and how long it was as before: `2 hours` |
//! | `link` | the alarm's page; empty when the page's address is not configured |
//! | `count`, `more` | how many changes there are, and how many of them are not told in full |
//! | `receiver`, `test` | the receiver's name; whether it is a test |
//!
//! and the filters `number` (a number for people), `round(digits)`, `times(factor)`, `upper`, `lower`, `truncate(length)`,
//! `default(value)`, `join(separator)`, and the tests `defined` and `none`.
//!
//! Nothing else is there: no files, no other templates, no way to keep a value (`set`, `with`, `*` on texts), so that neither
//! the time nor the memory of a template grows beyond [`LONGEST_SOURCE`], [`FUEL`] and [`LONGEST_TEXT`].

mod bounds;
mod context;
mod filters;
mod source;

use std::sync::Arc;

use crate::notification::{Links, Notification};
use context::Context;
pub use source::{Template, TemplateFault};

/// The most bytes of a template.
pub const LONGEST_SOURCE: usize = 8 * 1024;
/// The most steps of rendering one.
pub const FUEL: u64 = 20_000;
/// The most bytes that the text of one change becomes; the rest is cut off.
pub const LONGEST_TEXT: usize = 16 * 1024;
/// The most characters of a title.
pub const LONGEST_TITLE: usize = 200;

const TITLE: &str = include_str!("title.jinja");
const TEXT: &str = include_str!("text.jinja");

/// The words of one receiver.
#[derive(Debug, Clone)]
pub struct Templates {
    title: Template,
    text: Template,
    /// In which what a template of somebody's cannot say is said.
    plain: Option<Arc<Templates>>,
}

impl Default for Templates {
    fn default() -> Templates {
        Templates {
            title: Template::ours(TITLE),
            text: Template::ours(TEXT),
            plain: None,
        }
    }
}

impl Templates {
    /// With these in place of the words that are used when nothing is said.
    pub fn new(title: Option<Template>, text: Option<Template>) -> Templates {
        let plain = Templates::default();
        Templates {
            title: title.unwrap_or_else(|| plain.title.clone()),
            text: text.unwrap_or_else(|| plain.text.clone()),
            plain: Some(Arc::new(plain)),
        }
    }

    /// One line. A template that fails gives way to the usual words: nobody is left untold because of it.
    pub(crate) fn title(
        &self,
        notification: &Notification,
        receiver: &str,
        links: &Links,
    ) -> String {
        let Some(worst) = notification.worst() else {
            return "Nothing to tell".to_owned();
        };
        let context = Context::new(worst, notification, receiver, links);
        let rendered = self.title.render(&context);
        let title = rendered.unwrap_or_else(|_| match &self.plain {
            Some(plain) => plain.title(notification, receiver, links),
            None => worst.alarm.clone(),
        });
        let line = title.split_whitespace().collect::<Vec<_>>().join(" ");
        cut(&line, LONGEST_TITLE)
    }

    /// The text of each change that is told in full, in their order.
    pub(crate) fn texts(
        &self,
        notification: &Notification,
        receiver: &str,
        links: &Links,
    ) -> Vec<String> {
        let text = |transition| {
            let context = Context::new(transition, notification, receiver, links);
            match (self.text.render(&context), &self.plain) {
                (Ok(text), _) => text.trim().to_owned(),
                (Err(fault), Some(plain)) => {
                    let usual = plain.text.render(&context).unwrap_or_default();
                    format!(
                        "{}\n(The receiver's own text could not be made: {fault})",
                        usual.trim()
                    )
                }
                (Err(_), None) => transition.reason.clone(),
            }
        };
        notification.told().iter().map(text).collect()
    }

    /// `And 12 more changes.`, if there are more than are told in full.
    pub(crate) fn more(notification: &Notification) -> Option<String> {
        match notification.more() {
            0 => None,
            1 => Some("And 1 more change.".to_owned()),
            more => Some(format!("And {more} more changes.")),
        }
    }
}

/// The beginning of a text, at most so many characters; `…` says that there was more.
pub(crate) fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some(_) => text
            .chars()
            .take(most.saturating_sub(1))
            .chain(['…'])
            .collect(),
    }
}

#[cfg(test)]
mod tests;
