"""S3HeadObject: an operation that says whether an object is in a bucket."""

from dataclasses import dataclass

import pulumi
from pulumi_aws import s3

from components.api.integration import SUCCESS, Integration
from components.api.object_key import ObjectKey
from components.api.s3_get_object import found_headers, reader_role
from components.api.s3_integration import object_integration


@dataclass(frozen=True, kw_only=True)
class S3HeadObjectArgs:
    bucket: s3.Bucket
    """Holds the objects."""
    region: str
    """AWS Region of the bucket, such as `eu-west-1`."""
    key: ObjectKey
    """Of the object."""


class S3HeadObject(pulumi.ComponentResource):
    """Path -> 200 and `Last-Modified` of an object of the user, or 404; never a body."""

    integration: pulumi.Output[Integration]
    """`x-amazon-apigateway-integration` for the operation that it serves."""

    def __init__(
        self, name: str, args: S3HeadObjectArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("rrweb:index:S3HeadObject", name, None, opts)
        role_arn = reader_role(name, args.bucket, args.key, pulumi.ResourceOptions(parent=self))
        self.integration = pulumi.Output.all(args.bucket.bucket, role_arn).apply(
            lambda known: head_object_integration(args, str(known[0]), str(known[1]))
        )
        self.register_outputs({"integration": self.integration})


def head_object_integration(args: S3HeadObjectArgs, bucket: str, role_arn: str) -> Integration:
    """Return the integration that asks S3 HeadObject.

    Neither side has a body, so no template: a HEAD has no room for a problem.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
    """
    return object_integration(
        region=args.region,
        bucket=bucket,
        key=args.key,
        http_method="HEAD",
        role_arn=role_arn,
        request_parameters={},
        request_templates={},
        responses={
            SUCCESS: {
                "statusCode": "200",
                "responseParameters": {
                    **found_headers(()),
                    "method.response.header.Last-Modified": (
                        "integration.response.header.Last-Modified"
                    ),
                },
            },
            **{status: {"statusCode": status} for status in ("400", *args.key.refusals, "404")},
            "503": {
                "statusCode": "429",
                "responseParameters": {"method.response.header.Retry-After": "'1'"},
            },
            "default": {"statusCode": "502"},
        },
    )
