//! .NET's console logger: `fail: Name.Of.Category[13]`, then the text, indented by six spaces.

/// Whether a line is an entry's first.
pub(super) fn begins(line: &[u8]) -> bool {
    let Some((level, rest)) = line.split_first_chunk::<4>() else {
        return false;
    };
    if !matches!(
        level,
        b"trce" | b"dbug" | b"info" | b"warn" | b"fail" | b"crit"
    ) {
        return false;
    }
    let Some(rest) = rest.strip_prefix(b": ").and_then(|r| r.strip_suffix(b"]")) else {
        return false;
    };
    memchr::memrchr(b'[', rest).is_some_and(|open| {
        let number = rest.get(open + 1..).unwrap_or_default();
        open > 0
            && !rest.contains(&b' ')
            && !number.is_empty()
            && number.iter().all(|b| b.is_ascii_digit() || *b == b'-')
    })
}

/// Whether a line goes on with an entry.
pub(super) fn goes_on(line: &[u8]) -> bool {
    line.starts_with(b"      ")
}
