//! Metrics and expressions that refer to each other by id.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::function::Function;
use crate::nearest::nearest;
use crate::search::SearchCall;
use crate::syntax::{Expression, Node, SyntaxError, cut};
use crate::types::{Referred, Type};

/// The most metrics and expressions of one set.
pub const MOST_QUERIES: usize = 500;
/// The most characters of an id.
const LONGEST_ID: usize = 255;

/// Metrics and expressions whose ids are known, that form no ring, and whose types are right.
#[derive(Debug, Clone)]
pub struct Set {
    metrics: Vec<String>,
    expressions: BTreeMap<String, Member>,
    /// Ids of expressions, each after those that it refers to.
    order: Vec<String>,
}

#[derive(Debug, Clone)]
struct Member {
    expression: Expression,
    kind: Type,
}

/// What has to be there to evaluate a result.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Needs {
    /// Ids of metrics, in the set's order.
    pub metrics: Vec<String>,
    /// Ids of expressions, each after those that it refers to; the result's own is the last.
    pub expressions: Vec<String>,
    /// Searches, each once.
    pub searches: Vec<SearchCall>,
    /// Bands, each once.
    pub bands: Vec<BandCall>,
}

/// A use of ANOMALY_DETECTION_BAND.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct BandCall {
    /// What the band is of, in writing: an id or an expression. The model is of its values.
    pub of: String,
}

/// Why metrics and expressions make no set, or an id no result.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SetError {
    /// An id of a form that no id has.
    #[error(
        "the id '{id}' is not one: letters, digits and '_', the first a lower-case letter, at most {LONGEST_ID}"
    )]
    BadId {
        /// As given, cut.
        id: String,
    },
    /// Two have one id.
    #[error("the id '{id}' is there twice")]
    Twice {
        /// The id.
        id: String,
    },
    /// Too many metrics and expressions.
    #[error("there are {count} metrics and expressions; at most {MOST_QUERIES} are taken")]
    TooMany {
        /// How many there are.
        count: usize,
    },
    /// An expression refers to an id that nothing has.
    #[error("expression '{id}', character {at}: no metric or expression has the id '{unknown}'{}",
        .near.as_ref().map(|near| format!("; did you mean '{near}'?")).unwrap_or_default())]
    UnknownId {
        /// The expression.
        id: String,
        /// Which of its characters, from 1.
        at: usize,
        /// What it refers to.
        unknown: String,
        /// What was probably meant.
        near: Option<String>,
    },
    /// Expressions that refer to each other in a ring.
    #[error("expressions refer to each other in a ring: {}", .ring.join(" → "))]
    Ring {
        /// The ids on the way round; the first is also the last.
        ring: Vec<String>,
    },
    /// An expression with an argument of a wrong type.
    #[error("expression '{id}', {fault}")]
    Type {
        /// The expression.
        id: String,
        /// What is wrong.
        fault: SyntaxError,
    },
    /// A result that is asked for has no such id.
    #[error("no metric or expression has the id '{id}'{}",
        .near.as_ref().map(|near| format!("; did you mean '{near}'?")).unwrap_or_default())]
    NoResult {
        /// What is asked for, cut.
        id: String,
        /// What was probably meant.
        near: Option<String>,
    },
    /// A result is a number.
    #[error(
        "expression '{id}' is a number; a result is a time series. TIME_SERIES(…) makes one of it"
    )]
    Scalar {
        /// The expression.
        id: String,
    },
}

