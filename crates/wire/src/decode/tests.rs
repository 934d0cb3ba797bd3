//! Frames, whole and broken, through [`super::decode`].

use std::sync::Arc;

use arrow_array::builder::{MapBuilder, StringBuilder};
use arrow_array::cast::AsArray;
use arrow_array::types::{
    Float64Type, Int8Type, Int32Type, Int64Type, TimestampMicrosecondType, UInt16Type,
};
use arrow_array::{
    Array, ArrayRef, BooleanArray, DictionaryArray, Float32Array, Float64Array, Int16Array,
    Int64Array, LargeStringArray, NullArray, RecordBatch, StringArray, StringViewArray,
    TimestampMicrosecondArray, TimestampMillisecondArray, TimestampNanosecondArray,
    TimestampSecondArray, UInt16Array, UInt64Array,
};
use arrow_ipc::CompressionType;
use arrow_ipc::writer::{IpcWriteOptions, StreamWriter};
use arrow_schema::{DataType, Field, Schema};
use catalogue::{SCHEMA_VERSION, SCHEMA_VERSION_KEY};
use proptest::prelude::*;

use super::example::TABLE;
use super::*;
use crate::encode::encode;
use crate::error::Refusal;

const NOW: i64 = 1_800_000_000_000_000;

fn read(body: &[u8]) -> Result<Conformed, DecodeError> {
    decode(&TABLE, Encoding::Identity, body, &Limits::default(), NOW)
}

fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(n, a)| (n, a, true)))
        .unwrap()
}

fn plain(batch: &RecordBatch) -> Vec<u8> {
    encode(std::slice::from_ref(batch), Encoding::Identity).unwrap()
}

fn times(times: &[i64]) -> ArrayRef {
    Arc::new(TimestampMicrosecondArray::from(times.to_vec()).with_timezone("UTC"))
}

/// Every column of the table, with `rows` rows and some nulls.
fn full(rows: usize) -> RecordBatch {
    let some = |row: usize| row % 3 != 1;
    let mut labels = MapBuilder::new(
        Some(arrow_array::builder::MapFieldNames {
            entry: "key_value".to_owned(),
            key: "key".to_owned(),
            value: "value".to_owned(),
        }),
        StringBuilder::new(),
        StringBuilder::new(),
    );
    for row in 0..rows {
        for label in 0..row % 3 {
            labels
                .keys()
                .append_value(format!("app.kubernetes.io/{label}"));
            labels.values().append_value(format!("value {row}"));
        }
        labels.append(some(row)).unwrap();
    }
    let integers = |factor: i64| -> ArrayRef {
        Arc::new(
            (0..rows)
                .map(|r| some(r).then_some(r as i64 * factor))
                .collect::<Int64Array>(),
        )
    };
    let floats = || -> ArrayRef {
        Arc::new(
            (0..rows)
                .map(|r| some(r).then_some(r as f64 / 8.0))
                .collect::<Float64Array>(),
        )
    };
    let text = (0..rows)
        .map(|r| some(r).then(|| ["a", "b", "ç"][r % 3]))
        .collect::<DictionaryArray<Int32Type>>();
    let columns: Vec<ArrayRef> = vec![
        times(&(0..rows as i64).map(|r| NOW - r).collect::<Vec<_>>()),
        Arc::new(text),
        Arc::new(
            (0..rows)
                .map(|r| some(r).then(|| format!("line {r}")))
                .collect::<StringArray>(),
        ),
        integers(1),
        integers(1 << 20),
        integers(-1),
        floats(),
        floats(),
        Arc::new(
            (0..rows)
                .map(|r| some(r).then_some(r % 2 == 0))
                .collect::<BooleanArray>(),
        ),
        Arc::new(labels.finish()),
    ];
    RecordBatch::try_new(TABLE.schema(), columns).unwrap()
}

#[test]
fn what_is_encoded_is_decoded() {
    let sent = [full(100), full(7)];
    for encoding in [Encoding::Identity, Encoding::Zstd] {
        let body = encode(&sent, encoding).unwrap();
        let got = decode(&TABLE, encoding, &body, &Limits::default(), NOW).unwrap();
        assert_eq!(got.batches, sent);
        assert_eq!((got.rows, got.schema_version), (107, Some(SCHEMA_VERSION)));
        assert!(got.ignored_columns.is_empty());
    }
}

