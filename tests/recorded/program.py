"""The program's API, served by the sandbox's gateway, with services that say what a check asks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from unittest.mock import patch

import httpx

from components.api.contract import Document
from sandbox.gateway.api import Api
from sandbox.gateway.authorizer import CognitoAuthorizer
from sandbox.gateway.gateway import Gateway
from sandbox.gateway.request import Answer, Request
from sandbox.gateway.undecided import Undecided
from tests.engine import Engine, deploy_program
from tests.program.given import body_of
from tests.sandbox.test_gateway_given import calling

USER = "11111111-2222-3333-4444-555555555555"
RECORDING = "/recordings/a-recording"


@dataclass(frozen=True)
class Exchange:
    """An answer, and what the services got for it."""

    answer: Answer
    sent: list[httpx.Request] = field(default_factory=list[httpx.Request])


@cache
def engine() -> Engine:
    """Return what the program registers in the stack `dev`."""
    return deploy_program("dev")


@cache
def body() -> Document:
    """Return the body that the API is imported from."""
    return body_of(engine())


def ask(
    method: str,
    path: str,
    content: bytes = b"",
    *,
    headers: Mapping[str, str] | None = None,
    says: httpx.Response | None = None,
    undecided: Undecided | None = None,
) -> Exchange:
    """Return the answer to a signed-in user, and what the services got; `says` is their answer."""
    stage = engine().of_type("aws:apigateway/stage:Stage")["api"]
    sent: list[httpx.Request] = []

    def service(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return says or httpx.Response(200, json={})

    api = Api(
        body=body(),
        stage=stage["stageName"],
        stage_variables=stage["variables"],
        region="eu-west-1",
        undecided=undecided or Undecided(),
    )
    gateway = Gateway(api, calling(service), cognito_url="http://none.invalid", operator_keys={})
    with patch.object(CognitoAuthorizer, "claims", _claims):
        answer = gateway.answer(
            Request(
                method=method,
                raw_path=f"/{api.stage}{path}",
                raw_query="",
                headers=tuple((headers or {}).items()),
                body=content,
            )
        )
    return Exchange(answer, sent)


def _claims(_authorizer: CognitoAuthorizer, _header: str) -> dict[str, Any]:
    return {"sub": USER}
