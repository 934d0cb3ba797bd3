//! The questions that took longest of late.

use std::time::{Duration, Instant};

use parking_lot::Mutex;

/// What takes longer is noted.
const SLOW: Duration = Duration::from_millis(500);
/// How many are kept: the slowest.
const MOST: usize = 30;
/// For how long.
const KEPT: Duration = Duration::from_secs(24 * 3600);
/// Bytes of a question's text that are kept.
const LONGEST: usize = 1000;

/// A question that took long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlowQuery {
    /// `metrics`, `logs`, `ledger`, `performance` or `sql`.
    pub language: &'static str,
    /// What was asked, cut where it is long.
    pub text: String,
    /// Until its answer, or of SQL until its first rows.
    pub took: Duration,
    /// When it ended.
    pub ended: Instant,
    /// Why it failed, if it did.
    pub error: Option<String>,
}

/// The slowest questions.
#[derive(Debug, Default)]
pub(crate) struct SlowList(Mutex<Vec<SlowQuery>>);

impl SlowList {
    /// Notes a question that has ended, if it took long.
    pub(crate) fn note(
        &self,
        language: &'static str,
        text: String,
        took: Duration,
        ended: Instant,
        error: Option<String>,
    ) {
        if took < SLOW {
            return;
        }
        let slow = SlowQuery {
            language,
            text: cut(text),
            took,
            ended,
            error,
        };
        let mut list = self.0.lock();
        forget(&mut list, ended);
        let at = list.partition_point(|other| other.took > took);
        list.insert(at, slow);
        list.truncate(MOST);
    }

    /// The slowest first.
    pub(crate) fn all(&self, now: Instant) -> Vec<SlowQuery> {
        let mut list = self.0.lock();
        forget(&mut list, now);
        list.clone()
    }
}

fn forget(list: &mut Vec<SlowQuery>, now: Instant) {
    list.retain(|slow| now.saturating_duration_since(slow.ended) <= KEPT);
}

fn cut(mut text: String) -> String {
    if text.len() > LONGEST {
        let end = (0..=LONGEST)
            .rev()
            .find(|at| text.is_char_boundary(*at))
            .unwrap_or(0);
        text.truncate(end);
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slowest_of_a_day_are_kept() {
        let list = SlowList::default();
        let begin = Instant::now();
        let ms = Duration::from_millis;
        list.note("sql", "fast".to_owned(), ms(499), begin, None);
        for took in 0..100 {
            list.note("sql", took.to_string(), ms(500 + took), begin, None);
        }
        let kept = list.all(begin + KEPT);
        assert_eq!(kept.len(), MOST);
        assert_eq!(kept[0].text, "99");
        assert!(kept.windows(2).all(|pair| pair[0].took >= pair[1].took));
        assert!(list.all(begin + KEPT + ms(1)).is_empty());
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        let list = SlowList::default();
        let now = Instant::now();
        let text = format!("{}é{}", "a".repeat(LONGEST - 1), "b".repeat(9));
        list.note("logs", text, SLOW, now, None);
        let kept = &list.all(now)[0].text;
        assert_eq!(*kept, format!("{}…", "a".repeat(LONGEST - 1)));
    }
}
