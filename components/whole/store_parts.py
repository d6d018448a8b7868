"""The parts of a store, wired: for the program of this repository, and for `RrwebStore`."""

from dataclasses import dataclass

import pulumi
from pulumi_aws import dynamodb, lambda_, s3

from components.access.site_groups import SiteGroups, SiteGroupsArgs
from components.access.sites import WRITE_PREFIX, Site, site_keys, sites_from, write_prefixes
from components.access.user_auth import UserAuth
from components.api.caller_limit import rule_count
from components.api.operation_limit import operation_limits, operation_rates
from components.api.rest_api import RestApi, RestApiArgs
from components.store import stored_objects as stored
from components.store.erasure import Erasure, ErasureArgs
from components.store.event_pipeline import EventPipeline, EventPipelineArgs, arrival_seconds
from components.store.keeping import Keeping, KeepingArgs
from components.store.python_function import PythonFunction, PythonFunctionArgs
from components.store.recordings_bucket import RecordingsBucket, RecordingsBucketArgs
from components.store.recordings_table import RecordingsTable, RecordingsTableArgs
from components.watch.alarms import AlarmSettings, Watched
from components.watch.cost import Sizing
from components.watch.observability import Observability, ObservabilityArgs
from components.website.site_files import check_built_site
from components.website.website import Website
from components.whole.placement import Placement
from components.whole.site_parts import serve_site, upload_site, users_of
from components.whole.store_args import RrwebStoreArgs
from components.whole.store_operations import OperationArgs, site_operations, user_operations

READ_TIMEOUT_S = 28  # under the 29 s of API Gateway
READ_MEMORY_MIB = 1769  # for the processor that comes with it: docs/adr/0013-a-whole-processor.md
DAY_S = 86_400


@dataclass(frozen=True, kw_only=True)
class StoreParts:
    """A store, built."""

    sites: tuple[Site, ...]
    bucket: s3.Bucket
    table: dynamodb.Table
    events: EventPipeline
    users: UserAuth
    erasure: Erasure
    keeping: Keeping
    api: RestApi
    site: Website | None
    """None if the settings want no website."""

    @property
    def site_url(self) -> pulumi.Output[str] | None:
        """The replay site's, without a slash at its end."""
        return self.site.url if self.site else None

    @property
    def site_dns_name(self) -> pulumi.Output[str] | None:
        """CloudFront's own name of the site, to which a domain of your own must point."""
        return self.site.dns_name if self.site else None


def store_parts(
    args: RrwebStoreArgs, placement: Placement, opts: pulumi.ResourceOptions
) -> StoreParts:
    """Return the parts, each created with `opts`.

    Raises:
        ValueError: A setting cannot be used; the message names the argument of a component.
    """
    named, contract = placement.named, placement.contract
    sites = sites_from(args.sites)
    if args.website:
        check_built_site(placement.checkout / args.site_folder)
    retention_seconds = args.retention_days * DAY_S
    bucket = RecordingsBucket(
        named("recordings"),
        RecordingsBucketArgs(
            retention_days=args.retention_days,
            prefixes=(f"{stored.RECORDINGS}/", f"{stored.FAILED}/"),
            reuse_prefix=f"{stored.ASSETS}/",
            reuse_days=stored.ASSET_REUSE_DAYS,
            protect=args.protect,
            force_destroy=args.force_destroy,
        ),
        opts,
    ).bucket
    table = RecordingsTable(
        named("recordings-by-owner"),
        RecordingsTableArgs(
            protect=args.protect, point_in_time_recovery=args.point_in_time_recovery
        ),
        opts,
    ).table
    events = EventPipeline(
        named("events"),
        EventPipelineArgs(
            bucket=bucket,
            recordings_prefix=stored.RECORDINGS,
            failed_prefix=stored.FAILED,
            shard_count=args.shard_count,
            buffer_seconds=args.firehose_buffer_seconds,
            buffer_mib=args.firehose_buffer_mib,
            log_retention_days=args.log_retention_days,
            protect=args.protect,
        ),
        opts,
    )
    site = serve_site(args, placement, opts) if args.website else None
    users = users_of(args, placement, site, opts)
    SiteGroups(
        named("sites"),
        SiteGroupsArgs(pool=users.pool, sites=sites, prefix=placement.prefix),
        opts,
    )
    serving = OperationArgs(
        contract=contract,
        sites=sites,
        table=table,
        bucket=bucket,
        stream=events.stream,
        read_events=_reader(args, placement, sites, bucket, table, events, opts),
        region=args.region,
        retention_seconds=retention_seconds,
    )
    erasure = Erasure(
        named("erasure"),
        ErasureArgs(
            contract=contract,
            sites=sites,
            table=table,
            bucket=bucket,
            region=args.region,
            wait_seconds=arrival_seconds(args.firehose_buffer_seconds),
            retention_seconds=retention_seconds,
            prefix=placement.prefix,
        ),
        opts,
    )
    keeping = Keeping(
        named("keeping"),
        KeepingArgs(
            contract=contract,
            table=table,
            bucket=bucket,
            function=serving.read_events,
            region=args.region,
            wait_seconds=arrival_seconds(args.firehose_buffer_seconds),
            prefix=placement.prefix,
        ),
        opts,
    )
    api = RestApi(
        named("api"),
        RestApiArgs(
            contract=contract,
            integrations={
                **user_operations(serving, placement, opts),
                **site_operations(serving, placement, opts),
                **erasure.integrations,
                **keeping.integrations,
            },
            user_pool_arn=users.pool.arn,
            user_pool_client_id=users.client.id,
            stage_variables={
                "streamName": events.stream.name,
                "tableName": table.name,
                "erasureMachine": erasure.machine.arn,
                "keepingMachine": keeping.machine.arn,
                "release": placement.release,
            },
            description=pulumi.Output.concat("release ", placement.release),
            allow_origin=args.allow_origin,
            operators=tuple(args.operators),
            throttle_rate=args.throttle_rate,
            throttle_burst=args.throttle_burst,
            operation_limits=operation_limits(args.operation_limits),
            calls_per_minute_per_token=args.calls_per_minute_per_token,
            calls_per_minute_per_address=args.calls_per_minute_per_address,
            calls_per_minute_per_key=args.calls_per_minute_per_key,
            open_prefix=WRITE_PREFIX,
            key_prefixes=write_prefixes(sites),
            access_log=args.access_log,
            log_retention_days=args.log_retention_days,
        ),
        opts,
    )
    store = StoreParts(
        sites=sites,
        bucket=bucket,
        table=table,
        events=events,
        users=users,
        erasure=erasure,
        keeping=keeping,
        api=api,
        site=site,
    )
    _watch(args, placement, store, serving.read_events, opts)
    if site:
        upload_site(args, placement, site, users, api, opts)
    return store


