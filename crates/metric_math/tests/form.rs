//! Expressions as text: faults at their character, bounds, and printing.
#![allow(clippy::unwrap_used)]

use metric_math::{
    Expression, LONGEST_WITH_SEARCH, LONGEST_WITHOUT_SEARCH, MOST_DEPTH, MOST_NODES,
};
use proptest::prelude::*;

fn fault(text: &str) -> String {
    Expression::parse(text).unwrap_err().to_string()
}

#[test]
fn faults_name_the_character_and_what_could_stand_there() {
    for (text, expected) in [
        ("", "character 1: the expression is empty"),
        ("  ", "character 1: the expression is empty"),
        (
            "m1 +",
            "character 5: expected a number, an id, a function, '(', '[' or '-'; found the end",
        ),
        (
            "m1 + )",
            "character 6: expected a number, an id, a function, '(', '[' or '-'; found ')'",
        ),
        (
            "m1 m2",
            "character 4: expected an operator or the end; found 'm2'",
        ),
        (
            "5m1",
            "character 2: expected an operator or the end; found 'm1'",
        ),
        (
            "m1 and m2",
            "character 4: expected an operator or the end; found 'and'; write AND in upper case",
        ),
        (
            "(m1",
            "character 4: expected an operator, ')'; found the end",
        ),
        (
            "[m1, m2",
            "character 8: expected an operator, ',' or ']'; found the end",
        ),
        (
            "[]",
            "character 2: expected a number, an id, a function, '(', '[' or '-'; found ']'",
        ),
        (
            "m1 = 2",
            "character 4: '=' has no meaning here; equal is '=='",
        ),
        (
            "m1 & m2",
            "character 4: '&' has no meaning here; and is '&&' or AND",
        ),
        ("m1 % 2", "character 4: '%' has no meaning here"),
        (
            "sum(m1)",
            "character 1: functions are written in upper case: SUM",
        ),
        (
            "AVERAGE(m1)",
            "character 1: there is no function AVERAGE; ids begin with a lower-case letter",
        ),
        (
            "DATAPOINTS_COUNT(m1)",
            "character 1: there is no function DATAPOINTS_COUNT; did you mean DATAPOINT_COUNT?",
        ),
        (
            "1 + STDEV(m1)",
            "character 5: there is no function STDEV; did you mean STDDEV?",
        ),
        (
            "ASC",
            "character 1: ASC can stand only as an argument of SORT or FILL",
        ),
        (
            "REPEAT",
            "character 1: REPEAT can stand only as an argument of SORT or FILL",
        ),
        ("SUM", "character 4: expected '(' after SUM; found the end"),
        (
            "SUM()",
            "character 1: SUM takes 1: a time series or an array of them. Here are 0",
        ),
        (
            "SORT(m1)",
            "character 1: SORT takes 3 to 4: an array of time series; AVG, MIN, MAX or SUM; ASC or DESC; a number. Here are 1",
        ),
        (
            "SORT(METRICS(), STDDEV, ASC)",
            "character 23: expected '(' after STDDEV; found ','",
        ),
        (
            "SORT(METRICS(), ASC, AVG)",
            "character 17: SORT takes AVG, MIN, MAX or SUM here",
        ),
        (
            "SORT(METRICS(), 'AVG', ASC)",
            "character 17: SORT takes AVG, MIN, MAX or SUM here",
        ),
        (
            "FILL(m1, SUM)",
            "character 10: FILL takes a number, a time series, REPEAT or LINEAR here",
        ),
        (
            "METRICS(m1)",
            "character 9: METRICS takes a text in quotes here",
        ),
        (
            "SUM('m1')",
            "character 5: SUM takes a time series or an array of them here",
        ),
        (
            "'m1' + 1",
            "character 1: a text can stand only in METRICS('…') and SEARCH('…', 'Average')",
        ),
        ("METRICS('m1)", "character 9: this quote is not closed"),
        ("1e999", "character 1: '1e999' is too large for a number"),
        ("1 + .", "character 5: a number has digits beside its '.'"),
        (
            "INSIGHT_RULE_METRIC('x')",
            "character 1: INSIGHT_RULE_METRIC is not supported",
        ),
        (
            "SERVICE_QUOTA(m1)",
            "character 1: SERVICE_QUOTA is not supported",
        ),
        (
            "SELECT AVG(x) FROM y",
            "character 1: SELECT is not supported",
        ),
        (
            "SEARCH('{N} x')",
            "character 1: SEARCH takes 2 to 3: a text in quotes; a text in quotes; a whole number of seconds. Here are 1",
        ),
        (
            "SEARCH('{N} x', 'Sum', 0.5)",
            "character 24: SEARCH takes a whole number of seconds here",
        ),
        (
            "SEARCH('{N} x', ' ')",
            "character 17: a statistic is missing, such as 'Average'",
        ),
        (
            "1 + SEARCH('{N,} x', 'Sum')",
            "character 16: expected a dimension's name; found '}'",
        ),
        (
            r#"SEARCH("\"a\" (b", "Sum")"#,
            "character 17: expected AND, OR, another word or ')'; found the end",
        ),
    ] {
        assert_eq!(fault(text), expected, "{text}");
    }
}

