"""Kinesis Data Streams and Firehose, which Pulumi has in one module."""

from collections.abc import Mapping
from typing import Any

from resource_types.create_call import CreateCall, Inputs, enables, has
from resource_types.grant import Grant, actions
from resource_types.in_sandbox import Emulated, Made, Requested, Served
from resource_types.resource_type import ResourceType


def _create_stream(kinesis: Any, requested: Requested) -> Made:
    stream = requested.physical_name
    kinesis.create_stream(StreamName=stream, ShardCount=requested.inputs["shardCount"])
    kinesis.get_waiter("stream_exists").wait(
        StreamName=stream, WaiterConfig={"Delay": 1, "MaxAttempts": 20}
    )
    if requested.tags:
        kinesis.add_tags_to_stream(StreamName=stream, Tags=dict(requested.tags))
    summary = kinesis.describe_stream_summary(StreamName=stream)["StreamDescriptionSummary"]
    return stream, {**requested.inputs, "name": stream, "arn": summary["StreamARN"]}


def _delete_stream(kinesis: Any, id_: str, _: Mapping[str, Any]) -> None:
    kinesis.delete_stream(StreamName=id_)


def _has_key(inputs: Inputs) -> bool:
    return inputs.get("encryptionType") == "KMS"


STREAM = ResourceType(
    type="aws:kinesis/stream:Stream",
    arn="arn:aws:kinesis:{region}:{account}:stream/{name}",
    names=("events",),
    longest_name=128,
    holds_data=True,
    found_by="tags",
    sandbox=Emulated(service="kinesis", create=_create_stream, delete=_delete_stream),
    create_calls=(
        CreateCall("CreateStream"),
        CreateCall("IncreaseStreamRetentionPeriod"),  # even to the 24 hours that it has already
        CreateCall("EnableEnhancedMonitoring", has("shardLevelMetrics")),
        CreateCall("StartStreamEncryption", _has_key),
    ),
    policy="data",
    grants=(
        Grant(
            actions=actions(
                "kinesis",
                "CreateStream DeleteStream DescribeStream AddTagsToStream RemoveTagsFromStream "
                "DecreaseStreamRetentionPeriod IncreaseStreamRetentionPeriod "
                "StartStreamEncryption StopStreamEncryption DescribeStreamSummary ListShards "
                "ListTagsForStream UpdateShardCount ListTagsForResource TagResource UntagResource",
            )
        ),
    ),
    boundary=(
        Grant(
            actions=actions(
                "kinesis", "DescribeStream GetRecords GetShardIterator ListShards PutRecord"
            )
        ),
    ),
)
DELIVERY_STREAM = ResourceType(
    type="aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
    arn="arn:aws:firehose:{region}:{account}:deliverystream/{name}",
    names=("events",),
    # https://docs.aws.amazon.com/firehose/latest/APIReference/API_CreateDeliveryStream.html
    longest_name=64,
    found_by="tags",
    sandbox=Served("firehose"),
    create_calls=(
        CreateCall("CreateDeliveryStream"),
        CreateCall("StartDeliveryStreamEncryption", enables("serverSideEncryption")),
    ),
    policy="data",
    grants=(
        Grant(
            actions=actions(
                "firehose",
                "CreateDeliveryStream DeleteDeliveryStream DescribeDeliveryStream "
                "TagDeliveryStream UntagDeliveryStream ListTagsForDeliveryStream "
                "UpdateDestination",
            )
        ),
    ),
    passes_role_to="firehose.amazonaws.com",
)
ROWS = (STREAM, DELIVERY_STREAM)
