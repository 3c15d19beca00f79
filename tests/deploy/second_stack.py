"""A second hub beside the first, of the same template with production's parameters: both work, neither knows of the other,
and one can be deleted.

    python second_stack.py STACK COUNTS_FILE        (AWS_ENDPOINT_URL and credentials in the environment)
"""

import json
import sys
import tomllib
from pathlib import Path

import boto3

from stack import Proof, Stack, eventually

cloudformation = boto3.client("cloudformation")
proof = Proof("second", sys.argv[2])
holds = proof.holds

FIRST = sys.argv[1]
SECOND = f"{FIRST}-second"
# Resources that have no name of their own but that of what they belong to.
WITHOUT_A_NAME = {"AWS::ApiGatewayV2::Stage", "AWS::Lambda::Permission", "AWS::SES::ConfigurationSetEventDestination",
                  "AWS::Lambda::EventInvokeConfig", "AWS::SQS::QueuePolicy"}
PATIENCE = {"Delay": 2, "MaxAttempts": 150}
hubs = {}


def template_of(stack):
    """The address of its template, with the archives that were uploaded for it. It is too long to be handed over itself."""
    body = cloudformation.get_template(StackName=stack, TemplateStage="Original")["TemplateBody"]
    bucket = boto3.client("s3").list_buckets()["Buckets"][0]["Name"]
    text = body if isinstance(body, str) else json.dumps(body)
    boto3.client("s3").put_object(Bucket=bucket, Key=SECOND, Body=text.encode())
    return f"https://s3.us-east-1.amazonaws.com/{bucket}/{SECOND}"


def parameters_of(stack):
    given = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["Parameters"]
    return [{key: parameter[key] for key in ("ParameterKey", "ParameterValue")} for parameter in given]


def production():
    """The parameters that samconfig.toml gives production, but for the processor, which is the one of this build."""
    settings = tomllib.loads((Path(__file__).parents[2] / "samconfig.toml").read_text())
    given = dict(it.split("=", 1) for it in settings["prod"]["deploy"]["parameters"]["parameter_overrides"])
    kept = [it for it in parameters_of(FIRST) if it["ParameterKey"] not in given or it["ParameterKey"] == "Architecture"]
    return kept + [{"ParameterKey": k, "ParameterValue": v} for k, v in given.items() if k != "Architecture"]


def a_second_stack_is_made():
    cloudformation.create_stack(
        StackName=SECOND, TemplateURL=template_of(FIRST), Parameters=production(),
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"])
    cloudformation.get_waiter("stack_create_complete").wait(StackName=SECOND, WaiterConfig=PATIENCE)
    hubs.update(first=Stack(FIRST), second=Stack(SECOND))
    holds("a second stack of the same template is made", hubs["second"].outputs["ApiId"])


def nothing_belongs_to_both():
    first, second = (
        {r["PhysicalResourceId"] for r in hub.resources().values() if r["ResourceType"] not in WITHOUT_A_NAME}
        for hub in hubs.values())
    holds("the second has all that the first has", len(second) >= len(first) > 150, (len(first), len(second)))
    holds("no resource belongs to both", not first & second, first & second)


def production_is_as_it_was_asked_for():
    resources, outputs = hubs["second"].resources(), hubs["second"].outputs
    for name in ("AccountsTableName", "EngagementsTableName"):
        table = boto3.client("dynamodb").describe_table(TableName=outputs[name])["Table"]
        holds(f"{name}: its table refuses to be deleted", table["DeletionProtectionEnabled"], table)
    groups = [it for it in resources.values() if it["ResourceType"] == "AWS::CodeDeploy::DeploymentGroup"]
    holds("its new versions are rolled out step by step", len(groups) > 1, groups)


def each_has_an_operator_of_its_own():
    keys = {name: hub.operator_key() for name, hub in hubs.items()}
    for name, hub in hubs.items():
        opened = hub.call("POST", "/admin/accounts", {"organization_name": name}, keys[name])
        holds(f"the {name} hub makes an account", opened.status in (200, 201), opened)
        other = hub.call("POST", "/admin/accounts", {"organization_name": name}, next(k for n, k in keys.items() if n != name))
        holds("and the other one's operator does not", other.status == 403, other)


def environment_of_live(function):
    functions, name = boto3.client("lambda"), hubs["second"].resources()[function]["PhysicalResourceId"]
    live = functions.get_function_configuration(FunctionName=name, Qualifier="live")
    return live["Version"], live["Environment"]["Variables"]["HUB_LOG"]


def a_parameter_reaches_what_is_rolled_out():
    before = {function: environment_of_live(function) for function in ("IntegrationStart", "DispatchSendEmail")}
    changed = [it for it in parameters_of(SECOND) if it["ParameterKey"] != "LogLevel"]
    cloudformation.update_stack(
        StackName=SECOND, UsePreviousTemplate=True, Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
        Parameters=[*changed, {"ParameterKey": "LogLevel", "ParameterValue": "debug"}])
    cloudformation.get_waiter("stack_update_complete").wait(StackName=SECOND, WaiterConfig=PATIENCE)
    for function, (version, _) in before.items():
        after = environment_of_live(function)
        holds(f"{function}: another log level is another version, and it is live",
              after == (str(int(version) + 1), "debug"), (version, after))


def the_second_goes_and_the_first_stays():
    tables = [hubs["second"].outputs[name] for name in ("AccountsTableName", "EngagementsTableName")]
    cloudformation.delete_stack(StackName=SECOND)
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=SECOND, WaiterConfig=PATIENCE)
    healthy = eventually(lambda: hubs["first"].call("GET", "/health"), lambda it: it.status == 200, 10)
    holds("the second stack is deleted, and the first answers", healthy.status == 200, healthy)
    for table in tables:
        boto3.client("dynamodb").update_table(TableName=table, DeletionProtectionEnabled=False)
        boto3.client("dynamodb").delete_table(TableName=table)


proof.run([
    a_second_stack_is_made,
    nothing_belongs_to_both,
    production_is_as_it_was_asked_for,
    each_has_an_operator_of_its_own,
    a_parameter_reaches_what_is_rolled_out,
    the_second_goes_and_the_first_stays,
])
