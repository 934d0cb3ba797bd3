//! Alarms over HTTP: what is put is there, and what is refused says why.
#![allow(clippy::unwrap_used)]

mod support;

use serde_json::{Value, json};
use support::alarms::over_one;
use support::{Answer, Server, ask, server};

async fn post(server: &Server, path: &str, headers: &[(&str, &str)]) -> Answer {
    ask(&server.router, "POST", path, headers, "").await
}

async fn delete(server: &Server, path: &str) -> Answer {
    ask(&server.router, "DELETE", path, &[], "").await
}

fn refused(answer: &Answer, status: u16, code: &str) -> Value {
    let json = answer.json();
    assert_eq!(answer.status, status, "{json}");
    assert_eq!(json["code"], code, "{json}");
    assert_eq!(
        answer.header("content-type"),
        Some("application/problem+json")
    );
    json
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alarm_from_its_definition_to_its_end() {
    let server = server().await;
    let first = server.put_alarm("web", &over_one()).await;
    assert_eq!((first.status, first.json()), (201, json!({"name": "web"})));
    assert_eq!(server.put_alarm("web", &over_one()).await.status, 200);

    let one = server.get("/api/alarms/web").await.json();
    assert_eq!(one["kind"], "metric");
    assert_eq!(one["origin"], "api");
    assert_eq!(one["state"], "INSUFFICIENT_DATA");
    assert_eq!(one["contributors"], Value::Null);
    assert_eq!(
        (&one["threshold"], &one["period_seconds"]),
        (&json!(80.0), &json!(60))
    );
    assert_eq!(one["definition"]["AlarmName"], "web");
    assert_eq!(one["definition"]["DatapointsToAlarm"], 3);
    assert_eq!(
        (&one["series_total"], &one["series"][0]["labels"]),
        (&json!(1), &json!({}))
    );

    for (action, on) in [("disable", false), ("enable", true)] {
        let answer = post(&server, &format!("/api/alarms/web/{action}"), &[]).await;
        assert_eq!((answer.status, answer.body.len()), (204, 0));
        let one = server.get("/api/alarms/web").await.json();
        assert_eq!(one["actions_enabled"], on);
        assert_eq!(one["definition"]["ActionsEnabled"], on);
    }

    let state = json!({"StateValue": "ALARM", "StateReason": "a test"});
    assert_eq!(
        server.post("/api/alarms/web/state", &state).await.status,
        204
    );
    let list = server.get("/api/alarms?state=ALARM").await.json();
    assert_eq!(list["alarms"][0]["name"], "web");
    assert_eq!(list["alarms"][0]["reason"], "a test");

    let history = server
        .get("/api/alarm-history?alarm=web&limit=2")
        .await
        .json();
    let newest = &history["items"][0];
    assert_eq!(newest["type"], "StateUpdate");
    assert_eq!(
        (&newest["from"], &newest["to"]),
        (&json!("INSUFFICIENT_DATA"), &json!("ALARM"))
    );
    let next = history["next"].as_u64().unwrap();
    let older = server
        .get(&format!("/api/alarm-history?alarm=web&before={next}"))
        .await
        .json();
    let oldest = older["items"].as_array().unwrap().last().unwrap();
    assert_eq!(oldest["summary"], "Alarm \"web\" created");
    assert_eq!(older["next"], Value::Null);

    assert_eq!(delete(&server, "/api/alarms/web").await.status, 204);
    refused(&server.get("/api/alarms/web").await, 404, "unknown_alarm");
    refused(
        &delete(&server, "/api/alarms/web").await,
        404,
        "unknown_alarm",
    );
    let history = server.get("/api/alarm-history?alarm=web").await.json();
    assert_eq!(history["items"][0]["summary"], "Alarm \"web\" deleted");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_definition_that_is_wrong_is_refused_key_by_key() {
    let server = server().await;
    let mut wrong = over_one();
    wrong["Period"] = json!(7);
    wrong["Treshold"] = json!(1);
    let problem = refused(
        &server.put_alarm("web", &wrong).await,
        400,
        "invalid_definition",
    );
    let keys = |faults: &Value| -> Vec<String> {
        let faults = faults.as_array().unwrap().iter();
        faults
            .map(|fault| fault["key"].as_str().unwrap().to_owned())
            .collect()
    };
    for key in ["Period", "Treshold"] {
        assert!(
            keys(&problem["faults"]).contains(&key.to_owned()),
            "{problem}"
        );
    }
    wrong["AlarmName"] = json!("web");
    let asked = json!({"definition": wrong});
    let checked = server.post("/api/alarms/check", &asked).await;
    assert_eq!(checked.status, 200);
    assert_eq!(keys(&checked.json()["faults"]), keys(&problem["faults"]));
    assert_eq!(checked.json()["definition"], asked["definition"]);
    refused(
        &server.post("/api/alarms/replay", &asked).await,
        400,
        "invalid_definition",
    );

    let mut right = over_one();
    right["AlarmName"] = json!("web");
    let checked = server
        .post("/api/alarms/check", &json!({"definition": right}))
        .await
        .json();
    assert_eq!(checked["faults"], json!([]));
    assert_eq!(checked["definition"]["TreatMissingData"], "missing");

    let another = server.put_alarm("other", &right).await;
    let problem = refused(&another, 400, "invalid_definition");
    assert_eq!(problem["faults"][0]["key"], "AlarmName");
    refused(
        &server.put_alarm("web", &json!([])).await,
        400,
        "invalid_definition",
    );
    let long = json!({"AlarmDescription": "a".repeat(300_000)});
    refused(&server.put_alarm("web", &long).await, 413, "too_large");
    let list = server.get("/api/alarms").await.json();
    assert_eq!(list["alarms"], json!([]), "nothing of it was taken");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_of_nothing_is_refused_at_its_key() {
    let server = server().await;
    for (source, key, says) in [
        (
            json!({"Rows": {"Entity": "pod", "Metric": "memory_usage_byte", "Statistic": "Maximum"}}),
            "Source.Rows.Metric",
            "memory_usage_bytes",
        ),
        (
            json!({"Rows": {"Entity": "pod", "Metric": "memory_usage_bytes", "Statistic": "Maximum",
                "Filters": {"nmespace": "shop"}}}),
            "Source.Rows.Filters.nmespace",
            "namespace",
        ),
        (
            json!({"Logs": {"Filter": "level:(error"}}),
            "Source.Logs.Filter",
            "line 1, column",
        ),
        (
            json!({"Sql": {"Query": "SELECT time, 1 AS value FROM verdct WHERE time >= $start"}}),
            "Source.Sql.Query",
            "verdct",
        ),
        (
            json!({"Health": {"Kinds": ["Pod"], "Filters": {"nmespace": "shop"}}}),
            "Source.Health.Filters.nmespace",
            "namespace",
        ),
    ] {
        let definition = json!({"Source": source, "Period": 60, "EvaluationPeriods": 1, "Threshold": 1,
            "ComparisonOperator": "GreaterThanThreshold"});
        let answer = server.put_alarm("wrong", &definition).await;
        let problem = refused(&answer, 400, "invalid_definition");
        let fault = &problem["faults"][0];
        assert_eq!(fault["key"], key, "{problem}");
        assert!(
            fault["message"].as_str().unwrap().contains(says),
            "{problem}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_there_twice_is_refused() {
    let server = server().await;
    let mut text = over_one().to_string();
    text.insert_str(1, "\"Threshold\": 70, ");
    let json = [("content-type", "application/json")];
    let answer = ask(&server.router, "PUT", "/api/alarms/web", &json, text).await;
    assert_eq!(answer.status, 400);
    let detail = answer.json()["detail"].as_str().unwrap().to_owned();
    assert!(detail.contains("'Threshold' is there twice"), "{detail}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_about_stays() {
    let server = server().await;
    server.put_alarm("web", &over_one()).await;
    let rule = json!({"AlarmRule": "ALARM(\"web\")"});
    assert_eq!(server.put_alarm("shop", &rule).await.status, 201);
    let problem = refused(&delete(&server, "/api/alarms/web").await, 409, "conflict");
    assert!(
        problem["detail"].as_str().unwrap().contains("shop"),
        "{problem}"
    );
    let shop = server.get("/api/alarms/shop").await.json();
    assert_eq!(
        shop["children"],
        json!([{"name": "web", "state": "INSUFFICIENT_DATA"}])
    );
    assert_eq!(
        (&shop["series"], &shop["threshold"]),
        (&json!([]), &Value::Null)
    );
    let web = server.get("/api/alarms/web").await.json();
    assert_eq!(web["parents"], json!(["shop"]));

    let round = json!({"AlarmRule": "ALARM(\"shop\")"});
    let problem = refused(
        &server.put_alarm("shop", &round).await,
        400,
        "invalid_definition",
    );
    assert_eq!(problem["faults"][0]["key"], "AlarmRule");
    let asked = json!({"definition": {"AlarmName": "shop", "AlarmRule": "ALARM(\"web\")"}});
    let problem = refused(
        &server.post("/api/alarms/replay", &asked).await,
        400,
        "invalid_definition",
    );
    assert_eq!(problem["faults"][0]["key"], "AlarmRule");
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_a_list_follow_one_another() {
    let server = server().await;
    for name in ["a", "b", "c"] {
        server.put_alarm(name, &over_one()).await;
    }
    let ok = json!({"StateValue": "OK", "StateReason": "a test"});
    server.post("/api/alarms/b/state", &ok).await;
    let names = |list: &Value| -> Vec<String> {
        let alarms = list["alarms"].as_array().unwrap().iter();
        alarms
            .map(|alarm| alarm["name"].as_str().unwrap().to_owned())
            .collect()
    };
    let first = server.get("/api/alarms?limit=2").await.json();
    assert_eq!(
        (names(&first), &first["next"]),
        (vec!["a".into(), "b".into()], &json!("b"))
    );
    let second = server.get("/api/alarms?limit=2&after=b").await.json();
    assert_eq!(
        (names(&second), &second["next"]),
        (vec!["c".into()], &Value::Null)
    );
    let some = server.get("/api/alarms?state=OK").await.json();
    assert_eq!(names(&some), ["b"]);
    assert_eq!(
        some["counts"],
        json!({"OK": 1, "ALARM": 0, "INSUFFICIENT_DATA": 2}),
        "of every state"
    );
    assert_eq!(
        names(&server.get("/api/alarms?name=a&name=c").await.json()),
        ["a", "c"]
    );
    refused(
        &server.get("/api/alarms?stat=OK").await,
        400,
        "invalid_request",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn any_name_can_be_asked_for() {
    let server = server().await;
    for (path, name) in [
        ("a%2Fb%20%C3%A9", "a/b é"),
        ("%63heck", "check"),
        ("%72eplay", "replay"),
    ] {
        let put = server.put_alarm(path, &over_one()).await;
        assert_eq!((put.status, put.json()), (201, json!({"name": name})));
        let one = server.get(&format!("/api/alarms/{path}")).await;
        assert_eq!(one.json()["name"], name);
        let answer = post(&server, &format!("/api/alarms/{path}/disable"), &[]).await;
        assert_eq!(answer.status, 204);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_other_sites_change_nothing() {
    let server = server().await;
    server.put_alarm("web", &over_one()).await;
    for path in ["/api/alarms/web/disable", "/api/receivers/team-mail/test"] {
        let answer = post(&server, path, &[("sec-fetch-site", "cross-site")]).await;
        refused(&answer, 403, "cross_site");
    }
    let form = [("content-type", "text/plain")];
    for path in ["/api/alarms/web/state", "/api/silences"] {
        refused(
            &post(&server, path, &form).await,
            415,
            "unsupported_media_type",
        );
    }
    let one = server.get("/api/alarms/web").await.json();
    assert_eq!(one["actions_enabled"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silence_is_made_and_ended() {
    let server = server().await;
    let silence = json!({"alarm": "web*", "ends": "2100-01-01T00:00:00Z", "comment": "new nodes"});
    let made = server.post("/api/silences", &silence).await;
    assert_eq!(made.status, 201, "{}", made.json());
    let id = made.json()["id"].as_str().unwrap().to_owned();
    let all = server.get("/api/silences").await.json();
    let shown = &all["silences"][0];
    assert_eq!(
        (&shown["id"], &shown["alarm"]),
        (&json!(id), &json!("web*"))
    );
    assert_eq!(
        (&shown["active"], &shown["origin"]),
        (&json!(true), &json!("api"))
    );
    let path = format!("/api/silences/{id}");
    assert_eq!(delete(&server, &path).await.status, 204);
    refused(&delete(&server, &path).await, 404, "unknown_silence");
    assert_eq!(
        server.get("/api/silences").await.json()["silences"],
        json!([])
    );
    let past = json!({"alarm": "web*", "ends": "2020-01-01T00:00:00Z"});
    let answer = server.post("/api/silences", &past).await;
    let problem = refused(&answer, 400, "invalid_definition");
    assert_eq!(problem["faults"][0]["key"], "ends");
    for (key, value) in [
        ("starts", json!("tomorrow")),
        ("ends", json!(7)),
        (
            "weekly.days[1]",
            json!({"days": ["Mon", "Noday"], "from": "22:00", "to": "06:00"}),
        ),
    ] {
        let mut faulty = json!({"alarm": "web*", "ends": "2100-01-01T00:00:00Z"});
        faulty[key.split('.').next().unwrap()] = value;
        let answer = server.post("/api/silences", &faulty).await;
        let problem = refused(&answer, 400, "invalid_definition");
        assert_eq!(problem["faults"][0]["key"], key, "{problem}");
    }
    let unknown = post(&server, "/api/receivers/nobody/test", &[]).await;
    refused(&unknown, 404, "unknown_receiver");
}
