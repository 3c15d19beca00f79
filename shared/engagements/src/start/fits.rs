//! Whether what is asked goes together with the domain's setup.

use hub_channels::writer::Writer;
use hub_models::channel::Channel;
use hub_models::domain::Domain;
use hub_models::fault::FieldFault;
use hub_models::scenario::LONGEST_ADDRESS;
use hub_models::start::{Message, StartRequest};
use hub_store::StoreError;

use super::StartError;
use crate::Hub;
use crate::email::{Resolved, resolve};
use crate::fitness::{Wanted, misfits};
use crate::talk::{LONGEST_MESSAGE, length_of};

/// Whether a request goes together with the domain's setup; every misfit is named. Gives the email that there is to send.
pub(crate) async fn fits(
    hub: &Hub,
    domain: &Domain,
    request: &mut StartRequest,
) -> Result<Option<Resolved>, StartError> {
    let mut faults = misfits(hub, domain, &Wanted::from(&*request)).await?;
    for fault in [length_fault(hub, request), scenario_fault(domain, request)].into_iter().flatten() {
        faults.push(fault);
    }
    let email = match email(hub, domain, request).await? {
        Ok(email) => email,
        Err(fault) => {
            faults.push(fault);
            None
        }
    };
    if faults.is_empty() { Ok(email) } else { Err(faults.into()) }
}

/// The email of a request, made from what is there.
async fn email(
    hub: &Hub,
    domain: &Domain,
    request: &mut StartRequest,
) -> Result<Result<Option<Resolved>, FieldFault>, StoreError> {
    let email = match std::mem::replace(&mut request.message, Message::Instructed) {
        Message::Email(email) => email,
        other => {
            request.message = other;
            return Ok(Ok(None));
        }
    };
    let (user, instruction) = (request.external_user_id.as_ref(), request.instruction.as_ref());
    Ok(resolve(hub, domain, user, email, instruction).await?.map(Some))
}

/// What keeps an instruction from being a message. A model makes one of any instruction; without one it is told as it is.
fn length_fault(hub: &Hub, request: &StartRequest) -> Option<FieldFault> {
    let told = matches!(request.channel, Channel::Sms | Channel::Wmsg) && matches!(hub.writer, Writer::Plain);
    let over = length_of(request).checked_sub(LONGEST_MESSAGE).filter(|over| told && *over > 0)?;
    let detail = format!(
        "makes a message of more than {LONGEST_MESSAGE} characters, with the question after it; shorten it by {over}, \
         or use another channel."
    );
    Some(FieldFault::invalid("instruction", detail))
}

/// A carrier is given the scenario as an address, with all that it is told in it.
fn scenario_fault(domain: &Domain, request: &StartRequest) -> Option<FieldFault> {
    let Message::Scenario(scenario) = &request.message else { return None };
    if request.test_mode || domain.carrier.is_none() || scenario.can_be_followed() {
        return None;
    }
    let detail = format!(
        "is too long for the carrier of domain \"{}\": with everything else that the scenario is told, its address must \
         have at most {LONGEST_ADDRESS} characters.",
        domain.domain_name
    );
    Some(FieldFault::invalid("ScenarioInputParameters", detail))
}
