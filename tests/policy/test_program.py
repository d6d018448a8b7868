"""The program passes the pack, and a tampered program does not."""

import dataclasses
import json
from collections.abc import Callable
from typing import Any

import pytest

from policy.api_rules import API, METHOD_SETTINGS, STAGE
from policy.data_rules import ACCESS_BLOCK, BUCKET, BUCKET_POLICY, ENCRYPTION, STREAM
from policy.iam_rules import ROLE
from policy.resource import Resource
from policy.rules import RULES, STACK_RULES
from sandbox.program import PROJECT
from tests.engine import deploy_program
from tests.policy.given import broken, program, violations

STACKS = ["dev", "prod", "pr"]


@pytest.mark.parametrize("stack", STACKS)
def test_the_program_breaks_no_rule(stack: str) -> None:
    resources = program(deploy_program(stack), stack)

    assert len(resources) > 30
    assert violations(resources) == []


def test_every_rule_checks_a_resource_of_prod_or_refuses_all_that_it_checks() -> None:
    types = {one.type for one in program(deploy_program("prod"), "prod")}

    idle = {rule.name for rule in RULES if not rule.types & types}
    assert idle <= {
        "no-managed-policy",
        "no-stored-key",
        "no-account-wide-resource",
        "site-over-tls",
    }


def changed(one: Resource, **props: Any) -> Resource:
    return dataclasses.replace(one, props={**one.props, **props})


def without(*types: str) -> Callable[[list[Resource]], list[Resource]]:
    return lambda resources: [one for one in resources if one.type not in types]


def each(type_: str, **props: Any) -> Callable[[list[Resource]], list[Resource]]:
    return lambda resources: [
        changed(one, **props) if one.type == type_ else one for one in resources
    ]


def unprotected(resources: list[Resource]) -> list[Resource]:
    return [dataclasses.replace(one, protect=False) for one in resources]


def unsecured(resources: list[Resource]) -> list[Resource]:
    def opened(body: str) -> str:
        document = json.loads(body)
        for item in document["paths"].values():
            for operation in item.values():
                operation.pop("security", None)
        return json.dumps(document)

    return [
        changed(one, body=opened(one.props["body"])) if one.type == API else one
        for one in resources
    ]


TAMPERED: list[tuple[Callable[[list[Resource]], list[Resource]], set[str]]] = [
    (without(ACCESS_BLOCK), {"bucket-is-complete"}),
    (without(ENCRYPTION), {"bucket-is-complete"}),
    (without(BUCKET_POLICY), {"bucket-is-complete"}),
    (without(METHOD_SETTINGS), {"stage-is-throttled"}),
    (each(STREAM, encryptionType="NONE"), {"stream-is-encrypted"}),
    (each(BUCKET, forceDestroy=True), {"data-is-protected"}),
    (unprotected, {"data-is-protected"}),
    (unsecured, {"route-is-authenticated"}),
    (each(STAGE, accessLogSettings={"format": "$context.path"}), {"no-token-in-logs"}),
    (each(ROLE, managedPolicyArns=["arn:aws:iam::aws:policy/A"]), {"no-hidden-permission"}),
    (
        each(
            METHOD_SETTINGS,
            methodPath="*/*",
            settings={"throttlingRateLimit": 1001, "throttlingBurstLimit": 1},
        ),
        {"throttle-fits-the-stream"},
    ),
]


@pytest.mark.parametrize(("tamper", "rules"), TAMPERED)
def test_a_tampered_program_is_refused(
    tamper: Callable[[list[Resource]], list[Resource]], rules: set[str]
) -> None:
    resources = tamper(program(deploy_program("prod"), "prod"))

    assert broken(*resources) == rules


def test_every_rule_about_a_whole_stack_is_broken_once() -> None:
    broken_ones = set[str]().union(*(rules for _, rules in TAMPERED))

    assert {rule.name for rule in STACK_RULES} - broken_ones == set()


def test_the_documentation_names_every_rule_as_it_is() -> None:
    text = (PROJECT / "docs" / "operations.md").read_text(encoding="utf-8")
    missing = [
        rule.name
        for rule in (*RULES, *STACK_RULES)
        if f"| `{rule.name}` | {rule.description} |" not in text
    ]
    assert missing == []
