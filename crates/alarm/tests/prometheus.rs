//! Alerting rules of Prometheus: what maps and to what, and why the rest does not.
#![allow(clippy::unwrap_used)]

use alarm::definition::{Kind, Source};
use alarm::prometheus::{Imported, NotImported, import};
use alarm::{ComparisonOperator, Definition};
use proptest::prelude::*;
use serde_json::{Value, json};

fn only(expression: &str) -> Imported {
    let quoted = serde_json::to_string(expression).unwrap();
    let yaml = format!("groups: [{{name: g, rules: [{{alert: A, expr: {quoted}}}]}}]");
    let mut all = import(&yaml).unwrap();
    assert_eq!(all.len(), 1);
    all.remove(0)
}

/// The source as JSON, the period and the threshold.
#[track_caller]
fn maps(expression: &str, rows: Value, period: u32, threshold: f64) {
    let definition = only(expression)
        .outcome
        .unwrap_or_else(|error| panic!("{expression}: {error}"));
    let written = definition.to_json();
    assert_eq!(written["Source"]["Rows"], rows, "{expression}");
    assert_eq!(definition.period(), Some(period), "{expression}");
    let found = definition.rule().unwrap().condition.threshold().unwrap();
    assert!(
        (found - threshold).abs() <= threshold.abs() * 1e-12,
        "{expression}: {found}"
    );
    // What is made is taken again as it is written.
    assert_eq!(
        Definition::from_json(written.to_string().as_bytes()),
        Ok(definition)
    );
}

#[track_caller]
fn fails(expression: &str, character: usize, words: &str) {
    let NotImported {
        character: found,
        why,
    } = only(expression).outcome.expect_err(expression);
    assert!(why.contains(words), "{expression}: {why}");
    assert_eq!(found, Some(character), "{expression}: {why}");
}

const OF_CONTAINERS: [&str; 5] = ["cluster", "node", "namespace", "pod", "container"];

#[test]
fn a_gauge_is_a_mean_of_a_minute_for_each_entity() {
    maps(
        r#"container_memory_working_set_bytes{container!="",namespace="shop"} > 1e9"#,
        json!({"Entity": "container", "Metric": "memory_working_set_bytes", "Statistic": "Average",
            "Filters": {"container": {"not": null}, "container_kind": "container", "namespace": "shop"}, "GroupBy": OF_CONTAINERS}),
        60,
        1e9,
    );
    maps(
        "node_load5 >= 10",
        json!({"Entity": "node", "Metric": "load_5m", "Statistic": "Average", "GroupBy": ["cluster", "node"]}),
        60,
        10.0,
    );
    maps(
        "kubelet_volume_stats_available_bytes < 1073741824",
        json!({"Entity": "volume", "Metric": "volume_available_bytes", "Statistic": "Average",
            "Filters": {"volume_claim": {"not": null}}, "GroupBy": ["cluster", "node", "namespace", "volume_claim"]}),
        60,
        1_073_741_824.0,
    );
}

#[test]
fn a_rate_is_the_increase_held_against_what_the_number_comes_to() {
    // 0.5 seconds a second, over 300 seconds, in microseconds.
    maps(
        r#"rate(container_cpu_usage_seconds_total{container!=""}[5m]) > 0.5"#,
        json!({"Entity": "container", "Metric": "cpu_usage_usec", "Statistic": "Sum",
            "Filters": {"container": {"not": null}, "container_kind": "container"}, "GroupBy": OF_CONTAINERS}),
        300,
        150_000_000.0,
    );
    maps(
        "increase(node_vmstat_oom_kill[10m]) > 0",
        json!({"Entity": "node", "Metric": "memory_oom_kills", "Statistic": "Sum", "GroupBy": ["cluster", "node"]}),
        600,
        0.0,
    );
}

