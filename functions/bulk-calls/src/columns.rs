//! What the columns of a file are for: fields of rows, or values of placeholders (checklist I4).

use hub_models::fault::Faults;
use hub_models::placeholders::is_key;
use hub_sheets::{Row, Sheet, SheetError, is_spreadsheet_error};
use hub_web::JsonObject;
use serde_json::{Map, Value};

use crate::rows::RowObject;

/// The fields of a row that a column can have.
const FIELDS: [&str; 19] = [
    "phone_number",
    "email",
    "name",
    "instruction",
    "channel",
    "call_type",
    "language",
    "scheduled_time",
    "user_phone_number",
    "external_user_id",
    "booking_id",
    "email_subject",
    "email_body_html",
    "email_template_id",
    "email_template_name",
    PARAMS,
    "source_record_id",
    "crm_contact_id",
    TEST_MODE,
];

const PARAMS: &str = "email_template_params";
const TEST_MODE: &str = "test_mode";

/// What columns are called otherwise.
const ALIASES: [(&str, &str); 10] = [
    ("phone", "phone_number"),
    ("email_address", "email"),
    ("client_email", "email"),
    ("client_name", "name"),
    ("customer_name", "name"),
    ("type", "call_type"),
    ("initiator_phone_number", "user_phone_number"),
    ("user_id", "external_user_id"),
    ("subject", "email_subject"),
    ("template_params", PARAMS),
];

/// Why a file is no campaign.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FileError {
    #[error(
        "The first row must be a header with a column phone_number or email; GET /bulk-calls/template.csv is a file to \
         start from."
    )]
    NoContacts,
    #[error("The first row has more than one column for {0}; leave one of them.")]
    ColumnTwice(&'static str),
    #[error("The file has no row under its header.")]
    NoRows,
    #[error(transparent)]
    Sheet(#[from] SheetError),
}

/// What a column fills.
#[derive(Debug)]
enum Column {
    Field(&'static str),
    /// A custom placeholder.
    Placeholder(String),
    /// Nothing: no placeholder can have its name.
    Unread,
}

/// The rows of a file, with their numbers.
pub(crate) fn rows_of_file(file: &[u8]) -> Result<Vec<(u32, RowObject)>, FileError> {
    let Sheet { first, rows } = Sheet::read(file)?;
    let columns = columns(&first)?;
    if rows.is_empty() {
        return Err(FileError::NoRows);
    }
    let numbered = |row: &Row| (u32::try_from(row.number).unwrap_or(u32::MAX), fields(&columns, row));
    Ok(rows.iter().map(numbered).collect())
}

fn columns(header: &Row) -> Result<Vec<Column>, FileError> {
    let columns: Vec<Column> = header.column_names().into_iter().map(Column::named).collect();
    let count = |field: &str| columns.iter().filter(|column| column.is_of(field)).count();
    if let Some(twice) = FIELDS.into_iter().find(|field| count(field) > 1) {
        return Err(FileError::ColumnTwice(twice));
    }
    if count("phone_number") + count("email") == 0 {
        return Err(FileError::NoContacts);
    }
    Ok(columns)
}

impl Column {
    fn named(name: String) -> Self {
        let field = ALIASES.iter().find(|(alias, _)| *alias == name).map_or(name.as_str(), |(_, field)| field);
        match FIELDS.into_iter().find(|known| *known == field) {
            Some(field) => Self::Field(field),
            None if is_key(&name) => Self::Placeholder(name),
            None => Self::Unread,
        }
    }

    fn is_of(&self, field: &str) -> bool {
        matches!(self, Self::Field(name) if *name == field)
    }

    fn name(&self) -> &str {
        match self {
            Self::Field(name) => name,
            Self::Placeholder(name) => name,
            Self::Unread => "",
        }
    }
}

/// The row as if it had come as JSON.
fn fields(columns: &[Column], row: &Row) -> RowObject {
    let (mut fields, mut params, mut faults) = (Map::new(), Map::new(), Faults::default());
    for (column, cell) in columns.iter().zip(row.cells()).filter(|(_, cell)| !cell.is_empty()) {
        match column {
            Column::Unread => {}
            _ if is_spreadsheet_error(cell) => {
                faults.invalid(column.name(), format!("shows {cell}; mend its formula."));
            }
            Column::Field(PARAMS) => match serde_json::from_str::<Map<String, Value>>(cell) {
                Ok(object) => params.extend(object),
                Err(_) => {
                    faults.invalid(PARAMS, "must be a JSON object; a column of its own does for each value, too.")
                }
            },
            Column::Field(TEST_MODE) => drop(fields.insert(TEST_MODE.to_owned(), truth(cell))),
            Column::Field(name) => drop(fields.insert((*name).to_owned(), Value::from(cell))),
            Column::Placeholder(name) => drop(params.insert(name.clone(), Value::from(cell))),
        }
    }
    if row.is_longer_than(columns.len()) {
        faults.invalid("row", "There are more cells than columns; put a cell that has the separator in it in quotes.");
    }
    fields.insert(PARAMS.to_owned(), Value::Object(params));
    faults.finish(Some(JsonObject(fields)))
}

/// A yes or no as people write it into cells and forms; anything else is left to be told as wrong.
pub(crate) fn truth(text: &str) -> Value {
    match text.trim().to_lowercase().as_str() {
        "true" | "yes" | "1" => Value::Bool(true),
        "false" | "no" | "0" => Value::Bool(false),
        _ => Value::from(text),
    }
}
