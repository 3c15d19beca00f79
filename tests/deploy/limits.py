"""What CloudFormation and IAM allow a stack, counted in the template as SAM hands it on, and what samconfig.toml gives it.

    python limits.py STACK COUNTS_FILE        (needs no AWS; the name of the stack is not used)
"""

import json
import logging
import os
import re
import sys
import tomllib
from collections import Counter
from pathlib import Path

os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")

from samtranslator.translator.transform import transform  # noqa: E402  (it asks for a region when it is imported)
from samtranslator.yaml_helper import yaml_parse  # noqa: E402

from stack import Proof  # noqa: E402

TOP = Path(__file__).parents[2]
WRITTEN = (TOP / "template.yaml").read_text()
proof = Proof("limits", sys.argv[2])
logging.getLogger("samtranslator").setLevel(logging.ERROR)

# CloudFormation's limits, and how much of them may be used before the stack must be divided.
RESOURCES, RESOURCES_USED = 500, 450
BYTES = 1_000_000
PARAMETERS = OUTPUTS = MAPPINGS = 200
# IAM's: managed policies of a role (the quota that an account begins with), characters of a policy.
MANAGED_POLICIES, MANAGED_POLICY, INLINE_POLICIES = 10, 6_144, 10_240
# Lambda's and API Gateway's.
ENVIRONMENT_BYTES, ROUTES = 4_096, 300


class NoAwsPolicies:
    """The functions name no policy of AWS's own, so that SAM need not look any up."""

    def load(self):
        return {}


def parameters_of(template, given):
    defaults = {name: parameter.get("Default", "") for name, parameter in template["Parameters"].items()}
    return {**defaults, **given}


def transformed(given):
    """The template as CloudFormation gets it from SAM, with these parameters."""
    template = yaml_parse(WRITTEN)
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            code = resource["Properties"]["CodeUri"]
            resource["Properties"]["CodeUri"] = f"s3://bucket/{code}"
    return transform(template, parameters_of(template, given), NoAwsPolicies())


def of_type(template, kind):
    return {name: r["Properties"] for name, r in template["Resources"].items() if r["Type"] == kind}


def length(document):
    """As IAM counts: without white space."""
    return len(json.dumps(document, separators=(",", ":")))


def within(what, number, limit):
    proof.holds(f"{what}: {number} of {limit}", number <= limit)


# --- The template ----------------------------------------------------------------------------------------------------

def the_stack_is_within_its_limits():
    template = transformed({"Rollout": "Canary10Percent5Minutes"})
    kinds = Counter(r["Type"] for r in template["Resources"].values())
    functions = kinds["AWS::Lambda::Function"]
    within("resources, with a tenth left for what is to come", kinds.total(), RESOURCES_USED)
    print(f"        {functions} functions; another endpoint is 3 resources, so {(RESOURCES - kinds.total()) // 3} more fit")
    print("        " + ", ".join(f"{count} {kind.removeprefix('AWS::')}" for kind, count in kinds.most_common(8)))
    within("bytes of the template as written", len(WRITTEN.encode()), BYTES)
    within("bytes of the template as SAM hands it on", len(json.dumps(template)), BYTES)
    within("parameters", len(template["Parameters"]), PARAMETERS)
    within("outputs", len(template["Outputs"]), OUTPUTS)
    within("mappings", len(template.get("Mappings", {})), MAPPINGS)
    within("routes", sum(map(len, of_type(template, "AWS::ApiGatewayV2::Api")["Api"]["Body"]["paths"].values())), ROUTES)


def every_role_is_within_its_limits():
    template = transformed({"ModelId": "model"})
    roles = of_type(template, "AWS::IAM::Role").values()
    within("managed policies of a role", max(len(role.get("ManagedPolicyArns", [])) for role in roles), MANAGED_POLICIES)
    inline = max(sum(length(policy["PolicyDocument"]) for policy in role.get("Policies", [])) for role in roles)
    within("characters of a role's own policies", inline, INLINE_POLICIES)
    managed = of_type(template, "AWS::IAM::ManagedPolicy").values()
    within("characters of a managed policy", max(length(it["PolicyDocument"]) for it in managed), MANAGED_POLICY)


def every_environment_is_within_its_limit():
    functions = of_type(transformed({}), "AWS::Lambda::Function").values()
    within("bytes of a function's environment, as written", max(length(f["Environment"]) for f in functions),
           ENVIRONMENT_BYTES)


# --- What waits for what ---------------------------------------------------------------------------------------------

def named_in(value):
    """The names of whatever a piece of the template refers to."""
    if isinstance(value, list):
        return set().union(*map(named_in, value))
    if not isinstance(value, dict):
        return set()
    found = set().union(*map(named_in, value.values()))
    match value:
        case {"Ref": name}:
            found.add(name)
        case {"Fn::GetAtt": [name, *_]}:
            found.add(name)
        case {"Fn::Sub": str(text)} | {"Fn::Sub": [str(text), *_]}:
            found |= set(re.findall(r"\$\{(\w+)", text))
    return found


def ring(waits_for):
    """The resources that wait for themselves by way of others: what is left when all is taken away that waits for nothing,
    and then all that nothing waits for."""
    while done := {name for name, others in waits_for.items() if not others & waits_for.keys()}:
        waits_for = {name: others for name, others in waits_for.items() if name not in done}
    while loose := waits_for.keys() - set().union(*waits_for.values()):
        waits_for = {name: others for name, others in waits_for.items() if name not in loose}
    return sorted(waits_for)


def nothing_waits_for_itself():
    # With the update policies, which neither cfn-lint nor a local AWS looks at: an alias names its deployment group there,
    # and that its alarms, which must not come back to the alias by way of the API.
    resources = transformed({"Rollout": "Canary10Percent5Minutes"})["Resources"]
    depends = {name: named_in(it) | set(as_list(it.get("DependsOn", []))) for name, it in resources.items()}
    found = ring(depends)
    proof.holds("no resource waits for itself, by whatever way", found == [], found)


def as_list(value):
    return value if isinstance(value, list) else [value]


# --- samconfig.toml --------------------------------------------------------------------------------------------------

def overrides(environment):
    given = environment["deploy"]["parameters"]["parameter_overrides"]
    return dict(assignment.split("=", 1) for assignment in given)


def fits(parameter, value):
    allowed = [str(it) for it in parameter.get("AllowedValues", [value])]
    number = parameter["Type"] == "Number"
    return value in allowed and (not number or parameter.get("MinValue", 0) <= int(value) <= parameter.get("MaxValue", 10**9))


def both_environments_are_whole():
    parameters = yaml_parse(WRITTEN)["Parameters"]
    environments = tomllib.loads((TOP / "samconfig.toml").read_text())
    environments.pop("version")
    proof.holds("there is development and production", set(environments) == {"default", "prod"}, set(environments))
    for name, environment in environments.items():
        given = overrides(environment)
        unknown = given.keys() - parameters.keys()
        proof.holds(f"{name}: every parameter is one of the template's", not unknown, unknown)
        wrong = {key: value for key, value in given.items() if key in parameters and not fits(parameters[key], value)}
        proof.holds(f"{name}: every value is one that the template takes", not wrong, wrong)
    stacks = {environment["deploy"]["parameters"]["stack_name"] for environment in environments.values()}
    proof.holds("each has a stack of its own", len(stacks) == 2, stacks)


proof.run([
    the_stack_is_within_its_limits,
    every_role_is_within_its_limits,
    every_environment_is_within_its_limit,
    nothing_waits_for_itself,
    both_environments_are_whole,
])
