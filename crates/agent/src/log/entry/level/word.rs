//! The words that levels go by.

use super::Level;

/// A whole word in any case that a field or a pair of brackets holds.
pub(super) fn any(word: &[u8]) -> Option<Level> {
    let mut lower = [0u8; 16];
    let lower = lower.get_mut(..word.len())?;
    lower.copy_from_slice(word);
    lower.make_ascii_lowercase();
    Some(match &*lower {
        b"trace" | b"trc" | b"trce" | b"verbose" | b"vrb" | b"finest" | b"finer" => Level::Trace,
        b"debug" | b"dbg" | b"dbug" | b"fine" => Level::Debug,
        b"info" | b"inf" | b"information" | b"informational" | b"notice" | b"note" => Level::Info,
        b"warn" | b"warning" | b"wrn" => Level::Warn,
        b"error" | b"err" | b"eror" | b"fail" | b"severe" => Level::Error,
        b"fatal" | b"ftl" | b"critical" | b"crit" | b"alert" | b"emerg" | b"emergency"
        | b"panic" | b"pnc" | b"dpanic" => Level::Fatal,
        _ => return None,
    })
}

/// A word in capitals that stands alone in a header.
pub(super) fn capitals(word: &[u8]) -> Option<Level> {
    Some(match word {
        b"TRACE" | b"VERBOSE" | b"FINEST" | b"FINER" => Level::Trace,
        b"DEBUG" => Level::Debug,
        b"INFO" | b"NOTICE" => Level::Info,
        b"WARN" | b"WARNING" => Level::Warn,
        b"ERROR" | b"SEVERE" | b"EROR" => Level::Error,
        b"FATAL" | b"CRITICAL" | b"CRIT" | b"EMERG" | b"PANIC" => Level::Fatal,
        _ => return None,
    })
}

/// Three capitals, as zerolog and Serilog write them after a time.
pub(super) fn three(word: &[u8]) -> Option<Level> {
    Some(match word {
        b"TRC" | b"VRB" => Level::Trace,
        b"DBG" => Level::Debug,
        b"INF" => Level::Info,
        b"WRN" => Level::Warn,
        b"ERR" => Level::Error,
        b"FTL" | b"PNC" => Level::Fatal,
        _ => return None,
    })
}

/// A word before a colon: `error:`, `WARNING:`, PostgreSQL's `LOG:`, Java's `FINE:`.
pub(super) fn before_colon(word: &[u8]) -> Option<Level> {
    match word {
        b"LOG" => Some(Level::Info),
        b"note" | b"Note" | b"fine" | b"Fine" | b"alert" | b"Alert" => None,
        _ => any(word),
    }
}

/// Four capitals, as logrus writes them.
pub(super) fn logrus(word: &[u8]) -> Option<Level> {
    Some(match word {
        b"TRAC" => Level::Trace,
        b"DEBU" => Level::Debug,
        b"INFO" => Level::Info,
        b"WARN" => Level::Warn,
        b"ERRO" => Level::Error,
        b"FATA" | b"PANI" => Level::Fatal,
        _ => return None,
    })
}
