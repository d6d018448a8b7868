"""Permissions to create, read, update and delete every type of resource in the program.

Each type's own are in its row in `resource_types/`. Resources with a name are scoped by it: every
name starts with project and stack. Resources with an id that AWS chooses are scoped by the tags
`project` and `stack`: the request that creates one must carry them, and later calls need them on
the resource. `tests/bootstrap/aws_calls.tsv` lists the calls that a deployment makes.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace

from bootstrap.scope import Scope, Statement
from bootstrap.stages import Stage
from resource_types.grant import Condition, Grant, Stages
from resource_types.registry import RESOURCE_TYPES
from resource_types.resource_type import ResourceType
from resource_types.services.iam import OWN_ROLES

# Tags of components/release/stack_tags.py that no permission depends on.
CHANGING_TAGS = ("owner", "commit", "expires-on")
# make leaks and make janitor search by tags, whatever the type.
_SEARCH = Grant(actions=("tag:GetResources",), on=("*",), policy="watch")


def resource_statements(scope: Scope) -> dict[str, list[Statement]]:
    """Return the statements on the stage's resources, by name of their policy.

    A role that deploys can create, change and delete them. One that looks can read them, but no
    data stored in them. Every role can make the calls of a preview.
    """
    policies: dict[str, list[Statement]] = {}
    for policy, statement in _statements(scope):
        policies.setdefault(policy, []).append(statement)
    return {policy: merged(statements) for policy, statements in policies.items()}


def boundary_statements(scope: Scope) -> list[Statement]:
    """Return the statements that allow what the program's own roles may do at most."""
    return merged(
        _statement(scope, row, grant) for row in RESOURCE_TYPES.values() for grant in row.boundary
    )


def merged(statements: Iterable[Statement]) -> list[Statement]:
    """Return one statement for all that differ in their actions only, everything sorted."""
    actions: dict[str, set[str]] = {}
    for one in statements:
        rest = json.dumps({**one, "Action": []})
        actions.setdefault(rest, set()).update(one["Action"])
    return [{**json.loads(rest), "Action": sorted(actions[rest])} for rest in sorted(actions)]


def _statements(scope: Scope) -> Iterator[tuple[str, Statement]]:
    """Yield the name of the policy, and the statement, of each grant of the stage's role."""
    for row in RESOURCE_TYPES.values():
        for grant in row.grants:
            if actions := _granted(scope.stage, grant):
                granted = replace(grant, actions=actions)
                yield grant.policy or row.policy, _statement(scope, row, granted)
    if actions := _granted(scope.stage, _SEARCH):
        yield _SEARCH.policy, _allow(actions, list(_SEARCH.on))
    if scope.stage.may_deploy:
        yield "roles", _pass_role(scope)


def _granted(stage: Stage, grant: Grant) -> tuple[str, ...]:
    """Return the actions of a grant that the stage's role gets."""
    if not _has(stage, grant.stages):
        return ()
    if stage.may_deploy or grant.in_preview:
        return grant.actions
    return _reading(grant.actions) if stage.may_look else ()


def _has(stage: Stage, stages: Stages) -> bool:
    match stages:
        case Stages.ALL:
            return True
        case Stages.EMPTYING:
            return stage.may_empty
        case Stages.PERMANENT:
            return stage.is_permanent


def _statement(scope: Scope, row: ResourceType, grant: Grant) -> Statement:
    statement = _allow(grant.actions, scope.arns(grant.on or row.scope))
    if grant.condition is None:
        return statement
    return {**statement, "Condition": _condition(scope, grant.condition)}


def _allow(actions: Iterable[str], arns: list[str]) -> Statement:
    return {"Effect": "Allow", "Action": list(actions), "Resource": sorted(arns)}


def _condition(scope: Scope, condition: Condition) -> Statement:
    match condition:
        case Condition.REQUEST_HAS_TAGS:
            return scope.owned("RequestTag")
        case Condition.RESOURCE_HAS_TAGS:
            return scope.owned("ResourceTag")
        case Condition.FIRST_TAGS:
            untagged = {"aws:ResourceTag/project": "true", "aws:ResourceTag/stack": "true"}
            return {**scope.owned("RequestTag"), "Null": untagged}
        case Condition.CHANGING_TAGS:
            return {
                "ForAllValues:StringEquals": {"aws:TagKeys": list(CHANGING_TAGS)},
                "Null": {"aws:TagKeys": "false"},
            }
        case Condition.BOUNDED_ROLE:
            return {"StringEquals": {"iam:PermissionsBoundary": scope.boundary_arn}}


def _pass_role(scope: Scope) -> Statement:
    services = {row.passes_role_to for row in RESOURCE_TYPES.values()} - {""}
    return {
        **_allow(["iam:PassRole"], scope.arns(OWN_ROLES)),
        "Condition": {"StringEquals": {"iam:PassedToService": sorted(services)}},
    }


def _reading(actions: Iterable[str]) -> tuple[str, ...]:
    """Return the read-only actions.

    >>> _reading(("apigateway:GET", "apigateway:PUT", "kinesis:DescribeStream", "iam:PassRole"))
    ('apigateway:GET', 'kinesis:DescribeStream')
    """
    return tuple(
        action
        for action in actions
        if action.partition(":")[2].startswith(("Describe", "GET", "Get", "List", "View"))
    )
