//! Ids in blocks: appends stay appends, and nobody waits for somebody else's transaction to get a number.

use std::collections::HashMap;
use std::ops::Range;

use tokio::sync::Mutex;

use crate::{Result, Sql, Store};

/// How many ids a process takes at a time; what is left of a block at its end is never used.
const BLOCK: i64 = 256;

/// The blocks that this process holds, by table.
#[derive(Debug, Default)]
pub struct Ids {
    blocks: Mutex<HashMap<&'static str, Range<i64>>>,
}

impl Ids {
    pub(crate) async fn reserve(&self, store: &Store, table: &'static str, count: i64) -> Result<i64> {
        let mut blocks = self.blocks.lock().await;
        let block = blocks.entry(table).or_insert(0..0);
        if block.end - block.start < count {
            let size = count.max(BLOCK);
            let mut tx = store.write().await?;
            let (next,): (i64,) = tx
                .one(
                    Sql::new(
                        "INSERT INTO id_block (name, next) VALUES ($1, 1 + $2) \
                         ON CONFLICT (name) DO UPDATE SET next = id_block.next + $2 RETURNING next",
                    )
                    .bind(table)
                    .bind(size),
                )
                .await?;
            tx.commit().await?;
            *block = next - size..next;
        }
        let first = block.start;
        block.start += count;
        Ok(first)
    }
}
