//! A file of contacts, in any form that spreadsheet programs give it, with columns in any order.

use std::collections::BTreeSet;

use hub_models::channel::UnknownWord;
use hub_models::contact::{Contact, UnknownContact};
use hub_models::do_not_contact::{Reason, Scope};
use hub_models::text::excerpt;
use hub_sheets::{MOST_ROWS, Row, Sheet, SheetError, contact_cell};

/// The most contacts of a file: a row may have several.
const MOST_CONTACTS: usize = MOST_ROWS;

/// The most errors that are listed.
const MOST_ERRORS: usize = 100;

/// The columns that have a contact. There may be one for phone numbers and one for addresses.
const CONTACT: [&str; 5] = ["contact", "phone_number", "phone", "email", "email_address"];

/// The columns that name channels.
const CHANNEL: [&str; 2] = ["channel", "channels"];

/// The column of the reason.
const REASON: &str = "reason";

/// A file that was read.
#[derive(Debug, Default)]
pub(crate) struct Contacts {
    /// What its rows say.
    pub(crate) listed: Vec<ToList>,
    /// What is wrong with the first of the others, a sentence each.
    pub(crate) errors: Vec<String>,
    /// How many more there are that something is wrong with.
    pub(crate) more_errors: usize,
}

/// One contact of one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ToList {
    pub(crate) contact: Contact,
    pub(crate) scopes: BTreeSet<Scope>,
    pub(crate) reason: Reason,
}

/// Why a file cannot be taken at all.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ContactsError {
    #[error(
        "The first row must be a header with a column contact, phone_number, phone, email or email_address; only a file \
         of contacts alone needs none."
    )]
    NoContacts,
    #[error("The first row has more than one column {0}; leave one of them.")]
    ColumnTwice(&'static str),
    #[error("The file has more than {MOST_CONTACTS} contacts; send it in parts.")]
    TooMany,
    #[error(transparent)]
    Sheet(#[from] SheetError),
}

impl Contacts {
    /// Reads a file.
    ///
    /// # Errors
    /// When it is no such file; a row that cannot be taken is in the errors of the result.
    pub(crate) fn read(file: &[u8]) -> Result<Self, ContactsError> {
        let Sheet { first, rows } = Sheet::read(file)?;
        let (columns, header, first) = match Columns::of_header(&first.column_names())? {
            Some(columns) => (columns, 0, None),
            None => (Columns::of_contacts_alone(&first).ok_or(ContactsError::NoContacts)?, 1, Some(first)),
        };
        let mut contacts = Self::default();
        for row in first.iter().chain(&rows) {
            contacts.take(row.number + header, &columns, row);
            if contacts.listed.len() > MOST_CONTACTS {
                return Err(ContactsError::TooMany);
            }
        }
        Ok(contacts)
    }

    fn take(&mut self, number: usize, columns: &Columns, row: &Row) {
        match columns.read(row) {
            Ok(listed) => self.listed.extend(listed),
            Err(error) if self.errors.len() < MOST_ERRORS => self.errors.push(format!("Row {number}: {error}")),
            Err(_) => self.more_errors += 1,
        }
    }
}

/// Where a file has what.
#[derive(Debug)]
struct Columns {
    contacts: Vec<usize>,
    channels: Option<usize>,
    reason: Option<usize>,
    count: usize,
}

impl Columns {
    /// The columns that a header names, each once; none where it is no header.
    fn of_header(names: &[String]) -> Result<Option<Self>, ContactsError> {
        let position = |known: &[&str]| names.iter().position(|name| known.contains(&name.as_str()));
        if let Some(twice) = named_twice(names) {
            return Err(ContactsError::ColumnTwice(twice));
        }
        let contacts: Vec<usize> = (0..names.len()).filter(|at| CONTACT.contains(&names[*at].as_str())).collect();
        let (channels, reason) = (position(&CHANNEL), position(&[REASON]));
        Ok((!contacts.is_empty()).then_some(Self { contacts, channels, reason, count: names.len() }))
    }

    fn of_contacts_alone(first: &Row) -> Option<Self> {
        let alone = !first.is_longer_than(1) && contact(first.cell(0)).is_ok();
        alone.then_some(Self { contacts: vec![0], channels: None, reason: None, count: 1 })
    }

    /// What a row says, or everything that is wrong with it.
    fn read(&self, row: &Row) -> Result<Vec<ToList>, String> {
        let cell = |at: Option<usize>| at.map(|at| row.cell(at)).unwrap_or_default();
        let mut faults = Vec::new();
        let filled = self.contacts.iter().map(|at| row.cell(*at)).filter(|cell| !cell.is_empty());
        let contacts: Vec<Contact> = filled.filter_map(|cell| kept(&mut faults, contact(cell))).collect();
        let scopes = kept(&mut faults, scopes(cell(self.channels))).unwrap_or_default();
        let reason = Reason::parse(cell(self.reason)).map_err(|error| format!("The reason {error}"));
        let reason = kept(&mut faults, reason).unwrap_or_default();
        if contacts.is_empty() && faults.is_empty() {
            faults.push("There is no contact.".to_owned());
        }
        if row.is_longer_than(self.count) {
            faults.push(
                "There are more cells than columns; put a cell that has the separator in it in quotes.".to_owned(),
            );
        }
        let listed = |contact| ToList { contact, scopes: scopes.clone(), reason: reason.clone() };
        if faults.is_empty() { Ok(contacts.into_iter().map(listed).collect()) } else { Err(faults.join(" ")) }
    }
}

/// A column that the hub knows and that is there more than once.
fn named_twice(names: &[String]) -> Option<&'static str> {
    let known = CONTACT.into_iter().chain(CHANNEL).chain([REASON]);
    known.into_iter().find(|known| names.iter().filter(|name| name == known).count() > 1)
}

