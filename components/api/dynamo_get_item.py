"""DynamoGetItem: an operation that answers with one item of a table."""

from dataclasses import dataclass

import pulumi
from pulumi_aws import dynamodb

from components.api.dynamo_integration import dynamo_integration
from components.api.integration import Integration
from components.api.mapping_template import mapping_template
from components.foundation.role import gateway_role


@dataclass(frozen=True, kw_only=True)
class DynamoGetItemArgs:
    table: dynamodb.Table
    """Holds one item per user and id. The stage must name it in its variable `tableName`."""
    region: str
    """AWS Region of the table, such as `eu-west-1`."""


class DynamoGetItem(pulumi.ComponentResource):
    """Path parameter -> one item as friendly JSON; 404 if the user has none."""

    integration: pulumi.Output[Integration]
    """`x-amazon-apigateway-integration` for the operation that it serves."""

    def __init__(
        self, name: str, args: DynamoGetItemArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("rrweb:index:DynamoGetItem", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        role_arn = gateway_role(name, [("dynamodb:GetItem", args.table.arn)], child)
        self.integration = role_arn.apply(lambda arn: get_item_integration(args, arn))
        self.register_outputs({"integration": self.integration})


def get_item_integration(args: DynamoGetItemArgs, role_arn: str) -> Integration:
    """Return the integration that sends the rendered template to DynamoDB GetItem."""
    return dynamo_integration(
        region=args.region,
        action="GetItem",
        role_arn=role_arn,
        request_template=mapping_template("get_item.vtl"),
        status=200,
        response_template=mapping_template("get_item_found.vtl"),
        refusal="recordingId must be 1 to 64 of A-Z a-z 0-9 - _.",
    )
