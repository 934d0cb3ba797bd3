//! Messages that say which they are, and show when a piece of them is missing.

/// How SQL takes a message apart: `writer`, `n`, and whether it is whole, from the table `log`.
pub const MESSAGE_SQL: &str = "SELECT split_part(message, ' ', 3) AS writer, \
     TRY_CAST(split_part(message, ' ', 2) AS BIGINT) AS n, \
     character_length(message) = TRY_CAST(split_part(message, ' ', 4) AS BIGINT) \
       AND message LIKE concat('% end ', split_part(message, ' ', 2)) AS whole \
     FROM log WHERE message LIKE 'line %'";

/// The line of that number of that writer, of about so many bytes: `line 7 shop/web-1 120 ……… end 7`.
pub fn message(writer: &str, n: u64, size: usize) -> String {
    let tail = format!(" end {n}");
    let head = |length: usize| format!("line {n} {writer} {length} ");
    // The length says itself, so it is found by trying.
    let mut length = size.max(head(size).len() + tail.len());
    while head(length).len() + tail.len() > length {
        length += 1;
    }
    let mut line = head(length);
    let fill = char::from(b'a' + u8::try_from(n % 26).unwrap());
    while line.len() + tail.len() < length {
        // Words, as logs have them, so that nothing is one endless token.
        let at = line.len();
        line.push(if at % 9 == 0 { ' ' } else { fill });
    }
    line.push_str(&tail);
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_says_its_own_length() {
        for size in [0, 10, 30, 31, 99, 100, 101, 1000, 50_000] {
            for n in [1, 9, 10, 123_456] {
                let line = message("shop/web-1", n, size);
                let fields: Vec<&str> = line.split(' ').collect();
                assert_eq!(fields[3].parse::<usize>().unwrap(), line.len(), "{line}");
                assert!(line.len() >= size && line.ends_with(&format!(" end {n}")));
            }
        }
    }
}
