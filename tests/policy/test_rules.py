"""What each rule refuses, and what it accepts."""

import dataclasses
import json
from typing import Any

import pytest

from bootstrap.deploy_role import trust_policy
from policy.api_rules import (
    API,
    DISTRIBUTION,
    FUNCTION,
    FUNCTION_URL,
    METHOD_SETTINGS,
    PERMISSION,
    STAGE,
    WEB_ACL,
)
from policy.data_rules import (
    ACCESS_BLOCK,
    BLOCKS,
    BUCKET,
    BUCKET_ACL,
    BUCKET_POLICY,
    LOG_GROUP,
    POOL,
    STREAM,
    TABLE,
    VERSIONING,
)
from policy.iam_rules import ROLE, names_one_resource
from policy.rules import RULES, STACK_RULES
from tests.policy.given import broken_alone, made_up

ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
TLS: dict[str, Any] = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": ["arn:aws:s3:::b", "arn:aws:s3:::b/*"],
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}
LESS_THAN_TLS: list[dict[str, Any]] = [
    {"Action": "s3:GetObject"},
    {"Resource": "arn:aws:s3:::b"},
    {"Resource": ["arn:aws:s3:::b/*"]},
    {"Principal": {"AWS": "arn:aws:iam::1:role/a"}},
    {"Condition": {**TLS["Condition"], "StringEquals": {"aws:SourceVpc": "a"}}},
]
ISSUER = "arn:aws:iam::1:oidc-provider/x"
ALL_BLOCKS: dict[str, Any] = dict.fromkeys(BLOCKS, True)
LIMITED = {"throttlingRateLimit": 10, "throttlingBurstLimit": 20}


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allowing(action: Any, resource: Any, **more: Any) -> str:
    return policy({"Effect": "Allow", "Action": action, "Resource": resource, **more})


def trusting(**statement: Any) -> str:
    return policy({"Effect": "Allow", "Action": "sts:AssumeRole", **statement})


def route(operation: dict[str, Any], verb: str = "get") -> str:
    return json.dumps({"paths": {"/a": {verb: operation}}})


def integration(**fields: object) -> dict[str, Any]:
    return {"x-amazon-apigateway-integration": fields}


TWO_OF_ONE_STATUS = {r"4\d{2}": {"statusCode": "502"}, "default": {"statusCode": "502"}}

BAD: list[tuple[str, str, dict[str, Any]]] = [
    ("no-wildcard-permission", ROLE_POLICY, {"policy": allowing("s3:*", "arn:aws:s3:::b/x")}),
    ("no-wildcard-permission", ROLE_POLICY, {"policy": allowing("*", "arn:aws:s3:::b/x")}),
    (
        "no-wildcard-permission",
        ROLE_POLICY,
        {"policy": allowing(["s3:Get?bject"], "arn:aws:s3:::b/x")},
    ),
    ("no-wildcard-permission", ROLE_POLICY, {"policy": allowing("s3:GetObject", "*")}),
    (
        "no-wildcard-permission",
        ROLE_POLICY,
        {"policy": allowing("s3:GetObject", ["arn:aws:s3:::*"])},
    ),
    (
        "no-wildcard-permission",
        "aws:iam/policy:Policy",
        {"policy": policy({"Effect": "Allow", "NotAction": "iam:CreateUser", "Resource": "*"})},
    ),
    (
        "no-wildcard-permission",
        ROLE_POLICY,
        {"policy": policy({"Effect": "Allow", "Action": "s3:GetObject", "NotResource": "x"})},
    ),
    ("role-trust-is-narrow", ROLE, {"assumeRolePolicy": trusting(Principal="*")}),
    ("role-trust-is-narrow", ROLE, {"assumeRolePolicy": trusting(Principal={"AWS": ["*"]})}),
    (
        "role-trust-is-narrow",
        ROLE,
        {"assumeRolePolicy": trusting(Principal={"Federated": "arn:aws:iam::1:oidc-provider/x"})},
    ),
    *(
        (
            "role-trust-is-narrow",
            ROLE,
            {"assumeRolePolicy": trusting(Principal={"Federated": ISSUER}, Condition=condition)},
        )
        for condition in (
            {"StringEquals": {"x:aud": "sts.amazonaws.com"}},
            {"StringEquals": {"x:sub": "repo:a/b:ref:c"}},
            {"StringEquals": {"x:aud": "sts.amazonaws.com", "x:sub": ["a", "b"]}},
            {"StringEquals": {"x:aud": "sts.amazonaws.com"}, "StringLike": {"x:sub": "repo:a/*"}},
        )
    ),
    (
        "role-trust-is-narrow",
        ROLE,
        {"assumeRolePolicy": trusting(Principal={"AWS": "arn:aws:iam::999999999999:root"})},
    ),
    ("role-trust-is-narrow", ROLE, {"assumeRolePolicy": trusting(NotPrincipal={"AWS": "a"})}),
    (
        "no-hidden-permission",
        ROLE,
        {
            "assumeRolePolicy": trusting(Principal={"Service": "lambda.amazonaws.com"}),
            "managedPolicyArns": ["arn:aws:iam::aws:policy/AdministratorAccess"],
        },
    ),
    ("no-managed-policy", "aws:iam/rolePolicyAttachment:RolePolicyAttachment", {"role": "r"}),
    ("no-stored-key", "aws:iam/accessKey:AccessKey", {"user": "u"}),
    ("no-stored-key", "aws:iam/user:User", {}),
    *(
        (
            "bucket-blocks-public-access",
            ACCESS_BLOCK,
            {key: True for key in BLOCKS if key != missing},
        )
        for missing in BLOCKS
    ),
    ("bucket-blocks-public-access", ACCESS_BLOCK, {**ALL_BLOCKS, "blockPublicPolicy": False}),
    (
        "no-public-bucket",
        BUCKET_POLICY,
        {
            "policy": policy(
                TLS,
                {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "x"},
            )
        },
    ),
    (
        "no-public-bucket",
        BUCKET_POLICY,
        {"policy": policy(TLS, {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "s3:a"})},
    ),
    ("no-public-bucket", BUCKET_ACL, {"acl": "public-read"}),
    ("no-public-bucket", BUCKET_ACL, {"acl": "authenticated-read"}),
    ("bucket-requires-tls", BUCKET_POLICY, {"policy": policy({**TLS, "Condition": {}})}),
    (
        "bucket-requires-tls",
        BUCKET_POLICY,
        {"policy": policy({**TLS, "Effect": "Allow", "Principal": {"Service": "s"}})},
    ),
    *(
        ("bucket-requires-tls", BUCKET_POLICY, {"policy": policy({**TLS, **less})})
        for less in LESS_THAN_TLS
    ),
    ("bucket-keeps-no-version", BUCKET, {"versioning": {"enabled": True}}),
    ("bucket-keeps-no-version", VERSIONING, {"versioningConfiguration": {"status": "Enabled"}}),
    ("stream-is-encrypted", STREAM, {"shardCount": 1}),
    ("stream-is-encrypted", STREAM, {"encryptionType": "NONE"}),
    ("log-group-expires", LOG_GROUP, {}),
    ("log-group-expires", LOG_GROUP, {"retentionInDays": 0}),
    ("route-is-authenticated", API, {"body": route(integration(type="aws"))}),
    ("route-is-authenticated", API, {"body": route({**integration(type="aws"), "security": []})}),
    ("route-is-authenticated", API, {"name": "routes elsewhere"}),
    (
        "one-response-per-status",
        API,
        {"body": route(integration(type="mock", responses=TWO_OF_ONE_STATUS))},
    ),
    (
        "no-unmapped-body",
        API,
        {
            "body": route(
                {
                    "security": [{"token": []}],
                    **integration(
                        type="aws",
                        uri="arn:aws:apigateway:r:kinesis:action/PutRecord",
                        passthroughBehavior="when_no_match",
                    ),
                }
            )
        },
    ),
    *(
        ("no-token-in-logs", STAGE, {"accessLogSettings": {"format": f'{{"a": "{leak}"}}'}})
        for leak in (
            "$context.authorizer.claims.sub",
            "$context.identity.apiKey",
            "$context.path",
            "$context.requestOverride.header.Authorization",
            "$input.params('a')",
        )
    ),
    (
        "no-token-in-logs",
        METHOD_SETTINGS,
        {"methodPath": "*/*", "settings": {**LIMITED, "dataTraceEnabled": True}},
    ),
    ("no-token-in-logs", WEB_ACL, {"visibilityConfig": {"sampledRequestsEnabled": True}}),
    (
        "no-token-in-logs",
        WEB_ACL,
        {"rules": [{"visibilityConfig": {"sampledRequestsEnabled": True}}]},
    ),
    ("limit-is-complete", METHOD_SETTINGS, {"settings": {"throttlingRateLimit": 10}}),
    ("limit-is-complete", METHOD_SETTINGS, {"settings": {**LIMITED, "throttlingRateLimit": -1}}),
    ("one-function-only", FUNCTION, {"runtime": "python3.13"}),
    ("one-function-only", FUNCTION_URL, {"authorizationType": "NONE"}),
    ("one-function-only", PERMISSION, {"principal": "*"}),
    ("no-account-wide-resource", "aws:apigateway/account:Account", {}),
    (
        "site-over-tls",
        DISTRIBUTION,
        {"defaultCacheBehavior": {"viewerProtocolPolicy": "allow-all"}, "origins": []},
    ),
    (
        "site-over-tls",
        DISTRIBUTION,
        {
            "defaultCacheBehavior": {"viewerProtocolPolicy": "https-only"},
            "origins": [{"originId": "bucket"}],
        },
    ),
]
GOOD: list[tuple[str, dict[str, Any]]] = [
    (ROLE_POLICY, {"policy": allowing("s3:GetObject", "arn:aws:s3:::b/rrweb/*")}),
    (ROLE_POLICY, {"policy": allowing("logs:PutLogEvents", "arn:aws:logs:r:1:log-group:g:*")}),
    (ROLE_POLICY, {"policy": policy({"Effect": "Deny", "Action": "*", "Resource": "*"})}),
    (ROLE, {"assumeRolePolicy": trusting(Principal={"Service": "lambda.amazonaws.com"})}),
    (
        ROLE,
        {
            "assumeRolePolicy": trusting(
                Principal={"Federated": ISSUER},
                Condition={"StringEquals": {"x:aud": "sts.amazonaws.com", "x:sub": "repo:a/b:c"}},
            )
        },
    ),
    (ROLE, {"assumeRolePolicy": trust_policy(ISSUER, "repo:you/rrweb-store:environment:dev")}),
    (ACCESS_BLOCK, ALL_BLOCKS),
    (BUCKET_POLICY, {"policy": policy(TLS)}),
    (
        BUCKET_POLICY,
        {
            "policy": policy(
                TLS, {"Effect": "Allow", "Principal": {"Service": "cloudfront.amazonaws.com"}}
            )
        },
    ),
    (BUCKET_ACL, {"acl": "private"}),
    (STREAM, {"encryptionType": "KMS"}),
    (BUCKET, {"versioning": {"enabled": False}}),
    (VERSIONING, {"versioningConfiguration": {"status": "Suspended"}}),
    (LOG_GROUP, {"retentionInDays": 14}),
    (API, {"body": route(integration(type="mock"), "options")}),
    (API, {"body": route(integration(type="mock", responses={"default": {"statusCode": 204}}))}),
    (
        API,
        {
            "body": route(
                {
                    "security": [{"token": []}],
                    **integration(type="aws", uri="x:action/Query", passthroughBehavior="never"),
                }
            )
        },
    ),
    (METHOD_SETTINGS, {"methodPath": "*/*", "settings": LIMITED}),
    (WEB_ACL, {"visibilityConfig": {"sampledRequestsEnabled": False}}),
    (PERMISSION, {"principal": "apigateway.amazonaws.com"}),
    (
        DISTRIBUTION,
        {
            "defaultCacheBehavior": {"viewerProtocolPolicy": "redirect-to-https"},
            "origins": [{"originId": "bucket", "originAccessControlId": "E1"}],
        },
    ),
]


