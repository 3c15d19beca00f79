//! Caller ids: a number is called and told a code, and whoever sends the code back has heard it there.
//!
//! The code is kept before the call is started, and the call has an identifier that follows from it. So whatever breaks off,
//! asking again tells the same code by the same call.

use std::sync::Arc;

use hub_auth::Caller;
use hub_models::channel::{Channel, EngagementType, Language};
use hub_models::contact::{Contact, PhoneNumber};
use hub_models::domain::Domain;
use hub_models::moment::Moment;
use hub_models::script::{Scripts, Step};
use hub_models::start::{Message, Source, StartRequest};
use hub_models::text::{ForeignId, Instruction};
use hub_models::voice::{CallerId, KeptKind, ShortId, Title, Verification, VerificationCode};

use super::VoiceError;
use crate::Hub;
use crate::idempotency::{IdempotencyKey, VALID_FOR};
use crate::start::{StartError, start_own};

/// The route that caller ids are made by.
const ROUTE: &str = "/api/v1/caller-ids";

/// The route that has them called again.
const VERIFY_ROUTE: &str = "/api/v1/caller-ids/{id}/verify";

/// What is written down of the call, since whoever can read its transcript has not heard it.
const RECORDED_AS: &str = "A verification code was told.";

/// Makes a caller id of a number, and calls it. The same key makes the same caller id, and one call.
///
/// # Errors
/// When the number cannot be called, or the key came with another one; nothing is made then.
pub async fn create_caller_id(
    hub: &Hub,
    caller: &Caller,
    domain: &Arc<Domain>,
    (name, phone_number, key): (Option<Title>, PhoneNumber, Option<IdempotencyKey>),
) -> Result<CallerId, VoiceError> {
    let id = match key {
        Some(key) => match earlier(hub, caller, domain, &key).await? {
            Earlier::Made(made) => return called_before(hub, domain, *made, &phone_number).await,
            Earlier::Free(id) => id,
        },
        None => ShortId::random(),
    };
    let (now, test_mode) = (hub.clock.now(), caller.is_test());
    let new = unverified(id, name, phone_number, now).told(VerificationCode::new(test_mode), test_mode, now);
    if !hub.store.keep(&domain.domain_name, &new).await? {
        // Another request with the key was faster.
        let made = kept(hub, domain, id).await?;
        return called_before(hub, domain, made, &new.phone_number).await;
    }
    let called = call(hub, domain, &new).await;
    if called.as_ref().is_err_and(is_refusal) {
        hub.store.forget_kept(&domain.domain_name, &new).await?;
    }
    called.map(|()| new)
}

fn unverified(id: ShortId, name: Option<Title>, phone_number: PhoneNumber, now: Moment) -> CallerId {
    CallerId {
        id,
        version: 0,
        name,
        phone_number,
        verification: None,
        verified_at: None,
        verified_in_test_mode: false,
        created_at: now,
        updated_at: now,
    }
}

/// A caller id that an earlier request with the same key has made. Where that broke off, its number is called now.
async fn called_before(
    hub: &Hub,
    domain: &Arc<Domain>,
    made: CallerId,
    phone_number: &PhoneNumber,
) -> Result<CallerId, VoiceError> {
    if made.phone_number != *phone_number {
        return Err(StartError::KeyReused.into());
    }
    call(hub, domain, &made).await?;
    Ok(made)
}

/// Whether nobody was called, and nobody will be.
fn is_refusal(error: &VoiceError) -> bool {
    !matches!(error, VoiceError::Store(_) | VoiceError::Start(StartError::Store(_)))
}

/// Whether a key has its caller id already.
enum Earlier {
    Made(Box<CallerId>),
    Free(ShortId),
}

async fn earlier(hub: &Hub, caller: &Caller, domain: &Domain, key: &IdempotencyKey) -> Result<Earlier, VoiceError> {
    let candidates = key.candidates(caller.account_id(), ROUTE, hub.clock.now());
    let [current, previous] = [candidates.current, candidates.previous].map(|id| {
        let mut bytes = [0; 16];
        bytes[..12].copy_from_slice(id.bytes());
        ShortId::from_bytes(bytes)
    });
    let kept = |id| hub.store.kept::<CallerId>(&domain.domain_name, KeptKind::CallerIds, id);
    let (found, before) = futures::try_join!(kept(current), kept(previous))?;
    let before = before.filter(|made| hub.clock.now() - made.created_at < VALID_FOR);
    Ok(found.or(before).map_or(Earlier::Free(current), |made| Earlier::Made(Box::new(made))))
}

