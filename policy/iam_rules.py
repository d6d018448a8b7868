"""Rules about who may do what."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

from policy.resource import Resource, Rule, block, items

ROLE = "aws:iam/role:Role"
# Where a permission is written, by type: the property that holds it.
PERMISSIONS = {
    "aws:iam/rolePolicy:RolePolicy": "policy",
    "aws:iam/policy:Policy": "policy",
    "aws:iam/userPolicy:UserPolicy": "policy",
    "aws:iam/groupPolicy:GroupPolicy": "policy",
}
# A way to a permission that nobody reads in this program's own text.
MANAGED = frozenset(
    {
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "aws:iam/policyAttachment:PolicyAttachment",
        "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
    }
)
KEYS = frozenset({"aws:iam/accessKey:AccessKey", "aws:iam/user:User"})


def statements(document: Any) -> list[Mapping[str, Any]]:
    """Return the statements of a policy, which is JSON or already read."""
    read = json.loads(document) if isinstance(document, str) else document
    return list(items(read.get("Statement")))


def names_one_thing(arn: str) -> bool:
    """Return whether an ARN says whose it is: a `*` may only stand behind a whole name.

    >>> names_one_thing("arn:aws:s3:::recordings-1a2b3c4/rrweb/*")
    True
    >>> names_one_thing("arn:aws:dynamodb:eu-west-1:123456789012:table/*")
    False
    """
    parts = arn.split(":", 5)
    if len(parts) < 6:
        return False
    *_, service, region, account, rest = parts[1:]
    path = re.split("[:/]", rest)
    # S3's ARNs begin with the name; elsewhere the kind stands before it.
    name = path[0] if service == "s3" or len(path) == 1 else path[1]
    return not any(mark in part for part in (service, region, account, name) for mark in "*?")


def _broad(resource: Resource) -> Iterator[str]:
    for statement in statements(resource.props[PERMISSIONS[resource.type]]):
        if statement["Effect"] != "Allow":
            continue
        for key in ("NotAction", "NotResource"):
            if key in statement:
                yield f"{key} allows whatever AWS adds tomorrow: list what is needed"
        for action in items(statement.get("Action")):
            if "*" in action or "?" in action:
                yield f"the action {action!r} is a wildcard: list the actions that are needed"
        for arn in items(statement.get("Resource")):
            if not names_one_thing(arn):
                yield f"{arn!r} is not one thing of this stack: pass in its ARN"


def _trust(resource: Resource) -> Iterator[str]:
    for statement in statements(resource.props["assumeRolePolicy"]):
        principal = statement.get("Principal")
        if not isinstance(principal, Mapping):
            yield "anybody may assume it: name the service that does"
            continue
        named = cast("Mapping[str, Any]", principal)
        if any("*" in who for one in named.values() for who in items(one)):
            yield "anybody may assume it: name the service that does"
        elif set(named) - {"Service", "Federated"}:
            yield "another account or identity may assume it: trust a service or a token's subject"
        if "Federated" in named and not _pins_a_token(statement):
            yield "every token of that issuer opens it: pin audience and subject by StringEquals"


def _pins_a_token(statement: Mapping[str, Any]) -> bool:
    """Return whether only one audience's and one subject's tokens fulfil the condition."""
    equal = block(block(statement, "Condition"), "StringEquals")
    pinned = {
        key.rpartition(":")[2]
        for key, value in equal.items()
        if isinstance(value, str) and "*" not in value
    }
    return {"aud", "sub"} <= pinned


def _inline(resource: Resource) -> Iterator[str]:
    for key in ("managedPolicyArns", "inlinePolicies"):
        if items(resource.props.get(key)):
            yield f"{key} hides what it may do: give it one RolePolicy of its own"


def _always(what: str) -> Rule:
    return Rule(
        name="no-stored-key",
        description="There are no users and no access keys: who deploys has a role for an hour.",
        check=lambda resource: iter([f"{resource.name}: {what}"]),
        types=KEYS,
    )


IAM_RULES = (
    Rule(
        name="no-wildcard-permission",
        description="A policy lists its actions, and each resource is one thing by its ARN.",
        check=_broad,
        types=frozenset(PERMISSIONS),
    ),
    Rule(
        name="nobody-assumes-by-chance",
        description="A role is trusted to a service, or to one subject of one token issuer.",
        check=_trust,
        types=frozenset({ROLE}),
    ),
    Rule(
        name="no-hidden-permission",
        description="All that a role may do is in its own inline policy, where a diff shows it.",
        check=_inline,
        types=frozenset({ROLE}),
    ),
    Rule(
        name="no-managed-policy",
        description="No policy of AWS's is attached: what it allows changes without a diff.",
        check=lambda resource: iter([f"{resource.name}: write its statements out instead"]),
        types=MANAGED,
    ),
    _always("use a role that is assumed by OIDC instead"),
)
