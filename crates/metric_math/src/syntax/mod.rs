//! Expressions as text: read, checked for form, printed.

mod fault;
mod node;
mod operator;
mod parse;
mod print;
mod token;

use std::fmt;
use std::str::FromStr;

pub use fault::SyntaxError;
pub(crate) use fault::cut;
pub(crate) use node::{Node, Place, Word};
pub(crate) use operator::Operator;

/// The most characters of an expression in which there is a SEARCH.
pub const LONGEST_WITH_SEARCH: usize = 1024;
/// The most characters of any other.
pub const LONGEST_WITHOUT_SEARCH: usize = 2048;
/// How deep parentheses, arrays, functions and operators of rising precedence nest.
pub const MOST_DEPTH: usize = 64;
/// The most numbers, ids, operators, functions and arrays.
pub const MOST_NODES: usize = 1000;

/// An expression of metric math that is well formed. Ids are not looked at: [`Set`](crate::Set) knows them.
///
/// Two are equal when they are the same but for spaces and needless parentheses. `Display` writes one with as few
/// parentheses as it needs, which reads back as an equal one (as long as it is not longer than an expression may be).
#[derive(Debug, Clone)]
pub struct Expression {
    text: String,
    /// Each after those that it is made of, so that the last is the whole.
    nodes: Vec<Node>,
    at: Vec<usize>,
}

impl Expression {
    /// Reads an expression.
    ///
    /// # Errors
    /// What is wrong with its form, at the first character that it is wrong at.
    pub fn parse(text: &str) -> Result<Expression, SyntaxError> {
        let (nodes, at) = parse::parse(text)?;
        let text = text.to_owned();
        Ok(Expression { text, nodes, at })
    }

    /// As it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The character, from 1, that a node begins at; an operator's own.
    pub(crate) fn at(&self, place: Place) -> usize {
        self.at.get(place).copied().unwrap_or(1)
    }

    pub(crate) fn node(&self, place: Place) -> Option<&Node> {
        self.nodes.get(place)
    }

    /// The ids that it refers to by name, each once for every time it does.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.nodes.iter().filter_map(|node| match node {
            Node::Id(id) => Some(id.as_str()),
            _ => None,
        })
    }

    /// One part of it in writing.
    pub(crate) fn print(&self, place: Place) -> String {
        // A part's nodes are those between the end of what precedes it and itself.
        let first = self.first_of(place);
        let nodes: Vec<Node> = self
            .nodes
            .get(first..=place)
            .unwrap_or_default()
            .iter()
            .map(|node| moved(node, first))
            .collect();
        print::print(&nodes)
    }

    /// The first of the nodes that one is made of.
    fn first_of(&self, mut place: Place) -> Place {
        loop {
            let first = match self.nodes.get(place) {
                Some(Node::Negate(inner)) => *inner,
                Some(Node::Pair(_, left, _)) => *left,
                Some(Node::Array(members)) => members.first().copied().unwrap_or(place),
                Some(Node::Call(_, arguments)) => arguments.first().copied().unwrap_or(place),
                _ => place,
            };
            if first == place {
                return place;
            }
            place = first;
        }
    }
}

/// The node in a list that begins `by` nodes later.
fn moved(node: &Node, by: usize) -> Node {
    let all = |places: &[Place]| places.iter().map(|place| place - by).collect();
    match node {
        Node::Negate(inner) => Node::Negate(inner - by),
        Node::Pair(operator, left, right) => Node::Pair(*operator, left - by, right - by),
        Node::Array(members) => Node::Array(all(members)),
        Node::Call(function, arguments) => Node::Call(*function, all(arguments)),
        node => node.clone(),
    }
}

impl PartialEq for Expression {
    fn eq(&self, other: &Expression) -> bool {
        self.nodes == other.nodes
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&print::print(&self.nodes))
    }
}

impl FromStr for Expression {
    type Err = SyntaxError;

    fn from_str(text: &str) -> Result<Expression, SyntaxError> {
        Expression::parse(text)
    }
}
