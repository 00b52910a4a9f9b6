//! The CSV files that commands write.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

/// A CSV file under way, whose cells never become formulas.
pub struct Lines {
    path: PathBuf,
    out: csv::Writer<BufWriter<File>>,
}

impl Lines {
    /// Makes the file.
    pub fn create(path: &Path) -> anyhow::Result<Lines> {
        let file = File::create(path).with_context(|| format!("{} could not be written", path.display()))?;
        Ok(Lines { path: path.to_owned(), out: csv::Writer::from_writer(BufWriter::new(file)) })
    }

    /// Adds a record.
    pub fn write(&mut self, cells: &[&str]) -> anyhow::Result<()> {
        // a campaign's name must not become a formula either
        let cells = cells.iter().map(|cell| sheet::export::escape_cell(cell).into_owned());
        self.out.write_record(cells).with_context(|| format!("{} could not be written", self.path.display()))
    }

    /// Makes sure that all of it is there.
    pub fn finish(mut self) -> anyhow::Result<()> {
        self.out.flush().with_context(|| format!("{} could not be written", self.path.display()))
    }
}
