//! Submitting a campaign: it is closed first, and then becomes a batch of its own id.
//!
//! Closing it first keeps out every later change, so the batch has exactly what the campaign shows. Where the batch is
//! refused, the campaign is opened again; where this breaks off in between, asking again goes on where it stopped. Of
//! several who ask at once, none opens it after another's batch, and none has a batch after another has opened it.

use hub_auth::Caller;
use hub_models::batch::{FileName, Row, SkipReason, SkippedRow};
use hub_models::domain::Domain;
use hub_models::voice::{
    Activity, ActivityKind, CallerId, Campaign, CampaignError, Delivery, Envelope, KeptKind, Materials, PartKind,
    ShortId, Spoken, Template, TriggerAction,
};
use hub_store::{CampaignWritten, StoreError};
use uuid::Uuid;

use super::{VoiceError, campaign, envelopes};
use crate::Hub;
use crate::bulk::{BatchSubmission, SubmitError, submit_as};

/// Submits a campaign. One that was submitted before is left as it is.
///
/// # Errors
/// When it lacks something, its batch cannot be accepted, or a table cannot be used.
pub async fn submit(
    hub: &Hub,
    caller: Caller,
    domain: &Domain,
    id: ShortId,
    delivery: Delivery,
) -> Result<Campaign, VoiceError> {
    let closed = close(hub, domain, id, delivery).await?;
    match submit_closed(hub, caller, domain, &closed).await {
        Ok(()) => Ok(closed),
        // It is not known how far it came; asking again tells.
        Err(error @ (VoiceError::Store(_) | VoiceError::Submit(SubmitError::Store(_)))) => Err(error),
        Err(error) if reopened(hub, &closed).await? => Err(error),
        Err(_) => Ok(closed),
    }
}

/// The campaign as nobody changes it any more.
async fn close(hub: &Hub, domain: &Domain, id: ShortId, delivery: Delivery) -> Result<Campaign, VoiceError> {
    loop {
        let (current, _) = campaign(hub, domain, PartKind::Engagements, id).await?;
        if current.submitted_at.is_some() {
            return Ok(current);
        }
        let now = hub.clock.now();
        let closed = current.submitted(delivery, now)?.next_version(now);
        if hub.store.save_campaign(&closed).await? == CampaignWritten::Yes {
            return Ok(closed);
        }
    }
}

/// Whether no batch came of it: then it is open. Someone else may have submitted it meanwhile, or changed its name.
async fn reopened(hub: &Hub, closed: &Campaign) -> Result<bool, StoreError> {
    let mut current = closed.clone();
    loop {
        let open = current.reopened().next_version(hub.clock.now());
        if hub.store.save_campaign_without_batch(&open).await? == CampaignWritten::Yes {
            return Ok(true);
        }
        if hub.store.batch(closed.id.batch_id()).await?.is_some() {
            return Ok(false);
        }
        match hub.store.campaign(closed.id).await? {
            Some(changed) if changed.submitted_at == closed.submitted_at => current = changed,
            _ => return Ok(true),
        }
    }
}

async fn submit_closed(hub: &Hub, caller: Caller, domain: &Domain, campaign: &Campaign) -> Result<(), VoiceError> {
    if hub.store.batch(campaign.id.batch_id()).await?.is_some() {
        return Ok(());
    }
    let materials = materials(hub, &caller, domain, campaign).await?;
    let (mut rows, mut skipped) = (Vec::new(), Vec::new());
    for envelope in envelopes(hub, campaign).await? {
        match row(campaign, &materials, &envelope) {
            Ok(row) => rows.push(row),
            Err(row) => skipped.push(row),
        }
    }
    let submission = BatchSubmission {
        caller,
        domain_name: campaign.domain_name.clone(),
        file_name: FileName::beginning(campaign.name.as_str()),
        rows,
        skipped,
        route: "/api/v1/engagements",
        key: None,
        request_hash: campaign.id.to_string(),
    };
    submit_as(hub, campaign.id.batch_id(), submission, campaign).await?;
    Ok(())
}

/// The row of an envelope, numbered from 1.
fn row(campaign: &Campaign, materials: &Materials, envelope: &Envelope) -> Result<Row, SkippedRow> {
    let number = envelope.number + 1;
    let request = campaign.request(materials, envelope).map_err(|faults| {
        let reason = SkipReason::Unreadable(faults.sentences());
        SkippedRow { number, reason }
    })?;
    Ok(Row { number, request })
}

/// What everyone is told.
async fn materials(hub: &Hub, caller: &Caller, domain: &Domain, campaign: &Campaign) -> Result<Materials, VoiceError> {
    let activity = campaign.activity.as_ref().ok_or(CampaignError::NoActivity)?;
    match activity.kind {
        ActivityKind::Voice => spoken(hub, caller, domain, (campaign, activity)).await,
        ActivityKind::Text => text(hub, domain, activity).await,
        ActivityKind::Email => email(hub, domain, activity).await,
    }
}

async fn spoken(
    hub: &Hub,
    caller: &Caller,
    domain: &Domain,
    (campaign, activity): (&Campaign, &Activity),
) -> Result<Materials, VoiceError> {
    let caller_id: Option<CallerId> = match activity.sender {
        Some(id) => hub.store.kept(&domain.domain_name, KeptKind::CallerIds, id).await?,
        None => None,
    };
    let verified = caller_id.filter(|caller_id| caller_id.is_verified(caller.is_test()));
    let mut spoken = Spoken::from(verified.ok_or(CampaignError::NoCallerId)?.phone_number);
    for trigger in &campaign.triggers {
        let template = match trigger.action {
            TriggerAction::Say { template } => Some(voice_template(hub, domain, template).await?),
            TriggerAction::Dial { .. } | TriggerAction::Pause | TriggerAction::Hangup => None,
        };
        spoken.add(trigger, template.as_ref());
    }
    Ok(Materials::Spoken(spoken))
}

async fn voice_template(hub: &Hub, domain: &Domain, id: ShortId) -> Result<Template, VoiceError> {
    let template = hub.store.kept(&domain.domain_name, KeptKind::VoiceTemplates, id).await?;
    Ok(template.ok_or(CampaignError::LostTemplate)?)
}

async fn text(hub: &Hub, domain: &Domain, activity: &Activity) -> Result<Materials, VoiceError> {
    let template: Option<Template> = match activity.template {
        Some(id) => hub.store.kept(&domain.domain_name, KeptKind::TextTemplates, id).await?,
        None => None,
    };
    let template = template.ok_or(CampaignError::MissingTemplate(ActivityKind::Text))?;
    Ok(Materials::Text(template.body().clone()))
}

async fn email(hub: &Hub, domain: &Domain, activity: &Activity) -> Result<Materials, VoiceError> {
    let id = activity.template.map(|id| Uuid::from(id).into());
    let template = match id {
        Some(id) => hub.store.template(&domain.domain_name, id).await?,
        None => None,
    };
    let template = template.ok_or(CampaignError::MissingTemplate(ActivityKind::Email))?;
    Ok(Materials::Email(template.template_id))
}
