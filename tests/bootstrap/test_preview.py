"""A grant of a preview reaches the roles that deploy nothing, by its row alone."""

import json

import pytest

from bootstrap import permissions
from bootstrap.deploy_role import stage_policies
from bootstrap.stages import STAGES
from resource_types.grant import Grant, Stages
from resource_types.in_sandbox import Ignored
from resource_types.registry import RESOURCE_TYPES
from resource_types.resource_type import ResourceType
from tests.bootstrap.calls import DEPLOYING, LOOKING, PLANNING, STATE, owner_of, scope_of
from tests.engine import ACCOUNT, REGION
from tests.program.given import Statement

CHECK = "queues:CheckQueue"
COMPARE = "queues:CompareQueue"
QUEUES = "arn:aws:queues:{region}:{account}:{name}"
QUEUE = ResourceType(
    type="aws:queues/queue:Queue",
    arn=QUEUES,
    names=("inbox",),
    found_by="tags",
    sandbox=Ignored("it exists in this test only"),
    create_calls=(),
    policy="queues",
    grants=(
        Grant(actions=("queues:CreateQueue", "queues:DescribeQueue")),
        Grant(actions=(CHECK,), on=("*",), in_preview=True),
        Grant(actions=(COMPARE,), in_preview=True, stages=Stages.PERMANENT),
    ),
)


def added(stage: str) -> list[Statement]:
    """Return the statements that the row adds to the role; every other policy is as before."""
    before = stage_policies(scope_of(stage), STATE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(permissions, "RESOURCE_TYPES", {**RESOURCE_TYPES, QUEUE.type: QUEUE})
        after = stage_policies(scope_of(stage), STATE)
    queues = json.loads(after.pop(QUEUE.policy))

    assert after == before
    return queues["Statement"]


def allow(resource: str, *actions: str) -> Statement:
    return {"Effect": "Allow", "Action": list(actions), "Resource": [resource]}


def queue_of(stack: str) -> str:
    return QUEUES.format(region=REGION, account=ACCOUNT, name=f"{owner_of(stack).own}inbox-*")


@pytest.mark.parametrize(("stage", "stack"), PLANNING.items())
def test_a_role_that_only_plans_gets_that_grant_of_the_row_and_no_other(
    stage: str, stack: str
) -> None:
    assert added(stage) == [allow("*", CHECK), allow(queue_of(stack), COMPARE)]


# A refresh compares by the same call of the provider as a preview:
# https://github.com/pulumi/pulumi/pull/16146
@pytest.mark.parametrize(("stage", "stack"), LOOKING.items())
def test_a_role_that_looks_for_drift_gets_it_beside_what_reads(stage: str, stack: str) -> None:
    assert added(stage) == [
        allow("*", CHECK),
        allow(queue_of(stack), COMPARE, "queues:DescribeQueue"),
    ]


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_a_role_that_deploys_gets_it_among_all_others(stage: str) -> None:
    assert added(stage) == [
        allow("*", CHECK),
        allow(queue_of(stage), COMPARE, "queues:CreateQueue", "queues:DescribeQueue"),
    ]


def test_a_grant_of_permanent_stages_reaches_no_other() -> None:
    assert added("ephemeral") == [
        allow("*", CHECK),
        allow(queue_of("pr-*"), "queues:CreateQueue", "queues:DescribeQueue"),
    ]


def test_every_stage_is_one_of_the_three_kinds() -> None:
    assert {*DEPLOYING, *LOOKING, *PLANNING} == set(STAGES)
