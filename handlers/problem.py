"""Answers that say what went wrong, as `application/problem+json` (RFC 9457)."""

import json
from http import HTTPStatus


class ProblemError(Exception):
    """The caller's fault. `status` and `detail` are what the caller is told."""

    def __init__(self, status: HTTPStatus, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail


def problem_body(problem: ProblemError, request_id: str) -> str:
    """Return the body that tells a client of `problem`.

    >>> problem_body(ProblemError(HTTPStatus.NOT_FOUND, "no such recording"), "r1")
    '{"type": "about:blank", "title": "Not Found", "status": 404, "detail": "no such recording", \
"requestId": "r1"}'
    """
    return json.dumps(
        {
            "type": "about:blank",
            "title": problem.status.phrase,
            "status": problem.status.value,
            "detail": problem.detail,
            "requestId": request_id,
        }
    )
