"""A recordingId is 1 to 64 of `A-Z a-z 0-9 - _`; anything else is refused and does nothing."""

from urllib.parse import quote

import pytest

from tests.e2e.answers import exactly
from tests.e2e.contract import BY_ID, OF_ONE_RECORDING, Operation, name_of
from tests.e2e.store import Store, Traces, Watch
from tests.e2e.user import User, new_id

pytestmark = pytest.mark.e2e

BAD_IDS = {
    "65 characters": "a" * 65,
    "a parent folder": quote("../x", safe=""),
    "two dots": quote("..", safe="").replace(".", "%2E"),
    "a dot": "%2E",
    "a dot inside": "a.b",
    "a slash": "a%2Fb",
    "a slash, encoded twice": "a%252Fb",
    "a backslash": "a%5Cb",
    "a quote": "a%22b",
    "an apostrophe": "a'b",
    "a space": "a%20b",
    "a line break": "a%0Ab",
    "a line break at its end": "a%0A",
    "NUL": "%00",
    "NUL at its end": "a%00",
    "a variable": "$x",
    "a variable in braces": quote("${context.authorizer.claims.sub}", safe=""),
    "a directive": quote("#set($user = 'x')", safe=""),
    "JSON that closes a string": quote('a","recordingId":"b', safe=""),
    "a partition": quote("userId=x", safe=""),
    "an emoji": quote("🚢"),
    "a letter with an accent": quote("é"),
    "a digit that is not ASCII": quote("٣"),
    "no UTF-8": "%FF",
    "half of a surrogate pair": "%ED%A0%80",
    "a percent sign": "%25",
    "a star": "*",
    "a question mark": "a%3Fb",
    "a semicolon": "a;b",
}
"""As they stand in the request's path, by what is wrong with them."""

NO_ROUTES = {
    "a slash": "a/b",
    "a parent folder": "../x",
    "a parent folder behind an id": "a/../b",
    "two slashes": "//a",
}
"""Ids that make another path of it."""

GOOD_IDS = {
    "one character": "x",
    "64 characters": "Az09-_" + "x" * 58,
    "a dash": "-",
    "digits": "0",
    "an escape that need not be": "%61",
}

EVERY_OPERATION = pytest.mark.parametrize("operation", OF_ONE_RECORDING, ids=name_of)


def status(user: User, operation: Operation, recording_id: str) -> int:
    """Return the status of the answer to a request with the id as it is given."""
    answer = exactly(
        user.api_url,
        operation.method,
        operation.target(recording_id),
        headers={**operation.headers(recording_id), **user.auth},
        body=operation.body(recording_id),
    )
    return answer.status


@EVERY_OPERATION
@pytest.mark.parametrize("recording_id", BAD_IDS.values(), ids=BAD_IDS)
def test_a_bad_id_is_refused(owner: User, operation: Operation, recording_id: str) -> None:
    expected = {400}
    if operation.goes_to_s3:
        # What a policy reads as its own is taken for an id: an odd key under the user's prefix. But
        # getScreenshot is the function's, which looks at the id itself.
        expected = {200, 400, 404, 412} if recording_id in {"$x", "*"} else {403}

    assert status(owner, operation, recording_id) in expected


@EVERY_OPERATION
@pytest.mark.parametrize("recording_id", NO_ROUTES.values(), ids=NO_ROUTES)
def test_an_id_that_makes_another_path_finds_no_route(
    owner: User, operation: Operation, recording_id: str
) -> None:
    assert status(owner, operation, recording_id) in {400, 403, 404}


@EVERY_OPERATION
def test_without_an_id_the_path_is_the_list_or_no_route(owner: User, operation: Operation) -> None:
    # A slash at the end is ignored: `GET /recordings/` is `GET /recordings`.
    expected = {"getRecording": {200}}.get(operation.operation_id, {403})

    assert status(owner, operation, "") in expected


@pytest.mark.sandbox_only
@EVERY_OPERATION
def test_a_bad_id_has_no_effect(owner: User, watch: Watch, operation: Operation) -> None:
    bad = [*BAD_IDS.values(), *NO_ROUTES.values()]
    if operation.goes_to_s3:
        bad = [one for one in bad if one not in {"$x", "*"}]

    statuses = {status(owner, operation, recording_id) for recording_id in bad}

    assert statuses <= {400, 403, 404}
    assert watch.traces() == Traces()


@EVERY_OPERATION
@pytest.mark.parametrize("recording_id", GOOD_IDS.values(), ids=GOOD_IDS)
def test_a_good_id_is_taken(other: User, operation: Operation, recording_id: str) -> None:
    refused = {403} if operation.goes_to_s3 and "%" in recording_id else set[int]()

    assert status(other, operation, recording_id) not in {400, 403, 502} - refused


@pytest.mark.sandbox_only
def test_an_id_counts_as_it_is_decoded(other: User, store: Store) -> None:
    recording_id = new_id()
    escaped = "".join(f"%{ord(letter):02x}" for letter in recording_id)

    status(other, BY_ID["createRecording"], escaped)

    assert f"{other.sub}/{recording_id}" in store.items(other.sub)
