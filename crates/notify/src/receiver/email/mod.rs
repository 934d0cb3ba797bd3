//! E-mail, by SMTP.

mod message;

use lettre::message::Mailbox;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, CertificateStore, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};

use super::http::{chain, one_line};
use super::{CaFile, Receiver};
use crate::notification::Notification;
use crate::outcome::{Delivery, Failure};
use crate::secret::{Secret, scrub};
use crate::template::cut;
use crate::time::length;

/// The most characters of a server's answer that are shown.
const LONGEST_SHOWN: usize = 300;

/// How the connection is kept private.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Security {
    /// The connection begins in the open and must become TLS before anything is said.
    StartTls,
    /// TLS from the first byte.
    Tls,
    /// None; nothing secret is said then.
    None,
}

#[derive(Debug, Clone)]
pub(crate) struct Email {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) security: Security,
    pub(crate) hello_name: Option<String>,
    pub(crate) credentials: Option<(String, Secret)>,
    pub(crate) ca: Option<CaFile>,
    pub(crate) from: Mailbox,
    pub(crate) to: Vec<Mailbox>,
}

/// `Ops <ops@example.com>` or `ops@example.com`.
pub(crate) fn mailbox(text: &str) -> Result<Mailbox, String> {
    text.trim()
        .parse()
        .map_err(|_| format!("'{text}' is no mail address; write one such as ops@example.com or Ops <ops@example.com>"))
}

impl Email {
    pub(super) async fn deliver(
        &self,
        receiver: &Receiver,
        notification: &Notification,
    ) -> Result<Delivery, Failure> {
        let message = message::message(self, receiver, notification)?;
        let transport = self
            .transport(receiver)
            .map_err(|error| self.failure(&error))?;
        let sent = tokio::time::timeout(receiver.timeout, transport.send(message)).await;
        let Ok(sent) = sent else {
            return Err(Failure::transient(format!(
                "no answer within {}",
                length(receiver.timeout)
            )));
        };
        let response = sent.map_err(|error| self.failure(&error))?;
        let said: Vec<&str> = response.message().collect();
        Ok(Delivery {
            answer: self.clean(&format!("{} {}", response.code(), said.join(" "))),
        })
    }

    fn transport(&self, receiver: &Receiver) -> Result<AsyncSmtpTransport<Tokio1Executor>, Error> {
        let tls = match self.security {
            Security::None => Tls::None,
            Security::StartTls => Tls::Required(self.tls()?),
            Security::Tls => Tls::Wrapper(self.tls()?),
        };
        // The name says that it is for who knows what they do about TLS, which is said right here.
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&self.host)
            .port(self.port)
            .tls(tls)
            .timeout(Some(receiver.timeout));
        if let Some(name) = &self.hello_name {
            builder = builder.hello_name(ClientId::Domain(name.clone()));
        }
        if let Some((user, password)) = &self.credentials {
            builder =
                builder.credentials(Credentials::new(user.clone(), password.reveal().to_owned()));
        }
        Ok(builder.build())
    }

    fn tls(&self) -> Result<TlsParameters, Error> {
        let mut builder = TlsParameters::builder(self.host.clone());
        if let Some(ca) = &self.ca {
            let roots = Certificate::from_pem(&ca.pem())?;
            builder = builder
                .certificate_store(CertificateStore::None)
                .add_root_certificate(roots);
        }
        builder.build()
    }

    /// A refusal (5xx), and a server that cannot do what is asked of it, are there to stay. Everything else may pass, a
    /// certificate that is not trusted included: certificates are renewed.
    fn failure(&self, error: &Error) -> Failure {
        Failure {
            transient: !(error.is_permanent() || error.is_client()),
            retry_after: None,
            message: self.clean(&chain(error)),
        }
    }

    fn clean(&self, text: &str) -> String {
        let secrets: Vec<&Secret> = self
            .credentials
            .iter()
            .map(|(_, password)| password)
            .collect();
        cut(&one_line(&scrub(text, &secrets)), LONGEST_SHOWN)
    }
}
