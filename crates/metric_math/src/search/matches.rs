//! Whether a metric is one that a search means.

use super::{Property, Schema, Search, Term, Words, parts};

impl Search {
    /// Whether the metric of `namespace` called `metric_name` with these dimensions (names and values) is meant.
    pub fn matches(
        &self,
        namespace: &str,
        metric_name: &str,
        dimensions: &[(impl AsRef<str>, impl AsRef<str>)],
    ) -> bool {
        let dimensions: Vec<(&str, &str)> = dimensions
            .iter()
            .map(|(name, value)| (name.as_ref(), value.as_ref()))
            .collect();
        let in_schema = |schema: &Schema| schema.has(namespace, &dimensions);
        if !self.schema.as_ref().is_none_or(in_schema) {
            return false;
        }
        let mut truth: Vec<bool> = Vec::with_capacity(self.terms.len());
        for term in &self.terms {
            let of = |place: usize| truth.get(place).copied().unwrap_or(false);
            let is_true = match term {
                Term::Not(inner) => !of(*inner),
                Term::And(left, right) => of(*left) && of(*right),
                Term::Or(left, right) => of(*left) || of(*right),
                Term::Match(Some(Property::MetricName), words) => words.find(metric_name),
                Term::Match(Some(Property::Namespace), words) => words.find(namespace),
                Term::Match(Some(Property::Dimension(wanted)), words) => dimensions
                    .iter()
                    .any(|(name, value)| name == wanted && words.find(value)),
                Term::Match(None, words) => {
                    words.find(metric_name)
                        || words.find(namespace)
                        || dimensions
                            .iter()
                            .any(|(name, value)| words.find(name) || words.find(value))
                }
            };
            truth.push(is_true);
        }
        truth.pop().unwrap_or(true)
    }
}

impl Schema {
    /// Whether a metric has exactly these dimensions, in any order.
    fn has(&self, namespace: &str, dimensions: &[(&str, &str)]) -> bool {
        namespace == self.namespace
            && dimensions.len() == self.dimensions.len()
            && self
                .dimensions
                .iter()
                .all(|wanted| dimensions.iter().any(|(name, _)| name == wanted))
    }
}

impl Words {
    fn find(&self, name: &str) -> bool {
        match self {
            Words::Exact(text) => name == text,
            Words::Parts(wanted) => {
                let found = parts(name);
                match wanted.as_slice() {
                    [single] if found.iter().any(|part| is_same(part, single)) => true,
                    several if several.len() > 1 && is_in(several, &found) => true,
                    // Everything together is a part as well.
                    all => is_same(&found.concat(), &all.concat()),
                }
            }
        }
    }
}

/// Case aside.
fn is_same(a: &str, b: &str) -> bool {
    a == b || a.to_lowercase() == b.to_lowercase()
}

/// Whether `wanted` stands in `found`, in a row and in its case.
fn is_in(wanted: &[String], found: &[&str]) -> bool {
    found
        .windows(wanted.len())
        .any(|window| window.iter().zip(wanted).all(|(a, b)| a == b))
}
