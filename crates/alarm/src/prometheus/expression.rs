//! Expressions of PromQL as trees, each part with the character that it begins at. What is read is more than what maps, so
//! that the reason why something does not is about what is meant.

use super::NotImported;
use super::duration;
use super::pattern::Pattern;
use crate::excerpt::excerpt;

/// The most characters of an expression.
const LONGEST: usize = 10_000;
/// The most parentheses within one another.
const DEEPEST: usize = 20;
/// The most operators.
const MOST_OPERATORS: usize = 50;

/// A part of an expression.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    /// `3e9`
    Number(f64),
    /// `metric{…}`, or a function of it.
    Value(Value),
    /// `sum by (namespace) (…)`
    Aggregation(Aggregation),
    /// `a / b`
    Arithmetic(Arithmetic, Pair),
    /// `a > b`
    Comparison(Comparison, Pair),
    /// `a and b`
    And(Pair),
    /// `a unless b`
    Unless(Pair),
    /// `absent(metric{…})`
    Absent(Value),
}

/// An operator's two sides.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Pair {
    /// Where the operator is.
    pub(super) at: usize,
    pub(super) left: Box<Node>,
    pub(super) right: Box<Node>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

/// `metric{label="value"}`, or `rate(…[5m])` of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Value {
    pub(super) range: Option<Range>,
    pub(super) selector: Selector,
}

/// `sum by (namespace)`
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Aggregation {
    pub(super) at: usize,
    pub(super) function: String,
    /// Labels with their characters.
    pub(super) by: Vec<(usize, String)>,
    pub(super) of: Box<Node>,
}

/// `rate(…[5m])` and its kin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Range {
    pub(super) at: usize,
    pub(super) seconds: u32,
    pub(super) function: Function,
}

/// What is made of a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    /// By the second.
    Rate,
    Increase,
    MaxOverTime,
    MinOverTime,
    AvgOverTime,
    /// How often the value was another than before.
    Changes,
}

impl Function {
    fn of(word: &str) -> Option<Function> {
        Some(match word {
            "rate" => Function::Rate,
            "increase" => Function::Increase,
            "max_over_time" => Function::MaxOverTime,
            "min_over_time" => Function::MinOverTime,
            "avg_over_time" => Function::AvgOverTime,
            "changes" => Function::Changes,
            _ => return None,
        })
    }

    /// Whether it is of counters, and not of gauges.
    pub(super) fn is_of_counters(self) -> bool {
        matches!(self, Function::Rate | Function::Increase)
    }
}

/// `metric{label="value"}`
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Selector {
    pub(super) at: usize,
    pub(super) metric: String,
    pub(super) matchers: Vec<Matcher>,
}

/// `label!="value"`
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Matcher {
    pub(super) at: usize,
    pub(super) label: String,
    pub(super) negated: bool,
    pub(super) pattern: Pattern,
}

/// What stands between two sides, the longer ones first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    And,
    Unless,
    Compare(Comparison),
    Compute(Arithmetic),
}

const OPERATORS: [(&str, Operator); 12] = [
    ("and", Operator::And),
    ("unless", Operator::Unless),
    (">=", Operator::Compare(Comparison::GreaterOrEqual)),
    ("<=", Operator::Compare(Comparison::LessOrEqual)),
    ("==", Operator::Compare(Comparison::Equal)),
    ("!=", Operator::Compare(Comparison::NotEqual)),
    (">", Operator::Compare(Comparison::Greater)),
    ("<", Operator::Compare(Comparison::Less)),
    ("+", Operator::Compute(Arithmetic::Add)),
    ("-", Operator::Compute(Arithmetic::Subtract)),
    ("*", Operator::Compute(Arithmetic::Multiply)),
    ("/", Operator::Compute(Arithmetic::Divide)),
];

impl Operator {
    /// How tightly it binds.
    fn precedence(self) -> u8 {
        match self {
            Operator::And | Operator::Unless => 1,
            Operator::Compare(_) => 2,
            Operator::Compute(Arithmetic::Add | Arithmetic::Subtract) => 3,
            Operator::Compute(Arithmetic::Multiply | Arithmetic::Divide) => 4,
        }
    }