@pytest.mark.parametrize(("rule", "type_", "props"), BAD)
def test_it_is_refused_by_that_rule_and_no_other(
    rule: str, type_: str, props: dict[str, Any]
) -> None:
    assert broken_alone(made_up(type_, **props)) == {rule}


@pytest.mark.parametrize(("type_", "props"), GOOD)
def test_a_correct_resource_passes(type_: str, props: dict[str, Any]) -> None:
    assert broken_alone(made_up(type_, **props)) == set()


DATA: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    (BUCKET, {}, {"forceDestroy": True}),
    (
        TABLE,
        {"deletionProtectionEnabled": True, "pointInTimeRecovery": {"enabled": True}},
        {"pointInTimeRecovery": {"enabled": True}},
    ),
    (
        TABLE,
        {"deletionProtectionEnabled": True, "pointInTimeRecovery": {"enabled": True}},
        {"deletionProtectionEnabled": True},
    ),
    (POOL, {"deletionProtection": "ACTIVE"}, {"deletionProtection": "INACTIVE"}),
    (STREAM, {"encryptionType": "KMS"}, {}),
]


@pytest.mark.parametrize(("type_", "good", "bad"), DATA)
def test_data_in_prod_is_protected(type_: str, good: dict[str, Any], bad: dict[str, Any]) -> None:
    rule = next(rule for rule in RULES if rule.name == "data-is-protected")

    def wrong(*, stack: str, protect: bool, props: dict[str, Any]) -> list[str]:
        return list(rule.violations(made_up(type_, stack=stack, protect=protect, **props)))

    assert wrong(stack="prod", protect=True, props=good) == []
    assert wrong(stack="prod", protect=False, props=good) != []
    assert wrong(stack="prod", protect=True, props=bad) != [] or type_ == STREAM
    assert wrong(stack="dev", protect=False, props=bad) == []


