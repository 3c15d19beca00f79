//! Forms with a file, as browsers send them (`multipart/form-data`, RFC 7578).

use std::convert::Infallible;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use futures::stream;
use hub_engagements::request_hash;
use multer::{Multipart, parse_boundary};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::body::{JsonObject, LARGE_LIMIT, collect};
use crate::error::ApiError;

/// A form: its fields as if they were JSON, and its file.
#[derive(Clone, Debug)]
pub struct Form {
    /// The fields, all of them texts; of two with the same name the last.
    pub fields: JsonObject,
    /// The file, where there is one.
    pub file: Option<UploadedFile>,
}

/// A file of a form.
#[derive(Clone, Debug)]
pub struct UploadedFile {
    /// What it is called where it comes from.
    pub name: String,
    /// What is in it.
    pub bytes: Bytes,
}

impl Form {
    /// What tells this request from another: the boundary between the parts is another one each time.
    #[must_use]
    pub fn hash(&self) -> String {
        let file = self.file.as_ref().map(|file| json!([file.name, hex::encode(Sha256::digest(&file.bytes))]));
        request_hash(&json!({"fields": self.fields.0, "file": file}))
    }

    async fn parse(bytes: Bytes, boundary: String) -> Result<Self, ApiError> {
        let mut parts = Multipart::new(stream::iter([Ok::<_, Infallible>(bytes)]), boundary);
        let mut form = Self { fields: JsonObject(Map::new()), file: None };
        while let Some(part) = parts.next_field().await.map_err(unreadable)? {
            let (field, file) = (part.name().map(str::to_owned), part.file_name().map(str::to_owned));
            match (field, file) {
                (_, Some(name)) => {
                    form.take_file(UploadedFile { name, bytes: part.bytes().await.map_err(unreadable)? })?
                }
                (Some(field), None) => {
                    let text = part.text().await.map_err(unreadable)?;
                    form.fields.0.insert(field, Value::String(text));
                }
                (None, None) => {}
            }
        }
        Ok(form)
    }

    fn take_file(&mut self, file: UploadedFile) -> Result<(), ApiError> {
        match self.file.replace(file) {
            None => Ok(()),
            Some(_) => Err(bad_form("The form has more than one file; send one at a time.")),
        }
    }
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        let boundary = boundary(request.headers());
        let bytes = collect(request.into_body(), LARGE_LIMIT).await?;
        match boundary {
            Some(boundary) => Self::parse(bytes, boundary).await,
            None => {
                let detail =
                    "Send a form with a file, with the header \"Content-Type: multipart/form-data; boundary=…\".";
                Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail))
            }
        }
    }
}

fn boundary(headers: &HeaderMap) -> Option<String> {
    parse_boundary(headers.get(header::CONTENT_TYPE)?.to_str().ok()?).ok()
}

fn unreadable(error: multer::Error) -> ApiError {
    bad_form(&format!("The form cannot be read: {error}."))
}

fn bad_form(detail: &str) -> ApiError {
    ApiError::new(StatusCode::BAD_REQUEST, detail)
}
