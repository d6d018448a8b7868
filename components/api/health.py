"""The integration that answers with the deployed release, without a service or a token."""

from components.api.integration import Integration
from components.api.mapping_template import TEMPLATES, mapping_template
from components.api.mock import mock_integration


def health_integration() -> Integration:
    """Return a mock that answers with the stage's release."""
    return mock_integration(mapping_template(TEMPLATES / "health.vtl"))
