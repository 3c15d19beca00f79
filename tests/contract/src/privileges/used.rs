//! What was used, by the record of a run, in the template's names.

use std::collections::BTreeSet;
use std::path::Path;

use hub_local::aws::{Use, recorded_uses};

/// The same variable as that by which the tests are told to record.
const RECORD: &str = "HUB_TEST_RECORD";

/// Everything that functions used.
pub(super) fn used() -> BTreeSet<Use> {
    let folder = std::env::var_os(RECORD).unwrap_or_else(|| panic!("{RECORD} must name the folder of a record"));
    let recorded = recorded_uses(Path::new(&folder)).unwrap_or_else(|error| panic!("{folder:?}: {error}"));
    let named =
        |one: Use| deployed_names(&one.resource).into_iter().map(move |name| Use { resource: name, ..one.clone() });
    recorded.into_iter().flat_map(named).filter(|one| !only_simulated(one)).collect()
}

/// Whether a call is dispatched that books a time and sends a text message of that: on AWS a dispatcher leads calls in test
/// mode alone, and a test books nothing.
fn only_simulated(Use { function, resource, leading_keys, .. }: &Use) -> bool {
    let in_a_call =
        leading_keys.as_deref() == Some("CONTACT#*") || ["LinkKey", "SendMessageQueue"].contains(&&**resource);
    function == "dispatch-place-call" && in_a_call
}

/// What stands on AWS for a resource of the local hub.
fn deployed_names(resource: &str) -> Vec<String> {
    let (kind, name) = resource.split_once('/').unwrap_or((resource, ""));
    match kind {
        "table" => vec![table(name)],
        "queue" => vec![format!("{}Queue", in_pascal_case(name))],
        "secret" if name.starts_with("hub/carriers/") => vec!["StackName/carriers/*".to_owned()],
        "secret" => vec![in_pascal_case(name.trim_start_matches("hub/"))],
        "identity" => vec!["identity/*".to_owned()],
        "configuration-set" => vec!["configuration-set/ConfigurationSet".to_owned()],
        // An inference profile and the models behind it are both authorised.
        "model" => vec!["foundation-model/*".to_owned(), "inference-profile/ModelId".to_owned()],
        _ => vec![resource.to_owned()],
    }
}

fn table(name: &str) -> String {
    let (table, index) =
        name.split_once('/').map_or((name, String::new()), |(table, rest)| (table, format!("/{rest}")));
    format!("{}Table{index}", in_pascal_case(table))
}

fn in_pascal_case(name: &str) -> String {
    let word = |word: &str| word[..1].to_uppercase() + &word[1..];
    name.split('-').map(word).collect()
}
