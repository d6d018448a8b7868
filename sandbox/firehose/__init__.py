"""Amazon Data Firehose with dynamic partitioning: reads a Kinesis stream, writes partitions to S3.

MiniStack's Firehose neither buffers, partitions nor compresses, so the sandbox has its own. In:
the Pulumi inputs of an `aws.kinesis.FirehoseDeliveryStream` (`parse_config`, which refuses what
Firehose refuses) and a factory of boto3 clients. Out: S3 objects, which `DeliveryStream` writes.
"""

from sandbox.firehose.config import FirehoseConfig, parse_config
from sandbox.firehose.delivery_stream import ClientFor, DeliveryStream
from sandbox.firehose.status import Faults, Status

__all__ = ["ClientFor", "DeliveryStream", "Faults", "FirehoseConfig", "Status", "parse_config"]
