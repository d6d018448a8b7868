"""What the integrations of API Gateway with S3 have in common: the path, and S3's refusals."""

from collections.abc import Mapping

import pulumi
from pulumi_aws import s3

from components.api.integration import Integration, IntegrationResponse, problem_response
from components.api.mapping_template import TEMPLATES, mapping_template
from components.api.object_key import ObjectKey


def object_integration(  # noqa: PLR0913 - each is a field of the integration
    *,
    region: str,
    bucket: str,
    key: ObjectKey,
    http_method: str,
    role_arn: str,
    request_parameters: Mapping[str, str],
    request_templates: Mapping[str, str],
    responses: Mapping[str, IntegrationResponse],
) -> Integration:
    """Return the integration that sends a request to S3 as it is: no template sees a binary body.

    A media type that has a template in `request_templates` gets that instead.

    Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/integrating-api-with-aws-services-s3.html
    """
    return {
        "type": "aws",
        "httpMethod": http_method,
        "uri": f"arn:aws:apigateway:{region}:s3:path/{bucket}/{key.template}",
        "credentials": role_arn,
        "passthroughBehavior": "when_no_match",
        "requestParameters": {**key.mapping, **request_parameters},
        "requestTemplates": dict(request_templates),
        "responses": dict(responses),
    }


def object_arns(bucket: s3.Bucket, key: ObjectKey) -> pulumi.Output[str | list[str]]:
    """Return the ARNs of the objects that `key` can name; one alone is no list."""

    def arns(bucket_arn: str) -> str | list[str]:
        all_of_them = [f"{bucket_arn}/{one}" for one in key.patterns]
        return all_of_them[0] if len(all_of_them) == 1 else all_of_them

    return bucket.arn.apply(arns)


def header_mapping(static: Mapping[str, str], mapped: Mapping[str, str]) -> dict[str, str]:
    """Return `requestParameters` for S3's headers: `static` values, and `mapped` ones by source.

    >>> header_mapping({"If-None-Match": "*"}, {})
    {'integration.request.header.If-None-Match': "'*'"}
    """
    both = {**{name: f"'{value}'" for name, value in static.items()}, **mapped}
    return {f"integration.request.header.{name}": source for name, source in both.items()}


def refusal(status: int, title: str, detail: str) -> IntegrationResponse:
    """Return the response that makes one status of S3 a problem of ours.

    S3 answers in XML, and its own words stay out of ours.
    """
    return problem_response(
        status,
        mapping_template(TEMPLATES / "problem.vtl", status=status, title=title, detail=detail),
    )


def slow_down() -> IntegrationResponse:
    """Return the response to S3's 503: the request rate is too high, and nothing was done.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList
    """
    answer = refusal(
        429,
        "Too Many Requests",
        "S3 is at its limit and did nothing. Send the request again after Retry-After seconds.",
    )
    headers = answer.get("responseParameters", {})
    return {
        **answer,
        "responseParameters": {**headers, "method.response.header.Retry-After": "'1'"},
    }
