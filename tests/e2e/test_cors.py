"""A page of any origin may call the API: preflights allow what the recorder and the player send.

That every answer, errors too, has its CORS header is checked with every answer that any test gets.
"""

import httpx
import pytest

from tests.e2e.contract import OF_USERS, OPERATIONS, Operation, name_of
from tests.e2e.stack import Stack
from tests.e2e.user import User, new_id

pytestmark = pytest.mark.e2e

ORIGIN = "https://app.example.com"
SENT_HEADERS = {"authorization", "content-type", "content-encoding", "batch-sequence"}
READ_HEADERS = {
    "events-skipped",
    "has-more",
    "missing-sequences",
    "next-cursor",
    "retry-after",
    "tail",
}
PATHS = sorted({one.path for one in OPERATIONS})


def preflight(anonymous: User, target: str, method: str) -> httpx.Response:
    """Return the answer to what a browser asks first."""
    return anonymous.http.request(
        "OPTIONS",
        f"{anonymous.api_url}{target}",
        headers={
            "Origin": ORIGIN,
            "Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": ",".join(sorted(SENT_HEADERS)),
        },
    )


def names(answer: httpx.Response, header: str) -> set[str]:
    return {name.strip().lower() for name in answer.headers[header].split(",")}


@pytest.mark.parametrize("operation", OPERATIONS, ids=name_of)
def test_a_preflight_without_a_token_allows_what_clients_send(
    anonymous: User, operation: Operation
) -> None:
    answer = preflight(anonymous, operation.target(new_id()), operation.method)

    assert answer.status_code in {200, 204}
    assert answer.content == b""
    assert answer.headers["Access-Control-Allow-Origin"] in {"*", ORIGIN}
    assert operation.method.lower() in names(answer, "Access-Control-Allow-Methods")
    assert names(answer, "Access-Control-Allow-Headers") >= SENT_HEADERS


@pytest.mark.parametrize("path", PATHS)
def test_a_preflight_allows_the_methods_of_its_path_and_no_other(
    anonymous: User, path: str
) -> None:
    here = [one for one in OPERATIONS if one.path == path]
    methods = {one.method.lower() for one in here}

    answer = preflight(anonymous, here[0].target(new_id()), "GET")

    assert names(answer, "Access-Control-Allow-Methods") - {"options"} == methods


@pytest.mark.parametrize("operation", OPERATIONS, ids=name_of)
def test_a_browser_keeps_a_preflight_for_an_hour_or_more(
    anonymous: User, operation: Operation
) -> None:
    answer = preflight(anonymous, operation.target(new_id()), operation.method)

    assert int(answer.headers["Access-Control-Max-Age"]) >= 3600


@pytest.mark.parametrize("operation", OF_USERS, ids=name_of)
@pytest.mark.parametrize("known", [True, False])
def test_a_page_may_read_what_an_answer_says_in_its_headers(
    owner: User, operation: Operation, known: bool
) -> None:
    recording_id = owner.given_recording() if known else new_id()

    answer = owner.send(operation, recording_id, Origin=ORIGIN)

    assert names(answer, "Access-Control-Expose-Headers") >= READ_HEADERS - {"retry-after"}


@pytest.mark.parametrize("method", ["GET", "OPTIONS", "DELETE"])
def test_a_route_that_is_not_there_is_a_problem_that_a_page_may_read(
    owner: User, method: str
) -> None:
    answer = owner.http.request(method, f"{owner.api_url}/nowhere")

    assert answer.status_code in {403, 404}


@pytest.mark.parametrize("operation", OPERATIONS, ids=name_of)
def test_a_method_that_is_not_there_is_a_problem_that_a_page_may_read(
    owner: User, operation: Operation
) -> None:
    answer = owner.http.request("PATCH", f"{owner.api_url}{operation.target(new_id())}")

    assert answer.status_code in {403, 404, 405}


def test_the_release_is_said_to_a_page_of_any_origin_without_a_token(
    stack: Stack, anonymous: User
) -> None:
    answer = anonymous.get("/health")

    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.json() == {"status": "ok", "release": stack.exports["release"]}
