"""The deployer: every resource of the program exists afterwards in a real MiniStack."""

import asyncio
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import httpx
import pulumi
import pulumi_aws as aws
import pytest
from pulumi.runtime.mocks import MockCallArgs, MockResourceArgs
from pulumi.runtime.settings import SETTINGS

from components.access.user_auth import command_line_callbacks, domain_prefix
from resource_types.in_sandbox import Ignored, Inputs, Served, UnsupportedResourceError
from resource_types.registry import AWS_PROVIDER, RESOURCE_TYPES, UnknownResourceTypeError
from resource_types.services.lambda_ import zipped
from sandbox.addresses import Addresses
from sandbox.cloud import Cloud
from sandbox.deployed import Deployed
from sandbox.deployer import Deployer
from sandbox.deployment import deploy
from sandbox.program import PROJECT, STACK_REFERENCE, run_program, stack_config
from sandbox.served import ServedResources
from tests.engine import WITH_SITE, deploy_program

REGION = "eu-west-1"
API_URL = "http://127.0.0.1:8080"
SITE_URL = "http://127.0.0.1:8081"
SIGN_IN_URL = "http://127.0.0.1:4566"
ADDRESSES = Addresses(region=REGION, api=API_URL, sign_in=SIGN_IN_URL, site=SITE_URL)
# No value is a default of the sandbox or of the emulator.
CONFIG = {
    "rrweb-store:shardCount": "2",
    "rrweb-store:logRetentionDays": "60",
    "rrweb-store:firehoseBufferSeconds": "70",
    "rrweb-store:firehoseBufferMib": "65",
    "rrweb-store:throttleRate": "21",
    "rrweb-store:throttleBurst": "42",
    "rrweb-store:operationLimits": '["scanRecordings=3/4"]',
    "rrweb-store:allowOrigin": "https://app.example",
    "rrweb-store:callbackUrls": '["https://app.example/signed-in"]',
    **WITH_SITE,
}
SITE = PROJECT / "tests" / "data" / "site"
PHYSICAL = re.compile(r"rrweb-store-[a-z]+-(.+)-[0-9a-f]{7}")
"""A physical name as Pulumi generates it: https://www.pulumi.com/docs/iac/concepts/resources/names/"""

NOT_CREATED = {
    AWS_PROVIDER,
    *(row.type for row in RESOURCE_TYPES.values() if isinstance(row.sandbox, Ignored)),
}


class NoCloud:
    """A cloud that fails on any use."""

    region = REGION

    def client(self, service: str) -> object:
        raise AssertionError(f"a client of {service} was made")


def without_cloud() -> Deployer:
    return Deployer(cast("Cloud", NoCloud()), ADDRESSES)


def registration(
    typ: str, name: str = "thing", inputs: Inputs | None = None, *, custom: bool = True
) -> MockResourceArgs:
    """Return the arguments that Pulumi passes to a mock."""
    return MockResourceArgs(typ=typ, name=name, inputs=inputs or {}, custom=custom)


def failure_of(program: Callable[[], object], error: type[Exception]) -> str:
    """Return the message of the error that a deployment of the program raises."""

    def ignore(_loop: asyncio.AbstractEventLoop, _context: dict[str, Any]) -> None:
        """One failure fails many tasks. The first is raised, so the others are not logged."""

    def run() -> None:
        asyncio.get_running_loop().set_exception_handler(ignore)
        program()

    try:
        with pytest.raises(error) as failure:
            run_program(without_cloud(), run, stack="dev", config={"aws:region": REGION})
    finally:  # the program's leftovers belong to a closed event loop
        settings = cast("Any", SETTINGS)  # its attributes are created at run time
        settings.rpc_manager.clear()
        settings.outputs.clear()
    return str(failure.value)


def test_a_web_acl_applies_once_it_is_associated_with_the_stage() -> None:
    deployer = without_cloud()
    acl = {"rules": [{"name": "per-token"}]}

    _, outputs = deployer.new_resource(registration("aws:wafv2/webAcl:WebAcl", inputs=acl))
    alone = deployer.deployed.web_acl
    deployer.new_resource(
        registration(
            "aws:wafv2/webAclAssociation:WebAclAssociation",
            inputs={"webAclArn": outputs["arn"], "resourceArn": "arn:stage"},
        )
    )

    assert (alone, deployer.deployed.web_acl) == ({}, acl)


