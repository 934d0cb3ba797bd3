//! `[[alarm]]` of `alarms.toml`: what is taken, and faults with line and key.
#![allow(clippy::unwrap_used)]

use alarm::Definition;
use alarm::definition::Kind;
use alarm::file::alarms;
use proptest::prelude::*;

const FILE: &str = r#"# Alarms of the shop.
[[receiver]]
name = "team-mail"
anything = [1, 2]

[[alarm]]
AlarmName = "shop: memory"
Source.Rows = { Entity = "pod", Metric = "memory_working_set_bytes", Statistic = "Maximum", GroupBy = [
    "cluster",
    "pod",
] }
Period = 60
EvaluationPeriods = 3
ComparisonOperator = "GreaterThanThreshold"
Threshold = 1e9
Tags = { severity = "warning" }

[[alarm]]
AlarmName = "shop: errors"
Period = 60
EvaluationPeriods = 1
ComparisonOperator = "GreaterThanThreshold"
Threshold = 1_000
[alarm.Source.Logs]
Filter = "namespace=shop level=error"

[[alarm]]
AlarmName = "shop"
AlarmRule = """
ALARM("shop: memory")
AND ALARM("shop: errors")"""

[[route]]
receiver = "team-mail"
"#;

fn faults(text: &str) -> Vec<String> {
    let faults = alarms(text).expect_err(text);
    faults.iter().map(ToString::to_string).collect()
}

#[track_caller]
fn refused(text: &str, expected: &[&str]) {
    assert_eq!(faults(text), expected, "{text}");
}

#[test]
fn alarms_are_taken_in_order_with_their_lines() {
    let found = alarms(FILE).unwrap();
    let seen: Vec<(&str, Kind, usize)> = found
        .iter()
        .map(|(alarm, line)| (alarm.name(), alarm.kind(), *line))
        .collect();
    assert_eq!(
        seen,
        [
            ("shop: memory", Kind::Rows, 6),
            ("shop: errors", Kind::Logs, 18),
            ("shop", Kind::Composite, 27),
        ]
    );
    assert_eq!(
        found[1].0.rule().unwrap().condition.threshold(),
        Some(1000.0)
    );
    assert_eq!(found[0].0.tags()["severity"], "warning");
}

#[test]
fn a_file_says_the_same_as_json() {
    let json = r#"{"AlarmName": "shop: errors", "Period": 60, "EvaluationPeriods": 1, "ComparisonOperator": "GreaterThanThreshold",
        "Threshold": 1000, "Source": {"Logs": {"Filter": "namespace=shop level=error"}}}"#;
    let found = alarms(FILE).unwrap();
    assert_eq!(found[1].0, Definition::from_json(json.as_bytes()).unwrap());
}

#[test]
fn a_file_of_any_editor_is_read() {
    let windows = format!("\u{feff}{}", FILE.replace('\n', "\r\n"));
    let lines = |text: &str| {
        alarms(text)
            .unwrap()
            .iter()
            .map(|(_, line)| *line)
            .collect::<Vec<_>>()
    };
    assert_eq!(lines(&windows), lines(FILE));
    for none in ["", "\n", "[[receiver]]\nname = \"x\"\n", "alarm = []"] {
        assert_eq!(alarms(none), Ok(Vec::new()), "{none:?}");
    }
}

#[test]
fn a_fault_has_the_line_of_its_key() {
    let broken = FILE
        .replace("Statistic = \"Maximum\"", "Statistic = \"Most\"")
        .replace("    \"pod\",", "    5,")
        .replace("Threshold = 1_000", "Treshold = 1_000")
        .replace("AND ALARM", "AN ALARM");
    refused(
        &broken,
        &[
            "line 8: Source.Rows.Statistic: 'Most' is no statistic that is known: write one of SampleCount, Average, Sum, Minimum, Maximum, or a percentile such as p99",
            "line 10: Source.Rows.GroupBy[2]: is a number, a text is wanted",
            // The alarm's own line, for what is not there.
            "line 18: Threshold: GreaterThanThreshold needs a Threshold",
            "line 23: Treshold: there is no such key, did you mean Threshold?",
            "line 29: AlarmRule: character 23: expected AND, OR or the end, found 'AN'",
        ],
    );
    let missing = FILE.replace("Filter = \"namespace=shop level=error\"", "GroupBy = []");
    refused(
        &missing,
        &["line 24: Source.Logs.Filter: is missing; \"\" is every line"],
    );
}

