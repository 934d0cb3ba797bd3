//! What the query crate and serde say, as problems.

use query::{Code as Fault, Position, QueryError};

use super::{Code, Problem};

/// When to ask again after a refusal for want of room, in seconds.
const SOON: u64 = 1;

impl From<QueryError> for Problem {
    fn from(error: QueryError) -> Problem {
        let code = Code::of_query(error.code);
        let mut problem = Problem::new(code, error.message);
        if matches!(error.code, Fault::UnknownEntity | Fault::UnknownTable) {
            // The name is in the body here; the path itself exists.
            problem = problem.status(400);
        }
        if let Some(position) = error.position {
            problem = problem.at(position);
        }
        if !error.nearest.is_empty() {
            problem = problem.with("nearest", error.nearest);
        }
        if error.code == Fault::Overloaded {
            problem = problem.retry_after(SOON);
        }
        problem
    }
}

impl Code {
    /// The code of the same name.
    pub(super) fn of_query(fault: Fault) -> Code {
        match Code::ALL.iter().find(|code| code.name() == fault.as_str()) {
            Some(code) => *code,
            None => Code::Internal,
        }
    }
}

/// A body that is not the JSON asked for, with the place of the fault.
pub(crate) fn of_json(text: &[u8], error: &serde_json::Error) -> Problem {
    // serde_json appends the place, which the problem has as a member.
    let said = error.to_string();
    let said = said
        .rsplit_once(" at line ")
        .map_or(said.as_str(), |(before, _)| before);
    Problem::new(Code::InvalidRequest, said).at(json_position(text, error))
}

/// serde_json counts bytes within the line and stands on the last one it took; people count characters from 1.
fn json_position(text: &[u8], error: &serde_json::Error) -> Position {
    let line = error.line().max(1);
    let in_line = text
        .split(|byte| *byte == b'\n')
        .nth(line - 1)
        .unwrap_or_default();
    let before = &in_line[..error.column().saturating_sub(1).min(in_line.len())];
    let column = String::from_utf8_lossy(before).chars().count() + 1;
    Position::Text {
        line: line as u64,
        column: column as u64,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn every_fault_of_a_query_has_a_code() {
        for fault in Fault::ALL {
            assert_eq!(Code::of_query(fault).name(), fault.as_str());
        }
    }

    #[test]
    fn a_json_error_points_at_its_character() {
        let text = "{\"観測\": 1,\n \"観\": x}";
        let error = serde_json::from_str::<Value>(text).unwrap_err();
        let json = of_json(text.as_bytes(), &error).to_json();
        assert_eq!(
            json["position"],
            serde_json::json!({"line": 2, "column": 7})
        );
        assert_eq!(json["detail"], "expected value");
        let cut = b"{\"a\": \xe8";
        let error = serde_json::from_slice::<Value>(cut).unwrap_err();
        assert_eq!(of_json(cut, &error).to_json()["position"]["line"], 1);
    }
}
