//! Masks that share most of their words become one template.

use std::collections::{BTreeMap, HashMap};

use super::Alike;
use super::mask::ANY;

/// The share of words that must agree, in hundredths.
const ALIKE: usize = 60;
/// With how many templates of one length and first word a mask is compared.
const MOST_COMPARED: usize = 100;

/// How many words a mask has, and the first of them.
type Group = (usize, String);

/// A template and its lines.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Cluster {
    pub(super) template: String,
    pub(super) alike: Alike,
}

/// Clusters of masks, the largest first.
pub(super) fn clusters(masks: HashMap<String, Alike>) -> Vec<Cluster> {
    let mut masks: Vec<(String, Alike)> = masks.into_iter().collect();
    masks.sort_by(|a, b| b.1.count.cmp(&a.1.count).then_with(|| a.0.cmp(&b.0)));
    let mut groups: BTreeMap<Group, Vec<(Vec<String>, Alike)>> = BTreeMap::new();
    for (mask, alike) in masks {
        let words = words(&mask);
        let group = groups.entry(group_of(&words)).or_default();
        let nearest = group
            .iter_mut()
            .take(MOST_COMPARED)
            .map(|cluster| (agreeing(&cluster.0, &words), cluster))
            .filter(|(same, _)| same * 100 >= ALIKE * words.len())
            // Of equals the first, which is the largest.
            .reduce(|best, next| if next.0 > best.0 { next } else { best });
        match nearest {
            Some((_, (template, lines))) => {
                for (ours, theirs) in template.iter_mut().zip(&words) {
                    if ours != theirs {
                        *ours = ANY.to_owned();
                    }
                }
                lines.merge(alike);
            }
            None => group.push((words, alike)),
        }
    }
    // Two that were apart may have become the same by what they took in.
    let mut same: BTreeMap<String, Alike> = BTreeMap::new();
    for (words, alike) in groups.into_values().flatten() {
        let template = words.concat();
        match same.get_mut(&template) {
            Some(lines) => lines.merge(alike),
            None => {
                same.insert(template, alike);
            }
        }
    }
    let mut clusters: Vec<Cluster> = same
        .into_iter()
        .map(|(template, alike)| Cluster { template, alike })
        .collect();
    clusters.sort_by(|a, b| {
        b.alike
            .count
            .cmp(&a.alike.count)
            .then_with(|| a.template.cmp(&b.template))
    });
    clusters
}

/// Words and what is between them, in turn: joined they are the mask again.
fn words(mask: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    for c in mask.chars() {
        if matches!(c, ' ' | ',') {
            words.push(std::mem::take(&mut word));
            words.push(c.to_string());
        } else {
            word.push(c);
        }
    }
    words.push(word);
    words
}

/// Only masks of as many words and with the same first word are compared, as long as that word says something.
fn group_of(words: &[String]) -> Group {
    let first = words
        .first()
        .filter(|word| !word.contains(ANY) && !word.starts_with('{'));
    (words.len(), first.cloned().unwrap_or_default())
}

/// How many words agree. What is between words does, or they do not fit together at all.
fn agreeing(a: &[String], b: &[String]) -> usize {
    let mut same = 0;
    for (i, (x, y)) in a.iter().zip(b).enumerate() {
        let between = i % 2 == 1;
        if x == y {
            same += 1;
        } else if between {
            return 0;
        }
    }
    same
}
