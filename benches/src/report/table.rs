//! Markdown tables whose source can be read too.

use std::fmt;

/// Rows of text under a head. The first column is set to the left, the rest to the right.
#[derive(Debug, Default)]
pub(crate) struct Table {
    title: String,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with its title and the names of its columns.
    pub(crate) fn new(title: impl Into<String>, head: &[&str]) -> Table {
        Table {
            title: title.into(),
            rows: vec![head.iter().map(|h| (*h).to_owned()).collect()],
        }
    }

    pub(crate) fn row<const N: usize>(&mut self, cells: [String; N]) {
        self.rows.push(cells.into());
    }

    /// Prints it at once, so that a long run shows how far it is.
    pub(crate) fn print(&self) {
        println!("{self}");
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let columns = self.rows.first().map_or(0, Vec::len);
        let width = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(column));
            cells.map(|c| c.chars().count()).max().unwrap_or(0).max(3)
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        writeln!(f, "### {}\n", self.title)?;
        for (at, row) in self.rows.iter().enumerate() {
            write!(f, "|")?;
            for (column, width) in widths.iter().enumerate() {
                let cell = row.get(column).map_or("", String::as_str);
                match column {
                    0 => write!(f, " {cell:<width$} |")?,
                    _ => write!(f, " {cell:>width$} |")?,
                }
            }
            writeln!(f)?;
            if at == 0 {
                write!(f, "|")?;
                for (column, width) in widths.iter().enumerate() {
                    match column {
                        0 => write!(f, " {} |", "-".repeat(*width))?,
                        _ => write!(f, " {}: |", "-".repeat(width - 1))?,
                    }
                }
                writeln!(f)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let mut table = Table::new("Sizes", &["what", "B"]);
        table.row(["pod µs".to_owned(), "1234".to_owned()]);
        assert_eq!(
            table.to_string(),
            "### Sizes\n\n| what   |    B |\n| ------ | ---: |\n| pod µs | 1234 |\n"
        );
    }
}
