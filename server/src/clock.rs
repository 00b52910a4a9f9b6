//! The one place that asks the machine what time it is.

use std::time::{SystemTime, UNIX_EPOCH};

use engine::Clock;

/// The machine's clock.
pub fn system() -> Clock {
    Clock::new(|| {
        #[expect(clippy::disallowed_methods, reason = "here is where the time comes in")]
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    })
}