#[test]
fn groups_are_by_the_columns_of_labels() {
    maps(
        r#"sum by (namespace) (rate(container_cpu_usage_seconds_total{container!="", container!="POD"}[1m])) > 2"#,
        json!({"Entity": "container", "Metric": "cpu_usage_usec", "Statistic": "Sum",
            "Filters": {"container": {"not": [null, "POD"]}, "container_kind": "container"}, "GroupBy": ["namespace"]}),
        60,
        120_000_000.0,
    );
    maps(
        r#"max(container_memory_working_set_bytes{container=~".+"}) by (namespace, pod) > 5"#,
        json!({"Entity": "container", "Metric": "memory_working_set_bytes", "Statistic": "Maximum",
            "Filters": {"container": {"not": null}, "container_kind": "container"}, "GroupBy": ["namespace", "pod"]}),
        60,
        5.0,
    );
    maps(
        "min(node_memory_MemAvailable_bytes) < 1e8",
        json!({"Entity": "node", "Metric": "memory_available_bytes", "Statistic": "Minimum"}),
        60,
        1e8,
    );
    maps(
        "avg by (instance) (rate(node_context_switches_total[5m])) > 1e5",
        json!({"Entity": "node", "Metric": "context_switches_per_second", "Statistic": "Average", "GroupBy": ["node"]}),
        300,
        1e5,
    );
}

