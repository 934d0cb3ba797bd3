//! Composite alarms that ask about one another.

use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What composite alarms ask about: children by the name of the composite. Names that are no key are metric alarms.
pub type Children<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

/// Alarms that ask about one another in a circle, so that none can be evaluated before the others.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("these alarms ask about one another: {}", shown(.0))]
pub struct Cycle(
    /// The names along the circle; the first is the last too.
    pub Vec<String>,
);

/// The most names of a circle that are shown.
const MOST_SHOWN: usize = 10;

/// The circle in words: of a long one its beginning and its end.
fn shown(names: &[String]) -> String {
    let count = names.len();
    let (head, tail) = (MOST_SHOWN / 2, MOST_SHOWN - MOST_SHOWN / 2);
    if count <= MOST_SHOWN {
        return names.join(" → ");
    }
    let first = names.iter().take(head).cloned();
    let last = names.iter().skip(count - tail).cloned();
    let between = format!("({} more)", count - MOST_SHOWN);
    let all: Vec<String> = first.chain([between]).chain(last).collect();
    all.join(" → ")
}

/// The circle that `alarm` is part of, if it is: what to check before a rule is taken.
pub fn cycle_through(alarm: &str, children: &Children<'_>) -> Option<Cycle> {
    // Breadth first, for the shortest circle; by steps and not by recursion, for chains may be long.
    let mut reached_from: HashMap<&str, &str> = HashMap::new();
    let (start, _) = children.get_key_value(alarm)?;
    let mut at_hand = vec![*start];
    while !at_hand.is_empty() {
        let mut next = Vec::new();
        for parent in at_hand {
            for child in children.get(parent).into_iter().flatten() {
                if child == start {
                    return Some(Cycle(way(start, parent, &reached_from)));
                }
                if children.contains_key(child) && !reached_from.contains_key(child) {
                    reached_from.insert(child, parent);
                    next.push(*child);
                }
            }
        }
        at_hand = next;
    }
    None
}

/// From `start` to `last` and back.
fn way(start: &str, last: &str, reached_from: &HashMap<&str, &str>) -> Vec<String> {
    let mut names = vec![start.to_owned()];
    let mut at = last;
    while at != start {
        names.push(at.to_owned());
        at = reached_from.get(at).copied().unwrap_or(start);
    }
    names.push(start.to_owned());
    names.reverse();
    names
}

/// The composite alarms in an order in which each comes after those that it asks about, and apart from them those that
/// are in a circle, or ask about one that is: they cannot be evaluated.
pub fn order<'a>(children: &Children<'a>) -> (Vec<&'a str>, BTreeSet<&'a str>) {
    let parents = parents(children);
    let mut waits_for: HashMap<&str, usize> = children
        .iter()
        .map(|(name, asked)| {
            let composites = asked.iter().filter(|c| children.contains_key(*c));
            (*name, composites.count())
        })
        .collect();
    let mut ready: Vec<&str> = children.keys().copied().collect();
    ready.retain(|name| waits_for.get(name) == Some(&0));
    let mut ordered = Vec::with_capacity(children.len());
    while let Some(name) = ready.pop() {
        ordered.push(name);
        for parent in parents.get(name).into_iter().flatten() {
            if let Some(left) = waits_for.get_mut(parent) {
                *left -= 1;
                if *left == 0 {
                    ready.push(parent);
                }
            }
        }
    }
    let done: BTreeSet<&str> = ordered.iter().copied().collect();
    let stuck = children.keys().copied().filter(|name| !done.contains(name));
    let stuck = stuck.collect();
    (ordered, stuck)
}

/// Which composite alarms ask about an alarm: those to evaluate when it changes. Each alarm has at most
/// [`MOST_PARENTS`](super::MOST_PARENTS); that is checked where definitions are taken.
pub fn parents<'a>(children: &Children<'a>) -> BTreeMap<&'a str, BTreeSet<&'a str>> {
    let mut parents: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (parent, asked) in children {
        for child in asked {
            parents.entry(child).or_default().insert(parent);
        }
    }
    parents
}
