//! The relay that mails go to besides, if the hub is told of one.

use std::fmt;
use std::sync::OnceLock;

use lettre::address::Envelope;
use lettre::transport::smtp::{AsyncSmtpTransportBuilder, Error};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Tokio1Executor};

/// A mail server that takes mails by SMTP.
pub(super) struct Relay {
    builder: AsyncSmtpTransportBuilder,
    transport: OnceLock<AsyncSmtpTransport<Tokio1Executor>>,
}

/// The relay did not take a mail.
#[derive(Debug)]
pub(super) enum RelayError {
    /// It may at another time.
    Later(String),
    /// It never will.
    Never(String),
}

impl Relay {
    /// The relay at `url`: `smtp://…` or `smtps://user:password@…`. It is called at the first mail, not before.
    pub(super) fn at(url: &str) -> Result<Self, Error> {
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)?;
        Ok(Self { builder, transport: OnceLock::new() })
    }

    /// Hands over one mail.
    pub(super) async fn send(&self, from: &str, recipients: &[&str], raw: &[u8]) -> Result<(), RelayError> {
        let envelope = envelope(from, recipients).map_err(|error| RelayError::Never(error.to_string()))?;
        // The pool of connections needs the runtime, which is there only now.
        let transport = self.transport.get_or_init(|| self.builder.clone().build());
        match transport.send_raw(&envelope, raw).await {
            Ok(_) => Ok(()),
            Err(error) if error.is_permanent() => Err(RelayError::Never(error.to_string())),
            Err(error) => Err(RelayError::Later(error.to_string())),
        }
    }
}

fn envelope(from: &str, recipients: &[&str]) -> Result<Envelope, Box<dyn std::error::Error>> {
    let to = recipients.iter().map(|to| to.parse()).collect::<Result<Vec<Address>, _>>()?;
    Ok(Envelope::new(Some(from.parse()?), to)?)
}

impl fmt::Debug for Relay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The address of the relay may hold a password.
        f.debug_struct("Relay").finish_non_exhaustive()
    }
}
