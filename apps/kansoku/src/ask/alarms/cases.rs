//! `kansoku alarms test`: cases of evaluation, for a pipeline.

use std::io::Read;

use clap::Args;

use crate::exit::Failure;
use crate::print::Stdout;

/// What the command takes.
#[derive(Debug, Args)]
pub(super) struct TestArgs {
    /// A file with a case on each line, such as {"EvaluationPeriods":3,"DatapointsToAlarm":2,"TreatMissingData":"ignore",
    /// "ComparisonOperator":"GreaterThanThreshold","Threshold":0.5,"Points":[0,null,1,null,1],"PreviousState":"OK",
    /// "Expect":"ALARM"}, points oldest first and null for missing ones; - for standard input
    #[arg(value_name = "FILE")]
    file: String,
}

/// A line for each case that differs, then how many passed and failed.
pub(super) fn run(args: &TestArgs) -> Result<(), Failure> {
    let read = read(&args.file)?;
    // A byte that is no UTF-8 fails its own line and no other.
    let outcome = alarm::test::run(&String::from_utf8_lossy(&read));
    let mut out = Stdout::lock();
    out.line(&outcome.to_string())?;
    out.flush()?;
    match outcome.failures.is_empty() {
        true => Ok(()),
        false => Err(Failure::told()),
    }
}

fn read(file: &str) -> Result<Vec<u8>, Failure> {
    if file == "-" {
        let mut bytes = Vec::new();
        return match std::io::stdin().read_to_end(&mut bytes) {
            Ok(_) => Ok(bytes),
            Err(error) => Err(Failure::usage(format!("standard input: {error}"))),
        };
    }
    std::fs::read(file).map_err(|error| Failure::usage(format!("{file}: {error}")))
}