#[test]
fn length_depth_and_parts_are_bounded() {
    let long = |n: usize| format!("m{}", "1".repeat(n - 1));
    assert!(Expression::parse(&long(LONGEST_WITHOUT_SEARCH)).is_ok());
    assert!(fault(&long(LONGEST_WITHOUT_SEARCH + 1)).contains("at most 2048 characters"));
    let search = |n: usize| {
        let rest = n - "SEARCH('a','Sum')+m".len();
        format!("SEARCH('a','Sum')+m{}", "1".repeat(rest))
    };
    assert!(Expression::parse(&search(LONGEST_WITH_SEARCH)).is_ok());
    assert!(fault(&search(LONGEST_WITH_SEARCH + 1)).contains("at most 1024 characters"));

    let nested = |n: usize| format!("{}m{}", "(".repeat(n), ")".repeat(n));
    assert!(Expression::parse(&nested(MOST_DEPTH)).is_ok());
    assert!(fault(&nested(MOST_DEPTH + 1)).contains("at most 64 deep"));
    assert!(fault(&"2^".repeat(1000)).contains("at most 64 deep"));
    assert!(fault(&"-(".repeat(1000)).contains("at most 64 deep"));
    assert!(fault(&"ABS(".repeat(500)).contains("at most 64 deep"));
    assert!(fault(&"[".repeat(2000)).contains("at most 64 deep"));

    // What does not nest may be long.
    let sum = |n: usize| vec!["m"; n].join("+");
    assert!(Expression::parse(&sum(MOST_NODES / 2)).is_ok());
    assert!(fault(&sum(MOST_NODES / 2 + 1)).contains("at most 1000 parts"));
    let signs = format!("{}m", "-".repeat(MOST_NODES - 1));
    assert!(Expression::parse(&signs).is_ok());
}

#[test]
fn an_expression_is_written_with_the_parentheses_it_needs() {
    for (text, written) in [
        ("m1/m2*100", "m1 / m2 * 100"),
        ("((m1))+(m2*m3)", "m1 + m2 * m3"),
        ("(m1+m2)*m3", "(m1 + m2) * m3"),
        ("m1-(m2-m3)", "m1 - (m2 - m3)"),
        ("(a^b)^c", "(a ^ b) ^ c"),
        ("a^(b^c)", "a ^ b ^ c"),
        ("-(a+b)", "-(a + b)"),
        ("(-a)^b", "(-a) ^ b"),
        ("a^(-b)", "a ^ -b"),
        ("a&&b||c", "a AND b OR c"),
        ("a AND (b OR c)", "a AND (b OR c)"),
        ("METRICS(\"it's\")", r"METRICS('it\'s')"),
        (
            "SORT( METRICS( ),SUM,DESC,10 )",
            "SORT(METRICS(), SUM, DESC, 10)",
        ),
        ("FILL([a,b],LINEAR)", "FILL([a, b], LINEAR)"),
        (
            r#"SEARCH('{N,"my dim"} MetricName="a\\b"', "p99", 300)"#,
            r#"SEARCH('{N,"my dim"} MetricName="a\\b"', 'p99', 300)"#,
        ),
    ] {
        assert_eq!(Expression::parse(text).unwrap().to_string(), written);
    }
}

/// Expressions of any shape, written with parentheses and spaces or without.
fn expression() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        "[a-z][a-zA-Z0-9_]{0,4}",
        (0u32..100_000, -5i32..5).prop_map(|(n, e)| format!("{n}e{e}")),
        (0.0f64..1e6).prop_map(|n| n.to_string()),
        "[a-z'\"\\\\ ]{0,6}".prop_map(|t| {
            format!(
                "METRICS('{}')",
                t.replace('\\', "\\\\").replace('\'', "\\'")
            )
        }),
        Just("SEARCH('{N,D} MetricName=\"x\" OR y', 'Sum', 60)".to_owned()),
    ];
    leaf.prop_recursive(5, 40, 4, |inner| {
        let operator = prop::sample::select(vec![
            "+", "-", "*", "/", "^", "==", "!=", "<", ">", "<=", ">=", " AND ", "&&", " OR ", "||",
        ]);
        prop_oneof![
            (inner.clone(), operator, inner.clone()).prop_map(|(a, o, b)| format!("{a}{o}{b}")),
            inner.clone().prop_map(|a| format!("({a})")),
            inner.clone().prop_map(|a| format!(" -{a}")),
            prop::collection::vec(inner.clone(), 1..3).prop_map(|m| format!("[{}]", m.join(","))),
            (inner.clone(), inner.clone(), inner.clone())
                .prop_map(|(a, b, c)| format!("IF({a}, {b}, {c})")),
            inner.clone().prop_map(|a| format!("FILL({a},REPEAT)")),
            inner.prop_map(|a| format!("SORT({a}, MAX,DESC)")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn what_is_written_reads_back_as_the_same(text in expression()) {
        if text.len() < 700 {
            let first = Expression::parse(&text).unwrap();
            let again = Expression::parse(&first.to_string()).unwrap();
            prop_assert_eq!(&first, &again, "{} {}", text, first);
            prop_assert_eq!(first.to_string(), again.to_string());
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in any::<String>()) {
        let _ = Expression::parse(&text);
    }

    #[test]
    fn no_words_of_the_language_make_it_panic(
        words in prop::collection::vec(prop::sample::select(vec![
            "m1", "1", ".5", "1e3", "+", "-", "^", "==", "(", ")", "[", "]", ",", "'", "\"", "\\",
            "SUM", "SORT", "SEARCH", "IF", "METRICS", "FILL", "ASC", "AVG", "REPEAT", "AND", "{", "}",
            "NOT", "é", " ", "=",
        ]), 0..60)
    ) {
        let text = words.concat();
        if let Err(error) = Expression::parse(&text) {
            prop_assert!((1..=text.chars().count() + 1).contains(&error.at), "{} {}", text, error);
        }
    }
}
