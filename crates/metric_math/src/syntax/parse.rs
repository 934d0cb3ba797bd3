//! Expressions, by how tightly operators bind. What nests is bounded, so recursion is.

use super::fault::{SyntaxError, cut};
use super::node::{Node, Place, Word};
use super::operator::{NEGATION, Operator};
use super::token::{Token, tokens};
use super::{LONGEST_WITH_SEARCH, LONGEST_WITHOUT_SEARCH, MOST_DEPTH, MOST_NODES};
use crate::function::{Function, Parameter};
use crate::nearest::nearest;
use crate::search::{Search, SearchCall};

const OPERAND: &str = "a number, an id, a function, '(', '[' or '-'";
const OPERATOR: &str = "an operator";

/// The nodes with the characters that they begin at.
pub(super) type Nodes = (Vec<Node>, Vec<usize>);

pub(super) fn parse(text: &str) -> Result<Nodes, SyntaxError> {
    let length = text.chars().count();
    if length > LONGEST_WITHOUT_SEARCH {
        let message = format!("an expression has at most {LONGEST_WITHOUT_SEARCH} characters");
        return Err(SyntaxError::new(LONGEST_WITHOUT_SEARCH + 1, message));
    }
    let mut parser = Parser {
        text,
        tokens: tokens(text)?.into_iter().peekable(),
        end: length + 1,
        depth: 0,
        nodes: Vec::new(),
        at: Vec::new(),
    };
    if parser.tokens.peek().is_none() {
        return Err(SyntaxError::new(1, "the expression is empty"));
    }
    parser.expression(0)?;
    if let Some((at, token)) = parser.tokens.next() {
        return Err(parser.no_operator(at, &token, "or the end"));
    }
    let searches = parser.nodes.iter().any(|n| matches!(n, Node::Search(_)));
    if searches && length > LONGEST_WITH_SEARCH {
        let message =
            format!("an expression with SEARCH has at most {LONGEST_WITH_SEARCH} characters");
        return Err(SyntaxError::new(LONGEST_WITH_SEARCH + 1, message));
    }
    Ok((parser.nodes, parser.at))
}

#[derive(Debug)]
struct Parser<'a> {
    text: &'a str,
    tokens: std::iter::Peekable<std::vec::IntoIter<(usize, Token)>>,
    end: usize,
    depth: usize,
    nodes: Vec<Node>,
    at: Vec<usize>,
}

