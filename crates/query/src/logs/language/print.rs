//! A tree as a text that reads as the same tree.

use std::fmt::{self, Display, Formatter, Write};

use super::tree::{Condition, Field, Node, Pattern, Test, Text, Value};

impl Display for Node {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.condition {
            Condition::All(nodes) => joined(f, nodes, " "),
            Condition::Any(nodes) => joined(f, nodes, " OR "),
            // Not a minus sign: two of them would begin a word.
            Condition::Not(node) => {
                f.write_str("NOT ")?;
                inner(f, node, false)
            }
            Condition::Text(text) => text.fmt(f),
            Condition::Field(field) => field.fmt(f),
        }
    }
}

fn joined(f: &mut Formatter<'_>, nodes: &[Node], between: &str) -> fmt::Result {
    for (i, node) in nodes.iter().enumerate() {
        if i > 0 {
            f.write_str(between)?;
        }
        inner(f, node, between == " OR ")?;
    }
    Ok(())
}

/// A node within another, in parentheses where it would read otherwise.
fn inner(f: &mut Formatter<'_>, node: &Node, in_any: bool) -> fmt::Result {
    let bare = match node.condition {
        Condition::Any(_) => false,
        Condition::All(_) => in_any,
        _ => true,
    };
    if bare {
        node.fmt(f)
    } else {
        write!(f, "({node})")
    }
}

impl Display for Text {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Text::Word(word) => f.write_str(word),
            Text::Phrase(text) => quoted(f, text, '"'),
            Text::Exact(text) => quoted(f, text, '\''),
            Text::Regex(pattern) => pattern.fmt(f),
        }
    }
}

impl Display for Field {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.name)?;
        match &self.test {
            Test::Exists => f.write_char('*'),
            Test::Regex(pattern) => pattern.fmt(f),
            Test::Compare(comparison, number) => write!(f, "{}{number}", comparison.sign()),
            Test::Any(values) => {
                for (i, value) in values.iter().enumerate() {
                    if i > 0 {
                        f.write_char(',')?;
                    }
                    match value {
                        Value::Bare(text) => f.write_str(text)?,
                        Value::Quoted(text) => quoted(f, text, '"')?,
                    }
                }
                Ok(())
            }
        }
    }
}

impl Display for Pattern {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_char('/')?;
        let mut escaped = false;
        for c in self.text.chars() {
            if c == '/' && !escaped {
                f.write_char('\\')?;
            }
            escaped = c == '\\' && !escaped;
            f.write_char(c)?;
        }
        f.write_char('/')?;
        if self.ignore_case {
            f.write_char('i')?;
        }
        Ok(())
    }
}

fn quoted(f: &mut Formatter<'_>, text: &str, mark: char) -> fmt::Result {
    f.write_char(mark)?;
    for c in text.chars() {
        match c {
            '\n' => f.write_str("\\n")?,
            '\t' => f.write_str("\\t")?,
            '\\' => f.write_str("\\\\")?,
            c if c == mark => write!(f, "\\{c}")?,
            c => f.write_char(c)?,
        }
    }
    f.write_char(mark)
}
