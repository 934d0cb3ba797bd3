//! What a filter says about the tokens of a message.
//!
//! A condition here follows from the filter: where it is false, the filter is not true. It may be true where the filter
//! is not, since DataFusion applies the filter to the rows anyway. Only tokens that a pattern shows from edge to edge
//! count: of `%n reset by pe%` these are `reset` and `by`.

use datafusion::common::ScalarValue;
use datafusion::logical_expr::expr::{InList, ScalarFunction};
use datafusion::logical_expr::{BinaryExpr, Expr, Like, Operator};
use regex_syntax::hir::{Class, Hir, HirKind, Look};

use super::fuse::Fuse;
use crate::tokens::{token_hash, tokens};

/// The column that the index is of.
pub(crate) const MESSAGE: &str = "message";

/// A condition on the set of tokens of a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Words {
    /// Nothing is known: every block may match.
    Any,
    /// The token with this hash.
    Has(u64),
    /// All of them.
    All(Vec<Words>),
    /// One of them at the least.
    Either(Vec<Words>),
}

impl Words {
    /// What several filters that must all be true say.
    pub(crate) fn of(filters: &[Expr]) -> Words {
        all(filters.iter().map(of_filter))
    }

    /// Whether a row that fits can be in a block with these tokens.
    pub(crate) fn may_match(&self, tokens: &Fuse) -> bool {
        match self {
            Words::Any => true,
            Words::Has(hash) => tokens.may_hold(*hash),
            Words::All(parts) => parts.iter().all(|part| part.may_match(tokens)),
            Words::Either(parts) => parts.iter().any(|part| part.may_match(tokens)),
        }
    }
}

fn all(parts: impl IntoIterator<Item = Words>) -> Words {
    let mut known: Vec<Words> = Vec::new();
    for part in parts {
        match part {
            Words::Any => {}
            Words::All(more) => known.extend(more),
            other => known.push(other),
        }
    }
    match known.len() {
        0 => Words::Any,
        1 => known.remove(0),
        _ => Words::All(known),
    }
}

fn either(parts: impl IntoIterator<Item = Words>) -> Words {
    let parts: Vec<Words> = parts.into_iter().collect();
    if parts.contains(&Words::Any) {
        return Words::Any;
    }
    Words::Either(parts)
}

fn of_filter(filter: &Expr) -> Words {
    match filter {
        Expr::Alias(alias) => of_filter(&alias.expr),
        Expr::BinaryExpr(BinaryExpr { left, op, right }) => of_binary(left, *op, right),
        Expr::Like(like) => of_like(like),
        Expr::ScalarFunction(function) => of_function(function),
        Expr::InList(InList {
            expr,
            list,
            negated: false,
        }) if subject(expr) == Some(Case::Exact) => either(list.iter().map(|value| {
            text(value).map_or(Words::Any, |text| {
                Pieces::literal(text, Case::Exact, true, true).words()
            })
        })),
        _ => Words::Any,
    }
}

fn of_binary(left: &Expr, op: Operator, right: &Expr) -> Words {
    match op {
        Operator::And => all([of_filter(left), of_filter(right)]),
        Operator::Or => either([of_filter(left), of_filter(right)]),
        Operator::Eq => {
            let (subject, value) = match (subject(left), text(right), subject(right), text(left)) {
                (Some(subject), Some(value), _, _) | (_, _, Some(subject), Some(value)) => {
                    (subject, value)
                }
                _ => return Words::Any,
            };
            Pieces::literal(value, subject, true, true).words()
        }
        Operator::RegexMatch | Operator::RegexIMatch => match (subject(left), text(right)) {
            (Some(subject), Some(pattern)) => of_regex(
                pattern,
                subject == Case::Folded || op == Operator::RegexIMatch,
                false,
            ),
            _ => Words::Any,
        },
        Operator::Gt | Operator::GtEq | Operator::NotEq => of_position(left, op, right),
        Operator::Lt | Operator::LtEq => match op.swap() {
            Some(op) => of_position(right, op, left),
            None => Words::Any,
        },
        _ => Words::Any,
    }
}

/// `strpos(message, 'text') > 0` and its like.
fn of_position(position: &Expr, op: Operator, bound: &Expr) -> Words {
    let found = match (op, number(bound)) {
        (Operator::Gt, Some(bound)) => bound >= 0,
        (Operator::GtEq, Some(bound)) => bound >= 1,
        (Operator::NotEq, Some(bound)) => bound == 0,
        _ => false,
    };
    match bare(position) {
        Expr::ScalarFunction(function)
            if found && matches!(function.name(), "strpos" | "instr" | "position") =>
        {
            match function.args.as_slice() {
                [of, literal] => literal_in(of, literal, false, false),
                _ => Words::Any,
            }
        }
        _ => Words::Any,
    }
}

