use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, RecordBatch, StringArray, new_null_array};
use arrow::compute::cast;
use datafusion::common::DFSchema;
use datafusion::logical_expr::Expr;
use datafusion::prelude::SessionContext;

use super::*;

const LINES: [(&str, &str, Option<&str>, Option<&str>); 10] = [
    (
        "0",
        "connection timeout after 30s",
        Some("error"),
        Some("shop"),
    ),
    (
        "1",
        "Connection reset by peer 10.0.0.12:443",
        Some("warn"),
        Some("shop"),
    ),
    ("2", "GET /healthz 200 in 3ms", Some("info"), Some("web")),
    (
        "3",
        r#"{"level":"error","http":{"status":503,"path":"/api/v1"},"msg":"upstream timed out"}"#,
        Some("error"),
        Some("web"),
    ),
    (
        "4",
        r#"{"http.status":"404","user":{"id":"u-1"},"msg":"not found","ok":false}"#,
        Some("info"),
        Some("web"),
    ),
    ("5", "preset timeouts are (a*b)", None, None),
    ("6", "Überlauf: ERROR im Kernel", Some("fatal"), None),
    (
        "7",
        r#"{"http":{"status":200},"user":null}"#,
        Some("debug"),
        Some("shop"),
    ),
    ("8", "user_id=10 10.0.0.1", None, Some("db")),
    ("9", "", Some("trace"), Some("db")),
];

fn batch() -> RecordBatch {
    let schema = LOG.schema();
    let columns = schema
        .fields()
        .iter()
        .map(|field| -> ArrayRef {
            let texts: StringArray = match field.name().as_str() {
                "pod" => LINES.iter().map(|l| Some(l.0)).collect(),
                "message" => LINES.iter().map(|l| Some(l.1)).collect(),
                "level" => LINES.iter().map(|l| l.2).collect(),
                "namespace" => LINES.iter().map(|l| l.3).collect(),
                "offset" => LINES.iter().map(|l| Some(l.0)).collect(),
                "time" => vec![Some("2026-11-25T10:00:00Z"); LINES.len()].into(),
                _ => return new_null_array(field.data_type(), LINES.len()),
            };
            cast(&texts, field.data_type()).unwrap()
        })
        .collect();
    RecordBatch::try_new(schema, columns).unwrap()
}

fn found(query: &str) -> Result<String, QueryError> {
    let wanted = Wanted::new(&BTreeMap::new(), Some(query))?;
    let expr = wanted
        .expressions(&Stop::default(), &Default::default())?
        .into_iter()
        .reduce(Expr::and)
        .unwrap();
    let batch = batch();
    let schema = DFSchema::try_from(Arc::clone(batch.schema_ref())).unwrap();
    let physical = SessionContext::new()
        .state()
        .create_physical_expr(expr, &schema)
        .unwrap();
    let value = physical.evaluate(&batch).unwrap();
    let array = value.to_array(batch.num_rows()).unwrap();
    let bits = array.as_boolean();
    Ok(LINES
        .iter()
        .enumerate()
        .filter(|(row, _)| bits.iter().nth(*row).flatten() == Some(true))
        .map(|(_, line)| line.0)
        .collect())
}

#[test]
fn lines_that_each_condition_finds() {
    let mut wrong = Vec::new();
    for (query, lines) in [
        ("timeout", "0"),
        ("TIMEOUT", "0"),
        ("timeout*", "05"),
        ("*out", "03"),
        ("*set*", "15"),
        ("reset", "1"),
        ("conn*out", "0"),
        ("*im*kern*", "6"),
        ("*", "0123456789"),
        ("connection reset", "1"),
        ("\"connection reset\"", "1"),
        ("'connection'", "0"),
        ("'Connection'", "1"),
        ("10.0.0.1", "8"),
        ("10.0.0.*", "18"),
        ("10", "18"),
        ("user_id", "8"),
        ("user_id=10", "8"),
        ("a*b", "5"),
        ("\"(a*b)\"", "5"),
        ("=", "8"),
        ("überlauf", ""),
        ("Überlauf", "6"),
        ("\"ERROR im\"", "6"),
        ("/time(out|d)/", "035"),
        ("/^connection/i", "01"),
        ("/^$/", "9"),
        ("-*e*", "9"),
        ("connection -reset", "0"),
        ("NOT (timeout OR reset OR msg)", "256789"),
        ("(timeout OR reset) level:error", "0"),
        ("level:error", "03"),
        ("level:ERROR,warning", "013"),
        ("level:>=warn", "0136"),
        ("level:<debug", "9"),
        ("-level:*", "58"),
        ("-level:error", "12456789"),
        ("namespace:s*", "017"),
        ("namespace:shop,web level:info", "24"),
        ("namespace:/^(web|db)$/", "23489"),
        ("namespace:'shop'", "017"),
        ("offset:>=8", "89"),
        ("offset:3,4", "34"),
        ("http.status:>=500", "3"),
        ("json.http.status:>=400", "34"),
        ("http.status:404", "4"),
        ("http.status:5*", "3"),
        ("http.status:*", "347"),
        ("-http.status:* -level:*", "58"),
        ("http.path:/v\\d/", "3"),
        ("http.path:\"/api/v1\"", "3"),
        ("user.id:u-1", "4"),
        ("user:*", "4"),
        ("ok:false", "4"),
        ("json.level:error", "3"),
        ("msg:\"not found\",\"upstream timed out\"", "34"),
        ("message:timeout", "0"),
        ("message:\"reset by\"", "1"),
        ("message:/30s/", "0"),
        ("code:500", ""),
    ] {
        let found = found(query).unwrap();
        if found != lines {
            wrong.push((query, found, lines));
        }
    }
    assert!(wrong.is_empty(), "(query, found, expected): {wrong:#?}");
}

#[test]
fn what_means_nothing_is_refused_at_its_place() {
    for (query, column, words) in [
        (
            "a namspace:shop",
            3,
            "did you mean 'namespace'? The JSON field of that name is json.namspace",
        ),
        (
            "level:eror",
            7,
            "'eror' is no level: there are trace, debug",
        ),
        ("level:>=x", 7, "'x' is no level"),
        ("pod:>5", 5, "pod is text and has no order"),
        ("offset:five", 8, "offset is a whole number"),
        ("offset:/5/", 8, "offset is a number"),
        ("time:5", 1, "start and end of the request"),
        ("message:>5", 9, "has no order"),
        ("a.b:>=x", 5, "'x' is no number"),
        ("a..b:1", 1, "is no path"),
        ("json.:1", 1, "is no path"),
    ] {
        let fault = found(query).unwrap_err();
        let place = format!("query, line 1, column {column}: ");
        assert!(fault.to_string().starts_with(&place), "{query}: {fault}");
        assert!(fault.message.contains(words), "{query}: {fault}");
    }
}

#[test]
fn whether_messages_are_read() {
    for (query, reads) in [
        ("level:error namespace:shop", false),
        ("level:error -x", true),
        ("NOT (pod:a OR status:5)", true),
        ("message:*", true),
    ] {
        let wanted = Wanted::new(&BTreeMap::new(), Some(query)).unwrap();
        assert_eq!(wanted.reads_messages(), reads, "{query}");
    }
}
