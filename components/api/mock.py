"""The integration of an operation that a template answers alone, without a service."""

from components.api.integration import Integration


def mock_integration(template: str) -> Integration:
    """Return a mock that answers 200 with what the template renders, as JSON.

    Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-mock-integration.html
    """
    return {
        "type": "mock",
        "passthroughBehavior": "when_no_templates",
        "requestTemplates": {"application/json": '{"statusCode": 200}'},
        "responses": {
            "200": {
                "statusCode": "200",
                "responseParameters": {
                    "method.response.header.Content-Type": "'application/json'",
                },
                "responseTemplates": {"application/json": template},
            }
        },
    }
