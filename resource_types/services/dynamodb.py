"""DynamoDB."""

from collections.abc import Mapping
from typing import Any

from resource_types.create_call import CreateCall, enables
from resource_types.grant import Grant, actions
from resource_types.in_sandbox import Emulated, Made, Requested
from resource_types.resource_type import ResourceType


def _create_table(dynamodb: Any, requested: Requested) -> Made:
    table, inputs = requested.physical_name, requested.inputs
    # DynamoDB takes no empty list of indexes.
    local = {"LocalSecondaryIndexes": _indexes(inputs, "localSecondaryIndexes")}
    everywhere = {"GlobalSecondaryIndexes": _indexes(inputs, "globalSecondaryIndexes")}
    described = dynamodb.create_table(
        TableName=table,
        BillingMode=inputs["billingMode"],
        Tags=requested.tag_pairs,
        KeySchema=_key_schema(inputs["hashKey"], inputs["rangeKey"]),
        AttributeDefinitions=[
            {"AttributeName": one["name"], "AttributeType": one["type"]}
            for one in inputs["attributes"]
        ],
        **{name: indexes for name, indexes in {**local, **everywhere}.items() if indexes},
    )["TableDescription"]
    ttl = inputs["ttl"]
    dynamodb.update_time_to_live(
        TableName=table,
        TimeToLiveSpecification={"AttributeName": ttl["attributeName"], "Enabled": ttl["enabled"]},
    )
    return table, {**inputs, "name": table, "arn": described["TableArn"]}


def _indexes(inputs: Mapping[str, Any], kind: str) -> list[dict[str, Any]]:
    """Return the indexes of a kind. A local one has the table's partition key."""
    return [
        {
            "IndexName": index["name"],
            "KeySchema": _key_schema(index.get("hashKey", inputs["hashKey"]), index["rangeKey"]),
            "Projection": {"ProjectionType": index["projectionType"]},
        }
        for index in inputs.get(kind, [])
    ]


def _key_schema(hash_key: str, range_key: str) -> list[dict[str, str]]:
    return [
        {"AttributeName": hash_key, "KeyType": "HASH"},
        {"AttributeName": range_key, "KeyType": "RANGE"},
    ]


def _delete_table(dynamodb: Any, id_: str, _: Mapping[str, Any]) -> None:
    dynamodb.delete_table(TableName=id_)


TABLE = ResourceType(
    type="aws:dynamodb/table:Table",
    arn="arn:aws:dynamodb:{region}:{account}:table/{name}",
    names=("recordings",),
    holds_data=True,
    found_by="tags",
    sandbox=Emulated(
        service="dynamodb",
        create=_create_table,
        delete=_delete_table,
        protected_by=("deletionProtectionEnabled", True),
    ),
    create_calls=(
        CreateCall("CreateTable"),
        CreateCall("UpdateTimeToLive", enables("ttl")),
        CreateCall("UpdateContinuousBackups", enables("pointInTimeRecovery")),
    ),
    policy="data",
    grants=(
        Grant(
            actions=actions(
                "dynamodb",
                "CreateTable DeleteTable DescribeTable UpdateTable DescribeTimeToLive "
                "UpdateTimeToLive DescribeContinuousBackups UpdateContinuousBackups "
                "ListTagsOfResource TagResource UntagResource",
            )
        ),
    ),
    # The pattern of a table also matches its indexes, whose ARNs start with its own.
    boundary=(Grant(actions=actions("dynamodb", "GetItem PutItem Query Scan UpdateItem")),),
)
ROWS = (TABLE,)
