//! The reference page `docs/reference/metrics.md`.

mod names;
mod tables;

/// The page as Markdown: every table with its columns, every name of every dialect with its formula.
pub fn reference() -> String {
    let mut page = String::from(INTRODUCTION);
    tables::write(&mut page);
    names::write(&mut page);
    page
}

const INTRODUCTION: &str = "\
# What is measured, and what it is called

<!-- Written by the catalogue: change crates/catalogue, then `KANSOKU_UPDATE=1 cargo nextest run -p catalogue`. -->

Kansoku keeps one wide row for each entity and interval. A **delta** column holds the increase within the row's
interval, whose measured length is `interval_usec`; a **gauge** holds the value at the row's time; a **constant** is
a gauge that hardly ever changes. **Identity** names the entity, an **attribute** describes it. What is not known is
null, never zero. Units are UCUM's: `us` microseconds, `By` bytes, `1` or words in braces for counts.

`/api/metrics` takes, for a table, its Container Insights names, its numeric columns, and `<column>_per_second` for a
delta column. Rows of one minute, five minutes and an hour are in `<table>_1m`, `_5m` and `_1h`: deltas and
`interval_usec` added up, constants and attributes as last seen, a gauge `x` as `x_min`, `x_max`, `x_sum` and
`x_count`, and `samples` and `minutes`, how many rows went in.
";

/// A table of Markdown.
fn grid(page: &mut String, head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) {
    let mut line = |cells: &[String]| {
        page.push('|');
        for cell in cells {
            page.push(' ');
            page.push_str(&cell.replace('|', "\\|"));
            page.push_str(if cell.is_empty() { "|" } else { " |" });
        }
        page.push('\n');
    };
    line(&head.iter().map(|h| (*h).to_owned()).collect::<Vec<_>>());
    line(&head.iter().map(|_| "---".to_owned()).collect::<Vec<_>>());
    for row in rows {
        line(&row);
    }
}

fn code(text: impl std::fmt::Display) -> String {
    let text = text.to_string();
    if text.is_empty() {
        text
    } else {
        format!("`{text}`")
    }
}
