"""S3GetObject: an operation that answers with the bytes of one object of a bucket."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_aws import s3

from components.api.integration import SUCCESS, Integration, bad_gateway
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

# Whatever the bytes are, a browser must not take them for a page, a script or a style of ours.
# https://cheatsheetseries.owasp.org/cheatsheets/HTTP_Headers_Cheat_Sheet.html
INERT_HEADERS: Mapping[str, str] = {
    "Content-Disposition": "attachment",
    "Content-Security-Policy": "sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
# A browser may keep the bytes, and asks with the token of the moment before each use: the next user
# of that browser gets a 404, or a 304 for bytes of their own. Even a cache that asks nobody, as
# fetch's `force-cache` does, has nothing for another token.
CACHE_HEADERS: Mapping[str, str] = {
    "Cache-Control": "private, no-cache",
    "Vary": "Accept, Authorization",
}


@dataclass(frozen=True, kw_only=True)
class S3GetObjectArgs:
    bucket: s3.Bucket
    """Holds the objects."""
    region: str
    """AWS Region of the bucket, such as `eu-west-1`."""
    key: ObjectKey
    """Of the object."""
    media_types: tuple[str, ...]
    """What an object may be served as, whatever it was stored as. All must be binary to the API."""
    not_found: str
    """Detail of the 404."""

    def __post_init__(self) -> None:
        for hostile in ("html", "xml", "svg", "javascript", "text/"):
            if any(hostile in one for one in self.media_types):
                raise ValueError(f"media_types must be inert, got one of {hostile}")


class S3GetObject(pulumi.ComponentResource):
    """Path -> the object under the user's prefix, byte for byte; 404 if there is none."""

    integration: pulumi.Output[Integration]
    """`x-amazon-apigateway-integration` for the operation that it serves."""

    def __init__(
        self, name: str, args: S3GetObjectArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("rrweb:index:S3GetObject", name, None, opts)
        role_arn = reader_role(name, args.bucket, args.key, pulumi.ResourceOptions(parent=self))
        self.integration = pulumi.Output.all(args.bucket.bucket, role_arn).apply(
            lambda known: get_object_integration(args, str(known[0]), str(known[1]))
        )
        self.register_outputs({"integration": self.integration})


def reader_role(
    name: str, bucket: s3.Bucket, key: ObjectKey, opts: pulumi.ResourceOptions
) -> pulumi.Output[str]:
    """Return the ARN of a role by which API Gateway may get the objects of `key`.

    It may also list the bucket, which the integration never does: without that permission, S3
    answers 403 for a missing object.
    https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html#API_GetObject_RequestSyntax
    """
    statements = [("s3:GetObject", object_arns(bucket, key)), ("s3:ListBucket", bucket.arn)]
    return gateway_role(name, statements, opts)


def get_object_integration(args: S3GetObjectArgs, bucket: str, role_arn: str) -> Integration:
    """Return the integration that answers with what S3 GetObject gives.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
    """
    return object_integration(
        region=args.region,
        bucket=bucket,
        key=args.key,
        http_method="GET",
        role_arn=role_arn,
        request_parameters={
            # For a request with a Content-Type, for which the template does not run.
            "integration.request.querystring.response-content-type": "'application/octet-stream'",
            **header_mapping({}, {"If-None-Match": "method.request.header.If-None-Match"}),
        },
        request_templates={
            "application/json": mapping_template(
                TEMPLATES / "get_object.vtl", mediaTypes=args.media_types
            )
        },
        responses={
            SUCCESS: {
                "statusCode": "200",
                "contentHandling": "CONVERT_TO_BINARY",
                "responseParameters": found_headers(args.media_types),
            },
            "304": {
                "statusCode": "304",
                "responseParameters": found_headers(()),
            },
            "400": refusal(400, "Bad Request", "The path is too long."),
            "404": refusal(404, "Not Found", args.not_found),
            "503": slow_down(),
            "default": bad_gateway(),
        },
    )


def found_headers(media_types: tuple[str, ...]) -> dict[str, str]:
    """Return `responseParameters` of an answer about an object that is there."""
    fixed = {**INERT_HEADERS, **CACHE_HEADERS}
    from_s3 = ["ETag", *(["Content-Type"] if media_types else [])]
    return {
        **{f"method.response.header.{name}": f"'{value}'" for name, value in fixed.items()},
        **{
            f"method.response.header.{name}": f"integration.response.header.{name}"
            for name in from_s3
        },
    }
