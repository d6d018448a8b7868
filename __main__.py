"""The rrweb store: reads the stack's configuration, builds its parts, exports their names."""

from pathlib import Path

import pulumi
import pulumi_aws as aws
import yaml

from components.access.sites import shown_sites
from components.foundation.bounded_roles import bounded_roles
from components.release.own_settings import own_settings
from components.release.packed_contract import packed_contract
from components.release.promotion import Promotion, PromotionArgs
from components.release.release import release_of
from components.release.stack_tags import stack_tags
from components.store.earlier_table import EarlierTableArgs, earlier_table_name
from components.watch.cost import capacity, monthly_cost
from components.whole.placement import Placement
from components.whole.store_args import RrwebStoreArgs
from components.whole.store_parts import sizing_of, store_parts

PROJECT = Path(__file__).parent
# Another number says that recordings which are there can no longer be read: docs/adr/0016.
STORAGE_LAYOUT = 2

with own_settings(PROJECT) as config:
    contract = yaml.safe_load((PROJECT / "openapi.yaml").read_text(encoding="utf-8"))
    region = pulumi.Config("aws").require("region")
    settings = RrwebStoreArgs(
        region=region,
        retention_days=config.require_int("retentionDays"),
        shard_count=config.require_int("shardCount"),
        firehose_buffer_seconds=config.require_int("firehoseBufferSeconds"),
        firehose_buffer_mib=config.require_int("firehoseBufferMib"),
        throttle_rate=config.require_int("throttleRate"),
        throttle_burst=config.require_int("throttleBurst"),
        operation_limits=config.require_object("operationLimits"),
        calls_per_minute_per_token=config.require_int("callsPerMinutePerToken"),
        calls_per_minute_per_address=config.require_int("callsPerMinutePerAddress"),
        calls_per_minute_per_key=config.require_int("callsPerMinutePerKey"),
        sites=config.require_object("sites"),
        operators=config.require_object("operators"),
        allow_origin=config.require("allowOrigin"),
        callback_urls=config.require_object("callbackUrls"),
        site_folder=config.require("siteFolder"),
        site_price_class=config.require("sitePriceClass"),
        site_domain=config.require("siteDomain"),
        site_certificate_arn=config.require("siteCertificateArn"),
        admin_sign_in=config.require_bool("adminSignIn"),
        command_line=config.require_bool("commandLine"),
        require_mfa=config.require_bool("requireMfa"),
        access_log=config.require_bool("accessLog"),
        log_retention_days=config.require_int("logRetentionDays"),
        point_in_time_recovery=config.require_bool("pointInTimeRecovery"),
        protect=config.require_bool("protect"),
        force_destroy=config.require_bool("forceDestroy"),
        permissions_boundary=config.require("permissionsBoundary"),
        alarms=config.require_bool("alarms"),
        alarm_email=config.require("alarmEmail"),
    )

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
            settings.permissions_boundary,
            path=f"/{pulumi.get_project()}/{pulumi.get_stack()}/",
        ),
    )

    store = store_parts(
        settings,
        Placement(
            checkout=PROJECT,
            contract=contract,
            release=release,
            project=pulumi.get_project(),
            stack=pulumi.get_stack(),
            monthly_budget_usd=config.require_int("monthlyBudgetUsd"),
        ),
        in_account,
    )
    earlier_table = earlier_table_name(
        EarlierTableArgs(
            earlier_table=config.require_bool("earlierTable"),
            protect=settings.protect,
            point_in_time_recovery=settings.point_in_time_recovery,
        ),
        in_account,
    )
    sizing = sizing_of(settings)

    pulumi.export("apiUrl", store.api.url)
    pulumi.export("siteUrl", store.site_url)
    pulumi.export("siteDnsName", store.site_dns_name)
    pulumi.export("userPoolId", store.users.pool.id)
    pulumi.export("userPoolClientId", store.users.client.id)
    pulumi.export("issuerUrl", store.users.issuer_url)
    pulumi.export("signInUrl", store.users.sign_in_url)
    pulumi.export("bucketName", store.bucket.bucket)
    pulumi.export("tableName", store.table.name)
    pulumi.export("streamName", store.events.stream.name)
    pulumi.export("deliveryStreamName", store.events.delivery_stream.name)
    pulumi.export("erasureMachine", store.erasure.machine.arn)
    pulumi.export("region", region)
    pulumi.export("sites", store.api.url.apply(lambda url: shown_sites(store.sites, url)))
    pulumi.export("release", release)
    pulumi.export("verifiedReleases", config.require_object("verifiedReleases"))
    pulumi.export("contract", packed_contract(contract))
    pulumi.export("storageLayout", STORAGE_LAYOUT)
    pulumi.export("earlierTableName", earlier_table)
    pulumi.export("capacity", capacity(sizing))
    pulumi.export("estimatedMonthlyCost", monthly_cost(sizing))
