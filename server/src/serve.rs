//! `onefold serve`: the pages, the calls and the workers, until it is told to stop.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, bail};
use engine::Engine;
use leptos::config::get_configuration;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::arguments::Serve;
use crate::{clock, http};

/// Imports and counts that run at the same time; each is bound by the database, not by cores.
const WORKERS: usize = 2;

/// Serves until SIGTERM or Ctrl-C, then ends the batches at hand.
pub async fn serve(arguments: Serve) -> anyhow::Result<()> {
    let options = get_configuration(None).context("the LEPTOS_ settings cannot be read")?.leptos_options;
    let address: SocketAddr = options.site_addr;
    if arguments.demo && !address.ip().is_loopback() {
        bail!("--demo makes accounts with a known password, so it only works on a loopback address such as 127.0.0.1");
    }
    if arguments.demo && (arguments.https || arguments.behind_proxy) {
        bail!("--demo is for this computer only: leave --https and --behind-proxy away, or start without --demo");
    }
    let engine = Engine::open(&arguments.data.url()?, &arguments.data.data, clock::system())
        .await
        .map_err(|e| anyhow::anyhow!(e).context("the data could not be opened"))?;
    let sign_in = if arguments.demo { engine.demo().await? } else { None };
    if !arguments.demo && engine.has_demo_account().await? {
        tracing::warn!("{}", engine::DEMO_REFUSED);
    }
    let listener = TcpListener::bind(address).await.with_context(|| format!("{address} is not free"))?;
    let address = listener.local_addr()?;
    println!("Onefold is at http://{address}");
    if let Some(sign_in) = sign_in {
        println!("Sign in with {} and {}", sign_in.email, sign_in.password);
    }
    let (stop, stopped) = watch::channel(false);
    let mut workers = tokio::task::JoinSet::new();
    for _ in 0..WORKERS {
        let (engine, stopped) = (engine.clone(), stopped.clone());
        workers.spawn(async move { engine.work(stopped).await });
    }
    let reached = http::Reached { https: arguments.https, behind_proxy: arguments.behind_proxy };
    let app = http::router(engine.clone(), options, reached);
    tokio::spawn(async move {
        wait_for_signal().await;
        let _ = stop.send(true);
    });
    let mut limits = http::Limits::default();
    if arguments.behind_proxy {
        // every connection is the proxy's
        limits.of_a_network = None;
    }
    http::accept(listener, app, limits, stopped).await;
    let _ = tokio::time::timeout(Duration::from_secs(20), async { while workers.join_next().await.is_some() {} }).await;
    engine.close().await;
    Ok(())
}

async fn wait_for_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        let _ = tokio::signal::ctrl_c().await;
        return;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}
