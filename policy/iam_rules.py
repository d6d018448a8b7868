"""Rules about IAM roles and permissions."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

from policy.resource import Resource, Rule, block, items

ROLE = "aws:iam/role:Role"
# The property that contains the policy, by type.
PERMISSIONS = {
    "aws:iam/rolePolicy:RolePolicy": "policy",
    "aws:iam/policy:Policy": "policy",
    "aws:iam/userPolicy:UserPolicy": "policy",
    "aws:iam/groupPolicy:GroupPolicy": "policy",
}
# Types that grant permissions which are not in this repository.
MANAGED = frozenset(
    {
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "aws:iam/policyAttachment:PolicyAttachment",
        "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
    }
)
KEYS = frozenset({"aws:iam/accessKey:AccessKey", "aws:iam/user:User"})


def statements(document: Any) -> list[Mapping[str, Any]]:
    """Return the statements of a policy, given as JSON or parsed."""
    read = json.loads(document) if isinstance(document, str) else document
    return list(items(read.get("Statement")))


def names_one_resource(arn: str) -> bool:
    """Return whether an ARN contains a whole name: a `*` is allowed after it only.

    >>> names_one_resource("arn:aws:s3:::recordings-1a2b3c4/rrweb/*")
    True
    >>> names_one_resource("arn:aws:dynamodb:eu-west-1:123456789012:table/*")
    False
    """
    parts = arn.split(":", 5)
    if len(parts) < 6:
        return False
    *_, service, region, account, rest = parts[1:]
    path = re.split("[:/]", rest)
    # S3's ARNs start with the name; in the others, the kind comes first.
    name = path[0] if service == "s3" or len(path) == 1 else path[1]
    return not any(mark in part for part in (service, region, account, name) for mark in "*?")


def _wildcards(resource: Resource) -> Iterator[str]:
    for statement in statements(resource.props[PERMISSIONS[resource.type]]):
        if statement["Effect"] != "Allow":
            continue
        for key in ("NotAction", "NotResource"):
            if key in statement:
                yield f"{key} also allows whatever AWS adds later: list what is needed"
        for action in items(statement.get("Action")):
            if "*" in action or "?" in action:
                yield f"the action {action!r} is a wildcard: list the actions that are needed"
        for arn in items(statement.get("Resource")):
            if not names_one_resource(arn):
                yield f"{arn!r} does not name one resource of this stack: pass in its ARN"


def _broad_trust(resource: Resource) -> Iterator[str]:
    for statement in statements(resource.props["assumeRolePolicy"]):
        principal = statement.get("Principal")
        if not isinstance(principal, Mapping):
            yield "any principal may assume it: name the service that does"
            continue
        named = cast("Mapping[str, Any]", principal)
        if any("*" in name for one in named.values() for name in items(one)):
            yield "any principal may assume it: name the service that does"
        elif set(named) - {"Service", "Federated"}:
            yield "another account or identity may assume it: trust a service or a token's subject"
        if "Federated" in named and not _pins_a_token(statement):
            yield "every token of that issuer may assume it: pin aud and sub by StringEquals"


def _pins_a_token(statement: Mapping[str, Any]) -> bool:
    """Return whether the condition requires one audience and one subject."""
    equal = block(block(statement, "Condition"), "StringEquals")
    pinned = {
        key.rpartition(":")[2]
        for key, value in equal.items()
        if isinstance(value, str) and "*" not in value
    }
    return {"aud", "sub"} <= pinned


def _permissions_elsewhere(resource: Resource) -> Iterator[str]:
    for key in ("managedPolicyArns", "inlinePolicies"):
        if items(resource.props.get(key)):
            yield f"{key} hides permissions from the diff: write them in a RolePolicy"


def _refused(advice: str) -> Callable[[Resource], Iterator[str]]:
    return lambda resource: iter([f"{resource.name}: {advice}"])


IAM_RULES = (
    Rule(
        name="no-wildcard-permission",
        description="A policy lists its actions, and each ARN in it names one resource.",
        check=_wildcards,
        types=frozenset(PERMISSIONS),
    ),
    Rule(
        name="role-trust-is-narrow",
        description="A role trusts a service, or one subject of one token issuer.",
        check=_broad_trust,
        types=frozenset({ROLE}),
    ),
    Rule(
        name="no-hidden-permission",
        description="A role's permissions are in its own inline policy, where a diff shows them.",
        check=_permissions_elsewhere,
        types=frozenset({ROLE}),
    ),
    Rule(
        name="no-managed-policy",
        description="No AWS managed policy is attached: its permissions change without a diff.",
        check=_refused("write its statements out instead"),
        types=MANAGED,
    ),
    Rule(
        name="no-stored-key",
        description="There are no IAM users and no access keys: deployments assume a role.",
        check=_refused("use a role that is assumed through OIDC instead"),
        types=KEYS,
    ),
)
