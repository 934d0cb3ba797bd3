//! SEARCH: which metrics are meant, by a schema and by words.
//!
//! ```text
//!   {Namespace,Dimension,…} term       metrics of the namespace with exactly these dimensions
//!   count                              a part of a name or value, case aside
//!   CustomCount1                       parts in a row, in this case
//!   "CustomCount1"                     a whole name or value, in this case
//!   MetricName="…" NodeName=web        the same of one property: MetricName, Namespace, or a dimension's value
//!   a b   a AND b   a OR b   NOT a     in upper case; NOT binds tightest, OR loosest; parentheses
//! ```
//!
//! A name's parts are what [`parts`] cuts it into. Names together, without what separates them, are also one part:
//! `project2trial333` finds `Project2-trial333`.

mod matches;
mod parse;
mod parts;
mod token;

pub use parts::parts;

use crate::syntax::SyntaxError;

/// The most characters of a search.
pub const LONGEST_SEARCH: usize = 1024;
/// How deep its parentheses nest.
pub const MOST_SEARCH_DEPTH: usize = 32;
/// The most series that a search returns; whoever reads them keeps to it.
pub const MOST_SERIES_OF_A_SEARCH: usize = 500;

/// A search, of metrics.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Search {
    text: String,
    schema: Option<Schema>,
    /// Each after those that it is made of, so that the last is the whole. Empty: every metric of the schema.
    terms: Vec<Term>,
}

/// A SEARCH in an expression: what is searched, and what is read of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SearchCall {
    /// Which metrics.
    pub search: Search,
    /// `Average`, `p99` and so on. Not checked here.
    pub statistic: String,
    /// Seconds. `None`: that of the query.
    pub period_seconds: Option<u32>,
}

/// A namespace, and the dimensions that a metric has: these and no others.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Schema {
    /// Such as `ContainerInsights`.
    pub namespace: String,
    /// Sorted, each once.
    pub dimensions: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Term {
    Match(Option<Property>, Words),
    Not(usize),
    And(usize, usize),
    Or(usize, usize),
}

/// What of a metric is looked at.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Property {
    MetricName,
    Namespace,
    /// The value of the dimension with this name.
    Dimension(String),
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Words {
    /// A whole name or value.
    Exact(String),
    /// What stood there cut into parts; at least one.
    Parts(Vec<String>),
}

impl Search {
    /// Reads a search: the text between SEARCH's first quotes.
    ///
    /// # Errors
    /// What is wrong with it, at the first character that it is wrong at.
    pub fn parse(text: &str) -> Result<Search, SyntaxError> {
        parse::parse(text)
    }

    /// As it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The namespace and the dimensions that it is limited to. Whoever has an index of metrics begins with these.
    pub fn schema(&self) -> Option<&Schema> {
        self.schema.as_ref()
    }
}
