//! The two ways in which Container Insights is charged.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The mode of Container Insights that the estimate is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Custom metrics by the hour, and performance events as logs.
    Standard,
    /// Observations, with pods and containers one by one: the mode of `enhanced_container_insights`.
    #[default]
    Enhanced,
}

impl Mode {
    /// The word in addresses and answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Mode::Standard => "standard",
            Mode::Enhanced => "enhanced",
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that is no mode.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no mode; write standard or enhanced")]
pub struct UnknownMode(pub String);

impl FromStr for Mode {
    type Err = UnknownMode;

    fn from_str(text: &str) -> Result<Self, UnknownMode> {
        match text {
            "standard" => Ok(Mode::Standard),
            "enhanced" => Ok(Mode::Enhanced),
            _ => Err(UnknownMode(text.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_back() {
        for mode in [Mode::Standard, Mode::Enhanced] {
            assert_eq!(mode.to_string().parse(), Ok(mode));
            assert_eq!(serde_json::to_string(&mode).unwrap(), format!("\"{mode}\""));
        }
        let refused = "Enhanced".parse::<Mode>().unwrap_err().to_string();
        assert_eq!(
            refused,
            "\"Enhanced\" is no mode; write standard or enhanced"
        );
    }
}