@dataclass(frozen=True, kw_only=True)
class Stack:
    """The deployed program."""

    cloud: Cloud
    deployed: Deployed
    exports: dict[str, Any]

    def client(self, service: str) -> Any:
        return self.cloud.client(service)

    def roles(self) -> dict[str, dict[str, Any]]:
        """Return every role by its logical name, with `arn`, `trust` and `policies`."""
        iam = self.client("iam")
        return {
            logical(role["RoleName"]): {
                "arn": role["Arn"],
                "trust": role["AssumeRolePolicyDocument"],
                "policies": [
                    iam.get_role_policy(RoleName=role["RoleName"], PolicyName=policy)[
                        "PolicyDocument"
                    ]
                    for policy in iam.list_role_policies(RoleName=role["RoleName"])["PolicyNames"]
                ],
            }
            for role in iam.list_roles()["Roles"]
        }

    def function(self) -> Any:
        """Return Lambda's description of its only function."""
        client = self.client("lambda")
        (function,) = client.list_functions()["Functions"]
        return client.get_function(FunctionName=function["FunctionName"])

    def log_groups(self) -> dict[str, dict[str, Any]]:
        groups = self.client("logs").describe_log_groups()["logGroups"]
        return {logical(one["logGroupName"]): one for one in groups}


def logical(physical: str) -> str:
    """Return the logical name, which the program gave the resource."""
    found = PHYSICAL.fullmatch(physical)
    assert found, physical
    return found[1]


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    cloud = Cloud(tmp_path_factory.mktemp("cloud"), region=REGION)
    try:
        config = {**stack_config("dev"), **CONFIG}
        made = deploy(cloud, stack="dev", config=config, addresses=ADDRESSES)
        yield Stack(cloud=cloud, deployed=made.deployed, exports=made.exports)
    finally:
        cloud.stop()


# -- unsupported programs --------------------------------------------------------------------------


def test_a_resource_type_without_a_row_is_refused() -> None:
    failure = failure_of(lambda: aws.ec2.Vpc("network"), UnknownResourceTypeError)

    assert failure == ("aws:ec2/vpc:Vpc has no row: add one to resource_types/services/ec2.py")


def test_the_error_for_a_lookup_names_its_token() -> None:
    token = "aws:index/getCallerIdentity:getCallerIdentity"

    with pytest.raises(UnsupportedResourceError) as failure:
        without_cloud().call(MockCallArgs(token=token, args={}, provider=""))

    assert str(failure.value) == f"the program looks up {token}: pass it in by configuration"


def test_a_program_with_a_lookup_fails() -> None:
    failure = failure_of(
        lambda: pulumi.export("account", aws.get_caller_identity_output().account_id),
        UnsupportedResourceError,
    )

    assert "aws:index/getCallerIdentity:getCallerIdentity" in failure


# -- types that are not created --------------------------------------------------------------------


def test_the_sandbox_serves_exactly_the_types_with_a_served_row() -> None:
    served = {row.type for row in RESOURCE_TYPES.values() if isinstance(row.sandbox, Served)}

    assert set(ServedResources(Deployed(), ADDRESSES, NoCloud().client).makers) == served


@pytest.mark.parametrize("type_", sorted(NOT_CREATED))
def test_an_ignored_type_is_not_created(type_: str) -> None:
    made = without_cloud().new_resource(registration(type_, "thing", {"bucket": "recordings"}))

    assert made == ("thing-id", {"bucket": "recordings"})


def test_a_component_creates_nothing_itself() -> None:
    made = without_cloud().new_resource(registration("rrweb:index:RestApi", custom=False))

    assert made == ("thing-id", {})


