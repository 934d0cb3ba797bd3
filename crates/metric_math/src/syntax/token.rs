//! An expression cut into words.

use super::fault::{SyntaxError, cut};
use super::operator::Operator;

/// A word of an expression.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Token {
    Number(f64),
    /// What stood in quotes.
    Text(String),
    /// The id of a metric or an expression: begins in lower case.
    Id(String),
    /// Of a function or one of its words: begins in upper case.
    Name(String),
    Operator(Operator),
    Open,
    Close,
    OpenArray,
    CloseArray,
    Comma,
}

impl Token {
    /// How a message calls it.
    pub(crate) fn shown(&self) -> String {
        match self {
            Token::Number(number) => format!("the number {number:?}"),
            Token::Text(text) => format!("the text '{}'", cut(text)),
            Token::Id(word) | Token::Name(word) => format!("'{}'", cut(word)),
            Token::Operator(operator) => format!("'{}'", operator.as_str()),
            Token::Open => "'('".to_owned(),
            Token::Close => "')'".to_owned(),
            Token::OpenArray => "'['".to_owned(),
            Token::CloseArray => "']'".to_owned(),
            Token::Comma => "','".to_owned(),
        }
    }
}

/// The words with the characters that they begin at, from 1.
pub(crate) fn tokens(text: &str) -> Result<Vec<(usize, Token)>, SyntaxError> {
    let characters: Vec<char> = text.chars().collect();
    let mut reader = Reader {
        characters: &characters,
        next: 0,
    };
    let mut found = Vec::new();
    while let Some(first) = reader.peek() {
        let at = reader.next + 1;
        if first.is_whitespace() {
            reader.next += 1;
            continue;
        }
        found.push((at, reader.token(first, at)?));
    }
    Ok(found)
}

#[derive(Debug)]
struct Reader<'a> {
    characters: &'a [char],
    next: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.characters.get(self.next).copied()
    }

    fn take_if(&mut self, wanted: char) -> bool {
        let is_it = self.peek() == Some(wanted);
        self.next += usize::from(is_it);
        is_it
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> String {
        let rest = self.characters.get(self.next..).unwrap_or_default();
        let taken: String = rest.iter().take_while(|c| wanted(**c)).collect();
        self.next += taken.chars().count();
        taken
    }

    fn token(&mut self, first: char, at: usize) -> Result<Token, SyntaxError> {
        if first.is_ascii_digit() || first == '.' {
            return self.number(at);
        }
        if first.is_ascii_alphabetic() {
            let word = self.take_while(|c| c.is_ascii_alphanumeric() || c == '_');
            return Ok(match word.as_str() {
                "AND" => Token::Operator(Operator::And),
                "OR" => Token::Operator(Operator::Or),
                _ if first.is_ascii_lowercase() => Token::Id(word),
                _ => Token::Name(word),
            });
        }
        self.next += 1;
        let operator = match first {
            '(' => return Ok(Token::Open),
            ')' => return Ok(Token::Close),
            '[' => return Ok(Token::OpenArray),
            ']' => return Ok(Token::CloseArray),
            ',' => return Ok(Token::Comma),
            '\'' | '"' => return self.quoted(first, at),
            '+' => Operator::Add,
            '-' => Operator::Subtract,
            '*' => Operator::Multiply,
            '/' => Operator::Divide,
            '^' => Operator::Power,
            '<' if self.take_if('=') => Operator::LessOrEqual,
            '<' => Operator::Less,
            '>' if self.take_if('=') => Operator::GreaterOrEqual,
            '>' => Operator::Greater,
            '=' if self.take_if('=') => Operator::Equal,
            '!' if self.take_if('=') => Operator::NotEqual,
            '&' if self.take_if('&') => Operator::And,
            '|' if self.take_if('|') => Operator::Or,
            _ => return Err(SyntaxError::new(at, stray(first))),
        };
        Ok(Token::Operator(operator))
    }

    fn number(&mut self, at: usize) -> Result<Token, SyntaxError> {
        let mut text = self.take_while(|c| c.is_ascii_digit());
        let whole = text.len();
        if self.take_if('.') {
            text.push('.');
            text += &self.take_while(|c| c.is_ascii_digit());
            if whole == 0 && text.len() == 1 {
                return Err(SyntaxError::new(at, "a number has digits beside its '.'"));
            }
        }
        // `2e3` is a number; `2e` is one with a word after it, which the parser tells of.
        let before = self.next;
        if self.take_if('e') || self.take_if('E') {
            let sign = if self.take_if('-') { "-" } else { "" };
            let _ = sign.is_empty() && self.take_if('+');
            match self.take_while(|c| c.is_ascii_digit()).as_str() {
                "" => self.next = before,
                digits => text += &format!("e{sign}{digits}"),
            }
        }
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Token::Number(number)),
            _ => {
                let message = format!("'{}' is too large for a number", cut(&text));
                Err(SyntaxError::new(at, message))
            }
        }
    }

    /// A backslash before the quote or another backslash takes its meaning away; any other stays, since searches have
    /// escapes of their own.
    fn quoted(&mut self, quote: char, opened: usize) -> Result<Token, SyntaxError> {
        let mut text = String::new();
        while let Some(c) = self.peek() {
            self.next += 1;
            match c {
                '\\' if self.take_if(quote) => text.push(quote),
                '\\' if self.take_if('\\') => text.push('\\'),
                c if c == quote => return Ok(Token::Text(text)),
                c => text.push(c),
            }
        }
        Err(SyntaxError::new(opened, "this quote is not closed"))
    }
}

fn stray(c: char) -> String {
    let meant = match c {
        '=' => "; equal is '=='",
        '!' => "; not equal is '!='",
        '&' => "; and is '&&' or AND",
        '|' => "; or is '||' or OR",
        '“' | '”' | '‘' | '’' | '`' => "; quotes are \" or '",
        '−' | '–' => "; minus is '-'",
        '{' => "; a search is SEARCH('{…} …', 'Average')",
        _ => "",
    };
    format!("'{}' has no meaning here{meant}", c.escape_debug())
}
