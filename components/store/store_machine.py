"""A state machine that works on table and bucket itself, and the operations that start it."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws import dynamodb, iam, s3, sfn

from components.api.integration import Integration
from components.api.service_action import ActionTemplates
from components.api.step_functions_start_execution import (
    StepFunctionsStartExecution,
    StepFunctionsStartExecutionArgs,
)
from components.foundation.role import allow_policy, trust_policy

STATES = "states.amazonaws.com"
# A machine is deleted once its executions have ended, and one may wait for what Firehose still
# brings. https://docs.aws.amazon.com/step-functions/latest/apireference/API_DeleteStateMachine.html
DELETED_WITHIN = "40m"

Statements = Sequence[tuple[str | list[str], str | list[str]]]


@dataclass(frozen=True, kw_only=True)
class StoreMachineArgs:
    table: dynamodb.Table
    bucket: s3.Bucket
    region: str
    """AWS Region of both, such as `eu-west-1`."""
    definition: Callable[[str, str], object]
    """In Amazon States Language, of the names of the bucket and the table."""
    statements: Callable[[str, str], Statements]
    """What it may do, by the ARNs of the table and the bucket."""
    map_label: str
    """Of its distributed Map."""


class StoreMachine:
    """A state machine without a function, with a role that is for it alone."""

    machine: sfn.StateMachine

    def __init__(self, name: str, args: StoreMachineArgs, parent: pulumi.Resource) -> None:
        child = pulumi.ResourceOptions(parent=parent)
        role = iam.Role(name, assume_role_policy=trust_policy(STATES), opts=child)
        self.machine = sfn.StateMachine(
            name,
            role_arn=role.arn,
            type="STANDARD",
            definition=pulumi.Output.all(args.bucket.bucket, args.table.name).apply(
                lambda names: json.dumps(args.definition(str(names[0]), str(names[1])))
            ),
            opts=pulumi.ResourceOptions.merge(
                child,
                pulumi.ResourceOptions(
                    custom_timeouts=pulumi.CustomTimeouts(delete=DELETED_WITHIN)
                ),
            ),
        )
        policy = iam.RolePolicy(
            name,
            role=role.name,
            policy=pulumi.Output.all(args.table.arn, args.bucket.arn, self.machine.arn).apply(
                lambda arns: machine_policy(
                    args.statements(str(arns[0]), str(arns[1])), str(arns[2]), args.map_label
                )
            ),
            opts=child,
        )
        self._region = args.region
        # No request comes before the machine may do its work.
        self._ready = pulumi.ResourceOptions(parent=parent, depends_on=[policy])

    def started(
        self, operations: Mapping[str, tuple[str, ActionTemplates]]
    ) -> dict[str, pulumi.Output[Integration]]:
        """Return the integrations of operations that start it, each given by name and templates."""
        return {
            operation: StepFunctionsStartExecution(
                name,
                StepFunctionsStartExecutionArgs(
                    state_machine=self.machine, region=self._region, templates=templates
                ),
                self._ready,
            ).integration
            for operation, (name, templates) in operations.items()
        }


def machine_policy(statements: Statements, machine_arn: str, map_label: str) -> str:
    """Return the policy of a machine that does what the statements say, also in its Map's branches.

    Those are executions of their own:
    https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html
    """
    executions = machine_arn.replace(":stateMachine:", ":execution:")
    return allow_policy(
        [
            *statements,
            ("states:StartExecution", machine_arn),
            (["states:DescribeExecution", "states:StopExecution"], f"{executions}/{map_label}:*"),
        ]
    )
