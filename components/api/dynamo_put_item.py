"""DynamoPutItem: an operation whose body becomes one new item of a table."""

from dataclasses import dataclass

import pulumi
from pulumi_aws import dynamodb

from components.api.dynamo_integration import dynamo_integration
from components.api.integration import Integration
from components.api.mapping_template import mapping_template
from components.foundation.role import gateway_role


@dataclass(frozen=True, kw_only=True)
class DynamoPutItemArgs:
    table: dynamodb.Table
    """Gets one new item a request. The stage must name it in its variable `tableName`."""
    region: str
    """AWS Region of the table, such as `eu-west-1`."""
    retention_seconds: int
    """How long the item lives: its `expiresAt` is the time of the request plus this."""

    def __post_init__(self) -> None:
        if self.retention_seconds < 1:
            raise ValueError(f"retention_seconds must be at least 1, got {self.retention_seconds}")


class DynamoPutItem(pulumi.ComponentResource):
    """Request body -> one new item; 201 if there was none of its key, 409 if there was."""

    integration: pulumi.Output[Integration]
    """`x-amazon-apigateway-integration` for the operation that it serves."""

    def __init__(
        self, name: str, args: DynamoPutItemArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("rrweb:index:DynamoPutItem", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        role_arn = gateway_role(name, [("dynamodb:PutItem", args.table.arn)], child)
        self.integration = role_arn.apply(lambda arn: put_item_integration(args, arn))
        self.register_outputs({"integration": self.integration})


def put_item_integration(args: DynamoPutItemArgs, role_arn: str) -> Integration:
    """Return the integration that sends the rendered template to DynamoDB PutItem."""
    return dynamo_integration(
        region=args.region,
        action="PutItem",
        role_arn=role_arn,
        request_template=mapping_template("put_item.vtl", retentionSeconds=args.retention_seconds),
        status=201,
        response_template=mapping_template("put_item_created.vtl"),
        refusal="recordingId must be 1 to 64 of A-Z a-z 0-9 - _, and the body a NewRecording.",
        problem_template="put_item_problem.vtl",
    )
