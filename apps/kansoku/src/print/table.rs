//! Columns of text, each as wide as its widest cell, without rules: easy to read, and to cut with awk.

/// Which side of a column its cells stand on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    /// Names.
    Left,
    /// Numbers.
    Right,
}

/// A table being filled.
#[derive(Debug, Clone, Default)]
pub(crate) struct TextTable {
    heads: Vec<(String, Align)>,
    rows: Vec<Vec<String>>,
}

/// Between columns, as kubectl has it.
const GAP: &str = "   ";

impl TextTable {
    /// A table with these columns.
    pub(crate) fn new(heads: impl IntoIterator<Item = (String, Align)>) -> TextTable {
        TextTable {
            heads: heads.into_iter().collect(),
            rows: Vec::new(),
        }
    }

    /// Appends a row; cells beyond the columns are not shown, missing ones are empty.
    pub(crate) fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    /// The lines, heads first, none with spaces at its end.
    pub(crate) fn lines(&self) -> Vec<String> {
        let width = |at: usize| {
            let cells = self
                .rows
                .iter()
                .filter_map(|row| row.get(at))
                .chain([&self.heads[at].0]);
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..self.heads.len()).map(width).collect();
        let heads: Vec<String> = self.heads.iter().map(|(head, _)| head.clone()).collect();
        std::iter::once(&heads)
            .chain(&self.rows)
            .map(|row| self.line(row, &widths))
            .collect()
    }

    fn line(&self, row: &[String], widths: &[usize]) -> String {
        let mut line = String::new();
        for (at, ((_, align), width)) in self.heads.iter().zip(widths).enumerate() {
            let cell = row.get(at).map_or("", String::as_str);
            let fill = " ".repeat(width - cell.chars().count());
            if at > 0 {
                line.push_str(GAP);
            }
            match align {
                Align::Left => line.extend([cell, &fill]),
                Align::Right => line.extend([&fill, cell]),
            }
        }
        line.truncate(line.trim_end().len());
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_left_and_numbers_right() {
        let mut table = TextTable::new([
            ("NAME".to_owned(), Align::Left),
            ("CPU".to_owned(), Align::Right),
        ]);
        table.row(vec!["観測".to_owned(), "5m".to_owned()]);
        table.row(vec!["a-long-name".to_owned(), "1500m".to_owned()]);
        table.row(vec!["x".to_owned()]);
        assert_eq!(
            table.lines(),
            [
                "NAME            CPU",
                "観測               5m",
                "a-long-name   1500m",
                "x"
            ]
        );
    }
}
