//! The recipient: an SES account begins in a sandbox, where mail goes to verified identities only.

use hub_channels::ses::Identities;

use super::Ended;
use super::identities::verified;
use crate::arguments::SetUp;
use crate::console::Console;
use crate::error::SetUpError;

/// The host of SES's own mailboxes, which mail may always go to.
const SIMULATOR: &str = "simulator.amazonses.com";

/// Whether SES sends mail to the recipient. Where it does not, it sends it a mail with a link, if that is wanted.
pub(super) async fn recipient(
    wanted: &SetUp,
    ses: &Identities,
    console: &mut Console<'_>,
) -> Result<Ended, SetUpError> {
    let address = &wanted.send_to;
    if !ses.in_sandbox().await? {
        console.step("Recipient", "SES sends to everybody: its account is out of the sandbox")?;
        return Ok(Ended::Done);
    }
    let reached = address.host() == SIMULATOR || verified(ses, address).await?.is_some();
    let can = if reached { "may get mail" } else { "is not verified, so it gets none" };
    console.step("Recipient", format_args!("{address} {can}: SES has this account in its sandbox"))?;
    console.more("and sends to verified identities only. To send to everybody, ask for production access:")?;
    console.more("in the console of SES, Account dashboard, or by `aws sesv2 put-account-details`")?;
    if reached {
        return Ok(Ended::Done);
    }
    ask_for_verification(wanted, ses, console).await?;
    Ok(Ended::Waiting)
}

/// Has the address verified, or says how.
async fn ask_for_verification(wanted: &SetUp, ses: &Identities, console: &mut Console<'_>) -> Result<(), SetUpError> {
    let name = wanted.send_to.as_str();
    if ses.find(name).await?.is_some() {
        console.more("SES has sent it a mail: press the link in it. It is good for 24 hours; for another one,")?;
        console.more(format_args!("first run `aws sesv2 delete-email-identity --email-identity {name}`"))?;
    } else if wanted.verify_recipient {
        ses.create(name).await?;
        console.more("SES sends it a mail now: press the link in it within 24 hours")?;
    } else {
        console.more("Until then, add --verify-recipient, and SES sends it a mail with a link to press; or give")?;
        console.more(format_args!("--send-to success@{SIMULATOR}, which takes every mail"))?;
    }
    Ok(())
}
