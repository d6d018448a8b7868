"""DynamoScan: an operation that lists the items of every user."""

from dataclasses import dataclass

import pulumi
from pulumi_aws import dynamodb

from components.api.dynamo_integration import dynamo_integration
from components.api.integration import Integration
from components.api.mapping_template import mapping_template
from components.foundation.role import gateway_role


@dataclass(frozen=True, kw_only=True)
class DynamoScanArgs:
    table: dynamodb.Table
    """Is scanned a page a request. The stage must name it in its variable `tableName`."""
    region: str
    """AWS Region of the table, such as `eu-west-1`."""


class DynamoScan(pulumi.ComponentResource):
    """A page of everybody's items, in no order."""

    integration: pulumi.Output[Integration]
    """`x-amazon-apigateway-integration` for the operation that it serves."""

    def __init__(
        self, name: str, args: DynamoScanArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("rrweb:index:DynamoScan", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        role_arn = gateway_role(name, [("dynamodb:Scan", args.table.arn)], child)
        self.integration = role_arn.apply(lambda arn: scan_integration(args, arn))
        self.register_outputs({"integration": self.integration})


def scan_integration(args: DynamoScanArgs, role_arn: str) -> Integration:
    """Return the integration that sends the rendered template to DynamoDB Scan."""
    return dynamo_integration(
        region=args.region,
        action="Scan",
        role_arn=role_arn,
        request_template=mapping_template("scan.vtl"),
        status=200,
        response_template=mapping_template("scan_page.vtl"),
        refusal="limit must be 1 to 100, and cursor what an earlier answer gave.",
    )
