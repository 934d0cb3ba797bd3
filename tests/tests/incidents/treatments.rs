//! A second evaluation of M of N with missing data, from AWS's page "Configuring how CloudWatch alarms treat missing data" and
//! its two tables; it shares nothing with crate `alarm`.

/// Whether each period of the whole range breaches, oldest first; `None` where it has no data point.
type Range = Vec<Option<bool>>;

/// N and M.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MofN {
    pub(crate) n: usize,
    pub(crate) m: usize,
}

/// How many periods AWS's tables retrieve beyond N.
pub(crate) const BEYOND: usize = 2;

/// The state after a range.
pub(crate) fn state<'a>(
    range: &Range,
    MofN { n, m }: MofN,
    treatment: &str,
    before: &'a str,
) -> &'a str {
    let there: Vec<bool> = range.iter().rev().flatten().copied().collect();
    let breaching = |points: &[bool]| points.iter().filter(|breaches| **breaches).count();
    let alarm_if = |is_alarm: bool| if is_alarm { "ALARM" } else { "OK" };
    if there.len() >= n {
        return alarm_if(breaching(&there[..n]) >= m);
    }
    let lacking = n - there.len();
    let breach = breaching(&there);
    match treatment {
        "breaching" => alarm_if(breach + lacking >= m),
        "notBreaching" => alarm_if(breach >= m),
        _ if there.is_empty() => match treatment {
            "ignore" => before,
            _ => "INSUFFICIENT_DATA",
        },
        _ if breach >= m => "ALARM",
        _ if breach < there.len() => "OK",
        "ignore" => before,
        // Only points that breach, too few of them: ALARM once the oldest is M periods old, the newest period being one old.
        _ => {
            let oldest = range.iter().position(Option::is_some).unwrap_or_default();
            match range.len() - oldest >= m {
                true => "ALARM",
                false => before,
            }
        }
    }
}

/// AWS's tables: the range, then what becomes of it by `missing`, `ignore`, `breaching`, `notBreaching`.
const TABLES: [(usize, &str, [&str; 4]); 10] = [
    (3, "0-X-X", ["OK", "OK", "OK", "OK"]),
    (3, "0----", ["OK", "OK", "OK", "OK"]),
    (3, "-----", ["INSUFFICIENT_DATA", "before", "ALARM", "OK"]),
    (3, "0XX-X", ["ALARM", "ALARM", "ALARM", "ALARM"]),
    (3, "--X--", ["ALARM", "before", "ALARM", "OK"]),
    (2, "0-X-X", ["ALARM", "ALARM", "ALARM", "ALARM"]),
    (2, "00X0X", ["ALARM", "ALARM", "ALARM", "ALARM"]),
    (2, "0-X--", ["OK", "OK", "ALARM", "OK"]),
    (2, "----0", ["OK", "OK", "ALARM", "OK"]),
    (2, "---X-", ["ALARM", "before", "ALARM", "OK"]),
];

pub(crate) const TREATMENTS: [&str; 4] = ["missing", "ignore", "breaching", "notBreaching"];

#[test]
fn the_second_evaluation_has_the_tables_of_aws() {
    for (m, range, states) in TABLES {
        let periods = range.chars().map(|point| match point {
            '-' => None,
            point => Some(point == 'X'),
        });
        let periods: Range = periods.collect();
        for (treatment, wanted) in TREATMENTS.into_iter().zip(states) {
            let found = state(&periods, MofN { n: 3, m }, treatment, "before");
            assert_eq!(found, wanted, "{range}, {m} of 3, {treatment}");
        }
    }
}
