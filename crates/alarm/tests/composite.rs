//! The rule language: truth, precedence, limits, and faults at their character.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};

use alarm::State;
use alarm::composite::{
    Children, Expression, MOST_CHILDREN, MOST_ELEMENTS, RuleFault, cycle_through, order, parents,
};
use proptest::prelude::*;

/// States of c1, c2, c3: A, O, I, or - for an alarm that is not there.
fn state_of(states: &str) -> impl Fn(&str) -> Option<State> {
    let states: Vec<Option<State>> = states
        .chars()
        .map(|c| match c {
            'A' => Some(State::Alarm),
            'O' => Some(State::Ok),
            'I' => Some(State::InsufficientData),
            _ => None,
        })
        .collect();
    move |name| {
        let child: usize = name.strip_prefix('c')?.parse().ok()?;
        *states.get(child.checked_sub(1)?)?
    }
}

fn evaluate(rule: &str, states: &str) -> State {
    rule.parse::<Expression>()
        .unwrap()
        .evaluate(&state_of(states))
}

fn fault(rule: &str) -> (usize, RuleFault) {
    let error = rule.parse::<Expression>().unwrap_err();
    (error.character, error.fault)
}

#[test]
fn the_truth_vectors_hold() {
    for (rule, states, expected) in [
        ("ALARM(c1) AND ALARM(c2)", "AA-", State::Alarm),
        ("ALARM(c1) AND ALARM(c2)", "AO-", State::Ok),
        ("ALARM(c1) AND NOT ALARM(c2)", "AI-", State::Alarm),
        ("ALARM(c1) AND NOT ALARM(c2)", "AA-", State::Ok),
        ("(ALARM(c1) OR ALARM(c2)) AND OK(c3)", "OAO", State::Alarm),
        ("(ALARM(c1) OR ALARM(c2)) AND OK(c3)", "OAI", State::Ok),
        ("INSUFFICIENT_DATA(c1) OR FALSE", "I--", State::Alarm),
        ("NOT OK(c1)", "I--", State::Alarm),
        ("TRUE", "---", State::Alarm),
        ("ALARM(c1) OR ALARM(c2) AND ALARM(c3)", "AOO", State::Alarm),
    ] {
        assert_eq!(evaluate(rule, states), expected, "{rule} {states}");
    }
}

#[test]
fn not_binds_tighter_than_and_and_and_tighter_than_or() {
    for (rule, states, expected) in [
        ("NOT ALARM(c1) AND ALARM(c2)", "OA-", State::Alarm),
        ("NOT ALARM(c1) AND ALARM(c2)", "OO-", State::Ok),
        ("NOT (ALARM(c1) AND ALARM(c2))", "OO-", State::Alarm),
        ("NOT NOT ALARM(c1)", "A--", State::Alarm),
        ("(ALARM(c1) OR ALARM(c2)) AND ALARM(c3)", "AOO", State::Ok),
        ("ALARM(c1) AND ALARM(c2) OR ALARM(c3)", "OOA", State::Alarm),
    ] {
        assert_eq!(evaluate(rule, states), expected, "{rule} {states}");
    }
}

#[test]
fn at_least_counts_alarms_in_a_state_or_not_in_it() {
    for (rule, states, expected) in [
        ("AT_LEAST(2, ALARM, (c1, c2, c3))", "AOA", State::Alarm),
        ("AT_LEAST(2, ALARM, (c1, c2, c3))", "AOI", State::Ok),
        ("AT_LEAST(50%, ALARM, (c1, c2, c3))", "AOO", State::Ok),
        ("AT_LEAST(50%, ALARM, (c1, c2, c3))", "AOA", State::Alarm),
        ("AT_LEAST(100%, OK, (c1,c2))", "OO-", State::Alarm),
        ("AT_LEAST(2, NOT OK, (c1, \"c2\", c3))", "AIO", State::Alarm),
        ("NOT AT_LEAST(1, ALARM, (c1)) AND TRUE", "O--", State::Alarm),
    ] {
        assert_eq!(evaluate(rule, states), expected, "{rule} {states}");
    }
}

#[test]
fn an_alarm_that_is_gone_has_insufficient_data() {
    assert_eq!(evaluate("INSUFFICIENT_DATA(c1)", "-"), State::Alarm);
    assert_eq!(evaluate("ALARM(c1) OR OK(c1)", "-"), State::Ok);
}

