//! A search cut into words.

use crate::syntax::{SyntaxError, cut};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    Open,
    Close,
    OpenSchema,
    CloseSchema,
    Comma,
    Equals,
    And,
    Or,
    Not,
    /// What stood in quotes.
    Quoted(String),
    Bare(String),
}

impl Token {
    pub(super) fn shown(&self) -> String {
        match self {
            Token::Open => "'('".to_owned(),
            Token::Close => "')'".to_owned(),
            Token::OpenSchema => "'{'".to_owned(),
            Token::CloseSchema => "'}'".to_owned(),
            Token::Comma => "','".to_owned(),
            Token::Equals => "'='".to_owned(),
            Token::And => "AND".to_owned(),
            Token::Or => "OR".to_owned(),
            Token::Not => "NOT".to_owned(),
            Token::Quoted(text) => format!("\"{}\"", cut(text)),
            Token::Bare(text) => format!("'{}'", cut(text)),
        }
    }
}

/// The words with the characters that they begin at, from 1.
pub(super) fn tokens(text: &str) -> Result<Vec<(usize, Token)>, SyntaxError> {
    let mut found = Vec::new();
    let mut rest = text.chars().enumerate().map(|(i, c)| (i + 1, c)).peekable();
    while let Some((at, first)) = rest.next() {
        let token = match first {
            space if space.is_whitespace() => continue,
            '(' => Token::Open,
            ')' => Token::Close,
            '{' => Token::OpenSchema,
            '}' => Token::CloseSchema,
            ',' => Token::Comma,
            '=' => Token::Equals,
            '"' => Token::Quoted(quoted(&mut rest, at)?),
            first => {
                let mut word = String::new();
                let mut next = Some(first);
                while let Some(c) = next {
                    match c {
                        '\\' => match rest.next() {
                            Some((_, escaped)) => word.push(escaped),
                            None => word.push('\\'),
                        },
                        c => word.push(c),
                    }
                    next = rest.next_if(|(_, c)| is_bare(*c)).map(|(_, c)| c);
                }
                match word.as_str() {
                    "AND" => Token::And,
                    "OR" => Token::Or,
                    "NOT" => Token::Not,
                    _ => Token::Bare(word),
                }
            }
        };
        found.push((at, token));
    }
    Ok(found)
}

fn is_bare(c: char) -> bool {
    !c.is_whitespace() && !matches!(c, '(' | ')' | '{' | '}' | ',' | '=' | '"')
}

fn quoted(
    rest: &mut impl Iterator<Item = (usize, char)>,
    opened: usize,
) -> Result<String, SyntaxError> {
    let mut text = String::new();
    while let Some((_, c)) = rest.next() {
        match c {
            '"' => return Ok(text),
            '\\' => match rest.next() {
                Some((_, escaped @ ('"' | '(' | ')' | '\\'))) => text.push(escaped),
                Some((_, other)) => text.extend(['\\', other]),
                None => break,
            },
            c => text.push(c),
        }
    }
    Err(SyntaxError::new(opened, "this quote is not closed"))
}
