"""health.vtl."""

import json

from components.api.health import health_integration
from sandbox.gateway.request import Answer
from tests.sandbox.test_gateway_given import api_body, ask, operation, serving


def answered(**headers: str) -> Answer:
    gateway = serving(api_body({"/health": {"get": operation(dict(health_integration()))}}))
    return ask(gateway, method="GET", path="/v1/health", headers=headers)


def test_it_says_what_the_stage_runs() -> None:
    answer = answered()

    assert (answer.status, json.loads(answer.body)) == (200, {"status": "ok", "release": "abc123"})
    assert answer.headers["Content-Type"] == "application/json"


def test_a_token_changes_nothing() -> None:
    assert answered(Authorization="Bearer x").body == answered().body
