//! Steps with their times, so that a slow start says where it was slow.

use std::time::{Duration, Instant};

use crate::stop;

/// The steps taken so far.
pub struct Steps {
    since: Instant,
    taken: Vec<(String, Duration, String)>,
}

impl Steps {
    /// Starts the clock.
    pub fn new() -> Self {
        Self { since: Instant::now(), taken: Vec::new() }
    }

    /// Takes a step: announces it, runs it, notes its time and the remark it returns.
    ///
    /// # Errors
    /// The step's own.
    pub fn take(&mut self, name: &str, step: impl FnOnce() -> anyhow::Result<String>) -> anyhow::Result<()> {
        println!("── {name}");
        let since = Instant::now();
        let remark = step()?;
        if stop::requested() {
            anyhow::bail!("stopped");
        }
        self.taken.push((name.to_owned(), since.elapsed(), remark));
        Ok(())
    }

    /// Prints the table of what was done.
    pub fn print(&self) {
        println!();
        for (name, time, remark) in &self.taken {
            println!("  {name:<18} {:>9}   {remark}", shown(*time));
        }
        println!("  {:<18} {:>9}", "total", shown(self.since.elapsed()));
        println!();
    }
}

/// A time as people say it: `0.3 s`, `2 min 05 s`.
pub fn shown(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    if seconds < 99.95 {
        return format!("{seconds:.1} s");
    }
    let whole = time.as_secs_f64().round() as u64;
    format!("{} min {:02} s", whole / 60, whole % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_well() {
        for (milliseconds, text) in [(0, "0.0 s"), (1_250, "1.2 s"), (99_900, "99.9 s"), (125_400, "2 min 05 s")] {
            assert_eq!(shown(Duration::from_millis(milliseconds)), text);
        }
    }
}
