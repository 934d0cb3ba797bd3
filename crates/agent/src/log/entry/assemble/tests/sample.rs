//! Files made up of lines that mean something.

use proptest::prelude::*;

use super::Format;

/// Texts that begin, go on with, interrupt and end groups.
const TEXTS: [&str; 44] = [
    "hello",
    "",
    "",
    "10.0.0.1 - - [25/Nov/2026:20:31:04 +0000] \"GET / HTTP/1.1\" 200 1",
    "2026-11-23 03:00:00,123 ERROR [worker-1] com.example.Shop - checkout failed",
    "WARN x",
    "{\"level\":\"error\",\"msg\":\"x\"}",
    "java.lang.IllegalStateException: cart is empty",
    "Exception in thread \"main\" java.lang.Error",
    "\tat com.example.Cart.checkout(Cart.java:42)",
    "    at Object.<anonymous> (/app/x.js:1:2) {",
    "  code: 'ECONNREFUSED',",
    "}",
    "Caused by: java.io.IOException: Connection reset by peer",
    "\t... 12 more",
    "\tSuppressed: java.lang.Exception",
    "   --- End of inner exception stack trace ---",
    " ---> System.Exception: inner",
    "Error: boom",
    "Traceback (most recent call last):",
    "  File \"/app/main.py\", line 10, in <module>",
    "    main()",
    "ValueError: bad value",
    "During handling of the above exception, another exception occurred:",
    "  + Exception Group Traceback (most recent call last):",
    "  | ExceptionGroup: x",
    "panic: runtime error: index out of range",
    "[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x0]",
    "goroutine 1 [running]:",
    "main.main()",
    "\t/src/main.go:12 +0x1d",
    "exit status 2",
    "app.rb:12:in `run': text (RuntimeError)",
    "\tfrom app.rb:3:in `<main>'",
    "fail: Name.Of.Category[13]",
    "      text of it",
    "BEGIN own",
    "+ own goes on",
    "café \u{1b}[31mred\u{1b}[0m\r",
    "\0",
    "{",
    "2026-11-25T20:31:04Z stdout F nested",
    "long long long long long long long long long long long long long long long long long long é😀é😀é😀é😀",
    "secret=hunter2",
];

/// A line of a file, with its line end.
fn line(format: Format) -> impl Strategy<Value = Vec<u8>> {
    let text = prop_oneof![
        12 => proptest::sample::select(&TEXTS[..]).prop_map(|t| t.as_bytes().to_vec()),
        1 => proptest::collection::vec(any::<u8>().prop_map(|b| if b == b'\n' { b'\r' } else { b }), 0..200),
        1 => (60usize..200).prop_map(|n| vec![b'y'; n]),
    ];
    (text, any::<bool>(), 0u8..10, 0u32..1000).prop_map(move |(text, stderr, odd, nsec)| {
        let stream = if stderr { "stderr" } else { "stdout" };
        let stamp = format!("2026-11-25T20:31:03.{nsec:09}Z");
        let mut line = match format {
            Format::Cri => {
                let tag = if odd == 0 { "P" } else { "F" };
                let mut line = format!("{stamp} {stream} {tag} ").into_bytes();
                line.extend_from_slice(&text);
                line
            }
            Format::Docker => {
                let mut text = String::from_utf8_lossy(&text).into_owned();
                if odd != 0 {
                    text.push('\n');
                }
                let text = serde_json::to_string(&text).unwrap();
                format!("{{\"log\":{text},\"stream\":\"{stream}\",\"time\":\"{stamp}\"}}")
                    .into_bytes()
            }
            Format::Plain => text.clone(),
        };
        if odd == 1 && format != Format::Plain {
            line = text;
        }
        line.push(b'\n');
        line
    })
}

/// Files of a format; the last line may lack its newline.
fn file(format: Format) -> impl Strategy<Value = Vec<u8>> {
    (
        proptest::collection::vec(line(format), 0..60),
        any::<bool>(),
    )
        .prop_map(|(lines, ended)| {
            let mut file = lines.concat();
            if !ended {
                file.pop();
            }
            file
        })
}

/// Any format with a file of it.
pub(super) fn any_file() -> impl Strategy<Value = (Format, Vec<u8>)> {
    prop_oneof![
        3 => file(Format::Cri).prop_map(|f| (Format::Cri, f)),
        1 => file(Format::Docker).prop_map(|f| (Format::Docker, f)),
        1 => file(Format::Plain).prop_map(|f| (Format::Plain, f)),
    ]
}
