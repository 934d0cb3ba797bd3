//! What can be masked by name.

/// A rule with a name.
pub(super) struct Builtin {
    pub(super) name: &'static str,
    pub(super) regex: &'static str,
    pub(super) mask: &'static str,
    /// Whether it is worth to look for it.
    pub(super) hint: Option<fn(&[u8]) -> bool>,
    pub(super) check: Option<fn(&str) -> bool>,
}

/// All of them; docs/guide/logs-collection.md tells what each is for.
pub(super) const BUILTINS: [Builtin; 6] = [
    Builtin {
        name: "bearer",
        regex: r"(?i)\b(bearer|basic|token)([ \t]+)[a-z0-9._~+/-]{8,}=*",
        mask: "${1}${2}***",
        hint: None,
        check: None,
    },
    Builtin {
        name: "jwt",
        regex: r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+",
        mask: "***",
        hint: Some(|text| memchr::memmem::find(text, b"eyJ").is_some()),
        check: None,
    },
    Builtin {
        name: "aws-key",
        regex: r#"\b(?:AKIA|ASIA|AROA|AIDA|AGPA|ANPA|ANVA)[A-Z0-9]{16}\b|(?i:(aws_?secret_?(?:access_?)?key["']?[ \t]*[:=][ \t]*["']?))[A-Za-z0-9/+]{40}"#,
        mask: "${1}***",
        hint: None,
        check: None,
    },
    Builtin {
        name: "email",
        regex: r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}",
        mask: "***",
        hint: Some(|text| memchr::memchr(b'@', text).is_some()),
        check: None,
    },
    Builtin {
        name: "card",
        regex: r"\b[2-6][0-9](?:[ -]?[0-9]){11,17}\b",
        mask: "***",
        hint: Some(has_13_digits),
        check: Some(is_card),
    },
    Builtin {
        name: "password",
        regex: r#"(?i)((?:password|passwd|pwd|passphrase|secret|token|api[_-]?key|access[_-]?key)(?:"[ \t]*:[ \t]*|[ \t]*[=:][ \t]*))(?:(")[^"]*(")|[^ \t",;&'}]+)"#,
        mask: "${1}${2}***${3}",
        hint: None,
        check: None,
    },
];

/// Whether digits, perhaps in groups, are a card's number: 13 to 19 of them with Luhn's check digit.
fn is_card(text: &str) -> bool {
    let (mut sum, mut count) = (0, 0);
    for byte in text.bytes().rev().filter(u8::is_ascii_digit) {
        let digit = u32::from(byte - b'0');
        sum += match (count % 2, digit) {
            (0, _) => digit,
            (_, 0..=4) => digit * 2,
            _ => digit * 2 - 9,
        };
        count += 1;
    }
    (13..=19).contains(&count) && sum % 10 == 0
}

/// Whether there are 13 digits with nothing but single spaces and dashes between them.
fn has_13_digits(text: &[u8]) -> bool {
    let (mut digits, mut before) = (0u32, 0);
    for byte in text {
        match byte {
            b'0'..=b'9' => {
                digits += 1;
                if digits == 13 {
                    return true;
                }
            }
            b' ' | b'-' if before != *byte => {}
            _ => digits = 0,
        }
        before = *byte;
    }
    false
}
