//! The rules for definitions.
#![allow(clippy::unwrap_used)]

mod harness;

use alarm::State::{Alarm, Ok};
use alarm::composite::MOST_PARENTS;
use evaluator::{Filter, ManageError, Origin, SyncFault};
use harness::{Lab, START, composite, metric, metric_with, series};
use serde_json::{Value, json};

async fn refused(lab: &Lab, definition: &Value) -> String {
    lab.e()
        .put(definition, START)
        .await
        .unwrap_err()
        .to_string()
}

#[tokio::test]
async fn a_put_is_there_and_again_it_is_changed() {
    let mut lab = Lab::new();
    assert!(lab.e().put(&metric("cpu"), START).await.unwrap());
    lab.e()
        .set_state("cpu", Alarm, "test", "", START + 1)
        .await
        .unwrap();
    let changed = metric_with("cpu", json!({"Threshold": 9.0}));
    assert!(!lab.e().put(&changed, START + 2).await.unwrap());
    let status = lab.status("cpu");
    assert_eq!(
        (status.state, status.configured_at),
        (Alarm, START + 2),
        "its state stays"
    );
    let written = lab.e().health().commits;
    assert!(!lab.e().put(&changed, START + 3).await.unwrap());
    assert_eq!(
        (lab.status("cpu").configured_at, lab.e().health().commits),
        (START + 2, written)
    );
    lab.restart();
    assert_eq!(lab.status("cpu").definition, changed);
    lab.put(series("cpu", json!({})), START + 4).await;
    assert_eq!(
        lab.state("cpu"),
        alarm::State::InsufficientData,
        "another kind begins anew"
    );
}

#[tokio::test]
async fn a_wrong_definition_is_refused_with_every_fault() {
    let lab = Lab::new();
    let wrong = metric_with("cpu", json!({"Period": 7, "EvaluationPeriods": 0}));
    let words = refused(&lab, &wrong).await;
    assert!(
        words.contains("Period: 7 is none of")
            && words.contains("EvaluationPeriods: is at least 1")
    );
    assert!(
        refused(&lab, &json!([]))
            .await
            .contains("an object is wanted")
    );
    let misspelt = metric_with("cpu", json!({"Treshold": 3}));
    assert!(refused(&lab, &misspelt).await.contains("Treshold"));
    let mut unknown = series("cpu", json!({}));
    unknown["Source"] = json!({"Guess": {}});
    assert!(
        refused(&lab, &unknown)
            .await
            .contains("Rows, Logs, Sql, Health, Loss")
    );
    assert!(lab.e().list(&Filter::default()).is_empty());
}

#[tokio::test]
async fn children_exist_and_are_not_asked_in_circles() {
    let lab = Lab::new();
    let words = refused(&lab, &composite("c", "ALARM(a) OR ALARM(b)")).await;
    assert_eq!(
        words,
        "AlarmRule: asks about alarms that do not exist: a, b"
    );
    assert!(
        refused(&lab, &composite("c", "ALARM(c)"))
            .await
            .contains("c → c")
    );
    lab.put(metric("a"), START).await;
    lab.put(composite("b", "ALARM(a)"), START).await;
    lab.put(composite("c", "ALARM(b)"), START).await;
    assert!(
        refused(&lab, &composite("b", "ALARM(c)"))
            .await
            .contains("b → c → b")
    );
    let mut own = composite("d", "ALARM(a)");
    own["ActionsSuppressorWaitPeriod"] = json!(1);
    own["ActionsSuppressorExtensionPeriod"] = json!(1);
    own["ActionsSuppressor"] = json!("d");
    assert!(refused(&lab, &own).await.contains("is the alarm itself"));
    own["ActionsSuppressor"] = json!("x");
    assert!(refused(&lab, &own).await.contains("'x' does not exist"));
    own["ActionsSuppressor"] = json!("arn:aws:cloudwatch:local:000000000000:alarm:b");
    lab.put(own, START).await;
    for (name, why) in [
        ("a", "is asked about by b, d"),
        ("b", "is asked about by c"),
    ] {
        let error = lab.e().delete(name, START).await.unwrap_err();
        assert!(
            matches!(&error, ManageError::Refused(_)) && error.to_string().contains(why),
            "{error}"
        );
    }
    lab.e().delete("c", START).await.unwrap();
    let error = lab.e().delete("b", START).await.unwrap_err().to_string();
    assert!(error.contains("is the suppressor of d"), "{error}");
    assert_eq!(lab.status("a").parents, ["b", "d"]);
    assert_eq!(
        lab.status("b").children,
        [("a".to_owned(), Some(alarm::State::InsufficientData))]
    );
}