def test_the_site_s_bucket_needs_no_protection_as_a_build_fills_it_again() -> None:
    rule = next(rule for rule in RULES if rule.name == "data-is-protected")
    site = dataclasses.replace(made_up(BUCKET, stack="prod"), name="site")

    assert list(rule.violations(site)) == []
    assert list(rule.violations(dataclasses.replace(site, name="recordings"))) != []


def test_the_earlier_table_is_protected_by_aws_alone_as_pulumi_never_deletes_it() -> None:
    rule = next(rule for rule in RULES if rule.name == "data-is-protected")
    earlier = dataclasses.replace(
        made_up(
            TABLE,
            stack="prod",
            deletionProtectionEnabled=True,
            pointInTimeRecovery={"enabled": True},
        ),
        name="recordings",
    )
    bare = dataclasses.replace(made_up(TABLE, stack="prod"), name="recordings")

    assert list(rule.violations(earlier)) == []
    assert list(rule.violations(dataclasses.replace(earlier, name="recordings-by-owner"))) != []
    assert len(list(rule.violations(bare))) == 2


def test_the_configuration_can_name_another_stack_than_prod() -> None:
    rule = next(rule for rule in RULES if rule.name == "data-is-protected")
    bucket = made_up(BUCKET, stack="prod-us")

    assert list(rule.violations(bucket)) == []
    assert list(rule.violations(bucket, ["prod-us"])) != []


