use super::*;
use crate::sample::transition;
use alarm::State;

fn links() -> Links {
    Links::new(Some("https://kansoku.example.com")).unwrap()
}

fn title(templates: &Templates, notification: &Notification) -> String {
    templates.title(notification, "ops", &links())
}

fn texts(templates: &Templates, notification: &Notification) -> Vec<String> {
    templates.texts(notification, "ops", &links())
}

fn of(transitions: Vec<alarm::Transition>) -> Notification {
    Notification::new("1", transitions, 0)
}

fn own(text: &str) -> Templates {
    Templates::new(None, Some(Template::new(text).unwrap()))
}

#[test]
fn ours_are_templates_as_any() {
    Template::new(TITLE).unwrap();
    Template::new(TEXT).unwrap();
}

#[test]
fn the_usual_words_are_plain() {
    let usual = Templates::default();
    let one = of(vec![transition("web-errors")]);
    assert_eq!(
        title(&usual, &one),
        "ALARM: web-errors (namespace shop, pod web-1)"
    );
    assert_eq!(
        texts(&usual, &one),
        ["Orders are refused.\n\
          web-errors went from OK to ALARM at 2026-09-21 14:13:20 UTC, after 2 hours.\n\
          Where: namespace shop, pod web-1\n\
          Value: 93.5 (threshold 80)\n\
          Why: Threshold Crossed: 1 out of the last 1 datapoints [93.5 (21/09/26 14:13:20)] was greater than the \
          threshold (80.0) (minimum 1 datapoint for OK -> ALARM transition).\n\
          Severity: critical\n\
          Runbook: https://wiki.example.com/web\n\
          https://kansoku.example.com/alarms/web-errors"]
    );
}

#[test]
fn what_is_not_there_is_left_out() {
    let mut least = transition("a");
    least.description = None;
    least.labels.clear();
    least.tags.clear();
    least.value = None;
    (least.from, least.to) = (State::Alarm, State::InsufficientData);
    least.reason = "Insufficient Data: 1 datapoint was unknown.".into();
    let notification = of(vec![least]);
    let usual = Templates::default();
    let none = Links::default();
    assert_eq!(usual.title(&notification, "ops", &none), "NO DATA: a");
    assert_eq!(
        usual.texts(&notification, "ops", &none),
        [
            "a went from ALARM to INSUFFICIENT_DATA at 2026-09-21 14:13:20 UTC, after 2 hours.\n\
          Why: Insufficient Data: 1 datapoint was unknown."
        ]
    );
}

#[test]
fn several_are_counted() {
    let many = of(vec![transition("a"); 25]);
    let usual = Templates::default();
    assert!(title(&usual, &many).ends_with("and 24 more"));
    assert_eq!(texts(&usual, &many).len(), 20);
    assert_eq!(
        Templates::more(&many).as_deref(),
        Some("And 5 more changes.")
    );
    assert_eq!(Templates::more(&of(vec![transition("a")])), None);
    assert!(
        title(&usual, &Notification::test("ops", "1", 0)).starts_with("Test: ALARM: kansoku-test")
    );
}

#[test]
fn every_variable_and_filter_is_there() {
    let templates = own(
        "{% for name in labels %}{{ name }}={{ labels[name] }};{% endfor %}{{ tags.team|upper }} {{ tags.none|default('-') }} \
         {{ value|times(2)|round(1) }} {{ reason|truncate(5) }} {{ ['a','b']|join('+') }} {{ previous_since }} {{ since }} \
         {{ receiver }} {{ count }} {{ more }} {{ test }} {% if value is defined and value > threshold %}over{% endif %}",
    );
    assert_eq!(
        texts(&templates, &of(vec![transition("a")])),
        [
            "namespace=shop;pod=web-1;CHECKOUT - 187.0 Thre… a+b 2026-09-21T11:26:40.000Z 2026-09-21T14:13:20.000Z ops 1 0 \
          False over"
        ]
    );
    // All that are documented are filled in.
    for name in context::VARIABLES.iter().filter(|name| **name != "loop") {
        let filled = own(&format!("{{% if {name} is defined %}}yes{{% endif %}}"));
        assert_eq!(
            texts(&filled, &of(vec![transition("a")])),
            ["yes"],
            "{name}"
        );
        assert!(
            include_str!("mod.rs").contains(&format!("`{name}`")),
            "{name} is not documented"
        );
    }
}

