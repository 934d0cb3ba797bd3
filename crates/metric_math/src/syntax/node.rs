//! An expression as a list of nodes, each after those that it is made of: whoever goes through it needs no recursion.

use super::operator::Operator;
use crate::function::Function;
use crate::search::SearchCall;

/// A node's place in its list.
pub(crate) type Place = usize;

/// A part of an expression.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node {
    Number(f64),
    Id(String),
    /// An argument of METRICS.
    Text(String),
    /// An argument of SORT or FILL.
    Word(Word),
    Negate(Place),
    Pair(Operator, Place, Place),
    Array(Vec<Place>),
    Search(SearchCall),
    Call(Function, Vec<Place>),
}

/// What SORT sorts by and how, and what FILL fills with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Word {
    Avg,
    Min,
    Max,
    Sum,
    Asc,
    Desc,
    Repeat,
    Linear,
}

impl Word {
    const ALL: [Word; 8] = [
        Word::Avg,
        Word::Min,
        Word::Max,
        Word::Sum,
        Word::Asc,
        Word::Desc,
        Word::Repeat,
        Word::Linear,
    ];

    pub(crate) fn of(text: &str) -> Option<Word> {
        Word::ALL.into_iter().find(|word| word.as_str() == text)
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Word::Avg => "AVG",
            Word::Min => "MIN",
            Word::Max => "MAX",
            Word::Sum => "SUM",
            Word::Asc => "ASC",
            Word::Desc => "DESC",
            Word::Repeat => "REPEAT",
            Word::Linear => "LINEAR",
        }
    }
}
