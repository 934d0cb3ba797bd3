//! The catalogue's schemas as Delta schemas.

use arrow::datatypes::{DataType as Arrow, Schema};
use deltalake_core::kernel::{DataType, MapType, PrimitiveType, StructField};

/// The partition column: the UTC day of a row's time. It is in the paths and the log, not in the files.
pub(crate) const DAY: &str = "day";

/// The columns of a Delta table for rows of an Arrow schema, the partition column last.
pub(crate) fn delta_columns(schema: &Schema) -> Vec<StructField> {
    let mut columns: Vec<StructField> = schema
        .fields()
        .iter()
        .map(|field| {
            StructField::new(
                field.name().clone(),
                delta_type(field.data_type()),
                field.is_nullable(),
            )
        })
        .collect();
    columns.push(StructField::new(
        DAY,
        DataType::Primitive(PrimitiveType::Date),
        true,
    ));
    columns
}

fn delta_type(arrow: &Arrow) -> DataType {
    match arrow {
        Arrow::Int64 => PrimitiveType::Long.into(),
        Arrow::Float64 => PrimitiveType::Double.into(),
        Arrow::Boolean => PrimitiveType::Boolean.into(),
        Arrow::Timestamp(_, _) => PrimitiveType::Timestamp.into(),
        Arrow::Map(_, _) => {
            let text = DataType::Primitive(PrimitiveType::String);
            MapType::new(text.clone(), text, true).into()
        }
        // Text, plain or as a dictionary.
        _ => PrimitiveType::String.into(),
    }
}