fn of_function(function: &ScalarFunction) -> Words {
    match (function.name(), function.args.as_slice()) {
        ("has_word", [of, literal]) => match (subject(of), text(literal)) {
            (Some(_), Some(literal)) => has_word(literal),
            _ => Words::Any,
        },
        ("contains" | "contains_ci", [of, literal]) => literal_in(of, literal, false, false),
        ("starts_with", [of, literal]) => literal_in(of, literal, true, false),
        ("ends_with", [of, literal]) => literal_in(of, literal, false, true),
        ("regexp_like", [of, pattern]) => match (subject(of), text(pattern)) {
            (Some(subject), Some(pattern)) => of_regex(pattern, subject == Case::Folded, false),
            _ => Words::Any,
        },
        ("regexp_like", [of, pattern, flags]) => match (subject(of), text(pattern), text(flags)) {
            (Some(subject), Some(pattern), Some(flags))
                if flags.chars().all(|f| "ims".contains(f)) =>
            {
                let folded = subject == Case::Folded || flags.contains('i');
                of_regex(pattern, folded, flags.contains('m'))
            }
            _ => Words::Any,
        },
        _ => Words::Any,
    }
}

/// Every token of the text; the last may be the beginning of one when the text ends in `*`.
fn has_word(literal: &str) -> Words {
    let mut hashes: Vec<u64> = tokens(literal)
        .map(|token| token_hash(token.as_written().as_bytes()))
        .collect();
    if literal.ends_with('*') {
        hashes.pop();
    }
    all(hashes.into_iter().map(Words::Has))
}

fn literal_in(of: &Expr, literal: &Expr, from_start: bool, to_end: bool) -> Words {
    match (subject(of), text(literal)) {
        (Some(case), Some(literal)) => Pieces::literal(literal, case, from_start, to_end).words(),
        _ => Words::Any,
    }
}

fn of_like(like: &Like) -> Words {
    let (Some(case), Some(pattern)) = (subject(&like.expr), text(&like.pattern)) else {
        return Words::Any;
    };
    if like.negated || like.escape_char.is_some_and(|escape| escape != '\\') {
        return Words::Any;
    }
    let case = if like.case_insensitive {
        Case::Folded
    } else {
        case
    };
    let mut pieces = Pieces::default();
    pieces.edge();
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '%' | '_' => pieces.gap(),
            // What it takes away the meaning of may be text; nothing is lost when it is taken for unknown.
            '\\' => {
                pieces.gap();
                letters.next();
            }
            letter => pieces.letter(letter, case),
        }
    }
    pieces.edge();
    pieces.words()
}

/// `lines`: `^` and `$` are the edges of lines, which are edges of tokens too.
fn of_regex(pattern: &str, folded: bool, lines: bool) -> Words {
    let parsed = regex_syntax::ParserBuilder::new()
        .case_insensitive(folded)
        .multi_line(lines)
        .build()
        .parse(pattern);
    match parsed {
        Ok(hir) => {
            let case = if folded { Case::Folded } else { Case::Exact };
            let mut pieces = Pieces::default();
            pieces.gap();
            pieces.regex(&hir, case);
            pieces.words()
        }
        // Whoever evaluates the filter says what is wrong with it.
        Err(_) => Words::Any,
    }
}

/// Whether letters are compared as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Case {
    Exact,
    Folded,
}

/// An expression without what does not change a text.
fn bare(expr: &Expr) -> &Expr {
    match expr {
        Expr::Alias(alias) => bare(&alias.expr),
        Expr::Cast(cast) if is_text(cast.field.data_type()) => bare(&cast.expr),
        Expr::TryCast(cast) if is_text(cast.field.data_type()) => bare(&cast.expr),
        other => other,
    }
}

fn is_text(kind: &arrow::datatypes::DataType) -> bool {
    use arrow::datatypes::DataType::{Int32, Int64, LargeUtf8, Utf8, Utf8View};
    // The numbers are for the result of strpos.
    matches!(kind, Utf8 | LargeUtf8 | Utf8View | Int32 | Int64)
}

/// The message as it is, or in lower case; `None` for anything else.
fn subject(expr: &Expr) -> Option<Case> {
    match bare(expr) {
        Expr::Column(column) if column.name == MESSAGE => Some(Case::Exact),
        Expr::ScalarFunction(function) if function.name() == "lower" => {
            match function.args.as_slice() {
                [of] => subject(of).map(|_| Case::Folded),
                _ => None,
            }
        }
        _ => None,
    }
}

