//! The steps from an empty hub to its first email, in their order.

mod api_key;
mod customer;
mod first_email;
mod identities;
mod recipient;
mod sender;

use std::io::Write;

use aws_config::{ConfigLoader, SdkConfig};
use hub_channels::ses::Identities;

use crate::access::Access;
use crate::arguments::SetUp;
use crate::console::Console;
use crate::error::SetUpError;
use crate::hub_api::HubApi;
use crate::kept::Kept;

/// How far a run got that did not fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// To its end: the first email has left.
    Done,
    /// To something that is not its own to do, and that it has told. The next run goes on from there.
    Waiting,
}

impl SetUp {
    /// Goes through the steps, and tells `out` what becomes of each. `aws` is how AWS is called where the arguments ask
    /// for it; the region is the hub's.
    ///
    /// # Errors
    /// When a step fails. What was made until then is kept for the next run.
    pub async fn run(&self, aws: ConfigLoader, out: &mut (dyn Write + Send)) -> Result<Ended, SetUpError> {
        let mut console = Console(out);
        let access = Access::of(self, aws).await?;
        let hub = HubApi::new(&access.url, access.operator_key);
        let mut kept = Kept::open(&self.data_dir, &access.url, &self.domain)?;
        console.line(format_args!("Setting up {} at {}\n", self.domain, hub.base()))?;
        let account = customer::account(self, &hub, &mut kept, &mut console).await?;
        customer::credits(self, &hub, account, &mut console).await?;
        let api_key = api_key::api_key(&hub, account, &mut kept, &mut console).await?;
        match self.mail(access.aws, &mut console).await? {
            Ended::Done => first_email::first_email(self, &hub, &api_key, &mut kept, &mut console).await,
            Ended::Waiting => {
                console.line("\nThen run the same command again: it goes on from here.")?;
                Ok(Ended::Waiting)
            }
        }
    }

    /// Whether SES takes mail from the sender to the recipient, with what is to be done where it does not.
    async fn mail(&self, aws: Option<SdkConfig>, console: &mut Console<'_>) -> Result<Ended, SetUpError> {
        let Some(aws) = aws else {
            console.step("SES", "is not asked: the operator key is not read from AWS (--operator-key-secret)")?;
            return Ok(Ended::Done);
        };
        let ses = Identities::new(aws_sdk_sesv2::Client::new(&aws));
        let region = aws.region().map(ToString::to_string).unwrap_or_default();
        let sender = sender::sender(&ses, &self.email_from.address, &region, console).await?;
        let recipient = recipient::recipient(self, &ses, console).await?;
        let ready = sender == Ended::Done && recipient == Ended::Done;
        Ok(if ready { Ended::Done } else { Ended::Waiting })
    }
}