#[test]
fn compressed_buffers_are_taken() {
    let sent = full(5000);
    for codec in [CompressionType::LZ4_FRAME, CompressionType::ZSTD] {
        let options = IpcWriteOptions::default()
            .try_with_compression(Some(codec))
            .unwrap();
        let mut body = Vec::new();
        let mut writer =
            StreamWriter::try_new_with_options(&mut body, &sent.schema(), options).unwrap();
        writer.write(&sent).unwrap();
        writer.finish().unwrap();
        assert!(body.len() < plain(&sent).len());
        assert_eq!(read(&body).unwrap().batches, std::slice::from_ref(&sent));
    }
}

#[test]
fn columns_come_in_any_order_and_may_be_missing() {
    let sent = batch(vec![
        (
            "cpu_usage_usec",
            Arc::new(Int64Array::from(vec![Some(5), None])),
        ),
        ("time", times(&[NOW, NOW + 1])),
    ]);
    let got = &read(&plain(&sent)).unwrap().batches[0];
    assert_eq!(got.schema(), TABLE.schema());
    assert_eq!(got.column(3).as_primitive::<Int64Type>().value(0), 5);
    assert!(got.column(3).is_null(1));
    for missing in [1, 2, 4, 5, 6, 7, 8, 9] {
        assert_eq!(
            got.column(missing).logical_null_count(),
            2,
            "column {missing}"
        );
    }
}

#[test]
fn every_layout_of_strings_becomes_the_table_s() {
    let words = [Some("a"), None, Some("bb"), Some("a")];
    let layouts: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from_iter(words)),
        Arc::new(LargeStringArray::from_iter(words)),
        Arc::new(StringViewArray::from_iter(words)),
        Arc::new(words.into_iter().collect::<DictionaryArray<Int8Type>>()),
        Arc::new(words.into_iter().collect::<DictionaryArray<Int32Type>>()),
        // A null among the values instead of among the keys.
        Arc::new(DictionaryArray::<Int32Type>::new(
            vec![0, 1, 2, 0].into(),
            Arc::new(StringArray::from(vec![Some("a"), None, Some("bb")])),
        )),
        Arc::new(DictionaryArray::<UInt16Type>::new(
            UInt16Array::from(vec![Some(2), None, Some(1), Some(2)]),
            Arc::new(LargeStringArray::from(vec!["unused", "bb", "a"])),
        )),
    ];
    for layout in layouts {
        let sent = batch(vec![
            ("time", times(&[NOW; 4])),
            ("node", Arc::clone(&layout)),
            ("message", Arc::clone(&layout)),
        ]);
        let got = &read(&plain(&sent)).unwrap().batches[0];
        let node = got.column(1).as_dictionary::<Int32Type>();
        assert_eq!(node.values().null_count(), 0, "{}", layout.data_type());
        let node: Vec<_> = node
            .downcast_dict::<StringArray>()
            .unwrap()
            .into_iter()
            .collect();
        let message: Vec<_> = got.column(2).as_string::<i32>().iter().collect();
        assert_eq!(node, words, "{}", layout.data_type());
        assert_eq!(message, words, "{}", layout.data_type());
    }
}