    fn node(self, pair: Pair) -> Node {
        match self {
            Operator::And => Node::And(pair),
            Operator::Unless => Node::Unless(pair),
            Operator::Compare(comparison) => Node::Comparison(comparison, pair),
            Operator::Compute(arithmetic) => match (arithmetic, &*pair.left, &*pair.right) {
                (_, Node::Number(a), Node::Number(b)) => Node::Number(match arithmetic {
                    Arithmetic::Add => a + b,
                    Arithmetic::Subtract => a - b,
                    Arithmetic::Multiply => a * b,
                    Arithmetic::Divide => a / b,
                }),
                _ => Node::Arithmetic(arithmetic, pair),
            },
        }
    }
}

pub(super) fn parse(text: &str) -> Result<Node, NotImported> {
    let text: Vec<char> = text.chars().collect();
    if text.len() > LONGEST {
        let why = format!("the expression has more than {LONGEST} characters");
        return Err(NotImported::at(LONGEST + 1, why));
    }
    let mut parser = Parser {
        text,
        at: 0,
        operators: 0,
    };
    let node = parser.expression(1, 0)?;
    parser.space();
    if parser.at < parser.text.len() {
        return Err(parser.fault("what is known ends here"));
    }
    Ok(node)
}

#[derive(Debug)]
struct Parser {
    text: Vec<char>,
    /// Characters that were read.
    at: usize,
    /// Operators that were read.
    operators: usize,
}

impl Parser {
    fn peek(&self) -> Option<char> {
        self.text.get(self.at).copied()
    }

    /// Passes over spaces and comments.
    fn space(&mut self) {
        while let Some(c) = self.peek() {
            match c {
                '#' => {
                    while self.peek().is_some_and(|c| c != '\n') {
                        self.at += 1;
                    }
                }
                c if c.is_whitespace() => self.at += 1,
                _ => break,
            }
        }
    }

    /// The character of what comes next, from 1.
    fn place(&mut self) -> usize {
        self.space();
        self.at + 1
    }

    fn fault(&mut self, why: &str) -> NotImported {
        let at = self.place();
        let found: String = self.text.iter().skip(self.at).take(20).collect();
        let found = match found.split_whitespace().next() {
            None => "the end".to_owned(),
            Some(word) => format!("'{word}'"),
        };
        NotImported::at(at, format!("{why}, found {found}"))
    }

    fn takes(&mut self, wanted: &str) -> bool {
        self.space();
        let wanted: Vec<char> = wanted.chars().collect();
        let is_next = self.text.get(self.at..self.at + wanted.len()) == Some(&wanted);
        if is_next {
            self.at += wanted.len();
        }
        is_next
    }

    /// Takes a whole word.
    fn takes_word(&mut self, wanted: &str) -> bool {
        let before = self.at;
        if self.word().is_some_and(|(_, word)| word == wanted) {
            return true;
        }
        self.at = before;
        false
    }

    fn expect(&mut self, wanted: &str) -> Result<(), NotImported> {
        match self.takes(wanted) {
            true => Ok(()),
            false => Err(self.fault(&format!("expected '{wanted}'"))),
        }
    }

    fn word(&mut self) -> Option<(usize, String)> {
        let at = self.place();
        let is_first = |c: char| c.is_ascii_alphabetic() || matches!(c, '_' | ':');
        self.peek().filter(|c| is_first(*c))?;
        let mut word = String::new();
        while let Some(c) = self.peek().filter(|c| is_first(*c) || c.is_ascii_digit()) {
            word.push(c);
            self.at += 1;
        }
        Some((at, word))
    }

    /// Operators that bind at least so tightly, and what is between them.
    fn expression(&mut self, least: u8, depth: usize) -> Result<Node, NotImported> {
        let mut left = self.operand(depth)?;
        loop {
            let (before, at) = (self.at, self.place());
            let is_word = |text: &str| text.starts_with(|c: char| c.is_ascii_alphabetic());
            let found = OPERATORS.into_iter().find(|(text, _)| match is_word(text) {
                true => self.takes_word(text),
                false => self.takes(text),
            });
            let Some((_, operator)) = found.filter(|(_, o)| o.precedence() >= least) else {
                self.at = before;
                return Ok(left);
            };
            self.operators += 1;
            if self.operators > MOST_OPERATORS {
                let why = format!("there are more than {MOST_OPERATORS} operators");
                return Err(NotImported::at(at, why));
            }
            self.matching(operator)?;
            let right = self.expression(operator.precedence() + 1, depth)?;
            left = operator.node(Pair {
                at,
                left: Box::new(left),
                right: Box::new(right),
            });
        }
    }

