"""A store behind httpx's MockTransport, and a terminal that runs `rrweb-store` against it."""

import base64
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from rrweb_store.app import App
from rrweb_store.main import main
from rrweb_store.sign_ins import SignIn
from rrweb_store.store_config import StoreConfig

CONFIG = StoreConfig(
    site_url="https://replay.example",
    api_url="https://api.example/v1",
    sign_in_url="https://login.example",
    issuer_url="https://issuer.example/pool",
    client_id="client-1",
)
CONFIG_JSON = {
    "apiUrl": "https://api.example/v1/",
    "issuerUrl": "https://issuer.example/pool",
    "userPoolId": "pool",
    "userPoolClientId": "client-1",
    "signInUrl": "https://login.example",
    "siteUrl": "https://replay.example",
    "region": "eu-west-1",
    "release": "r1",
}

Answer = httpx.Response | Callable[[httpx.Request], httpx.Response] | BaseException


def id_token(number: int = 1, *, lasts_s: float = 3600, **different: object) -> str:
    """Return a token whose signature nobody checks."""
    claims = {
        "iss": CONFIG.issuer_url,
        "aud": CONFIG.client_id,
        "email": "ada@example.com",
        "exp": time.time() + lasts_s,
        "number": number,
        **different,
    }
    parts = (b'{"alg":"RS256"}', json.dumps(claims).encode(), b"x")
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def events_page(
    body: bytes, cursor: str = "c1", more: str = "false", **headers: str
) -> httpx.Response:
    """Return a page of getEvents."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(
        200,
        content=body,
        headers={"Next-Cursor": cursor, "Has-More": more, "Events-Skipped": "0", **named},
    )


def problem(status: int, detail: str, **headers: str) -> httpx.Response:
    body = {"type": "about:blank", "title": "No", "status": status, "detail": detail}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return json_answer({**body, "requestId": "r-1"}, status, **named)


def json_answer(value: object, status: int = 200, **headers: str) -> httpx.Response:
    """Return an answer in ASCII, which may hold halves of characters."""
    return httpx.Response(status, content=json.dumps(value).encode(), headers=headers)


@dataclass
class FakeStore:
    """Answers each request with the next answer for its method and path; the last one stays."""

    asked: list[httpx.Request] = field(default_factory=list[httpx.Request])
    patterns: list[tuple[re.Pattern[str], Answer]] = field(
        default_factory=list[tuple[re.Pattern[str], "Answer"]]
    )
    """For all methods and paths that fit, where `on` has no answer."""
    _answers: dict[tuple[str, str], list[Answer]] = field(
        default_factory=dict[tuple[str, str], "list[Answer]"]
    )

    def on(self, method: str, path: str, *answers: Answer) -> None:
        self._answers[method, path] = list(answers)

    def handle(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        named = f"{request.method} {request.url.path}"
        fitting = [answer for pattern, answer in self.patterns if pattern.fullmatch(named)]
        answers = self._answers.get((request.method, request.url.path), fitting[:1])
        if not answers:
            return problem(404, f"No such route: {named}")
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, BaseException):
            raise answer
        if isinstance(answer, httpx.Response):
            # A response is read once.
            headers, content = answer.headers, answer.content
            return httpx.Response(answer.status_code, headers=headers, content=content)
        return answer(request)

    def bodies(self, method: str, path: str) -> list[bytes]:
        return [one.content for one in self.asked if (one.method, one.url.path) == (method, path)]


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str

    @property
    def values(self) -> list[Any]:
        return [json.loads(line) for line in self.out.split("\n") if line]


@dataclass
class Terminal:
    """Runs commands as a user who is signed in, unless told otherwise."""

    store: FakeStore
    folder: Path
    capture: pytest.CaptureFixture[str]
    waited: list[float] = field(default_factory=list[float])

    def sign_in(self, *, lasts_s: float = 3600) -> None:
        token = id_token(lasts_s=lasts_s)
        self.app().sign_ins.put(
            SignIn(
                config=CONFIG,
                id_token=token,
                refresh_token="refresh-1",
                expires_at=time.time() + lasts_s,
                email="ada@example.com",
            )
        )

    def app(self) -> App:
        return App(
            folder=self.folder,
            transport=httpx.MockTransport(self.store.handle),
            sleep=self.waited.append,
        )

    def run(self, *arguments: str) -> Said:
        self.capture.readouterr()
        code = main(arguments, self.app())
        said = self.capture.readouterr()
        return Said(code, said.out, said.err)
