//! Ruby: `app.rb:12:in 'run': text (RuntimeError)`, then `\tfrom app.rb:3:in '<main>'`.

/// The longest path that is looked at.
const PATH: usize = 512;

/// `path.rb:12:in ` at the start of a text, and what follows it.
fn after_place(text: &[u8]) -> Option<&[u8]> {
    let head = text.get(..PATH).unwrap_or(text);
    let space = memchr::memchr(b' ', head)?;
    let path = head.get(..space)?.strip_suffix(b":in")?;
    let colon = memchr::memrchr(b':', path)?;
    let line = path.get(colon + 1..)?;
    (colon > 0 && !line.is_empty() && line.iter().all(u8::is_ascii_digit))
        .then(|| text.get(space + 1..))?
}

/// Whether a line, indented or not, is a place.
pub(super) fn place(line: &[u8]) -> bool {
    after_place(line.trim_ascii_start()).is_some()
}

/// Whether a line begins a trace: a place, a text, the exception in parentheses.
pub(super) fn begins(line: &[u8]) -> bool {
    after_place(line)
        .is_some_and(|rest| memchr::memmem::find(rest, b": ").is_some() && rest.ends_with(b")"))
}

/// Whether a line is a call of a trace.
pub(super) fn from(line: &[u8]) -> bool {
    let text = line.trim_ascii_start();
    text.len() < line.len()
        && text
            .strip_prefix(b"from ")
            .is_some_and(|text| after_place(text).is_some())
}

/// Whether a line goes on with a trace.
pub(super) fn goes_on(line: &[u8]) -> bool {
    from(line) || place(line) && !begins(line)
}
