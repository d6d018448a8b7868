"""DynamoQuery: an operation that lists one user's items in the order of an index."""

from dataclasses import dataclass

import pulumi
from pulumi_aws import dynamodb

from components.api.dynamo_integration import dynamo_integration
from components.api.integration import Integration
from components.api.mapping_template import mapping_template
from components.foundation.role import gateway_role


@dataclass(frozen=True, kw_only=True)
class DynamoQueryArgs:
    table: dynamodb.Table
    """Has partition key `userId`. The stage must name it in its variable `tableName`."""
    region: str
    """AWS Region of the table, such as `eu-west-1`."""
    index_name: str
    """Local index of the table whose sort key is the order of the list, newest last."""


class DynamoQuery(pulumi.ComponentResource):
    """Token -> a page of the user's items, newest first; no other partition can be asked for."""

    integration: pulumi.Output[Integration]
    """`x-amazon-apigateway-integration` for the operation that it serves."""

    def __init__(
        self, name: str, args: DynamoQueryArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("rrweb:index:DynamoQuery", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        role_arn = gateway_role(
            name,
            [("dynamodb:Query", pulumi.Output.concat(args.table.arn, "/index/", args.index_name))],
            child,
        )
        self.integration = role_arn.apply(lambda arn: query_integration(args, arn))
        self.register_outputs({"integration": self.integration})


def query_integration(args: DynamoQueryArgs, role_arn: str) -> Integration:
    """Return the integration that sends the rendered template to DynamoDB Query."""
    return dynamo_integration(
        region=args.region,
        action="Query",
        role_arn=role_arn,
        request_template=mapping_template("query.vtl", indexName=args.index_name),
        status=200,
        response_template=mapping_template("query_page.vtl"),
        refusal="limit must be 1 to 100, and cursor what an earlier answer gave.",
    )
