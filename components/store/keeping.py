"""Keeping: recordings live past their time, by a state machine without a function."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_aws import dynamodb, iam, lambda_, s3, sfn

from components.api.contract import Document
from components.api.integration import Integration
from components.api.lambda_proxy import LambdaProxy, LambdaProxyArgs
from components.api.step_functions_start_execution import (
    StepFunctionsStartExecution,
    StepFunctionsStartExecutionArgs,
)
from components.foundation.role import allow_policy, trust_policy
from components.store import stored_objects as stored
from components.store.erasure import STATES
from components.store.keeping_copies import MAP_LABEL
from components.store.keeping_item import KeepingPlaces
from components.store.keeping_machine import keeping_machine
from components.store.keeping_templates import (
    end_keeping,
    end_site_keeping,
    keep_recording,
    keep_site_recording,
)


@dataclass(frozen=True, kw_only=True)
class KeepingArgs:
    contract: Document
    """Has the operations."""
    table: dynamodb.Table
    """Holds the recordings."""
    bucket: s3.Bucket
    """Holds their objects, and the copies."""
    function: lambda_.Function
    """Reads the copies of assets."""
    region: str
    """AWS Region of all of them, such as `eu-west-1`."""
    wait_seconds: int
    """Until what is under way to the bucket has arrived."""
    prefix: str = ""
    """Stands before the names of its parts, which one program may have several times."""


class Keeping(pulumi.ComponentResource):
    """PUT -> an execution, which copies a recording to where it does not expire; DELETE ends it."""

    machine: sfn.StateMachine
    """Started once a request. The stage must name its ARN in `keepingMachine`."""
    integrations: Mapping[str, pulumi.Output[Integration]]
    """By operationId."""

    def __init__(
        self, name: str, args: KeepingArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("rrweb:index:Keeping", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        role = iam.Role(name, assume_role_policy=trust_policy(STATES), opts=child)
        self.machine = sfn.StateMachine(
            name,
            role_arn=role.arn,
            type="STANDARD",
            definition=pulumi.Output.all(args.bucket.bucket, args.table.name).apply(
                lambda names: json.dumps(
                    keeping_machine(
                        KeepingPlaces(
                            bucket=str(names[0]),
                            table=str(names[1]),
                            recordings=stored.RECORDINGS,
                            assets=stored.ASSETS,
                            kept=stored.KEPT,
                            wait_seconds=args.wait_seconds,
                        )
                    )
                )
            ),
            opts=child,
        )
        policy = iam.RolePolicy(
            name,
            role=role.name,
            policy=pulumi.Output.all(args.table.arn, args.bucket.arn, self.machine.arn).apply(
                lambda arns: keeping_policy(str(arns[0]), str(arns[1]), str(arns[2]))
            ),
            opts=child,
        )
        # No request comes before the machine may do its work.
        ready = pulumi.ResourceOptions(parent=self, depends_on=[policy])
        starts = {
            "keepRecording": ("keep-recording", keep_recording(args.contract)),
            "endKeeping": ("end-keeping", end_keeping(args.contract)),
            "keepSiteRecording": ("keep-site-recording", keep_site_recording(args.contract)),
            "endSiteKeeping": ("end-site-keeping", end_site_keeping(args.contract)),
        }
        own = args.prefix
        read = LambdaProxyArgs(function=args.function, region=args.region)
        self.integrations = {
            **{
                operation: StepFunctionsStartExecution(
                    f"{own}{one}",
                    StepFunctionsStartExecutionArgs(
                        state_machine=self.machine, region=args.region, templates=templates
                    ),
                    ready,
                ).integration
                for operation, (one, templates) in starts.items()
            },
            "getKeptAsset": LambdaProxy(f"{own}get-kept-asset", read, child).integration,
            "getSiteKeptAsset": LambdaProxy(f"{own}get-site-kept-asset", read, child).integration,
        }
        self.register_outputs({})


def keeping_policy(table_arn: str, bucket_arn: str, machine_arn: str) -> str:
    """Return the policy by which the machine copies, and removes copies alone.

    The last two are for the branches of its Map, which are executions of their own:
    https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html
    """
    executions = machine_arn.replace(":stateMachine:", ":execution:")
    return allow_policy(
        [
            (["dynamodb:GetItem", "dynamodb:UpdateItem"], table_arn),
            ("s3:ListBucket", bucket_arn),
            (
                "s3:GetObject",
                [f"{bucket_arn}/{prefix}/*" for prefix in (stored.RECORDINGS, stored.ASSETS)],
            ),
            (["s3:PutObject", "s3:DeleteObject"], f"{bucket_arn}/{stored.KEPT}/*"),
            ("states:StartExecution", machine_arn),
            (["states:DescribeExecution", "states:StopExecution"], f"{executions}/{MAP_LABEL}:*"),
        ]
    )