def test_every_registered_resource_is_listed(stack: Stack) -> None:
    program = [(one.type, one.name) for one in deploy_program("dev").resources]
    limits = [name for type_, name in program if type_.endswith(":MethodSettings")]

    # The stack here limits the scan alone.
    others = {name for name in limits if name not in ("api", "api-scanRecordings")}
    assert len(others) == 4
    listed = [one for one in stack.deployed.resources if one[0] != STACK_REFERENCE]  # it is read
    assert sorted(listed) == sorted((type_, name) for type_, name in program if name not in others)


# -- numbers and names -----------------------------------------------------------------------------


def test_whole_numbers_arrive_as_integers_at_any_depth() -> None:
    inputs: Inputs = {
        "days": 14.0,
        "rules": [{"days": 1.0}, [2.0]],
        "rate": 0.5,
        "on": True,
        "text": "1.0",
    }

    _, outputs = without_cloud().new_resource(
        registration("any:index:Component", "thing", inputs, custom=False)
    )

    assert json.dumps(outputs) == json.dumps(
        {"days": 14, "rules": [{"days": 1}, [2]], "rate": 0.5, "on": True, "text": "1.0"}
    )


def test_the_numbers_for_gateway_and_firehose_are_integers(stack: Stack) -> None:
    settings = stack.deployed.delivery_streams[0]["extendedS3Configuration"]

    assert json.dumps([settings["bufferingInterval"], settings["bufferingSize"]]) == "[70, 65]"
    assert json.dumps([stack.deployed.throttle_rate, stack.deployed.throttle_burst]) == "[21, 42]"
    assert json.dumps(stack.deployed.method_limits) == ('{"operator/recordings/GET": [3, 4]}')


def test_a_generated_name_has_the_format_of_pulumi(stack: Stack) -> None:
    names = ("bucketName", "tableName", "streamName", "deliveryStreamName")

    assert {name: logical(stack.exports[name]) for name in names} == {
        "bucketName": "recordings",
        "tableName": "recordings-by-owner",
        "streamName": "events",
        "deliveryStreamName": "events",
    }


def test_generated_names_are_unique() -> None:
    deployer = without_cloud()
    type_ = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"

    names = {deployer.new_resource(registration(type_, "events"))[1]["name"] for _ in range(100)}

    assert len(names) == 100


def test_a_name_set_by_the_program_is_kept() -> None:
    type_ = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"

    id_, outputs = without_cloud().new_resource(registration(type_, "events", {"name": "mine"}))

    arn = f"arn:aws:firehose:{REGION}:000000000000:deliverystream/mine"
    assert (id_, outputs) == (arn, {"name": "mine", "arn": arn})


# -- created resources -----------------------------------------------------------------------------


def test_the_stream_has_the_configured_number_of_shards(stack: Stack) -> None:
    summary = stack.client("kinesis").describe_stream_summary(
        StreamName=stack.exports["streamName"]
    )

    stream = summary["StreamDescriptionSummary"]
    assert (stream["OpenShardCount"], stream["StreamStatus"]) == (2, "ACTIVE")


