//! `GET /api/alarm-history`: what happened to alarms, newest first.

use alarm::State as AlarmState;
use axum::Json;
use axum::extract::{Query as Parameters, State};
use evaluator::{HistoryItem, HistoryItemType, HistoryQuery, Labels};
use query::Moment;
use serde::Serialize;
use serde_json::Value;

use super::parameters::{given, limit, moment, refused, unknown, word};
use crate::api::time::{now_usec, rfc3339_micros};
use crate::problem::Problem;
use crate::state::Shared;

const MOST: usize = 1000;
const USUAL: usize = 200;
/// From when on, when nobody says: as long as CloudWatch shows history by itself.
const USUAL_SECONDS: i64 = 14 * 86_400;
const PARAMETERS: &[&str] = &["alarm", "start", "end", "limit", "type", "before"];
const TYPES: [HistoryItemType; 3] = [
    HistoryItemType::StateUpdate,
    HistoryItemType::ConfigurationUpdate,
    HistoryItemType::Action,
];

/// The answer.
#[derive(Debug, Serialize)]
pub(crate) struct History {
    items: Vec<Item>,
    /// What to ask for `before` to go on; null: there are no more.
    next: Option<u64>,
}

/// Something that happened.
#[derive(Debug, Serialize)]
struct Item {
    number: u64,
    time: String,
    alarm: String,
    labels: Labels,
    #[serde(rename = "type")]
    kind: &'static str,
    summary: String,
    from: Option<AlarmState>,
    to: Option<AlarmState>,
    reason: Option<String>,
    data: Value,
}

pub(crate) async fn get(
    State(state): State<Shared>,
    Parameters(pairs): Parameters<Vec<(String, String)>>,
) -> Result<Json<History>, Problem> {
    let mut question = question(&pairs, now_usec())?;
    let alarms = state.alarms()?;
    let limit = question.limit;
    // One more than asked for tells whether there are more.
    question.limit += 1;
    let items = alarms.evaluator().history(question).await?;
    Ok(Json(history(items, limit)))
}

fn question(pairs: &[(String, String)], now: i64) -> Result<HistoryQuery, Problem> {
    let mut question = HistoryQuery {
        start: Some(Moment::seconds_ago(USUAL_SECONDS).micros(now)),
        limit: USUAL,
        ..HistoryQuery::default()
    };
    for (name, value) in given(pairs) {
        match name {
            "alarm" => question.alarm = Some(value.to_owned()),
            "start" => question.start = Some(moment(name, value, now)?),
            "end" => question.end = Some(moment(name, value, now)?),
            "limit" => question.limit = limit(name, value, MOST)?,
            "type" => question.kind = Some(word(name, value, &TYPES, HistoryItemType::as_str)?),
            "before" => {
                let number = value
                    .parse()
                    .map_err(|_| refused(name, format!("'{value}' is no number of an item")))?;
                question.before_number = Some(number);
            }
            _ => return Err(unknown(name, PARAMETERS)),
        }
    }
    Ok(question)
}

fn history(items: Vec<HistoryItem>, limit: usize) -> History {
    let has_more = items.len() > limit;
    let items: Vec<Item> = items.into_iter().take(limit).map(item).collect();
    let last = items.last().map(|item| item.number);
    History {
        next: last.filter(|_| has_more),
        items,
    }
}

fn item(item: HistoryItem) -> Item {
    Item {
        number: item.number,
        time: rfc3339_micros(item.time),
        alarm: item.alarm,
        labels: item.labels,
        kind: item.kind.as_str(),
        summary: item.summary,
        from: item.from,
        to: item.to,
        reason: item.reason,
        data: item.data,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: i64 = 1_795_424_400_000_000;

    fn asked(pairs: &[(&str, &str)]) -> Result<HistoryQuery, Problem> {
        let pairs = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        question(&pairs.collect::<Vec<_>>(), NOW)
    }

    fn happened(number: u64) -> HistoryItem {
        HistoryItem {
            number,
            time: NOW,
            alarm: "web-memory".to_owned(),
            labels: Labels::from([("pod".to_owned(), "web-1".to_owned())]),
            kind: HistoryItemType::StateUpdate,
            summary: "Alarm updated from OK to ALARM".to_owned(),
            from: Some(AlarmState::Ok),
            to: Some(AlarmState::Alarm),
            reason: Some("too much".to_owned()),
            data: json!({"version": "1.0"}),
        }
    }

    #[test]
    fn an_item_is_as_promised() {
        let one = history(vec![happened(7)], 1);
        assert_eq!(
            json!(one),
            json!({"next": null, "items": [{
                "number": 7, "time": "2026-11-23T09:00:00.000000Z", "alarm": "web-memory", "labels": {"pod": "web-1"},
                "type": "StateUpdate", "summary": "Alarm updated from OK to ALARM", "from": "OK", "to": "ALARM",
                "reason": "too much", "data": {"version": "1.0"},
            }]})
        );
    }

    #[test]
    fn a_page_names_the_next_only_when_there_is_one() {
        let page = history(vec![happened(9), happened(8), happened(5)], 2);
        assert_eq!((page.items.len(), page.next), (2, Some(8)));
        assert_eq!(history(vec![happened(9), happened(8)], 2).next, None);
        assert_eq!(history(Vec::new(), 2).next, None);
    }

    #[test]
    fn what_is_not_said_is_two_weeks_and_two_hundred_items() {
        let usual = asked(&[("alarm", ""), ("type", "")]).unwrap();
        assert_eq!(usual.start, Some(NOW - 14 * 86_400_000_000));
        assert_eq!((usual.end, usual.limit, usual.alarm), (None, 200, None));
        let all = asked(&[
            ("alarm", "a"),
            ("start", "-1h"),
            ("end", "now"),
            ("limit", "1000"),
            ("type", "Action"),
            ("before", "8"),
        ])
        .unwrap();
        assert_eq!(
            all,
            HistoryQuery {
                alarm: Some("a".to_owned()),
                kind: Some(HistoryItemType::Action),
                start: Some(NOW - 3_600_000_000),
                end: Some(NOW),
                before_number: Some(8),
                limit: 1000,
            }
        );
        for (name, value) in [
            ("limit", "1001"),
            ("type", "action"),
            ("before", "x"),
            ("since", "-1h"),
        ] {
            let json = asked(&[(name, value)]).unwrap_err().to_json();
            assert_eq!(json["position"]["path"], name);
        }
    }
}
