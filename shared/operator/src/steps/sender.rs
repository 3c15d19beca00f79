//! The sender: SES takes mail from a domain as soon as its DNS says so.

use hub_channels::ses::{Identities, Identity, IdentityError};
use hub_models::contact::EmailAddress;

use super::Ended;
use super::identities::{host, verified};
use crate::console::Console;
use crate::dns;
use crate::error::SetUpError;

const WHAT_THEY_ARE_FOR: [&str; 3] = [
    "The CNAMEs prove that the domain is yours, and have SES sign its mail (DKIM). SES mostly finds them",
    "within minutes and gives up after 72 hours. MX and SPF are for bounces (MAIL FROM). A _dmarc record",
    "that is there already stays as it is.",
];

/// Whether SES takes mail from this address. Where it does not yet, SES is told of its domain, and the operator of the
/// DNS records to set.
pub(super) async fn sender(
    ses: &Identities,
    address: &EmailAddress,
    region: &str,
    console: &mut Console<'_>,
) -> Result<Ended, SetUpError> {
    let identity = match verified(ses, address).await? {
        Some(identity) => identity,
        None => known(ses, &host(address)).await?,
    };
    if identity.verified {
        console.step("Sender", format_args!("{} is verified in SES in {region}", identity.name))?;
        return Ok(Ended::Done);
    }
    ask_for_records(&identity, region, console)?;
    Ok(Ended::Waiting)
}

fn ask_for_records(identity: &Identity, region: &str, console: &mut Console<'_>) -> Result<(), SetUpError> {
    let name = &identity.name;
    console.step("Sender", format_args!("{name} is not verified in SES in {region}. Set these in its DNS:\n"))?;
    for record in dns::table(&dns::records(identity, region)) {
        console.line(record)?;
    }
    console.line("")?;
    for line in WHAT_THEY_ARE_FOR {
        console.more(line)?;
    }
    Ok(())
}

/// The identity of a domain, made where SES has none.
async fn known(ses: &Identities, host: &str) -> Result<Identity, IdentityError> {
    let mut identity = found(ses, host).await?;
    // One that is verified is in use, and stays as its owner has set it.
    if !identity.verified && identity.mail_from.is_none() {
        let mail_from = dns::mail_from_domain(host);
        ses.set_mail_from(host, &mail_from).await?;
        identity.mail_from = Some(mail_from);
    }
    Ok(identity)
}

async fn found(ses: &Identities, host: &str) -> Result<Identity, IdentityError> {
    match ses.find(host).await? {
        Some(identity) => Ok(identity),
        None => ses.create(host).await,
    }
}