def test_the_table_has_the_keys_and_indexes_of_the_program(stack: Stack) -> None:
    dynamodb = stack.client("dynamodb")

    table = dynamodb.describe_table(TableName=stack.exports["tableName"])["Table"]

    assert table["KeySchema"] == [
        {"AttributeName": "owner", "KeyType": "HASH"},
        {"AttributeName": "recordingId", "KeyType": "RANGE"},
    ]
    assert {
        one["AttributeName"]: one["AttributeType"] for one in table["AttributeDefinitions"]
    } == {
        "owner": "S",
        "recordingId": "S",
        "createdAtMs": "N",
        "ownerVisitor": "S",
        "ownerTroubled": "S",
    }
    indexes = {
        one["IndexName"]: (one["KeySchema"], one["Projection"])
        for one in table["GlobalSecondaryIndexes"]
    }
    by_time = {"AttributeName": "createdAtMs", "KeyType": "RANGE"}
    everything = {"ProjectionType": "ALL"}
    assert indexes == {
        "newestFirst": ([{"AttributeName": "owner", "KeyType": "HASH"}, by_time], everything),
        "byVisitor": ([{"AttributeName": "ownerVisitor", "KeyType": "HASH"}, by_time], everything),
        "troubled": ([{"AttributeName": "ownerTroubled", "KeyType": "HASH"}, by_time], everything),
    }
    assert table["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"


def test_items_of_the_table_expire(stack: Stack) -> None:
    dynamodb = stack.client("dynamodb")

    described = dynamodb.describe_time_to_live(TableName=stack.exports["tableName"])

    assert described["TimeToLiveDescription"] == {
        "AttributeName": "expiresAt",
        "TimeToLiveStatus": "ENABLED",
    }


def test_the_bucket_is_in_the_configured_region(stack: Stack) -> None:
    s3 = stack.client("s3")

    assert {one["Name"] for one in s3.list_buckets()["Buckets"]} == {
        stack.exports["bucketName"],
        stack.deployed.website["bucket"],
    }
    location = s3.get_bucket_location(Bucket=stack.exports["bucketName"])["LocationConstraint"]
    assert location == REGION


def test_every_role_of_the_program_exists_with_its_one_policy(stack: Stack) -> None:
    program = deploy_program("dev").of_type("aws:iam/role:Role")
    roles = stack.roles()

    assert {name: role["trust"] for name, role in roles.items()} == {
        name: json.loads(inputs["assumeRolePolicy"]) for name, inputs in program.items()
    }
    assert {name: len(role["policies"]) for name, role in roles.items()} == dict.fromkeys(
        program, 1
    )


def test_a_policy_names_the_created_resource(stack: Stack) -> None:
    arn = f"arn:aws:kinesis:{REGION}:000000000000:stream/{stack.exports['streamName']}"

    assert stack.roles()["append-events"]["policies"] == [
        {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": "kinesis:PutRecord", "Resource": arn}],
        }
    ]


def test_log_groups_have_the_configured_retention(stack: Stack) -> None:
    assert {name: group["retentionInDays"] for name, group in stack.log_groups().items()} == {
        "events": 60,
        "read-events": 60,
    }


def test_the_log_stream_of_firehose_exists(stack: Stack) -> None:
    group = stack.log_groups()["events"]["logGroupName"]

    streams = stack.client("logs").describe_log_streams(logGroupName=group)["logStreams"]

    assert [one["logStreamName"] for one in streams] == ["delivery"]


def test_the_function_has_the_settings_of_the_program(stack: Stack) -> None:
    (program,) = deploy_program("dev").of_type("aws:lambda/function:Function").values()
    made = stack.function()["Configuration"]

    assert (made["Runtime"], made["Handler"], made["Architectures"]) == (
        program["runtime"],
        program["handler"],
        program["architectures"],
    )
    assert (made["MemorySize"], made["Timeout"]) == (program["memorySize"], program["timeout"])
    assert made["Role"] == stack.roles()["read-events"]["arn"]
    assert made["LoggingConfig"] == {
        "LogFormat": "JSON",
        "LogGroup": stack.log_groups()["read-events"]["logGroupName"],
    }


def test_the_environment_of_the_function_names_the_created_resources(stack: Stack) -> None:
    (program,) = deploy_program("dev").of_type("aws:lambda/function:Function").values()
    variables = stack.function()["Configuration"]["Environment"]["Variables"]

    assert set(variables) == set(program["environment"]["variables"])
    known = {name: variables[name] for name in ("BUCKET", "TABLE", "KEY_PREFIX", "ALLOW_ORIGIN")}
    assert known == {
        "BUCKET": stack.exports["bucketName"],
        "TABLE": stack.exports["tableName"],
        "KEY_PREFIX": "rrweb/recordings",
        "ALLOW_ORIGIN": "https://app.example",
    }


def test_the_archive_of_the_function_contains_only_the_files_of_handlers(stack: Stack) -> None:
    archive = httpx.get(stack.function()["Code"]["Location"], timeout=10).content

    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        held = {name: files.read(name) for name in files.namelist()}
    assert held == {
        str(file.relative_to(PROJECT)): file.read_bytes()
        for file in (PROJECT / "handlers").glob("*.py")
    }


def test_an_archive_may_contain_only_files() -> None:
    with pytest.raises(
        UnsupportedResourceError, match=r"packs an AssetArchive only, got .*FileArchive"
    ):
        zipped(pulumi.FileArchive("handlers"))
    with pytest.raises(UnsupportedResourceError, match=r"packs files only, a\.py is .*StringAsset"):
        zipped(pulumi.AssetArchive({"a.py": pulumi.StringAsset("")}))


def test_an_archive_contains_each_file_under_its_given_name(tmp_path: Path) -> None:
    file = tmp_path / "there.py"
    file.write_bytes(b"here = 1\r\n")

    packed = zipped(pulumi.AssetArchive({"a/b.py": pulumi.FileAsset(str(file))}))

    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            "a/b.py": b"here = 1\r\n"
        }


