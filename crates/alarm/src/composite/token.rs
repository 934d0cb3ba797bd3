//! A rule cut into words.

use super::fault::{RuleError, RuleFault};
use crate::excerpt::excerpt;

/// A word of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// `(`
    Open,
    /// `)`
    Close,
    /// Between alarms and arguments of AT_LEAST.
    Comma,
    /// Anything bare: a word of the language, a name, a number.
    Bare(String),
    /// What stood in quotes.
    Quoted(String),
}

impl Token {
    /// How an error calls it.
    pub(super) fn shown(&self) -> String {
        match self {
            Token::Open => "'('".to_owned(),
            Token::Close => "')'".to_owned(),
            Token::Comma => "','".to_owned(),
            Token::Bare(text) => format!("'{}'", cut(text)),
            Token::Quoted(text) => format!("\"{}\"", cut(text)),
        }
    }
}

fn cut(text: &str) -> String {
    const SHOWN: usize = 40;
    excerpt(text, SHOWN)
}

/// The words with the characters that they begin at, from 1.
pub(super) fn tokens(rule: &str) -> Result<Vec<(usize, Token)>, RuleError> {
    let mut found = Vec::new();
    let mut rest = rule.chars().enumerate().map(|(i, c)| (i + 1, c)).peekable();
    while let Some((at, first)) = rest.next() {
        let token = match first {
            space if space.is_whitespace() => continue,
            '(' => Token::Open,
            ')' => Token::Close,
            ',' => Token::Comma,
            '"' => Token::Quoted(quoted(&mut rest, at)?),
            first => {
                let mut text = String::from(first);
                while let Some((_, more)) = rest.next_if(|(_, c)| is_bare(*c)) {
                    text.push(more);
                }
                Token::Bare(text)
            }
        };
        found.push((at, token));
    }
    Ok(found)
}

fn is_bare(c: char) -> bool {
    !c.is_whitespace() && !matches!(c, '(' | ')' | ',' | '"')
}

fn quoted(
    rest: &mut std::iter::Peekable<impl Iterator<Item = (usize, char)>>,
    opened: usize,
) -> Result<String, RuleError> {
    let mut text = String::new();
    while let Some((_, c)) = rest.next() {
        match c {
            '"' => return Ok(text),
            '\\' => match rest.next_if(|(_, c)| matches!(c, '"' | '\\')) {
                Some((_, escaped)) => text.push(escaped),
                None => text.push('\\'),
            },
            c => text.push(c),
        }
    }
    Err(RuleError {
        character: opened,
        fault: RuleFault::OpenQuote,
    })
}
