//! Lists of texts.

use super::FromText;

/// Any number of texts, written as a list in brackets (`["a", "b"]`) or, where there is one, as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct List(pub(crate) Vec<String>);

impl List {
    /// How it is written.
    pub(crate) fn text(items: &[String]) -> String {
        // A list of texts is always JSON.
        serde_json::to_string(items).unwrap_or_default()
    }
}

impl FromText for List {
    fn from_text(text: &str) -> Result<List, String> {
        let trimmed = text.trim();
        if trimmed.is_empty() {
            return Ok(List::default());
        }
        let items = if trimmed.starts_with('[') {
            serde_json::from_str(trimmed).map_err(|_| {
                "write a list of texts in quotes, such as [\"one\", \"two\"]".to_owned()
            })?
        } else {
            vec![text.to_owned()]
        };
        for item in &items {
            String::from_text(item)?;
        }
        Ok(List(items))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_text_or_a_list() {
        let list = |text: &str| List::from_text(text).map(|list| list.0);
        assert_eq!(list(" "), Ok(vec![]));
        assert_eq!(
            list("namespace=shop"),
            Ok(vec!["namespace=shop".to_owned()])
        );
        assert_eq!(list("[]"), Ok(vec![]));
        let two = vec!["a, b".to_owned(), "[0-9]+ => x".to_owned()];
        let written = List::text(&two);
        assert_eq!(list(&written), Ok(two));
        assert!(list("[0-9]+ => x").unwrap_err().contains("in quotes"));
        assert!(list("[1]").is_err());
        assert!(list("[\"a\\nb\"]").is_err(), "two lines");
    }
}
