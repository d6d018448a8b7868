"""What the program's roles may do, and how to take a part of it away."""

import json
import re
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, NamedTuple

from sandbox.cloud import Cloud
from sandbox.server import Sandbox
from tests.e2e.contract import Operation


class Permission(NamedTuple):
    """One action on one ARN; names are logical, without what Pulumi puts behind them."""

    role: str
    action: str
    arn: str
    """From the sixth part on, such as `table/recordings`."""


def logical(name: str) -> str:
    """Return a name or ARN with the logical name in place of the physical one.

    >>> logical("table/rrweb-store-dev-recordings-77c2618/index/newestFirst")
    'table/recordings/index/newestFirst'
    """
    return re.sub(r"rrweb-store-[a-z]+-([a-z-]+)-[0-9a-f]{7}\b", r"\1", name)


def policy_of(cloud: Cloud, role: str) -> tuple[str, list[dict[str, Any]]]:
    """Return the name of a role's only policy, and its statements: of one resource each."""
    iam, physical = cloud.client("iam"), roles(cloud)[role]
    (name,) = iam.list_role_policies(RoleName=physical)["PolicyNames"]
    document = iam.get_role_policy(RoleName=physical, PolicyName=name)["PolicyDocument"]
    statements: list[dict[str, Any]] = document["Statement"]
    return name, [
        {**one, "Action": _all(one["Action"]), "Resource": resource}
        for one in statements
        for resource in _all(one["Resource"])
    ]


def _all(listed: str | list[str]) -> list[str]:
    return [listed] if isinstance(listed, str) else listed


def roles(cloud: Cloud) -> dict[str, str]:
    """Return the physical name of each role by its logical one."""
    found = [one["RoleName"] for one in cloud.client("iam").list_roles()["Roles"]]
    return {logical(name): name for name in found}


def granted(cloud: Cloud, role: str) -> set[Permission]:
    """Return what a role, by its logical name, may do."""
    _, statements = policy_of(cloud, role)
    return {Permission(role, action, _arn(one)) for one in statements for action in one["Action"]}


@contextmanager
def without(cloud: Cloud, *taken: Permission) -> Generator[None]:
    """Take permissions of one role away, and give them back after."""
    role = taken[0].role
    name, statements = policy_of(cloud, role)
    less = [_less(role, statement, taken) for statement in statements]
    assert less != statements, f"{role} never had {taken}"

    def put(policy: list[dict[str, Any]]) -> None:
        cloud.client("iam").put_role_policy(
            RoleName=roles(cloud)[role],
            PolicyName=name,
            PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": policy}),
        )

    put(less)
    try:
        yield
    finally:
        put(statements)


def _less(role: str, statement: dict[str, Any], taken: tuple[Permission, ...]) -> dict[str, Any]:
    left = [
        action
        for action in statement["Action"]
        if Permission(role, action, _arn(statement)) not in taken
    ]
    return {**statement, "Action": left or ["sts:GetCallerIdentity"]}


def _arn(statement: dict[str, Any]) -> str:
    return logical(statement["Resource"].split(":", 5)[5])


def role_of(sandbox: Sandbox, operation: Operation) -> str:
    """Return the logical name of the role that the gateway assumes for an operation."""
    served = sandbox.deployed.body["paths"][operation.path][operation.method.lower()]
    arn: str = served["x-amazon-apigateway-integration"]["credentials"]
    return logical(arn.rsplit("/", 1)[1])
