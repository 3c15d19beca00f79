//! How a conversation begins: what the contact is told first.

use hub_channels::ProviderError;
use hub_channels::writer::{Brief, Medium, Writer};
use hub_models::calendar::{Booking, BookingStatus};
use hub_models::channel::{Channel, EngagementType};
use hub_models::domain::Domain;
use hub_models::engagement::{Content, Engagement, Outcome, Role, State, Turn};
use hub_models::moment::Moment;
use hub_models::start::StartRequest;
use hub_models::talk::{AnsweredBy, Talk, opening, segments};
use hub_store::{Conversation, Heard, StoreError};
use jiff::SignedDuration;

use super::calendar::{Diary, teller_of};
use super::record::{Recorded, TurnTaken, write};
use crate::Hub;
use crate::enqueue::enqueue;

/// The first thing that is said.
#[derive(Clone, Debug)]
pub(crate) struct Opening {
    /// What is said.
    pub(crate) text: String,
    /// The starts of the times that are offered in it.
    pub(crate) offered: Vec<Moment>,
    /// What the transcript has in its place, where nobody but the contact is to know it.
    pub(crate) recorded_as: Option<String>,
}

impl Opening {
    fn plain(text: String) -> Self {
        Self { text, offered: Vec::new(), recorded_as: None }
    }
}

/// The key under which an opening is kept that cannot be made again.
const OPENING: &str = "opening";

/// The key under which it is kept what a model made of the instruction: every attempt tells the same.
const TOLD: &str = "told";

/// Makes the opening before it is sent, and keeps it where a model wrote it or times are offered in it.
///
/// The inner error is the model's, or that there is nothing to be asked any more.
pub(crate) async fn prepare_opening(
    hub: &Hub,
    engagement: &Engagement,
    content: &Content,
    domain: &Domain,
) -> Result<Result<Opening, ProviderError>, StoreError> {
    // Most calls are answered by a person; what a machine is told is chosen when one answers.
    if let Some(laid_down) = laid_down_for(content, AnsweredBy::Human) {
        return Ok(Ok(laid_down));
    }
    let told = match told(hub, engagement, content, domain).await? {
        Ok(told) => told,
        Err(error) => return Ok(Err(error)),
    };
    let teller = teller_of(hub, engagement, domain).await?;
    let diary = Diary::of(hub, engagement, content, teller, Vec::new());
    let (offered, about) = match engagement.engagement_type {
        EngagementType::AppointmentBooking => {
            let offered = diary.free().await?;
            let about = diary.told(&offered);
            (offered, about)
        }
        EngagementType::Confirmational => {
            let booking = diary.booking().await?;
            if let Some(cancelled) = booking.as_ref().filter(|booking| booking.status == BookingStatus::Cancelled) {
                return Ok(Err(is_cancelled(cancelled)));
            }
            let told = booking.iter().map(|booking| booking.period.starts_at()).collect();
            (told, booking.iter().map(|booking| diary.told_booking(booking).appointment).collect())
        }
        EngagementType::Informational | EngagementType::Conversational => (Vec::new(), Vec::new()),
    };
    let text = opening(&told, engagement.engagement_type, content.language, &about);
    let made = Opening { offered, ..Opening::plain(text) };
    if matches!(hub.writer, Writer::Bedrock { .. }) || !about.is_empty() {
        let kept = Heard {
            key: OPENING.to_owned(),
            text: Some(made.text.clone()),
            answer: None,
            offered: made.offered.clone(),
        };
        hub.store.keep_heard(engagement.engagement_id, &kept).await?;
    }
    Ok(Ok(made))
}

/// Nobody is asked to confirm what was called off.
fn is_cancelled(booking: &Booking) -> ProviderError {
    let reason = format!(
        "Booking {} was cancelled before the contact was asked to confirm it; make a new booking, and start again with \
         its booking_id.",
        booking.booking_id
    );
    ProviderError::Refused { outcome: Outcome::Refused, reason }
}

/// The words that are laid down for whoever answers, where they are laid down at all.
pub(super) fn laid_down_for(content: &Content, by: AnsweredBy) -> Option<Opening> {
    let scripts = content.scripts.as_ref()?;
    let recorded_as = scripts.recorded_as.clone();
    Some(Opening { recorded_as, ..Opening::plain(scripts.words_to(by).unwrap_or_default()) })
}

/// What the writer makes of the instruction. Without a model it is told as it is.
async fn told(
    hub: &Hub,
    engagement: &Engagement,
    content: &Content,
    domain: &Domain,
) -> Result<Result<String, ProviderError>, StoreError> {
    let Some(instruction) = &content.instruction else { return Ok(Ok(String::new())) };
    if matches!(hub.writer, Writer::Plain) {
        return Ok(Ok(instruction.as_str().to_owned()));
    }
    if let Some(kept) = told_before(hub, engagement).await? {
        return Ok(Ok(kept));
    }
    let account = hub.store.account_cached(domain.account_id).await?;
    let organization_name = account.map_or(String::new(), |account| account.organization_name.as_str().to_owned());
    let medium = if engagement.channel.is_voice() { Medium::Speech } else { Medium::Message };
    let brief = Brief {
        instruction,
        language: content.language,
        client_name: engagement.client_name.as_ref(),
        organization_name: &organization_name,
        subject: "",
        medium,
    };
    let sent_as = |told: &str| segments(&opening(told, engagement.engagement_type, content.language, &[])).count;
    let paid_for = sent_as(instruction.as_str());
    let told = match hub.writer.paragraph(&brief).await {
        // Nobody is sent more segments than were paid for.
        Ok(written) if engagement.channel == Channel::Sms && sent_as(&written.paragraph) > paid_for => {
            instruction.as_str().to_owned()
        }
        Ok(written) => written.paragraph,
        Err(error) => return Ok(Err(error)),
    };
    let kept = Heard { key: TOLD.to_owned(), text: Some(told.clone()), answer: None, offered: Vec::new() };
    hub.store.keep_heard(engagement.engagement_id, &kept).await?;
    Ok(Ok(told))
}

