//! Why the kubelet did not answer, and what would make it.

use std::path::PathBuf;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum KubeletError {
    /// The file with the token.
    #[error("the token {}: {reason}", path.display())]
    Token { path: PathBuf, reason: String },
    /// The file with the authorities.
    #[error("the authorities {}: {reason}", path.display())]
    Authorities { path: PathBuf, reason: String },
    /// The certificate is not signed by an authority that is known, or not made out for this address, or too old.
    #[error("the kubelet's certificate is not trusted: {reason}")]
    Certificate { reason: String, ca: PathBuf },
    /// Who it is that asks is not known there.
    #[error("401: the kubelet does not know the token")]
    Unknown,
    /// He may not.
    #[error("403: the kubelet does not allow it")]
    Forbidden,
    /// Any other answer.
    #[error("the kubelet answered {0}")]
    Status(u16),
    /// It cannot be reached, or broke off.
    #[error("the kubelet cannot be reached: {0}")]
    Unreachable(String),
    /// What it answered is no summary.
    #[error("the kubelet's answer cannot be read: {0}")]
    Body(String),
}

impl KubeletError {
    /// The error of a request.
    pub(crate) fn of(error: &ureq::Error, ca: &std::path::Path) -> KubeletError {
        let mut text = error.to_string();
        let mut source = std::error::Error::source(error);
        while let Some(inner) = source {
            let inner_text = inner.to_string();
            if !text.contains(&inner_text) {
                text = format!("{text}: {inner_text}");
            }
            source = inner.source();
        }
        if text.contains("invalid peer certificate") {
            KubeletError::Certificate {
                reason: text,
                ca: ca.to_owned(),
            }
        } else {
            KubeletError::Unreachable(text)
        }
    }

    /// The right that is missing, and how to give it.
    pub(crate) fn missing_right(&self) -> Option<String> {
        Some(match self {
            KubeletError::Token { .. } => {
                "put the token of the service account into the pod: automountServiceAccountToken: true"
                    .to_owned()
            }
            KubeletError::Authorities { .. } => {
                "name a PEM file of authorities in agent.kubelet.ca; in a pod the cluster's own comes with the token"
                    .to_owned()
            }
            KubeletError::Certificate { ca, .. } => format!(
                "none of the authorities in {} signed it for this address: have the cluster sign the kubelets' \
                 certificates (serverTLSBootstrap: true, and approve their requests), name the kubelet's own \
                 certificate in agent.kubelet.ca, or take any with agent.kubelet.insecure = true",
                ca.display()
            ),
            KubeletError::Unknown => {
                "the kubelet must ask the API server about tokens (authentication.webhook.enabled: true), and the token \
                 must be of a service account that exists"
                    .to_owned()
            }
            KubeletError::Forbidden => {
                "give the agent's service account the right get on nodes/stats, by a ClusterRole and its binding \
                 (deploy/kubernetes/rungs/2-node-volumes.yaml)"
                    .to_owned()
            }
            KubeletError::Status(_) | KubeletError::Unreachable(_) | KubeletError::Body(_) => {
                return None;
            }
        })
    }
}
