"""Erasure: recordings are removed, with a certificate, by a state machine without a function."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws import dynamodb, iam, s3, sfn

from components.access.sites import Site
from components.api.contract import Document
from components.api.dynamo_action import DynamoActionArgs, DynamoGetItem
from components.api.integration import Integration
from components.api.step_functions_start_execution import (
    StepFunctionsStartExecution,
    StepFunctionsStartExecutionArgs,
)
from components.foundation.role import allow_policy, trust_policy
from components.store import stored_objects as stored
from components.store.erasure_machine import erasure_machine
from components.store.erasure_of_many import MAP_LABEL
from components.store.erasure_record import Places
from components.store.erasure_templates import (
    delete_recording,
    delete_site_recording,
    delete_visitor,
    get_erasure,
    get_site_erasure,
    get_visitor_erasure,
)
from components.store.recordings_table import BY_VISITOR, NEWEST_FIRST

STATES = "states.amazonaws.com"


@dataclass(frozen=True, kw_only=True)
class ErasureArgs:
    contract: Document
    """Has the operations."""
    sites: Sequence[Site]
    """All sites of the stack."""
    table: dynamodb.Table
    """Holds the recordings, and then their tombstones."""
    bucket: s3.Bucket
    """Holds their objects, and the certificates."""
    region: str
    """AWS Region of both, such as `eu-west-1`."""
    wait_seconds: int
    """Until what is under way to the bucket has arrived."""
    retention_seconds: int
    """How long a tombstone stays: as long as what may still be stored under its id."""
    prefix: str = ""
    """Stands before the names of its parts, which one program may have several times."""


class Erasure(pulumi.ComponentResource):
    """DELETE -> an execution, which hides the recording first and then removes it."""

    machine: sfn.StateMachine
    """Started once an erasure. The stage must name its ARN in `erasureMachine`."""
    integrations: Mapping[str, pulumi.Output[Integration]]
    """By operationId."""

    def __init__(
        self, name: str, args: ErasureArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("rrweb:index:Erasure", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        role = iam.Role(name, assume_role_policy=trust_policy(STATES), opts=child)
        self.machine = sfn.StateMachine(
            name,
            role_arn=role.arn,
            type="STANDARD",
            definition=pulumi.Output.all(args.bucket.bucket, args.table.name).apply(
                lambda names: json.dumps(
                    erasure_machine(
                        Places(
                            bucket=str(names[0]),
                            table=str(names[1]),
                            recordings=stored.RECORDINGS,
                            kept=stored.KEPT,
                            failed=stored.FAILED,
                            certificates=stored.CERTIFICATES,
                            wait_seconds=args.wait_seconds,
                            tombstone_seconds=args.retention_seconds,
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
                lambda arns: machine_policy(str(arns[0]), str(arns[1]), str(arns[2]))
            ),
            opts=child,
        )
        # No request comes before the machine may do its work.
        ready = pulumi.ResourceOptions(parent=self, depends_on=[policy])
        starts = {
            "deleteRecording": ("delete-recording", delete_recording(args.contract)),
            "deleteSiteRecording": (
                "delete-site-recording",
                delete_site_recording(args.contract, args.sites),
            ),
            "deleteVisitor": ("delete-visitor", delete_visitor(args.contract, args.sites)),
        }
        reads = {
            "getErasure": ("get-erasure", get_erasure(args.contract)),
            "getSiteErasure": ("get-site-erasure", get_site_erasure(args.contract)),
            "getVisitorErasure": ("get-visitor-erasure", get_visitor_erasure(args.contract)),
        }
        self.integrations = {
            **{
                operation: StepFunctionsStartExecution(
                    f"{args.prefix}{one}",
                    StepFunctionsStartExecutionArgs(
                        state_machine=self.machine, region=args.region, templates=templates
                    ),
                    ready,
                ).integration
                for operation, (one, templates) in starts.items()
            },
            **{
                operation: DynamoGetItem(
                    f"{args.prefix}{one}",
                    DynamoActionArgs(table=args.table, region=args.region, templates=templates),
                    child,
                ).integration
                for operation, (one, templates) in reads.items()
            },
        }
        self.register_outputs({})


def machine_policy(table_arn: str, bucket_arn: str, machine_arn: str) -> str:
    """Return the policy by which the machine erases: the store's prefixes and table alone.

    The last two are for the branches of its Map, which are executions of their own:
    https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html
    """
    executions = machine_arn.replace(":stateMachine:", ":execution:")
    return allow_policy(
        [
            (["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"], table_arn),
            (
                "dynamodb:Query",
                [f"{table_arn}/index/{index}" for index in (NEWEST_FIRST, BY_VISITOR)],
            ),
            ("s3:ListBucket", bucket_arn),
            (
                "s3:DeleteObject",
                [f"{bucket_arn}/{prefix}/*" for prefix in (stored.RECORDINGS, stored.KEPT)],
            ),
            ("s3:PutObject", f"{bucket_arn}/{stored.CERTIFICATES}/*"),
            ("states:StartExecution", machine_arn),
            (["states:DescribeExecution", "states:StopExecution"], f"{executions}/{MAP_LABEL}:*"),
        ]
    )
