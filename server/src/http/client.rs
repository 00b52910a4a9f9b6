//! The address of the client, where a proxy stands in between.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, Request};
use axum::middleware::Next;
use axum::response::Response;

/// Takes the client's address from the last entry of `X-Forwarded-For`, which the proxy in front of this server has
/// written. Only for a server that nobody reaches but by that proxy: anybody can send the header.
pub async fn behind_proxy(mut request: Request, next: Next) -> Response {
    let forwarded = request.headers().get_all("x-forwarded-for").iter().next_back();
    if let Some(address) = forwarded.and_then(|value| last(value.to_str().ok()?)) {
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(address, 0)));
    }
    next.run(request).await
}

fn last(entries: &str) -> Option<IpAddr> {
    let entry = entries.rsplit(',').next()?.trim();
    entry.parse().ok().or_else(|| entry.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_client_wrote_before_the_proxy_counts_for_nothing() {
        assert_eq!(last("1.2.3.4, 10.0.0.9"), Some(IpAddr::from([10, 0, 0, 9])));
        assert_eq!(last("10.0.0.9:51234"), Some(IpAddr::from([10, 0, 0, 9])));
        assert_eq!(last("unknown"), None);
    }
}