impl Set {
    /// Checks ids, references, rings and types.
    ///
    /// # Errors
    /// The first fault that is found.
    pub fn new(
        metrics: impl IntoIterator<Item = String>,
        expressions: impl IntoIterator<Item = (String, Expression)>,
    ) -> Result<Set, SetError> {
        let metrics: Vec<String> = metrics.into_iter().collect();
        let given: Vec<(String, Expression)> = expressions.into_iter().collect();
        let count = metrics.len() + given.len();
        if count > MOST_QUERIES {
            return Err(SetError::TooMany { count });
        }
        let mut ids = BTreeSet::new();
        for id in metrics.iter().chain(given.iter().map(|(id, _)| id)) {
            if !is_id(id) {
                let id = cut(id);
                return Err(SetError::BadId { id });
            }
            if !ids.insert(id.clone()) {
                let id = id.clone();
                return Err(SetError::Twice { id });
            }
        }
        for (id, expression) in &given {
            check_ids(id, expression, &ids)?;
        }
        let given: BTreeMap<String, Expression> = given.into_iter().collect();
        let order = order(&given)?;
        let mut set = Set {
            metrics,
            expressions: BTreeMap::new(),
            order,
        };
        set.check_types(given)?;
        Ok(set)
    }

    fn check_types(&mut self, mut given: BTreeMap<String, Expression>) -> Result<(), SetError> {
        for id in self.order.clone() {
            let Some(expression) = given.remove(&id) else {
                continue;
            };
            let kind = expression
                .type_of(|id| self.referred(id))
                .map_err(|fault| SetError::Type {
                    id: id.clone(),
                    fault,
                })?;
            self.expressions.insert(id, Member { expression, kind });
        }
        Ok(())
    }

    fn referred(&self, id: &str) -> Option<Referred> {
        match self.expressions.get(id) {
            Some(member) => Some(Referred::Expression(member.kind)),
            None => self.is_metric(id).then_some(Referred::Metric),
        }
    }

    /// Whether the id is a metric's.
    pub fn is_metric(&self, id: &str) -> bool {
        self.metrics.iter().any(|metric| metric == id)
    }

    /// Ids of the metrics, in the order that they were given in.
    pub fn metrics(&self) -> &[String] {
        &self.metrics
    }

    /// Ids of the expressions, each after those that it refers to.
    pub fn expressions(&self) -> &[String] {
        &self.order
    }

    /// The expression with this id.
    pub fn expression(&self, id: &str) -> Option<&Expression> {
        self.expressions.get(id).map(|member| &member.expression)
    }

    /// The type of what the id stands for.
    pub fn type_of(&self, id: &str) -> Option<Type> {
        self.referred(id).map(|referred| match referred {
            Referred::Metric => Type::Series,
            Referred::Expression(kind) => kind,
        })
    }

    /// The type of a result: a time series or an array of them.
    ///
    /// # Errors
    /// Nothing has the id, or it is a number.
    pub fn result_type(&self, id: &str) -> Result<Type, SetError> {
        match self.type_of(id) {
            Some(Type::Scalar) => Err(SetError::Scalar { id: id.to_owned() }),
            Some(kind) => Ok(kind),
            None => {
                let ids = self.metrics.iter().chain(&self.order).map(String::as_str);
                Err(SetError::NoResult {
                    id: cut(id),
                    near: nearest(id, ids).map(str::to_owned),
                })
            }
        }
    }

    /// What has to be there to evaluate the result, and nothing else.
    ///
    /// # Errors
    /// Nothing has the id, or it is a number.
    pub fn needs(&self, id: &str) -> Result<Needs, SetError> {
        self.result_type(id)?;
        let mut wanted: BTreeSet<&str> = BTreeSet::from([id]);
        let mut needs = Needs::default();
        // From what refers to others to what is referred to.
        for id in self.order.iter().rev() {
            let Some(member) = self.expressions.get(id) else {
                continue;
            };
            if !wanted.contains(id.as_str()) {
                continue;
            }
            needs.expressions.push(id.clone());
            for node in member.expression.nodes() {
                match node {
                    Node::Id(id) => {
                        wanted.insert(id);
                    }
                    Node::Search(call) if !needs.searches.contains(call) => {
                        needs.searches.push(call.clone());
                    }
                    Node::Call(Function::Metrics, arguments) => {
                        let text = arguments.first().and_then(|a| member.expression.node(*a));
                        wanted.extend(self.metrics_with(text));
                    }
                    Node::Call(Function::AnomalyDetectionBand, arguments) => {
                        let of = arguments.first();
                        let call = BandCall {
                            of: of
                                .map(|of| member.expression.print(*of))
                                .unwrap_or_default(),
                        };
                        if !needs.bands.contains(&call) {
                            needs.bands.push(call);
                        }
                    }
                    _ => {}
                }
            }
        }
        needs.expressions.reverse();
        let metrics = self.metrics.iter();
        needs.metrics = metrics
            .filter(|metric| wanted.contains(metric.as_str()))
            .cloned()
            .collect();
        Ok(needs)
    }

