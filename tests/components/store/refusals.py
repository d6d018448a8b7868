"""What a client reads when a service rejects a value that a request template put there."""

import json
from collections.abc import Mapping
from typing import Any

import botocore.session
from botocore.model import ServiceModel

from components.api.service_action import ActionTemplates, Service, problem_template
from sandbox.gateway.request_model import validation_errors
from tests.vtl import Rendered, rendered


def answered(
    service: Service, action: str, templates: ActionTemplates, request: Mapping[str, str]
) -> Rendered:
    """Return the answer when the service finds the request invalid, and says so in its words."""
    session: Any = botocore.session.get_session()  # botocore is untyped
    model: Any = ServiceModel(
        session.get_component("data_loader").load_service_model(service.name, "service-2")
    )
    messages = validation_errors(model.operation_model(action).input_shape, dict(request))
    return answered_error(service, templates, "; ".join(messages))


def answered_error(service: Service, templates: ActionTemplates, message: str) -> Rendered:
    """Return the answer to a ValidationException with that message."""
    error = {"__type": "ValidationException", "message": message}
    return rendered(problem_template(service, templates), json.dumps(error))
