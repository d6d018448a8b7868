"""The actions of DynamoDB: each an operation that reads or writes items of one table."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws import dynamodb

from components.api.service_action import ActionArgs, Service, ServiceAction

DYNAMODB = Service(
    name="dynamodb",
    content_type="application/x-amz-json-1.0",
    # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
    throttled=("ThroughputExceeded", "Throttling", "RequestLimitExceeded"),
    invalid=("Validation", "Serialization"),
)


@dataclass(frozen=True, kw_only=True)
class DynamoActionArgs(ActionArgs):
    table: dynamodb.Table
    """Holds the items. The stage must name it in the variable that the templates read."""
    index_names: Sequence[str] = ()
    """Indexes of which each request reads one, instead of the table itself."""


class DynamoAction(ServiceAction):
    """Request -> one action on the table, or on one of its indexes."""

    service = DYNAMODB

    def __init__(
        self, name: str, args: DynamoActionArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        indexes = [f"/index/{one}" for one in args.index_names] or [""]
        super().__init__(
            name, args, [pulumi.Output.concat(args.table.arn, one) for one in indexes], opts
        )


class DynamoGetItem(DynamoAction):
    """Key -> one item."""

    action = "GetItem"


class DynamoPutItem(DynamoAction):
    """Request body -> one item."""

    action = "PutItem"


class DynamoUpdateItem(DynamoAction):
    """Request body -> attributes of one item."""

    action = "UpdateItem"


class DynamoQuery(DynamoAction):
    """Partition key -> a page of its items, in the order of the sort key."""

    action = "Query"


class DynamoScan(DynamoAction):
    """A page of all items, in no order."""

    action = "Scan"
