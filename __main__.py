"""The rrweb store: reads the stack's configuration, builds its components, exports their names."""

from pathlib import Path

import pulumi
import pulumi_aws as aws
import yaml

from components.access.site_groups import SiteGroups, SiteGroupsArgs
from components.access.sites import (
    WRITE_PREFIX,
    shown_sites,
    site_keys,
    sites_from,
    write_prefixes,
)
from components.access.user_auth import UserAuth, UserAuthArgs
from components.api.caller_limit import rule_count
from components.api.dynamo_action import (
    DynamoActionArgs,
    DynamoGetItem,
    DynamoPutItem,
    DynamoQuery,
    DynamoScan,
    DynamoUpdateItem,
)
from components.api.health import health_integration
from components.api.kinesis_put_record import KinesisPutRecord, KinesisPutRecordArgs
from components.api.lambda_proxy import LambdaProxy, LambdaProxyArgs
from components.api.media_types import answered_types
from components.api.operation_limit import operation_limits, operation_rates
from components.api.rest_api import RestApi, RestApiArgs
from components.api.s3_get_object import S3GetObject, S3GetObjectArgs
from components.api.s3_head_object import S3HeadObject, S3HeadObjectArgs
from components.api.s3_put_object import S3PutObject, S3PutObjectArgs
from components.foundation.bounded_roles import bounded_roles
from components.release.own_settings import own_settings
from components.release.packed_contract import packed_contract
from components.release.promotion import Promotion, PromotionArgs
from components.release.release import release_of
from components.release.stack_tags import stack_label, stack_tags
from components.store import stored_objects as stored
from components.store.batch_templates import append_events
from components.store.earlier_table import EarlierTableArgs, earlier_table_name
from components.store.erasure import Erasure, ErasureArgs
from components.store.event_pipeline import EventPipeline, EventPipelineArgs, arrival_seconds
from components.store.keeping import Keeping, KeepingArgs
from components.store.python_function import PythonFunction, PythonFunctionArgs
from components.store.recording_lists import list_recordings, scan_recordings
from components.store.recording_templates import create_recording, get_recording, put_facts
from components.store.recordings_bucket import RecordingsBucket, RecordingsBucketArgs
from components.store.recordings_table import INDEXES, RecordingsTable, RecordingsTableArgs
from components.store.site_reads import SiteReads, SiteReadsArgs
from components.store.site_writes import SiteWrites, SiteWritesArgs
from components.watch.alarms import AlarmSettings, Watched
from components.watch.cost import Sizing, capacity, monthly_cost
from components.watch.observability import Observability, ObservabilityArgs
from components.website.site_files import SiteFiles, SiteFilesArgs, origin_of
from components.website.website import Website, WebsiteArgs

PROJECT = Path(__file__).parent
# Another number says that recordings which are there can no longer be read: docs/adr/0016.
STORAGE_LAYOUT = 2
READ_TIMEOUT_S = 28  # under the 29 s of API Gateway
READ_MEMORY_MIB = 1769  # for the processor that comes with it: docs/adr/0013-a-whole-processor.md

