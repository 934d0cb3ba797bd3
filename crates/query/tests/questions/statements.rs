//! SQL: what is run, what is refused, and how answers are written.

use catalogue::Tier;
use query::{Code, Format, Query, SqlRequest};
use serde_json::{Value, json};

use crate::held::Held;
use crate::roll::roll;

fn rows() -> Vec<(i64, Value)> {
    let row = |id: &str, pod: Value, cpu: Value| {
        json!({"cluster": "c", "node": "n", "pod": pod, "container_id": id, "container": id, "cpu_usage_usec": cpu,
               "interval_usec": 10_000_000, "node_cpu_cores": 1.5, "exited": id == "b"})
    };
    vec![
        (0, row("a", json!("p"), json!(5))),
        (0, row("b", Value::Null, Value::Null)),
        (10, row("a", json!("p"), json!(7))),
    ]
}

fn query() -> Query {
    let minutes = roll(crate::held::table("container"), Tier::Minute, &rows());
    Held::default()
        .with("container", Tier::Raw, rows())
        .with("container", Tier::Minute, minutes)
        .with(
            "identity",
            Tier::Raw,
            vec![
                (
                    0,
                    json!({"cluster": "c", "labels": {"app": "shop", "tier": "front"}}),
                ),
                (1, json!({"cluster": "c"})),
            ],
        )
        .query()
}

async fn run(query: &Query, sql: &str) -> Value {
    let body = query
        .sql(SqlRequest::new(sql))
        .await
        .unwrap_or_else(|e| panic!("{sql}: {e}"));
    serde_json::from_slice(&body.collect().await.unwrap()).unwrap()
}

async fn written(query: &Query, sql: &str, format: Format) -> Vec<u8> {
    let request = SqlRequest {
        format,
        ..SqlRequest::new(sql)
    };
    query.sql(request).await.unwrap().collect().await.unwrap()
}

#[tokio::test]
async fn a_select_as_json() {
    let query = query();
    let mut answer = run(
        &query,
        "SELECT time, container, pod, cpu_usage_usec AS cpu, node_cpu_cores * 2 AS cores, exited, 0.0 / 0.0 AS nan
         FROM container WHERE time < '2026-11-23T10:00:10Z' ORDER BY container LIMIT 2",
    )
    .await;
    assert!(answer["stats"]["elapsed_ms"].is_u64());
    answer["stats"]["elapsed_ms"] = json!(0);
    assert_eq!(
        answer,
        json!({
            "columns": [
                {"name": "time", "type": "timestamp"}, {"name": "container", "type": "string"},
                {"name": "pod", "type": "string"}, {"name": "cpu", "type": "int64"},
                {"name": "cores", "type": "float64"}, {"name": "exited", "type": "boolean"},
                {"name": "nan", "type": "float64"},
            ],
            "rows": [
                {"time": "2026-11-23T10:00:00.000000000Z", "container": "a", "pod": "p", "cpu": 5, "cores": 3.0,
                 "exited": false, "nan": null},
                {"time": "2026-11-23T10:00:00.000000000Z", "container": "b", "pod": null, "cpu": null, "cores": 3.0,
                 "exited": true, "nan": null},
            ],
            "stats": {"rows": 2, "truncated": false, "elapsed_ms": 0},
        })
    );
}

