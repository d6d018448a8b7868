"""What the machines of erasing and keeping share."""

from components.store.event_pipeline import arrival_seconds
from tests.engine import deploy_program

# The most that the setting takes.
LONGEST_BUFFER_S = 900
# Six tries, each twice as long after the one before.
RETRIES_S = 2 * (2**6 - 1)


def test_a_stack_can_be_destroyed_while_an_execution_waits() -> None:
    """The policy goes first, so what the execution calls after its wait is refused."""
    engine = deploy_program("prod")
    machines = [one for one in engine.resources if one.type == "aws:sfn/stateMachine:StateMachine"]
    policies = {one.name for one in engine.resources if one.type == "aws:iam/rolePolicy:RolePolicy"}

    assert {one.name for one in machines} == {"erasure", "keeping"} <= policies
    for one in machines:
        minutes = int(one.delete_timeout.removesuffix("m"))
        assert minutes * 60 > arrival_seconds(LONGEST_BUFFER_S) + RETRIES_S
        policy = engine.resource("aws:iam/rolePolicy:RolePolicy", one.name)
        assert (one.type, one.name) in policy.depends_on
