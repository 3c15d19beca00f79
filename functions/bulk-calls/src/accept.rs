//! What submit and upload share once the campaign and its rows are apart from the form they came in.

use hub_auth::Caller;
use hub_engagements::bulk::{BatchSubmission, submit};
use hub_engagements::{Hub, IdempotencyKey, domain_of};
use hub_web::ApiError;

use crate::campaign::Campaign;
use crate::rows::{RowObject, Rows};
use crate::submitted::SubmittedBatch;

/// Who asks, and what tells the request from others.
pub(crate) struct Asked {
    pub(crate) caller: Caller,
    pub(crate) route: &'static str,
    pub(crate) key: Option<IdempotencyKey>,
    pub(crate) request_hash: String,
}

/// Reads the rows, each with its number, as the campaign's domain has them read, and makes them a batch.
pub(crate) async fn accept(
    hub: &Hub,
    asked: Asked,
    campaign: Campaign,
    rows: impl IntoIterator<Item = (u32, RowObject)>,
) -> Result<SubmittedBatch, ApiError> {
    let Asked { caller, route, key, request_hash } = asked;
    let domain = domain_of(hub, caller.account_id(), &campaign.domain_name).await?;
    let Rows { read: rows, skipped } = Rows::read(rows, &campaign, &domain, hub.clock.now());
    let Campaign { domain_name, file_name, .. } = campaign;
    let submission = BatchSubmission { caller, domain_name, file_name, rows, skipped, route, key, request_hash };
    Ok(submit(hub, submission).await?.into())
}
