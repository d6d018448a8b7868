"""put_item.vtl and put_item_created.vtl: a new recording, stored as the client described it."""

import json
import re
from collections.abc import Mapping

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from components.store.recording_templates import create_recording
from tests.contract import CONTRACT
from tests.vtl import (
    BAD_RECORDING_IDS,
    GOOD_RECORDING_IDS,
    HOSTILE,
    LONE_SURROGATES,
    OWNER,
    RECORDING_ID,
    REQUEST_TIME_MS,
    Rendered,
    rendered,
)

RETENTION_SECONDS = 90 * 86_400
CREATE = create_recording(CONTRACT, RETENTION_SECONDS)
EXPIRES_AT = "1707776000"  # 1,700,000,000.999 s, cut, and 90 days


def put_item(body: str, *, recording_id: str = RECORDING_ID) -> Rendered:
    """Return what the template makes of a body that the model let through."""
    return rendered(
        CREATE.request["application/json"],
        body,
        path={"recordingId": recording_id},
        query={"userId": "somebody", "recordingId": "other"},
        headers={"userid": "somebody"},
    )


def new_item(
    described: Mapping[str, object] | None = None, *, recording_id: str = RECORDING_ID
) -> dict[str, object]:
    """Return the request that stores an item, unless there is one that has not expired."""
    return {
        "TableName": "a-table",
        "ConditionExpression": "attribute_not_exists(recordingId) OR expiresAt <= :now",
        "ExpressionAttributeValues": {":now": {"N": "1700000000"}},
        "Item": {
            "owner": {"S": OWNER},
            "recordingId": {"S": recording_id},
            "createdAtMs": {"N": str(REQUEST_TIME_MS)},
            **(described or {}),
            "expiresAt": {"N": EXPIRES_AT},
        },
    }


def refused(cause: str) -> dict[str, object]:
    """Return the request that DynamoDB is sure to refuse, naming `cause`."""
    return {"TableName": "a-table", "ReturnConsumedCapacity": cause}


@pytest.mark.parametrize("body", ["", "{}", " {} "])
def test_a_recording_need_not_be_described(body: str) -> None:
    assert put_item(body).json == new_item()


@given(HOSTILE, HOSTILE, HOSTILE, st.booleans())
def test_text_is_stored_as_the_client_wrote_it(
    url: str, title: str, agent: str, ensure_ascii: bool
) -> None:
    described = {"pageUrl": url, "pageTitle": title, "userAgent": agent}

    answer = put_item(json.dumps(described, ensure_ascii=ensure_ascii))

    assert answer.json == new_item({name: {"S": text} for name, text in described.items()})


@pytest.mark.parametrize("name", ["pageUrl", "pageTitle", "userAgent"])
@pytest.mark.parametrize(
    "text",
    ["", " ", "null", "a\\", "\\", "'", "\\'", '"', "$name", "$body.pageUrl", "#end", "😀" * 8192],
    ids=lambda text: repr(text[:14]),
)
def test_each_text_stands_alone_and_the_others_are_absent(name: str, text: str) -> None:
    assert put_item(json.dumps({name: text})).json == new_item({name: {"S": text}})


@pytest.mark.parametrize(
    ("number", "stored"),
    [
        ("0", "0"),
        ("1700000000123", "1700000000123"),
        ("9007199254740991", "9007199254740991"),
        ("-0", "0"),
    ],
)
def test_a_number_is_stored_as_one_that_dynamodb_reads(number: str, stored: str) -> None:
    answer = put_item(f'{{"startedAtMs": {number}}}')

    assert answer.json == new_item({"startedAtMs": {"N": stored}})


NAMES = ["pageUrl", "pageTitle", "userAgent"]
VIEWPORT = '{"viewport": {"width": %s, "height": %s}}'
# What a template sees of a body for which API Gateway found no model.
NO_NUMBERS = [
    *("1.0", "1e3", "-1", "12345678901234567", "null", "true", '""', '"x"', "[]", "[1]", "{}"),
    '"1\\"}, \\"userId\\": {\\"S\\": \\"somebody"',
    '"$context.authorizer.claims.sub"',
    '{"N": "1"}',
]


@pytest.mark.parametrize("number", NO_NUMBERS)
def test_what_is_no_integer_in_digits_is_refused_under_its_name(number: str) -> None:
    assert put_item(f'{{"startedAtMs": {number}}}').json == refused("refused-number-startedAtMs")
    assert put_item(VIEWPORT % (number, "1")).json == refused("refused-number-viewport")
    assert put_item(VIEWPORT % ("1", number)).json == refused("refused-number-viewport")


