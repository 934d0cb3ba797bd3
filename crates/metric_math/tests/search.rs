//! SEARCH: which metrics are found.
#![allow(clippy::unwrap_used)]

use metric_math::Search;
use metric_math::search::{LONGEST_SEARCH, parts};
use proptest::prelude::*;

/// A metric as `Namespace Name Dim=value Dim=value`.
fn finds(search: &str, metric: &str) -> bool {
    let mut words = metric.split(' ');
    let (namespace, name) = (words.next().unwrap(), words.next().unwrap());
    let dimensions: Vec<(&str, &str)> = words.map(|d| d.split_once('=').unwrap()).collect();
    Search::parse(search)
        .unwrap()
        .matches(namespace, name, &dimensions)
}

fn check(metric: &str, cases: &[(&str, bool)]) {
    for (search, expected) in cases {
        assert_eq!(finds(search, metric), *expected, "{search} in {metric}");
    }
}

#[test]
fn single_parts_are_found_in_any_case_and_several_in_theirs() {
    check(
        "N CustomCount1",
        &[
            ("count", true),
            ("Count", true),
            ("COUNT", true),
            ("couNT", false),
            ("1", true),
            ("custom", true),
            ("CustomCount", true),
            ("Count1", true),
            ("CustomCount1", true),
            ("customcount", false),
            ("count1", false),
            // All of a name together is a part of it.
            ("customcount1", true),
            ("coun", false),
            ("CountCustom", false),
        ],
    );
    check(
        "N Project2-trial333",
        &[
            ("project2trial333", true),
            ("project", true),
            ("2", true),
            ("TRIAL", true),
            ("333", true),
            ("trial333", true),
            ("Trial333", false),
            ("33", false),
        ],
    );
    check(
        "N SDBFailure",
        &[
            ("sdbfailure", true),
            ("sdb", true),
            ("failure", true),
            ("SDBFailure", true),
            ("DBF", false),
        ],
    );
}

#[test]
fn quotes_mean_the_whole_in_its_case() {
    check(
        "N CustomCount1 Dim=a(b",
        &[
            ("\"CustomCount1\"", true),
            ("\"customcount1\"", false),
            ("\"CustomCount\"", false),
            (r#""a\(b""#, true),
            ("\"a(b\"", true),
            (r#""say \"hi\"""#, false),
        ],
    );
    assert!(finds(r#"D="say\"hi\"""#, "N M D=say\"hi\""));
}

#[test]
fn a_schema_is_the_namespace_and_exactly_its_dimensions() {
    let pod = "ContainerInsights pod_cpu_utilization ClusterName=demo Namespace=shop PodName=web";
    check(
        pod,
        &[
            ("{ContainerInsights,ClusterName,Namespace,PodName}", true),
            (
                "{ContainerInsights,PodName,ClusterName,Namespace} cpu",
                true,
            ),
            (
                "{ContainerInsights,PodName,ClusterName,Namespace}, cpu",
                true,
            ),
            ("{ContainerInsights,ClusterName,Namespace}", false),
            (
                "{ContainerInsights,ClusterName,Namespace,PodName,NodeName}",
                false,
            ),
            ("{ContainerInsights}", false),
            ("{containerinsights,ClusterName,Namespace,PodName}", false),
            (
                "{ \"ContainerInsights\" , ClusterName,Namespace,PodName }",
                true,
            ),
        ],
    );
    assert!(finds(
        "{AWS/EC2,InstanceId} CPU",
        "AWS/EC2 CPUUtilization InstanceId=i-1"
    ));
    assert!(
        finds("{\"My Space\"}", "My\u{a0}Space x")
            != finds("{\"My\u{a0}Space\"}", "My\u{a0}Space x")
    );
    assert!(finds("{N} x", "N x"));
}

#[test]
fn a_property_is_looked_at_alone() {
    let pod =
        "ContainerInsights pod_cpu_utilization ClusterName=demo Namespace=shop PodName=web-7f";
    check(
        pod,
        &[
            ("MetricName=\"pod_cpu_utilization\"", true),
            ("MetricName=cpu", true),
            ("MetricName=demo", false),
            ("ClusterName=\"demo\"", true),
            ("ClusterName=\"dem\"", false),
            ("\"ClusterName\" = DEMO", true),
            ("NodeName=demo", false),
            ("NOT NodeName=demo", true),
            ("Namespace=ContainerInsights", true),
            ("PodName=(\"web\" OR web-8)", false),
            ("PodName=(\"web\" OR web-7f)", true),
            ("PodName=(web NOT 7)", false),
        ],
    );
}

#[test]
fn booleans_bind_as_not_and_or() {
    let metric = "N alpha_beta Dim=gamma";
    check(
        metric,
        &[
            ("alpha beta", true),
            ("alpha AND beta", true),
            ("alpha delta", false),
            ("delta OR alpha", true),
            ("delta gamma OR alpha", true),
            ("delta (gamma OR alpha)", false),
            ("NOT delta alpha", true),
            ("NOT (delta OR alpha)", false),
            ("NOT NOT alpha", true),
            ("alpha NOT beta", false),
            ("dim", true),
            // Only upper case is a word of the language.
            ("alpha and beta", false),
            ("delta or alpha", false),
        ],
    );
}

#[test]
fn faults_are_at_their_character() {
    for (search, message) in [
        (
            "",
            "character 1: the search is empty; begin with {Namespace,Dimension} or with a word",
        ),
        ("{N", "character 3: expected ',' or '}'; found the end"),
        ("{}", "character 2: expected a namespace; found '}'"),
        (
            "{N,D} a AND",
            "character 12: expected a word, a text in double quotes, NOT or '('; found the end",
        ),
        (
            "(a",
            "character 3: expected AND, OR, another word or ')'; found the end",
        ),
        (
            "a)",
            "character 2: expected AND, OR, another word or the end; found ')'",
        ),
        (
            "a=",
            "character 3: expected a word or a text in double quotes after '='; found the end",
        ),
        ("\"a", "character 1: this quote is not closed"),
        ("--", "character 1: a word has a letter or a digit"),
        (
            ":aws.AccountId=\"1\"",
            "character 1: :aws.AccountId is not supported: all metrics are of one account",
        ),
    ] {
        assert_eq!(
            Search::parse(search).unwrap_err().to_string(),
            message,
            "{search}"
        );
    }
    let long = "a".repeat(LONGEST_SEARCH + 1);
    assert!(
        Search::parse(&long)
            .unwrap_err()
            .to_string()
            .contains("1024")
    );
    let deep = "(".repeat(1000);
    assert!(
        Search::parse(&deep)
            .unwrap_err()
            .to_string()
            .contains("32 deep")
    );
    assert!(Search::parse(&"NOT ".repeat(200)).is_err());
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in any::<String>()) {
        let _ = parts(&text);
        if let Ok(search) = Search::parse(&text) {
            search.matches(&text, &text, &[(&text, &text)]);
        }
    }

    #[test]
    fn every_part_of_a_name_finds_it(name in "[A-Za-z0-9_ -]{1,20}") {
        for part in parts(&name) {
            let search = Search::parse(part);
            if !matches!(part, "AND" | "OR" | "NOT") {
                prop_assert!(search.unwrap().matches("", &name, &[("", "")]), "{} in {}", part, name);
            }
        }
    }
}
