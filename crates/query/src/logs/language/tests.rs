use proptest::prelude::*;

use super::*;

fn stripped(node: &Node) -> Node {
    let condition = match &node.condition {
        Condition::All(nodes) => Condition::All(nodes.iter().map(stripped).collect()),
        Condition::Any(nodes) => Condition::Any(nodes.iter().map(stripped).collect()),
        Condition::Not(node) => Condition::Not(Box::new(stripped(node))),
        Condition::Field(field) => Condition::Field(Field {
            name_span: Span::default(),
            test_span: Span::default(),
            ..field.clone()
        }),
        text => text.clone(),
    };
    Node {
        span: Span::default(),
        condition,
    }
}

/// The tree in a notation that shows what binds to what.
fn shown(text: &str) -> String {
    fn show(node: &Node) -> String {
        let list = |nodes: &[Node]| nodes.iter().map(show).collect::<Vec<_>>().join(" ");
        match &node.condition {
            Condition::All(nodes) => format!("(all {})", list(nodes)),
            Condition::Any(nodes) => format!("(any {})", list(nodes)),
            Condition::Not(node) => format!("(not {})", show(node)),
            Condition::Text(Text::Word(word)) => word.clone(),
            Condition::Text(text) => text.to_string(),
            Condition::Field(field) => format!("{{{field}}}"),
        }
    }
    match parse(text) {
        Ok(Some(node)) => show(&node),
        Ok(None) => String::new(),
        Err(fault) => format!("{}: {}", fault.at, fault.message),
    }
}

#[test]
fn what_binds_to_what() {
    for (text, tree) in [
        ("", ""),
        (" \n ", ""),
        ("timeout", "timeout"),
        ("a b", "(all a b)"),
        ("a AND b", "(all a b)"),
        ("a OR b c", "(any a (all b c))"),
        ("(a OR b) c", "(all (any a b) c)"),
        ("((a))", "a"),
        ("-a", "(not a)"),
        ("NOT a b", "(all (not a) b)"),
        ("NOT (a b)", "(not (all a b))"),
        ("-(a OR -b)", "(not (any a (not b)))"),
        ("--verbose", "--verbose"),
        ("or and not", "(all or and not)"),
        ("ORDER NOTICE ANDROID", "(all ORDER NOTICE ANDROID)"),
        (
            "\"connection reset\" 'GET /'",
            "(all \"connection reset\" 'GET /')",
        ),
        (r#""say \"hi\" C:\dir\\""#, r#""say \"hi\" C:\\dir\\""#),
        ("/a\\/b\\d+/i", "/a\\/b\\d+/i"),
        ("http://x/y?z=1", "http://x/y?z=1"),
        ("20:31:04", "20:31:04"),
        ("it's", "it's"),
        ("key=\"a b\"", "(all key= \"a b\")"),
        ("f(x)", "(all f x)"),
        ("level:error", "{level:error}"),
        ("level:error,\"a b\",c*", "{level:error,\"a b\",c*}"),
        ("json.status:>=500", "{json.status:>=500}"),
        ("a.b:<-5.5 c", "(all {a.b:<-5.5} c)"),
        ("trace:*", "{trace:*}"),
        ("trace:* -b", "(all {trace:*} (not b))"),
        ("path:/^\\/api/", "{path:/^\\/api/}"),
        ("image:nginx:1.2", "{image:nginx:1.2}"),
        ("kubernetes.io/name:web", "{kubernetes.io/name:web}"),
        ("観測 OR ÄÖ", "(any 観測 ÄÖ)"),
    ] {
        assert_eq!(shown(text), tree, "{text}");
    }
}

#[test]
fn faults_point_at_their_character() {
    for (text, at, words) in [
        ("a OR", 4, "missing at the end"),
        ("OR a", 0, "between two conditions"),
        ("a AND OR b", 6, "between two conditions"),
        ("a (b c", 2, "not closed"),
        ("a (", 2, "not closed"),
        ("(a OR )", 6, "missing before this parenthesis"),
        ("()", 1, "missing before this parenthesis"),
        ("a) b", 1, "no parenthesis is open"),
        ("a -", 2, "nothing follows"),
        ("a - b", 2, "write \"-\" in quotation marks"),
        ("NOT", 0, "nothing follows"),
        ("a \"b", 2, "quotation mark is not closed"),
        ("a ''", 2, "nothing between"),
        ("/api/users", 5, "put a path in quotation marks"),
        ("/api", 0, "put a path in quotation marks"),
        ("//", 0, "is empty"),
        ("a /x(y/", 4, "unclosed group"),
        ("/a\\/\\/(/", 6, "unclosed group"),
        ("x:/a{2,1}/", 4, "invalid repetition count range"),
        ("panic: x", 6, "has no value"),
        ("a:1,,2", 4, "has no value"),
        ("a:>= 5", 4, "a number follows >="),
    ] {
        let fault = parse(text).unwrap_err();
        assert_eq!(fault.at, at, "{text}: {fault:?}");
        assert!(fault.message.contains(words), "{text}: {fault:?}");
    }
}

#[test]
fn a_place_is_told_in_lines_and_characters() {
    let text = "観測\n é (b";
    let error = parse(text).unwrap_err().into_error(text, "query");
    assert_eq!(
        error.to_string(),
        "query, line 2, column 4: this parenthesis is not closed"
    );
}

#[test]
fn hostile_texts_are_refused() {
    let deep = "(".repeat(4000);
    let not = "-(".repeat(2000);
    let nots = "NOT ".repeat(2000);
    let many = "a ".repeat(4000);
    let values = format!("a:{}", "1,".repeat(3000));
    let long = "x".repeat(LONGEST + 1);
    let regexes = "/a/ ".repeat(20);
    let long_regex = format!("/{}/", "a".repeat(LONGEST_REGEX + 1));
    for (text, words) in [
        (deep.as_str(), "more than 32 deep"),
        (&not, "more than 32 deep"),
        (&nots, "more than 32 deep"),
        (&many, "more than 200 conditions"),
        (&values, "more than 200 values"),
        (&long, "more than 8192"),
        (&regexes, "more than 16 regular"),
        (&long_regex, "more than 1000 bytes"),
        (
            "/(((((x{100}){100}){100}){100}){100})/",
            "becomes too large",
        ),
        ("/\\w{500}/", "becomes too large"),
        ("/(a{0,1000}){0,1000}/", "becomes too large"),
        ("a\0b", "NUL"),
    ] {
        let fault = parse(text).unwrap_err();
        assert!(fault.message.contains(words), "{fault:?}");
    }
    let groups = format!("/{}a{}/", "(".repeat(400), ")".repeat(400));
    assert!(parse(&groups).is_err());
}

/// Texts made of what the language is made of.
fn likely() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[a-z*]{1,6}",
        Just("level:error".to_owned()),
        Just("json.a.b:>=5".to_owned()),
        Just("x:/a[b-c]+\\/d/i".to_owned()),
        Just("y:*".to_owned()),
        Just("z:a,\"b c\",'d'".to_owned()),
        Just("/re\\\\\\/x/".to_owned()),
        "\"[ -~é\\n]{0,8}\"",
        "'[ -~é]{0,8}'",
        Just("(".to_owned()),
        Just(")".to_owned()),
        Just("-".to_owned()),
        Just(" OR ".to_owned()),
        Just(" AND ".to_owned()),
        Just(" NOT ".to_owned()),
        Just(" ".to_owned()),
        "[ -~\\u{80}-\\u{2ff}]{1,4}",
    ];
    proptest::collection::vec(piece, 0..20).prop_map(|pieces| pieces.concat())
}

