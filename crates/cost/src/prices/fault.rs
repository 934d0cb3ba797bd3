//! What is wrong with a price table.

use std::fmt;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceFault {
    /// The line, from 1; none for what is missing.
    pub line: Option<usize>,
    /// The key with its path, such as `regions.us-east-1.alarm.usd`; empty where the text is no TOML.
    pub key: String,
    /// The value as it was written, if it is short.
    pub value: Option<String>,
    /// What is wrong, and what to write instead.
    pub message: String,
}

impl fmt::Display for PriceFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        match (&self.value, self.key.as_str()) {
            (_, "") => {}
            (Some(value), key) => write!(f, "{key} = {value}: ")?,
            (None, key) => write!(f, "{key}: ")?,
        }
        f.write_str(&self.message)
    }
}

/// Everything that is wrong, in the order of the lines.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct PriceFaults(pub Vec<PriceFault>);

impl fmt::Display for PriceFaults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_slice() {
            [fault] => write!(f, "the price table has a fault: {fault}"),
            faults => {
                write!(f, "the price table has {} faults:", faults.len())?;
                for fault in faults {
                    write!(f, "\n  {fault}")?;
                }
                Ok(())
            }
        }
    }
}
