"""The integration that answers with the deployed release, without a service or a token."""

from components.api.integration import Integration
from components.api.mapping_template import TEMPLATES, mapping_template


def health_integration() -> Integration:
    """Return a mock that answers with the stage's release.

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
                "responseTemplates": {
                    "application/json": mapping_template(TEMPLATES / "health.vtl")
                },
            }
        },
    }