#[test]
fn names_are_bare_or_quoted_or_arns() {
    let rule = r#"ALARM(a.b/c-d) OR ok("two words (and \"more\")") OR ALARM(a,b) or
        ALARM(arn:aws:cloudwatch:eu-west-1:123456789012:alarm:web:high) OR alarm("back\slash\\")"#;
    let expression: Expression = rule.parse().unwrap();
    let expected = [
        "a,b",
        "a.b/c-d",
        r"back\slash\",
        r#"two words (and "more")"#,
        "web:high",
    ];
    assert_eq!(expression.children(), BTreeSet::from(expected));
}

#[test]
fn a_fault_names_its_character() {
    for (rule, character, words) in [
        ("", 1, "the rule is empty"),
        ("  ", 1, "the rule is empty"),
        ("ALARM(c1) AND", 14, "found the end"),
        ("ALARM(c1) ALARM(c2)", 11, "expected AND, OR or the end"),
        (
            "ALARM c1",
            7,
            "expected '(' and an alarm's name, found 'c1'",
        ),
        ("ALARM()", 7, "expected an alarm's name, found ')'"),
        ("ALARM(\"\")", 7, "1 to 255 characters"),
        ("(ALARM(c1)", 11, "expected AND, OR or ')', found the end"),
        ("TRUE)", 5, "found ')'"),
        ("ALARM(\"c1)", 7, "not closed"),
        ("é AND TRUE", 1, "found 'é'"),
        ("ALARM(é) ? TRUE", 10, "found '?'"),
        ("ALARMS(c1)", 1, "found 'ALARMS'"),
        ("AT_LEAST(4, ALARM, (c1, c2))", 10, "here 2"),
        ("AT_LEAST(0%, ALARM, (c1))", 10, "here 1"),
        ("AT_LEAST(101%, ALARM, (c1))", 10, "here 1"),
        (
            "AT_LEAST(99999999999999999999999, ALARM, (c1))",
            10,
            "here 1",
        ),
        ("AT_LEAST(x, ALARM, (c1))", 10, "how many"),
        (
            "AT_LEAST(1, BAD, (c1))",
            13,
            "expected ALARM, OK or INSUFFICIENT_DATA",
        ),
        ("AT_LEAST(1, ALARM, c1)", 20, "'(' and names"),
    ] {
        let error = rule.parse::<Expression>().unwrap_err();
        assert_eq!(error.character, character, "{rule}: {error}");
        assert!(error.to_string().contains(words), "{rule}: {error}");
    }
}

#[test]
fn rules_are_bounded_in_length_elements_and_children() {
    let many = |count: usize, one: &str| vec![one; count].join(" OR ");
    assert!(many(MOST_ELEMENTS, "TRUE").parse::<Expression>().is_ok());
    let over = many(MOST_ELEMENTS + 1, "TRUE");
    let at = MOST_ELEMENTS * "TRUE OR ".len() + 1;
    assert_eq!(fault(&over), (at, RuleFault::TooManyElements));

    let named = |count: usize| -> String {
        let names: Vec<String> = (0..count).map(|i| format!("ALARM(c{i})")).collect();
        names.join(" AND ")
    };
    assert!(named(MOST_CHILDREN).parse::<Expression>().is_ok());
    assert_eq!(
        fault(&named(MOST_CHILDREN + 1)).1,
        RuleFault::TooManyChildren
    );

    let padded = |length: usize| format!("TRUE{}", " ".repeat(length - 4));
    assert!(padded(10_240).parse::<Expression>().is_ok());
    assert_eq!(fault(&padded(10_241)), (10_241, RuleFault::TooLong));
    let name = "n".repeat(256);
    assert_eq!(fault(&format!("ALARM({name})")), (7, RuleFault::BadName));
}

#[test]
fn deep_rules_are_read_and_deeper_ones_refused() {
    let nested = |depth: usize| format!("{}TRUE{}", "(".repeat(depth), ")".repeat(depth));
    assert!(nested(MOST_ELEMENTS - 1).parse::<Expression>().is_ok());
    assert_eq!(fault(&nested(5000)).1, RuleFault::TooManyElements);
    let negated = format!("{}TRUE", "NOT ".repeat(2559));
    assert_eq!(evaluate(&negated, ""), State::Ok);
    let mixed = format!("{}TRUE{}", "NOT (TRUE AND ".repeat(240), ")".repeat(240));
    let expression: Expression = mixed.parse().unwrap();
    assert_eq!(expression.to_string().parse(), Ok(expression));
}

