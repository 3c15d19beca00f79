//! What template.yaml lets each function do, as CloudFormation would resolve it.
//!
//! It reads the forms that the template has, and panics at any other rather than overlook a right.

use std::collections::BTreeSet;

use hub_local::aws::Use;
use serde_yaml_ng::Value;

use crate::template::{deployed, template};

/// What the template's parameters decide about rights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deployment {
    /// A model writes.
    WithModel,
    /// The built-in writer does.
    WithoutModel,
}

impl Deployment {
    /// Whether anything does this in such a deployment.
    pub(super) fn has(self, action: &str) -> bool {
        self == Self::WithModel || !action.starts_with("bedrock:")
    }

    fn condition(self, name: &str) -> bool {
        assert_eq!(name, "HasModel", "a condition of policies that this test does not know");
        self == Self::WithModel
    }
}

/// Everything that functions may do.
pub(super) fn granted(deployment: Deployment) -> BTreeSet<Use> {
    let template = template();
    let mut granted = BTreeSet::new();
    for (function, properties) in deployed() {
        assert!(properties.get("Role").is_none(), "{function} has a role that is not made of its policies");
        for statement in policies(&properties).flat_map(|policy| statements(template, policy, deployment)) {
            granted.extend(uses(&function, &statement));
        }
    }
    granted
}

/// How many managed policies a function has at the most.
pub(super) fn managed_policies(properties: &Value) -> usize {
    policies(properties).filter(|policy| policy.get("Statement").is_none()).count()
}

fn policies(properties: &Value) -> impl Iterator<Item = &Value> {
    properties.get("Policies").into_iter().flat_map(sequence)
}

/// The statements of one entry of a function's policies.
fn statements(template: &Value, policy: &Value, deployment: Deployment) -> Vec<Value> {
    match policy {
        Value::Tagged(tagged) if tagged.tag == "Ref" => of_managed_policy(template, text(&tagged.value)),
        Value::Tagged(tagged) if tagged.tag == "If" => {
            let [condition, then, otherwise] = sequence(&tagged.value) else { panic!("{policy:?}") };
            let chosen = if deployment.condition(text(condition)) { then } else { otherwise };
            statements(template, chosen, deployment)
        }
        Value::Mapping(inline) => sequence(&inline["Statement"]).to_vec(),
        _ => panic!("a policy of a form that this test does not know: {policy:?}"),
    }
}

fn of_managed_policy(template: &Value, name: &str) -> Vec<Value> {
    if name == "AWS::NoValue" {
        return Vec::new();
    }
    let resource = &template["Resources"][name];
    assert_eq!(resource["Type"], "AWS::IAM::ManagedPolicy", "{name}");
    sequence(&resource["Properties"]["PolicyDocument"]["Statement"]).to_vec()
}

fn uses(function: &str, statement: &Value) -> Vec<Use> {
    assert_eq!(statement["Effect"], "Allow", "{function}");
    let mut uses = Vec::new();
    for action in one_or_many(&statement["Action"]).iter().map(text) {
        for resource in one_or_many(&statement["Resource"]).iter().map(resource) {
            for leading_keys in leading_keys(statement) {
                let (function, action, resource) = (function.to_owned(), action.to_owned(), resource.clone());
                uses.push(Use { function, action, resource, leading_keys });
            }
        }
    }
    uses
}

/// The name of what an expression is the ARN of.
fn resource(expression: &Value) -> String {
    match expression {
        Value::Tagged(tagged) if tagged.tag == "Ref" => text(&tagged.value).to_owned(),
        Value::Tagged(tagged) if tagged.tag == "GetAtt" => {
            text(&tagged.value).strip_suffix(".Arn").expect("an ARN").to_owned()
        }
        Value::Tagged(tagged) if tagged.tag == "Sub" => substituted(text(&tagged.value)),
        Value::String(text) => text.clone(),
        _ => panic!("a resource of a form that this test does not know: {expression:?}"),
    }
}

/// What follows the account in an ARN that is written out.
fn substituted(arn: &str) -> String {
    let name = arn.rsplit(':').next().unwrap_or(arn);
    name.replace("${", "").replace(".Arn}", "").replace('}', "")
}

fn leading_keys(statement: &Value) -> Vec<Option<String>> {
    let Some(condition) = statement.get("Condition") else { return vec![None] };
    let keys = &condition["ForAllValues:StringLike"]["dynamodb:LeadingKeys"];
    let single = |mapping: &Value| mapping.as_mapping().is_some_and(|mapping| mapping.len() == 1);
    assert!(single(condition) && single(&condition["ForAllValues:StringLike"]), "{condition:?}");
    sequence(keys).iter().map(|key| Some(text(key).to_owned())).collect()
}

fn one_or_many(value: &Value) -> &[Value] {
    value.as_sequence().map_or(std::slice::from_ref(value), Vec::as_slice)
}

fn sequence(value: &Value) -> &[Value] {
    value.as_sequence().unwrap_or_else(|| panic!("not a list: {value:?}"))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("not a text: {value:?}"))
}