    /// Metrics whose id has METRICS' text in it; all without one.
    pub(crate) fn metrics_with(&self, text: Option<&Node>) -> impl Iterator<Item = &str> {
        let text = match text {
            Some(Node::Text(text)) => text.clone(),
            _ => String::new(),
        };
        self.metrics
            .iter()
            .filter(move |id| id.contains(&text))
            .map(String::as_str)
    }
}

fn is_id(id: &str) -> bool {
    id.len() <= LONGEST_ID
        && id.starts_with(|c: char| c.is_ascii_lowercase())
        && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

fn check_ids(id: &str, expression: &Expression, ids: &BTreeSet<String>) -> Result<(), SetError> {
    for (place, node) in expression.nodes().iter().enumerate() {
        if let Node::Id(unknown) = node
            && !ids.contains(unknown)
        {
            return Err(SetError::UnknownId {
                id: id.to_owned(),
                at: expression.at(place),
                unknown: cut(unknown),
                near: nearest(unknown, ids.iter().map(String::as_str)).map(str::to_owned),
            });
        }
    }
    Ok(())
}

/// Ids of expressions, each after those that it refers to.
fn order(expressions: &BTreeMap<String, Expression>) -> Result<Vec<String>, SetError> {
    let refers: BTreeMap<&str, BTreeSet<&str>> = expressions
        .iter()
        .map(|(id, expression)| {
            let ids = expression.ids().filter(|id| expressions.contains_key(*id));
            (id.as_str(), ids.collect())
        })
        .collect();
    let mut referred_by: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut waits: BTreeMap<&str, usize> = BTreeMap::new();
    let mut ready = VecDeque::new();
    for (id, to) in &refers {
        match to.is_empty() {
            true => ready.push_back(*id),
            false => {
                waits.insert(id, to.len());
            }
        }
        for other in to {
            referred_by.entry(other).or_default().push(id);
        }
    }
    let mut order = Vec::with_capacity(refers.len());
    while let Some(id) = ready.pop_front() {
        order.push(id.to_owned());
        for other in referred_by.get(id).into_iter().flatten() {
            if let Some(left) = waits.get_mut(other) {
                *left -= 1;
                if *left == 0 {
                    waits.remove(other);
                    ready.push_back(other);
                }
            }
        }
    }
    match waits.keys().next() {
        None => Ok(order),
        Some(first) => Err(SetError::Ring {
            ring: ring(first, &refers, &waits),
        }),
    }
}

/// The way round, from one that waits for a ring: whatever waits refers to something that does.
fn ring(
    first: &str,
    refers: &BTreeMap<&str, BTreeSet<&str>>,
    waits: &BTreeMap<&str, usize>,
) -> Vec<String> {
    let mut way: Vec<&str> = vec![first];
    loop {
        let last = way.last().copied().unwrap_or(first);
        let next = refers
            .get(last)
            .into_iter()
            .flatten()
            .find(|id| waits.contains_key(*id));
        let Some(next) = next else { break };
        let seen = way.iter().position(|id| id == next);
        way.push(next);
        if let Some(seen) = seen {
            way.drain(..seen);
            break;
        }
    }
    way.into_iter().map(str::to_owned).collect()
}
