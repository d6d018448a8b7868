"""What must hold for every resource of the whole program, in each of its stacks."""

import copy
import json
import re
import shutil
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from components import mapping_template as templates
from components.finished_body import Document, digest, operations
from components.mapping_template import FOLDER, template_text
from components.packed_contract import unpacked_contract
from components.promotion import PromotionError
from components.release import release_of
from sandbox.program import PROJECT, main_program, stack_config
from tests.components.cloudwatch import METRICS
from tests.engine import ACCOUNT, REGION, SUFFIX, WITH_SITE, Engine, deploy, deploy_program

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # its own code warns when it is imported
    import parliament  # pyright: ignore[reportMissingTypeStubs]

API = "aws:apigateway/restApi:RestApi"
ROLE = "aws:iam/role:Role"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
BUCKET = "aws:s3/bucket:Bucket"
BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy"
STREAM = "aws:kinesis/stream:Stream"
TABLE = "aws:dynamodb/table:Table"
POOL = "aws:cognito/userPool:UserPool"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"

Statement = dict[str, Any]
"""A statement of a policy, as JSON."""


@pytest.fixture(params=["dev", "prod", "pr"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Return what the program registers in the stack."""
    return deploy_program(request.param)


@pytest.fixture
def body(engine: Engine) -> Document:
    """Return the OpenAPI document that the stack's API is imported from."""
    return body_of(engine)


def body_of(engine: Engine) -> Document:
    """Return the OpenAPI document that the program's API is imported from."""
    return json.loads(engine.inputs(API, "api")["body"])


# Resources


def test_no_two_resources_of_a_type_have_one_name(engine: Engine) -> None:
    keys = [(one.type, one.name) for one in engine.resources]

    assert sorted(keys) == sorted(set(keys))


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_the_only_provider_tags_everything_with_project_and_stack(stack: str) -> None:
    providers = deploy_program(stack).of_type("pulumi:providers:aws")

    assert set(providers) == {"aws"}
    assert providers["aws"]["region"] == REGION
    assert json.loads(providers["aws"]["defaultTags"]) == {
        "tags": {"project": "rrweb-store", "stack": stack}
    }


def test_everything_is_made_by_that_provider(engine: Engine) -> None:
    made = [one for one in engine.resources if one.custom and not one.type.startswith("pulumi:")]

    assert len(made) > 30
    assert [(one.type, one.name) for one in made if one.provider != "aws"] == []


def test_the_account_s_logging_role_which_all_stacks_share_is_left_alone(engine: Engine) -> None:
    assert engine.of_type("aws:apigateway/account:Account") == {}


def test_every_log_ends_after_a_number_of_days_that_cloudwatch_offers(engine: Engine) -> None:
    # https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
    offered = {1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731}

    groups = engine.of_type(LOG_GROUP)

    assert {"events", "read-events"} <= set(groups)
    kept = {name: group.get("retentionInDays") for name, group in groups.items()}
    assert {name: days for name, days in kept.items() if days not in offered} == {}


def test_the_function_that_reads_back_has_one_whole_processor(engine: Engine) -> None:
    # https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
    functions = engine.of_type("aws:lambda/function:Function")

    assert {name: one["memorySize"] for name, one in functions.items()} == {"read-events": 1769}


def test_every_bucket_is_encrypted_private_and_reached_over_tls(engine: Engine) -> None:
    buckets = {f"{name}{SUFFIX}" for name in engine.of_type(BUCKET)}

    assert buckets
    assert buckets_of(
        engine,
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    ) == (buckets)
    assert buckets_of(engine, "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock") == buckets
    assert buckets_of(engine, BUCKET_POLICY) == buckets


def buckets_of(engine: Engine, type_: str) -> set[str]:
    """Return the buckets that have a resource of that type."""
    return {inputs["bucket"] for inputs in engine.of_type(type_).values()}


def test_every_stream_is_encrypted(engine: Engine) -> None:
    streams = engine.of_type(STREAM)

    assert {
        name: (stream["encryptionType"], stream["kmsKeyId"]) for name, stream in streams.items()
    } == {"events": ("KMS", "alias/aws/kinesis")}


def test_what_aws_encrypts_by_itself_is_left_to_it(engine: Engine) -> None:
    # "All user data stored in Amazon DynamoDB is fully encrypted at rest":
    # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/EncryptionAtRest.html
    assert [
        table for table in engine.of_type(TABLE).values() if "serverSideEncryption" in table
    ] == []
    # "Log group data is always encrypted in CloudWatch Logs":
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
    assert [group for group in engine.of_type(LOG_GROUP).values() if "kmsKeyId" in group] == []
    # With a stream as its source, Firehose keeps nothing at rest:
    # https://docs.aws.amazon.com/firehose/latest/dev/encryption.html
    assert [
        one
        for one in engine.of_type(
            "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"
        ).values()
        if "kinesisSourceConfiguration" not in one
    ] == []


# Roles and policies

# (where, text) of each `*` in an action or a resource, and why it is there.
WILDCARDS = {
    ("bucket recordings", "s3:*"): "a denial: whatever it is, not without TLS",
    ("bucket recordings", "arn:aws:s3:::recordings-1a2b3c4/*"): "the same denial, for each object",
    ("bucket site", "s3:*"): "a denial: whatever it is, not without TLS",
    ("bucket site", "arn:aws:s3:::site-1a2b3c4/*"): (
        "the same denial; and all of the site's files are public, through CloudFront"
    ),
    ("role events-writer", "arn:aws:s3:::recordings-1a2b3c4/rrweb/recordings/*"): (
        "Firehose names the objects under the prefix of the recordings"
    ),
    ("role events-writer", "arn:aws:s3:::recordings-1a2b3c4/rrweb/failed/*"): (
        "Firehose names the objects under the prefix of what failed"
    ),
    ("role read-events", "arn:aws:s3:::recordings-1a2b3c4/rrweb/recordings/*"): (
        "the objects of every recording: the handler chooses the prefix of the token's user"
    ),
    **{
        (f"role {name}", f"arn:aws:s3:::recordings-1a2b3c4/rrweb/{key}"): (
            "the key of every user's object: the integration's path begins with the token's user"
        )
        for name, key in (
            ("put-large-batch", "recordings/userId=*/sessionId=*/large/*"),
            ("put-screenshot", "recordings/userId=*/sessionId=*/screenshot"),
            ("get-screenshot", "recordings/userId=*/sessionId=*/screenshot"),
            ("put-asset", "assets/userId=*/*"),
            ("head-asset", "assets/userId=*/*"),
            ("get-asset", "assets/userId=*/*"),
        )
    },
    ("role read-events", f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:read-events-1a2b3c4:*"): (
        "the log streams of its own group, which Lambda names"
    ),
}
TRUSTED = {"apigateway.amazonaws.com", "firehose.amazonaws.com", "lambda.amazonaws.com"}


def policies(engine: Engine) -> dict[str, str]:
    """Return every policy of the program, as JSON, by what it belongs to."""
    return {
        **{f"role {name}": one["policy"] for name, one in engine.of_type(ROLE_POLICY).items()},
        **{f"bucket {name}": one["policy"] for name, one in engine.of_type(BUCKET_POLICY).items()},
    }


def statements_of(policy: str) -> list[Statement]:
    """Return the statements of a policy."""
    return json.loads(policy)["Statement"]


def listed(value: object) -> list[str]:
    """Return what IAM takes as one string or as several."""
    return cast("list[str]", value) if isinstance(value, list) else [str(value)]


def wildcards(engine: Engine) -> Iterator[tuple[str, str]]:
    """Yield where there is a `*` in an action or a resource, and the text that holds it."""
    for where, policy in policies(engine).items():
        for statement in statements_of(policy):
            # NotAction and NotResource are wildcards too: they would fail here as a KeyError.
            for text in (*listed(statement["Action"]), *listed(statement["Resource"])):
                if "*" in text or "?" in text:
                    yield where, text


def test_no_policy_holds_a_wildcard_but_those_with_a_reason(engine: Engine) -> None:
    assert set(wildcards(engine)) == set(WILDCARDS)


def test_nothing_but_a_denial_has_a_wildcard_for_its_action(engine: Engine) -> None:
    broad = {
        (where, statement["Effect"])
        for where, policy in policies(engine).items()
        for statement in statements_of(policy)
        if any("*" in action for action in listed(statement["Action"]))
    }

    assert broad == {("bucket recordings", "Deny"), ("bucket site", "Deny")}


def test_every_role_is_trusted_to_one_service_and_that_alone(engine: Engine) -> None:
    trusts = {
        name: statements_of(role["assumeRolePolicy"]) for name, role in engine.of_type(ROLE).items()
    }

    assert trusts == {
        name: [
            {
                "Effect": "Allow",
                "Principal": {"Service": statements[0]["Principal"]["Service"]},
                "Action": "sts:AssumeRole",
            }
        ]
        for name, statements in trusts.items()
    }
    assert {trust[0]["Principal"]["Service"] for trust in trusts.values()} == TRUSTED


def test_every_role_has_one_policy_and_no_other_way_to_a_permission(engine: Engine) -> None:
    roles = engine.of_type(ROLE)

    assert sorted(one["role"] for one in engine.of_type(ROLE_POLICY).values()) == sorted(
        f"{name}{SUFFIX}" for name in roles
    )
    assert {key for role in roles.values() for key in role} == {"assumeRolePolicy"}
    assert {one.type for one in engine.resources if one.type.startswith("aws:iam/")} == {
        ROLE,
        ROLE_POLICY,
    }


def gateway_roles(engine: Engine) -> list[str]:
    """Return the names of the roles that API Gateway assumes."""
    return [
        name
        for name, role in engine.of_type(ROLE).items()
        if "apigateway.amazonaws.com" in role["assumeRolePolicy"]
    ]


# Without it, S3 says 403 of a key that does not exist: ADR 9.
LISTS_TO_KNOW_WHAT_IS_MISSING = {
    "Effect": "Allow",
    "Action": "s3:ListBucket",
    "Resource": f"arn:aws:s3:::recordings{SUFFIX}",
}


def test_every_role_of_an_integration_may_do_one_action_on_one_arn(engine: Engine) -> None:
    allowed = {
        name: statements_of(engine.inputs(ROLE_POLICY, name)["policy"])
        for name in gateway_roles(engine)
    }
    for name in ("get-screenshot", "head-asset", "get-asset"):
        allowed[name].remove(LISTS_TO_KNOW_WHAT_IS_MISSING)

    assert allowed == {
        name: [
            {
                "Effect": "Allow",
                "Action": str(statements[0]["Action"]),
                "Resource": str(statements[0]["Resource"]),
            }
        ]
        for name, statements in allowed.items()
    }


def test_every_integration_has_a_role_of_its_own(engine: Engine, body: Document) -> None:
    used = [
        integration["credentials"]
        for integration in integrations(body).values()
        if integration["type"] != "mock"
    ]

    assert sorted(used) == sorted(
        f"arn:aws:iam::{ACCOUNT}:role/{name}{SUFFIX}" for name in gateway_roles(engine)
    )


def test_the_api_is_imported_when_every_role_of_it_may_do_its_work(engine: Engine) -> None:
    depends_on = engine.resource(API, "api").depends_on

    assert {name for type_, name in depends_on if type_ == ROLE_POLICY} == set(
        gateway_roles(engine)
    )


def findings(policy: str) -> list[str]:
    """Return all that parliament says of a policy: even an unknown action is only `LOW` to it."""
    analyze = cast("Callable[[str], Any]", parliament.analyze_policy_string)
    return [str(one) for one in analyze(policy).findings]


def test_parliament_finds_nothing_in_any_policy(engine: Engine) -> None:
    found = {where: findings(policy) for where, policy in policies(engine).items()}

    assert found == {where: [] for where in policies(engine)}


@pytest.mark.parametrize(
    ("action", "resource", "finding"),
    [
        ("kinesis:PutRecrod", f"arn:aws:kinesis:{REGION}:{ACCOUNT}:stream/a", "UNKNOWN_ACTION"),
        ("s3:GetObject", "arn:aws:s3:::bucket", "RESOURCE_MISMATCH"),
        ("s3:GetObject", "*", "RESOURCE_STAR"),
    ],
)
def test_parliament_would_find_a_slip(action: str, resource: str, finding: str) -> None:
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}

    found = findings(json.dumps({"Version": "2012-10-17", "Statement": [statement]}))

    assert [one.split(" ")[0] for one in found] == [finding]


# The API


def routes(body: Document) -> dict[str, Document]:
    """Return each operation of the body by verb and path, such as `GET /recordings`."""
    return {f"{verb.upper()} {path}": one for path, verb, one in operations(body)}


def integrations(body: Document) -> dict[str, Document]:
    """Return each integration of the body by verb and path."""
    return {
        route: operation["x-amazon-apigateway-integration"]
        for route, operation in routes(body).items()
    }


def service_integrations(body: Document) -> dict[str, Document]:
    """Return the integrations that call an action of an AWS service with a rendered template."""
    return {
        route: one for route, one in integrations(body).items() if ":action/" in one.get("uri", "")
    }


def object_integrations(body: Document) -> dict[str, Document]:
    """Return the integrations that hand a request on to S3."""
    return {
        route: one for route, one in integrations(body).items() if ":s3:path/" in one.get("uri", "")
    }


def test_every_route_asks_who_is_there_but_the_preflights(body: Document) -> None:
    asked = {route: operation.get("security") for route, operation in routes(body).items()}

    assert {route for route, security in asked.items() if not security} == {
        "GET /health",
        *(f"OPTIONS {path}" for path in body["paths"]),
    }
    assert {
        route for route, security in asked.items() if security == [{"operatorSignature": []}]
    } == {"GET /operator/recordings"}
    assert [
        security
        for security in asked.values()
        if security not in (None, [], [{"userToken": []}], [{"operatorSignature": []}])
    ] == []


def test_tokens_are_those_of_this_stack_s_pool_and_client(body: Document) -> None:
    authorizer = body["components"]["securitySchemes"]["userToken"][
        "x-amazon-apigateway-authorizer"
    ]

    assert authorizer == {
        "type": "cognito_user_pools",
        "providerARNs": [f"arn:aws:cognito-idp:{REGION}:{ACCOUNT}:userpool/{REGION}_Users"],
        "identitySource": "method.request.header.Authorization",
        "identityValidationExpression": "^1example23456789$",
    }


def test_every_direct_integration_refuses_a_body_that_it_has_no_template_for(
    body: Document,
) -> None:
    behaviours = {
        route: one["passthroughBehavior"] for route, one in service_integrations(body).items()
    }

    assert behaviours == dict.fromkeys(behaviours, "never")
    assert len(behaviours) >= 5


def test_bytes_are_handed_on_and_no_text_is_taken_for_bytes(body: Document) -> None:
    puts = {
        route: one for route, one in object_integrations(body).items() if route.startswith("PUT")
    }
    binary = set(body["x-amazon-apigateway-binary-media-types"])

    assert len(puts) == 3
    for route, one in puts.items():
        accepted = set(routes(body)[route]["requestBody"]["content"])
        assert one["passthroughBehavior"] == "when_no_match"
        assert "contentHandling" not in one
        assert accepted <= binary
        assert {"application/json", "text/plain", "text/html", "image/svg+xml"} <= set(
            one["requestTemplates"]
        )
        assert accepted.isdisjoint(one["requestTemplates"])


def test_every_key_begins_with_the_user_of_the_token(body: Document) -> None:
    for one in object_integrations(body).values():
        key = one["uri"].split(":s3:path/", 1)[1].partition("/")[2]
        before, _, behind = key.partition("{userId}")

        assert before in {"rrweb/recordings/userId=", "rrweb/assets/userId="}
        assert behind.startswith("/")
        assert one["requestParameters"]["integration.request.path.userId"] == (
            "context.authorizer.claims.sub"
        )


def test_what_s3_refuses_is_what_the_table_says_or_ours(body: Document) -> None:
    refused = {
        route: {
            pattern: one["statusCode"]
            for pattern, one in integration["responses"].items()
            if pattern != r"2\d{2}"
        }
        for route, integration in object_integrations(body).items()
    }
    ours = {"default": "502", "503": "429"}
    once = {"409": "409", "412": "412"}

    assert refused == {
        "PUT /recordings/{recordingId}/events/{sequence}": {"400": "502", **once, **ours},
        "PUT /recordings/{recordingId}/screenshot": {"400": "502", **ours},
        "GET /recordings/{recordingId}/screenshot": {
            **{status: status for status in ("304", "400", "404")},
            **ours,
        },
        "PUT /assets/{sha256}": {"400": "502", **once, **ours},
        "HEAD /assets/{sha256}": {"400": "400", "404": "404", **ours},
        "GET /assets/{sha256}": {
            **{status: status for status in ("304", "400", "404")},
            **ours,
        },
    }


def test_no_answer_of_stored_bytes_can_run_in_a_browser(body: Document) -> None:
    for route, one in object_integrations(body).items():
        if route.startswith("PUT"):
            continue
        for status in {r"2\d{2}", "304"} & set(one["responses"]):
            headers = one["responses"][status]["responseParameters"]
            assert headers["method.response.header.Content-Security-Policy"] == "'sandbox'"
            assert headers["method.response.header.Content-Disposition"] == "'attachment'"
            assert headers["method.response.header.Cache-Control"].startswith("'private, ")


def test_no_answer_is_taken_for_something_else_than_it_says(body: Document) -> None:
    answers = [
        one["responseParameters"]
        for route, integration in integrations(body).items()
        if not route.startswith("OPTIONS ")
        for one in integration.get("responses", {}).values()
    ]

    assert len(answers) > 40
    assert {one.get("method.response.header.X-Content-Type-Options") for one in answers} == {
        "'nosniff'"
    }


def test_what_a_service_refuses_is_never_a_success(body: Document) -> None:
    statuses = {
        route: {pattern: one["statusCode"] for pattern, one in integration["responses"].items()}
        for route, integration in service_integrations(body).items()
    }

    assert {route: sorted(by_pattern) for route, by_pattern in statuses.items()} == {
        route: [r"2\d{2}", r"4\d{2}", "default"] for route in statuses
    }
    assert {one[r"4\d{2}"] for one in statuses.values()} == {"502"}
    assert {one["default"] for one in statuses.values()} == {"502"}


def test_a_refusal_that_its_template_does_not_know_is_ours(body: Document) -> None:
    refusals = {
        route: integration["responses"][r"4\d{2}"]["responseTemplates"]["application/json"]
        for route, integration in service_integrations(body).items()
    }

    first = {route: STATUS.findall(template)[0] for route, template in refusals.items()}
    assert first == dict.fromkeys(refusals, "502")


STATUS = re.compile(r"#set\(\$(?:status|context\.responseOverride\.status) = (\d{3})\)")

# A status that a shared template can set, on routes where the service never gives cause for it.
UNREACHABLE = {
    "GET /recordings": {"409"},  # a failed condition: only PutItem has one
    "GET /recordings/{recordingId}": {"409"},
    "GET /operator/recordings": {"409"},
}


def statuses_of(integration: Mapping[str, Any]) -> set[str]:
    """Return each status that the integration's responses or their templates can set."""
    responses: list[Mapping[str, Any]] = list(integration.get("responses", {}).values())
    texts = [text for one in responses for text in one.get("responseTemplates", {}).values()]
    return {str(one["statusCode"]) for one in responses} | {
        status for text in texts for status in STATUS.findall(text)
    }


def test_every_status_that_a_template_can_set_is_in_the_contract(body: Document) -> None:
    undeclared = {
        route: statuses_of(operation["x-amazon-apigateway-integration"])
        - set(operation["responses"])
        for route, operation in routes(body).items()
    }

    assert {route: missing for route, missing in undeclared.items() if missing} == UNREACHABLE


def test_only_a_route_whose_request_has_a_condition_can_conflict(body: Document) -> None:
    conditional = {
        route
        for route, integration in service_integrations(body).items()
        if any('"ConditionExpression"' in one for one in integration["requestTemplates"].values())
    }

    assert conditional == {"PUT /recordings/{recordingId}"}
    assert conditional.isdisjoint(UNREACHABLE)


def test_every_status_is_set_in_a_form_that_these_tests_can_read() -> None:
    assignments = re.compile(r"#set\(\$(?:status|context\.responseOverride\.status) = [^)]*\)")
    read = re.compile(r"= (?:\d{3}|\$status)\)$")

    found = [one for path in FOLDER.glob("*.vtl") for one in assignments.findall(path.read_text())]

    assert len(found) > 10
    assert [one for one in found if not read.search(one)] == []


def test_a_route_has_a_template_for_each_media_type_of_its_body_and_for_no_other(
    body: Document,
) -> None:
    promised = {
        route: set(
            routes(body)[route].get("requestBody", {"content": {"application/json": {}}})["content"]
        )
        for route in service_integrations(body)
    }

    assert {
        route: set(integration["requestTemplates"])
        for route, integration in service_integrations(body).items()
    } == promised


def test_every_stage_variable_of_a_template_is_set(engine: Engine, body: Document) -> None:
    read = set(re.findall(r"\$stageVariables\.(\w+)", json.dumps(body)))

    assert engine.inputs("aws:apigateway/stage:Stage", "api")["variables"] == {
        "streamName": f"events{SUFFIX}",
        "tableName": f"recordings{SUFFIX}",
        "release": release_of(PROJECT),
    }
    assert read == {"streamName", "tableName", "release"}


def test_the_resource_policy_is_under_what_api_gateway_takes(body: Document) -> None:
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
    policy = json.dumps(body["x-amazon-apigateway-policy"])
    written_out = f"arn:aws:execute-api:{REGION}:{ACCOUNT}:abcdefghij/"

    assert len(policy.replace("execute-api:/", written_out)) < 8192 * 0.9


def test_the_body_is_far_under_what_api_gateway_imports(body: Document) -> None:
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
    assert len(json.dumps(body).encode()) < 6 * 1024 * 1024


# Deployments

DEPLOYED_TEMPLATES = sorted(path.name for path in FOLDER.glob("*.vtl"))


def trigger_of(engine: Engine) -> str:
    """Return what decides whether the stage gets a new deployment."""
    return engine.inputs("aws:apigateway/deployment:Deployment", "api")["triggers"]["body"]


def trigger(**config: str) -> str:
    """Return the same of a fresh run of the dev stack, its configuration changed."""
    own = {f"rrweb-store:{key}": value for key, value in config.items()}
    return trigger_of(deploy(main_program(), {**stack_config("dev"), **WITH_SITE, **own}))


@pytest.fixture
def edit(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Return what puts a space in front of one template, also where another one includes it."""
    deploy_program("dev")  # which is kept: not with the edit

    def one(changed: str) -> None:
        def edited(name: str) -> str:
            return " " * (name == changed) + template_text(name)

        template_text.cache_clear()
        monkeypatch.setattr(templates, "template_text", edited)

    yield one
    template_text.cache_clear()


@pytest.mark.parametrize("name", DEPLOYED_TEMPLATES)
def test_an_edit_of_any_template_reaches_the_stage(name: str, edit: Callable[[str], None]) -> None:
    edit(name)

    assert trigger() != trigger_of(deploy_program("dev"))


def test_an_edit_of_no_template_does_not(edit: Callable[[str], None]) -> None:
    edit("no_such.vtl")

    assert trigger() == trigger_of(deploy_program("dev"))


def test_without_a_change_of_the_api_there_is_no_new_deployment() -> None:
    before = trigger_of(deploy_program("dev"))

    assert trigger(throttleRate="7", shardCount="2", logRetentionDays="60") == before
    assert trigger(retentionDays="7") != before
    assert trigger(allowOrigin="https://replay.example.com") != before


@pytest.mark.parametrize(
    ("before", "after", "is_another"),
    [
        ("maxLength: 8192", "maxLength: 8000", True),
        ("          application/x-ndjson: {}\n", "", True),
        ("      security: []\n", "", True),
        ("  version: 1.0.0\n", "  version: 1.0.1\n", False),
        ("summary: Append a batch", "summary: Add a batch", False),
    ],
)
def test_the_contract_reaches_the_stage_when_it_asks_for_something_else(
    before: str, after: str, is_another: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout = edited_checkout(tmp_path, "openapi.yaml", before, after)
    monkeypatch.setattr(sys, "path", [*sys.path])
    edited = deploy(main_program(checkout), {**stack_config("dev"), **ABSOLUTE_SITE})

    assert (trigger_of(edited) != trigger_of(deploy_program("dev"))) is is_another


def test_the_lambda_s_code_reaches_it_without_a_new_deployment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout = edited_checkout(tmp_path, "handlers/get_events.py", "import ", "import  ")
    monkeypatch.setattr(sys, "path", [*sys.path])
    edited = deploy(main_program(checkout), {**stack_config("dev"), **ABSOLUTE_SITE})

    assert edited.exports["release"] != release_of(PROJECT)
    assert trigger_of(edited) == trigger_of(deploy_program("dev"))


ABSOLUTE_SITE = {"rrweb-store:siteFolder": str(PROJECT / "tests/data/site")}


def edited_checkout(folder: Path, file: str, before: str, after: str) -> Path:
    """Return a copy of what the program is made of, with a text of one file replaced."""
    for name in ("__main__.py", "Pulumi.yaml", "openapi.yaml", "requirements.txt"):
        shutil.copy(PROJECT / name, folder)
    for name in ("components", "handlers"):
        shutil.copytree(PROJECT / name, folder / name)
    text = (folder / file).read_text(encoding="utf-8")
    assert before in text
    (folder / file).write_text(text.replace(before, after, 1), encoding="utf-8")
    return folder


def test_each_integration_is_in_what_decides(body: Document) -> None:
    digests = {digest(with_other_uri(body, route)) for route in integrations(body)}

    assert len(digests | {digest(body)}) == len(integrations(body)) + 1


def with_other_uri(body: Document, route: str) -> Document:
    """Return the body with one integration that calls something else."""
    other = copy.deepcopy(body)
    integrations(other)[route]["uri"] = "arn:aws:apigateway:eu-west-1:s3:action/Other"
    return other


def test_tags_and_the_release_reach_the_stage_without_a_new_deployment() -> None:
    before = trigger_of(deploy_program("dev"))

    assert trigger(owner="jo", commit="abc1234", expiresOn="2026-12-31") == before
    assert trigger(verifiedReleases='["r1"]', accessLog="true", alarms="true") == before


# What is watched

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"


def test_prod_is_watched_and_dev_is_not() -> None:
    watching = {ALARM, "aws:cloudwatch/dashboard:Dashboard", "aws:sns/topic:Topic"}

    assert watching <= {one.type for one in deploy_program("prod").resources}
    assert watching.isdisjoint({one.type for one in deploy_program("dev").resources})


def test_every_alarm_is_about_a_metric_that_exists_of_a_resource_of_the_stack() -> None:
    prod = deploy_program("prod")
    names = {
        "ApiName": f"api{SUFFIX}",
        "Stage": "v1",
        "StreamName": f"events{SUFFIX}",
        "DeliveryStreamName": f"events{SUFFIX}",
        "FunctionName": f"read-events{SUFFIX}",
        "TableName": f"recordings{SUFFIX}",
        "BucketName": f"recordings{SUFFIX}",
        "FilterId": prod.inputs("aws:s3/bucketMetric:BucketMetric", "watch")["name"],
    }

    metrics = [
        query["metric"]
        for alarm in prod.of_type(ALARM).values()
        for query in alarm["metricQueries"]
        if "metric" in query
    ]

    assert len(metrics) > 12
    assert [one["dimensions"] for one in metrics] == [
        {name: names[name] for name in METRICS[one["namespace"], one["metricName"]][0]}
        for one in metrics
    ]


# Promotion

DEV = "organization/rrweb-store/dev"


def promote(references: dict[str, dict[str, Any]], **config: str) -> Engine:
    """Return what prod's program registers, other stacks being as told."""
    own = {f"rrweb-store:{key}": value for key, value in config.items()}
    return deploy(main_program(), {**stack_config("prod"), **WITH_SITE, **own}, references)


def test_prod_takes_what_dev_has_proven() -> None:
    release = release_of(PROJECT)

    prod = promote({DEV: {"release": release, "verifiedReleases": [release]}})

    assert prod.exports["release"] == release


def test_prod_refuses_what_dev_does_not_run() -> None:
    with pytest.raises(PromotionError, match=r"(?s)release: .*dev runs older.*verified: "):
        promote({DEV: {"release": "older", "verifiedReleases": ["older"]}})


def test_prod_takes_it_all_the_same_when_its_configuration_says_so_out_loud() -> None:
    prod = promote({}, promoteAnyway='["release", "verified"]')

    assert prod.exports["release"] == release_of(PROJECT)


def test_prod_refuses_a_layout_that_its_recordings_do_not_have() -> None:
    release = release_of(PROJECT)
    own = {"organization/rrweb-store/test": {"storageLayout": 7}}

    with pytest.raises(PromotionError, match="layout: recordings lie by layout 7"):
        promote({DEV: {"release": release, "verifiedReleases": [release]}, **own})


def test_everything_waits_for_the_promotion_by_way_of_its_provider() -> None:
    release = release_of(PROJECT)
    prod = promote({DEV: {"release": release, "verifiedReleases": [release]}})
    provider = prod.resource("pulumi:providers:aws", "aws")
    others = [one for one in prod.resources if one.custom and one is not provider]

    assert provider.inputs["region"] == REGION
    assert {one.provider for one in others} == {"aws"}
    # The stacks that it read, which are no resources of its own.
    assert {type_ for type_, _ in provider.depends_on} == {"pulumi:pulumi:StackReference"}


# Its roles, bounded

BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/rrweb-store-boundary"


def test_with_a_boundary_every_role_is_inside_it_and_under_the_stack_s_path() -> None:
    engine = deploy(
        main_program(),
        {**stack_config("dev"), **WITH_SITE, "rrweb-store:permissionsBoundary": BOUNDARY},
    )

    roles = engine.of_type(ROLE)
    assert len(roles) > 10
    assert {(one["permissionsBoundary"], one["path"]) for one in roles.values()} == {
        (BOUNDARY, "/rrweb-store/test/")
    }
    plain = deploy_program("dev").of_type(ROLE)
    assert {name: one["assumeRolePolicy"] for name, one in roles.items()} == {
        name: one["assumeRolePolicy"] for name, one in plain.items()
    }


def test_what_is_no_policy_bounds_nothing() -> None:
    with pytest.raises(ValueError, match="must be the ARN of a policy, got 'boundary'"):
        deploy(
            main_program(),
            {**stack_config("dev"), **WITH_SITE, "rrweb-store:permissionsBoundary": "boundary"},
        )


# Limits


@pytest.mark.parametrize(("stack", "rate", "burst"), [("dev", 100, 200), ("prod", 500, 1000)])
def test_the_stage_and_the_dearest_operation_are_throttled(
    stack: str, rate: int, burst: int
) -> None:
    settings = deploy_program(stack).of_type("aws:apigateway/methodSettings:MethodSettings")

    limits = {
        one["methodPath"]: (
            one["settings"]["throttlingRateLimit"],
            one["settings"]["throttlingBurstLimit"],
        )
        for one in settings.values()
    }
    assert limits == {"*/*": (rate, burst), "operator/recordings/GET": (5, 10)}


def test_no_stack_pays_for_waf_unasked(engine: Engine) -> None:
    assert [one.type for one in engine.resources if one.type.startswith("aws:wafv2/")] == []


# The site

CLIENT = "aws:cognito/userPoolClient:UserPoolClient"
OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2"
HOST = f"https://abcdef1234.execute-api.{REGION}.amazonaws.com"


def test_the_site_may_be_signed_in_from_and_out_to(engine: Engine) -> None:
    site = engine.exports["siteUrl"]
    client = engine.inputs(CLIENT, "users")

    assert site == "https://d1example.cloudfront.net"
    assert client["callbackUrls"] == ["http://localhost:8080/", f"{site}/signed-in"]
    assert client["logoutUrls"] == ["http://localhost:8080/", f"{site}/"]


def test_the_site_is_told_the_stack_s_own_values(engine: Engine) -> None:
    told = json.loads(engine.inputs(OBJECT, "site/config.json")["content"])

    assert told == {
        name: engine.exports[name]
        for name in (
            *("apiUrl", "issuerUrl", "userPoolId", "userPoolClientId"),
            *("signInUrl", "siteUrl", "region", "release"),
        )
    }


def test_a_page_calls_this_stack_s_api_and_sign_in_and_the_headers_allow_them(
    engine: Engine,
) -> None:
    html = engine.inputs(OBJECT, "site/index.html")["content"]
    headers = engine.inputs("aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy", "site")
    policy = headers["securityHeadersConfig"]["contentSecurityPolicy"]["contentSecurityPolicy"]

    in_page, in_headers = (
        str(re.findall(r"connect-src 'self' ([^\";]+)", text)[0]).split() for text in (html, policy)
    )
    assert in_page == [
        HOST,
        engine.exports["signInUrl"],
    ]
    allowed = "|".join(re.escape(one).replace(r"\*", "[a-z0-9-]+") for one in in_headers)
    assert [one for one in in_page if not re.fullmatch(allowed, one)] == []


# Stacks and their configuration

DATA = {(BUCKET, "recordings"), (TABLE, "recordings"), (STREAM, "events"), (POOL, "users")}


def test_prod_deletes_nothing_that_holds_data() -> None:
    prod = deploy_program("prod")

    assert {(one.type, one.name) for one in prod.resources if one.protect} == DATA
    assert prod.inputs(TABLE, "recordings")["deletionProtectionEnabled"] is True
    assert prod.inputs(TABLE, "recordings")["pointInTimeRecovery"] == {"enabled": True}
    assert prod.inputs(POOL, "users")["deletionProtection"] == "ACTIVE"
    assert prod.inputs(BUCKET, "recordings") == {"forceDestroy": False}


def test_dev_can_be_destroyed_and_leaves_nothing_behind() -> None:
    dev = deploy_program("dev")

    assert [one for one in dev.resources if one.protect] == []
    assert dev.inputs(TABLE, "recordings")["deletionProtectionEnabled"] is False
    assert dev.inputs(POOL, "users")["deletionProtection"] == "INACTIVE"
    assert dev.inputs(BUCKET, "recordings") == {"forceDestroy": True}


FIXED_NAMES = {
    "aws:cloudwatch/logStream:LogStream",  # in a group whose name is Pulumi's
}


def test_an_ephemeral_stack_is_small_and_can_be_destroyed() -> None:
    pr = deploy_program("pr")

    assert [one for one in pr.resources if one.protect] == []
    assert pr.inputs(BUCKET, "recordings") == {"forceDestroy": True}
    assert pr.inputs(STREAM, "events")["shardCount"] == 1
    assert pr.inputs(TABLE, "recordings")["deletionProtectionEnabled"] is False
    assert pr.inputs(POOL, "users")["deletionProtection"] == "INACTIVE"
    assert {one["retentionInDays"] for one in pr.of_type(LOG_GROUP).values()} == {1}
    settings = pr.inputs("aws:apigateway/methodSettings:MethodSettings", "api")["settings"]
    assert (settings["throttlingRateLimit"], settings["throttlingBurstLimit"]) == (20, 40)


@pytest.mark.parametrize("stack", ["dev", "pr"])
def test_fifty_may_live_side_by_side_as_no_name_is_fixed_and_nothing_is_the_account_s(
    stack: str,
) -> None:
    engine = deploy_program(stack)

    named = {
        (one.type, one.name)
        for one in engine.resources
        if one.custom
        and {"name", "bucket", "functionName"} & set(one.inputs)
        and not str(one.inputs.get("bucket", "")).endswith(SUFFIX)
    }
    assert {type_ for type_, _ in named} <= FIXED_NAMES
    account_wide = ("aws:apigateway/account:", "aws:budgets/", "aws:iam/openIdConnectProvider:")
    assert [one.type for one in engine.resources if one.type.startswith(account_wide)] == []


def test_an_ephemeral_stack_says_whose_it_is_of_what_and_until_when() -> None:
    own = {"owner": "jo", "commit": "abc1234", "expiresOn": "2026-11-27"}
    config = {
        **stack_config("pr"),
        **WITH_SITE,
        **{f"rrweb-store:{key}": value for key, value in own.items()},
    }

    tags = deploy(main_program(), config).inputs("pulumi:providers:aws", "aws")["defaultTags"]

    assert json.loads(tags)["tags"] == {
        "project": "rrweb-store",
        "stack": "test",
        "owner": "jo",
        "commit": "abc1234",
        "expires-on": "2026-11-27",
    }


def test_the_items_and_the_objects_of_a_recording_expire_together(
    engine: Engine, body: Document
) -> None:
    rules = engine.inputs(
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "recordings"
    )["rules"]
    template = integrations(body)["PUT /recordings/{recordingId}"]["requestTemplates"]

    seconds = int(rules[0]["expiration"]["days"]) * 86_400
    assert template["application/json"].startswith(f"#set($retentionSeconds = {seconds})\n")


def test_the_release_is_stamped_on_all_that_runs(engine: Engine) -> None:
    release = release_of(PROJECT)

    function = engine.inputs("aws:lambda/function:Function", "read-events")
    assert engine.exports["release"] == release
    assert function["environment"]["variables"]["RELEASE"] == release
    assert engine.inputs("aws:apigateway/stage:Stage", "api")["description"] == f"release {release}"


def test_the_lambda_reads_where_firehose_writes(engine: Engine) -> None:
    function = engine.inputs("aws:lambda/function:Function", "read-events")
    firehose = engine.inputs("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream", "events")[
        "extendedS3Configuration"
    ]

    prefix = function["environment"]["variables"]["KEY_PREFIX"]
    assert firehose["prefix"].startswith(f"{prefix}/userId=")
    assert firehose["bucketArn"].endswith(f":{function['environment']['variables']['BUCKET']}")


def test_the_exports_are_those_that_tests_and_scripts_rely_on(engine: Engine) -> None:
    assert set(engine.exports) == {
        "apiUrl",
        "siteUrl",
        "siteDnsName",
        "userPoolId",
        "userPoolClientId",
        "issuerUrl",
        "signInUrl",
        "bucketName",
        "tableName",
        "streamName",
        "deliveryStreamName",
        "region",
        "release",
        "verifiedReleases",
        "contract",
        "storageLayout",
        "capacity",
        "estimatedMonthlyCost",
    }
    empty = {name for name, value in engine.exports.items() if not value}
    assert empty == {"verifiedReleases"}
    assert not engine.exports["apiUrl"].endswith("/")
    assert not engine.exports["siteUrl"].endswith("/")


def test_the_contract_that_is_exported_is_no_json_which_pulumi_would_print_line_by_line(
    engine: Engine,
) -> None:
    exported = engine.exports["contract"]

    with pytest.raises(json.JSONDecodeError):
        json.loads(exported)
    assert "\n" not in exported
    assert unpacked_contract(exported) == yaml.safe_load((PROJECT / "openapi.yaml").read_text())


def yaml_of(file: str) -> dict[str, Any]:
    """Return the `config` of one of Pulumi's files."""
    return yaml.safe_load((PROJECT / file).read_text(encoding="utf-8"))["config"]


def as_declared(type_: str, value: Any) -> Any:
    """Return a value of a stack's file as its type has it: Pulumi quotes all that is no list."""
    return value if type_ == "string" or not isinstance(value, str) else yaml.safe_load(value)


DECLARED = yaml_of("Pulumi.yaml")
OWN = {key: declaration for key, declaration in DECLARED.items() if ":" not in key}
TYPES = {"integer": int, "string": str, "boolean": bool, "array": list}
STACK_FILES = sorted(
    path.name for path in PROJECT.glob("Pulumi.*.yaml") if not path.name.startswith("Pulumi.pr-")
)


def test_there_is_a_file_for_each_stack() -> None:
    assert STACK_FILES == ["Pulumi.dev.yaml", "Pulumi.pr.yaml", "Pulumi.prod.yaml"]


def test_the_region_has_a_value_which_is_all_that_pulumi_lets_another_s_key_have() -> None:
    foreign = {key: value for key, value in DECLARED.items() if key not in OWN}

    assert foreign == {"aws:region": {"value": "eu-west-1"}}


@pytest.mark.parametrize("key", sorted(OWN))
def test_every_key_says_what_it_is_and_what_it_is_without_being_set(key: str) -> None:
    declaration = OWN[key]

    assert set(declaration) - {"items"} == {"type", "default", "description"}
    assert type(declaration["default"]) is TYPES[declaration["type"]]
    assert declaration["description"].endswith(".")


@pytest.mark.parametrize("file", STACK_FILES)
def test_a_stack_sets_only_what_is_declared_and_differs(file: str) -> None:
    own = {key.removeprefix("rrweb-store:"): value for key, value in yaml_of(file).items()}

    assert set(own) - set(OWN) == set()
    known = {key: as_declared(OWN[key]["type"], value) for key, value in own.items()}
    assert {key: value for key, value in known.items() if value == OWN[key]["default"]} == {}
    assert {key: type(value) for key, value in known.items()} == {
        key: TYPES[OWN[key]["type"]] for key in own
    }


@pytest.mark.parametrize("file", STACK_FILES)
def test_a_stack_s_file_is_as_pulumi_writes_it_so_that_a_new_stack_adds_one_line(file: str) -> None:
    assert {type(value) for value in yaml_of(file).values()} <= {str, list}


@pytest.mark.parametrize("key", sorted(OWN))
def test_every_key_that_is_declared_is_read(key: str) -> None:
    program = Path(PROJECT / "__main__.py").read_text(encoding="utf-8")

    assert re.search(rf'config\.require(?:_\w+)?\("{key}"\)', program)


def test_the_program_has_no_branch_on_the_stack_s_name() -> None:
    program = Path(PROJECT / "__main__.py").read_text(encoding="utf-8")

    assert re.findall(r"^\s*(?:if|elif|match|for|while)\b.*", program, re.MULTILINE) == []


def test_nobody_signs_in_for_a_user_of_prod() -> None:
    client = "aws:cognito/userPoolClient:UserPoolClient"
    allowed = {
        stack: "ALLOW_ADMIN_USER_PASSWORD_AUTH"
        in deploy_program(stack).inputs(client, "users")["explicitAuthFlows"]
        for stack in ("dev", "pr", "prod")
    }

    assert allowed == {"dev": True, "pr": True, "prod": False}
