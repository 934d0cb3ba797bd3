//! Who the API server is when it asks an extension API server: what it says of its front proxy
//! (<https://kubernetes.io/docs/tasks/extend-kubernetes/configure-aggregation-layer/>).

use std::collections::BTreeMap;

use http::Request;
use serde::Deserialize;

/// Where the API server says it.
pub const PATH: &str =
    "/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication";

/// The front proxy of an API server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrontProxyCallers {
    /// Certificates of the authorities that vouch for it, PEM.
    pub authorities: String,
    /// The common names that its certificate may bear; any, when there are none.
    pub names: Vec<String>,
}

/// Why it is not known who the front proxy is.
#[derive(Debug, thiserror::Error)]
pub enum FrontProxyCallersError {
    /// The account may not read it.
    #[error(
        "the account may not read {PATH}: bind it to the role extension-apiserver-authentication-reader of kube-system \
         (deploy/kubernetes/optional/metrics-api.yaml does)"
    )]
    Forbidden,
    /// The API server was started without a front proxy.
    #[error(
        "the API server has no front proxy: start it with --requestheader-client-ca-file and --proxy-client-cert-file \
         (kubeadm and managed clusters do)"
    )]
    None,
    /// The list of names is not one.
    #[error(
        "{PATH}: requestheader-allowed-names is {text:?}, and must be a JSON list of texts: {source}"
    )]
    Names {
        /// What it is.
        text: String,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// It could not be asked.
    #[error("{PATH}: {0}")]
    Asking(#[source] Box<kube::Error>),
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ConfigMap {
    data: BTreeMap<String, String>,
}

/// Asks the API server for it.
///
/// # Errors
/// See [`FrontProxyCallersError`].
pub async fn front_proxy(
    client: &kube::Client,
) -> Result<FrontProxyCallers, FrontProxyCallersError> {
    let asking = |error| FrontProxyCallersError::Asking(Box::new(error));
    let request = Request::get(PATH)
        .body(Vec::new())
        .map_err(|error| asking(kube::Error::HttpError(error)))?;
    match client.request::<ConfigMap>(request).await {
        Ok(map) => read(&map),
        Err(kube::Error::Api(status)) if status.code == 403 => {
            Err(FrontProxyCallersError::Forbidden)
        }
        Err(error) => Err(asking(error)),
    }
}

fn read(map: &ConfigMap) -> Result<FrontProxyCallers, FrontProxyCallersError> {
    let authorities = map.data.get("requestheader-client-ca-file");
    let authorities = authorities
        .filter(|text| !text.trim().is_empty())
        .ok_or(FrontProxyCallersError::None)?;
    let names = match map.data.get("requestheader-allowed-names") {
        None => Vec::new(),
        Some(text) => {
            serde_json::from_str(text).map_err(|source| FrontProxyCallersError::Names {
                text: text.clone(),
                source,
            })?
        }
    };
    Ok(FrontProxyCallers {
        authorities: authorities.clone(),
        names,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(pairs: &[(&str, &str)]) -> ConfigMap {
        let pairs = pairs
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        ConfigMap {
            data: pairs.collect(),
        }
    }

    #[test]
    fn what_the_api_server_says() {
        let said = map(&[
            ("client-ca-file", "of people"),
            ("requestheader-allowed-names", r#"["front-proxy-client"]"#),
            ("requestheader-client-ca-file", "PEM"),
        ]);
        let callers = read(&said).unwrap();
        assert_eq!(callers.authorities, "PEM");
        assert_eq!(callers.names, ["front-proxy-client"]);
        let any = read(&map(&[("requestheader-client-ca-file", "PEM")])).unwrap();
        assert!(any.names.is_empty());
    }

    #[test]
    fn faults_say_what_to_do() {
        let none = read(&map(&[("client-ca-file", "of people")])).unwrap_err();
        assert!(none.to_string().contains("--requestheader-client-ca-file"));
        let names = [
            ("requestheader-client-ca-file", "PEM"),
            ("requestheader-allowed-names", "front"),
        ];
        let names = read(&map(&names)).unwrap_err().to_string();
        assert!(
            names.contains(r#""front", and must be a JSON list"#),
            "{names}"
        );
    }
}
