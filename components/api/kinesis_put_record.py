"""KinesisPutRecord: an operation whose body becomes one record of a Kinesis stream."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

import pulumi
from pulumi_aws import kinesis

from components.api.integration import (
    REFUSAL,
    SUCCESS,
    Integration,
    action_integration,
    json_response,
    problem_response,
)
from components.api.mapping_template import mapping_template
from components.foundation.role import gateway_role

# Firehose refuses larger records when it partitions dynamically; Kinesis itself takes 1 MiB.
# https://docs.aws.amazon.com/firehose/latest/dev/limits.html
MAX_RECORD_BYTES = 1000 * 1024

Encoding = Literal["identity", "gzip"]

ENCODING_BY_MEDIA_TYPE: Mapping[str, Encoding] = MappingProxyType(
    {
        "application/json": "identity",
        "application/x-ndjson": "identity",
        "application/gzip": "gzip",
    }
)


@dataclass(frozen=True, kw_only=True)
class KinesisPutRecordArgs:
    stream: kinesis.Stream
    """Gets one record a request. The stage must name it in its variable `streamName`."""
    region: str
    """AWS Region of the stream, such as `eu-west-1`."""
    encoding_by_media_type: Mapping[str, Encoding] = field(
        default_factory=lambda: ENCODING_BY_MEDIA_TYPE
    )
    """What a body of each media type is: text, or gzip, which the API must list as binary."""
    max_record_bytes: int = MAX_RECORD_BYTES
    """A body whose record would be larger is answered with 413. 1 to 1,048,576."""

    def __post_init__(self) -> None:
        # https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecord.html
        if not 1 <= self.max_record_bytes <= 1024 * 1024:
            raise ValueError(f"max_record_bytes must be 1..1048576, got {self.max_record_bytes}")


class KinesisPutRecord(pulumi.ComponentResource):
    """Request body -> one Kinesis record; 202 if the stream took it, a problem if not."""

    integration: pulumi.Output[Integration]
    """`x-amazon-apigateway-integration` for the operation that it serves."""

    def __init__(
        self, name: str, args: KinesisPutRecordArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("rrweb:index:KinesisPutRecord", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        role_arn = gateway_role(name, [("kinesis:PutRecord", args.stream.arn)], child)
        self.integration = role_arn.apply(lambda arn: put_record_integration(args, arn))
        self.register_outputs({"integration": self.integration})


def put_record_integration(args: KinesisPutRecordArgs, role_arn: str) -> Integration:
    """Return the integration that sends the rendered template to Kinesis PutRecord."""
    return {
        **action_integration(
            region=args.region,
            service="kinesis",
            action="PutRecord",
            content_type="application/x-amz-json-1.1",
            role_arn=role_arn,
            request_templates={
                media_type: mapping_template(
                    "put_record.vtl", encoding=encoding, maxRecordBytes=args.max_record_bytes
                )
                for media_type, encoding in args.encoding_by_media_type.items()
            },
            responses={
                SUCCESS: json_response(202, mapping_template("stored.vtl")),
                REFUSAL: problem_response(400, mapping_template("put_record_problem.vtl")),
            },
        ),
        # A binary body reaches the template as base64, a text body as it is.
        # https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings-workflow.html
        "contentHandling": "CONVERT_TO_TEXT",
    }
