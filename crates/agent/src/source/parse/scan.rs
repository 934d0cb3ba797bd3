//! Lines, words and numbers of kernel text.

/// The lines of a file, without their ends, empty ones left out.
pub fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split(|&b| b == b'\n').filter(|line| !line.is_empty())
}

/// The words of a line, separated by any number of spaces or tabs.
pub fn words(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(|&b| b == b' ' || b == b'\t')
        .filter(|word| !word.is_empty())
}

/// A decimal number that fills the whole word; `None` for anything else, an overflow included.
pub fn number(word: &[u8]) -> Option<u64> {
    if word.is_empty() {
        return None;
    }
    let mut value: u64 = 0;
    for &byte in word {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value = value.checked_mul(10)?.checked_add(u64::from(digit))?;
    }
    Some(value)
}

/// A decimal number that may carry a sign, as `/proc/net/snmp` has for `MaxConn`.
pub fn signed(word: &[u8]) -> Option<i64> {
    match word.strip_prefix(b"-") {
        Some(digits) => i64::try_from(number(digits)?).ok()?.checked_neg(),
        None => i64::try_from(number(word)?).ok(),
    }
}

/// A decimal fraction such as `1.87`, the form of load averages.
pub fn fraction(word: &[u8]) -> Option<f64> {
    let text = std::str::from_utf8(word).ok()?;
    // Rust's parser also takes "inf", "nan" and exponents, which the kernel never writes.
    if !text.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return None;
    }
    text.parse().ok()
}

/// The first word of a file as a number: what a one-value file holds.
pub fn single(bytes: &[u8]) -> Option<u64> {
    number(words(bytes.split(|&b| b == b'\n').next()?).next()?)
}

/// The `key value` lines of a flat keyed file (`memory.stat`, `cpu.stat`, `/proc/vmstat`), in file order. Lines whose
/// second word is no number are left out.
pub fn keyed(bytes: &[u8]) -> impl Iterator<Item = (&[u8], u64)> {
    lines(bytes).filter_map(|line| {
        let space = line.iter().position(|&b| b == b' ')?;
        let (key, rest) = line.split_at(space);
        Some((key, number(words(rest).next()?)?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_whole_words_or_nothing() {
        assert_eq!(number(b"0"), Some(0));
        assert_eq!(number(b"18446744073709551615"), Some(u64::MAX));
        assert_eq!(number(b"18446744073709551616"), None);
        for bad in [&b""[..], b"-1", b"1.5", b"12x", b"max", b" 1"] {
            assert_eq!(number(bad), None, "{bad:?}");
        }
        assert_eq!(signed(b"-1"), Some(-1));
        assert_eq!(signed(b"--1"), None);
        assert_eq!(fraction(b"0.08"), Some(0.08));
        for bad in [&b"inf"[..], b"nan", b"1e9", b"-1.0", b"", b"1.2.3"] {
            assert_eq!(fraction(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn keyed_lines_survive_garbage_between_them() {
        let text = b"anon 12\n\nfile\nkernel x\n 7\nsock 5 6\nshmem 18446744073709551616\nslab 9";
        let all: Vec<_> = keyed(text).collect();
        assert_eq!(
            all,
            [(&b"anon"[..], 12), (b"", 7), (b"sock", 5), (b"slab", 9)]
        );
    }

    proptest! {
        #[test]
        fn a_number_reads_back(n: u64, m: i64) {
            prop_assert_eq!(number(n.to_string().as_bytes()), Some(n));
            // The smallest one has no positive counterpart and is refused; the kernel never writes it.
            if m != i64::MIN {
                prop_assert_eq!(signed(m.to_string().as_bytes()), Some(m));
            }
        }

        #[test]
        fn keyed_lines_read_back(pairs in proptest::collection::vec(("[a-z_]{1,20}", any::<u64>()), 0..40)) {
            let text: String = pairs.iter().map(|(k, v)| format!("{k} {v}\n")).collect();
            let read: Vec<_> =
                keyed(text.as_bytes()).map(|(k, v)| (String::from_utf8(k.to_vec()).unwrap(), v)).collect();
            prop_assert_eq!(read, pairs);
        }

        #[test]
        fn no_bytes_are_too_strange(bytes: Vec<u8>) {
            let _ = (single(&bytes), fraction(&bytes), signed(&bytes));
            for (key, _) in keyed(&bytes) {
                prop_assert!(key.len() < bytes.len());
            }
        }
    }
}