#[test]
fn numbers_and_times_are_widened() {
    let sent = batch(vec![
        (
            "time",
            Arc::new(TimestampMillisecondArray::from(vec![NOW / 1000; 2])),
        ),
        (
            "cpu_usage_usec",
            Arc::new(Int16Array::from(vec![Some(7), None])),
        ),
        (
            "memory_usage_bytes",
            Arc::new(UInt64Array::from(vec![Some(i64::MAX as u64), None])),
        ),
        ("share", Arc::new(Float32Array::from(vec![0.5, 0.25]))),
        ("ready", Arc::new(NullArray::new(2))),
    ]);
    let got = &read(&plain(&sent)).unwrap().batches[0];
    assert_eq!(
        got.column(0)
            .as_primitive::<TimestampMicrosecondType>()
            .value(0),
        NOW
    );
    assert_eq!(got.column(3).as_primitive::<Int64Type>().value(0), 7);
    assert_eq!(got.column(4).as_primitive::<Int64Type>().value(0), i64::MAX);
    assert_eq!(got.column(6).as_primitive::<Float64Type>().value(1), 0.25);
    assert_eq!(got.column(8).null_count(), 2);

    let seconds: ArrayRef =
        Arc::new(TimestampSecondArray::from(vec![NOW / 1_000_000]).with_timezone("+09:00"));
    let nanos: ArrayRef = Arc::new(TimestampNanosecondArray::from(vec![NOW * 1000 + 999]));
    for time in [seconds, nanos] {
        let got = &read(&plain(&batch(vec![("time", time)]))).unwrap().batches[0];
        assert_eq!(
            got.column(0)
                .as_primitive::<TimestampMicrosecondType>()
                .value(0),
            NOW
        );
    }
}

#[test]
fn labels_of_other_writers_are_taken() {
    // pyarrow calls them entries, key and value; others keys and values.
    let mut labels = MapBuilder::new(None, StringBuilder::new(), StringBuilder::new());
    labels.keys().append_value("app");
    labels.values().append_value("web");
    labels.append(true).unwrap();
    let sent = batch(vec![
        ("time", times(&[NOW])),
        ("labels", Arc::new(labels.finish())),
    ]);
    let got = &read(&plain(&sent)).unwrap().batches[0];
    let entries = got.column(9).as_map().value(0);
    assert_eq!(entries.column(0).as_string::<i32>().value(0), "app");
    assert_eq!(entries.column(1).as_string::<i32>().value(0), "web");
}

fn refused(columns: Vec<(&str, ArrayRef)>) -> DecodeError {
    read(&plain(&batch(columns))).unwrap_err()
}

#[test]
fn faults_name_table_column_and_row() {
    let t = || ("time", times(&[NOW, NOW, NOW]));
    let integers = |v: [i64; 3]| -> ArrayRef { Arc::new(Int64Array::from(v.to_vec())) };
    let cases = [
        (
            refused(vec![t(), ("cpu_usage_usec", integers([1, 2, -3]))]),
            "row 2, column cpu_usage_usec of table example is -3, and must not be below zero",
        ),
        (
            refused(vec![t(), ("memory_usage_bytes", integers([1, -2, 3]))]),
            "row 1, column memory_usage_bytes of table example is -2, and must not be below zero",
        ),
        (
            refused(vec![
                t(),
                (
                    "seconds",
                    Arc::new(Float64Array::from(vec![0.0, f64::NAN, 0.0])),
                ),
            ]),
            "row 1, column seconds of table example is NaN, and must not be below zero",
        ),
        (
            refused(vec![
                t(),
                (
                    "cpu_usage_usec",
                    Arc::new(UInt64Array::from(vec![0, u64::MAX, 0])),
                ),
            ]),
            "row 1, column cpu_usage_usec of table example holds 18446744073709551615, which does not fit Int64",
        ),
        (
            refused(vec![
                t(),
                ("cpu_usage_usec", Arc::new(StringArray::from(vec!["1"; 3]))),
            ]),
            "column cpu_usage_usec of table example is Utf8, which is not turned into Int64",
        ),
        (
            refused(vec![t(), ("cpu", integers([1, 2, 3]))]),
            "table example has no column \"cpu\"",
        ),
        (
            refused(vec![("cpu_usage_usec", integers([1, 2, 3]))]),
            "row 0 of table example has no time",
        ),
        (
            refused(vec![(
                "time",
                Arc::new(
                    TimestampMicrosecondArray::from(vec![Some(NOW), None, None])
                        .with_timezone("UTC"),
                ),
            )]),
            "row 1 of table example has no time",
        ),
        (
            refused(vec![("time", times(&[NOW, 946_684_799_999_999, NOW]))]),
            "row 1 of table example has the time 946684799 s since 1970, before the year 2000: set the sender's clock",
        ),
        (
            refused(vec![("time", times(&[NOW, NOW, NOW + 86_400_000_001]))]),
            "row 2 of table example has the time 1800086400 s since 1970, too far ahead of the server's clock: set the \
             sender's clock",
        ),
    ];
    for (error, words) in cases {
        assert_eq!(error.to_string(), words);
        assert_eq!(error.refusal(), Refusal::Unfit);
    }
}

