//! An expression in writing, with no more parentheses than it needs: what is read from it is the same expression.

use std::fmt::Write as _;

use super::node::Node;
use super::operator::NEGATION;

/// Binds tighter than any operator.
const WHOLE: u8 = u8::MAX;

/// The text of the last of the nodes.
pub(super) fn print(nodes: &[Node]) -> String {
    // Each node is part of one other, so that its text can be taken from here.
    let mut written: Vec<(String, u8)> = Vec::with_capacity(nodes.len());
    for node in nodes {
        let of = |written: &mut Vec<(String, u8)>, place: usize, least: u8| {
            let (text, binding) = written
                .get_mut(place)
                .map(std::mem::take)
                .unwrap_or_default();
            match binding < least {
                true => format!("({text})"),
                false => text,
            }
        };
        let next = match node {
            Node::Number(number) => (shortest(*number), WHOLE),
            Node::Id(id) => (id.clone(), WHOLE),
            Node::Text(text) => (quote(text), WHOLE),
            Node::Word(word) => (word.as_str().to_owned(), WHOLE),
            Node::Negate(inner) => {
                let inner = of(&mut written, *inner, NEGATION);
                (format!("-{inner}"), NEGATION)
            }
            Node::Pair(operator, left, right) => {
                let binding = operator.binding();
                let power = operator.groups_right();
                let mut text = of(&mut written, *left, binding + u8::from(power));
                // After `^` a sign needs no parentheses: `2 ^ -x`.
                let least = match power {
                    true => NEGATION,
                    false => binding + 1,
                };
                let right = of(&mut written, *right, least);
                let _ = write!(text, " {} {right}", operator.as_str());
                (text, binding)
            }
            Node::Array(members) => {
                let members: Vec<_> = members.iter().map(|m| of(&mut written, *m, 0)).collect();
                (format!("[{}]", members.join(", ")), WHOLE)
            }
            Node::Search(call) => {
                let (search, statistic) = (quote(call.search.text()), quote(&call.statistic));
                let period = match call.period_seconds {
                    Some(seconds) => format!(", {seconds}"),
                    None => String::new(),
                };
                (format!("SEARCH({search}, {statistic}{period})"), WHOLE)
            }
            Node::Call(function, arguments) => {
                let arguments: Vec<_> = arguments.iter().map(|a| of(&mut written, *a, 0)).collect();
                let name = function.name();
                (format!("{name}({})", arguments.join(", ")), WHOLE)
            }
        };
        written.push(next);
    }
    written.pop().map(|(text, _)| text).unwrap_or_default()
}

/// The shorter of `1000` and `1e3`; both read back as the same number.
fn shortest(number: f64) -> String {
    let (plain, scientific) = (format!("{number}"), format!("{number:e}"));
    match scientific.len() < plain.len() {
        true => scientific,
        false => plain,
    }
}

fn quote(text: &str) -> String {
    let mut quoted = String::from("'");
    for c in text.chars() {
        if matches!(c, '\'' | '\\') {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted.push('\'');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::Operator;

    #[test]
    fn every_operator_binds_less_than_what_is_whole() {
        assert!(Operator::Power.binding() < WHOLE);
        assert_eq!(quote(r"it's \ here"), r"'it\'s \\ here'");
        assert_eq!(shortest(1e300), "1e300");
        assert_eq!(shortest(0.5), "0.5");
    }
}