fn kept<T>(faults: &mut Vec<String>, read: Result<T, String>) -> Option<T> {
    read.map_err(|fault| faults.push(fault)).ok()
}

fn contact(cell: &str) -> Result<Contact, String> {
    let text = contact_cell(cell).map_err(|error| error.to_string());
    let contact = text.and_then(|text| text.parse().map_err(|error: UnknownContact| error.to_string()));
    contact.map_err(|error| format!("\"{}\" {error}", excerpt(cell)))
}

fn scopes(cell: &str) -> Result<BTreeSet<Scope>, String> {
    let words = cell.split([' ', ';', '|', ',']).filter(|word| !word.is_empty());
    let scopes: Result<BTreeSet<Scope>, UnknownWord> = words.map(|word| word.to_lowercase().parse()).collect();
    let scopes = scopes.map_err(|error| error.to_string())?;
    Ok(if scopes.is_empty() { BTreeSet::from([Scope::All]) } else { scopes })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn contacts(file: impl AsRef<[u8]>) -> Vec<String> {
        let contacts = Contacts::read(file.as_ref()).unwrap();
        assert_eq!(contacts.errors, Vec::<String>::new());
        contacts.listed.iter().map(|listed| listed.contact.as_str().to_owned()).collect()
    }

    #[test]
    fn columns_are_known_by_their_names_in_any_order_and_case() {
        let file =
            "Name,REASON,Channels, Phone Number \nAlex,\"Moved, far\",sms|Phone,416-555-1234\nJo,,,'+14165554321\n";
        let rows = Contacts::read(file.as_bytes()).unwrap().listed;
        let row = |number: &str, scopes: &[Scope], reason: &str| ToList {
            contact: number.parse().unwrap(),
            scopes: scopes.iter().copied().collect(),
            reason: Reason::parse(reason).unwrap(),
        };
        let first = row("+14165551234", &[Scope::Sms, Scope::Phone], "Moved, far");
        assert_eq!(rows, [first, row("+14165554321", &[Scope::All], "Added by the account.")]);
    }

    #[test]
    fn a_reason_keeps_its_letters_whatever_the_encoding() {
        let listed = Contacts::read(b"contact;reason\na@example.com;Zo\xeb moved\n").unwrap().listed;
        assert_eq!(listed[0].reason.as_str(), "Zoë moved");
    }

    #[test]
    fn a_number_that_lost_digits_is_told() {
        let contacts = Contacts::read(b"phone\n1.41656E+10\n").unwrap();
        assert!(contacts.errors[0].starts_with("Row 1: \"1.41656E+10\" is in scientific notation"));
    }

    #[test]
    fn a_file_of_contacts_alone_needs_no_header() {
        assert_eq!(contacts("4165551234\n\na@example.com\n"), ["+14165551234", "a@example.com"]);
    }

    #[test]
    fn a_row_may_have_a_number_and_an_address() {
        let file = "phone,email\n4165551234,a@example.com\n,b@example.com\n";
        assert_eq!(contacts(file), ["+14165551234", "a@example.com", "b@example.com"]);
    }

    #[test]
    fn a_row_that_cannot_be_taken_is_named_and_the_others_are_taken() {
        let file = "contact,channel,reason\n4165,fax,\n,sms,why\na@example.com\n,,\nb@example.com,,not, ever\n";
        let contacts = Contacts::read(file.as_bytes()).unwrap();
        assert_eq!(contacts.listed.len(), 1);
        let [first, second, last] = contacts.errors.as_slice() else { panic!("{:?}", contacts.errors) };
        assert!(first.starts_with("Row 1: \"4165\" must be a phone number") && first.contains("\"fax\" is not known"));
        assert_eq!(second, "Row 2: There is no contact.");
        assert!(last.starts_with("Row 5: There are more cells than columns"), "{last}");
    }

    #[test]
    fn what_is_no_such_file_is_refused() {
        for file in ["", "\n\n", "name,age\nAlex,7\n", "hello", "4165551234,sms\n"] {
            assert!(Contacts::read(file.as_bytes()).is_err(), "{file}");
        }
        let many = "a@example.com\n".repeat(MOST_CONTACTS);
        assert_eq!(Contacts::read(many.as_bytes()).unwrap().listed.len(), MOST_CONTACTS);
        let error = Contacts::read(format!("contact\n{many}a@example.com\n").as_bytes()).unwrap_err();
        assert!(matches!(error, ContactsError::Sheet(SheetError::TooManyRows)));
    }

    #[test]
    fn a_column_that_is_there_twice_is_told() {
        for (header, twice) in [
            ("email,Email", "email"),
            ("phone number,phone_number,email", "phone_number"),
            ("contact,channel,CHANNEL", "channel"),
            ("reason,contact,reason", "reason"),
        ] {
            let error = Contacts::read(format!("{header}\na@example.com\n").as_bytes()).unwrap_err();
            assert_eq!(
                error.to_string(),
                format!("The first row has more than one column {twice}; leave one of them.")
            );
        }
        assert_eq!(contacts("name,name,email,phone\nx,y,a@example.com,\n"), ["a@example.com"]);
    }

    #[test]
    fn the_contacts_of_a_file_are_counted_and_not_only_its_rows() {
        let file = |rows| format!("phone,email\n{}", "4165551234,a@example.com\n".repeat(rows));
        assert_eq!(Contacts::read(file(MOST_CONTACTS / 2).as_bytes()).unwrap().listed.len(), MOST_CONTACTS);
        let error = Contacts::read(file(MOST_CONTACTS / 2 + 1).as_bytes()).unwrap_err();
        assert!(matches!(error, ContactsError::TooMany));
    }

    #[test]
    fn no_more_errors_are_listed_than_anyone_reads_and_the_others_are_counted() {
        let contacts =
            Contacts::read(format!("contact\n{}a@example.com\n", "nobody\n".repeat(150)).as_bytes()).unwrap();
        assert_eq!((contacts.listed.len(), contacts.errors.len(), contacts.more_errors), (1, 100, 50));
        assert!(contacts.errors[99].starts_with("Row 100: "), "{}", contacts.errors[99]);
    }

    proptest! {
        #[test]
        fn reading_a_file_never_panics(
            file in proptest::collection::vec(any::<u8>(), 0..300),
            text in "(contact|channel|reason|[a-z@.,;\t\"\n '0-9+é]){0,60}",
        ) {
            let _ = Contacts::read(&file);
            let _ = Contacts::read(text.as_bytes());
        }
    }
}
