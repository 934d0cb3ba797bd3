//! The rule language, by recursive descent. Depth is bounded by the number of elements, which includes parentheses.

use std::collections::HashSet;

use super::expression::{AlarmName, Expression, Quorum};
use super::fault::{RuleError, RuleFault};
use super::token::{Token, tokens};
use super::{LONGEST_RULE, MOST_CHILDREN, MOST_ELEMENTS};
use crate::state::State;

const CONDITION: &str =
    "ALARM(…), OK(…), INSUFFICIENT_DATA(…), AT_LEAST(…), TRUE, FALSE, NOT or '('";
const STATE: &str = "ALARM, OK or INSUFFICIENT_DATA";
/// The most characters of a name, and of an ARN.
const LONGEST_NAME: usize = 255;

pub(super) fn parse(rule: &str) -> Result<Expression, RuleError> {
    let length = rule.chars().count();
    if length > LONGEST_RULE {
        return fail(LONGEST_RULE + 1, RuleFault::TooLong);
    }
    let mut parser = Parser {
        tokens: tokens(rule)?.into_iter().peekable(),
        end: length + 1,
        elements: 0,
        children: HashSet::new(),
    };
    if parser.tokens.peek().is_none() {
        return fail(1, RuleFault::Empty);
    }
    let expression = parser.any()?;
    match parser.tokens.next() {
        None => Ok(expression),
        Some((at, token)) => unexpected(at, "AND, OR or the end", Some(&token)),
    }
}

#[derive(Debug)]
struct Parser {
    tokens: std::iter::Peekable<std::vec::IntoIter<(usize, Token)>>,
    end: usize,
    elements: usize,
    children: HashSet<String>,
}

fn fail<T>(character: usize, fault: RuleFault) -> Result<T, RuleError> {
    Err(RuleError { character, fault })
}

fn unexpected<T>(at: usize, expected: &'static str, found: Option<&Token>) -> Result<T, RuleError> {
    let found = found.map_or_else(|| "the end".to_owned(), Token::shown);
    fail(at, RuleFault::Unexpected { expected, found })
}

fn state(word: &str) -> Option<State> {
    let mut states = State::ALL.into_iter();
    states.find(|state| state.as_str().eq_ignore_ascii_case(word))
}

impl Parser {
    /// The next token, or where the rule ends.
    fn next(&mut self) -> (usize, Option<Token>) {
        match self.tokens.next() {
            Some((at, token)) => (at, Some(token)),
            None => (self.end, None),
        }
    }

    fn expect(&mut self, wanted: Token, expected: &'static str) -> Result<(), RuleError> {
        match self.next() {
            (_, Some(token)) if token == wanted => Ok(()),
            (at, found) => unexpected(at, expected, found.as_ref()),
        }
    }

    fn is_next_word(&mut self, word: &str) -> bool {
        let is_it = |(_, token): &(usize, Token)| matches!(token, Token::Bare(text) if text.eq_ignore_ascii_case(word));
        self.tokens.next_if(is_it).is_some()
    }

    fn element(&mut self, at: usize) -> Result<(), RuleError> {
        self.elements += 1;
        match self.elements > MOST_ELEMENTS {
            true => fail(at, RuleFault::TooManyElements),
            false => Ok(()),
        }
    }

    fn any(&mut self) -> Result<Expression, RuleError> {
        let mut parts = vec![self.all()?];
        while self.is_next_word("OR") {
            parts.push(self.all()?);
        }
        Ok(group(parts, Expression::Any))
    }

    fn all(&mut self) -> Result<Expression, RuleError> {
        let mut parts = vec![self.not()?];
        while self.is_next_word("AND") {
            parts.push(self.not()?);
        }
        Ok(group(parts, Expression::All))
    }

    fn not(&mut self) -> Result<Expression, RuleError> {
        // In a loop: thousands of NOTs fit in a rule. Two cancel out.
        let mut inverted = false;
        while self.is_next_word("NOT") {
            inverted = !inverted;
        }
        Ok(match (inverted, self.primary()?) {
            (false, inner) => inner,
            // Also `NOT (NOT …)`.
            (true, Expression::Not(inner)) => *inner,
            (true, inner) => Expression::Not(Box::new(inner)),
        })
    }