impl Parser<'_> {
    /// The next token, or where the text ends.
    fn next(&mut self) -> (usize, Option<Token>) {
        match self.tokens.next() {
            Some((at, token)) => (at, Some(token)),
            None => (self.end, None),
        }
    }

    fn take_if(&mut self, wanted: &Token) -> bool {
        self.tokens.next_if(|(_, token)| token == wanted).is_some()
    }

    fn push(&mut self, at: usize, node: Node) -> Result<Place, SyntaxError> {
        if self.nodes.len() >= MOST_NODES {
            let message = format!("an expression has at most {MOST_NODES} parts");
            return Err(SyntaxError::new(at, message));
        }
        self.nodes.push(node);
        self.at.push(at);
        Ok(self.nodes.len() - 1)
    }

    fn deeper(&mut self, at: usize) -> Result<(), SyntaxError> {
        self.depth += 1;
        match self.depth > MOST_DEPTH {
            true => {
                let message = format!("an expression nests at most {MOST_DEPTH} deep");
                Err(SyntaxError::new(at, message))
            }
            false => Ok(()),
        }
    }

    /// Operands joined by operators that bind at least so tightly.
    fn expression(&mut self, least: u8) -> Result<Place, SyntaxError> {
        let first = self.operand()?;
        self.joined(first, least)
    }

    /// What operators that bind at least so tightly join to an operand.
    fn joined(&mut self, mut left: Place, least: u8) -> Result<Place, SyntaxError> {
        while let Some((at, Token::Operator(operator))) = self.tokens.peek() {
            let (at, operator) = (*at, *operator);
            if operator.binding() < least {
                break;
            }
            self.tokens.next();
            self.deeper(at)?;
            let least = operator.binding() + u8::from(!operator.groups_right());
            let right = self.expression(least)?;
            self.depth -= 1;
            left = self.push(at, Node::Pair(operator, left, right))?;
        }
        Ok(left)
    }

    fn operand(&mut self) -> Result<Place, SyntaxError> {
        let (at, token) = self.next();
        match token {
            Some(Token::Number(number)) => self.push(at, Node::Number(number)),
            Some(Token::Id(id)) => self.id(at, id),
            Some(Token::Name(name)) => self.call(at, &name),
            Some(Token::Operator(Operator::Subtract)) => self.negation(at),
            Some(Token::Open) => {
                self.deeper(at)?;
                let inner = self.expression(0)?;
                self.close("')'")?;
                self.depth -= 1;
                Ok(inner)
            }
            Some(Token::OpenArray) => self.array(at),
            Some(Token::Text(_)) => {
                let message = "a text can stand only in METRICS('…') and SEARCH('…', 'Average')";
                Err(SyntaxError::new(at, message))
            }
            found => Err(unexpected(at, OPERAND, found.as_ref())),
        }
    }

    /// In a loop: thousands of signs fit in an expression.
    fn negation(&mut self, at: usize) -> Result<Place, SyntaxError> {
        let mut signs = vec![at];
        while let Some((at, _)) = self
            .tokens
            .next_if(|(_, token)| *token == Token::Operator(Operator::Subtract))
        {
            signs.push(at);
        }
        self.deeper(at)?;
        let mut inner = self.expression(NEGATION + 1)?;
        self.depth -= 1;
        for at in signs.into_iter().rev() {
            inner = self.push(at, Node::Negate(inner))?;
        }
        Ok(inner)
    }

    fn id(&mut self, at: usize, id: String) -> Result<Place, SyntaxError> {
        let is_called = matches!(self.tokens.peek(), Some((_, Token::Open)));
        let upper = id.to_ascii_uppercase();
        if is_called && Function::named(&upper).is_some() {
            let message = format!("functions are written in upper case: {upper}");
            return Err(SyntaxError::new(at, message));
        }
        self.push(at, Node::Id(id))
    }

    fn array(&mut self, at: usize) -> Result<Place, SyntaxError> {
        self.deeper(at)?;
        let mut members = vec![self.expression(0)?];
        while self.take_if(&Token::Comma) {
            members.push(self.expression(0)?);
        }
        match self.next() {
            (_, Some(Token::CloseArray)) => {}
            (at, Some(token)) => return Err(self.no_operator(at, &token, "',' or ']'")),
            (at, None) => return Err(unexpected(at, "an operator, ',' or ']'", None)),
        }
        self.depth -= 1;
        self.push(at, Node::Array(members))
    }

    fn call(&mut self, at: usize, name: &str) -> Result<Place, SyntaxError> {
        if Function::is_refused(name) {
            return Err(SyntaxError::new(at, format!("{name} is not supported")));
        }
        let Some(function) = Function::named(name) else {
            return Err(SyntaxError::new(at, no_function(name)));
        };
        match self.next() {
            (_, Some(Token::Open)) => {}
            (at, found) => {
                return Err(unexpected(at, &format!("'(' after {name}"), found.as_ref()));
            }
        }
        self.deeper(at)?;
        let mut arguments = Vec::new();
        if !self.take_if(&Token::Close) {
            arguments.push(self.argument()?);
            while self.take_if(&Token::Comma) {
                arguments.push(self.argument()?);
            }
            self.close("',' or ')'")?;
        }
        self.depth -= 1;
        self.check_arguments(at, function, &arguments)?;
        match function {
            Function::Search => self.search(at, &arguments),
            _ => self.push(at, Node::Call(function, arguments)),
        }
    }

    fn close(&mut self, expected: &str) -> Result<(), SyntaxError> {
        match self.next() {
            (_, Some(Token::Close)) => Ok(()),
            (at, Some(token)) => Err(self.no_operator(at, &token, expected)),
            (at, None) => Err(unexpected(at, &format!("{OPERATOR}, {expected}"), None)),
        }
    }

    /// An expression, or a text or a word that is all of the argument.
    fn argument(&mut self) -> Result<Place, SyntaxError> {
        match self.tokens.peek() {
            Some((_, Token::Text(_))) => {}
            Some((_, Token::Name(name))) if Word::of(name).is_some() => {}
            _ => return self.expression(0),
        }
        let Some((at, token)) = self.tokens.next() else {
            return self.expression(0);
        };
        match token {
            Token::Text(text) => self.push(at, Node::Text(text)),
            // `AVG(` is a function, `AVG` the word of SORT.
            Token::Name(name) if matches!(self.tokens.peek(), Some((_, Token::Open))) => {
                let left = self.call(at, &name)?;
                self.joined(left, 0)
            }
            Token::Name(name) => match Word::of(&name) {
                Some(word) => self.push(at, Node::Word(word)),
                None => self.call(at, &name),
            },
            token => Err(unexpected(at, OPERAND, Some(&token))),
        }
    }

    fn check_arguments(
        &self,
        at: usize,
        function: Function,
        arguments: &[Place],
    ) -> Result<(), SyntaxError> {
        let signature = function.signature();
        let name = function.name();
        let most = signature.parameters.len();
        if !(signature.required..=most).contains(&arguments.len()) {
            let shown: Vec<String> = signature.parameters.iter().map(|p| p.shown()).collect();
            let mut message = match (signature.required, most) {
                (0, most) => format!("{name} takes at most {most}: {}", shown.join("; ")),
                (least, most) if least == most => {
                    format!("{name} takes {most}: {}", shown.join("; "))
                }
                (least, most) => format!("{name} takes {least} to {most}: {}", shown.join("; ")),
            };
            message += &format!(". Here are {}", arguments.len());
            return Err(SyntaxError::new(at, message));
        }
        for (argument, parameter) in arguments.iter().zip(signature.parameters) {
            let Some(node) = self.nodes.get(*argument) else {
                continue;
            };
            let is_right = match (parameter, node) {
                (Parameter::Text, Node::Text(_)) => true,
                (Parameter::OneOf(words), Node::Word(word)) => words.contains(word),
                (Parameter::Filling, Node::Word(word)) => {
                    matches!(word, Word::Repeat | Word::Linear)
                }
                (Parameter::Seconds, Node::Number(seconds)) => {
                    (1.0..=f64::from(u32::MAX)).contains(seconds) && seconds.fract() == 0.0
                }
                (Parameter::Text | Parameter::OneOf(_) | Parameter::Seconds, _) => false,
                (_, Node::Text(_) | Node::Word(_)) => false,
                // The type of what is computed is looked at when that of every id is known.
                _ => true,
            };
            if !is_right {
                let at = self.at.get(*argument).copied().unwrap_or(at);
                let message = format!("{name} takes {} here", parameter.shown());
                return Err(SyntaxError::new(at, message));
            }
        }
        Ok(())
    }

    /// Makes one node of SEARCH and its arguments, which are the last of the list.
    fn search(&mut self, at: usize, arguments: &[Place]) -> Result<Place, SyntaxError> {
        let first = arguments.first().copied().unwrap_or(self.nodes.len());
        let text_at = self.at.get(first).copied().unwrap_or(at);
        let statistic_at = self.at.get(first + 1).copied().unwrap_or(at);
        self.at.truncate(first);
        let mut nodes = self.nodes.split_off(first).into_iter();
        let (Some(Node::Text(text)), Some(Node::Text(statistic))) = (nodes.next(), nodes.next())
        else {
            return Err(SyntaxError::new(
                at,
                "SEARCH takes a search and a statistic",
            ));
        };
        let period_seconds = match nodes.next() {
            Some(Node::Number(seconds)) => Some(seconds as u32),
            _ => None,
        };
        if statistic.trim().is_empty() {
            let message = "a statistic is missing, such as 'Average'";
            return Err(SyntaxError::new(statistic_at, message));
        }
        let search = Search::parse(&text)
            .map_err(|e| SyntaxError::new(inside(self.text, text_at, e.at), e.message))?;
        let call = SearchCall {
            search,
            statistic,
            period_seconds,
        };
        self.push(at, Node::Search(call))
    }

    fn no_operator(&self, at: usize, found: &Token, or: &str) -> SyntaxError {
        let hint = match found {
            Token::Id(word) if word == "and" || word == "or" => {
                format!("; write {} in upper case", word.to_ascii_uppercase())
            }
            Token::Name(word) if word == "NOT" => "; write '== 0' to negate".to_owned(),
            _ => String::new(),
        };
        let found = found.shown();
        let message = format!("expected {OPERATOR}, {or}; found {found}{hint}");
        SyntaxError::new(at, message.replace(", or the end", " or the end"))
    }
}

fn unexpected(at: usize, expected: &str, found: Option<&Token>) -> SyntaxError {
    let found = found.map_or_else(|| "the end".to_owned(), Token::shown);
    SyntaxError::new(at, format!("expected {expected}; found {found}"))
}

fn no_function(name: &str) -> String {
    let shown = cut(name);
    match nearest(name, Function::names()) {
        Some(near) => format!("there is no function {shown}; did you mean {near}?"),
        None if Word::of(name).is_some() => {
            format!("{shown} can stand only as an argument of SORT or FILL")
        }
        None => format!("there is no function {shown}; ids begin with a lower-case letter"),
    }
}

/// Where in the expression character `within` of the text is that is quoted from character `opened` on.
fn inside(expression: &str, opened: usize, within: usize) -> usize {
    let rest: Vec<char> = expression.chars().skip(opened - 1).collect();
    let quote = rest.first().copied().unwrap_or('\'');
    let mut at = 1;
    for _ in 1..within {
        let is_escape = rest.get(at) == Some(&'\\')
            && matches!(rest.get(at + 1), Some(c) if *c == quote || *c == '\\');
        at += if is_escape { 2 } else { 1 };
    }
    opened + at
}
