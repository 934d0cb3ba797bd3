//! Cron jobs: judged by their last run.

use super::unseen;
use crate::facts::{WorkloadFacts, newest_event};
use crate::rollup::Tally;
use crate::say;
use crate::verdict::{Finding, Findings, Named, Verdict};
use crate::word::{Severity, Word};

pub(crate) fn verdict(facts: &WorkloadFacts, jobs: &[Named<'_>], now: i64) -> Verdict {
    let mut found = Findings::default();
    if facts.paused != Some(true) {
        found.extend(last_failed(facts, jobs));
        found.extend(missed(facts));
        // Jobs of now that do not get on; those that failed are told of above.
        let alive: Vec<Named<'_>> = jobs
            .iter()
            .filter(|j| j.verdict.word != Word::Failed)
            .copied()
            .collect();
        found.extend(super::of_parts(
            &Tally::of(&alive, "job", "jobs"),
            "",
            Severity::Critical,
        ));
    }
    found.verdict(|| well(facts, now))
}

/// The newest run that ended, by the jobs that are still there, else by the times that the controller keeps.
fn last_failed(facts: &WorkloadFacts, jobs: &[Named<'_>]) -> Option<Finding> {
    let newest = |word: Word| {
        let of_word = jobs.iter().filter(move |j| j.verdict.word == word);
        of_word.max_by_key(|j| j.verdict.since)
    };
    let failed = newest(Word::Failed);
    let succeeded = newest(Word::Completed)
        .and_then(|j| j.verdict.since)
        .max(facts.last_success_time);
    let finding = if let Some(failed) = failed {
        if succeeded > failed.verdict.since {
            return None;
        }
        Finding::new(
            Word::Failed,
            Severity::Warning,
            say::of("Its last run failed", &failed.verdict.reason),
        )
        .since(failed.verdict.since)
        .at(
            &format!("job {}", failed.name),
            &failed.verdict.reason,
            failed.verdict.since,
        )
    } else {
        // Clusters before 1.21 keep no time of success.
        let success = facts.last_success_time?;
        let begun = facts.last_schedule_time?;
        let idle = facts.job_active == Some(0);
        let known = jobs.iter().any(|j| j.verdict.since > Some(success));
        if success >= begun || !idle || known {
            return None;
        }
        Finding::new(
            Word::Failed,
            Severity::Warning,
            "Its last run has ended and did not succeed.",
        )
        .since(Some(begun))
    };
    Some(finding.at(
        "last success",
        if succeeded.is_some() {
            "a run succeeded"
        } else {
            "none is known"
        },
        succeeded,
    ))
}

/// The controller says that it did not start runs that were due.
fn missed(facts: &WorkloadFacts) -> Option<Finding> {
    let event = newest_event(
        &facts.events,
        &[
            "FailedNeedsStart",
            "MissSchedule",
            "TooManyMissedTimes",
            "FailedCreate",
            "UnparseableSchedule",
        ],
        |_| true,
    )?;
    if facts.last_schedule_time > event.time {
        return None;
    }
    let reason = format!(
        "A run that was due was not started: {}",
        say::sentence(&event.message)
    );
    Some(
        Finding::new(Word::Pending, Severity::Warning, reason)
            .since(event.time)
            .at("controller", &event.message, event.time),
    )
}

fn well(facts: &WorkloadFacts, now: i64) -> Finding {
    if facts.paused == Some(true) {
        return Finding::new(Word::Healthy, Severity::Ok, "It is suspended.");
    }
    let reason = match (facts.job_active, facts.last_schedule_time) {
        (Some(active), _) if active > 0 => {
            format!("It runs, with {}.", say::count(active, "job", "jobs"))
        }
        (_, Some(time)) => format!("It ran last {} ago.", say::duration(say::ago(time, now))),
        (Some(_), None) => "It has not run yet.".to_owned(),
        (None, None) => return unseen(),
    };
    Finding::new(Word::Healthy, Severity::Ok, reason)
        .maybe("schedule", facts.schedule.as_deref())
        .at(
            "last success",
            if facts.last_success_time.is_some() {
                "a run succeeded"
            } else {
                ""
            },
            facts.last_success_time,
        )
}