#[tokio::test]
async fn what_people_write() {
    let query = query();
    for (sql, expected) in [
        ("SELECT count(*) AS n FROM container", json!([{"n": 3}])),
        ("select COUNT(*) as n from Container;", json!([{"n": 3}])),
        // A column that is called as a word of Hive's.
        (
            "SELECT node, Cluster, count(*) AS n FROM container GROUP BY node, cluster ORDER BY cluster",
            json!([{"node": "n", "cluster": "c", "n": 3}]),
        ),
        (
            "-- all of it\n (SELECT count(*) AS n FROM public.container)",
            json!([{"n": 3}]),
        ),
        (
            "SELECT count(*) AS n FROM kansoku.public.container_now",
            json!([{"n": 3}]),
        ),
        (
            "SELECT samples, cpu_usage_usec AS cpu FROM container_1m ORDER BY samples",
            json!([
            {"samples": 1, "cpu": null}, {"samples": 2, "cpu": 12}]),
        ),
        ("SELECT count(*) AS n FROM container_5m", json!([{"n": 0}])),
        ("SELECT count(*) AS n FROM log", json!([{"n": 0}])),
        (
            "WITH t AS (SELECT container, sum(cpu_usage_usec) AS cpu FROM container GROUP BY 1)
          SELECT * FROM t WHERE cpu > 1",
            json!([{"container": "a", "cpu": 12}]),
        ),
        (
            "SELECT labels['app'] AS app FROM identity ORDER BY app",
            json!([{"app": "shop"}, {"app": null}]),
        ),
        (
            "SELECT labels FROM identity WHERE labels IS NOT NULL",
            json!([{"labels": {"app": "shop", "tier": "front"}}]),
        ),
        (
            "SELECT date_trunc('minute', time) AS m, count(*) AS n FROM container GROUP BY 1",
            json!([{"m": "2026-11-23T10:00:00.000000000Z", "n": 3}]),
        ),
        (
            "SELECT date_bin(INTERVAL '10 seconds', time) AS m, count(*) AS n FROM container GROUP BY 1 ORDER BY 1",
            json!([{"m": "2026-11-23T10:00:00.000000000Z", "n": 2}, {"m": "2026-11-23T10:00:10.000000000Z", "n": 1}]),
        ),
        (
            "SELECT count(*) AS n FROM container WHERE time > now() - INTERVAL '100 years'",
            json!([{"n": 3}]),
        ),
        (
            "SELECT count(*) AS n FROM container WHERE time BETWEEN '2026-11-23 10:00:05' AND '2026-11-23 11:00:00'",
            json!([{"n": 1}]),
        ),
        (
            "SELECT count(*) AS n FROM container WHERE pod LIKE 'p%' AND container IN ('a', 'b')",
            json!([{"n": 2}]),
        ),
        ("VALUES (1), (2)", json!([{"column1": 1}, {"column1": 2}])),
        (
            "SELECT value AS n FROM generate_series(1, 3)",
            json!([{"n": 1}, {"n": 2}, {"n": 3}]),
        ),
        (
            "SELECT 1 AS a UNION ALL SELECT 2 ORDER BY a",
            json!([{"a": 1}, {"a": 2}]),
        ),
        (
            "SELECT approx_percentile_cont(cpu_usage_usec, 0.5) AS p FROM container",
            json!([{"p": 6.0}]),
        ),
        (
            "SELECT a.container FROM container a JOIN container b ON a.container_id = b.container_id AND a.time < b.time",
            json!([{"container": "a"}]),
        ),
        (
            "SELECT a.container_id, b.container_id, 1 AS container_id_2 FROM container a
             JOIN container b ON a.time > b.time AND a.container_id = b.container_id",
            json!([{"container_id": "a", "container_id_2": "a", "container_id_2_2": 1}]),
        ),
        (
            "WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t WHERE n < 3) SELECT * FROM t ORDER BY n",
            json!([{"n": 1}, {"n": 2}, {"n": 3}]),
        ),
        (
            "SHOW TABLES LIKE 'container_n%'",
            json!([{"table_name": "container_now", "help": "container: the newest row of each live entity."}]),
        ),
        (
            "SELECT table_name FROM information_schema.tables WHERE table_name = 'node_1h'",
            json!([{"table_name": "node_1h"}]),
        ),
        (
            "DESCRIBE SELECT 1 AS a",
            json!([{"column_name": "a", "data_type": "Int64", "is_nullable": "NO"}]),
        ),
    ] {
        assert_eq!(run(&query, sql).await["rows"], expected, "{sql}");
    }
}

