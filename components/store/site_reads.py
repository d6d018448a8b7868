"""SiteReads: how the watchers of a site find its recordings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws import dynamodb, lambda_

from components.access.sites import Site
from components.api.contract import Document
from components.api.dynamo_action import DynamoActionArgs, DynamoGetItem, DynamoQuery
from components.api.integration import Integration
from components.api.lambda_proxy import LambdaProxy, LambdaProxyArgs
from components.api.mapping_template import mapping_template
from components.api.mock import mock_integration
from components.store.recording_lists import list_site_recordings
from components.store.recording_owner import TEMPLATES
from components.store.recording_templates import get_site_recording
from components.store.recordings_table import INDEXES


@dataclass(frozen=True, kw_only=True)
class SiteReadsArgs:
    contract: Document
    """Has the operations."""
    sites: Sequence[Site]
    """All sites of the stack."""
    table: dynamodb.Table
    """Holds the recordings."""
    function: lambda_.Function
    """Reads events, screenshots and assets, and asks for the group itself."""
    region: str
    """AWS Region of table and function, such as `eu-west-1`."""
    prefix: str = ""
    """Stands before the names of its parts, which one program may have several times."""


class SiteReads(pulumi.ComponentResource):
    """ID token -> the sites whose groups it names, and their recordings; others are 403."""

    integrations: Mapping[str, pulumi.Input[Integration]]
    """By operationId."""

    def __init__(
        self, name: str, args: SiteReadsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("rrweb:index:SiteReads", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        own = args.prefix
        list_one = DynamoQuery(
            f"{own}list-site-recordings",
            DynamoActionArgs(
                table=args.table,
                index_names=INDEXES,
                region=args.region,
                templates=list_site_recordings(args.contract),
            ),
            child,
        )
        get_one = DynamoGetItem(
            f"{own}get-site-recording",
            DynamoActionArgs(
                table=args.table, region=args.region, templates=get_site_recording(args.contract)
            ),
            child,
        )
        read = LambdaProxyArgs(function=args.function, region=args.region)
        self.integrations = {
            "getSiteEvents": LambdaProxy(f"{own}get-site-events", read, child).integration,
            "getSiteScreenshot": LambdaProxy(f"{own}get-site-screenshot", read, child).integration,
            "getSiteAsset": LambdaProxy(f"{own}get-site-asset", read, child).integration,
            "listSites": mock_integration(
                mapping_template(
                    TEMPLATES / "list_sites.vtl",
                    sites=[[site.id, site.keys[0], site.privacy] for site in args.sites],
                )
            ),
            "listSiteRecordings": list_one.integration,
            "getSiteRecording": get_one.integration,
        }
        self.register_outputs({})