/// Calls the number of a caller id once more and tells it another code. One that is verified stays so, and a request that comes
/// again with its key calls nobody again.
///
/// # Errors
/// When there is no such caller id, or the number cannot be called; the code before stays the one that counts then.
pub async fn call_again(
    hub: &Hub,
    caller: &Caller,
    domain: &Arc<Domain>,
    (id, key): (ShortId, Option<IdempotencyKey>),
) -> Result<CallerId, VoiceError> {
    let (code, test_mode) = (VerificationCode::new(caller.is_test()), caller.is_test());
    let key = key.map(|key| key.candidates(caller.account_id(), VERIFY_ROUTE, hub.clock.now()));
    loop {
        let current = kept(hub, domain, id).await?;
        if current.is_verified(test_mode) {
            return Ok(current);
        }
        let since = hub.clock.now() + -VALID_FOR;
        if key.as_ref().is_some_and(|key| current.was_asked_by([key.current, key.previous], since)) {
            return call(hub, domain, &current).await.map(|()| current);
        }
        let told = current.clone().told(code.clone(), test_mode, hub.clock.now());
        let told = match &key {
            Some(key) => told.asked_by(key.current),
            None => told,
        };
        if !hub.store.save_kept(&domain.domain_name, &told).await? {
            continue;
        }
        let called = call(hub, domain, &told).await;
        if called.as_ref().is_err_and(is_refusal) {
            let back = CallerId { version: told.version + 1, ..current };
            hub.store.save_kept(&domain.domain_name, &back).await?;
        }
        return called.map(|()| told);
    }
}

/// Verifies a caller id by the code that its number was told. One that is verified stays so.
///
/// # Errors
/// When there is no such caller id, or it is another code.
pub async fn verify(
    hub: &Hub,
    caller: &Caller,
    domain: &Domain,
    id: ShortId,
    code: &str,
) -> Result<CallerId, VoiceError> {
    let test_mode = caller.is_test();
    loop {
        let current = kept(hub, domain, id).await?;
        if current.is_verified(test_mode) {
            return Ok(current);
        }
        let (next, verified) = current.said(code, test_mode, hub.clock.now());
        if hub.store.save_kept(&domain.domain_name, &next).await? {
            return Ok(verified.map(|()| next)?);
        }
    }
}

async fn kept(hub: &Hub, domain: &Domain, id: ShortId) -> Result<CallerId, VoiceError> {
    let kept = hub.store.kept(&domain.domain_name, KeptKind::CallerIds, id).await?;
    kept.ok_or(VoiceError::Unknown { kind: KeptKind::CallerIds.as_str(), id })
}

/// Starts the call that tells the code, unless that was done.
async fn call(hub: &Hub, domain: &Arc<Domain>, caller_id: &CallerId) -> Result<(), VoiceError> {
    let Some(told) = &caller_id.verification else { return Ok(()) };
    let request = request(domain, caller_id, told);
    start_own(hub, told.call(caller_id.id), Arc::clone(domain), request).await?;
    Ok(())
}

/// An engagement like any other: it is priced, refused and followed as they are.
fn request(domain: &Domain, caller_id: &CallerId, told: &Verification) -> StartRequest {
    StartRequest {
        domain_name: domain.domain_name.clone(),
        channel: Channel::Phone,
        engagement_type: EngagementType::Informational,
        contact: Contact::Phone(caller_id.phone_number.clone()),
        client_name: None,
        instruction: Instruction::parse(RECORDED_AS).ok().flatten(),
        message: Message::Scripted(Box::new(scripts(&told.code))),
        language: Language::En,
        scheduled_time: None,
        user_phone_number: None,
        external_user_id: None,
        booking_id: None,
        test_mode: told.in_test_mode,
        source: Source {
            record_id: ForeignId::beginning(&caller_id.id.to_string()),
            object: ForeignId::beginning("caller-ids"),
            ..Source::default()
        },
        context: None,
    }
}

fn scripts(code: &VerificationCode) -> Scripts {
    let code = code.spoken();
    let text = format!("Your verification code is {code}. Once more: your verification code is {code}.");
    let say = Step::Say { text, voice: None, times: 1 };
    Scripts { on_answered: vec![say], recorded_as: Some(RECORDED_AS.to_owned()), ..Scripts::default() }
}