def test_the_pool_has_the_password_policy_and_attributes_of_the_program(stack: Stack) -> None:
    described = stack.client("cognito-idp").describe_user_pool(
        UserPoolId=stack.exports["userPoolId"]
    )

    pool = described["UserPool"]
    assert logical(pool["Name"]) == "users"
    asked_for = {
        "MinimumLength": 12,
        "RequireLowercase": False,
        "RequireUppercase": False,
        "RequireNumbers": False,
        "RequireSymbols": False,
    }
    policy = pool["Policies"]["PasswordPolicy"]
    assert {key: policy[key] for key in asked_for} == asked_for
    assert (pool["UsernameAttributes"], pool["AutoVerifiedAttributes"]) == (["email"], ["email"])
    assert pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is True
    assert pool["UsernameConfiguration"] == {"CaseSensitive": False}
    assert pool["UserAttributeUpdateSettings"] == {
        "AttributesRequireVerificationBeforeUpdate": ["email"]
    }


def test_a_user_may_enroll_an_authenticator_app(stack: Stack) -> None:
    found = stack.client("cognito-idp").get_user_pool_mfa_config(
        UserPoolId=stack.exports["userPoolId"]
    )

    assert (found["MfaConfiguration"], found["SoftwareTokenMfaConfiguration"]) == (
        "OPTIONAL",
        {"Enabled": True},
    )


def test_the_pool_refuses_a_password_that_is_too_short(stack: Stack) -> None:
    cognito = stack.client("cognito-idp")
    user = {"UserPoolId": stack.exports["userPoolId"], "Username": "short@sandbox.example"}
    cognito.admin_create_user(**user, MessageAction="SUPPRESS")

    with pytest.raises(cognito.exceptions.InvalidPasswordException):
        cognito.admin_set_user_password(**user, Password="elevenchars", Permanent=True)
    cognito.admin_set_user_password(**user, Password="twelve chars", Permanent=True)


def test_the_client_has_the_flows_of_the_program_and_one_for_the_sandbox(stack: Stack) -> None:
    described = stack.client("cognito-idp").describe_user_pool_client(
        UserPoolId=stack.exports["userPoolId"], ClientId=stack.exports["userPoolClientId"]
    )

    client = described["UserPoolClient"]
    asked_for = {
        "AllowedOAuthFlows": ["code"],
        "AllowedOAuthFlowsUserPoolClient": True,
        "AllowedOAuthScopes": ["openid", "email"],
        "CallbackURLs": [
            "https://app.example/signed-in",
            f"{SITE_URL}/signed-in",
            *command_line_callbacks(),
        ],
        "LogoutURLs": ["https://app.example/signed-in", f"{SITE_URL}/"],
        "SupportedIdentityProviders": ["COGNITO"],
        "IdTokenValidity": 60,
        "AccessTokenValidity": 60,
        "RefreshTokenValidity": 30,
        "TokenValidityUnits": {
            "IdToken": "minutes",
            "AccessToken": "minutes",
            "RefreshToken": "days",
        },
    }
    assert {key: client[key] for key in asked_for} == asked_for
    assert sorted(client["ExplicitAuthFlows"]) == [
        "ALLOW_ADMIN_USER_PASSWORD_AUTH",
        "ALLOW_USER_SRP_AUTH",
    ]
    assert "ClientSecret" not in client


