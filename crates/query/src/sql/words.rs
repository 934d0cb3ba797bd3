//! A statement's words, before they are parsed.

use datafusion::common::DataFusionError;
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::keywords::Keyword;
use datafusion::sql::sqlparser::parser::ParserError;
use datafusion::sql::sqlparser::tokenizer::{Token, TokenWithSpan, Tokenizer};

/// The words of a text. `cluster` is the column's name here: the parser takes it for the beginning of Hive's
/// `CLUSTER BY`, so that `SELECT node, cluster` would end before it.
pub(crate) fn words(text: &str) -> Result<Vec<TokenWithSpan>, DataFusionError> {
    let mut words = Tokenizer::new(&GenericDialect {}, text)
        .tokenize_with_location()
        .map_err(ParserError::from)?;
    for word in &mut words {
        if let Token::Word(word) = &mut word.token
            && word.quote_style.is_none()
            && word.keyword == Keyword::CLUSTER
        {
            word.keyword = Keyword::NoKeyword;
            word.quote_style = Some('"');
            word.value.make_ascii_lowercase();
        }
    }
    Ok(words)
}
