"""What every direct service integration of API Gateway says in the same way."""

from typing import TypedDict

from components.api.mapping_template import TEMPLATES, mapping_template

Integration = dict[str, object]
"""`x-amazon-apigateway-integration` of one operation, plain JSON."""


class IntegrationResponse(TypedDict, total=False):
    """An entry of an integration's `responses`; its key is a regex on the service's status."""

    statusCode: str
    contentHandling: str
    responseParameters: dict[str, str]
    responseTemplates: dict[str, str]


# Keys of `responses`. The JSON services of AWS answer 400 to nearly every failure.
SUCCESS = r"2\d{2}"
REFUSAL = r"4\d{2}"


def json_response(status: int, template: str) -> IntegrationResponse:
    """Return the response of a success: `template` renders it as `application/json`."""
    return _response(status, "application/json", template)


def problem_response(status: int, template: str) -> IntegrationResponse:
    """Return the response of a failure: a problem of `status`, unless `template` overrides it.

    `status` must be unique among the operation's responses. One whose template decides uses 400:
    a caller that never sees the override still learns that nothing was done.
    """
    return _response(status, "application/problem+json", template)


def _response(status: int, media_type: str, template: str) -> IntegrationResponse:
    return {
        "statusCode": str(status),
        "responseParameters": {"method.response.header.Content-Type": f"'{media_type}'"},
        "responseTemplates": {"application/json": template},
    }


def bad_gateway() -> IntegrationResponse:
    """Return the response to whatever a service says that no other response is for."""
    return problem_response(502, mapping_template(TEMPLATES / "bad_gateway.vtl"))
