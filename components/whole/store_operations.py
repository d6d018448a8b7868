"""Which component serves each operation of the contract, but for erasures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws import dynamodb, kinesis, lambda_, s3

from components.access.sites import Site
from components.api.contract import Document
from components.api.dynamo_action import (
    DynamoActionArgs,
    DynamoGetItem,
    DynamoPutItem,
    DynamoQuery,
    DynamoScan,
    DynamoUpdateItem,
)
from components.api.health import health_integration
from components.api.integration import Integration
from components.api.kinesis_put_record import KinesisPutRecord, KinesisPutRecordArgs
from components.api.lambda_proxy import LambdaProxy, LambdaProxyArgs
from components.api.media_types import answered_types
from components.api.s3_get_object import S3GetObject, S3GetObjectArgs
from components.api.s3_head_object import S3HeadObject, S3HeadObjectArgs
from components.api.s3_put_object import S3PutObject, S3PutObjectArgs
from components.store import stored_objects as stored
from components.store.batch_templates import append_events
from components.store.recording_lists import list_recordings, scan_recordings
from components.store.recording_templates import create_recording, get_recording, put_facts
from components.store.recordings_table import INDEXES
from components.store.site_reads import SiteReads, SiteReadsArgs
from components.store.site_writes import SiteWrites, SiteWritesArgs
from components.whole.placement import Placement


@dataclass(frozen=True, kw_only=True)
class OperationArgs:
    contract: Document
    """Has the operations."""
    sites: Sequence[Site]
    """All sites of the store."""
    table: dynamodb.Table
    """Holds the recordings."""
    bucket: s3.Bucket
    """Holds their objects."""
    stream: kinesis.Stream
    """Takes their batches."""
    read_events: lambda_.Function
    """Reads events and screenshots back."""
    region: str
    """AWS Region of all of them, such as `eu-west-1`."""
    retention_seconds: int
    """From the request until a recording expires."""


Integrations = Mapping[str, pulumi.Input[Integration]]
"""By operationId."""


def site_operations(
    args: OperationArgs, placement: Placement, opts: pulumi.ResourceOptions
) -> Integrations:
    """Return the integrations of what visitors and watchers of sites call."""
    writes = SiteWrites(
        placement.named("site-writes"),
        SiteWritesArgs(
            contract=args.contract,
            sites=args.sites,
            table=args.table,
            bucket=args.bucket,
            region=args.region,
            retention_seconds=args.retention_seconds,
            prefix=placement.prefix,
        ),
        opts,
    )
    reads = SiteReads(
        placement.named("site-reads"),
        SiteReadsArgs(
            contract=args.contract,
            sites=args.sites,
            table=args.table,
            function=args.read_events,
            region=args.region,
            prefix=placement.prefix,
        ),
        opts,
    )
    return {**writes.integrations, **reads.integrations}


def user_operations(
    args: OperationArgs, placement: Placement, opts: pulumi.ResourceOptions
) -> Integrations:
    """Return the integrations of what signed-in users and operators call."""
    named = placement.named
    append = KinesisPutRecord(
        named("append-events"),
        KinesisPutRecordArgs(
            stream=args.stream, region=args.region, templates=append_events(args.contract)
        ),
        opts,
    )
    read = LambdaProxyArgs(function=args.read_events, region=args.region)
    return {
        "getHealth": health_integration(),
        **_item_operations(args, placement, opts),
        "appendEvents": append.integration,
        **_object_operations(args, placement, opts),
        "getEvents": LambdaProxy(named("get-events"), read, opts).integration,
        "getScreenshot": LambdaProxy(named("get-screenshot"), read, opts).integration,
    }


def _item_operations(
    args: OperationArgs, placement: Placement, opts: pulumi.ResourceOptions
) -> Integrations:
    """Return the integrations that read and write the table."""
    named = placement.named
    contract, table, region = args.contract, args.table, args.region
    create = DynamoPutItem(
        named("create-recording"),
        DynamoActionArgs(
            table=table,
            region=region,
            templates=create_recording(contract, retention_seconds=args.retention_seconds),
        ),
        opts,
    )
    list_own = DynamoQuery(
        named("list-recordings"),
        DynamoActionArgs(
            table=table,
            index_names=INDEXES,
            region=region,
            templates=list_recordings(contract),
        ),
        opts,
    )
    get_one = DynamoGetItem(
        named("get-recording"),
        DynamoActionArgs(table=table, region=region, templates=get_recording(contract)),
        opts,
    )
    facts = DynamoUpdateItem(
        named("put-facts"),
        DynamoActionArgs(table=table, region=region, templates=put_facts(contract)),
        opts,
    )
    scan_all = DynamoScan(
        named("scan-recordings"),
        DynamoActionArgs(table=table, region=region, templates=scan_recordings(contract)),
        opts,
    )
    return {
        "createRecording": create.integration,
        "listRecordings": list_own.integration,
        "getRecording": get_one.integration,
        "putFacts": facts.integration,
        "scanRecordings": scan_all.integration,
    }


def _object_operations(
    args: OperationArgs, placement: Placement, opts: pulumi.ResourceOptions
) -> Integrations:
    """Return the integrations that read and write objects byte for byte."""
    named = placement.named
    bucket, region = args.bucket, args.region
    put_large = S3PutObject(
        named("put-large-batch"),
        S3PutObjectArgs(
            bucket=bucket, region=region, key=stored.LARGE_BATCH, static_headers=stored.ONCE
        ),
        opts,
    )
    put_screenshot = S3PutObject(
        named("put-screenshot"),
        S3PutObjectArgs(bucket=bucket, region=region, key=stored.SCREENSHOT),
        opts,
    )
    put_asset = S3PutObject(
        named("put-asset"),
        S3PutObjectArgs(bucket=bucket, region=region, key=stored.ASSET, static_headers=stored.ONCE),
        opts,
    )
    renew_asset = S3PutObject(
        named("renew-asset"),
        S3PutObjectArgs(bucket=bucket, region=region, key=stored.ASSET),
        opts,
    )
    head_asset = S3HeadObject(
        named("head-asset"),
        S3HeadObjectArgs(bucket=bucket, region=region, key=stored.ASSET),
        opts,
    )
    get_asset = S3GetObject(
        named("get-asset"),
        S3GetObjectArgs(
            bucket=bucket,
            region=region,
            key=stored.ASSET,
            media_types=answered_types(args.contract, "getAsset"),
            not_found="You have no asset of this SHA-256.",
        ),
        opts,
    )
    return {
        "putLargeBatch": put_large.integration,
        "putScreenshot": put_screenshot.integration,
        "putAsset": put_asset.integration,
        "renewAsset": renew_asset.integration,
        "headAsset": head_asset.integration,
        "getAsset": get_asset.integration,
    }
