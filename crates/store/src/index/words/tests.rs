use datafusion::functions::regex::expr_fn::regexp_like;
use datafusion::functions::string::expr_fn::{contains, lower, starts_with};
use datafusion::functions::unicode::expr_fn::strpos;
use std::sync::Arc;

use arrow::array::{AsArray, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use datafusion::common::DFSchema;
use datafusion::logical_expr::{col, lit};
use datafusion::prelude::SessionContext;
use proptest::prelude::*;

use super::*;
use crate::index::IndexBuilder;

fn has(words: &[&str]) -> Words {
    all(words.iter().map(|w| Words::Has(token_hash(w.as_bytes()))))
}

fn found(filter: Expr) -> Words {
    Words::of(&[filter])
}

fn message() -> Expr {
    col(MESSAGE)
}

#[test]
fn of_a_substring_the_whole_tokens_count() {
    assert_eq!(
        found(contains(message(), lit("n reset by pe"))),
        has(&["reset", "by"])
    );
    assert_eq!(found(contains(message(), lit("reset"))), Words::Any);
    assert_eq!(found(contains(message(), lit(" Reset "))), has(&["reset"]));
    assert_eq!(
        found(message().like(lit("%n reset by pe%"))),
        has(&["reset", "by"])
    );
    assert_eq!(found(message().like(lit("GET /api%"))), has(&["get"]));
    assert_eq!(
        found(message().like(lit("%/api done"))),
        has(&["api", "done"])
    );
    assert_eq!(found(message().like(lit("% a_b c %"))), has(&["c"]));
    assert_eq!(found(message().like(lit("% a\\_b c %"))), has(&["c"]));
    assert_eq!(found(message().not_like(lit("% a %"))), Words::Any);
    assert_eq!(found(strpos(message(), lit(" a ")).gt(lit(0))), has(&["a"]));
    assert_eq!(
        found(lit(0i64).lt(strpos(message(), lit(" a ")))),
        has(&["a"])
    );
    assert_eq!(found(strpos(message(), lit(" a ")).gt(lit(-1))), Words::Any);
    assert_eq!(found(strpos(message(), lit(" a ")).lt(lit(1))), Words::Any);
    assert_eq!(found(starts_with(message(), lit("GET /x"))), has(&["get"]));
    assert_eq!(
        found(message().eq(lit("all of it"))),
        has(&["all", "of", "it"])
    );
    assert_eq!(found(col("pod").like(lit("% a %"))), Words::Any);
}

#[test]
fn without_case_only_ascii_is_known() {
    assert_eq!(
        found(message().ilike(lit("% Größe disk x %"))),
        has(&["disk", "x"])
    );
    assert_eq!(
        found(lower(message()).like(lit("% größe disk x %"))),
        has(&["disk", "x"])
    );
    assert_eq!(
        found(message().like(lit("% größe x %"))),
        has(&["größe", "x"])
    );
    // In lower case İ is an i and a dot, which is no letter.
    assert_eq!(
        found(lower(message()).like(lit("% i\u{307} x %"))),
        has(&["x"])
    );
}

#[test]
fn of_a_regex_what_every_match_has() {
    let regex = |re: &str| found(regexp_like(message(), lit(re), None));
    let any_case = |re: &str| found(regexp_like(message(), lit(re), Some(lit("i"))));
    assert_eq!(regex("connection reset by"), has(&["reset"]));
    assert_eq!(regex("^GET /api/.* 500$"), has(&["get", "api", "500"]));
    assert_eq!(regex(r"took \d+ ms,"), has(&["ms"]));
    assert_eq!(regex(r"\serror\s+code:"), has(&["error", "code"]));
    assert_eq!(regex(r"\berror\b"), Words::Any);
    assert_eq!(any_case(" Disk full,"), has(&["disk", "full"]));
    assert_eq!(any_case(" Größe x,"), has(&["x"]));
    assert_eq!(regex("( a |b )c d "), all([Words::Has(token_hash(b"d"))]));
    assert_eq!(
        regex("( a | b )"),
        Words::Either(vec![has(&["a"]), has(&["b"])])
    );
    assert_eq!(regex("( a )+"), has(&["a"]));
    assert_eq!(regex("( a )*"), Words::Any);
    assert_eq!(regex("("), Words::Any);
    assert_eq!(
        found(regexp_like(message(), lit(" a "), Some(lit("x")))),
        Words::Any
    );
}

#[test]
fn conditions_are_joined_as_filters_are() {
    let a = || contains(message(), lit(" a "));
    let b = || contains(message(), lit(" b "));
    let other = || col("pod").eq(lit("x"));
    assert_eq!(found(a().and(b()).and(other())), has(&["a", "b"]));
    assert_eq!(
        found(a().or(b())),
        Words::Either(vec![has(&["a"]), has(&["b"])])
    );
    assert_eq!(found(a().or(other())), Words::Any);
    assert_eq!(found(Expr::Not(Box::new(a()))), Words::Any);
    assert_eq!(Words::of(&[a(), b()]), has(&["a", "b"]));
}

#[test]
fn has_word_needs_all_but_a_beginning() {
    assert_eq!(has_word("Connection reset"), has(&["connection", "reset"]));
    assert_eq!(has_word("connection res*"), has(&["connection"]));
    assert_eq!(has_word("*"), Words::Any);
}

/// Text in which words meet what can be around them, and letters that are more than one when case does not count.
fn messages() -> impl Strategy<Value = Vec<String>> {
    let part = prop::sample::select(vec![
        "a",
        "ab",
        "disk",
        "DISK",
        "dis\u{212a}",
        "di\u{17f}k",
        "größe",
        "GRÖßE",
        "\u{130}",
        "i\u{307}",
        "i",
        "_",
        "9",
        "²",
        " ",
        " ",
        "-",
        ".",
        "\n",
        "。",
        "é",
        "k",
        "s",
        "full",
    ]);
    let message = prop::collection::vec(part, 0..8).prop_map(|parts| parts.concat());
    prop::collection::vec(message, 1..30)
}

fn filters(text: String) -> Vec<Expr> {
    let regex = regex_syntax::escape(&text);
    let like = format!("%{}%", text.replace('_', "\\_"));
    let any_case = || Some(lit("i"));
    vec![
        contains(message(), lit(text.clone())),
        starts_with(message(), lit(text.clone())),
        strpos(message(), lit(text.clone())).gt(lit(0)),
        message().eq(lit(text.clone())),
        message().like(lit(like.clone())),
        message().like(lit(text.replace('a', "_"))),
        message().ilike(lit(like.clone())),
        lower(message()).like(lit(like.to_lowercase())),
        contains(lower(message()), lit(text.to_lowercase())),
        regexp_like(message(), lit(regex.clone()), None),
        regexp_like(message(), lit(regex.clone()), any_case()),
        regexp_like(message(), lit(format!("^{regex}$")), any_case()),
        regexp_like(message(), lit(format!("({regex})+|disk ")), None),
        regexp_like(message(), lit(regex.replace(' ', "\\\\s+")), any_case()),
        regexp_like(lower(message()), lit(regex.to_lowercase()), None),
        contains(message(), lit(text.clone())).or(message().like(lit("% full %"))),
        contains(message(), lit(text)).and(message().like(lit("%disk%"))),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    /// The one promise of the index: a message that a filter is true of is never in a block that is left out.
    #[test]
    fn no_message_that_fits_is_left_out(messages in messages(), other in "[a-z ks._-]{0,6}", from in 0..30usize,
        cut in (0..12usize, 0..12usize)) {
        // Mostly a piece of a message, so that there is something to find.
        let chars: Vec<char> = messages[from % messages.len()].chars().collect();
        let (a, b) = (cut.0.min(chars.len()), (cut.0 + cut.1).min(chars.len()));
        let piece: String = chars[a..b].iter().collect();
        let schema = Arc::new(Schema::new(vec![Field::new(MESSAGE, DataType::Utf8, true)]));
        let rows = StringArray::from_iter_values(&messages);
        let batch = RecordBatch::try_new(schema.clone(), vec![Arc::new(rows)]).unwrap();
        let columns = DFSchema::try_from(schema.as_ref().clone()).unwrap();
        let context = SessionContext::new();
        for filter in filters(piece).into_iter().chain(filters(other)) {
            let words = Words::of(std::slice::from_ref(&filter));
            let plan = context.create_physical_expr(filter.clone(), &columns).unwrap();
            let found = plan.evaluate(&batch).unwrap().into_array(batch.num_rows()).unwrap();
            for (row, fits) in found.as_boolean().iter().enumerate() {
                let mut builder = IndexBuilder::new(1);
                builder.add(&messages[row]);
                let index = builder.finish();
                let block = index.blocks[0].as_ref().unwrap();
                prop_assert!(fits != Some(true) || words.may_match(block), "{filter} on {:?}", messages[row]);
            }
        }
    }
}