#[tokio::test]
async fn tables_and_columns_are_described() {
    let query = query();
    let tables = run(&query, "SHOW TABLES").await;
    let names: Vec<&str> = tables["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["table_name"].as_str().unwrap())
        .collect();
    for name in [
        "node",
        "node_1m",
        "node_5m",
        "node_1h",
        "node_now",
        "container",
        "log",
        "sample",
    ] {
        assert!(names.contains(&name), "{name}");
    }
    let find = |rows: &Value, name: &str| {
        rows["rows"]
            .as_array()
            .unwrap()
            .iter()
            .find(|r| r["column_name"] == name)
            .cloned()
            .unwrap()
    };
    let columns = run(&query, "DESCRIBE container").await;
    let cpu = find(&columns, "cpu_usage_usec");
    assert_eq!(
        (&cpu["type"], &cpu["unit"], &cpu["temporality"]),
        (&json!("int64"), &json!("us"), &json!("delta"))
    );
    let columns = run(&query, "desc container_1h").await;
    let memory = find(&columns, "memory_usage_bytes_max");
    assert_eq!(
        memory["help"],
        "Greatest of memory_usage_bytes over the raw rows."
    );
    assert_eq!(
        find(&columns, "minutes")["help"],
        "How many minutes it was made of."
    );
    let plan = run(&query, "EXPLAIN SELECT count(*) FROM container").await;
    assert!(
        plan["rows"][0]["plan"]
            .as_str()
            .unwrap()
            .contains("Aggregate"),
        "{plan}"
    );
    let plan = run(&query, "EXPLAIN ANALYZE SELECT count(*) FROM container").await;
    assert!(
        plan["rows"][0]["plan"]
            .as_str()
            .unwrap()
            .contains("metrics="),
        "{plan}"
    );
}

#[tokio::test]
async fn only_what_reads_is_run() {
    let query = query();
    for sql in [
        "INSERT INTO node VALUES (1)",
        "UPDATE node SET cluster = 'x'",
        "DELETE FROM node",
        "TRUNCATE node",
        "MERGE INTO node USING log ON true WHEN MATCHED THEN DELETE",
        "CREATE TABLE t AS SELECT 1",
        "CREATE VIEW v AS SELECT 1",
        "CREATE EXTERNAL TABLE t STORED AS PARQUET LOCATION '/etc/passwd'",
        "CREATE FUNCTION f() RETURNS INT RETURN 1",
        "DROP TABLE node",
        "ALTER TABLE node ADD COLUMN a INT",
        "COPY node TO '/tmp/out.csv'",
        "COPY (SELECT 1) TO 's3://bucket/key'",
        "SET datafusion.execution.target_partitions = 1",
        "RESET datafusion.execution.target_partitions",
        "SHOW ALL",
        "SHOW datafusion.execution.batch_size",
        "SHOW FUNCTIONS",
        "BEGIN",
        "COMMIT",
        "PREPARE p AS SELECT 1",
        "EXECUTE p",
        "VACUUM node",
        "ANALYZE node",
        "CALL p()",
        "GRANT SELECT ON node TO me",
        "EXPLAIN INSERT INTO node VALUES (1)",
        "EXPLAIN ANALYZE COPY node TO '/tmp/out.csv'",
        "EXPLAIN CREATE TABLE t AS SELECT 1",
        "WITH t AS (SELECT 1) INSERT INTO node SELECT * FROM t",
        "WITH t AS (INSERT INTO node VALUES (1)) SELECT 1",
        "SELECT * INTO t FROM node",
        "/* SELECT */ DROP TABLE node",
        "load 'x'",
    ] {
        let fault = query.sql(SqlRequest::new(sql)).await.unwrap_err();
        assert_eq!(fault.code, Code::SqlRefused, "{sql}: {fault}");
        assert!(
            fault
                .message
                .contains("only SELECT, WITH, VALUES, EXPLAIN, SHOW TABLES and DESCRIBE"),
            "{sql}: {fault}"
        );
    }
    for (sql, code) in [
        ("SELECT * FROM '/etc/passwd'", Code::UnknownTable),
        (
            "SELECT * FROM 'https://example.com/a.parquet'",
            Code::UnknownTable,
        ),
        (
            "SELECT * FROM read_parquet('/etc/passwd')",
            Code::SqlInvalid,
        ),
        ("SELECT * FROM read_csv('/etc/passwd')", Code::SqlInvalid),
        ("SELECT 1; DROP TABLE node", Code::SqlSyntax),
        ("SELECT repeat('x', 1000000000)", Code::SqlInvalid),
        ("SELECT lpad('x', 1000000000)", Code::SqlInvalid),
        ("SELECT array_repeat(1, 1000000000)", Code::SqlInvalid),
        ("SELECT * FROM other.public.node", Code::UnknownTable),
    ] {
        let fault = query.sql(SqlRequest::new(sql)).await.unwrap_err();
        assert_eq!(fault.code, code, "{sql}: {fault}");
    }
}

#[tokio::test]
async fn faults_point_at_their_place() {
    let query = query();
    let mut faults = String::new();
    for sql in [
        "",
        "-- nothing",
        "SELEC 1",
        "SELECT * FORM node",
        "SELECT *\nFROM node\nWHERE )",
        "SELECT 'unterminated",
        "SELECT 1 SELECT 2",
        "SELECT 1; SELECT 2",
        "SELECT * FROM nodes",
        "SELECT *\n  FROM node n, contaner c",
        "SELECT * FROM zebra",
        "DESCRIBE contaner",
        "SELECT cpu_usage_used FROM container",
        "SELECT c.pdo FROM container c",
        "SELECT pod FROM container a, container b",
        "SELECT container, cpu_usage_usec FROM container GROUP BY container",
        "SELECT sum(container) FROM container",
        "SELECT nosuchfunction(1)",
        "SELECT arry_agg(pod) FROM container",
        "SELECT cpu_usage_usec + pod FROM container",
        "SELECT cast(container AS INT) FROM container",
        "SELECT 1 / (cpu_usage_usec - cpu_usage_usec) FROM container",
        "SELECT * FROM container WHERE pod",
        "SELECT (SELECT container FROM container)",
        "SELECT * FROM container ORDER BY nope",
        "SHOW TABLES WHERE 1 = 1",
        "DROP TABLE node",
        "SELECT * FROM '/etc/passwd'",
    ] {
        let fault = match query.sql(SqlRequest::new(sql)).await {
            Err(fault) => fault,
            Ok(body) => panic!(
                "{sql}: {}",
                String::from_utf8_lossy(&body.collect().await.unwrap())
            ),
        };
        faults.push_str(&format!("{sql}\n    [{}] {fault}\n", fault.code));
    }
    insta::assert_snapshot!(faults);
}

#[tokio::test]
async fn csv_has_a_header_and_quotes() {
    let query = query();
    let sql = "SELECT time, container, pod, cpu_usage_usec, 'a,\"b\"' AS odd FROM container ORDER BY time, container";
    let text = String::from_utf8(written(&query, sql, Format::Csv).await).unwrap();
    assert_eq!(
        text,
        "time,container,pod,cpu_usage_usec,odd\n\
         2026-11-23T10:00:00.000000000Z,a,p,5,\"a,\"\"b\"\"\"\n\
         2026-11-23T10:00:00.000000000Z,b,,,\"a,\"\"b\"\"\"\n\
         2026-11-23T10:00:10.000000000Z,a,p,7,\"a,\"\"b\"\"\"\n"
    );
    let text = written(
        &query,
        "SELECT container FROM container WHERE false",
        Format::Csv,
    )
    .await;
    assert_eq!(text, b"container\n");
    let text = written(
        &query,
        "SELECT labels FROM identity ORDER BY time",
        Format::Csv,
    )
    .await;
    assert_eq!(
        String::from_utf8(text).unwrap(),
        "labels\n\"{\"\"app\"\":\"\"shop\"\",\"\"tier\"\":\"\"front\"\"}\"\n\"\"\n"
    );
}

#[tokio::test]
async fn arrow_reads_back() {
    let query = query();
    let bytes = written(
        &query,
        "SELECT time, container, pod FROM container ORDER BY time, container",
        Format::Arrow,
    )
    .await;
    let batches: Vec<_> = arrow::ipc::reader::StreamReader::try_new(bytes.as_slice(), None)
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let shown = arrow::util::pretty::pretty_format_batches(&batches)
        .unwrap()
        .to_string();
    assert_eq!(batches.iter().map(|b| b.num_rows()).sum::<usize>(), 3);
    assert_eq!(
        batches[0].schema().field(1).data_type(),
        &arrow::datatypes::DataType::Utf8
    );
    assert!(shown.contains("| a         | p   |"), "{shown}");
    // No rows, still a schema.
    let bytes = written(
        &query,
        "SELECT container FROM container WHERE false",
        Format::Arrow,
    )
    .await;
    let reader = arrow::ipc::reader::StreamReader::try_new(bytes.as_slice(), None).unwrap();
    assert_eq!(reader.schema().field(0).name(), "container");
    assert_eq!(reader.count(), 0);
}

#[tokio::test]
async fn a_request_is_read_strictly() {
    let request =
        SqlRequest::from_json(br#"{"sql": "SELECT 1", "format": "csv", "limit": 5}"#).unwrap();
    assert_eq!((request.format, request.limit), (Format::Csv, Some(5)));
    let fault = SqlRequest::from_json(br#"{"sql": "SELECT 1", "format": "xml"}"#).unwrap_err();
    assert!(
        fault
            .to_string()
            .starts_with("format: unknown variant `xml`"),
        "{fault}"
    );
    let fault = SqlRequest::from_json(br#"{"query": "SELECT 1"}"#).unwrap_err();
    assert!(
        fault
            .to_string()
            .starts_with("query: unknown field `query`"),
        "{fault}"
    );
}