fn graph(edges: &[(&'static str, &[&'static str])]) -> Children<'static> {
    let edges = edges.iter();
    edges
        .map(|(name, asked)| (*name, asked.iter().copied().collect()))
        .collect()
}

#[test]
fn alarms_that_ask_about_one_another_are_found() {
    let children = graph(&[
        ("a", &["b", "m"]),
        ("b", &["c"]),
        ("c", &["a", "b"]),
        ("d", &["a"]),
        ("e", &["m"]),
        ("self", &["self"]),
    ]);
    let way = |alarm| cycle_through(alarm, &children).map(|cycle| cycle.0.join(" "));
    assert_eq!(way("a").as_deref(), Some("a b c a"));
    assert_eq!(way("b").as_deref(), Some("b c b"));
    assert_eq!(way("self").as_deref(), Some("self self"));
    assert_eq!(way("d"), None, "it asks about a circle and is in none");
    assert_eq!(way("e"), None);
    assert_eq!(way("m"), None, "no composite");
    let (ordered, stuck) = order(&children);
    assert_eq!(ordered, ["e"]);
    assert_eq!(stuck, BTreeSet::from(["a", "b", "c", "d", "self"]));
    assert_eq!(parents(&children)["m"], BTreeSet::from(["a", "e"]));
}

#[test]
fn long_chains_are_ordered_from_their_end() {
    let names: Vec<String> = (0..20_000).map(|i| format!("c{i}")).collect();
    let mut children: Children<'_> = BTreeMap::new();
    for pair in names.windows(2) {
        children.insert(&pair[0], BTreeSet::from([pair[1].as_str()]));
    }
    let (ordered, stuck) = order(&children);
    assert!(stuck.is_empty());
    assert_eq!(ordered.first(), Some(&"c19998"));
    assert_eq!(ordered.last(), Some(&"c0"));
    assert_eq!(cycle_through("c0", &children), None);
    children.insert("c19999", BTreeSet::from(["c0"]));
    let circle = cycle_through("c0", &children).unwrap();
    assert_eq!(circle.0.len(), 20_001);
    assert_eq!(
        circle.to_string(),
        "these alarms ask about one another: c0 → c1 → c2 → c3 → c4 → (19991 more) → c19996 → c19997 → c19998 → c19999 → c0"
    );
}

fn any_rule() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("TRUE".to_owned()),
        Just("FALSE".to_owned()),
        (1..4u8).prop_map(|i| format!("ALARM(c{i})")),
        (1..4u8).prop_map(|i| format!("OK(\"c{i}\")")),
        (1..4u8).prop_map(|i| format!("AT_LEAST({i}, NOT ALARM, (c1, c2, c3))")),
    ];
    leaf.prop_recursive(5, 40, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|a| format!("NOT {a}")),
            inner.clone().prop_map(|a| format!("({a})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a} AND {b}")),
            (inner.clone(), inner).prop_map(|(a, b)| format!("{a} OR {b}")),
        ]
    })
}

proptest! {
    #[test]
    fn a_rule_written_back_means_the_same(rule in any_rule(), states in "[AOI-]{3}") {
        let expression: Expression = rule.parse().unwrap();
        let again: Expression = expression.to_string().parse().unwrap();
        prop_assert_eq!(
            expression.evaluate(&state_of(&states)),
            again.evaluate(&state_of(&states))
        );
        prop_assert_eq!(expression.children(), again.children());
        prop_assert_eq!(again.to_string(), expression.to_string());
    }

    #[test]
    fn not_turns_every_rule_round(rule in any_rule(), states in "[AOI-]{3}") {
        let before = evaluate(&rule, &states);
        prop_assert_ne!(evaluate(&format!("NOT ({rule})"), &states), before);
    }

    #[test]
    fn any_text_is_a_rule_or_has_its_fault_within_it(
        rule in prop_oneof![any::<String>(), "[(),\"%\\\\ A-Z_a-c0-9]{0,60}", "(ALARM|NOT|AND|OR|TRUE|AT_LEAST|\\(|\\)|,| |c|1|\"){0,40}"],
    ) {
        if let Err(error) = rule.parse::<Expression>() {
            prop_assert!((1..=rule.chars().count() + 1).contains(&error.character));
            prop_assert!(error.to_string().len() < 400);
        }
    }
}