    /// `bool`, `on (…)`, `ignoring (…)` behind an operator. Both sides are of one table and grouped alike where they map, so which
    /// labels are equal does not matter as long as one stands against one.
    fn matching(&mut self, operator: Operator) -> Result<(), NotImported> {
        let at = self.place();
        if matches!(operator, Operator::Compare(_)) && self.takes_word("bool") {
            let why = "'bool' is not known: an alarm is over what is compared, not over whether";
            return Err(NotImported::at(at, why));
        }
        if self.takes_word("on") || self.takes_word("ignoring") {
            self.labels()?;
        }
        let at = self.place();
        if self.takes_word("group_left") || self.takes_word("group_right") {
            let why = "many against one (group_left, group_right) is not known";
            return Err(NotImported::at(at, why));
        }
        Ok(())
    }

    fn operand(&mut self, depth: usize) -> Result<Node, NotImported> {
        if depth > DEEPEST {
            return Err(self.fault("there are too many parentheses"));
        }
        if self.takes("(") {
            let inner = self.expression(1, depth + 1)?;
            self.expect(")")?;
            return Ok(inner);
        }
        if let Some(number) = self.number()? {
            return Ok(Node::Number(number));
        }
        let Some((at, word)) = self.word() else {
            return Err(self.fault("expected a metric, a number, rate(…), or sum, avg, min or max"));
        };
        match word.as_str() {
            "sum" | "avg" | "min" | "max" => self.aggregation(at, word, depth),
            "absent" => {
                self.expect("(")?;
                let value = self.value("expected a metric")?;
                self.expect(")")?;
                Ok(Node::Absent(value))
            }
            word if word.eq_ignore_ascii_case("nan") || word.eq_ignore_ascii_case("inf") => {
                self.at = at - 1;
                Err(self.fault("expected a number"))
            }
            _ => {
                self.at = at - 1;
                Ok(Node::Value(self.value("expected a metric")?))
            }
        }
    }

