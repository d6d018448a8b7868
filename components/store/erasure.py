"""Erasure: recordings are removed, with a certificate, by a state machine without a function."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws import dynamodb, s3, sfn

from components.access.sites import Site
from components.api.contract import Document
from components.api.dynamo_action import DynamoActionArgs, DynamoGetItem
from components.api.integration import Integration
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
from components.store.store_machine import Statements, StoreMachine, StoreMachineArgs


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
        erasure = StoreMachine(
            name,
            StoreMachineArgs(
                table=args.table,
                bucket=args.bucket,
                region=args.region,
                definition=lambda bucket, table: erasure_machine(
                    Places(
                        bucket=bucket,
                        table=table,
                        recordings=stored.RECORDINGS,
                        kept=stored.KEPT,
                        failed=stored.FAILED,
                        certificates=stored.CERTIFICATES,
                        wait_seconds=args.wait_seconds,
                        tombstone_seconds=args.retention_seconds,
                    )
                ),
                statements=erasure_statements,
                map_label=MAP_LABEL,
            ),
            self,
        )
        self.machine = erasure.machine
        own = args.prefix
        starts = {
            "deleteRecording": (f"{own}delete-recording", delete_recording(args.contract)),
            "deleteSiteRecording": (
                f"{own}delete-site-recording",
                delete_site_recording(args.contract, args.sites),
            ),
            "deleteVisitor": (f"{own}delete-visitor", delete_visitor(args.contract, args.sites)),
        }
        reads = {
            "getErasure": ("get-erasure", get_erasure(args.contract)),
            "getSiteErasure": ("get-site-erasure", get_site_erasure(args.contract)),
            "getVisitorErasure": ("get-visitor-erasure", get_visitor_erasure(args.contract)),
        }
        self.integrations = {
            **erasure.started(starts),
            **{
                operation: DynamoGetItem(
                    f"{own}{one}",
                    DynamoActionArgs(table=args.table, region=args.region, templates=templates),
                    child,
                ).integration
                for operation, (one, templates) in reads.items()
            },
        }
        self.register_outputs({})


def erasure_statements(table_arn: str, bucket_arn: str) -> Statements:
    """Return what the machine may do: erase, in the store's prefixes and table alone."""
    return [
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
    ]
