use proptest::prelude::*;

use super::*;

fn masked(message: &str) -> String {
    let mut out = String::new();
    mask::mask(message, &mut out);
    out
}

#[test]
fn what_differs_by_its_form_is_masked() {
    for (message, expected) in [
        (
            "GET /api/users/123 200 in 12ms",
            "GET /api/users/<*> <*> in <*>ms",
        ),
        ("2026-11-25T20:31:04.123Z ready", "<*> ready"),
        (
            "2026/11/25 20:31:04 [error] 7#7: *1 x",
            "<*> <*> [error] <*>#<*>: *<*> x",
        ),
        (
            "from 10.0.0.12:44321 to [fe80::1]",
            "from <*> to [fe<*>::<*>]",
        ),
        ("id 67e55044-10b1-426f-9247-bb680e5fe0c8 ok", "id <*> ok"),
        ("trace 4bf92f3577b34da6a3ce929d0e0e4736.", "trace <*>."),
        ("user \"Ada Lovelace\" logged in", "user <*> logged in"),
        ("don't say 'hello there' now", "don't say <*> now"),
        (
            "0x7fff5fbff8c0 at worker12 v1 k8s",
            "<*> at worker<*> v<*> k8s",
        ),
        (
            "took=1.5s size=3MiB ratio=99.9%",
            "took=<*>s size=<*>MiB ratio=<*>%",
        ),
        ("pod web-7d9f8b6c5-x2x4z started", "pod web-<*> started"),
        (
            r#"{"level":"info","status":200,"msg":"user 12 logged in"}"#,
            r#"{"level":"info","status":<*>,"msg":"user <*> logged in"}"#,
        ),
        ("観測 17 回", "観測 <*> 回"),
        ("a\tb\u{1b}[31m", "a b [<*>m"),
        ("", ""),
    ] {
        assert_eq!(masked(message), expected, "{message}");
    }
    assert!(masked(&"é".repeat(2000)).len() <= 512 + 3);
}

fn gathered(lines: &[(i64, Option<&str>, String)]) -> Vec<LogPattern> {
    let buckets = Buckets::new((0, 60_000_000), 6);
    let mut templates = Templates::new(buckets);
    for (time, level, message) in lines {
        templates.looked += 1;
        templates.line(*time, *level, message);
    }
    templates.finish(100)
}

#[test]
fn lines_that_are_alike_are_one_pattern() {
    let mut lines = Vec::new();
    for i in 0..60_i64 {
        let time = i * 1_000_000;
        lines.push((
            time,
            Some("info"),
            format!("GET /api/items/{i} 200 in {}ms", i * 7),
        ));
        let name = ["alice", "bob", "carol", "dave"][i as usize % 4];
        lines.push((
            time,
            Some("warn"),
            format!("user {name} was denied access to the vault"),
        ));
        if i % 10 == 0 {
            lines.push((time + 1, None, "started".to_owned()));
        }
    }
    let patterns = gathered(&lines);
    let shown: Vec<_> = patterns
        .iter()
        .map(|p| (p.pattern.as_str(), p.count))
        .collect();
    assert_eq!(
        shown,
        [
            ("GET /api/items/<*> <*> in <*>ms", 60),
            ("user <*> was denied access to the vault", 60),
            ("started", 6),
        ]
    );
    let denied = &patterns[1];
    assert_eq!(denied.trend, [10; 6]);
    assert_eq!(denied.level.as_deref(), Some("warn"));
    assert_eq!(denied.sample, "user alice was denied access to the vault");
    assert_eq!(denied.first, "1970-01-01T00:00:00.000000000Z");
    assert_eq!(denied.last, "1970-01-01T00:00:59.000000000Z");
    assert_eq!(patterns[2].level, None);
    assert!((denied.share - 60.0 / 126.0).abs() < 1e-9);
}

#[test]
fn any_number_of_templates_takes_bounded_memory_and_loses_no_line() {
    let letters = |mut n: usize| {
        let mut word = String::new();
        while n > 0 {
            word.push(char::from(b'a' + (n % 26) as u8));
            n /= 26;
        }
        word
    };
    let lines: Vec<_> = (1..40_000)
        .map(|i| {
            (
                i as i64,
                None,
                format!(
                    "{} is {} of a kind {}",
                    letters(i),
                    letters(i * 7),
                    letters(i * 13)
                ),
            )
        })
        .collect();
    let buckets = Buckets::new((0, 60_000_000), 6);
    let mut templates = Templates::new(buckets);
    for (time, level, message) in &lines {
        templates.line(*time, *level, message);
        assert!(templates.masks.len() <= 2 * MOST_MASKS + 1);
    }
    let patterns = templates.finish(usize::MAX);
    assert_eq!(patterns.iter().map(|p| p.count).sum::<u64>(), 39_999);
}

proptest! {
    #[test]
    fn any_line_has_a_mask(message in any::<String>()) {
        let once = masked(&message);
        prop_assert!(once.len() <= 3 * 512 + 3);
    }

    #[test]
    fn the_order_of_lines_does_not_matter(
        mut lines in proptest::collection::vec((0..50_i64, "(GET|PUT) /[a-c]{1,2}/[0-9]{1,3} (ok|failed) [a-z]{1,3}"), 1..60),
        seed in any::<u64>(),
    ) {
        let with_levels = |lines: &[(i64, String)]| {
            let lines: Vec<_> = lines.iter().map(|(time, message)| (time * 1_000_000, Some("info"), message.clone())).collect();
            gathered(&lines)
        };
        let patterns = with_levels(&lines);
        let mut state = seed | 1;
        for i in (1..lines.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            lines.swap(i, (state >> 33) as usize % (i + 1));
        }
        prop_assert_eq!(&patterns, &with_levels(&lines));
        prop_assert_eq!(patterns.iter().map(|p| p.count).sum::<u64>(), lines.len() as u64);
    }
}
