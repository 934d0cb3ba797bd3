//! Many verdicts as one sentence: "2 of 14 pods are unwell: 1 crash-looping, 1 pending".

use std::collections::BTreeMap;

use crate::say;
use crate::verdict::{Finding, Named};
use crate::word::{Severity, Word};

/// Parts that are named in evidence.
const NAMED: usize = 3;

/// The parts of one kind, counted. Those that ended well, or leave as they should, are not counted.
#[derive(Debug)]
pub(crate) struct Tally<'a> {
    pub(crate) all: usize,
    /// The unwell ones, worst first.
    pub(crate) unwell: Vec<Named<'a>>,
    one: &'static str,
    many: &'static str,
}

impl<'a> Tally<'a> {
    /// `one` and `many` are what the parts are called.
    pub(crate) fn of(parts: &[Named<'a>], one: &'static str, many: &'static str) -> Tally<'a> {
        let over = |part: &Named<'_>| {
            matches!(part.verdict.word, Word::Completed | Word::Terminating)
                && !part.verdict.is_unwell()
        };
        let counted: Vec<Named<'a>> = parts.iter().filter(|p| !over(p)).copied().collect();
        let mut unwell: Vec<Named<'a>> = counted
            .iter()
            .filter(|p| p.verdict.is_unwell())
            .copied()
            .collect();
        unwell.sort_by_key(|p| (p.verdict.severity, p.verdict.word, p.name));
        Tally {
            all: counted.len(),
            unwell,
            one,
            many,
        }
    }

    /// The worst of the unwell ones.
    pub(crate) fn severity(&self) -> Option<Severity> {
        self.unwell.first().map(|p| p.verdict.severity)
    }

    /// The word that all parts have, when every one of them is unwell in the same way.
    pub(crate) fn common(&self) -> Option<Word> {
        let word = self.unwell.first()?.verdict.word;
        let same =
            self.unwell.len() == self.all && self.unwell.iter().all(|p| p.verdict.word == word);
        same.then_some(word)
    }

    /// "1 crash-looping, 2 pending", the worst first.
    pub(crate) fn words(&self) -> String {
        let mut counts: BTreeMap<(Severity, Word), usize> = BTreeMap::new();
        for part in &self.unwell {
            // One word is counted once, under its worst severity: the unwell ones are sorted.
            let known = counts
                .keys()
                .find(|(_, w)| *w == part.verdict.word)
                .copied();
            let key = known.unwrap_or((part.verdict.severity, part.verdict.word));
            *counts.entry(key).or_default() += 1;
        }
        let words: Vec<String> = counts
            .iter()
            .map(|((_, word), count)| format!("{count} {}", word.counted()))
            .collect();
        words.join(", ")
    }

    /// "2 of 14 pods are unwell: 1 crash-looping, 1 pending"
    pub(crate) fn sentence(&self) -> Option<String> {
        let unwell = self.unwell.len();
        if unwell == 0 {
            return None;
        }
        let verb = if unwell == 1 { "is" } else { "are" };
        Some(format!(
            "{unwell} of {} {} {verb} unwell: {}",
            self.all,
            self.many,
            self.words()
        ))
    }

    /// Adds the worst parts with their reasons.
    pub(crate) fn told(&self, mut finding: Finding) -> Finding {
        for part in self.unwell.iter().take(NAMED) {
            let label = format!("{} {}", self.one, part.name);
            finding = finding.at(&label, &part.verdict.reason, part.verdict.since);
        }
        let rest = self.unwell.len().saturating_sub(NAMED);
        if rest > 0 {
            finding = finding.with(self.many, format!("{rest} more that are unwell"));
        }
        finding
    }
}

/// "12 pods", "1 pod", for what is well.
pub(crate) fn number(parts: usize, one: &str, many: &str) -> String {
    say::count(i64::try_from(parts).unwrap_or(i64::MAX), one, many)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::{Findings, Verdict};

    fn verdict(word: Word, severity: Severity) -> Verdict {
        let mut found = Findings::default();
        found.push(Finding::new(word, severity, "Why."));
        found.verdict(|| Finding::new(Word::Healthy, Severity::Ok, "Well."))
    }

    #[test]
    fn counts_are_by_word_worst_first() {
        let healthy = verdict(Word::Healthy, Severity::Ok);
        let done = verdict(Word::Completed, Severity::Ok);
        let crash = verdict(Word::CrashLooping, Severity::Critical);
        let pending = verdict(Word::Pending, Severity::Warning);
        let late = verdict(Word::Pending, Severity::Critical);
        let parts: Vec<Named<'_>> = [
            ("a", &healthy),
            ("b", &done),
            ("c", &pending),
            ("d", &crash),
            ("e", &late),
        ]
        .map(|(name, verdict)| Named { name, verdict })
        .to_vec();
        let tally = Tally::of(&parts, "pod", "pods");
        assert_eq!(
            tally.sentence().as_deref(),
            Some("3 of 4 pods are unwell: 1 crash-looping, 2 pending")
        );
        assert_eq!(tally.severity(), Some(Severity::Critical));
        assert_eq!(tally.common(), None);
        let one = Tally::of(parts.get(2..3).unwrap(), "pod", "pods");
        assert_eq!(one.common(), Some(Word::Pending));
        assert_eq!(
            one.sentence().as_deref(),
            Some("1 of 1 pods is unwell: 1 pending")
        );
        assert_eq!(Tally::of(&[], "pod", "pods").sentence(), None);
    }
}
