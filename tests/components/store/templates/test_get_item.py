"""get_item.vtl and get_item_found.vtl: one recording of the token's user, or 404."""

import json
import re

import pytest
from hypothesis import assume, given

from components.store.recording_templates import get_recording
from tests.contract import CONTRACT
from tests.vtl import (
    BAD_RECORDING_IDS,
    GOOD_RECORDING_IDS,
    HOSTILE,
    LONE_SURROGATES,
    OWNER,
    RECORDING_ID,
    problem,
    rendered,
)

GET = get_recording(CONTRACT)
NOT_FOUND = problem(404, "Not Found", "There is no recording of this id.")
# The request came at 1,700,000,000.999 s.
LIVING = {
    "owner": {"S": OWNER},
    "recordingId": {"S": RECORDING_ID},
    "createdAtMs": {"N": "1699999999999"},
    "expiresAt": {"N": "1700000001"},
}
FOUND = {
    "recordingId": RECORDING_ID,
    "createdAtMs": 1_699_999_999_999,
    "expiresAtMs": 1_700_000_001_000,
    "hasScreenshot": False,
}


REFUSED = {"TableName": "a-table", "ReturnConsumedCapacity": "refused-recordingId"}


@pytest.mark.parametrize("recording_id", GOOD_RECORDING_IDS)
def test_the_key_is_the_tokens_user_and_the_paths_id(recording_id: str) -> None:
    answer = rendered(
        GET.request["application/json"],
        path={"recordingId": recording_id},
        query={"userId": "somebody"},
        headers={"userid": "somebody"},
    )

    assert answer.json == {
        "TableName": "a-table",
        "Key": {"owner": {"S": OWNER}, "recordingId": {"S": recording_id}},
        "ConsistentRead": True,
    }


@pytest.mark.parametrize("recording_id", BAD_RECORDING_IDS)
def test_any_other_id_is_sent_without_a_key(recording_id: str) -> None:
    answer = rendered(GET.request["application/json"], path={"recordingId": recording_id})

    assert answer.json == REFUSED


@given(HOSTILE)
def test_a_hostile_id_is_sent_without_a_key(recording_id: str) -> None:
    assume(not re.fullmatch("[A-Za-z0-9_-]{1,64}", recording_id))

    answer = rendered(GET.request["application/json"], path={"recordingId": recording_id})

    assert answer.json == REFUSED


def test_a_recording_without_a_description_has_its_id_and_its_time() -> None:
    answer = rendered(GET.response, json.dumps({"Item": LIVING}))

    assert (answer.status, answer.headers, answer.json) == (None, {}, FOUND)


@given(HOSTILE | LONE_SURROGATES, HOSTILE, HOSTILE)
def test_text_is_read_back_as_it_was_stored(url: str, title: str, agent: str) -> None:
    described = {"pageUrl": url, "pageTitle": title, "userAgent": agent}
    item = {**LIVING, **{name: {"S": text} for name, text in described.items()}}

    answer = rendered(GET.response, json.dumps({"Item": item}))

    assert (answer.status, answer.json) == (None, {**FOUND, **described})


def test_numbers_are_numbers_again() -> None:
    viewport = {"M": {"width": {"N": "1024"}, "height": {"N": "0"}}}
    item = {**LIVING, "startedAtMs": {"N": "9007199254740991"}, "viewport": viewport}

    answer = rendered(GET.response, json.dumps({"Item": item}))

    assert answer.json == {
        **FOUND,
        "startedAtMs": 9_007_199_254_740_991,
        "viewport": {"width": 1024, "height": 0},
    }


@pytest.mark.parametrize(
    "item",
    [
        {},
        {"Item": None},
        {"Item": {}},
        {"Item": {**LIVING, "erasureId": {"S": "e1"}}},
        {"Item": {**LIVING, "expiresAt": {"N": "1700000000"}}},
        {"Item": {**LIVING, "expiresAt": {"N": "0"}}},
        {"Item": {**LIVING, "expiresAt": {"N": "999999999"}}},
    ],
    ids=["absent", "null", "empty", "erased", "expired now", "expired in 1970", "fewer digits"],
)
def test_what_is_absent_or_has_expired_is_a_404(item: dict[str, object]) -> None:
    answer = rendered(GET.response, json.dumps(item))

    assert (answer.status, answer.headers, answer.json) == (
        404,
        {"Content-Type": "application/problem+json"},
        NOT_FOUND,
    )


@pytest.mark.parametrize("expires_at", ["1700000001", "1700007776", "17000000000"])
def test_a_recording_is_there_until_its_second(expires_at: str) -> None:
    item = {**LIVING, "expiresAt": {"N": expires_at}}

    answer = rendered(GET.response, json.dumps({"Item": item}))

    assert (answer.status, answer.json) == (None, FOUND | {"expiresAtMs": int(expires_at) * 1_000})
