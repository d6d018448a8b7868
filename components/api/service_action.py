"""ServiceAction: an operation that calls one action of an AWS service with a rendered template."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from itertools import combinations

import pulumi

from components.api.integration import (
    REFUSAL,
    SUCCESS,
    Integration,
    bad_gateway,
    json_response,
    problem_response,
)
from components.api.mapping_template import TEMPLATES, mapping_template
from components.foundation.role import gateway_role

# RFC 9110's names; Python's own differ by version.
_TITLES = {HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Content Too Large"}


@dataclass(frozen=True, kw_only=True)
class ErrorAnswer:
    """What a client reads when the service answers 4xx: the first that fits the error is taken."""

    error_type: str = ""
    """Part of the error's `__type`; any type fits when it is empty."""
    message: str = ""
    """Part of the error's message; any message fits when it is empty.

    VTL cannot end a request. A request template that refuses one sends the service a value that it
    is sure to reject, and the service's message repeats that value.
    """
    status: int = 400
    """409 and 429 mean that nothing was done."""
    detail: str
    """Of the problem."""


@dataclass(frozen=True, kw_only=True)
class ActionTemplates:
    """What one operation sends to an action, and what it answers."""

    request: Mapping[str, str]
    """Mapping template by the media type of the request. A GET has `application/json`."""
    response: str
    """Mapping template of a success."""
    status: int = 200
    """Of a success."""
    errors: tuple[ErrorAnswer, ...] = ()
    """Asked in this order, after those of a service at its limit."""
    refusal: str = "The service behind this operation did not take the request."
    """Detail of the 400 for a request that the service rejected without saying which value."""
    settled: str = ""
    """Mapping template that sets `$isSettled` of a 4xx: whether it means that nothing was left to
    do. Then the answer is that of a success; without a template, no 4xx is one."""

    def __post_init__(self) -> None:
        named = [one.message for one in self.errors if one.message]
        for earlier, later in combinations(named, 2):
            if earlier in later:
                raise ValueError(f"the answer to {later!r} comes after the one to {earlier!r}")


@dataclass(frozen=True, kw_only=True)
class Service:
    """How an AWS service with a JSON protocol is called, and how it says no."""

    name: str
    """In the URI of an integration, such as `dynamodb`."""
    content_type: str
    """Of its protocol."""
    throttled: tuple[str, ...]
    """Parts of the error types that mean: over a limit, and nothing was done."""
    invalid: tuple[str, ...]
    """Parts of the error types of a request that the caller must change."""


@dataclass(frozen=True, kw_only=True)
class ActionArgs:
    region: str
    """AWS Region of the resource, such as `eu-west-1`."""
    templates: ActionTemplates
    """Of the operation that the component serves."""


class ServiceAction(pulumi.ComponentResource):
    """Request -> one action, on one of the resources. Its subclasses name the action."""

    service: Service
    action: str
    """As in the service's API reference, such as `PutItem`."""
    integration: pulumi.Output[Integration]
    """`x-amazon-apigateway-integration` for the operation that it serves."""

    def __init__(
        self,
        name: str,
        args: ActionArgs,
        resource_arns: Sequence[pulumi.Input[str]],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(f"rrweb:index:{type(self).__name__}", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        action = f"{self.service.name}:{self.action}"
        role_arn = gateway_role(name, [(action, one) for one in resource_arns], child)
        self.integration = role_arn.apply(
            lambda arn: action_integration(self.service, self.action, args, arn)
        )
        self.register_outputs({"integration": self.integration})


def action_integration(
    service: Service, action: str, args: ActionArgs, role_arn: str
) -> Integration:
    """Return the integration that sends a rendered template to the action.

    Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-integration.html
    """
    templates = args.templates
    return {
        "type": "aws",
        "httpMethod": "POST",  # what the service expects, whatever the operation's own verb
        "uri": f"arn:aws:apigateway:{args.region}:{service.name}:action/{action}",
        "credentials": role_arn,
        "passthroughBehavior": "never",  # a body without a template of ours is a 415
        # A binary body reaches the template as base64, a text body as it is.
        # https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings-workflow.html
        "contentHandling": "CONVERT_TO_TEXT",
        "requestParameters": {
            "integration.request.header.Content-Type": f"'{service.content_type}'"
        },
        "requestTemplates": dict(templates.request),
        "responses": {
            SUCCESS: json_response(templates.status, templates.response),
            REFUSAL: problem_response(400, problem_template(service, templates)),
            "default": bad_gateway(),
        },
    }


def problem_template(service: Service, templates: ActionTemplates) -> str:
    """Return the mapping template that makes a 4xx of the service a problem."""
    throttled = (
        "The service behind this operation is at its limit and did nothing. Send the request again "
        "after Retry-After seconds."
    )
    errors = [
        *(ErrorAnswer(error_type=one, status=429, detail=throttled) for one in service.throttled),
        *templates.errors,
        *(ErrorAnswer(error_type=one, detail=templates.refusal) for one in service.invalid),
    ]
    problem = mapping_template(
        TEMPLATES / "service_problem.vtl", answers=[_row(one) for one in errors]
    )
    return f"{templates.settled}\n{_settled(templates, problem)}" if templates.settled else problem


def _settled(templates: ActionTemplates, problem: str) -> str:
    """Return the template of the problem, or of a success if `$isSettled`."""
    overrides = (
        f"#set($context.responseOverride.status = {templates.status})",
        "#set($context.responseOverride.header['Content-Type'] = \"application/json\")",
    )
    return "\n".join(("#if(!$isSettled)", problem, "#else", *overrides, templates.response, "#end"))


def _row(answer: ErrorAnswer) -> list[str | int]:
    status = HTTPStatus(answer.status)
    title = _TITLES.get(status, status.phrase)
    return [answer.error_type, answer.message, answer.status, title, answer.detail]
