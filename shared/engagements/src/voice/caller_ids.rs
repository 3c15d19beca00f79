//! Caller ids: a number is called and told a code, and whoever sends the code back has heard it there.

use hub_auth::Caller;
use hub_models::channel::{Channel, EngagementType, Language};
use hub_models::contact::{Contact, PhoneNumber};
use hub_models::domain::Domain;
use hub_models::script::{Scripts, Step};
use hub_models::start::{Message, Source, StartRequest};
use hub_models::text::{ForeignId, Instruction};
use hub_models::voice::{CallerId, KeptKind, ShortId, Title, VerificationCode};

use super::VoiceError;
use crate::Hub;
use crate::idempotency::{IdempotencyKey, VALID_FOR};
use crate::start::{StartError, Submission, start};

/// The route that caller ids are made by.
const ROUTE: &str = "/api/v1/caller-ids";

/// Makes a caller id of a number, and calls it. The same key makes the same caller id, and one call.
///
/// # Errors
/// When the number cannot be called, or the key came with another one; nothing is made then.
pub async fn create_caller_id(
    hub: &Hub,
    caller: Caller,
    domain: &Domain,
    (name, phone_number, key): (Option<Title>, PhoneNumber, Option<IdempotencyKey>),
) -> Result<CallerId, VoiceError> {
    let (now, code) = (hub.clock.now(), VerificationCode::random());
    let id = match key {
        Some(key) => match earlier(hub, &caller, domain, &key).await? {
            Earlier::Made(made) if made.phone_number == phone_number => return Ok(*made),
            Earlier::Made(_) => return Err(StartError::KeyReused.into()),
            Earlier::Free(id) => id,
        },
        None => ShortId::random(),
    };
    let new = CallerId {
        id,
        version: 0,
        name,
        phone_number,
        verification: None,
        verified_at: None,
        created_at: now,
        updated_at: now,
    };
    let new = new.told(&code, now);
    call(hub, caller, domain, &new, &code).await?;
    hub.store.keep(&domain.domain_name, &new).await?;
    Ok(new)
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

/// Calls the number of a caller id once more and tells it another code. One that is verified stays so.
///
/// # Errors
/// When there is no such caller id, or the number cannot be called.
pub async fn call_again(hub: &Hub, caller: Caller, domain: &Domain, id: ShortId) -> Result<CallerId, VoiceError> {
    let code = VerificationCode::random();
    let current = kept(hub, domain, id).await?;
    if current.verified_at.is_some() {
        return Ok(current);
    }
    call(hub, caller, domain, &current, &code).await?;
    loop {
        let told = kept(hub, domain, id).await?.told(&code, hub.clock.now());
        if hub.store.save_kept(&domain.domain_name, &told).await? {
            return Ok(told);
        }
    }
}

/// Verifies a caller id by the code that its number was told. One that is verified stays so.
///
/// # Errors
/// When there is no such caller id, or it is another code.
pub async fn verify(hub: &Hub, domain: &Domain, id: ShortId, code: &str) -> Result<CallerId, VoiceError> {
    loop {
        let current = kept(hub, domain, id).await?;
        if current.verified_at.is_some() {
            return Ok(current);
        }
        let (next, verified) = current.said(code, hub.clock.now());
        if hub.store.save_kept(&domain.domain_name, &next).await? {
            return Ok(verified.map(|()| next)?);
        }
    }
}

async fn kept(hub: &Hub, domain: &Domain, id: ShortId) -> Result<CallerId, VoiceError> {
    let kept = hub.store.kept(&domain.domain_name, KeptKind::CallerIds, id).await?;
    kept.ok_or(VoiceError::Unknown { kind: KeptKind::CallerIds.as_str(), id })
}

async fn call(
    hub: &Hub,
    caller: Caller,
    domain: &Domain,
    caller_id: &CallerId,
    code: &VerificationCode,
) -> Result<(), VoiceError> {
    let code = code.spoken();
    let text = format!("Your verification code is {code}. Once more: your verification code is {code}.");
    let submission = Submission {
        caller,
        request: request(domain, caller_id, text),
        route: ROUTE,
        key: None,
        request_hash: caller_id.id.to_string(),
    };
    start(hub, submission).await?;
    Ok(())
}

/// An engagement like any other: it is priced, refused and followed as they are.
fn request(domain: &Domain, caller_id: &CallerId, text: String) -> StartRequest {
    let instruction = Instruction::parse(&text).ok().flatten();
    let say = Step::Say { text, voice: None, times: 1 };
    let scripts = Scripts { on_answered: vec![say], ..Scripts::default() };
    StartRequest {
        domain_name: domain.domain_name.clone(),
        channel: Channel::Phone,
        engagement_type: EngagementType::Informational,
        contact: Contact::Phone(caller_id.phone_number.clone()),
        client_name: None,
        instruction,
        message: Message::Scripted(Box::new(scripts)),
        language: Language::En,
        scheduled_time: None,
        user_phone_number: None,
        external_user_id: None,
        booking_id: None,
        test_mode: false,
        source: Source {
            record_id: ForeignId::beginning(&caller_id.id.to_string()),
            object: ForeignId::beginning("caller-ids"),
            ..Source::default()
        },
        context: None,
    }
}
