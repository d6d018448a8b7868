"""Answers of the function, and problems (RFC 9457) that end a request with one."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import NamedTuple


class Answer(NamedTuple):
    """An answer to a client, without the headers that all have."""

    status: HTTPStatus
    headers: Mapping[str, str]
    body: str
    is_base64: bool
    log: Mapping[str, object]
    """Counts and ids only: neither events nor cursors nor tokens."""


class ProblemError(Exception):
    """The caller's fault. `status` and `detail` are what the caller is told."""

    def __init__(self, status: HTTPStatus, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail

    def answer(self, request_id: str) -> Answer:
        """Return the answer that tells a client of the problem."""
        problem = {
            "type": "about:blank",
            "title": self.status.phrase,
            "status": self.status.value,
            "detail": self.detail,
            "requestId": request_id,
        }
        headers = {"Content-Type": "application/problem+json"}
        log = {"detail": self.detail}
        return Answer(self.status, headers, json.dumps(problem), is_base64=False, log=log)