with own_settings(PROJECT) as config:
    contract = yaml.safe_load((PROJECT / "openapi.yaml").read_text(encoding="utf-8"))
    region = pulumi.Config("aws").require("region")
    retention_days = config.require_int("retentionDays")
    log_retention_days = config.require_int("logRetentionDays")
    buffer_seconds = config.require_int("firehoseBufferSeconds")
    protect = config.require_bool("protect")
    callback_urls: list[str] = config.require_object("callbackUrls")
    sites = sites_from(config.require_object("sites"))

    release = Promotion(
        "release",
        PromotionArgs(
            promote_from=config.require("promoteFrom"),
            stack=f"{pulumi.get_organization()}/{pulumi.get_project()}/{pulumi.get_stack()}",
            release=release_of(PROJECT),
            storage_layout=STORAGE_LAYOUT,
            earlier_table=config.require_bool("earlierTable"),
            anyway=tuple(config.require_object("promoteAnyway")),
        ),
    ).release

    provider = aws.Provider(
        "aws",
        # Everything waits for its provider: nothing is touched before a promotion is refused.
        region=release.apply(lambda _: region),
        default_tags={
            "tags": stack_tags(
                pulumi.get_project(),
                pulumi.get_stack(),
                owner=config.require("owner"),
                commit=config.require("commit"),
                expires_on=config.require("expiresOn"),
            )
        },
    )
    in_account = pulumi.ResourceOptions(
        provider=provider,
        transformations=bounded_roles(
            config.require("permissionsBoundary"),
            path=f"/{pulumi.get_project()}/{pulumi.get_stack()}/",
        ),
    )

    bucket = RecordingsBucket(
        "recordings",
        RecordingsBucketArgs(
            retention_days=retention_days,
            prefixes=(f"{stored.RECORDINGS}/", f"{stored.FAILED}/"),
            reuse_prefix=f"{stored.ASSETS}/",
            reuse_days=stored.ASSET_REUSE_DAYS,
            protect=protect,
            force_destroy=config.require_bool("forceDestroy"),
        ),
        in_account,
    ).bucket
    table = RecordingsTable(
        "recordings-by-owner",
        RecordingsTableArgs(
            protect=protect, point_in_time_recovery=config.require_bool("pointInTimeRecovery")
        ),
        in_account,
    ).table
    events = EventPipeline(
        "events",
        EventPipelineArgs(
            bucket=bucket,
            recordings_prefix=stored.RECORDINGS,
            failed_prefix=stored.FAILED,
            shard_count=config.require_int("shardCount"),
            buffer_seconds=buffer_seconds,
            buffer_mib=config.require_int("firehoseBufferMib"),
            log_retention_days=log_retention_days,
            protect=protect,
        ),
        in_account,
    )
    site = Website(
        "site",
        WebsiteArgs(
            # Which API and which sign-in, SiteFiles says: ADR 14.
            connect_sources=(
                f"https://*.execute-api.{region}.amazonaws.com",
                f"https://*.auth.{region}.amazoncognito.com",
            ),
            price_class=config.require("sitePriceClass"),
            domain=config.require("siteDomain"),
            certificate_arn=config.require("siteCertificateArn"),
            comment=stack_label(pulumi.get_project(), pulumi.get_stack()),
        ),
        in_account,
    )
    users = UserAuth(
        "users",
        UserAuthArgs(
            region=region,
            callback_urls=(*callback_urls, pulumi.Output.concat(site.url, "/signed-in")),
            logout_urls=(*callback_urls, pulumi.Output.concat(site.url, "/")),
            protect=protect,
            admin_sign_in=config.require_bool("adminSignIn"),
            command_line=config.require_bool("commandLine"),
            require_mfa=config.require_bool("requireMfa"),
        ),
        in_account,
    )
    SiteGroups("sites", SiteGroupsArgs(pool=users.pool, sites=sites), in_account)
    read_events = PythonFunction(
        "read-events",
        PythonFunctionArgs(
            package=PROJECT / "handlers",
            handler="handlers.get_events.handler",
            environment={
                "BUCKET": bucket.bucket,
                "TABLE": table.name,
                "STREAM_ARN": events.stream.arn,
                "FIREHOSE_BUFFER_SECONDS": str(buffer_seconds),
                "KEY_PREFIX": stored.RECORDINGS,
                "KEPT_PREFIX": stored.KEPT,
                "ASSET_PREFIX": stored.ASSETS,
                "SITE_KEYS": site_keys(sites),
                "ALLOW_ORIGIN": config.require("allowOrigin"),
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
            log_retention_days=log_retention_days,
        ),
        in_account,
    ).function

    create = DynamoPutItem(
        "create-recording",
        DynamoActionArgs(
            table=table,
            region=region,
            templates=create_recording(contract, retention_seconds=retention_days * 86_400),
        ),
        in_account,
    )
    list_own = DynamoQuery(
        "list-recordings",
        DynamoActionArgs(
            table=table,
            index_names=INDEXES,
            region=region,
            templates=list_recordings(contract),
        ),
        in_account,
    )
    get_one = DynamoGetItem(
        "get-recording",
        DynamoActionArgs(table=table, region=region, templates=get_recording(contract)),
        in_account,
    )
    facts = DynamoUpdateItem(
        "put-facts",
        DynamoActionArgs(table=table, region=region, templates=put_facts(contract)),
        in_account,
    )
    scan_all = DynamoScan(
        "scan-recordings",
        DynamoActionArgs(table=table, region=region, templates=scan_recordings(contract)),
        in_account,
    )
    append = KinesisPutRecord(
        "append-events",
        KinesisPutRecordArgs(
            stream=events.stream, region=region, templates=append_events(contract)
        ),
        in_account,
    )
    put_large = S3PutObject(
        "put-large-batch",
        S3PutObjectArgs(
            bucket=bucket, region=region, key=stored.LARGE_BATCH, static_headers=stored.ONCE
        ),
        in_account,
    )
    put_screenshot = S3PutObject(
        "put-screenshot",
        S3PutObjectArgs(bucket=bucket, region=region, key=stored.SCREENSHOT),
        in_account,
    )
    put_asset = S3PutObject(
        "put-asset",
        S3PutObjectArgs(bucket=bucket, region=region, key=stored.ASSET, static_headers=stored.ONCE),
        in_account,
    )
    renew_asset = S3PutObject(
        "renew-asset", S3PutObjectArgs(bucket=bucket, region=region, key=stored.ASSET), in_account
    )
    head_asset = S3HeadObject(
        "head-asset", S3HeadObjectArgs(bucket=bucket, region=region, key=stored.ASSET), in_account
    )
    get_asset = S3GetObject(
        "get-asset",
        S3GetObjectArgs(
            bucket=bucket,
            region=region,
            key=stored.ASSET,
            media_types=answered_types(contract, "getAsset"),
            not_found="You have no asset of this SHA-256.",
        ),
        in_account,
    )
    site_writes = SiteWrites(
        "site-writes",
        SiteWritesArgs(
            contract=contract,
            sites=sites,
            table=table,
            bucket=bucket,
            region=region,
            retention_seconds=retention_days * 86_400,
        ),
        in_account,
    )
    site_reads = SiteReads(
        "site-reads",
        SiteReadsArgs(
            contract=contract, sites=sites, table=table, function=read_events, region=region
        ),
        in_account,
    )
    erasure = Erasure(
        "erasure",
        ErasureArgs(
            contract=contract,
            sites=sites,
            table=table,
            bucket=bucket,
            region=region,
            wait_seconds=arrival_seconds(buffer_seconds),
            retention_seconds=retention_days * 86_400,
        ),
        in_account,
    )
    keeping = Keeping(
        "keeping",
        KeepingArgs(
            contract=contract,
            table=table,
            bucket=bucket,
            function=read_events,
            region=region,
            wait_seconds=arrival_seconds(buffer_seconds),
        ),
        in_account,
    )
    read_back = LambdaProxy(
        "get-events", LambdaProxyArgs(function=read_events, region=region), in_account
    )
    get_screenshot = LambdaProxy(
        "get-screenshot", LambdaProxyArgs(function=read_events, region=region), in_account
    )

    limits = operation_limits(config.require_object("operationLimits"))
    api = RestApi(
        "api",
        RestApiArgs(
            contract=contract,
            integrations={
                "getHealth": health_integration(),
                "createRecording": create.integration,
                "listRecordings": list_own.integration,
                "getRecording": get_one.integration,
                "putFacts": facts.integration,
                "scanRecordings": scan_all.integration,
                "appendEvents": append.integration,
                "getEvents": read_back.integration,
                "putLargeBatch": put_large.integration,
                "putScreenshot": put_screenshot.integration,
                "getScreenshot": get_screenshot.integration,
                "putAsset": put_asset.integration,
                "renewAsset": renew_asset.integration,
                "headAsset": head_asset.integration,
                "getAsset": get_asset.integration,
                **site_writes.integrations,
                **site_reads.integrations,
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
                "release": release,
            },
            description=pulumi.Output.concat("release ", release),
            allow_origin=config.require("allowOrigin"),
            operators=tuple(config.require_object("operators")),
            throttle_rate=config.require_int("throttleRate"),
            throttle_burst=config.require_int("throttleBurst"),
            operation_limits=limits,
            calls_per_minute_per_token=config.require_int("callsPerMinutePerToken"),
            calls_per_minute_per_address=config.require_int("callsPerMinutePerAddress"),
            calls_per_minute_per_key=config.require_int("callsPerMinutePerKey"),
            open_prefix=WRITE_PREFIX,
            key_prefixes=write_prefixes(sites),
            access_log=config.require_bool("accessLog"),
            log_retention_days=log_retention_days,
        ),
        in_account,
    )

    Observability(
        "watch",
        ObservabilityArgs(
            project=pulumi.get_project(),
            stack=pulumi.get_stack(),
            region=region,
            watched=Watched(
                api=api.name,
                stage=api.stage_name,
                stream=events.stream.name,
                delivery_stream=events.delivery_stream.name,
                function=read_events.name,
                table=table.name,
                erasure=erasure.machine.arn,
                keeping=keeping.machine.arn,
                bucket=bucket.bucket,
                failed_filter="failed",
            ),
            failed_prefix=stored.FAILED,
            settings=AlarmSettings(
                buffer_seconds=buffer_seconds, function_timeout_s=READ_TIMEOUT_S
            ),
            alarms=config.require_bool("alarms"),
            email=config.require("alarmEmail"),
            monthly_budget_usd=config.require_int("monthlyBudgetUsd"),
        ),
        in_account,
    )

    SiteFiles(
        "site",
        SiteFilesArgs(
            bucket=site.bucket,
            folder=PROJECT / config.require("siteFolder"),
            config={
                "apiUrl": api.url,
                "issuerUrl": users.issuer_url,
                "userPoolId": users.pool.id,
                "userPoolClientId": users.client.id,
                "signInUrl": users.sign_in_url,
                "siteUrl": site.url,
                "region": region,
                "release": release,
            },
            connect_origins=(
                api.url.apply(origin_of),
                users.sign_in_url,
            ),
        ),
        in_account,
    )
    earlier_table = earlier_table_name(
        EarlierTableArgs(
            earlier_table=config.require_bool("earlierTable"),
            protect=protect,
            point_in_time_recovery=config.require_bool("pointInTimeRecovery"),
        ),
        in_account,
    )
    sizing = Sizing(
        shards=config.require_int("shardCount"),
        throttle_rate=config.require_int("throttleRate"),
        buffer_seconds=buffer_seconds,
        retention_days=retention_days,
        has_alarms=config.require_bool("alarms"),
        waf_rules=rule_count(
            per_token=config.require_int("callsPerMinutePerToken"),
            per_address=config.require_int("callsPerMinutePerAddress"),
            per_key=config.require_int("callsPerMinutePerKey"),
            open_prefix=WRITE_PREFIX,
            keys=len(sites),
        ),
        operation_rates=operation_rates(limits),
    )

    pulumi.export("apiUrl", api.url)
    pulumi.export("siteUrl", site.url)
    pulumi.export("siteDnsName", site.dns_name)
    pulumi.export("userPoolId", users.pool.id)
    pulumi.export("userPoolClientId", users.client.id)
    pulumi.export("issuerUrl", users.issuer_url)
    pulumi.export("signInUrl", users.sign_in_url)
    pulumi.export("bucketName", bucket.bucket)
    pulumi.export("tableName", table.name)
    pulumi.export("streamName", events.stream.name)
    pulumi.export("deliveryStreamName", events.delivery_stream.name)
    pulumi.export("erasureMachine", erasure.machine.arn)
    pulumi.export("region", region)
    pulumi.export("sites", api.url.apply(lambda url: shown_sites(sites, url)))
    pulumi.export("release", release)
    pulumi.export("verifiedReleases", config.require_object("verifiedReleases"))
    pulumi.export("contract", packed_contract(contract))
    pulumi.export("storageLayout", STORAGE_LAYOUT)
    pulumi.export("earlierTableName", earlier_table)
    pulumi.export("capacity", capacity(sizing))
    pulumi.export("estimatedMonthlyCost", monthly_cost(sizing))
