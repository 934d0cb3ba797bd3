//! What a column of a table holds.

use std::sync::Arc;

use arrow_schema::{DataType, Field, TimeUnit};

/// The kind of value in a column, and with it the Arrow type in memory and on the wire.
///
/// Delta Lake has no unsigned integers, so [`ColumnType::Integer`] is signed in every place; a count, a number of
/// bytes or of microseconds is never negative, and the store refuses a row in which one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ColumnType {
    /// A short string that repeats (a name, an id): `Dictionary(Int32, Utf8)` in memory, a string in files.
    Text,
    /// A string that seldom repeats (a log message): `Utf8`.
    LongText,
    /// `Int64`.
    Integer,
    /// `Float64`.
    Float,
    /// `Boolean`.
    Boolean,
    /// `Timestamp(Microsecond, "UTC")`.
    Time,
    /// String to string, as Kubernetes labels are: `Map(Utf8, Utf8)`.
    Labels,
}

impl ColumnType {
    /// The Arrow type in hot memory and on the wire.
    pub fn arrow(self) -> DataType {
        match self {
            ColumnType::Text => {
                DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
            }
            ColumnType::LongText => DataType::Utf8,
            ColumnType::Integer => DataType::Int64,
            ColumnType::Float => DataType::Float64,
            ColumnType::Boolean => DataType::Boolean,
            ColumnType::Time => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
            ColumnType::Labels => DataType::Map(
                Arc::new(Field::new(
                    "key_value",
                    DataType::Struct(
                        vec![
                            Field::new("key", DataType::Utf8, false),
                            Field::new("value", DataType::Utf8, true),
                        ]
                        .into(),
                    ),
                    false,
                )),
                false,
            ),
        }
    }

    /// The Arrow type in table files, which hold strings plainly.
    pub fn file_arrow(self) -> DataType {
        match self {
            ColumnType::Text => DataType::Utf8,
            other => other.arrow(),
        }
    }
}

/// How a column's values relate to time.
///
/// `Delta` and `Gauge` are OpenTelemetry's words: delta temporality, and the gauge instrument.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Temporality {
    /// Says which entity the row is about.
    Identity,
    /// Describes the entity or the row: a file system's type, a message.
    Attribute,
    /// The increase within the row's interval.
    Delta,
    /// The value at the row's time.
    Gauge,
    /// A gauge that hardly ever changes: a capacity, a limit.
    Constant,
}

/// One column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name in every schema, with the unit as its last word where it has one.
    pub name: &'static str,
    /// The kind of value.
    pub kind: ColumnType,
    /// How values relate to time.
    pub temporality: Temporality,
    /// The unit in UCUM's case-sensitive notation (`us`, `By`, `{packet}`, `1`); empty for text.
    pub unit: &'static str,
    /// What it means, in one sentence.
    pub help: &'static str,
    /// The file and key, or the API field, that it is read from.
    pub source: &'static str,
    /// When the value is null.
    pub absent: &'static str,
}

impl Column {
    /// The Arrow field in memory and on the wire. Every column but `time` may be null.
    pub fn field(&self) -> Field {
        Field::new(self.name, self.kind.arrow(), self.name != "time")
    }
}

/// Short ways to write a column down; the `columns!` macro uses them.
impl Column {
    const fn of(
        kind: ColumnType,
        temporality: Temporality,
        [name, unit, help, source, absent]: [&'static str; 5],
    ) -> Column {
        Column {
            name,
            kind,
            temporality,
            unit,
            help,
            source,
            absent,
        }
    }

    /// Text that names the entity.
    pub(crate) const fn key(texts: [&'static str; 5]) -> Column {
        Column::of(ColumnType::Text, Temporality::Identity, texts)
    }

    /// The row's time.
    pub(crate) const fn tick(texts: [&'static str; 5]) -> Column {
        Column::of(ColumnType::Time, Temporality::Identity, texts)
    }

    /// Text that describes.
    pub(crate) const fn text(texts: [&'static str; 5]) -> Column {
        Column::of(ColumnType::Text, Temporality::Attribute, texts)
    }

    /// Text that seldom repeats.
    pub(crate) const fn prose(texts: [&'static str; 5]) -> Column {
        Column::of(ColumnType::LongText, Temporality::Attribute, texts)
    }

    /// A map of strings.
    pub(crate) const fn labels(texts: [&'static str; 5]) -> Column {
        Column::of(ColumnType::Labels, Temporality::Attribute, texts)
    }

    /// True or false.
    pub(crate) const fn flag(texts: [&'static str; 5]) -> Column {
        Column::of(ColumnType::Boolean, Temporality::Attribute, texts)
    }

    /// A moment other than the row's.
    pub(crate) const fn moment(texts: [&'static str; 5]) -> Column {
        Column::of(ColumnType::Time, Temporality::Attribute, texts)
    }

    /// An integer that describes and is not to be added up.
    pub(crate) const fn number(texts: [&'static str; 5]) -> Column {
        Column::of(ColumnType::Integer, Temporality::Attribute, texts)
    }

    /// An increase within the interval.
    pub(crate) const fn delta(texts: [&'static str; 5]) -> Column {
        Column::of(ColumnType::Integer, Temporality::Delta, texts)
    }

    /// An integer as read.
    pub(crate) const fn gauge(texts: [&'static str; 5]) -> Column {
        Column::of(ColumnType::Integer, Temporality::Gauge, texts)
    }

    /// A number with a fraction, or one that may be negative, as read.
    pub(crate) const fn level(texts: [&'static str; 5]) -> Column {
        Column::of(ColumnType::Float, Temporality::Gauge, texts)
    }

    /// An integer capacity or limit.
    pub(crate) const fn constant(texts: [&'static str; 5]) -> Column {
        Column::of(ColumnType::Integer, Temporality::Constant, texts)
    }

    /// A capacity or limit with a fraction.
    pub(crate) const fn share(texts: [&'static str; 5]) -> Column {
        Column::of(ColumnType::Float, Temporality::Constant, texts)
    }
}