#[test]
fn what_is_wrong_is_said_with_its_line() {
    let deep = format!("{}{}", "{% if a %}".repeat(600), "{% endif %}".repeat(600));
    let long = "x".repeat(LONGEST_SOURCE + 1);
    for (source, line, word) in [
        ("{{ alarm", 1, "syntax"),
        ("a\n{% if state %}", 2, "syntax"),
        ("a\nb\n{{ alrm }}", 3, "did you mean alarm?"),
        ("{{ zzzzzzzzzz }}", 1, "there are alarm, arn"),
        ("\n{{ alarm|shout }}", 2, "shout"),
        ("{{ alarm|round }}", 1, "not a number"),
        ("{{ range(10) }}", 1, "range"),
        ("{% set a = 1 %}", 1, "'set' is not allowed"),
        ("\n{{ 'a' * 100000000 }}", 2, "not allowed"),
        ("{% include '/etc/passwd' %}", 1, "'include' is not allowed"),
        (deep.as_str(), 1, ""),
        (long.as_str(), 1, "at most"),
    ] {
        let fault = Template::new(source).unwrap_err();
        let shown: String = source.chars().take(60).collect();
        assert_eq!(fault.line, line, "{shown}: {fault}");
        assert!(fault.message.contains(word), "{shown}: {fault}");
    }
}

#[test]
fn a_template_that_does_not_end_is_refused_in_time() {
    let nested = "{% for a in labels %}".repeat(40) + &"{% endfor %}".repeat(40);
    let began = std::time::Instant::now();
    let fault = Template::new(&nested).unwrap_err();
    assert!(began.elapsed().as_secs() < 5);
    assert!(
        fault.message.contains("fuel") || fault.message.contains("deep"),
        "{fault}"
    );
}

#[test]
fn a_text_and_a_title_have_an_end() {
    let mut long = transition("a");
    long.reason = "r\n".repeat(100_000);
    let notification = of(vec![long]);
    let templates = Templates::new(
        Some(Template::new("{{ reason }}").unwrap()),
        Some(Template::new(&"{{ reason }}".repeat(100)).unwrap()),
    );
    let title = title(&templates, &notification);
    assert_eq!(title.chars().count(), LONGEST_TITLE);
    assert!(!title.contains('\n'));
    let text = &texts(&templates, &notification)[0];
    assert!(
        text.len() <= LONGEST_TEXT + 4 && text.ends_with('…'),
        "{}",
        text.len()
    );
}

#[test]
fn a_template_that_fails_on_a_change_gives_way_to_the_usual_words() {
    // It works on everything it is tried on.
    let templates = Templates::new(
        Some(Template::new("{% if alarm == 'odd' %}{{ alarm|round }}{% endif %}").unwrap()),
        Some(Template::new("{% if alarm == 'odd' %}{{ alarm|round }}{% endif %}").unwrap()),
    );
    let odd = of(vec![transition("odd")]);
    assert_eq!(
        title(&templates, &odd),
        "ALARM: odd (namespace shop, pod web-1)"
    );
    let text = &texts(&templates, &odd)[0];
    assert!(text.contains("odd went from OK to ALARM"), "{text}");
    assert!(text.contains("could not be made: line 1"), "{text}");
}

#[test]
fn a_text_is_cut_at_a_character() {
    assert_eq!(cut("aéb", 3), "aéb");
    assert_eq!(cut("aébc", 3), "aé…");
}
