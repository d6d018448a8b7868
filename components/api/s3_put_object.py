"""S3PutObject: an operation whose body becomes one object of a bucket, byte for byte."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi
from pulumi_aws import s3

from components.api.integration import (
    SUCCESS,
    Integration,
    IntegrationResponse,
    bad_gateway,
    json_response,
    problem_response,
)
from components.api.mapping_template import TEMPLATES, mapping_template
from components.api.object_key import ObjectKey
from components.api.s3_integration import (
    header_mapping,
    object_arns,
    object_integration,
    refusal,
    slow_down,
)
from components.foundation.role import gateway_role

# Types whose bodies API Gateway reads as UTF-8 text, which would alter the bytes, and types that a
# browser would run. API Gateway can refuse a type only by name: its template makes S3 reject it.
REFUSED_MEDIA_TYPES = (
    "application/javascript",
    "application/json",  # also a request without Content-Type
    "application/x-ndjson",
    "application/x-www-form-urlencoded",  # curl's default
    "application/xhtml+xml",
    "application/xml",
    "image/svg+xml",  # can hold scripts
    "multipart/form-data",
    "text/css",
    "text/csv",
    "text/html",
    "text/javascript",
    "text/markdown",
    "text/xml",
)


@dataclass(frozen=True, kw_only=True)
class S3PutObjectArgs:
    bucket: s3.Bucket
    """Gets one object a request."""
    region: str
    """AWS Region of the bucket, such as `eu-west-1`."""
    key: ObjectKey
    """Of the object."""
    static_headers: Mapping[str, str] = field(default_factory=dict[str, str])
    """Sent to S3 with each object, such as `{"If-None-Match": "*"}`, which never overwrites one."""
    mapped_headers: Mapping[str, str] = field(
        default_factory=lambda: {
            "Content-Type": "method.request.header.Content-Type",
            # S3 refuses a body that has another one; optional where the contract does not ask.
            "x-amz-checksum-sha256": "method.request.header.x-amz-checksum-sha256",
        }
    )
    """S3's headers that come from the request, by API Gateway's mapping expression."""
    refused_media_types: tuple[str, ...] = REFUSED_MEDIA_TYPES
    """Answered with 415. All that the API does not list as binary belongs here."""
    text_media_types: tuple[str, ...] = ()
    """Types, as clients may write them, whose bodies are stored as text if API Gateway takes them
    for text. Bytes that arrive so are refused: they are altered already."""
    forbidden: str = ""
    """Mapping template of the 403 for a key that the role does not list; "" has none such."""


class S3PutObject(pulumi.ComponentResource):
    """Request body -> one object under the user's prefix; 200 if S3 stored it, a problem if not."""

    integration: pulumi.Output[Integration]
    """`x-amazon-apigateway-integration` for the operation that it serves."""

    def __init__(
        self, name: str, args: S3PutObjectArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("rrweb:index:S3PutObject", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        objects = object_arns(args.bucket, args.key)
        role_arn = gateway_role(name, [("s3:PutObject", objects)], child)
        self.integration = pulumi.Output.all(args.bucket.bucket, role_arn).apply(
            lambda known: put_object_integration(args, str(known[0]), str(known[1]))
        )
        self.register_outputs({"integration": self.integration})


def put_object_integration(args: S3PutObjectArgs, bucket: str, role_arn: str) -> Integration:
    """Return the integration that sends the body to S3 PutObject.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
    """
    refused = mapping_template(TEMPLATES / "put_object_refused.vtl")
    return object_integration(
        region=args.region,
        bucket=bucket,
        key=args.key,
        http_method="PUT",
        role_arn=role_arn,
        request_parameters=header_mapping(args.static_headers, args.mapped_headers),
        request_templates={
            **dict.fromkeys(args.refused_media_types, refused),
            **dict.fromkeys(
                args.text_media_types, mapping_template(TEMPLATES / "put_object_text.vtl")
            ),
        },
        responses={
            SUCCESS: json_response(200, mapping_template(TEMPLATES / "stored.vtl")),
            "400": problem_response(400, mapping_template(TEMPLATES / "put_object_problem.vtl")),
            **({"403": problem_response(403, args.forbidden)} if args.forbidden else {}),
            **(_already_there() if "If-None-Match" in args.static_headers else {}),
            "503": slow_down(),
            "default": bad_gateway(),
        },
    )


def _already_there() -> dict[str, IntegrationResponse]:
    """Return the responses to a conditional write that S3 did not do.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
    """
    return {
        "412": refusal(412, "Precondition Failed", "It is stored already, and is unchanged."),
        "409": refusal(
            409, "Conflict", "Another request writes or deletes it at this moment. Send it again."
        ),
    }
