"""SiteWrites: how the visitors of a site write, who have no account."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws import dynamodb, s3

from components.access.sites import Site, active_keys, retired_keys
from components.api.contract import Document
from components.api.dynamo_action import DynamoActionArgs, DynamoPutItem, DynamoUpdateItem
from components.api.integration import Integration
from components.api.mapping_template import mapping_template
from components.api.parameter import rule_of
from components.api.s3_head_object import S3HeadObject, S3HeadObjectArgs
from components.api.s3_put_object import REFUSED_MEDIA_TYPES, S3PutObject, S3PutObjectArgs
from components.store.recording_owner import RETIRED_KEY, TEMPLATES, UNKNOWN_KEY
from components.store.recording_templates import (
    TEXT_WITH_PARAMETERS,
    create_site_recording,
    put_site_facts,
)
from components.store.stored_objects import ONCE, site_asset, site_batch

_BYTES = "application/octet-stream"


@dataclass(frozen=True, kw_only=True)
class SiteWritesArgs:
    contract: Document
    """Has the operations."""
    sites: Sequence[Site]
    """Their keys in use are all that may write."""
    table: dynamodb.Table
    """Holds the recordings."""
    bucket: s3.Bucket
    """Holds their batches and assets."""
    region: str
    """AWS Region of both, such as `eu-west-1`."""
    retention_seconds: int
    """From the request until a recording expires."""
    prefix: str = ""
    """Stands before the names of its parts, which one program may have several times."""


class SiteWrites(pulumi.ComponentResource):
    """Write key -> a recording of its site; any other key is refused, by a template or by S3."""

    integrations: Mapping[str, pulumi.Output[Integration]]
    """By operationId."""

    def __init__(
        self, name: str, args: SiteWritesArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("rrweb:index:SiteWrites", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        create = DynamoPutItem(
            f"{args.prefix}create-site-recording",
            DynamoActionArgs(
                table=args.table,
                region=args.region,
                templates=create_site_recording(args.contract, args.sites, args.retention_seconds),
            ),
            child,
        )
        facts = DynamoUpdateItem(
            f"{args.prefix}put-site-facts",
            DynamoActionArgs(
                table=args.table,
                region=args.region,
                templates=put_site_facts(args.contract, args.sites),
            ),
            child,
        )
        append = S3PutObject(
            f"{args.prefix}append-site-events",
            S3PutObjectArgs(
                bucket=args.bucket,
                region=args.region,
                key=site_batch(args.sites),
                static_headers={**ONCE, "Content-Type": _BYTES},
                mapped_headers={},
                text_media_types=TEXT_WITH_PARAMETERS,
                forbidden=_key_refused(args.sites, rule_of(args.contract, "batchNumber")),
            ),
            child,
        )
        put_asset = S3PutObject(
            f"{args.prefix}put-site-asset",
            S3PutObjectArgs(
                bucket=args.bucket,
                region=args.region,
                key=site_asset(args.sites),
                static_headers={**ONCE, "Content-Type": _BYTES},
                mapped_headers={"x-amz-checksum-sha256": "method.request.querystring.checksum"},
                refused_media_types=(*REFUSED_MEDIA_TYPES, *TEXT_WITH_PARAMETERS),
                forbidden=_key_refused(args.sites, rule_of(args.contract, "sha256")),
            ),
            child,
        )
        head_asset = S3HeadObject(
            f"{args.prefix}head-site-asset",
            S3HeadObjectArgs(bucket=args.bucket, region=args.region, key=site_asset(args.sites)),
            child,
        )
        self.integrations = {
            "createSiteRecording": create.integration,
            "putSiteFacts": facts.integration,
            "appendSiteEvents": append.integration,
            "putSiteAsset": put_asset.integration,
            "headSiteAsset": head_asset.integration,
        }
        self.register_outputs({})


def _key_refused(sites: Sequence[Site], name_rule: str) -> str:
    return mapping_template(
        TEMPLATES / "write_key_refused.vtl",
        keys=active_keys(sites),
        badName=name_rule,
        retiredKeys=retired_keys(sites),
        unknown=UNKNOWN_KEY,
        retired=RETIRED_KEY,
    )
