//! The search language, by recursive descent of bounded depth.

use super::token::{Token, tokens};
use super::{LONGEST_SEARCH, MOST_SEARCH_DEPTH, Property, Schema, Search, Term, Words, parts};
use crate::syntax::SyntaxError;

const TERM: &str = "a word, a text in double quotes, NOT or '('";

pub(super) fn parse(text: &str) -> Result<Search, SyntaxError> {
    let length = text.chars().count();
    if length > LONGEST_SEARCH {
        let message = format!("a search has at most {LONGEST_SEARCH} characters");
        return Err(SyntaxError::new(LONGEST_SEARCH + 1, message));
    }
    let mut parser = Parser {
        tokens: tokens(text)?.into_iter().peekable(),
        end: length + 1,
        depth: 0,
        terms: Vec::new(),
    };
    let schema = match parser.take_if(&Token::OpenSchema) {
        true => Some(parser.schema()?),
        false => None,
    };
    if schema.is_some() {
        // A comma may stand between schema and words.
        parser.take_if(&Token::Comma);
    }
    if parser.tokens.peek().is_some() {
        parser.any(None)?;
        if let Some((at, token)) = parser.tokens.next() {
            return Err(unexpected(
                at,
                "AND, OR, another word or the end",
                Some(&token),
            ));
        }
    } else if schema.is_none() {
        let message = "the search is empty; begin with {Namespace,Dimension} or with a word";
        return Err(SyntaxError::new(1, message));
    }
    Ok(Search {
        text: text.to_owned(),
        schema,
        terms: parser.terms,
    })
}

#[derive(Debug)]
struct Parser {
    tokens: std::iter::Peekable<std::vec::IntoIter<(usize, Token)>>,
    end: usize,
    depth: usize,
    terms: Vec<Term>,
}

impl Parser {
    fn next(&mut self) -> (usize, Option<Token>) {
        match self.tokens.next() {
            Some((at, token)) => (at, Some(token)),
            None => (self.end, None),
        }
    }

    fn take_if(&mut self, wanted: &Token) -> bool {
        self.tokens.next_if(|(_, token)| token == wanted).is_some()
    }

    fn push(&mut self, term: Term) -> usize {
        self.terms.push(term);
        self.terms.len() - 1
    }

    fn schema(&mut self) -> Result<Schema, SyntaxError> {
        let namespace = self.name("a namespace")?;
        let mut dimensions = Vec::new();
        loop {
            match self.next() {
                (_, Some(Token::CloseSchema)) => break,
                (_, Some(Token::Comma)) => dimensions.push(self.name("a dimension's name")?),
                (at, found) => return Err(unexpected(at, "',' or '}'", found.as_ref())),
            }
        }
        dimensions.sort();
        dimensions.dedup();
        Ok(Schema {
            namespace,
            dimensions,
        })
    }

    fn name(&mut self, what: &str) -> Result<String, SyntaxError> {
        match self.next() {
            (_, Some(Token::Quoted(name) | Token::Bare(name))) if !name.is_empty() => Ok(name),
            (at, found) => Err(unexpected(at, what, found.as_ref())),
        }
    }

    /// Terms joined by OR; all of one property when there is one.
    fn any(&mut self, of: Option<&Property>) -> Result<usize, SyntaxError> {
        let mut left = self.all(of)?;
        while self.take_if(&Token::Or) {
            let right = self.all(of)?;
            left = self.push(Term::Or(left, right));
        }
        Ok(left)
    }

    /// Terms joined by AND, or by nothing, which is the same.
    fn all(&mut self, of: Option<&Property>) -> Result<usize, SyntaxError> {
        let mut left = self.not(of)?;
        loop {
            let more = match self.tokens.peek() {
                Some((_, Token::And)) => {
                    self.tokens.next();
                    true
                }
                Some((_, token)) => matches!(
                    token,
                    Token::Not | Token::Open | Token::Quoted(_) | Token::Bare(_)
                ),
                None => false,
            };
            if !more {
                return Ok(left);
            }
            let right = self.not(of)?;
            left = self.push(Term::And(left, right));
        }
    }

    /// In a loop: hundreds of NOTs fit in a search. Two cancel out.
    fn not(&mut self, of: Option<&Property>) -> Result<usize, SyntaxError> {
        let mut inverted = false;
        while self.take_if(&Token::Not) {
            inverted = !inverted;
        }
        let inner = self.primary(of)?;
        Ok(match inverted {
            true => self.push(Term::Not(inner)),
            false => inner,
        })
    }

    fn primary(&mut self, of: Option<&Property>) -> Result<usize, SyntaxError> {
        let (at, token) = self.next();
        let token = match token {
            Some(Token::Open) => return self.group(at, of),
            Some(token @ (Token::Quoted(_) | Token::Bare(_))) => token,
            found => return Err(unexpected(at, TERM, found.as_ref())),
        };
        if of.is_none() && self.take_if(&Token::Equals) {
            let property = property(at, token)?;
            return match self.next() {
                (at, Some(Token::Open)) => self.group(at, Some(&property)),
                (at, Some(token @ (Token::Quoted(_) | Token::Bare(_)))) => {
                    let words = words(at, token)?;
                    Ok(self.push(Term::Match(Some(property), words)))
                }
                (at, found) => Err(unexpected(
                    at,
                    "a word or a text in double quotes after '='",
                    found.as_ref(),
                )),
            };
        }
        let words = words(at, token)?;
        Ok(self.push(Term::Match(of.cloned(), words)))
    }

    fn group(&mut self, at: usize, of: Option<&Property>) -> Result<usize, SyntaxError> {
        self.depth += 1;
        if self.depth > MOST_SEARCH_DEPTH {
            let message = format!("a search nests at most {MOST_SEARCH_DEPTH} deep");
            return Err(SyntaxError::new(at, message));
        }
        let inner = self.any(of)?;
        self.depth -= 1;
        match self.next() {
            (_, Some(Token::Close)) => Ok(inner),
            (at, found) => Err(unexpected(
                at,
                "AND, OR, another word or ')'",
                found.as_ref(),
            )),
        }
    }
}

fn property(at: usize, token: Token) -> Result<Property, SyntaxError> {
    let (Token::Quoted(name) | Token::Bare(name)) = token else {
        return Err(unexpected(at, "a property's name", Some(&token)));
    };
    match name.as_str() {
        "MetricName" => Ok(Property::MetricName),
        "Namespace" => Ok(Property::Namespace),
        "" => Err(SyntaxError::new(at, "a property has a name")),
        other if other.starts_with(":aws.") => {
            let message = format!("{other} is not supported: all metrics are of one account");
            Err(SyntaxError::new(at, message))
        }
        _ => Ok(Property::Dimension(name)),
    }
}

fn words(at: usize, token: Token) -> Result<Words, SyntaxError> {
    match token {
        Token::Quoted(text) => Ok(Words::Exact(text)),
        Token::Bare(text) => {
            let parts: Vec<String> = parts(&text).into_iter().map(str::to_owned).collect();
            match parts.is_empty() {
                true => Err(SyntaxError::new(at, "a word has a letter or a digit")),
                false => Ok(Words::Parts(parts)),
            }
        }
        other => Err(unexpected(at, TERM, Some(&other))),
    }
}

fn unexpected(at: usize, expected: &str, found: Option<&Token>) -> SyntaxError {
    let found = found.map_or_else(|| "the end".to_owned(), Token::shown);
    SyntaxError::new(at, format!("expected {expected}; found {found}"))
}