fn prints_as_it_reads(text: &str) -> Result<(), TestCaseError> {
    match parse(text) {
        Ok(Some(node)) => {
            prop_assert!(node.span.end <= text.len());
            let printed = node.to_string();
            let again = parse(&printed);
            let again = again.as_ref().ok().and_then(Option::as_ref).map(stripped);
            prop_assert_eq!(
                again,
                Some(stripped(&node)),
                "{} printed as {}",
                text,
                printed
            );
        }
        Ok(None) => prop_assert!(text.trim().is_empty()),
        Err(fault) => {
            prop_assert!(fault.at <= text.len());
            let _ = fault.into_error(text, "query");
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        prints_as_it_reads(&text)?;
    }

    #[test]
    fn likely_texts_print_as_they_read(text in likely()) {
        prints_as_it_reads(&text)?;
    }
}

/// Bytes of real queries changed at random, with a fixed seed: what a fuzzer would do first.
#[test]
fn changed_bytes_are_read_or_refused() {
    const SEEDS: [&str; 6] = [
        "timeout \"connection reset\" -healthz json.status:>=500",
        "level:error,fatal (namespace:shop OR pod:web-*) NOT /GET \\/healthz/i",
        "'Exact' 観測 http.path:/^\\/api\\/v[12]/ user.id:*",
        "a:\"b\\\"c\",'d',e* -(f OR -g) --h",
        "((((a OR b) c) OR d) e)",
        "x:<=-1.5e3 y:>0 /[[:alpha:]]{2,5}(?P<n>\\d+)/",
    ];
    let mut state: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as usize
    };
    for _ in 0..30_000 {
        let mut bytes = SEEDS[next() % SEEDS.len()].as_bytes().to_vec();
        for _ in 0..1 + next() % 4 {
            let at = next() % bytes.len().max(1);
            match next() % 4 {
                0 if !bytes.is_empty() => bytes[at] = next() as u8,
                1 => bytes.insert(at.min(bytes.len()), b" ()\"'/\\-:,*>\n"[next() % 13]),
                2 if !bytes.is_empty() => {
                    bytes.remove(at);
                }
                _ => {
                    let end = (at + next() % 8).min(bytes.len());
                    let piece = bytes[at.min(end)..end].to_vec();
                    bytes.extend(piece);
                }
            }
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        prints_as_it_reads(&text).unwrap_or_else(|e| panic!("{text:?}: {e}"));
    }
}