/// What a model made of the instruction for an attempt before this one.
async fn told_before(hub: &Hub, engagement: &Engagement) -> Result<Option<String>, StoreError> {
    if engagement.attempt < 2 {
        return Ok(None);
    }
    let mut conversation = hub.store.conversation(engagement.engagement_id).await?;
    Ok(conversation.as_mut().and_then(|conversation| conversation.heard.remove(TOLD)?.text))
}

/// The opening of a conversation: as it was kept, or as it is made again.
pub(crate) fn opening_of(conversation: &Conversation) -> Opening {
    if let Some(Heard { text: Some(text), offered, .. }) = conversation.heard.get(OPENING) {
        return Opening { offered: offered.clone(), ..Opening::plain(text.clone()) };
    }
    let Some(content) = &conversation.content else {
        return Opening::plain(String::new());
    };
    let told = content.instruction.as_ref().map_or("", |instruction| instruction.as_str());
    Opening::plain(opening(told, conversation.engagement.engagement_type, content.language, &[]))
}

/// What an engagement without a conversation has told its contact.
pub(crate) async fn told_at_first(
    hub: &Hub,
    engagement: &Engagement,
    content: Option<&Content>,
) -> Result<Option<String>, StoreError> {
    if hub.converser.thinks() {
        let conversation = hub.store.conversation(engagement.engagement_id).await?;
        return Ok(conversation.map(|conversation| opening_of(&conversation).text));
    }
    Ok(content.and_then(|content| content.instruction.as_ref()).map(|text| text.as_str().to_owned()))
}

/// The most characters of one message that carriers take.
pub(crate) const LONGEST_MESSAGE: usize = 1_600;

/// How many characters the times that are offered, or the booking that is asked about, take at most.
const ABOUT: usize = 300;

/// How many characters an opening has that is told as it is, with all that will be said in it.
pub(crate) fn length_of(request: &StartRequest) -> usize {
    let told = request.instruction.as_ref().map_or("", |instruction| instruction.as_str());
    let about = match request.engagement_type {
        EngagementType::Informational | EngagementType::Conversational => 0,
        EngagementType::Confirmational | EngagementType::AppointmentBooking => ABOUT,
    };
    opening(told, request.engagement_type, request.language, &[]).encode_utf16().count() + about
}

/// What the key of a message that was heard begins with.
pub(super) const MESSAGE: &str = "message-";

/// What the contact wrote while it was being sent.
fn written_early(conversation: &Conversation) -> Vec<String> {
    let mut written: Vec<&Heard> = conversation.heard.values().filter(|heard| heard.key.starts_with(MESSAGE)).collect();
    written.sort_by(|one, other| one.key.cmp(&other.key));
    written.into_iter().filter_map(|heard| heard.text.clone()).collect()
}

/// Begins a conversation whose opening was sent as a message; one that has begun is left as it is. What the contact wrote
/// before that was known is answered next.
pub(crate) async fn begin(hub: &Hub, conversation: Conversation) -> Result<Engagement, StoreError> {
    let (opening, written) = (opening_of(&conversation), written_early(&conversation));
    let engagement = conversation.engagement;
    let begins = engagement.awaits_messages() && matches!(engagement.state, State::InProgress | State::OnHold);
    if !begins || engagement.talk.is_some() {
        return Ok(engagement);
    }
    // It was said when it was sent, however late that is noticed.
    let now = engagement.started_at.unwrap_or_else(|| hub.clock.now());
    let waits = !written.is_empty();
    let mut said = vec![Turn { role: Role::Assistant, content: opening.text, timestamp: now }];
    said.extend(written.into_iter().map(|content| Turn { role: Role::User, content, timestamp: hub.clock.now() }));
    let talk = Talk { offered: opening.offered, heard: waits, unanswered: waits, ..Talk::begun(now).saying(&said) };
    let look_again = engagement.due_at.filter(|_| !waits).unwrap_or(now);
    let taken = TurnTaken { talk, said, heard: None, ended: None, note: None, look_again };
    match write(hub, engagement.clone(), taken).await? {
        Recorded::Written(engagement) => {
            if waits {
                enqueue(hub, &engagement, SignedDuration::ZERO).await;
            }
            Ok(*engagement)
        }
        Recorded::Overtaken => Ok(hub.store.engagement(engagement.engagement_id).await?.unwrap_or(engagement)),
    }
}
