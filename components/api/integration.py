"""What every direct service integration of API Gateway says in the same way."""

from typing import TypedDict

from components.api.mapping_template import mapping_template

Integration = dict[str, object]
"""`x-amazon-apigateway-integration` of one operation, plain JSON."""


class IntegrationResponse(TypedDict, total=False):
    """An entry of an integration's `responses`; its key is a regex on the service's status."""

    statusCode: str
    contentHandling: str
    responseParameters: dict[str, str]
    responseTemplates: dict[str, str]


# The two forms in which a service says no. On AWS its JSON services answer 400 to nearly all of it.
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


def action_integration(  # noqa: PLR0913 - each is a field of the integration
    *,
    region: str,
    service: str,
    action: str,
    content_type: str,
    role_arn: str,
    request_templates: dict[str, str],
    responses: dict[str, IntegrationResponse],
) -> Integration:
    """Return the integration that sends a rendered template to one action of a service.

    `responses` says what success and refusal become; whatever else the service says is a 502.

    Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-integration.html
    """
    return {
        "type": "aws",
        "httpMethod": "POST",  # what the service expects, whatever the operation's own verb
        "uri": f"arn:aws:apigateway:{region}:{service}:action/{action}",
        "credentials": role_arn,
        "passthroughBehavior": "never",  # a body without a template of ours is a 415
        "requestParameters": {"integration.request.header.Content-Type": f"'{content_type}'"},
        "requestTemplates": request_templates,
        "responses": {
            **responses,
            "default": problem_response(502, mapping_template("bad_gateway.vtl")),
        },
    }
