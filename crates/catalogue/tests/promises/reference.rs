//! `docs/reference/metrics.md` is what the catalogue says.

use crate::{HOW, file, update};

#[test]
fn page_is_generated() {
    let path = file("../../docs/reference/metrics.md");
    let page = catalogue::reference();
    if update() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &page).unwrap();
        return;
    }
    let written = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("docs/reference/metrics.md: {error}; {HOW}"));
    let differs = written.lines().zip(page.lines()).position(|(a, b)| a != b);
    if let Some(line) = differs {
        panic!(
            "docs/reference/metrics.md differs in line {}; {HOW}",
            line + 1
        );
    }
    assert_eq!(
        written.len(),
        page.len(),
        "docs/reference/metrics.md is longer or shorter; {HOW}"
    );
}

#[test]
fn page_names_every_column_and_every_metric() {
    let page = catalogue::reference();
    for table in catalogue::ALL {
        for column in table.columns {
            assert!(
                page.contains(&format!("| `{}` |", column.name)),
                "{}",
                column.name
            );
        }
    }
    for name in catalogue::metrics()
        .map(|m| m.name)
        .chain(catalogue::waiting().map(|w| w.name))
    {
        let found = ["`", "{"]
            .iter()
            .any(|end| page.contains(&format!("`{name}{end}")));
        assert!(found, "{name}");
    }
}

#[test]
fn page_is_well_formed() {
    // Every line of a Markdown table has as many cells as its head.
    let page = catalogue::reference();
    let mut width = None;
    for line in page.lines() {
        let cells = line.replace("\\|", "").matches('|').count();
        match width {
            _ if !line.starts_with('|') => width = None,
            None => width = Some(cells),
            Some(width) => assert_eq!(cells, width, "{line}"),
        }
    }
}
