//! Reads a text.

use super::fault::Fault;
use super::pattern::compiled;
use super::tree::{Comparison, Condition, Field, Node, Pattern, Span, Test, Text, Value};
use super::{DEEPEST, LONGEST, LONGEST_REGEX, MOST_CONDITIONS, MOST_REGEXES, MOST_VALUES};

/// Reads a text; `None` when it has nothing but white space.
pub(crate) fn parse(text: &str) -> Result<Option<Node>, Fault> {
    if text.len() > LONGEST {
        let message = format!("the query has {} bytes, more than {LONGEST}", text.len());
        return Err(Fault::new(LONGEST, message));
    }
    let mut reader = Reader {
        text,
        at: 0,
        depth: 0,
        conditions: 0,
        regexes: 0,
    };
    reader.space();
    if reader.at_end() {
        return Ok(None);
    }
    let node = reader.any()?;
    if reader.peek() == Some(')') {
        return Err(reader.fault(
            "no parenthesis is open here: write \")\" in quotation marks to search for it",
        ));
    }
    Ok(Some(node))
}

struct Reader<'a> {
    text: &'a str,
    /// The next byte to read, always at a character.
    at: usize,
    depth: usize,
    conditions: usize,
    regexes: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn peek_second(&self) -> Option<char> {
        self.rest().chars().nth(1)
    }

    fn at_end(&self) -> bool {
        self.at >= self.text.len()
    }

    fn bump(&mut self) {
        self.at += self.peek().map_or(0, char::len_utf8);
    }

    fn space(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    fn fault(&self, message: impl Into<String>) -> Fault {
        Fault::new(self.at, message)
    }

    /// Takes a keyword where one stands.
    fn keyword(&mut self, word: &str) -> bool {
        let Some(after) = self.rest().strip_prefix(word) else {
            return false;
        };
        let ends = after
            .chars()
            .next()
            .is_none_or(|c| c.is_whitespace() || matches!(c, '(' | ')' | '"' | '\''));
        if ends {
            self.at += word.len();
        }
        ends
    }

    fn sees(&mut self, word: &str) -> bool {
        let at = self.at;
        let seen = self.keyword(word);
        self.at = at;
        seen
    }

    fn any(&mut self) -> Result<Node, Fault> {
        let start = self.at;
        let mut nodes = vec![self.all()?];
        while self.keyword("OR") {
            self.space();
            nodes.push(self.all()?);
        }
        Ok(self.group(start, nodes, Condition::Any))
    }

    fn all(&mut self) -> Result<Node, Fault> {
        let start = self.at;
        let mut nodes = vec![self.one()?];
        loop {
            self.space();
            if self.at_end() || self.peek() == Some(')') || self.sees("OR") {
                break;
            }
            if self.keyword("AND") {
                self.space();
            }
            nodes.push(self.one()?);
        }
        Ok(self.group(start, nodes, Condition::All))
    }

    fn group(&self, start: usize, mut nodes: Vec<Node>, of: fn(Vec<Node>) -> Condition) -> Node {
        match (nodes.len(), nodes.pop()) {
            (1, Some(only)) => only,
            (_, last) => {
                nodes.extend(last);
                let end = nodes.last().map_or(self.at, |n| n.span.end);
                Node {
                    span: Span { start, end },
                    condition: of(nodes),
                }
            }
        }
    }

    fn one(&mut self) -> Result<Node, Fault> {
        let start = self.at;
        for word in ["OR", "AND"] {
            if self.sees(word) {
                return Err(self.fault(format!(
                    "{word} stands between two conditions: write \"{word}\" in quotation marks to search for the word"
                )));
            }
        }
        let minus = self.peek() == Some('-') && self.peek_second() != Some('-');
        if minus || self.sees("NOT") {
            if minus {
                self.bump();
            } else {
                self.keyword("NOT");
                self.space();
            }
            if self.peek().is_none_or(|c| c == ')' || c.is_whitespace()) {
                let word = if minus { "-" } else { "NOT" };
                return Err(Fault::new(
                    start,
                    format!(
                        "nothing follows {word} that could be left out: write \"{word}\" in quotation marks to search \
                         for it"
                    ),
                ));
            }
            let node = self.deeper(start, Self::one)?;
            let end = node.span.end;
            return Ok(Node {
                span: Span { start, end },
                condition: Condition::Not(Box::new(node)),
            });
        }
        match self.peek() {
            None => Err(self.fault("a condition is missing at the end")),
            Some(')') => Err(self.fault("a condition is missing before this parenthesis")),
            Some('(') => {
                self.bump();
                self.space();
                if self.at_end() {
                    return Err(Fault::new(start, "this parenthesis is not closed"));
                }
                let mut node = self.deeper(start, Self::any)?;
                if self.peek() != Some(')') {
                    return Err(Fault::new(start, "this parenthesis is not closed"));
                }
                self.bump();
                node.span = Span {
                    start,
                    end: self.at,
                };
                Ok(node)
            }
            Some(_) => self.leaf(),
        }
    }

    fn deeper(
        &mut self,
        start: usize,
        read: fn(&mut Self) -> Result<Node, Fault>,
    ) -> Result<Node, Fault> {
        if self.depth == DEEPEST {
            let message = format!("nested more than {DEEPEST} deep");
            return Err(Fault::new(start, message));
        }
        self.depth += 1;
        let node = read(self);
        self.depth -= 1;
        node
    }

    fn leaf(&mut self) -> Result<Node, Fault> {
        let start = self.at;
        self.conditions += 1;
        if self.conditions > MOST_CONDITIONS {
            return Err(self.fault(format!("more than {MOST_CONDITIONS} conditions")));
        }
        let condition = match self.peek() {
            Some('"') => Condition::Text(Text::Phrase(self.searched('"')?)),
            Some('\'') => Condition::Text(Text::Exact(self.searched('\'')?)),
            Some('/') => Condition::Text(Text::Regex(self.regex()?)),
            _ => match self.name() {
                Some(name) => Condition::Field(self.field(name)?),
                None => Condition::Text(Text::Word(self.bare(false)?)),
            },
        };
        Ok(Node {
            span: Span {
                start,
                end: self.at,
            },
            condition,
        })
    }

    fn searched(&mut self, mark: char) -> Result<String, Fault> {
        let start = self.at;
        let text = self.quoted(mark)?;
        if text.is_empty() {
            return Err(Fault::new(
                start,
                "there is nothing between the quotation marks",
            ));
        }
        Ok(text)
    }

    /// A field's name with its colon, if one stands here. `http://…` and `12:30` are words.
    fn name(&mut self) -> Option<(String, Span)> {
        let rest = self.rest();
        let length = rest.find(|c: char| {
            !(c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '@' | '$' | '/'))
        })?;
        let name = &rest[..length];
        let after = rest[length..].strip_prefix(':')?;
        let first = name.chars().next()?;
        if !(first.is_alphabetic() || matches!(first, '_' | '@' | '$')) || after.starts_with("//") {
            return None;
        }
        let span = Span {
            start: self.at,
            end: self.at + length,
        };
        self.at = span.end + 1;
        Some((name.to_owned(), span))
    }

    fn field(&mut self, (name, name_span): (String, Span)) -> Result<Field, Fault> {
        let start = self.at;
        let test = match self.peek() {
            Some('/') => Test::Regex(self.regex()?),
            Some('>' | '<') => self.compare()?,
            Some('*')
                if self
                    .peek_second()
                    .is_none_or(|c| c.is_whitespace() || matches!(c, '(' | ')' | '"')) =>
            {
                self.bump();
                Test::Exists
            }
            _ => Test::Any(self.values(&name)?),
        };
        Ok(Field {
            name,
            name_span,
            test,
            test_span: Span {
                start,
                end: self.at,
            },
        })
    }

    fn values(&mut self, name: &str) -> Result<Vec<Value>, Fault> {
        let mut values = Vec::new();
        loop {
            if values.len() == MOST_VALUES {
                return Err(self.fault(format!("more than {MOST_VALUES} values")));
            }
            let value = match self.peek() {
                Some(mark @ ('"' | '\'')) => Value::Quoted(self.quoted(mark)?),
                _ => {
                    let text = self.bare(true)?;
                    if text.is_empty() {
                        return Err(self.fault(format!(
                            "{name}: has no value here: write {name}:value, or \"{name}:\" in quotation marks to search \
                             for the text"
                        )));
                    }
                    Value::Bare(text)
                }
            };
            values.push(value);
            if self.peek() != Some(',') {
                return Ok(values);
            }
            self.bump();
        }
    }

    fn compare(&mut self) -> Result<Test, Fault> {
        let greater = self.peek() == Some('>');
        self.bump();
        let equal = self.peek() == Some('=');
        if equal {
            self.bump();
        }
        let comparison = match (greater, equal) {
            (true, false) => Comparison::Greater,
            (true, true) => Comparison::GreaterOrEqual,
            (false, false) => Comparison::Less,
            (false, true) => Comparison::LessOrEqual,
        };
        let number = self.bare(true)?;
        if number.is_empty() {
            return Err(self.fault(format!("a number follows {}", comparison.sign())));
        }
        Ok(Test::Compare(comparison, number))
    }

    /// Characters up to white space, a parenthesis or a quotation mark; of a value up to a comma too.
    fn bare(&mut self, value: bool) -> Result<String, Fault> {
        let rest = self.rest();
        let ends =
            |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '"') || (value && c == ',');
        let length = rest.find(ends).unwrap_or(rest.len());
        if let Some(at) = rest[..length].find('\0') {
            return Err(Fault::new(
                self.at + at,
                "a NUL character cannot be searched for",
            ));
        }
        self.at += length;
        Ok(rest[..length].to_owned())
    }

    /// A text in quotation marks; `\"`, `\\`, `\n` and `\t` stand for one character, another `\` for itself.
    fn quoted(&mut self, mark: char) -> Result<String, Fault> {
        let start = self.at;
        self.bump();
        let mut text = String::new();
        while let Some(c) = self.peek() {
            self.bump();
            if c == mark {
                return Ok(text);
            }
            if c != '\\' {
                text.push(c);
                continue;
            }
            match self.peek() {
                Some('n') => text.push('\n'),
                Some('t') => text.push('\t'),
                Some(c) if c == mark || c == '\\' => text.push(c),
                _ => {
                    text.push('\\');
                    continue;
                }
            }
            self.bump();
        }
        Err(Fault::new(start, "this quotation mark is not closed"))
    }

    /// `/pattern/` or `/pattern/i`; `\/` stands for a slash.
    fn regex(&mut self) -> Result<Pattern, Fault> {
        let start = self.at;
        self.regexes += 1;
        if self.regexes > MOST_REGEXES {
            return Err(self.fault(format!("more than {MOST_REGEXES} regular expressions")));
        }
        self.bump();
        let mut text = String::new();
        // Where in the query each piece of the pattern begins: a slash is shorter in the pattern.
        let mut places = vec![(0, self.at)];
        loop {
            let Some(c) = self.peek() else {
                return Err(Fault::new(
                    start,
                    "this slash begins a regular expression that is not closed: put a path in quotation marks",
                ));
            };
            self.bump();
            match (c, self.peek()) {
                ('/', _) => break,
                ('\\', Some('/')) => {
                    self.bump();
                    text.push('/');
                    places.push((text.len(), self.at));
                }
                ('\\', Some(next)) => {
                    self.bump();
                    text.extend([c, next]);
                }
                _ => text.push(c),
            }
        }
        let flags = self.bare(true)?;
        let ignore_case = match flags.as_str() {
            "" => false,
            "i" => true,
            _ => {
                return Err(Fault::new(
                    self.at - flags.len(),
                    "after a regular expression only i (any case) may stand: put a path in quotation marks",
                ));
            }
        };
        if text.is_empty() {
            return Err(Fault::new(start, "the regular expression is empty"));
        }
        if text.len() > LONGEST_REGEX {
            let message = format!("the regular expression has more than {LONGEST_REGEX} bytes");
            return Err(Fault::new(start, message));
        }
        let pattern = Pattern { text, ignore_case };
        if let Err((at, message)) = compiled(&pattern) {
            let place = places
                .iter()
                .rev()
                .find(|(of, _)| *of <= at)
                .map_or(start, |(of, place)| place + (at - of));
            return Err(Fault::new(place, message));
        }
        Ok(pattern)
    }
}
