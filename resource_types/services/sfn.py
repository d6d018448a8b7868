"""Step Functions."""

from collections.abc import Mapping
from typing import Any

from resource_types.create_call import CreateCall
from resource_types.grant import Grant, actions
from resource_types.in_sandbox import Emulated, Made, Requested
from resource_types.resource_type import ResourceType


def _create_machine(sfn: Any, requested: Requested) -> Made:
    machine = requested.physical_name
    arn: str = sfn.create_state_machine(
        name=machine,
        definition=requested.inputs["definition"],
        roleArn=requested.inputs["roleArn"],
        type=requested.inputs["type"],
        tags=[{"key": key, "value": value} for key, value in requested.tags.items()],
    )["stateMachineArn"]
    return arn, {**requested.inputs, "name": machine, "arn": arn}


def _delete_machine(sfn: Any, id_: str, _: Mapping[str, Any]) -> None:
    sfn.delete_state_machine(stateMachineArn=id_)


STATE_MACHINE = ResourceType(
    type="aws:sfn/stateMachine:StateMachine",
    arn="arn:aws:states:{region}:{account}:stateMachine:{name}",
    names=("erasure", "keeping"),
    # https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html
    longest_name=80,
    found_by="tags",
    sandbox=Emulated(service="stepfunctions", create=_create_machine, delete=_delete_machine),
    create_calls=(CreateCall("CreateStateMachine"),),
    policy="data",
    grants=(
        Grant(
            actions=actions(
                "states",
                "CreateStateMachine DeleteStateMachine DescribeStateMachine "
                "ListStateMachineVersions ListTagsForResource TagResource UntagResource "
                "UpdateStateMachine",
            )
        ),
        # The provider asks while it previews a changed definition.
        Grant(actions=("states:ValidateStateMachineDefinition",), on=("*",), in_preview=True),
    ),
    boundary=(
        Grant(actions=("states:StartExecution",)),
        Grant(
            actions=actions("states", "DescribeExecution StopExecution"),
            on=(
                "arn:aws:states:{region}:{account}:execution:<erasure>:*",
                "arn:aws:states:{region}:{account}:execution:<keeping>:*",
            ),
        ),
    ),
    passes_role_to="states.amazonaws.com",
)
ROWS = (STATE_MACHINE,)