fn text(expr: &Expr) -> Option<&str> {
    match bare(expr) {
        Expr::Literal(value, _) => value.try_as_str().flatten(),
        _ => None,
    }
}

fn number(expr: &Expr) -> Option<i64> {
    match bare(expr) {
        Expr::Literal(ScalarValue::Int64(value), _) => *value,
        Expr::Literal(ScalarValue::Int32(value), _) => value.map(i64::from),
        _ => None,
    }
}

/// A pattern: stretches of known text, with what is known of the places between them.
#[derive(Debug, Default)]
struct Pieces {
    /// The stretch under way.
    text: String,
    /// Whether a token may begin at its start.
    open: bool,
    found: Vec<Words>,
}

impl Pieces {
    /// A piece of text, at the start of the message, at its end, or anywhere.
    fn literal(text: &str, case: Case, from_start: bool, to_end: bool) -> Pieces {
        let mut pieces = Pieces::default();
        if from_start {
            pieces.edge();
        }
        text.chars().for_each(|letter| pieces.letter(letter, case));
        if to_end {
            pieces.edge();
        }
        pieces
    }

    /// Here is an edge of every token.
    fn edge(&mut self) {
        self.end(true);
        self.open = true;
    }

    /// Nothing is known of what is here.
    fn gap(&mut self) {
        self.end(false);
        self.open = false;
    }

    fn letter(&mut self, letter: char, case: Case) {
        // Without case a letter outside ASCII may stand for others, of which the index knows nothing.
        match letter.is_ascii() || case == Case::Exact {
            true => self.text.push(letter),
            false => self.gap(),
        }
    }

    /// Takes the tokens of the stretch that are whole.
    fn end(&mut self, closed: bool) {
        for token in tokens(&self.text) {
            let begins = token.start() > 0 || self.open;
            let ends = token.end() < self.text.len() || closed;
            if begins && ends {
                let hash = token_hash(token.as_written().as_bytes());
                self.found.push(Words::Has(hash));
            }
        }
        self.text.clear();
    }

    fn words(mut self) -> Words {
        self.gap();
        all(self.found)
    }

    fn regex(&mut self, hir: &Hir, case: Case) {
        match hir.kind() {
            HirKind::Empty => {}
            HirKind::Literal(literal) => match std::str::from_utf8(&literal.0) {
                Ok(text) => text.chars().for_each(|letter| self.letter(letter, case)),
                Err(_) => self.gap(),
            },
            HirKind::Class(class) => match one_letter(class) {
                Some(letter) => self.text.push(letter),
                None if separates(class) => self.edge(),
                None => self.gap(),
            },
            HirKind::Look(look) => match look {
                Look::Start | Look::StartLF | Look::StartCRLF => self.edge(),
                Look::End | Look::EndLF | Look::EndCRLF => self.edge(),
                // `\b` is the edge of another kind of word.
                _ => self.gap(),
            },
            HirKind::Repetition(times) => match times.sub.kind() {
                HirKind::Class(class) if times.min > 0 && separates(class) => self.edge(),
                _ => {
                    self.gap();
                    if times.min > 0 {
                        self.regex(&times.sub, case);
                        self.gap();
                    }
                }
            },
            HirKind::Capture(capture) => self.regex(&capture.sub, case),
            HirKind::Concat(parts) => parts.iter().for_each(|part| self.regex(part, case)),
            HirKind::Alternation(branches) => {
                self.gap();
                let branch = |hir: &Hir| {
                    let mut pieces = Pieces::default();
                    pieces.regex(hir, case);
                    pieces.words()
                };
                self.found.push(either(branches.iter().map(branch)));
            }
        }
    }
}

/// The ASCII letter that each member of a class is, when case does not count.
fn one_letter(class: &Class) -> Option<char> {
    let mut one = None;
    for member in few(class)? {
        let plain = match member {
            '\u{212a}' => 'k',
            '\u{17f}' => 's',
            other if other.is_ascii() => other.to_ascii_lowercase(),
            _ => return None,
        };
        if *one.get_or_insert(plain) != plain {
            return None;
        }
    }
    one
}

/// Whether no member of a class can be in a token.
fn separates(class: &Class) -> bool {
    few(class).is_some_and(|members| {
        !members.is_empty() && members.iter().all(|c| !c.is_alphanumeric() && *c != '_')
    })
}

/// The members of a class, when there are few.
fn few(class: &Class) -> Option<Vec<char>> {
    const FEW: usize = 64;
    let Class::Unicode(class) = class else {
        return None;
    };
    let mut members = Vec::new();
    for range in class.ranges() {
        for member in range.start()..=range.end() {
            if members.len() == FEW {
                return None;
            }
            members.push(member);
        }
    }
    Some(members)
}

#[cfg(test)]
mod tests;
