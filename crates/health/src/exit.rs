//! Exit codes in words.

/// The signal of an exit code above 128, by the shell's convention that runtimes keep to.
pub(crate) fn signal(code: i64) -> Option<&'static str> {
    Some(match code.saturating_sub(128) {
        1 => "SIGHUP",
        2 => "SIGINT",
        3 => "SIGQUIT",
        4 => "SIGILL",
        5 => "SIGTRAP",
        6 => "SIGABRT",
        7 => "SIGBUS",
        8 => "SIGFPE",
        9 => "SIGKILL",
        11 => "SIGSEGV",
        13 => "SIGPIPE",
        14 => "SIGALRM",
        15 => "SIGTERM",
        _ => return None,
    })
}

/// What an exit code usually means, where it is not only the program's own.
fn meaning(code: i64) -> Option<&'static str> {
    signal(code).or(match code {
        126 => Some("not executable"),
        127 => Some("command not found"),
        128 => Some("could not be started"),
        _ => None,
    })
}

/// "exit code 137 (SIGKILL)".
pub(crate) fn code(code: Option<i64>) -> String {
    match code {
        Some(code) => match meaning(code) {
            Some(meaning) => format!("exit code {code} ({meaning})"),
            None => format!("exit code {code}"),
        },
        None => "an unknown exit code".to_owned(),
    }
}

/// "137 (SIGKILL), OOMKilled".
pub(crate) fn evidence(code: Option<i64>, reason: Option<&str>) -> Option<String> {
    let number = code.map(|code| match meaning(code) {
        Some(meaning) => format!("{code} ({meaning})"),
        None => code.to_string(),
    });
    match (number, reason) {
        (Some(number), Some(reason)) => Some(format!("{number}, {reason}")),
        (Some(number), None) => Some(number),
        (None, reason) => reason.map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_said_with_their_meaning() {
        assert_eq!(code(Some(1)), "exit code 1");
        assert_eq!(code(Some(139)), "exit code 139 (SIGSEGV)");
        assert_eq!(code(Some(127)), "exit code 127 (command not found)");
        assert_eq!(
            code(Some(i64::MIN + 128)),
            format!("exit code {}", i64::MIN + 128)
        );
        assert_eq!(code(None), "an unknown exit code");
        assert_eq!(
            evidence(Some(137), Some("OOMKilled")).as_deref(),
            Some("137 (SIGKILL), OOMKilled")
        );
        assert_eq!(evidence(None, Some("Error")).as_deref(), Some("Error"));
        assert_eq!(evidence(None, None), None);
    }
}