#[test]
fn matchers_are_filters() {
    let filter = |matcher: &str| {
        let written = only(&format!("pod_memory_working_set_bytes{{{matcher}}} > 1"))
            .outcome
            .unwrap()
            .to_json();
        written["Source"]["Rows"]
            .get("Filters")
            .cloned()
            .unwrap_or(Value::Null)
    };
    for (matcher, filters) in [
        ("", Value::Null),
        (r#"namespace="shop""#, json!({"namespace": "shop"})),
        (
            r#"namespace!="shop","#,
            json!({"namespace": {"not": "shop"}}),
        ),
        (
            r#"namespace=~"kube-.*|shop""#,
            json!({"namespace": ["kube-*", "shop"]}),
        ),
        (
            r#"namespace!~"(kube-.*|shop)""#,
            json!({"namespace": {"not": ["kube-*", "shop"]}}),
        ),
        (r#"pod=~".*""#, Value::Null),
        (r#"pod=~".+""#, json!({"pod": {"not": null}})),
        (r#"pod=~"a|""#, json!({"pod": ["a", null]})),
        (r#"pod!="", pod="a""#, json!({"pod": "a"})),
        (
            r#"pod='it\'s', node=`n`"#,
            json!({"pod": "it's", "node": "n"}),
        ),
        (
            r#"job="kubelet", metrics_path="/metrics/resource""#,
            Value::Null,
        ),
    ] {
        assert_eq!(filter(matcher), filters, "{matcher}");
    }
    let notes = only(r#"pod_memory_working_set_bytes{job="kubelet"} > 1"#).notes;
    assert_eq!(
        notes,
        ["the matcher on job is left out: it is of Prometheus' scrape"]
    );
}

#[test]
fn labels_choose_among_the_tables_that_share_a_name() {
    let entity = |matchers: &str| {
        let found = only(&format!(
            "container_memory_working_set_bytes{{{matchers}}} > 1"
        ))
        .outcome;
        found.map(|definition| definition.to_json()["Source"]["Rows"]["Entity"].clone())
    };
    assert_eq!(entity(r#"id="/""#).unwrap(), "node");
    assert_eq!(entity(r#"container="", pod!="", name="""#).unwrap(), "pod");
    assert_eq!(entity(r#"container="shop""#).unwrap(), "container");
    let several = entity("").unwrap_err();
    assert!(
        several.why.starts_with(
            "its series are of several entities (container where container_kind = 'container'; "
        ),
        "{several}"
    );
    assert!(entity(r#"container="", pod="", id!="/", name!="""#).is_err());
}

#[test]
fn what_does_not_map_says_why_and_where() {
    for (expression, character, words) in [
        (
            "",
            1,
            "expected a metric, a number, rate(…), or sum, avg, min or max, found the end",
        ),
        ("up > 0", 1, "the metric up is not known"),
        (
            "node_lod5 > 1",
            1,
            "the metric node_lod5 is not known, did you mean node_load5?",
        ),
        ("node_load5", 1, "there is nothing that it is compared with"),
        (
            "node_load5 * 2",
            12,
            "there is nothing that it is compared with",
        ),
        (
            "node_load5 > 1 or node_load1 > 1",
            16,
            "what is known ends here, found 'or'",
        ),
        ("node_load5 > bool 1", 14, "'bool' is not known"),
        (
            "(node_load5 > 1) * 2 > 1",
            13,
            "what only passes some series on",
        ),
        (
            "node_load5 > 1 and on (node) pod_memory_working_set_bytes > 1",
            30,
            "it is of table pod, and what is before it of table node",
        ),
        (
            "node_load5 > 1 and node_load1{node=\"a\"} > 1",
            20,
            "it is of other rows than what is before it",
        ),
        (
            "node_load5 > on (node) group_left () node_load1",
            24,
            "many against one",
        ),
        (
            "sum by (node) (node_load5) > node_load1",
            30,
            "one side is of series, and the other of groups of them",
        ),
        (
            "sum by (node) (node_load5) / sum by (cluster) (node_load5) > 1",
            30,
            "it is of other groups",
        ),
        (
            "rate(node_intr_total[5m]) / rate(node_forks_total[1m]) > 1",
            27,
            "one side is over 300 seconds and the other over 60",
        ),
        (
            "  histogram_quantile(0.9, x) > 1",
            3,
            "the function histogram_quantile is not known",
        ),
        ("absent(node_load5) > 1", 8, "absent is known alone"),
        ("absent(up)", 8, "the metric up is not known"),
        (
            "absent(rate(node_intr_total[5m]))",
            8,
            "absent of a metric is known",
        ),
        (
            "sum without (node) (node_load5) > 1",
            5,
            "'without' is not known",
        ),
        ("node_load5 == nan", 15, "expected a number, found 'nan'"),
        ("a:b:sum > 1", 1, "a:b:sum is what another rule records"),
        (
            "changes(node_intr_total[5m]) > 1",
            1,
            "of counters only rate and increase",
        ),
        ("sum(max(node_load5)) > 1", 5, "sum of max is not known"),
        (
            "rate(node_load5[5m]) > 1",
            1,
            "this is of counters, and the metric is none",
        ),
        (
            "node_intr_total > 1",
            1,
            "a counter's own value is not kept",
        ),
        (
            "rate(node_intr_total[5x]) > 1",
            22,
            "'5x' is no duration such as 5m",
        ),
        ("rate(node_intr_total[5m:1m]) > 1", 22, "is no duration"),
        ("rate(node_intr_total) > 1", 21, "expected '[', found ')'"),
        ("node_load5 offset 5m > 1", 12, "found 'offset'"),
        (
            "node_load5{zone=\"a\"} > 1",
            12,
            "node_load5 has no label zone here",
        ),
        (
            "max by (zone) (node_load5) > 1",
            9,
            "node_load5 has no label zone here",
        ),
        (
            "node_load5{instance=\"1.2.3.4:9100\"} > 1",
            12,
            "match on node",
        ),
        (
            "node_load5{node=~\"a[0-9]\"} > 1",
            12,
            "of regular expressions only values",
        ),
        ("node_load5{node=\"a*\"} > 1", 12, "taken for a wildcard"),
        ("node_load5{node!~\".*\"} > 1", 12, "nothing matches it"),
        (
            "node_load5{node=\"a\", node=\"b\"} > 1",
            22,
            "these matchers of node together are not known",
        ),
        ("node_load5{node=\"a} > 1", 17, "this quote is not closed"),
        (
            "node_load5{node=a} > 1",
            17,
            "expected a value in quotes, found 'a}'",
        ),
        ("node_load5{node} > 1", 16, "expected =, !=, =~ or !~"),
        ("node_load5 > 1e999", 14, "expected a number"),
        ("node_load5 > NaN", 14, "expected a number"),
        ("(node_load5 > 1", 16, "expected ')', found the end"),
        (
            "rate(node_cpu_seconds_total{mode=\"idle\"}[5m]) < 0.1",
            6,
            "always one series for all processors together",
        ),
        (
            "absent(node_memory_Active_bytes)",
            8,
            "it is made of several columns",
        ),
        (
            "node_load5{node=\"ü\"} ? 1",
            22,
            "what is known ends here, found '?'",
        ),
    ] {
        fails(expression, character, words);
    }
}

const FILE: &str = r#"
groups:
  - name: shop
    interval: 30s
    rules:
      - record: job:memory:sum
        expr: sum(container_memory_working_set_bytes)
      - alert: MemoryHigh
        expr: |
          # the working set
          pod_memory_working_set_bytes{namespace="shop"}
            > 1e9
        for: 10m
        keep_firing_for: 5m
        labels: {severity: warning, team: "{{ $labels.team }}"}
        annotations:
          summary: Memory of a pod is high
          description: Pod {{ $labels.pod }} uses much.
          runbook_url: https://runbooks.example/memory
      - alert: MemoryHigh
        expr: pod_memory_working_set_bytes{namespace="shop"} > 2e9
        labels: {severity: critical}
        annotations: {description: Much more.}
      - alert: MemoryHigh
        expr: pod_memory_working_set_bytes{namespace="shop"} > 3e9
      - alert: Busy
        expr: rate(node_intr_total[5m]) > 1e6
        for: 10m
      - alert: Long
        expr: node_load5 > 1
        for: 30d
      - alert: BadFor
        expr: node_load5 > 1
        for: soon
      - alert: BadRange
        expr: rate(node_intr_total[45s]) > 1
"#;

#[test]
fn a_file_is_imported_rule_by_rule() {
    let all = import(FILE).unwrap();
    let names: Vec<(&str, bool)> = all
        .iter()
        .map(|one| (one.rule.as_str(), one.outcome.is_ok()))
        .collect();
    assert_eq!(
        names,
        [
            ("job:memory:sum", false),
            ("MemoryHigh", true),
            ("MemoryHigh", true),
            ("MemoryHigh", true),
            ("Busy", true),
            ("Long", false),
            ("BadFor", false),
            ("BadRange", false),
        ]
    );
    assert!(all.iter().all(|one| one.group == "shop"));
    let why = |i: usize| all[i].outcome.as_ref().unwrap_err().to_string();
    assert_eq!(
        why(0),
        "not imported: it records a metric, and is not an alert"
    );
    assert!(
        why(5).contains(
            "EvaluationPeriods: times Period is 2592060 seconds, at most 86400 are allowed"
        ),
        "{}",
        why(5)
    );
    assert_eq!(
        why(6),
        "not imported: for: 'soon' is no duration such as 5m"
    );
    assert!(
        why(7).contains("Period: 45 is none of 10, 20, 30"),
        "{}",
        why(7)
    );
}

#[test]
fn a_rule_brings_its_name_time_labels_and_annotations() {
    let all = import(FILE).unwrap();
    let definition = |i: usize| all[i].outcome.as_ref().unwrap();
    let first = definition(1);
    assert_eq!((first.name(), first.kind()), ("MemoryHigh", Kind::Rows));
    // True at each minute from the first to ten minutes later.
    let rule = first.rule().unwrap();
    assert_eq!(
        (rule.evaluation_periods, rule.datapoints_to_alarm),
        (11, 11)
    );
    assert_eq!(
        rule.condition.operator(),
        ComparisonOperator::GreaterThanThreshold
    );
    assert_eq!(
        rule.treat_missing_data,
        alarm::TreatMissingData::NotBreaching
    );
    assert_eq!(first.description(), None);
    let tags = first.tags();
    assert_eq!(tags["severity"], "warning");
    assert_eq!(tags["summary"], "Memory of a pod is high");
    assert_eq!(tags["runbook"], "https://runbooks.example/memory");
    assert_eq!(
        all[1].notes,
        [
            "keep_firing_for is left out: beside 'for' no M of N is the same, so the alarm is OK as soon as one data point does not breach",
            "the description is left out: it is a template of Prometheus",
            "team is left out: it is a template of Prometheus",
        ]
    );
    assert_eq!(definition(2).name(), "MemoryHigh (critical)");
    assert_eq!(definition(2).description(), Some("Much more."));
    assert_eq!(definition(2).rule().unwrap().evaluation_periods, 1);
    assert_eq!(definition(3).name(), "MemoryHigh (2)");
    // Three windows of five minutes: the ends of the first and the last are ten minutes apart.
    assert_eq!(definition(4).rule().unwrap().evaluation_periods, 3);
    let Source::Rows(_) = &definition(4).metric().unwrap().source else {
        panic!()
    };
}

#[test]
fn a_resource_of_kubernetes_is_a_file_too() {
    let nested: String = FILE.lines().map(|line| format!("  {line}\n")).collect();
    let yaml = format!(
        "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: {{name: x}}\nspec:{nested}---\n{FILE}"
    );
    assert_eq!(import(&yaml).unwrap().len(), 16);
}

#[test]
fn what_is_no_file_of_rules_is_told() {
    for yaml in [
        "",
        "a: 1",
        "groups: 3",
        "groups: [{rules: [{alert: x}]}]",
        "[",
        "- 1\n- 2",
        "\u{0}",
    ] {
        let error = import(yaml).unwrap_err().to_string();
        assert!(
            error.starts_with("no rules of Prometheus: ") && error.len() < 1000,
            "{yaml}: {error}"
        );
    }
    assert_eq!(import("groups: []"), Ok(Vec::new()));
    assert!(import(&" ".repeat(5 << 20)).is_err());
}

#[test]
fn hostile_files_are_answered_soon() {
    let begun = std::time::Instant::now();
    let laughs: String = (1..12)
        .map(|i| {
            format!(
                "a{i}: &a{i} [*a{0},*a{0},*a{0},*a{0},*a{0},*a{0},*a{0},*a{0},*a{0}]\n",
                i - 1
            )
        })
        .collect();
    let bomb = format!("a0: &a0 [x]\n{laughs}groups: *a11\n");
    assert!(import(&bomb).is_err());
    assert!(import(&"[".repeat(1 << 20)).is_err());
    for expression in [
        "(".repeat(100_000),
        "sum(".repeat(2000),
        "a".repeat(9000),
        "x{".to_owned() + &"a=\"b\",".repeat(1500),
        "-".repeat(9000),
        "node_load5 +".repeat(700) + "1 > 1",
        "1+".repeat(4000) + "node_load5 > 1",
        "node_load5 > 1 and ".repeat(400),
    ] {
        let NotImported { why, .. } = only(&expression).outcome.unwrap_err();
        assert!(why.len() < 500, "{}", why.len());
    }
    assert!(begun.elapsed().as_secs() < 10, "{:?}", begun.elapsed());
}

proptest! {
    #[test]
    fn any_expression_has_an_outcome_at_one_of_its_characters(
        expression in prop_oneof![
            "[ -~äöü\n]{0,40}",
            "(sum|avg|by|rate|changes|absent|and|unless|on|node_load5|node_load1|node_intr_total|kube_job_status_failed|pod|==|\\+|/|2|\\(|\\)|\\{|\\}|\\[5m\\]|=~|!=|=|\"a|\\.\\*\"|,| |>|<|1|#|\n){0,20}",
        ],
    ) {
        match only(&expression).outcome {
            Ok(definition) => prop_assert_eq!(definition.name(), "A"),
            Err(NotImported { character, .. }) => {
                if let Some(at) = character {
                    prop_assert!((1..=expression.chars().count() + 1).contains(&at));
                }
            }
        }
    }

    #[test]
    fn any_yaml_is_answered(yaml in prop_oneof![any::<String>(), "(groups:|rules:|alert:|expr:| |\n|- |a|\\[|\\]|\\{|\\}|&a|\\*a){0,20}"]) {
        let _ = import(&yaml);
    }
}
