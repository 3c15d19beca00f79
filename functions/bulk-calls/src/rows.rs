//! The rows of a campaign: those that can be engaged, and those that are skipped with their reason.

use hub_models::batch::{Row, SkipReason, SkippedRow};
use hub_models::domain::Domain;
use hub_models::fault::{Faults, FieldFault};
use hub_models::moment::Moment;
use hub_models::text::Line;
use hub_web::JsonObject;
use jiff::tz::TimeZone;
use serde_json::Value;

use crate::campaign::Campaign;
use crate::row::RowFields;

/// What a row was read into so far: its fields, or what is wrong already.
pub(crate) type RowObject = Result<JsonObject, Faults>;

/// All rows, each on its side.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    pub(crate) read: Vec<Row>,
    pub(crate) skipped: Vec<SkippedRow>,
}

impl Rows {
    /// Reads rows, each with its number.
    pub(crate) fn read(
        rows: impl IntoIterator<Item = (u32, RowObject)>,
        campaign: &Campaign,
        domain: &Domain,
        now: Moment,
    ) -> Self {
        let (zone, mut all) = (domain.time_zone.zone(), Self::default());
        for (number, fields) in rows {
            match fields.and_then(|fields| request(fields, campaign, &zone, now)) {
                Ok(request) => all.read.push(Row { number, request }),
                Err(faults) => all.skipped.push(SkippedRow { number, reason: reason(&faults) }),
            }
        }
        all
    }
}

/// The rows of a JSON body, numbered from 1.
pub(crate) fn of_json(rows: Vec<Value>) -> impl Iterator<Item = (u32, RowObject)> {
    (1..).zip(rows.into_iter().map(|row| match row {
        Value::Object(fields) => Ok(JsonObject(fields)),
        _ => Err(Faults::from(FieldFault::invalid("The row", "must be an object."))),
    }))
}

fn request(
    fields: JsonObject,
    campaign: &Campaign,
    zone: &TimeZone,
    now: Moment,
) -> Result<hub_models::start::StartRequest, Faults> {
    // Every field of a row is read whatever it is, so this cannot fail; if it does, the row is told so.
    let fields: RowFields =
        serde_json::from_value(Value::Object(fields.0)).map_err(|error| FieldFault::invalid("The row", error))?;
    fields.into_request(campaign, zone, now)
}

/// The reason as a line that fits an answer with a thousand of them.
fn reason(faults: &Faults) -> SkipReason {
    let reason = Line::<500>::beginning(&faults.sentences()).map(|line| line.as_str().to_owned());
    SkipReason::Unreadable(reason.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use hub_models::id::AccountId;
    use hub_web::Fields;
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::campaign::CampaignFields;
    use crate::columns::rows_of_file;

    /// How many rows of a campaign could be read and how many could not.
    fn counts(rows: impl IntoIterator<Item = (u32, RowObject)>) -> (usize, usize) {
        let now = Moment::from_millisecond(0);
        let fields: CampaignFields = serde_json::from_value(json!({"domain_name": "acme"})).unwrap();
        let campaign = fields.read(&mut Fields::default(), None, 0).unwrap();
        let domain = Domain::new(campaign.domain_name.clone(), AccountId::random(), now);
        let Rows { read, skipped } = Rows::read(rows, &campaign, &domain, now);
        (read.len(), skipped.len())
    }

    #[test]
    fn a_reason_is_cut_to_a_line() {
        let faults = Faults::from(FieldFault::invalid("name", "x".repeat(2_000)));
        let SkipReason::Unreadable(told) = reason(&faults) else { panic!("another reason") };
        assert_eq!(told.chars().count(), 500);
    }

    proptest! {
        #[test]
        fn every_row_is_read_or_told_and_none_panics(
            header in "(phone|email|name|channel|instruction|scheduled_time|test_mode|x y|template_params){1}(,[a-z]{1,5}){0,3}",
            rows in "(([+'0-9]{0,12}|sms|email|a@b.co|[0-9/.: ]{0,16}|\\{\\}|\"x\n\")(,|\n)){0,30}",
        ) {
            let file = format!("phone_number,{header}\n{rows}");
            if let Ok(rows) = rows_of_file(file.as_bytes()) {
                let all = rows.len();
                let (read, skipped) = counts(rows);
                prop_assert_eq!(read + skipped, all);
            }
        }

        #[test]
        fn json_of_any_kind_is_read_or_told(value in ".{0,20}", number: f64, yes: bool) {
            let row = |value: Value| json!({"phone_number": "+14165551234", "instruction": "x", "name": value});
            let odd = [json!(value), json!(number), json!(yes), json!([value]), json!({"a": number}), json!(null)];
            let (read, skipped) = counts(of_json(odd.clone().into_iter().chain(odd.map(row)).collect()));
            prop_assert_eq!(read + skipped, 12);
        }
    }
}
