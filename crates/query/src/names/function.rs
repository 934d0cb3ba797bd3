//! Names as functions of a pod's uid and a time, for plans.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, DictionaryArray, ListBuilder, StringArray,
    StringBuilder, StringViewArray,
};
use arrow::datatypes::{DataType, Field, Int32Type, Int64Type};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

use super::facts::Facts;
use super::index::Index;
use super::name::Name;
use crate::filter::Filter;

/// How rows find their pod: the index, and how long a row's span is in microseconds (1 for a moment). What holds at the
/// span's end counts.
#[derive(Debug, Clone)]
pub(crate) struct Lookup {
    pub(crate) index: Arc<Index>,
    pub(crate) span: i64,
}

impl Lookup {
    /// The last moment of the span that a time is in.
    pub(super) fn end(&self, time: i64) -> i64 {
        let span = self.span.max(1);
        time.div_euclid(span)
            .saturating_mul(span)
            .saturating_add(span - 1)
    }
}

/// Whether the pod of a row (its uid, its time in microseconds) is called so: every filter lets its names pass. Never
/// null.
pub(crate) fn held(lookup: Lookup, filters: Vec<(Name, Filter)>, uid: Expr, time: Expr) -> Expr {
    call(lookup, Ask::Held(filters), uid, time)
}

/// A name of the pod of a row.
pub(crate) fn named(lookup: Lookup, name: Name, uid: Expr, time: Expr) -> Expr {
    call(lookup, Ask::Named(name), uid, time)
}

/// Every service of the pod of a row that a filter lets pass, as a list; null when there is none. A row that is about a
/// service tells its own.
pub(crate) fn named_each(
    lookup: Lookup,
    only: Option<Filter>,
    uid: Expr,
    time: Expr,
    own: Option<Expr>,
) -> Expr {
    call_with(lookup, Ask::Services(only), uid, time, own)
}

fn call(lookup: Lookup, ask: Ask, uid: Expr, time: Expr) -> Expr {
    call_with(lookup, ask, uid, time, None)
}

fn call_with(lookup: Lookup, ask: Ask, uid: Expr, time: Expr, own: Option<Expr>) -> Expr {
    let mut arguments = vec![uid, time];
    arguments.extend(own);
    ScalarUDF::new_from_impl(OfPod {
        signature: Signature::user_defined(Volatility::Immutable),
        lookup,
        ask,
    })
    .call(arguments)
}

/// Whether names pass. Of several values one that is wanted is enough, and one that is not is too many.
pub(crate) fn passes(filters: &[(Name, Filter)], facts: Option<&Facts>) -> bool {
    filters.iter().all(|(name, filter)| match facts {
        Some(facts) if name.is_many() && !facts.services.is_empty() => {
            let mut services = facts.services.iter();
            let test = |service: &Arc<str>| filter.matches(Some(service));
            if filter.not {
                services.all(test)
            } else {
                services.any(test)
            }
        }
        facts => filter.matches(facts.and_then(|facts| name.one(facts))),
    })
}

/// Gives the values of a name of each row's pod, row by row: none, one, or every service.
pub(crate) fn values_of_rows(
    lookup: &Lookup,
    name: &Name,
    uids: &dyn Array,
    time: impl Fn(usize) -> i64,
    take: impl FnMut(&Vec<Arc<str>>),
) -> Result<()> {
    let of = |facts: Option<&Facts>| -> Vec<Arc<str>> {
        match facts {
            None => Vec::new(),
            Some(facts) if name.is_many() => facts.services.clone(),
            Some(facts) => name.one(facts).map(Arc::from).into_iter().collect(),
        }
    };
    let time = |row: usize| lookup.end(time(row));
    Uids::of(uids)?.each(&lookup.index, uids.len(), time, of, take);
    Ok(())
}

#[derive(Debug, Clone, PartialEq)]
enum Ask {
    Held(Vec<(Name, Filter)>),
    Named(Name),
    Services(Option<Filter>),
}

#[derive(Debug)]
struct OfPod {
    signature: Signature,
    lookup: Lookup,
    ask: Ask,
}

impl PartialEq for OfPod {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.lookup.index, &other.lookup.index)
            && self.lookup.span == other.lookup.span
            && self.ask == other.ask
    }
}

impl Eq for OfPod {}

impl Hash for OfPod {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.lookup.span.hash(state);
        match &self.ask {
            Ask::Held(filters) => filters.iter().for_each(|(name, _)| name.hash(state)),
            Ask::Named(name) => name.hash(state),
            Ask::Services(_) => {}
        }
    }
}

impl ScalarUDFImpl for OfPod {
    fn name(&self) -> &str {
        match &self.ask {
            Ask::Held(_) => "pod_is_called",
            Ask::Named(_) => "pod_name_of",
            Ask::Services(_) => "pod_services",
        }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(match &self.ask {
            Ask::Held(_) => DataType::Boolean,
            Ask::Named(_) => DataType::Utf8,
            Ask::Services(_) => DataType::List(Arc::new(Field::new("item", DataType::Utf8, true))),
        })
    }

