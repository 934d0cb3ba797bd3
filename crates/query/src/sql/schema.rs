//! The names that a statement may use.

use std::sync::Arc;

use async_trait::async_trait;
use catalogue::{Table, Tier};
use datafusion::catalog::{
    CatalogProvider, MemTable, MemoryCatalogProvider, SchemaProvider, TableProvider,
};
use datafusion::common::Result;
use datafusion::prelude::SessionContext;

use crate::session::{CATALOG, SCHEMA};
use crate::tables::Tables;

/// Behind a measurement table's name: the newest row of each live entity.
pub(crate) const NOW_SUFFIX: &str = "_now";

/// Functions that make a large value from a small one, which no memory pool sees.
pub(crate) const FORBIDDEN_FUNCTIONS: [&str; 9] = [
    "repeat",
    "lpad",
    "rpad",
    "array_repeat",
    "list_repeat",
    "array_resize",
    "list_resize",
    "range",
    "generate_series",
];

/// What a table's name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Named {
    /// The rows of a tier.
    Rows(&'static Table, Tier),
    /// The newest row of each live entity.
    Now(&'static Table),
}

/// Every table's name with what it stands for.
pub(crate) fn names() -> impl Iterator<Item = (String, Named)> {
    catalogue::ALL.iter().copied().flat_map(|table| {
        let tiers = if table.has_rollups() {
            &Tier::ALL[..]
        } else {
            &Tier::ALL[..1]
        };
        let rows = tiers
            .iter()
            .map(|tier| (table.name_in(*tier), Named::Rows(table, *tier)));
        let now = table
            .has_rollups()
            .then(|| (format!("{}{NOW_SUFFIX}", table.name), Named::Now(table)));
        rows.chain(now).collect::<Vec<_>>()
    })
}

/// What a name stands for.
pub(crate) fn named(name: &str) -> Option<Named> {
    names()
        .find(|(known, _)| known == name)
        .map(|(_, named)| named)
}

/// Puts the tables into a context.
pub(crate) fn register(context: &SessionContext, tables: &Arc<dyn Tables>) -> Result<()> {
    let catalog = MemoryCatalogProvider::new();
    catalog.register_schema(
        SCHEMA,
        Arc::new(Schema {
            tables: Arc::clone(tables),
        }),
    )?;
    context.register_catalog(CATALOG, Arc::new(catalog));
    Ok(())
}

#[derive(Debug)]
struct Schema {
    tables: Arc<dyn Tables>,
}

#[async_trait]
impl SchemaProvider for Schema {
    fn table_names(&self) -> Vec<String> {
        names().map(|(name, _)| name).collect()
    }

    async fn table(&self, name: &str) -> Result<Option<Arc<dyn TableProvider>>> {
        Ok(match named(name) {
            None => None,
            Some(Named::Rows(table, tier)) => Some(self.tables.provider(table, tier)),
            Some(Named::Now(table)) => {
                let rows = self.tables.latest(table);
                Some(Arc::new(MemTable::try_new(
                    rows.schema(),
                    vec![vec![rows]],
                )?))
            }
        })
    }

    fn table_exist(&self, name: &str) -> bool {
        named(name).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_tables_share_a_name() {
        let mut all: Vec<String> = names().map(|(name, _)| name).collect();
        let count = all.len();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), count);
        assert!(all.iter().any(|n| n == "container_now"));
        assert!(all.iter().any(|n| n == "log"));
        assert!(!all.iter().any(|n| n == "log_1m" || n == "log_now"));
    }
}
