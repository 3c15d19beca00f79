//! What a change of settings does with the logo: an image is given once, and not again with every other change.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hub_engagements::Hub;
use hub_models::domain::DomainName;
use hub_models::fault::{Faults, FieldFault};
use hub_models::logo::{Logo, LogoUrl};
use hub_models::outbound_email::LogoRef;
use hub_models::outside::UrlPolicy;
use hub_models::text::ForeignId;
use hub_web::{ApiError, Fields};
use serde_json::{Map, Value};

/// What is to become of a logo.
pub(crate) enum LogoChange {
    /// It stays.
    Stays,
    /// It stays, as far as it is the one with this digest: settings that were read are sent back with a change.
    StaysAs(String),
    /// There is to be none.
    Goes,
    /// It is this image.
    Is(Logo),
    /// It is the image at this address, fetched once.
    IsAt(LogoUrl),
}

impl LogoChange {
    /// Reads the field `logo`, where it is given at all: null removes the logo, an address is fetched, data is decoded.
    pub(crate) fn read(fields: &mut Fields, given: Option<Value>, policy: UrlPolicy) -> Self {
        let read = match given {
            None => Ok(Self::Stays),
            Some(Value::Null) => Ok(Self::Goes),
            Some(Value::String(text)) => from_text(&text, policy),
            Some(Value::Object(object)) => from_object(&object, policy),
            Some(_) => Err("must be an address, an object with url or data, or null.".to_owned()),
        };
        read.unwrap_or_else(|detail| {
            fields.fault("logo", detail);
            Self::Stays
        })
    }

    /// Keeps a new image, before settings name it: what then is to become of the logo.
    pub(crate) async fn kept(
        self,
        hub: &Hub,
        domain: &DomainName,
        user: Option<&ForeignId>,
    ) -> Result<KeptLogo, ApiError> {
        let logo = match self {
            Self::Stays => return Ok(KeptLogo::Stays),
            Self::StaysAs(digest) => return Ok(KeptLogo::StaysAs(digest)),
            Self::Goes => return Ok(KeptLogo::Is(None)),
            Self::Is(logo) => logo,
            Self::IsAt(url) => hub.logos.fetch(&url).await.map_err(|error| at_fault(&error.to_string()))?,
        };
        Ok(KeptLogo::Is(Some(hub.store.keep_logo(domain, user, &logo).await?)))
    }
}

/// What is to become of a logo, once its image is kept. It is settled by the settings that the change is written over.
pub(crate) enum KeptLogo {
    /// It stays.
    Stays,
    /// It stays, as far as it is the one with this digest.
    StaysAs(String),
    /// It is this one, or none.
    Is(Option<LogoRef>),
}

impl KeptLogo {
    /// The logo of settings that are written over those with the `current` one.
    pub(crate) fn over(&self, current: Option<&LogoRef>) -> Result<Option<LogoRef>, ApiError> {
        match self {
            Self::Stays => Ok(current.cloned()),
            Self::StaysAs(digest) if current.is_some_and(|current| current.digest == *digest) => Ok(current.cloned()),
            Self::StaysAs(_) => Err(at_fault("is not the logo that is set; give its url or its data.")),
            Self::Is(logo) => Ok(logo.clone()),
        }
    }
}

fn at_fault(detail: &str) -> ApiError {
    Faults::from(FieldFault::invalid("logo", detail)).into()
}

fn from_text(text: &str, policy: UrlPolicy) -> Result<LogoChange, String> {
    match text.trim() {
        "" => Ok(LogoChange::Goes),
        data if data.starts_with("data:") => decoded(data),
        address => LogoUrl::parse(address, policy).map(LogoChange::IsAt).map_err(|error| error.to_string()),
    }
}

fn from_object(object: &Map<String, Value>, policy: UrlPolicy) -> Result<LogoChange, String> {
    let given = |text: &&str| !text.trim().is_empty();
    let text = |name: &str| object.get(name).and_then(Value::as_str).filter(given);
    match (text("data"), text("url"), text("digest")) {
        (Some(data), _, _) => decoded(data),
        (None, Some(url), _) => from_text(url, policy),
        (None, None, Some(digest)) => Ok(LogoChange::StaysAs(digest.to_owned())),
        (None, None, None) => Err("must have url or data.".to_owned()),
    }
}

/// Base64, by itself or as a `data:` URL.
fn decoded(data: &str) -> Result<LogoChange, String> {
    let encoded =
        data.strip_prefix("data:").and_then(|data| data.split_once(";base64,")).map_or(data, |(_, data)| data);
    let bytes = STANDARD.decode(encoded.trim()).map_err(|_| "data must be the image in base64.".to_owned())?;
    Logo::parse(bytes).map(LogoChange::Is).map_err(|error| error.to_string())
}