#[test]
fn rows_are_counted_through_the_batches() {
    let good = batch(vec![
        ("time", times(&[NOW, NOW])),
        ("cpu_usage_usec", Arc::new(Int64Array::from(vec![1, 2]))),
    ]);
    let bad = batch(vec![
        ("time", times(&[NOW, NOW])),
        ("cpu_usage_usec", Arc::new(Int64Array::from(vec![1, -2]))),
    ]);
    let body = encode(&[good, bad], Encoding::Identity).unwrap();
    assert!(matches!(
        read(&body),
        Err(DecodeError::Negative { row: 3, .. })
    ));
}

#[test]
fn values_that_may_be_negative_and_values_under_nulls_are_let_through() {
    let under_null = Int64Array::new(vec![-1, 1].into(), Some(vec![false, true].into()));
    let sent = batch(vec![
        ("time", times(&[NOW, NOW])),
        ("exit_code", Arc::new(Int64Array::from(vec![-9, 0]))),
        ("cpu_usage_usec", Arc::new(under_null)),
        ("share", Arc::new(Float64Array::from(vec![-0.5, f64::NAN]))),
    ]);
    assert_eq!(read(&plain(&sent)).unwrap().rows, 2);
}

#[test]
fn a_newer_sender_s_columns_are_left_out_and_named() {
    let schema = |version: u32| {
        Arc::new(Schema::new_with_metadata(
            vec![
                Field::new("invented_later", DataType::Int64, true),
                Field::new("time", catalogue::ColumnType::Time.arrow(), false),
            ],
            [(SCHEMA_VERSION_KEY.to_owned(), version.to_string())].into(),
        ))
    };
    let columns: Vec<ArrayRef> = vec![Arc::new(Int64Array::from(vec![1])), times(&[NOW])];
    let newer = RecordBatch::try_new(schema(SCHEMA_VERSION + 1), columns.clone()).unwrap();
    let got = read(&plain(&newer)).unwrap();
    assert_eq!(got.ignored_columns, ["invented_later"]);
    assert_eq!(
        (got.rows, got.schema_version),
        (1, Some(SCHEMA_VERSION + 1))
    );
    let same = RecordBatch::try_new(schema(SCHEMA_VERSION), columns).unwrap();
    assert!(matches!(
        read(&plain(&same)),
        Err(DecodeError::UnknownColumn { .. })
    ));
}

#[test]
fn a_column_that_comes_twice_is_refused() {
    let field = |name: &str| Field::new(name, DataType::Int64, true);
    let time = Field::new("time", catalogue::ColumnType::Time.arrow(), false);
    let schema = Arc::new(Schema::new(vec![
        time,
        field("cpu_usage_usec"),
        field("cpu_usage_usec"),
    ]));
    let one = || -> ArrayRef { Arc::new(Int64Array::from(vec![1])) };
    let sent = RecordBatch::try_new(schema, vec![times(&[NOW]), one(), one()]).unwrap();
    assert!(matches!(
        read(&plain(&sent)),
        Err(DecodeError::DuplicateColumn { .. })
    ));
}

#[test]
fn bounds_hold() {
    let sent = full(1000);
    let body = encode(std::slice::from_ref(&sent), Encoding::Zstd).unwrap();
    let stream = plain(&sent);
    let with = |limits: Limits| decode(&TABLE, Encoding::Zstd, &body, &limits, NOW).unwrap_err();
    let limits = Limits::default();
    for error in [
        with(Limits {
            compressed_bytes: body.len() - 1,
            ..limits
        }),
        with(Limits {
            decompressed_bytes: stream.len() - 1,
            ..limits
        }),
        with(Limits {
            rows: 999,
            ..limits
        }),
    ] {
        assert_eq!(error.refusal(), Refusal::TooLarge, "{error}");
    }
    let exact = Limits {
        compressed_bytes: body.len(),
        decompressed_bytes: stream.len(),
        rows: 1000,
        ..limits
    };
    assert!(decode(&TABLE, Encoding::Zstd, &body, &exact, NOW).is_ok());
}

