//! Prints the rows of two ticks of this machine, then what was read and what could not be.
//!
//! `cargo run -p agent --example sources -- [seconds between ticks] [root of the host]`

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use agent::sampler::Sampler;
use agent::source::{Options, Roots};
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type, Int64Type};
use arrow_array::{Array, RecordBatch};
use arrow_schema::DataType;

fn now() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |d| d.as_micros() as i64)
}

fn value(array: &dyn Array, row: usize) -> Option<String> {
    if array.is_null(row) {
        return None;
    }
    match array.data_type() {
        DataType::Int64 => Some(array.as_primitive::<Int64Type>().value(row).to_string()),
        DataType::Float64 => Some(array.as_primitive::<Float64Type>().value(row).to_string()),
        DataType::Boolean => Some(array.as_boolean().value(row).to_string()),
        DataType::Dictionary(..) => {
            let texts = array.as_dictionary::<Int32Type>();
            let key = usize::try_from(texts.keys().value(row)).ok()?;
            Some(texts.values().as_string::<i32>().value(key).to_owned())
        }
        _ => Some("…".to_owned()),
    }
}

fn print(batch: &RecordBatch) {
    let schema = batch.schema();
    for row in 0..batch.num_rows() {
        let cells: Vec<String> = schema
            .fields()
            .iter()
            .zip(batch.columns())
            .filter_map(|(field, column)| Some(format!("{}={}", field.name(), value(column, row)?)))
            .collect();
        println!("  {}", cells.join(" "));
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let seconds: f64 = arguments.next().as_deref().unwrap_or("2").parse()?;
    let roots = arguments
        .next()
        .map(|host| Roots::under(host.as_ref()))
        .unwrap_or_default();
    let mut sampler = Sampler::new(Options {
        roots,
        ..Options::default()
    })?;
    for tick in 0..2 {
        if tick > 0 {
            std::thread::sleep(Duration::from_secs_f64(seconds));
        }
        for batch in sampler.tick(now()) {
            println!("{} ({} rows)", batch.table.name, batch.batch.num_rows());
            if tick > 0 {
                print(&batch.batch);
            }
        }
    }
    println!("{}", serde_json::to_string_pretty(&sampler.report())?);
    Ok(())
}