def test_the_pool_has_a_sign_in_domain(stack: Stack) -> None:
    domain = domain_prefix(stack.exports["userPoolId"])

    described = stack.client("cognito-idp").describe_user_pool_domain(Domain=domain)

    assert described["DomainDescription"]["UserPoolId"] == stack.exports["userPoolId"]
    assert stack.exports["signInUrl"] == SIGN_IN_URL


def test_the_files_of_the_site_are_stored_with_their_cache_headers(stack: Stack) -> None:
    bucket = stack.deployed.website["bucket"]
    s3 = stack.client("s3")

    keys = [one["Key"] for one in s3.list_objects_v2(Bucket=bucket)["Contents"]]
    script = s3.get_object(Bucket=bucket, Key="assets/index-7b52009b.js")

    files = [path for path in SITE.rglob("*") if path.is_file()]
    assert keys == sorted(["config.json", *(str(path.relative_to(SITE)) for path in files)])
    assert script["Body"].read() == (SITE / "assets" / "index-7b52009b.js").read_bytes()
    assert script["CacheControl"] == "public, max-age=31536000, immutable"


def test_the_config_of_the_site_contains_the_local_addresses(stack: Stack) -> None:
    config = stack.client("s3").get_object(
        Bucket=stack.deployed.website["bucket"], Key="config.json"
    )

    told = json.loads(config["Body"].read())
    assert told == {name: stack.exports[name] for name in told}
    assert (told["siteUrl"], told["signInUrl"]) == (SITE_URL, SIGN_IN_URL)


def test_a_custom_domain_of_the_site_becomes_the_local_address() -> None:
    addresses = Addresses(region=REGION, api=API_URL, sign_in=SIGN_IN_URL, site=SITE_URL)
    deployer = Deployer(cast("Cloud", NoCloud()), addresses)
    origin = {"domainName": f"site.s3.{REGION}.amazonaws.com"}
    distribution = "aws:cloudfront/distribution:Distribution"

    deployer.new_resource(
        registration(distribution, "site", {"aliases": ["replay.example.com"], "origins": [origin]})
    )

    there = ["https://replay.example.com/a", "https://replay.example.com.evil.example/"]
    assert addresses.local(there) == [f"{SITE_URL}/a", there[1]]


def test_the_issuer_is_the_url_of_the_pool_on_aws(stack: Stack) -> None:
    pool = stack.exports["userPoolId"]

    assert stack.exports["issuerUrl"] == f"https://cognito-idp.{REGION}.amazonaws.com/{pool}"


def test_firehose_gets_the_created_stream_bucket_and_roles(stack: Stack) -> None:
    (delivery,) = stack.deployed.delivery_streams
    roles = stack.roles()

    assert delivery["name"] == stack.exports["deliveryStreamName"]
    assert delivery["kinesisSourceConfiguration"] == {
        "kinesisStreamArn": f"arn:aws:kinesis:{REGION}:000000000000:stream/"
        f"{stack.exports['streamName']}",
        "roleArn": roles["events-reader"]["arn"],
    }
    target = delivery["extendedS3Configuration"]
    assert target["bucketArn"] == f"arn:aws:s3:::{stack.exports['bucketName']}"
    assert target["roleArn"] == roles["events-writer"]["arn"]


def test_the_gateway_gets_the_body_stage_and_stage_variables(stack: Stack) -> None:
    deployed = stack.deployed
    append = deployed.body["paths"]["/recordings/{recordingId}/events"]["post"]
    registered = deploy_program("dev").inputs("aws:apigateway/stage:Stage", "api")
    exported = deployed.stage_variables.keys() & stack.exports.keys()

    credentials = append["x-amazon-apigateway-integration"]["credentials"]
    assert credentials == stack.roles()["append-events"]["arn"]
    assert (deployed.stage, stack.exports["apiUrl"]) == ("v1", f"{API_URL}/v1")
    assert set(deployed.stage_variables) == set(registered["variables"])
    # Exported values are unique to this stack.
    assert {name: deployed.stage_variables[name] for name in exported} == {
        name: stack.exports[name] for name in exported
    }
    assert exported != set()