#[test]
fn a_zstd_bomb_is_refused_without_unfolding_it() {
    let limits = Limits {
        decompressed_bytes: 1 << 20,
        ..Limits::default()
    };
    // With its size in the header, and as a stream without.
    let zeros = vec![0u8; 64 << 20];
    let sized = zstd::bulk::compress(&zeros, 1).unwrap();
    let streamed = zstd::stream::encode_all(zeros.as_slice(), 1).unwrap();
    for bomb in [sized, streamed] {
        assert!(bomb.len() < 20_000);
        let error = decode(&TABLE, Encoding::Zstd, &bomb, &limits, NOW).unwrap_err();
        assert_eq!(error.refusal(), Refusal::TooLarge, "{error}");
    }
}

#[test]
fn a_buffer_that_says_it_becomes_terabytes_is_refused() {
    let sent = full(5000);
    for codec in [CompressionType::LZ4_FRAME, CompressionType::ZSTD] {
        let options = IpcWriteOptions::default()
            .try_with_compression(Some(codec))
            .unwrap();
        let mut body = Vec::new();
        let mut writer =
            StreamWriter::try_new_with_options(&mut body, &sent.schema(), options).unwrap();
        writer.write(&sent).unwrap();
        writer.finish().unwrap();
        // The first column's values: 5000 × 8 bytes, written as such before the compressed bytes.
        let length = 40_000i64.to_le_bytes();
        let at = body.windows(8).position(|w| w == length).unwrap();
        body[at..at + 8].copy_from_slice(&(1i64 << 45).to_le_bytes());
        assert_eq!(read(&body).unwrap_err().refusal(), Refusal::TooLarge);
    }
}

#[test]
fn an_empty_body_is_malformed_and_a_batch_without_rows_is_not() {
    assert_eq!(read(b"").unwrap_err().refusal(), Refusal::Malformed);
    let got = read(&plain(&full(0))).unwrap();
    assert_eq!((got.rows, got.batches.len()), (0, 0));
}

#[test]
fn a_body_cut_anywhere_is_refused() {
    let body = encode(&[full(5), full(4)], Encoding::Identity).unwrap();
    // The end mark is 0xFFFFFFFF and a length of zero; a reader of the older format takes the zeros alone.
    for end in 0..body.len() {
        let error = read(&body[..end]).unwrap_err();
        assert_eq!(error.refusal(), Refusal::Malformed, "cut at {end}: {error}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, ..ProptestConfig::default() })]

    /// Any bytes changed, anywhere: an answer comes, and what is let through has the table's schema and keeps its rules.
    #[test]
    fn mutated_frames_are_answered(
        lz4 in any::<bool>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let sent = full(40);
        let codec = lz4.then_some(CompressionType::LZ4_FRAME);
        let options = IpcWriteOptions::default().try_with_compression(codec).unwrap();
        let mut body = Vec::new();
        let mut writer = StreamWriter::try_new_with_options(&mut body, &sent.schema(), options).unwrap();
        writer.write(&sent).unwrap();
        writer.finish().unwrap();
        for (at, value) in changes {
            let at = at.index(body.len());
            body[at] = value;
        }
        if let Some(cut) = cut {
            body.truncate(cut.index(body.len()));
        }
        if let Ok(got) = read(&body) {
            for batch in got.batches {
                prop_assert_eq!(batch.schema(), TABLE.schema());
                for column in batch.columns() {
                    column.to_data().validate_full().unwrap();
                }
            }
        }
    }

    #[test]
    fn noise_is_answered(body in prop::collection::vec(any::<u8>(), 0..300), zstd in any::<bool>()) {
        let encoding = if zstd { Encoding::Zstd } else { Encoding::Identity };
        let _ = decode(&TABLE, encoding, &body, &Limits::default(), NOW);
    }
}
