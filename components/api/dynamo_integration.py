"""What the integrations of DynamoDB's actions have in common."""

from components.api.integration import (
    REFUSAL,
    SUCCESS,
    Integration,
    action_integration,
    json_response,
    problem_response,
)
from components.api.mapping_template import mapping_template


def dynamo_integration(  # noqa: PLR0913 - each is a part of the integration
    *,
    region: str,
    action: str,
    role_arn: str,
    request_template: str,
    status: int,
    response_template: str,
    refusal: str,
    problem_template: str = "dynamodb_problem.vtl",
) -> Integration:
    """Return the integration that sends `request_template` to an action of DynamoDB.

    `refusal` is what a client reads, with 400, when its request was refused and DynamoDB does not
    name what `request_template` refused.
    """
    return action_integration(
        region=region,
        service="dynamodb",
        action=action,
        content_type="application/x-amz-json-1.0",
        role_arn=role_arn,
        request_templates={"application/json": request_template},
        responses={
            SUCCESS: json_response(status, response_template),
            REFUSAL: problem_response(400, mapping_template(problem_template, refusal=refusal)),
        },
    )