const TOO_MANY: &str =
    "AlarmRule: 'a' is in 150 composite alarms already, an alarm is in at most 150";

#[tokio::test]
async fn an_alarm_is_in_so_many_composite_alarms_at_most() {
    let lab = Lab::new();
    lab.put(metric("a"), START).await;
    lab.put(metric("b"), START).await;
    for i in 0..MOST_PARENTS {
        lab.put(composite(&format!("c{i}"), "ALARM(a)"), START)
            .await;
    }
    let one_more = composite("more", "ALARM(b) OR OK(a)");
    assert_eq!(refused(&lab, &one_more).await, TOO_MANY);
    assert!(lab.e().describe("more").is_none());
    assert_eq!(lab.status("a").parents.len(), 150);
    // Who is among them is changed as before, other alarms have room, and a suppressor is in no rule.
    lab.put(composite("c7", "ALARM(a) AND NOT ALARM(b)"), START)
        .await;
    let mut held = composite("held", "ALARM(b)");
    held["ActionsSuppressor"] = json!("a");
    held["ActionsSuppressorWaitPeriod"] = json!(1);
    held["ActionsSuppressorExtensionPeriod"] = json!(1);
    lab.put(held, START).await;
    // One that asks about something else now makes room, and so does one that goes.
    lab.put(composite("c7", "ALARM(b)"), START).await;
    lab.put(one_more.clone(), START).await;
    lab.e().delete("c8", START).await.unwrap();
    lab.put(composite("last", "ALARM(a)"), START).await;
    assert_eq!(refused(&lab, &composite("c8", "ALARM(a)")).await, TOO_MANY);
}

#[tokio::test]
async fn a_file_that_exchanges_composite_alarms_is_taken_whole() {
    let mut lab = Lab::new();
    let file = |prefix: &str, count: usize| -> Vec<Value> {
        let composites = (0..count).map(|i| composite(&format!("{prefix}{i}"), "ALARM(a)"));
        composites.chain([metric("a")]).collect()
    };
    let synced = lab
        .e()
        .sync(Origin::File, &file("c", MOST_PARENTS + 1), START)
        .await
        .unwrap();
    assert_eq!(synced.created, MOST_PARENTS + 1, "a and 150 composites");
    let fault = SyncFault {
        index: Some(MOST_PARENTS),
        name: Some(format!("c{MOST_PARENTS}")),
        message: TOO_MANY.to_owned(),
    };
    assert_eq!(synced.faults, [fault]);
    // All under other names: those that go make room for those that come.
    let others = file("d", MOST_PARENTS);
    let synced = lab
        .e()
        .sync(Origin::File, &others, START + 1)
        .await
        .unwrap();
    assert_eq!(
        (synced.created, synced.deleted, synced.faults),
        (MOST_PARENTS, MOST_PARENTS, Vec::new())
    );
    lab.restart();
    assert_eq!(lab.status("a").parents.len(), MOST_PARENTS);
    assert!(
        lab.status("a")
            .parents
            .iter()
            .all(|name| name.starts_with('d'))
    );
}

