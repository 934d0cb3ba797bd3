//! What a text says.

/// A place in the text, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Span {
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// A condition and where it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Node {
    pub(crate) span: Span,
    pub(crate) condition: Condition,
}

/// Which lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Condition {
    /// Those for which all of these are so; two or more.
    All(Vec<Node>),
    /// Those for which any of these is so; two or more.
    Any(Vec<Node>),
    /// Those for which this is not so.
    Not(Box<Node>),
    /// Those whose message has this.
    Text(Text),
    /// Those whose field is so.
    Field(Field),
}

/// What a message has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Text {
    /// A whole word, the case of ASCII letters aside; `*` stands for any characters.
    Word(String),
    /// These characters, the case of ASCII letters aside.
    Phrase(String),
    /// Exactly these characters.
    Exact(String),
    /// Something that a regular expression matches.
    Regex(Pattern),
}

/// A regular expression that compiles within its bounds.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Pattern {
    pub(crate) text: String,
    pub(crate) ignore_case: bool,
}

/// A condition on a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Field {
    /// As it was written, with its prefix.
    pub(crate) name: String,
    pub(crate) name_span: Span,
    pub(crate) test: Test,
    pub(crate) test_span: Span,
}

/// How a field must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Test {
    /// It has any of these values; one or more.
    Any(Vec<Value>),
    /// It compares so with a number, or with what else the field has an order of.
    Compare(Comparison, String),
    /// A regular expression matches it.
    Regex(Pattern),
    /// It has a value.
    Exists,
}

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    /// As it stands; `*` stands for any characters.
    Bare(String),
    /// In quotation marks: every character is meant.
    Quoted(String),
}

/// How two numbers compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Comparison {
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

impl Comparison {
    /// As it is written.
    pub(crate) fn sign(self) -> &'static str {
        match self {
            Comparison::Greater => ">",
            Comparison::GreaterOrEqual => ">=",
            Comparison::Less => "<",
            Comparison::LessOrEqual => "<=",
        }
    }
}
