//! The ports: connections are accepted, bounded and, at the end, finished.

mod front_proxy;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::door::Tokens;
use crate::kubernetes;
use crate::routes::router;
use crate::state::Shared;

pub use front_proxy::{FrontProxy, FrontProxyError, Identity};

/// Bounds on connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConnectionLimits {
    /// How many are open at once; further ones wait in the kernel's queue.
    pub connections: usize,
    /// How long a request's head may take to arrive, and how long a connection may be idle.
    pub head_time: Duration,
    /// The largest request head in bytes.
    pub head_bytes: usize,
    /// How long sent bytes may stay unacknowledged before the connection is given up.
    pub send_time: Duration,
    /// How long requests under way may still take after the order to stop.
    pub finish_time: Duration,
}

impl Default for ConnectionLimits {
    fn default() -> Self {
        ConnectionLimits {
            connections: 1024,
            head_time: Duration::from_secs(30),
            head_bytes: 32 << 10,
            send_time: Duration::from_secs(60),
            finish_time: Duration::from_secs(10),
        }
    }
}

/// Why the port cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// Another program has it.
    #[error(
        "{address} is already in use: stop the program that has it (another Kansoku?), or choose another port; port 0 takes any that is free"
    )]
    InUse {
        /// The address asked for.
        address: SocketAddr,
    },
    /// Ports below 1024 need a right.
    #[error(
        "not allowed to listen on {address}: choose a port above 1023, or give the process CAP_NET_BIND_SERVICE"
    )]
    NotAllowed {
        /// The address asked for.
        address: SocketAddr,
    },
    /// Anything else.
    #[error("cannot listen on {address}: {source}")]
    Other {
        /// The address asked for.
        address: SocketAddr,
        /// What the system says.
        source: std::io::Error,
    },
}

/// An open port that does not answer yet.
#[derive(Debug)]
pub struct Listener {
    socket: TcpListener,
    address: SocketAddr,
}

impl Listener {
    /// Opens the port.
    ///
    /// # Errors
    /// See [`BindError`].
    pub async fn bind(address: SocketAddr) -> Result<Listener, BindError> {
        let failed = |source: std::io::Error| match source.kind() {
            std::io::ErrorKind::AddrInUse => BindError::InUse { address },
            std::io::ErrorKind::PermissionDenied => BindError::NotAllowed { address },
            _ => BindError::Other { address, source },
        };
        let socket = TcpListener::bind(address).await.map_err(failed)?;
        let address = socket.local_addr().map_err(failed)?;
        Ok(Listener { socket, address })
    }

    /// The address, with the real port where 0 was asked for.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers requests until `stop` is cancelled; then takes no more connections, lets the requests under way
    /// finish for as long as the limits say, and closes the rest.
    pub async fn serve(self, state: Shared, limits: ConnectionLimits, stop: CancellationToken) {
        let router = router(Shared::clone(&state));
        let tails = state.stopping().clone();
        tokio::join!(
            self.answer_all(router, limits, stop.clone(), None),
            async {
                stop.cancelled().await;
                tails.cancel();
            },
            Tokens::reread(state, stop.clone())
        );
    }

    /// Answers requests to the Kubernetes metrics API, as [`serve`](Listener::serve) does, but with TLS and to the
    /// API server's front proxy alone. While it is not known who that is, nobody is.
    pub async fn serve_metrics_api(
        self,
        state: Shared,
        limits: ConnectionLimits,
        stop: CancellationToken,
        callers: watch::Receiver<Option<FrontProxy>>,
    ) {
        let router = kubernetes::router(state);
        self.answer_all(router, limits, stop, Some(callers)).await;
    }

    async fn answer_all(
        self,
        router: Router,
        limits: ConnectionLimits,
        stop: CancellationToken,
        callers: Option<watch::Receiver<Option<FrontProxy>>>,
    ) {
        let room = Arc::new(Semaphore::new(limits.connections));
        let mut connections = JoinSet::new();
        while let Some(accepted) = stop.run_until_cancelled(self.accept(&room)).await {
            while connections.try_join_next().is_some() {}
            let Some((stream, permit)) = accepted else {
                continue;
            };
            bound(&stream, limits);
            let router = router.clone();
            let stop = stop.clone();
            let callers = callers.clone();
            connections.spawn(async move {
                match callers {
                    None => answer(stream, router, limits, stop).await,
                    Some(callers) => {
                        let known = callers.borrow().clone();
                        let met = front_proxy::meet(stream, known, limits.head_time);
                        if let Some(Some(stream)) = stop.run_until_cancelled(met).await {
                            answer(stream, router, limits, stop).await;
                        }
                    }
                }
                drop(permit);
            });
        }
        drop(self.socket);
        let finished = tokio::time::timeout(limits.finish_time, async {
            while connections.join_next().await.is_some() {}
        });
        if finished.await.is_err() {
            tracing::warn!(
                connections = connections.len(),
                "requests still under way were cut off"
            );
            connections.shutdown().await;
        }
    }

    async fn accept(
        &self,
        room: &Arc<Semaphore>,
    ) -> Option<(TcpStream, tokio::sync::OwnedSemaphorePermit)> {
        let permit = Arc::clone(room).acquire_owned().await.ok()?;
        match self.socket.accept().await {
            Ok((stream, _)) => Some((stream, permit)),
            Err(error) => {
                // A connection that is gone again, or no descriptors left: the next try may succeed, a tight loop may not.
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
                None
            }
        }
    }
}

fn bound(stream: &TcpStream, limits: ConnectionLimits) {
    let send_time = u32::try_from(limits.send_time.as_millis()).unwrap_or(u32::MAX);
    // Both only improve a connection that also works without.
    let _ = stream.set_nodelay(true);
    let _ = rustix::net::sockopt::set_tcp_user_timeout(stream, send_time);
}

async fn answer<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    stream: S,
    router: Router,
    limits: ConnectionLimits,
    stop: CancellationToken,
) {
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head_time)
        .max_header_size(limits.head_bytes)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    let mut connection = std::pin::pin!(connection);
    tokio::select! {
        ended = connection.as_mut() => log(ended),
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            log(connection.await);
        }
    }
}

fn log(ended: Result<(), hyper::Error>) {
    if let Err(error) = ended {
        // Callers leave and lines break: worth a look only when somebody is looking.
        tracing::debug!(%error, "a connection ended early");
    }
}