#[test]
fn what_is_no_list_of_alarms_is_told() {
    refused(
        "x = 1\n[alarm]\nAlarmName = \"x\"",
        &["line 2: alarm: is a list of tables; write [[alarm]]"],
    );
    refused(
        "alarm = 3",
        &["line 1: alarm: is a list of tables; write [[alarm]]"],
    );
    refused(
        "\n[[alarms]]\nAlarmName = \"x\"",
        &["line 2: alarms: is not known; write [[alarm]]"],
    );
    refused(
        "alarm = [\n 3]",
        &["line 2: is a number, an object is wanted"],
    );
}

#[test]
fn two_alarms_of_one_name_are_told() {
    let text = FILE.replace("\"shop: errors\"\nPeriod", "\"shop: memory\"\nPeriod");
    refused(
        &text,
        &["line 18: AlarmName: the alarm of line 6 has this name too"],
    );
}

#[test]
fn what_is_no_toml_is_told_with_its_lines() {
    let found = faults("[[alarm]]\nAlarmName = \n\n[[alarm]]\nPeriod = 60\nPeriod = 60\n");
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].starts_with("line 2: not TOML: "), "{found:?}");
    assert!(
        found[1].starts_with("line 6: not TOML: ") && found[1].contains("duplicate key"),
        "{found:?}"
    );
}

#[test]
fn values_that_json_does_not_have_are_told() {
    for (value, words) in [
        ("nan", "is NaN, a finite number is wanted"),
        ("inf", "is inf, a finite number is wanted"),
        ("-inf", "is -inf, a finite number is wanted"),
        ("1979-05-27", "is a date, a finite number is wanted"),
        ("1e999", "is inf, a finite number is wanted"),
    ] {
        let text = FILE.replace("Threshold = 1e9", &format!("Threshold = {value}"));
        refused(&text, &[&format!("line 15: Threshold: {words}")]);
    }
    let hexadecimal = FILE.replace("Threshold = 1e9", "Threshold = 0xff");
    assert_eq!(
        alarms(&hexadecimal).unwrap()[0]
            .0
            .rule()
            .unwrap()
            .condition
            .threshold(),
        Some(255.0)
    );
}

#[test]
fn hostile_files_are_answered_soon() {
    let begun = std::time::Instant::now();
    for text in [
        "[[alarm]]\n".repeat(20_000),
        format!(
            "[[alarm]]\nx = {}{}",
            "[".repeat(100_000),
            "]".repeat(100_000)
        ),
        format!("[[alarm]]\n{}AlarmName = 1", "a.".repeat(50_000)),
        format!("[[alarm]]\nAlarmName = \"{}\"", "x".repeat(1 << 20)),
        (0..20_000)
            .map(|i| format!("[[alarm]]\nk{i} = 1\n"))
            .collect(),
        "\"".repeat(100_000),
        "[[alarm]\n".repeat(1000),
    ] {
        let faults = alarms(&text).unwrap_err();
        assert!(faults.iter().all(|fault| fault.to_string().len() < 2000));
    }
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
}

proptest! {
    #[test]
    fn any_text_is_answered_with_lines_of_it(text in prop_oneof![any::<String>(), "(\\[\\[alarm\\]\\]|\n|AlarmName|Source|Rows|=|\\.|\"x\"|[{}\\[\\], 0-9]){0,30}"]) {
        if let Err(faults) = alarms(&text) {
            prop_assert!(!faults.is_empty());
            for fault in faults {
                prop_assert!((1..=text.split('\n').count()).contains(&fault.line), "{}", fault);
            }
        }
    }

    #[test]
    fn a_file_that_breaks_off_or_is_changed_is_answered(at in 0..FILE.len(), with in "[\\[\\]{}=\"'\n.,0-9a-z]{0,3}", length in 0..20usize) {
        prop_assume!(FILE.is_char_boundary(at));
        let _ = alarms(&FILE[..at]);
        let mut changed = FILE.to_owned();
        changed.replace_range(at..(at + length).min(FILE.len()), &with);
        let _ = alarms(&changed);
    }
}
