//! Text as small numbers.

use arrow::array::{Array, ArrayRef, AsArray, StringArray};
use arrow::datatypes::{DataType, Int32Type};
use hashbrown::HashMap;
use std::sync::Arc;

/// The code of a null.
pub(crate) const NULL: i32 = -1;

/// Gives each distinct text of a column a code: 0, 1, 2, …
#[derive(Debug, Default)]
pub(crate) struct Interner {
    codes: HashMap<Box<str>, i32, foldhash::fast::RandomState>,
    texts: Vec<Box<str>>,
}

impl Interner {
    pub(crate) fn code(&mut self, text: &str) -> i32 {
        if let Some(code) = self.codes.get(text) {
            return *code;
        }
        let code = self.texts.len() as i32;
        self.codes.insert(text.into(), code);
        self.texts.push(text.into());
        code
    }

    pub(crate) fn len(&self) -> usize {
        self.texts.len()
    }

    /// The codes of a column's rows, [`NULL`] for nulls. Each distinct value of a dictionary is looked up once.
    pub(crate) fn codes(&mut self, column: &ArrayRef) -> Vec<i32> {
        match column.data_type() {
            DataType::Dictionary(_, _) => {
                let Some(dictionary) = column.as_any_dictionary_opt() else {
                    return vec![NULL; column.len()];
                };
                let Some(keys) = dictionary.keys().as_primitive_opt::<Int32Type>() else {
                    return vec![NULL; column.len()];
                };
                let Some(values) = dictionary.values().as_string_opt::<i32>() else {
                    return vec![NULL; column.len()];
                };
                let mut known = vec![i32::MIN; values.len()];
                keys.iter()
                    .map(|key| {
                        let Some(key) = key.map(|k| k as usize).filter(|k| values.is_valid(*k))
                        else {
                            return NULL;
                        };
                        if known[key] == i32::MIN {
                            known[key] = self.code(values.value(key));
                        }
                        known[key]
                    })
                    .collect()
            }
            _ => match column.as_string_opt::<i32>() {
                Some(values) => values
                    .iter()
                    .map(|v| v.map_or(NULL, |v| self.code(v)))
                    .collect(),
                None => vec![NULL; column.len()],
            },
        }
    }

    /// Every text, in the order of the codes.
    pub(crate) fn values(&self) -> ArrayRef {
        Arc::new(StringArray::from_iter_values(self.texts.iter()))
    }
}
