//! The same rows, written again with other properties, into memory.

use std::collections::BTreeMap;

use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, SchemaRef};
use bytes::Bytes;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::metadata::ParquetMetaData;
use parquet::file::properties::{WriterProperties, WriterPropertiesBuilder};
use parquet::schema::types::ColumnPath;

use crate::bench::Failure;
use crate::cost::{Cost, Meter};

/// How numbers are written; text, times and the rest stay as the store writes them unless it is `Everything`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Numbers {
    /// As in the file that the store wrote, column by column.
    AsStored,
    /// A dictionary, for text too: what a writer does when nothing is said.
    Dictionary,
    /// This encoding without a dictionary.
    Plainly(Encoding),
}

/// One way to write.
#[derive(Debug, Clone)]
pub(super) struct Way {
    pub(super) name: &'static str,
    pub(super) numbers: Numbers,
    pub(super) level: i32,
    pub(super) group_rows: usize,
}

/// The encodings that a file's columns have, by name; `None` stands for a dictionary.
pub(super) type Stored = BTreeMap<String, Option<Encoding>>;

/// How a file's columns are encoded.
pub(super) fn stored(file: &ParquetMetaData) -> Stored {
    let mut stored = Stored::new();
    for column in file.row_groups().iter().flat_map(|group| group.columns()) {
        let encodings: Vec<Encoding> = column.encodings().collect();
        let dictionary = encodings.contains(&Encoding::RLE_DICTIONARY)
            || encodings.contains(&Encoding::PLAIN_DICTIONARY);
        // Besides the values' encoding there is that of levels, RLE.
        let values = encodings.into_iter().find(|e| *e != Encoding::RLE);
        stored.insert(
            column.column_path().string(),
            if dictionary { None } else { values },
        );
    }
    stored
}

fn is_number(kind: &DataType) -> bool {
    matches!(kind, DataType::Int64 | DataType::Float64)
}

impl Way {
    fn properties(&self, schema: &SchemaRef, stored: &Stored) -> Result<WriterProperties, Failure> {
        let mut builder = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(self.level)?))
            .set_max_row_group_row_count(Some(self.group_rows))
            .set_data_page_row_count_limit(8_192)
            .set_write_batch_size(1024);
        if self.numbers == Numbers::Dictionary {
            return Ok(builder.build());
        }
        for field in schema.fields() {
            let encoding = match self.numbers {
                Numbers::Plainly(encoding) if is_number(field.data_type()) => {
                    // Differences of floats are not defined.
                    let float = field.data_type() == &DataType::Float64;
                    let undefined = float && encoding == Encoding::DELTA_BINARY_PACKED;
                    Some(if undefined {
                        Encoding::BYTE_STREAM_SPLIT
                    } else {
                        encoding
                    })
                }
                _ => stored.get(field.name()).copied().flatten(),
            };
            if let Some(encoding) = encoding {
                builder = without_dictionary(builder, field.name(), encoding);
            }
        }
        Ok(builder.build())
    }
}

fn without_dictionary(
    builder: WriterPropertiesBuilder,
    column: &str,
    encoding: Encoding,
) -> WriterPropertiesBuilder {
    let path = ColumnPath::from(column);
    builder
        .set_column_dictionary_enabled(path.clone(), false)
        .set_column_encoding(path, encoding)
}

/// A file in the making, and what it cost so far.
#[derive(Debug)]
pub(super) struct Rewrite {
    pub(super) way: Way,
    writer: Option<ArrowWriter<Vec<u8>>>,
    write: Cost,
}

/// A file that is done.
#[derive(Debug)]
pub(super) struct Rewritten {
    pub(super) way: Way,
    pub(super) bytes: u64,
    /// Compressed bytes by column.
    pub(super) columns: BTreeMap<String, u64>,
    pub(super) write: Cost,
    pub(super) read: Cost,
}

impl Rewrite {
    pub(super) fn new(way: Way, schema: &SchemaRef, stored: &Stored) -> Result<Rewrite, Failure> {
        let properties = way.properties(schema, stored)?;
        let writer = ArrowWriter::try_new(Vec::new(), SchemaRef::clone(schema), Some(properties))?;
        Ok(Rewrite {
            way,
            writer: Some(writer),
            write: Cost::default(),
        })
    }

    pub(super) fn push(&mut self, batch: &RecordBatch) -> Result<(), Failure> {
        let meter = Meter::start();
        if let Some(writer) = &mut self.writer {
            writer.write(batch)?;
        }
        self.write = self.write + meter.stop();
        Ok(())
    }

    /// Ends the file, and reads it once.
    pub(super) fn finish(mut self) -> Result<Rewritten, Failure> {
        let mut writer = self.writer.take().ok_or("the file is finished")?;
        let meter = Meter::start();
        let metadata = writer.finish()?;
        let write = self.write + meter.stop();
        let file = Bytes::from(std::mem::take(writer.inner_mut()));
        let bytes = file.len() as u64;
        let meter = Meter::start();
        for batch in ParquetRecordBatchReaderBuilder::try_new(file)?
            .with_batch_size(8192)
            .build()?
        {
            std::hint::black_box(batch?);
        }
        Ok(Rewritten {
            way: self.way,
            bytes,
            columns: columns(&metadata),
            write,
            read: meter.stop(),
        })
    }
}

/// Compressed bytes of a file by column.
pub(super) fn columns(file: &ParquetMetaData) -> BTreeMap<String, u64> {
    let mut columns = BTreeMap::new();
    for column in file.row_groups().iter().flat_map(|group| group.columns()) {
        *columns.entry(column.column_path().string()).or_default() +=
            column.compressed_size().unsigned_abs();
    }
    columns
}