@pytest.mark.parametrize(
    ("arn", "one"),
    [
        ("arn:aws:s3:::bucket", True),
        ("arn:aws:s3:::bucket/prefix/*", True),
        ("arn:aws:s3:::bucket*", False),
        ("arn:aws:s3:::*/x", False),
        ("arn:aws:kinesis:eu-west-1:1:stream/a", True),
        ("arn:aws:kinesis:eu-west-1:1:stream/*", False),
        ("arn:aws:kinesis:*:1:stream/a", False),
        ("arn:aws:kinesis:eu-west-1:*:stream/a", False),
        ("arn:aws:dynamodb:eu-west-1:1:table/a/index/*", True),
        ("arn:aws:sns:eu-west-1:1:topic", True),
        ("arn:aws:sns:eu-west-1:1:*", False),
        ("*", False),
    ],
)
def test_a_wildcard_stands_only_after_a_whole_name(arn: str, one: bool) -> None:
    assert names_one_resource(arn) is one


def test_every_rule_has_a_name_of_its_own_and_a_case() -> None:
    names = [rule.name for rule in (*RULES, *STACK_RULES)]

    assert sorted(names) == sorted(set(names))
    assert {rule.name for rule in RULES} == {rule for rule, _, _ in BAD} | {"data-is-protected"}


# They refuse every resource of their types.
REFUSING_ALL = {"no-managed-policy", "no-stored-key", "no-account-wide-resource"}


def test_every_other_rule_accepts_a_resource_that_it_checks() -> None:
    good = {type_ for type_, _ in GOOD}

    assert {rule.name for rule in RULES if not rule.types & good} == REFUSING_ALL