@pytest.mark.parametrize(
    "viewport", ["{}", "[]", "1", "null", '"1 1"', '{"width": 1}', '{"height": 1}', "[1, 1]"]
)
def test_what_is_no_viewport_is_refused_under_its_name(viewport: str) -> None:
    assert put_item(f'{{"viewport": {viewport}}}').json == refused("refused-number-viewport")


@pytest.mark.parametrize("value", ["null", "1", '"true"', '""', "[]", "{}"])
def test_what_is_neither_true_nor_false_is_refused_under_its_name(value: str) -> None:
    assert put_item(f'{{"hasScreenshot": {value}}}').json == refused("refused-flag-hasScreenshot")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("value", ["null", "1", "true", "[]", '["x"]', "{}", '{"S": "x"}'])
def test_what_is_no_text_is_refused_under_its_name(name: str, value: str) -> None:
    assert put_item(f'{{"{name}": {value}}}').json == refused(f"refused-text-{name}")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "text", [r"x \ud83d", r"\ude00", r"\ud83d x", r"\ude00\ud83d", "x" * 1023 + r"\ud83d"]
)
def test_half_of_a_surrogate_pair_is_refused_under_its_fields_name(name: str, text: str) -> None:
    assert put_item(f'{{"{name}": "{text}"}}').json == refused(f"refused-text-{name}")


@given(LONE_SURROGATES)
def test_no_ill_formed_text_is_stored(text: str) -> None:
    assert put_item(json.dumps({"pageTitle": text})).json == refused("refused-text-pageTitle")


@pytest.mark.parametrize("escaped", [True, False])
def test_a_long_title_that_ends_in_an_emoji_is_stored(escaped: bool) -> None:
    title = "x" * 1023 + "\N{GRINNING FACE}"

    answer = put_item(json.dumps({"pageTitle": title}, ensure_ascii=escaped))

    assert answer.json == new_item({"pageTitle": {"S": title}})


def test_a_viewport_is_stored_as_a_map_of_two_numbers() -> None:
    answer = put_item('{"viewport": {"height": 768, "width": 1024}}')

    stored = {"M": {"width": {"N": "1024"}, "height": {"N": "768"}}}
    assert answer.json == new_item({"viewport": stored})


def test_of_a_member_that_comes_twice_the_last_is_stored() -> None:
    answer = put_item('{"pageUrl": "first", "pageUrl": "last"}')

    assert answer.json == new_item({"pageUrl": {"S": "last"}})


@pytest.mark.parametrize("recording_id", GOOD_RECORDING_IDS)
def test_the_item_has_the_id_of_the_path(recording_id: str) -> None:
    assert put_item("{}", recording_id=recording_id).json == new_item(recording_id=recording_id)


@pytest.mark.parametrize("recording_id", BAD_RECORDING_IDS[1:])
def test_any_other_id_is_sent_without_an_item(recording_id: str) -> None:
    assert put_item("{}", recording_id=recording_id).json == refused("refused-recordingId")


@given(HOSTILE)
def test_a_hostile_id_is_sent_without_an_item(recording_id: str) -> None:
    assume(not re.fullmatch("[A-Za-z0-9_-]{1,64}", recording_id))

    assert put_item("{}", recording_id=recording_id).json == refused("refused-recordingId")


def test_the_answer_says_what_was_stored() -> None:
    answer = rendered(CREATE.response, "{}", path={"recordingId": RECORDING_ID})

    assert answer.json == {
        "recordingId": RECORDING_ID,
        "createdAtMs": REQUEST_TIME_MS,
        "hasScreenshot": False,
    }


@pytest.mark.parametrize(
    ("body", "says"), [('{"hasScreenshot": true}', True), ('{"hasScreenshot": false}', False)]
)
def test_a_screenshot_is_stored_and_answered_as_the_client_says(body: str, says: bool) -> None:
    put = put_item(body)
    consumed = {"ConsumedCapacity": {"TableName": "a-table"}} if says else {}
    answer = rendered(CREATE.response, json.dumps(consumed))

    item = {"hasScreenshot": {"BOOL": True}} if says else {}
    asked = {"ReturnConsumedCapacity": "TOTAL"} if says else {}
    assert put.json == {**new_item(item), **asked}
    assert answer.json["hasScreenshot"] is says


def test_the_answer_is_json_where_parameters_are_not_known_any_more() -> None:
    assert rendered(CREATE.response, "{}").json == {
        "createdAtMs": REQUEST_TIME_MS,
        "hasScreenshot": False,
    }
