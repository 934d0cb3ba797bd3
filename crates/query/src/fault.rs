//! DataFusion's errors in our words, and what can be read from its plans.

use datafusion::common::{DataFusionError, SchemaError};
use datafusion::datasource::physical_plan::FileScanConfig;
use datafusion::datasource::source::DataSourceExec;
use datafusion::execution::session_state::SessionState;
use datafusion::physical_plan::ExecutionPlan;

use crate::error::{Code, QueryError};
use crate::nearest::nearest;

/// A fault of a plan that this program wrote.
pub(crate) fn internal(error: &DataFusionError) -> QueryError {
    QueryError::new(Code::Internal, error.strip_backtrace())
}

/// A fault while a plan runs.
pub(crate) fn running(error: &DataFusionError) -> QueryError {
    let root = error.find_root();
    match root {
        DataFusionError::ResourcesExhausted(_) => QueryError::new(
            Code::MemoryLimit,
            "the question needs more memory than one question may have: narrow the range, filter, or group by less",
        ),
        DataFusionError::ObjectStore(_)
        | DataFusionError::ParquetError(_)
        | DataFusionError::IoError(_) => QueryError::new(Code::Storage, root.strip_backtrace()),
        // Casts, overflows, divisions by zero: Arrow's kernels meet them in values.
        DataFusionError::ArrowError(..) | DataFusionError::Execution(_) => {
            QueryError::new(Code::BadValue, plain(root))
        }
        DataFusionError::Plan(_)
        | DataFusionError::NotImplemented(_)
        | DataFusionError::SchemaError(..) => planning(error),
        _ => QueryError::new(Code::Internal, root.strip_backtrace()),
    }
}

/// A fault in planning what a caller wrote for a session.
pub(crate) fn planning_in(state: &SessionState, error: &DataFusionError) -> QueryError {
    let mut fault = planning(error);
    let unknown = fault
        .message
        .strip_prefix("Invalid function '")
        .and_then(|rest| rest.split_once('\''))
        .map(|(name, _)| name.to_owned());
    if let Some(name) = unknown {
        // DataFusion names one of the nearest by chance.
        let mut known: Vec<&str> = state
            .scalar_functions()
            .keys()
            .map(String::as_str)
            .collect();
        known.extend(state.aggregate_functions().keys().map(String::as_str));
        known.extend(state.window_functions().keys().map(String::as_str));
        known.sort_unstable();
        fault.message = format!("there is no function '{name}'");
        fault = fault.with_nearest(nearest(&name, known));
    }
    fault
}

/// A fault in planning.
fn planning(error: &DataFusionError) -> QueryError {
    let root = error.find_root();
    let mut fault = match root {
        DataFusionError::SchemaError(schema, _) => unknown_column(schema),
        DataFusionError::SQL(parser, _) => QueryError::new(Code::SqlSyntax, parser.to_string()),
        DataFusionError::ResourcesExhausted(_)
        | DataFusionError::ObjectStore(_)
        | DataFusionError::IoError(_) => {
            return running(error);
        }
        DataFusionError::Internal(_) => QueryError::new(Code::Internal, root.strip_backtrace()),
        other => QueryError::new(Code::SqlInvalid, plain(other)),
    };
    if let Some(span) = error.diagnostic().and_then(|d| d.span) {
        fault = fault.at(span.start.line, span.start.column);
    }
    fault
}

fn unknown_column(error: &SchemaError) -> QueryError {
    match error {
        SchemaError::FieldNotFound {
            field,
            valid_fields,
        } => {
            let name = field.name();
            let within = field
                .relation
                .as_ref()
                .map(|r| format!(" in '{}'", r.table()))
                .unwrap_or_default();
            QueryError::new(
                Code::UnknownColumn,
                format!("there is no column '{name}'{within}"),
            )
            .with_nearest(nearest(name, valid_fields.iter().map(|f| f.name.as_str())))
        }
        SchemaError::AmbiguousReference { field } => QueryError::new(
            Code::SqlInvalid,
            format!(
                "'{}' is in more than one table: write table.column",
                field.name()
            ),
        ),
        other => QueryError::new(Code::SqlInvalid, other.to_string()),
    }
}

/// DataFusion's message in one line, without the name of its error's kind and without its guesses at its own faults.
pub(crate) fn plain(error: &DataFusionError) -> String {
    const KINDS: [&str; 4] = [
        "Error during planning: ",
        "This feature is not implemented: ",
        "Execution error: ",
        "Arrow error: ",
    ];
    let message = error.strip_backtrace();
    // For arguments that no function takes there is first a page about each attempt, then this.
    let mut message = match message.find("No function matches") {
        Some(start) => &message[start..],
        None => message.as_str(),
    };
    while let Some(rest) = KINDS.iter().find_map(|kind| message.strip_prefix(kind)) {
        message = rest;
    }
    let lines: Vec<&str> = message
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    lines.join(" ").replace("Dictionary(Int32, Utf8)", "Utf8")
}

/// How many files a plan reads.
pub(crate) fn files(plan: &dyn ExecutionPlan) -> usize {
    let own = plan
        .downcast_ref::<DataSourceExec>()
        .and_then(|scan| scan.data_source().downcast_ref::<FileScanConfig>())
        .map_or(0, |scan| {
            scan.file_groups.iter().map(|group| group.len()).sum()
        });
    own + plan
        .children()
        .into_iter()
        .map(|child| files(child.as_ref()))
        .sum::<usize>()
}