    fn number(&mut self) -> Result<Option<f64>, NotImported> {
        let at = self.place();
        let is_digit = |c: Option<&char>| c.is_some_and(|c| c.is_ascii_digit() || *c == '.');
        let is_signed = matches!(self.peek(), Some('+' | '-'));
        if !is_digit(self.text.get(self.at + usize::from(is_signed))) {
            return match is_signed {
                true => Err(self.fault("expected a number")),
                false => Ok(None),
            };
        }
        let mut number = String::new();
        while let Some(c) = self.peek() {
            let is_sign =
                matches!(c, '+' | '-') && (number.is_empty() || number.ends_with(['e', 'E']));
            if !(c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E') || is_sign) {
                break;
            }
            number.push(c);
            self.at += 1;
        }
        match number.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Some(number)),
            _ => {
                self.at = at - 1;
                Err(self.fault("expected a number"))
            }
        }
    }

    fn aggregation(
        &mut self,
        at: usize,
        function: String,
        depth: usize,
    ) -> Result<Node, NotImported> {
        let mut by = self.by()?;
        self.expect("(")?;
        if depth >= DEEPEST {
            return Err(self.fault("there are too many parentheses"));
        }
        let of = Box::new(self.expression(1, depth + 1)?);
        self.expect(")")?;
        if by.is_none() {
            by = self.by()?;
        }
        let by = by.unwrap_or_default();
        Ok(Node::Aggregation(Aggregation {
            at,
            function,
            by,
            of,
        }))
    }

    fn by(&mut self) -> Result<Option<Vec<(usize, String)>>, NotImported> {
        let at = self.place();
        if self.takes_word("without") {
            return Err(NotImported::at(at, "'without' is not known, only 'by'"));
        }
        match self.takes_word("by") {
            true => self.labels().map(Some),
            false => Ok(None),
        }
    }

    fn labels(&mut self) -> Result<Vec<(usize, String)>, NotImported> {
        self.expect("(")?;
        let mut labels = Vec::new();
        while !self.takes(")") {
            let Some(label) = self.word() else {
                return Err(self.fault("expected a label or ')'"));
            };
            labels.push(label);
            if !self.takes(",") {
                self.expect(")")?;
                break;
            }
        }
        Ok(labels)
    }

    /// A metric, or a function of one.
    fn value(&mut self, expected: &str) -> Result<Value, NotImported> {
        let Some((at, word)) = self.word() else {
            return Err(self.fault(expected));
        };
        self.space();
        if self.peek() != Some('(') {
            let selector = self.selector(at, word)?;
            return Ok(Value {
                range: None,
                selector,
            });
        }
        let Some(function) = Function::of(&word) else {
            let why = format!("the function {} is not known", excerpt(&word, 40));
            return Err(NotImported::at(at, why));
        };
        let (range, selector) = self.range(at, function)?;
        Ok(Value {
            range: Some(range),
            selector,
        })
    }

    fn range(&mut self, at: usize, function: Function) -> Result<(Range, Selector), NotImported> {
        self.expect("(")?;
        let Some((begins, metric)) = self.word() else {
            return Err(self.fault("expected a metric"));
        };
        let selector = self.selector(begins, metric)?;
        self.expect("[")?;
        let place = self.place();
        let mut length = String::new();
        while let Some(c) = self.peek().filter(|c| *c != ']') {
            length.push(c);
            self.at += 1;
        }
        self.expect("]")?;
        self.expect(")")?;
        let seconds = duration::seconds(length.trim()).and_then(|s| u32::try_from(s).ok());
        let Some(seconds) = seconds.filter(|seconds| *seconds > 0) else {
            let why = format!("'{}' is no duration such as 5m", excerpt(&length, 40));
            return Err(NotImported::at(place, why));
        };
        let range = Range {
            at,
            seconds,
            function,
        };
        Ok((range, selector))
    }

    fn selector(&mut self, at: usize, metric: String) -> Result<Selector, NotImported> {
        let mut matchers = Vec::new();
        if self.takes("{") {
            while !self.takes("}") {
                matchers.push(self.matcher()?);
                if !self.takes(",") {
                    self.expect("}")?;
                    break;
                }
            }
        }
        Ok(Selector {
            at,
            metric,
            matchers,
        })
    }

    fn matcher(&mut self) -> Result<Matcher, NotImported> {
        let Some((at, label)) = self.word() else {
            return Err(self.fault("expected a label"));
        };
        // The longer ones first.
        let operators = ["=~", "!~", "!=", "="];
        let Some(operator) = operators.into_iter().find(|operator| self.takes(operator)) else {
            return Err(self.fault("expected =, !=, =~ or !~"));
        };
        let value = self.quoted()?;
        let pattern = match operator {
            "=~" | "!~" => Pattern::regex(&value),
            _ => Pattern::exact(&value),
        };
        Ok(Matcher {
            at,
            label,
            negated: operator.starts_with('!'),
            pattern: pattern.map_err(|why| NotImported::at(at, why))?,
        })
    }

    fn quoted(&mut self) -> Result<String, NotImported> {
        let opened = self.place();
        let quote = match self.peek() {
            Some(quote @ ('"' | '\'' | '`')) => quote,
            _ => return Err(self.fault("expected a value in quotes")),
        };
        self.at += 1;
        let mut value = String::new();
        while let Some(c) = self.peek() {
            self.at += 1;
            match c {
                c if c == quote => return Ok(value),
                '\\' if quote != '`' => match self.peek() {
                    Some(c @ ('\\' | '"' | '\'')) => {
                        value.push(c);
                        self.at += 1;
                    }
                    _ => return Err(self.fault("this escape is not known")),
                },
                c => value.push(c),
            }
        }
        Err(NotImported::at(opened, "this quote is not closed"))
    }
}

impl Node {
    /// Where it begins; `None` for a number.
    pub(super) fn at(&self) -> Option<usize> {
        match self {
            Node::Number(_) => None,
            Node::Value(value) | Node::Absent(value) => Some(value.at()),
            Node::Aggregation(aggregation) => Some(aggregation.at),
            Node::Arithmetic(_, pair)
            | Node::Comparison(_, pair)
            | Node::And(pair)
            | Node::Unless(pair) => Some(pair.at),
        }
    }
}

impl Value {
    /// Where it begins.
    pub(super) fn at(&self) -> usize {
        self.range.map_or(self.selector.at, |range| range.at)
    }
}
