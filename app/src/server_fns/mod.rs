//! What the pages ask of the server: a file per area, each body one call into the engine.

pub mod campaigns;
pub mod contacts;
pub mod duplicates;
pub mod fields;
pub mod forms;
pub mod imports;
pub mod kept_out;
pub mod leads;
pub mod search;

#[cfg(feature = "ssr")]
mod context {
    use crate::Failure;
    use engine::{Actor, Engine};
    use leptos::prelude::use_context;

    /// The engine and the signed-in member of this request, which the server provides before it calls anything here.
    ///
    /// # Errors
    /// Refuses when nobody is signed in.
    pub(super) fn server() -> Result<(Engine, Actor), Failure> {
        match (use_context::<Engine>(), use_context::<Option<Actor>>().flatten()) {
            (Some(engine), Some(actor)) => Ok((engine, actor)),
            _ => Err(engine::Error::SignedOut.into()),
        }
    }
}
#[cfg(feature = "ssr")]
use context::server;
