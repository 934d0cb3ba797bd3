use proptest::prelude::*;

use super::super::output::Level::{self, *};
use super::find;

#[test]
fn levels_are_found_where_writers_put_them() {
    let cases: &[(&str, Level)] = &[
        // Fields.
        (r#"time="2026-11-25T20:31:04Z" level=info msg="x""#, Info),
        (r#"level=error ts=2026-11-25T20:31:04Z msg=x"#, Error),
        (r#"ts=1 caller=main.go:1 level=warn msg="a b""#, Warn),
        (r#"msg="hello big world" lvl=eror"#, Error),
        (r#"t=2026-11-25T20:31:04+0000 lvl=dbug msg=x"#, Debug),
        (r#"severity="CRITICAL" x=1"#, Fatal),
        (r#"{"level":"info","msg":"x"}"#, Info),
        (
            r#"{"ts":"2026","caller":"a.go:1","msg":"x \"level\":\"fatal\"","level":"warning"}"#,
            Warn,
        ),
        (r#"{"level":30,"time":1,"msg":"x"}"#, Info),
        (r#"{"name":"a","level":50}"#, Error),
        (r#"{"level":60,"x":1}"#, Fatal),
        (r#"{"nested":{"level":"fatal"},"severity":"DEBUG"}"#, Debug),
        (r#"{"message":"x","level":400,"level_name":"ERROR"}"#, Error),
        (r#"{"@timestamp":"x","log.level":"WARN"}"#, Warn),
        (r#"{"t":{"$date":"2026"},"s":"I","c":"NETWORK"}"#, Info),
        (r#"{ "lvl" : "trace" }"#, Trace),
        (r#"{"EventId":14,"LogLevel":"Information"}"#, Info),
        // klog and syslog.
        ("I0615 20:31:04.123456       1 main.go:12] x", Info),
        ("W0615 20:31:04.123456       1 main.go:12] ERROR", Warn),
        ("E0615 20:31:04.123456       1 main.go:12] x", Error),
        ("F0615 20:31:04.123456       1 main.go:12] x", Fatal),
        (
            "Nov 25 20:31:04 node kubelet[812]: E1125 20:31:04.123456     812 pod.go:1] x",
            Error,
        ),
        (
            "Nov 25 20:31:04 node dockerd[1]: time=\"2026-11-25T20:31:04Z\" level=warning msg=x",
            Warn,
        ),
        ("<11>Nov 25 20:31:04 host app: x", Error),
        ("<6>[    0.1] x", Info),
        ("<0>panic", Fatal),
        // Brackets.
        ("[ERROR] x", Error),
        ("[info] x", Info),
        ("[WARN ] x", Warn),
        ("2026/11/25 20:31:04 [error] 31#31: *1 open() failed", Error),
        ("2026/11/25 20:31:04 [notice] 1#1: start", Info),
        (
            "[Wed Nov 25 20:31:04.123456 2026] [core:error] [pid 1:tid 2] x",
            Error,
        ),
        ("[2026-11-25 20:31:04.123][1][warning][main] x", Warn),
        ("[20:31:04] [Server thread/INFO]: x", Info),
        ("[20:31:04 INF] x", Info),
        ("[2026-11-25T20:31:04Z WARN  app::x] y", Warn),
        (
            "2026-11-25T20:31:04.123456Z 0 [Warning] [MY-010068] [Server] x",
            Warn,
        ),
        ("[INFO] 10.0.0.1:1 - 1 \"A IN x. udp\" NOERROR", Info),
        ("[2026-11-25 20:31:04 +0000] [1] [INFO] Booting", Info),
        // Java, Python, Rust, .NET, Ruby, PostgreSQL.
        (
            "2026-11-23 03:00:00,123 ERROR [worker-1] com.example.Shop - checkout failed",
            Error,
        ),
        (
            "2026-11-23 03:00:00.123  INFO 1 --- [  main] c.e.App  : Started",
            Info,
        ),
        (
            "2026-11-23T03:00:00.123+09:00 WARN 1 --- [  main] c.e.App  : x",
            Warn,
        ),
        ("03:00:00.123 [main] DEBUG c.e.App -- x", Debug),
        ("INFO  [main] 2026-11-23 x", Info),
        (
            "2026-11-23 03:00:00,123 [myid:1] - WARN  [main:Foo@1] - x",
            Warn,
        ),
        (
            "[2026-11-23 03:00:00,123] INFO [Broker id=1] x (kafka.Server)",
            Info,
        ),
        ("SEVERE: x", Error),
        ("FINE: x", Debug),
        ("2026-11-23 03:00:00,123 - my.name - CRITICAL - x", Fatal),
        ("2026-11-23 03:00:00,123 - name - ERROR - x", Error),
        ("WARNING:root:x", Warn),
        ("INFO:     127.0.0.1:1 - \"GET / HTTP/1.1\" 200 OK", Info),
        ("2026-11-25T20:31:04.123456Z  INFO app::x: y", Info),
        (
            "2026-11-25T20:31:04.123456Z TRACE request{id=1}: app: y",
            Trace,
        ),
        ("fail: Microsoft.Hosting[0]", Error),
        ("dbug: Microsoft.Hosting[0]", Debug),
        ("crit: X[0]", Fatal),
        ("E, [2026-11-25T20:31:04.123456 #1] ERROR -- : x", Error),
        (
            "2026-11-25 20:31:04.123 UTC [1] LOG:  checkpoint starting",
            Info,
        ),
        (
            "2026-11-25 20:31:04.123 UTC [31] ERROR:  relation \"x\" does not exist",
            Error,
        ),
        ("8:31PM INF started", Info),
        ("2026-11-25T20:31:04Z ERR x", Error),
        ("2026/11/25 20:31:04 error: x", Error),
        ("2026-11-25 20:31:04.123|WARN|Some.Name|x", Warn),
        ("Nov 25 20:31:04 host app[1]: ERROR x", Error),
        ("fatal: cannot connect to database", Fatal),
        ("Error: boom", Error),
        ("INFO[0012] started", Info),
        ("\u{1b}[31mERRO\u{1b}[0m[0000] failed", Error),
        ("error: x", Error),
        ("panic: x", Fatal),
        ("ERROR x", Error),
        // Colours.
        ("\u{1b}[31mERROR\u{1b}[0m x", Error),
        ("2026-11-25 \u{1b}[32m INFO\u{1b}[0;39m 1 --- x", Info),
        (
            "\u{1b}[2m2026-11-25T20:31:04.123456Z\u{1b}[0m \u{1b}[33m WARN\u{1b}[0m \u{1b}[2mapp\u{1b}[0m: x",
            Warn,
        ),
    ];
    let wrong: Vec<_> = cases
        .iter()
        .map(|(text, level)| (*text, Some(*level), find(text.as_bytes())))
        .filter(|(_, expected, found)| expected != found)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_word_in_a_sentence_is_no_level() {
    let wrong: Vec<_> = [
        "",
        " ",
        "hello",
        "10.0.0.1 - - [25/Nov/2026:20:31:04 +0000] \"GET /error HTTP/1.1\" 200 1",
        "10.0.0.1 - - [25/Nov/2026:20:31:04 +0000] \"GET /?level=error HTTP/1.1\" 200 1",
        "Received ERROR from server",
        "Request 12 ERROR",
        "2026-11-25 20:31:04 Received ERROR from server",
        "there was an error: x",
        "no errors found",
        "errors: 0",
        "ERRORS found",
        "error while loading",
        "Fatal attraction",
        "info",
        "error://x",
        "noerror: x",
        "the level is level=error",
        "flood line 1 ERROR dolor sit amet",
        "{\"msg\":\"level\",\"x\":\"error\"}",
        "{\"a\":{\"level\":\"error\"}}",
        "{\"level\":\"unknown\"}",
        "{\"level\":3}",
        "{level: error}",
        "{}",
        "{",
        "<html>",
        "<999>x",
        "<>x",
        "I0615 main.go",
        "X0615 20:31:04.123456       1 main.go:12] x",
        "[error handler] x",
        "[http://x/error] y",
        "    at error (x.js:1:2)",
        "note: this",
        "Nov 25, 2026 8:31:04 PM com.example.Main main",
        "\u{1b}[31mred\u{1b}[0m",
        "\u{1b}",
        "\u{1b}[",
    ]
    .into_iter()
    .filter_map(|text| find(text.as_bytes()).map(|level| (text, level)))
    .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_is_far_away_is_not_looked_at() {
    let far = format!("{}ERROR x", "- ".repeat(200));
    assert_eq!(find(far.as_bytes()), None);
    let far = format!("{{\"msg\":\"{}\",\"level\":\"error\"}}", "x".repeat(2000));
    assert_eq!(find(far.as_bytes()), None);
    let near = format!("{{\"msg\":\"{}\",\"level\":\"error\"}}", "x".repeat(900));
    assert_eq!(find(near.as_bytes()), Some(Error));
}

proptest! {
    #[test]
    fn no_bytes_are_too_strange(bytes: Vec<u8>) {
        let _ = find(&bytes);
    }

    #[test]
    fn no_text_of_its_own_signs_is_too_strange(
        words in proptest::collection::vec(
            prop_oneof![
                Just("ERROR"), Just("["), Just("]"), Just("("), Just("{"), Just("\""), Just(":"), Just("level="), Just(" "),
                Just("<3>"), Just("\u{1b}[3"), Just("m"), Just("I0101"), Just(" 00:00:00"), Just("|"), Just("é"), Just("\\"),
                Just("\"level\""), Just("E,"),
            ],
            0..200,
        ),
    ) {
        let _ = find(words.concat().as_bytes());
    }

    #[test]
    fn case_and_colour_do_not_matter_in_brackets(name in "(error|Error|ERROR|err)", colour in 30u8..38) {
        let coloured = format!("\u{1b}[{colour}m[{name}]\u{1b}[0m x");
        prop_assert_eq!(find(coloured.as_bytes()), Some(Error));
    }
}
