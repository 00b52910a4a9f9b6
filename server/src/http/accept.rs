//! The accept loop: a bound on connections and on the time a client takes to ask, and a quiet end.

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tower::Service as _;

use super::attempts::network;

/// What a client may take of this server.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Connections at once; more wait in the kernel's queue.
    pub connections: usize,
    /// Connections at once of one client network; more are closed. None where every connection is the proxy's.
    pub of_a_network: Option<u32>,
    /// A client that has not sent the headers of its first request by then is let go, be it silent or slow, and so is
    /// one that says nothing for so long between two requests.
    pub headers: Duration,
    /// Requests at once over one connection of HTTP/2.
    pub streams: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { connections: 2_000, of_a_network: Some(200), headers: Duration::from_secs(15), streams: 32 }
    }
}

/// How long open requests may take to end after a stop.
const FAREWELL: Duration = Duration::from_secs(10);

/// Serves until `stop` turns true.
pub async fn accept(listener: TcpListener, app: Router, limits: Limits, mut stop: watch::Receiver<bool>) {
    let places = Arc::new(Semaphore::new(limits.connections));
    let networks = Networks::default();
    let graceful = GracefulShutdown::new();
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(limits.headers);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(Some(limits.headers))
        .max_concurrent_streams(limits.streams);
    loop {
        let place = tokio::select! {
            place = places.clone().acquire_owned() => place,
            _ = stop.changed() => break,
        };
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                // out of file descriptors or the like: others may end meanwhile
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
            _ = stop.changed() => break,
        };
        let Some(one_of_network) = networks.enter(peer.ip(), limits.of_a_network) else {
            tracing::debug!("a network has too many connections");
            continue;
        };
        let app = app.clone();
        let asked = Arc::new(AtomicBool::new(false));
        let has_asked = asked.clone();
        let service = hyper::service::service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
            has_asked.store(true, Ordering::Relaxed);
            let mut app = app.clone();
            let mut request = request.map(axum::body::Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            async move {
                let response: Result<_, Infallible> = app.call(request).await;
                response
            }
        });
        let connection = graceful.watch(builder.serve_connection(TokioIo::new(stream), service).into_owned());
        tokio::spawn(async move {
            let _places = (place, one_of_network);
            let mut connection = pin!(connection);
            // hyper counts the time from the first bytes on, once it knows the version: what is before is counted here
            let ended = tokio::select! {
                ended = connection.as_mut() => ended,
                () = tokio::time::sleep(limits.headers) => {
                    if !asked.load(Ordering::Relaxed) {
                        return;
                    }
                    connection.await
                }
            };
            if let Err(error) = ended {
                tracing::debug!(%error, "a connection broke");
            }
        });
    }
    tokio::select! {
        () = graceful.shutdown() => {}
        () = tokio::time::sleep(FAREWELL) => {}
    }
}

/// How many connections each client network has.
#[derive(Debug, Clone, Default)]
struct Networks(Arc<Mutex<HashMap<IpAddr, u32>>>);

/// One connection of a network; dropped, it makes room for another.
struct OneOf(Networks, IpAddr);

impl Networks {
    /// Counts a connection; none when the network has its share.
    fn enter(&self, from: IpAddr, most: Option<u32>) -> Option<OneOf> {
        let from = network(from);
        let mut known = self.0.lock().ok()?;
        let count = known.entry(from).or_insert(0);
        if most.is_some_and(|most| *count >= most) {
            return None;
        }
        *count += 1;
        Some(OneOf(self.clone(), from))
    }
}

impl Drop for OneOf {
    fn drop(&mut self) {
        let Ok(mut known) = self.0.0.lock() else { return };
        if let Some(count) = known.get_mut(&self.1) {
            *count -= 1;
            if *count == 0 {
                known.remove(&self.1);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::get;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpStream;

    /// A server with these limits, its address, and what stops it.
    async fn serve(limits: Limits) -> (std::net::SocketAddr, watch::Sender<bool>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = watch::channel(false);
        tokio::spawn(accept(listener, Router::new().route("/", get(|| async { "here" })), limits, stopped));
        (address, stop)
    }

    fn short() -> Limits {
        Limits { headers: Duration::from_millis(100), ..Limits::default() }
    }

    async fn ask(stream: &mut TcpStream) -> String {
        stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.unwrap();
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer).await;
        answer
    }

    /// Whoever says nothing, begins a line, or begins to say which version it speaks, is let go.
    #[tokio::test]
    async fn those_who_do_not_ask_are_let_go() {
        let (address, _stop) = serve(short()).await;
        for words in [&b""[..], b"G", b"PRI * HT", b"GET / HTTP/1.1\r\nhost:", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"] {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.write_all(words).await.unwrap();
            let mut left = Vec::new();
            // the end of the stream, or a reset
            let _ = stream.read_to_end(&mut left).await;
        }
        assert!(ask(&mut TcpStream::connect(address).await.unwrap()).await.ends_with("here"));
    }

    /// Silent sockets of one network take no place of others, and make room when they go.
    #[tokio::test]
    async fn a_network_has_its_share_of_connections() {
        let (address, _stop) = serve(Limits { of_a_network: Some(2), ..Limits::default() }).await;
        let mut first = TcpStream::connect(address).await.unwrap();
        let _second = TcpStream::connect(address).await.unwrap();
        let mut third = TcpStream::connect(address).await.unwrap();
        assert!(!ask(&mut third).await.contains("here"));
        assert!(ask(&mut first).await.ends_with("here"));
        let networks = Networks::default();
        let [here, there] = [[127, 0, 0, 1], [127, 0, 0, 2]].map(IpAddr::from);
        let one = networks.enter(here, Some(1)).unwrap();
        assert!(networks.enter(here, Some(1)).is_none() && networks.enter(there, Some(1)).is_some());
        drop(one);
        assert!(networks.0.lock().unwrap().is_empty(), "nobody is remembered");
        assert!(networks.enter(here, None).is_some());
    }
}
