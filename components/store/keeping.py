"""Keeping: recordings live past their time, by a state machine without a function."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_aws import dynamodb, lambda_, s3, sfn

from components.api.contract import Document
from components.api.integration import Integration
from components.api.lambda_proxy import LambdaProxy, LambdaProxyArgs
from components.store import stored_objects as stored
from components.store.keeping_copies import MAP_LABEL
from components.store.keeping_item import KeepingPlaces
from components.store.keeping_machine import keeping_machine
from components.store.keeping_templates import (
    end_keeping,
    end_site_keeping,
    keep_recording,
    keep_site_recording,
)
from components.store.store_machine import Statements, StoreMachine, StoreMachineArgs


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
        keeping = StoreMachine(
            name,
            StoreMachineArgs(
                table=args.table,
                bucket=args.bucket,
                region=args.region,
                definition=lambda bucket, table: keeping_machine(
                    KeepingPlaces(
                        bucket=bucket,
                        table=table,
                        recordings=stored.RECORDINGS,
                        assets=stored.ASSETS,
                        kept=stored.KEPT,
                        wait_seconds=args.wait_seconds,
                    )
                ),
                statements=keeping_statements,
                map_label=MAP_LABEL,
            ),
            self,
        )
        self.machine = keeping.machine
        own = args.prefix
        read = LambdaProxyArgs(function=args.function, region=args.region)
        starts = {
            "keepRecording": (f"{own}keep-recording", keep_recording(args.contract)),
            "endKeeping": (f"{own}end-keeping", end_keeping(args.contract)),
            "keepSiteRecording": (f"{own}keep-site-recording", keep_site_recording(args.contract)),
            "endSiteKeeping": (f"{own}end-site-keeping", end_site_keeping(args.contract)),
        }
        self.integrations = {
            **keeping.started(starts),
            "getKeptAsset": LambdaProxy(f"{own}get-kept-asset", read, child).integration,
            "getSiteKeptAsset": LambdaProxy(f"{own}get-site-kept-asset", read, child).integration,
        }
        self.register_outputs({})


def keeping_statements(table_arn: str, bucket_arn: str) -> Statements:
    """Return what the machine may do: copy, and remove copies alone."""
    return [
        (["dynamodb:GetItem", "dynamodb:UpdateItem"], table_arn),
        ("s3:ListBucket", bucket_arn),
        (
            "s3:GetObject",
            [f"{bucket_arn}/{prefix}/*" for prefix in (stored.RECORDINGS, stored.ASSETS)],
        ),
        (["s3:PutObject", "s3:DeleteObject"], f"{bucket_arn}/{stored.KEPT}/*"),
    ]
