"""EventPipeline: batches from a Kinesis stream into S3, one prefix a recording, by Firehose."""

from dataclasses import dataclass

import pulumi
from pulumi_aws import cloudwatch, kinesis, s3

from components.foundation.log_retention import check_log_retention
from components.foundation.role import allow_policy, service_role

FIREHOSE = "firehose.amazonaws.com"

# The keys that Firehose's jq takes from each envelope, for the prefix below.
PARTITION_QUERY = "{userId:.userId,recordingId:.recordingId}"

# Firehose may take 1.5 times its buffer, and reads the stream once a second; a request may be under
# way for 29 s: https://docs.aws.amazon.com/firehose/latest/dev/buffering.html
_UNDER_WAY_S = 60


@dataclass(frozen=True, kw_only=True)
class EventPipelineArgs:
    bucket: s3.Bucket
    """Gets the batches, gzipped."""
    recordings_prefix: str
    """Where recordings are kept, such as `rrweb/recordings`."""
    failed_prefix: str
    """Where Firehose puts the records that it could not deliver, such as `rrweb/failed`."""
    shard_count: int = 1
    """Each takes 1 MB and 1,000 batches a second and costs about $11 a month. 1 to 500."""
    buffer_seconds: int = 60
    """How long Firehose buffers a recording's batches before it writes them. 60 to 900."""
    buffer_mib: int = 64
    """Size of a recording's buffer, in MiB, at which it is written earlier. 64 to 128."""
    log_retention_days: int = 30
    """Days that CloudWatch keeps Firehose's error log."""
    protect: bool = False
    """Refuse to be deleted by Pulumi."""

    def __post_init__(self) -> None:
        check_log_retention(self.log_retention_days)
        # With dynamic partitioning: https://docs.aws.amazon.com/firehose/latest/dev/buffering.html
        if not 60 <= self.buffer_seconds <= 900:
            raise ValueError(f"buffer_seconds must be 60..900, got {self.buffer_seconds}")
        if not 64 <= self.buffer_mib <= 128:
            raise ValueError(f"buffer_mib must be 64..128, got {self.buffer_mib}")
        if not 1 <= self.shard_count <= 500:
            raise ValueError(f"shard_count must be 1..500, got {self.shard_count}")


class EventPipeline(pulumi.ComponentResource):
    """A stream, and a Firehose that delivers each of its records under its own recording."""

    stream: kinesis.Stream
    """Takes the batches."""
    delivery_stream: kinesis.FirehoseDeliveryStream
    """Starts at the stream's latest record: earlier records are not delivered."""

    def __init__(
        self, name: str, args: EventPipelineArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("rrweb:index:EventPipeline", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.stream = kinesis.Stream(
            name,
            shard_count=args.shard_count,
            retention_period=24,
            encryption_type="KMS",
            kms_key_id="alias/aws/kinesis",  # the AWS managed key: free, and no grant needed
            stream_mode_details={"stream_mode": "PROVISIONED"},
            opts=pulumi.ResourceOptions(parent=self, protect=args.protect),
        )
        log = cloudwatch.LogGroup(name, retention_in_days=args.log_retention_days, opts=child)
        log_stream = cloudwatch.LogStream(
            name, name="delivery", log_group_name=log.name, opts=child
        )
        reader, reader_policy = service_role(
            f"{name}-reader", FIREHOSE, self.stream.arn.apply(read_policy), child
        )
        writer, writer_policy = service_role(
            f"{name}-writer",
            FIREHOSE,
            pulumi.Output.all(args.bucket.arn, log_stream.arn).apply(
                lambda arns: write_policy(
                    str(arns[0]), (args.recordings_prefix, args.failed_prefix), str(arns[1])
                )
            ),
            child,
        )
        self.delivery_stream = kinesis.FirehoseDeliveryStream(
            name,
            destination="extended_s3",
            kinesis_source_configuration={
                "kinesis_stream_arn": self.stream.arn,
                "role_arn": reader.arn,
            },
            extended_s3_configuration={
                "bucket_arn": args.bucket.arn,
                "role_arn": writer.arn,
                "prefix": (
                    f"{args.recordings_prefix}/userId=!{{partitionKeyFromQuery:userId}}"
                    "/sessionId=!{partitionKeyFromQuery:recordingId}/stream/"
                ),
                "error_output_prefix": (
                    f"{args.failed_prefix}/!{{firehose:error-output-type}}/!{{timestamp:yyyy/MM/dd}}/"
                ),
                "buffering_interval": args.buffer_seconds,
                "buffering_size": args.buffer_mib,
                "compression_format": "GZIP",
                "dynamic_partitioning_configuration": {"enabled": True, "retry_duration": 300},
                "processing_configuration": {
                    "enabled": True,
                    "processors": [
                        {
                            "type": "MetadataExtraction",
                            "parameters": [
                                {
                                    "parameter_name": "JsonParsingEngine",
                                    "parameter_value": "JQ-1.6",
                                },
                                {
                                    "parameter_name": "MetadataExtractionQuery",
                                    "parameter_value": PARTITION_QUERY,
                                },
                            ],
                        },
                        {"type": "AppendDelimiterToRecord"},
                    ],
                },
                "cloudwatch_logging_options": {
                    "enabled": True,
                    "log_group_name": log.name,
                    "log_stream_name": log_stream.name,
                },
            },
            # AWS uses both roles while it creates the delivery stream.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[reader_policy, writer_policy]),
        )
        self.register_outputs(
            {"streamName": self.stream.name, "deliveryStreamName": self.delivery_stream.name}
        )


def arrival_seconds(buffer_seconds: int) -> int:
    """Return after how many seconds what is under way to the bucket has arrived."""
    return buffer_seconds * 3 // 2 + _UNDER_WAY_S


def read_policy(stream_arn: str) -> str:
    """Return the policy by which Firehose reads the stream.

    Source: https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#access-kinesis
    """
    actions = ("DescribeStream", "GetShardIterator", "GetRecords", "ListShards")
    return allow_policy([([f"kinesis:{action}" for action in actions], stream_arn)])


def write_policy(bucket_arn: str, prefixes: tuple[str, ...], log_stream_arn: str) -> str:
    """Return the policy by which Firehose writes under the prefixes, and to its error log.

    Source: https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-s3
    """
    on_bucket = ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"]
    on_objects = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"]
    return allow_policy(
        [
            (on_bucket, bucket_arn),
            *((on_objects, f"{bucket_arn}/{prefix}/*") for prefix in prefixes),
            ("logs:PutLogEvents", log_stream_arn),
        ]
    )