#[tokio::test]
async fn files_and_the_starter_set_have_their_own() {
    let mut lab = Lab::new();
    lab.put(metric("mine"), START).await;
    let file = [
        composite("over", "ALARM(cpu)"),
        metric("cpu"),
        metric("mine"),
        json!({"AlarmName": "bad"}),
    ];
    let synced = lab.e().sync(Origin::File, &file, START).await.unwrap();
    assert_eq!(
        (synced.created, synced.updated, synced.deleted),
        (2, 0, 0),
        "in any order"
    );
    let faults: Vec<_> = synced
        .faults
        .iter()
        .map(|f| (f.index, f.name.as_deref()))
        .collect();
    assert_eq!(faults, [(Some(3), Some("bad")), (Some(2), Some("mine"))]);
    let starter = [
        metric_with("oom", json!({"ActionsEnabled": false})),
        metric("mine"),
    ];
    let synced = lab
        .e()
        .sync(Origin::Starter, &starter, START)
        .await
        .unwrap();
    assert_eq!((synced.created, synced.faults.len()), (1, 0));

    for (name, why) in [("cpu", "is in alarms.toml"), ("oom", "disable it instead")] {
        let error = lab.e().delete(name, START).await.unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    }
    assert!(
        refused(&lab, &metric_with("cpu", json!({"Threshold": 1.0})))
            .await
            .contains("is in alarms.toml")
    );

    lab.e().enable_actions("oom", true, START).await.unwrap();
    lab.restart();
    lab.e()
        .sync(Origin::Starter, &starter, START + 1)
        .await
        .unwrap();
    assert!(
        lab.status("oom").actions_enabled,
        "what was switched on stays on"
    );
    assert_eq!(lab.status("oom").origin, Origin::Starter);

    lab.put(composite("mine-too", "ALARM(cpu)"), START).await;
    let synced = lab.e().sync(Origin::File, &[], START).await.unwrap();
    assert_eq!(synced.deleted, 1);
    let fault = SyncFault {
        index: None,
        name: Some("cpu".to_owned()),
        message: "the alarm 'cpu' is asked about by mine-too: change or delete that first"
            .to_owned(),
    };
    assert_eq!(synced.faults, [fault]);
    lab.e().delete("mine-too", START).await.unwrap();
    assert_eq!(
        lab.e()
            .sync(Origin::File, &[], START)
            .await
            .unwrap()
            .deleted,
        1
    );
}

#[tokio::test]
async fn alarms_are_found_by_state_name_and_tag() {
    let lab = Lab::new();
    let tags = json!({"Tags": [{"Key": "severity", "Value": "critical"}]});
    lab.put(metric_with("shop-cpu", tags), START).await;
    lab.put(metric("shop-memory"), START).await;
    lab.put(metric("other"), START).await;
    lab.e()
        .set_state("shop-memory", Ok, "test", "", START)
        .await
        .unwrap();
    let names = |filter: &Filter| -> Vec<String> {
        lab.e()
            .list(filter)
            .into_iter()
            .map(|status| status.name)
            .collect()
    };
    let prefix = Some("shop-".to_owned());
    assert_eq!(
        names(&Filter {
            prefix: prefix.clone(),
            ..Filter::default()
        }),
        ["shop-cpu", "shop-memory"]
    );
    assert_eq!(
        names(&Filter {
            state: Some(Ok),
            prefix,
            ..Filter::default()
        }),
        ["shop-memory"]
    );
    let tags = [("severity".to_owned(), "critical".to_owned())].into();
    assert_eq!(
        names(&Filter {
            tags,
            ..Filter::default()
        }),
        ["shop-cpu"]
    );
    assert_eq!(
        names(&Filter {
            names: vec!["other".to_owned()],
            ..Filter::default()
        }),
        ["other"]
    );
    assert!(lab.e().describe("none").is_none());
    let error = lab.e().delete("none", START).await.unwrap_err();
    assert!(matches!(error, ManageError::NotFound(_)));
}

#[tokio::test]
async fn changes_are_told_to_who_watches() {
    let lab = Lab::new();
    let mut changes = lab.e().changes();
    assert!(!changes.has_changed().unwrap());
    lab.put(metric("cpu"), START).await;
    changes.changed().await.unwrap();
    lab.e().put_silence("night", json!({})).await.unwrap();
    assert!(changes.has_changed().unwrap());
    assert!(lab.e().delete_silence("night").await.unwrap());
    assert!(!lab.e().delete_silence("night").await.unwrap());
}

#[tokio::test]
async fn thousands_of_definitions_are_taken_in_little_time() {
    let lab = Lab::new();
    let all: Vec<Value> = (0..5000).map(|i| metric(&format!("a{i}"))).collect();
    let begun = std::time::Instant::now();
    assert_eq!(
        lab.e()
            .sync(Origin::File, &all, START)
            .await
            .unwrap()
            .created,
        5000
    );
    assert_eq!(
        lab.e()
            .sync(Origin::File, &all, START)
            .await
            .unwrap()
            .created,
        0
    );
    assert!(begun.elapsed().as_secs() < 10, "{:?}", begun.elapsed());
}
