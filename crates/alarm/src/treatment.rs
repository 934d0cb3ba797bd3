//! What missing data points count as.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::state::{UnknownWord, find};

/// `TreatMissingData`: what is assumed when a range holds fewer data points than an alarm looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum TreatMissingData {
    /// Nothing is assumed; without any point the state is INSUFFICIENT_DATA.
    #[default]
    Missing,
    /// Nothing is assumed; where the points that exist do not tell, the state stays.
    Ignore,
    /// They would have met the condition.
    Breaching,
    /// They would not have met the condition.
    NotBreaching,
}

impl TreatMissingData {
    /// Every treatment.
    pub const ALL: [TreatMissingData; 4] = [
        TreatMissingData::Missing,
        TreatMissingData::Ignore,
        TreatMissingData::Breaching,
        TreatMissingData::NotBreaching,
    ];

    /// CloudWatch's word.
    pub fn as_str(self) -> &'static str {
        match self {
            TreatMissingData::Missing => "missing",
            TreatMissingData::Ignore => "ignore",
            TreatMissingData::Breaching => "breaching",
            TreatMissingData::NotBreaching => "notBreaching",
        }
    }

    /// The word of state reasons, there in brackets.
    pub(crate) fn in_reason(self) -> &'static str {
        match self {
            TreatMissingData::Missing => "Missing",
            TreatMissingData::Ignore => "Ignore",
            TreatMissingData::Breaching => "Breaching",
            TreatMissingData::NotBreaching => "NonBreaching",
        }
    }
}

impl FromStr for TreatMissingData {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<TreatMissingData, UnknownWord> {
        find(word, &TreatMissingData::ALL, TreatMissingData::as_str)
    }
}