def _reader(  # noqa: PLR0913, PLR0917 - all that it reads
    args: RrwebStoreArgs,
    placement: Placement,
    sites: tuple[Site, ...],
    bucket: s3.Bucket,
    table: dynamodb.Table,
    events: EventPipeline,
    opts: pulumi.ResourceOptions,
) -> lambda_.Function:
    """Return the function that reads events, screenshots and assets back."""
    return PythonFunction(
        placement.named("read-events"),
        PythonFunctionArgs(
            package=placement.checkout / "handlers",
            handler="handlers.get_events.handler",
            environment={
                "BUCKET": bucket.bucket,
                "TABLE": table.name,
                "STREAM_ARN": events.stream.arn,
                "FIREHOSE_BUFFER_SECONDS": str(args.firehose_buffer_seconds),
                "KEY_PREFIX": stored.RECORDINGS,
                "KEPT_PREFIX": stored.KEPT,
                "ASSET_PREFIX": stored.ASSETS,
                "SITE_KEYS": site_keys(sites),
                "ALLOW_ORIGIN": args.allow_origin,
            },
            statements=[
                ("s3:ListBucket", bucket.arn),
                ("s3:GetObject", pulumi.Output.concat(bucket.arn, "/", stored.RECORDINGS, "/*")),
                (
                    "s3:GetObject",
                    pulumi.Output.concat(bucket.arn, "/", stored.ASSETS, "/siteKey=*"),
                ),
                ("s3:GetObject", pulumi.Output.concat(bucket.arn, "/", stored.KEPT, "/*")),
                ("dynamodb:GetItem", table.arn),
                (
                    ["kinesis:ListShards", "kinesis:GetShardIterator", "kinesis:GetRecords"],
                    events.stream.arn,
                ),
            ],
            memory_mib=READ_MEMORY_MIB,
            timeout_seconds=READ_TIMEOUT_S,
            log_retention_days=args.log_retention_days,
        ),
        opts,
    ).function


def _watch(
    args: RrwebStoreArgs,
    placement: Placement,
    store: StoreParts,
    read_events: lambda_.Function,
    opts: pulumi.ResourceOptions,
) -> None:
    Observability(
        placement.named("watch"),
        ObservabilityArgs(
            project=placement.project,
            stack=placement.stack,
            region=args.region,
            watched=Watched(
                api=store.api.name,
                stage=store.api.stage_name,
                stream=store.events.stream.name,
                delivery_stream=store.events.delivery_stream.name,
                function=read_events.name,
                table=store.table.name,
                erasure=store.erasure.machine.arn,
                keeping=store.keeping.machine.arn,
                bucket=store.bucket.bucket,
                failed_filter="failed",
            ),
            failed_prefix=stored.FAILED,
            settings=AlarmSettings(
                buffer_seconds=args.firehose_buffer_seconds, function_timeout_s=READ_TIMEOUT_S
            ),
            alarms=args.alarms,
            email=args.alarm_email,
            monthly_budget_usd=placement.monthly_budget_usd,
        ),
        opts,
    )


def sizing_of(args: RrwebStoreArgs) -> Sizing:
    """Return the settings that decide capacity and cost."""
    return Sizing(
        shards=args.shard_count,
        throttle_rate=args.throttle_rate,
        buffer_seconds=args.firehose_buffer_seconds,
        retention_days=args.retention_days,
        has_alarms=args.alarms,
        waf_rules=rule_count(
            per_token=args.calls_per_minute_per_token,
            per_address=args.calls_per_minute_per_address,
            per_key=args.calls_per_minute_per_key,
            open_prefix=WRITE_PREFIX,
            keys=len(args.sites),
        ),
        operation_rates=operation_rates(operation_limits(args.operation_limits)),
    )
