//! The configuration of agent and server in one process.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use super::{AgentConfig, ServerConfig};
use crate::keys;
use crate::resolve::{Missing, Values};
use crate::value::{FromText, HttpUrl};

/// What `up` needs to know.
#[derive(Debug, Clone, PartialEq)]
pub struct UpConfig {
    /// The agent's part. Its `server` is where this process answers; when [`ServerConfig::listen`] has port 0, ask
    /// [`UpConfig::agent_for`] again once the port is known.
    pub agent: AgentConfig,
    /// The server's part.
    pub server: ServerConfig,
    /// The simulated cluster that is shown instead of this machine.
    pub demo: Option<DemoConfig>,
}

/// A simulated cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoConfig {
    /// How large it is, as it was written.
    pub scale: String,
}

impl UpConfig {
    pub(crate) fn resolve(values: &mut Values<'_>) -> Result<UpConfig, Missing> {
        let agent = AgentConfig::resolve(values);
        let server = ServerConfig::resolve(values);
        let (enabled, scale) = (
            values.get(&keys::DEMO_ENABLED),
            values.get(&keys::DEMO_SCALE),
        );
        let (mut agent, mut server) = (agent?, server?);
        let (enabled, scale): (bool, String) = (enabled?, scale?);
        server.cluster = Some(agent.cluster.clone());
        // The two know each other: the agent shows the first of the tokens that the server asks for.
        agent.token_file = server.ingest.token_file.clone();
        agent.token = None;
        Ok(UpConfig {
            agent,
            server,
            demo: enabled.then_some(DemoConfig { scale }),
        })
    }

    /// The agent's part for the address that the server really got.
    pub fn agent_for(&self, listen: SocketAddr) -> AgentConfig {
        let mut agent = self.agent.clone();
        if let Some(server) = own_url(listen) {
            agent.server = server;
        }
        agent
    }
}

/// How a process reaches its own listener: an unspecified address is reached by loopback.
pub(crate) fn own_url(listen: SocketAddr) -> Option<HttpUrl> {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    HttpUrl::from_text(&format!("http://{}", SocketAddr::new(ip, listen.port()))).ok()
}
