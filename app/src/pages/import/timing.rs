//! Waiting in the browser.

use leptos::prelude::window;
use leptos::wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

/// Waits that many milliseconds. Only the browser may call it.
pub async fn sleep(milliseconds: i32) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(resolve.unchecked_ref(), milliseconds);
    });
    let _ = JsFuture::from(promise).await;
}
