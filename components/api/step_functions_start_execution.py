"""StepFunctionsStartExecution: an operation that starts a state machine."""

from dataclasses import dataclass

import pulumi
from pulumi_aws import sfn

from components.api.service_action import ActionArgs, Service, ServiceAction


@dataclass(frozen=True, kw_only=True)
class StepFunctionsStartExecutionArgs(ActionArgs):
    state_machine: sfn.StateMachine
    """Started once a request. The stage must name its ARN in the template's variable."""


class StepFunctionsStartExecution(ServiceAction):
    """Request -> one execution of the state machine."""

    service = Service(
        name="states",
        content_type="application/x-amz-json-1.0",
        # https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html#API_StartExecution_Errors
        throttled=("Throttling", "ExecutionLimitExceeded", "TooManyRequests"),
        invalid=("Validation", "InvalidArn", "InvalidName", "InvalidExecutionInput"),
    )
    action = "StartExecution"

    def __init__(
        self,
        name: str,
        args: StepFunctionsStartExecutionArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, args, [args.state_machine.arn], opts)