    fn primary(&mut self) -> Result<Expression, RuleError> {
        let (at, token) = self.next();
        match &token {
            Some(Token::Open) => {
                self.element(at)?;
                let inner = self.any()?;
                self.expect(Token::Close, "AND, OR or ')'")?;
                Ok(inner)
            }
            Some(Token::Bare(word)) => {
                if let Some(state) = state(word) {
                    self.expect(Token::Open, "'(' and an alarm's name")?;
                    let alarm = self.name(true)?;
                    self.expect(Token::Close, "')'")?;
                    return Ok(Expression::Is(state, alarm));
                }
                match word.to_ascii_uppercase().as_str() {
                    "TRUE" | "FALSE" => {
                        self.element(at)?;
                        Ok(Expression::Constant(word.eq_ignore_ascii_case("TRUE")))
                    }
                    "AT_LEAST" => self.at_least(),
                    _ => unexpected(at, CONDITION, token.as_ref()),
                }
            }
            _ => unexpected(at, CONDITION, token.as_ref()),
        }
    }

    /// A name. With `commas`, one that is bare may hold commas.
    fn name(&mut self, commas: bool) -> Result<AlarmName, RuleError> {
        let (at, token) = self.next();
        let text = match token {
            Some(Token::Quoted(text)) => text,
            Some(Token::Bare(text)) if commas => self.bare_with_commas(text, at),
            Some(Token::Bare(text)) => text,
            Some(Token::Comma) if commas => self.bare_with_commas(",".to_owned(), at),
            found => return unexpected(at, "an alarm's name", found.as_ref()),
        };
        let alarm = AlarmName::new(text);
        if !(1..=LONGEST_NAME).contains(&alarm.name().chars().count()) {
            return fail(at, RuleFault::BadName);
        }
        self.element(at)?;
        self.children.insert(alarm.name().to_owned());
        if self.children.len() > MOST_CHILDREN {
            return fail(at, RuleFault::TooManyChildren);
        }
        Ok(alarm)
    }

    /// What follows without a space still belongs to a bare name that may hold commas.
    fn bare_with_commas(&mut self, mut text: String, at: usize) -> String {
        let mut ends = at + text.chars().count();
        loop {
            let more = self.tokens.next_if(|(at, token)| {
                *at == ends && matches!(token, Token::Comma | Token::Bare(_))
            });
            let Some((_, more)) = more else { break };
            let more = match more {
                Token::Bare(more) => more,
                _ => ",".to_owned(),
            };
            ends += more.chars().count();
            text += &more;
        }
        text
    }

    fn at_least(&mut self) -> Result<Expression, RuleError> {
        const QUORUM: &str = "how many: a number, or a percentage such as 50%";
        self.expect(Token::Open, "'('")?;
        let (quorum_at, token) = self.next();
        let quorum = match &token {
            Some(Token::Bare(text)) => quorum(text),
            _ => None,
        };
        let Some(quorum) = quorum else {
            return unexpected(quorum_at, QUORUM, token.as_ref());
        };
        self.expect(Token::Comma, "','")?;
        let mut inverted = false;
        while self.is_next_word("NOT") {
            inverted = !inverted;
        }
        let (at, token) = self.next();
        let state = match &token {
            Some(Token::Bare(word)) => state(word),
            _ => None,
        };
        let Some(state) = state else {
            return unexpected(at, STATE, token.as_ref());
        };
        self.expect(Token::Comma, "','")?;
        self.expect(Token::Open, "'(' and names of alarms")?;
        let mut alarms = vec![self.name(false)?];
        let is_comma = |(_, token): &(usize, Token)| *token == Token::Comma;
        while self.tokens.next_if(is_comma).is_some() {
            alarms.push(self.name(false)?);
        }
        self.expect(Token::Close, "',' or ')'")?;
        self.expect(Token::Close, "')'")?;
        if !(1..=alarms.len()).contains(&quorum.of(alarms.len())) {
            let alarms = alarms.len();
            return fail(quorum_at, RuleFault::BadQuorum { alarms });
        }
        Ok(Expression::AtLeast {
            quorum,
            inverted,
            state,
            alarms,
        })
    }
}

fn quorum(text: &str) -> Option<Quorum> {
    let (number, is_percent) = match text.strip_suffix('%') {
        Some(number) => (number, true),
        None => (text, false),
    };
    if !number.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    // A number too large for its type is one that is too large for any list.
    let number: usize = match number.parse() {
        Ok(number) => number,
        Err(_) if number.is_empty() => return None,
        Err(_) => usize::MAX,
    };
    Some(match is_percent {
        true => Quorum::Percent(u8::try_from(number).unwrap_or(u8::MAX)),
        false => Quorum::Count(number),
    })
}

fn group(mut parts: Vec<Expression>, of: fn(Vec<Expression>) -> Expression) -> Expression {
    match (parts.len(), parts.pop()) {
        (1, Some(only)) => only,
        (_, last) => {
            parts.extend(last);
            of(parts)
        }
    }
}
