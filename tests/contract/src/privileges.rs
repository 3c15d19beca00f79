//! The role of each function allows what the function does and nothing else.

mod granted;
mod used;

use std::collections::BTreeSet;

use hub_local::aws::Use;

use self::granted::{Deployment, granted, managed_policies};
use self::used::used;
use crate::template::{deployed, events};

fn in_words(one: &Use) -> String {
    let Use { function, action, resource, leading_keys } = one;
    let keys = leading_keys.as_ref().map_or(String::new(), |keys| format!(" ({keys})"));
    format!("{function}: {action} on {resource}{keys}")
}

fn listed(title: &str, uses: &BTreeSet<&Use>) -> String {
    let lines: Vec<_> = uses.iter().map(|one| format!("\n  {}", in_words(one))).collect();
    if lines.is_empty() { String::new() } else { format!("\n{title}:{}", lines.concat()) }
}

/// `.ci/run privileges` has it recorded what functions use while the tests run, and then runs this.
#[test]
#[ignore = "compares with the record of a run of the other tests: .ci/run privileges"]
fn every_function_may_do_what_it_does_and_nothing_else() {
    let used = used();
    for deployment in [Deployment::WithModel, Deployment::WithoutModel] {
        let granted = granted(deployment);
        let used: BTreeSet<&Use> = used.iter().filter(|one| deployment.has(&one.action)).collect();
        let granted: BTreeSet<&Use> = granted.iter().collect();
        let missing = listed("Done and not allowed", &used.difference(&granted).copied().collect());
        let excess = listed("Allowed and never done", &granted.difference(&used).copied().collect());
        assert!(missing.is_empty() && excess.is_empty(), "{deployment:?}:{missing}{excess}");
    }
}

/// A caller without a key gets at nobody's key, credits or list, whatever goes wrong in the function.
#[test]
fn what_anyone_may_call_reads_no_keys_and_moves_no_credits() {
    const OPEN: [&str; 5] = [
        "account-settings-logo",
        "bookings-invitation",
        "contacts-unsubscribe-show",
        "contacts-unsubscribe",
        "ivr-callresult",
    ];
    const WRITES: [&str; 3] = ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"];
    let granted = granted(Deployment::WithModel);
    for one in granted.iter().filter(|one| OPEN.contains(&one.function.as_str())) {
        let keys = one.leading_keys.as_deref();
        assert_ne!(keys, Some("KEY#*"), "{}", in_words(one));
        assert_ne!(one.action, "dynamodb:Query", "{}", in_words(one));
        let writes = WRITES.contains(&one.action.as_str());
        assert!(!writes || keys == Some("DNC#*"), "{}", in_words(one));
    }
    assert!(OPEN.iter().all(|name| granted.iter().any(|one| one.function == *name)), "an open function has a new name");
}

/// SAM adds one for logs, one where a queue wakes the function, and, where it is traced, one for that.
#[test]
fn no_role_has_more_policies_than_iam_attaches() {
    const MOST: usize = 10;
    for (function, properties) in deployed() {
        let added = 2 + events(&properties, "SQS").len();
        let own = managed_policies(&properties);
        assert!(own + added <= MOST, "{function} has {own} managed policies of its own, and SAM adds {added}");
    }
}