    fn coerce_types(&self, given: &[DataType]) -> Result<Vec<DataType>> {
        match given {
            [uid, _] => Ok(vec![uid.clone(), DataType::Int64]),
            [uid, _, _] => Ok(vec![uid.clone(), DataType::Int64, DataType::Utf8]),
            _ => exec_err!("{} takes a uid and a time", self.name()),
        }
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [uids, times, own @ ..] = args.args.as_slice() else {
            return exec_err!("{} takes a uid and a time", self.name());
        };
        let (uids, times) = (
            uids.to_array(args.number_rows)?,
            times.to_array(args.number_rows)?,
        );
        let uids = Uids::of(uids.as_ref())?;
        let Some(times) = times.as_primitive_opt::<Int64Type>() else {
            return exec_err!("a time is microseconds");
        };
        let rows = args.number_rows;
        let time = |row: usize| self.lookup.end(times.value(row));
        let array: ArrayRef = match &self.ask {
            Ask::Held(filters) => {
                let mut found = Vec::with_capacity(rows);
                uids.each(
                    &self.lookup.index,
                    rows,
                    time,
                    |facts| passes(filters, facts),
                    |b| {
                        found.push(*b);
                    },
                );
                Arc::new(BooleanArray::from(found))
            }
            Ask::Named(name) => {
                let mut found = StringBuilder::with_capacity(rows, rows * 16);
                let of = |facts: Option<&Facts>| {
                    facts
                        .and_then(|facts| name.one(facts))
                        .map(Arc::<str>::from)
                };
                uids.each(&self.lookup.index, rows, time, of, |text| {
                    found.append_option(text.as_deref());
                });
                Arc::new(found.finish())
            }
            Ask::Services(only) => {
                let mut found = ListBuilder::new(StringBuilder::new());
                let own = own
                    .first()
                    .map(|own| own.to_array(args.number_rows))
                    .transpose()?;
                let own = own.as_ref().and_then(|own| own.as_string_opt::<i32>());
                let mut row = 0;
                let of = |facts: Option<&Facts>| -> Vec<Arc<str>> {
                    let all = facts.map(|facts| facts.services.as_slice());
                    let wanted = |service: &&Arc<str>| {
                        only.as_ref().is_none_or(|only| only.matches(Some(service)))
                    };
                    all.unwrap_or_default()
                        .iter()
                        .filter(wanted)
                        .cloned()
                        .collect()
                };
                uids.each(&self.lookup.index, rows, time, of, |services| {
                    let own = own
                        .filter(|own| own.is_valid(row))
                        .map(|own| own.value(row));
                    row += 1;
                    if let Some(own) = own {
                        found.values().append_value(own);
                        found.append(true);
                        return;
                    }
                    for service in services {
                        found.values().append_value(service);
                    }
                    found.append(!services.is_empty());
                });
                Arc::new(found.finish())
            }
        };
        Ok(ColumnarValue::Array(array))
    }
}

/// A column of uids, whatever way it is held.
pub(super) enum Uids<'a> {
    Dictionary(&'a DictionaryArray<Int32Type>, &'a StringArray),
    Plain(&'a StringArray),
    View(&'a StringViewArray),
}

impl<'a> Uids<'a> {
    pub(super) fn of(array: &'a dyn Array) -> Result<Uids<'a>> {
        match array.data_type() {
            DataType::Utf8 => Ok(Uids::Plain(array.as_string())),
            DataType::Utf8View => Ok(Uids::View(array.as_string_view())),
            other => {
                let dictionary = array.as_dictionary_opt::<Int32Type>();
                match dictionary.and_then(|d| Some((d, d.values().as_string_opt::<i32>()?))) {
                    Some((dictionary, values)) => Ok(Uids::Dictionary(dictionary, values)),
                    None => exec_err!("a uid is text, not {other}"),
                }
            }
        }
    }

    pub(super) fn get(&self, row: usize) -> Option<&'a str> {
        match self {
            Uids::Dictionary(dictionary, values) => dictionary
                .key(row)
                .filter(|key| values.is_valid(*key))
                .map(|key| values.value(key)),
            Uids::Plain(texts) => texts.is_valid(row).then(|| texts.value(row)),
            Uids::View(texts) => texts.is_valid(row).then(|| texts.value(row)),
        }
    }

    /// What `of` says of each row's names, given to `take` row by row. Asked once for a pod that was never called
    /// otherwise, as long as its rows follow each other or share a dictionary.
    fn each<T>(
        &self,
        index: &Index,
        rows: usize,
        time: impl Fn(usize) -> i64,
        of: impl Fn(Option<&Facts>) -> T,
        mut take: impl FnMut(&T),
    ) {
        let mut by_key: Vec<Option<T>> = match self {
            Uids::Dictionary(_, values) => (0..values.len()).map(|_| None).collect(),
            _ => Vec::new(),
        };
        let unknown = of(None);
        let mut last: Option<(&str, T)> = None;
        for row in 0..rows {
            let Some(uid) = self.get(row) else {
                take(&unknown);
                continue;
            };
            let key = match self {
                Uids::Dictionary(dictionary, _) => dictionary.key(row),
                _ => None,
            };
            if let Some(Some(known)) = key.and_then(|key| by_key.get(key)) {
                take(known);
                continue;
            }
            if let Some((same, known)) = &last
                && *same == uid
            {
                take(known);
                continue;
            }
            let found = of(index.at(uid, time(row)));
            take(&found);
            if !index.is_constant(uid) {
                continue;
            }
            match key.and_then(|key| by_key.get_mut(key)) {
                Some(place) => *place = Some(found),
                None => last = Some((uid, found)),
            }
        }
    }
}
