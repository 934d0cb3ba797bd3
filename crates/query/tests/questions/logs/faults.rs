use query::{Code, LogsRequest};

use super::{Logs, NOW};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_fault_has_its_place() {
    let logs = Logs::new().await;
    for (request, code, words) in [
        (
            r#"{"query": "a (b"}"#,
            Code::InvalidRequest,
            "query, line 1, column 3: this parenthesis is not closed",
        ),
        (
            r#"{"query": "é\n /(/"}"#,
            Code::InvalidRequest,
            "query, line 2, column 3: unclosed group",
        ),
        (
            r#"{"query": "namspace:x"}"#,
            Code::UnknownColumn,
            "query, line 1, column 1: log has no column 'namspace'; did you mean 'namespace'?",
        ),
        (
            r#"{"query": "/\\w{500}/"}"#,
            Code::InvalidRequest,
            "query, line 1, column 2: this regular expression becomes too large",
        ),
        (
            r#"{"filters": {"pods": "x"}}"#,
            Code::UnknownColumn,
            "filters.pods: log has no column 'pods'; did you mean 'pod'",
        ),
        (
            r#"{"limit": 0}"#,
            Code::InvalidRequest,
            "limit: it is at least 1",
        ),
        (
            r#"{"limit": 10001}"#,
            Code::InvalidRequest,
            "limit: it is at most 10000",
        ),
        (
            r#"{"after": "x"}"#,
            Code::InvalidRequest,
            "after: this is no cursor",
        ),
        (
            r#"{"context": {"around": "x"}}"#,
            Code::InvalidRequest,
            "context.around: this is no line's id",
        ),
        (
            r#"{"start": "now"}"#,
            Code::InvalidRequest,
            "end: the range is empty",
        ),
        (
            r#"{"facets": ["pod", "stats"]}"#,
            Code::UnknownColumn,
            "facets[1]: log has no column 'stats'; the JSON field",
        ),
        (
            r#"{"facets": ["message"]}"#,
            Code::InvalidRequest,
            "facets[0]: 'message' is no column of short texts",
        ),
        (
            r#"{"histogram": {"buckets": 5000}}"#,
            Code::InvalidRequest,
            "histogram.buckets: it is at most 1000",
        ),
        (
            r#"{"order": "up"}"#,
            Code::InvalidRequest,
            "order: unknown variant",
        ),
        (
            r#"{"qery": ""}"#,
            Code::InvalidRequest,
            "qery: unknown field",
        ),
    ] {
        let fault = match LogsRequest::from_json(request.as_bytes()) {
            Err(fault) => fault,
            Ok(request) => logs.query.logs(request, NOW).await.unwrap_err(),
        };
        assert_eq!(fault.code, code, "{request}: {fault}");
        assert!(
            fault.to_string().starts_with(words),
            "{request}:\n  {fault}\n  {words}"
        );
    }
    logs.store.shutdown().await;
}
