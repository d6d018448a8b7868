"""KinesisPutRecord: an operation whose body becomes one record of a Kinesis stream."""

from dataclasses import dataclass

import pulumi
from pulumi_aws import kinesis

from components.api.service_action import ActionArgs, Service, ServiceAction


@dataclass(frozen=True, kw_only=True)
class KinesisPutRecordArgs(ActionArgs):
    stream: kinesis.Stream
    """Gets one record a request. The stage must name it in the variable that the template reads."""


class KinesisPutRecord(ServiceAction):
    """Request body -> one Kinesis record; a success only if the stream took it."""

    service = Service(
        name="kinesis",
        content_type="application/x-amz-json-1.1",
        # https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecord.html#API_PutRecord_Errors
        throttled=("ThroughputExceeded", "Throttling", "LimitExceeded"),
        invalid=("Validation", "InvalidArgument"),
    )
    action = "PutRecord"

    def __init__(
        self, name: str, args: KinesisPutRecordArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(name, args, [args.stream.arn], opts)
