"""query.vtl and query_page.vtl: a page of the token's user, whatever the cursor says."""

import json
import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from components.store.recording_templates import create_recording, list_recordings
from tests.contract import CONTRACT
from tests.vtl import HOSTILE, LONE_SURROGATES, USER, Rendered, rendered

LIST = list_recordings(CONTRACT, "newestFirst")
CURSOR = "[0-9]{1,16}[.][A-Za-z0-9_-]{1,64}"


def query(**parameters: str) -> Rendered:
    """Return what the template makes of a query string that is decoded already."""
    return rendered(
        LIST.request["application/json"],
        query=parameters,
        headers={"userid": "somebody"},
    )


def expected(limit: int, **start: dict[str, str]) -> dict[str, object]:
    """Return the Query of the token's user."""
    return {
        "TableName": "a-table",
        "IndexName": "newestFirst",
        "KeyConditionExpression": "userId = :user",
        "FilterExpression": "expiresAt > :now",
        "ExpressionAttributeValues": {":user": {"S": USER}, ":now": {"N": "1700000000"}},
        **({"ExclusiveStartKey": {"userId": {"S": USER}, **start}} if start else {}),
        "ScanIndexForward": False,
        "ConsistentRead": True,
        "Limit": limit,
    }


def refused(cause: str) -> dict[str, object]:
    """Return the request that DynamoDB is sure to refuse, naming `cause`."""
    return {**expected(0), "ReturnConsumedCapacity": cause}


def stored(number: int, **described: object) -> dict[str, object]:
    """Return an item of the table."""
    return {
        "userId": {"S": USER},
        "recordingId": {"S": f"r{number}"},
        "createdAtMs": {"N": str(number)},
        "expiresAt": {"N": "1"},
        **described,
    }


def shown(number: int) -> dict[str, object]:
    """Return that item as its user sees it."""
    return {"recordingId": f"r{number}", "createdAtMs": number, "hasScreenshot": False}


@pytest.mark.parametrize("parameters", [{}, {"limit": "", "cursor": ""}, {"userId": "somebody"}])
def test_a_page_has_50_unless_said_otherwise(parameters: dict[str, str]) -> None:
    assert query(**parameters).json == expected(50)


@pytest.mark.parametrize("limit", [1, 9, 10, 99, 100])
def test_a_limit_of_1_to_100_is_asked_for(limit: int) -> None:
    assert query(limit=str(limit)).json == expected(limit)


@pytest.mark.parametrize(
    "limit",
    [
        *("0", "101", "007", "1e2", "-1", "+1", "1.0", " 1", "1 ", "1\n", "1000", "00", "१", "１"),
        *("1,2", '1, "x": 1', "null", "$context", "#end", "0x1", "100\r"),
    ],
)
def test_any_other_limit_is_sent_as_one_that_dynamodb_refuses(limit: str) -> None:
    assert query(limit=limit, cursor="1.r1").json == refused("refused-limit")


@pytest.mark.parametrize(
    ("cursor", "created_at_ms", "recording_id"),
    [
        ("1700000000123.r1", "1700000000123", "r1"),
        ("0.-", "0", "-"),
        (f"{'9' * 16}.{'a' * 64}", "9" * 16, "a" * 64),
        ("1.11111111-2222-3333-4444-555555555556", "1", "11111111-2222-3333-4444-555555555556"),
    ],
)
def test_a_cursor_starts_inside_the_tokens_own_partition(
    cursor: str, created_at_ms: str, recording_id: str
) -> None:
    assert query(cursor=cursor).json == expected(
        50, createdAtMs={"N": created_at_ms}, recordingId={"S": recording_id}
    )


@pytest.mark.parametrize(
    "cursor",
    [
        *(".", "1.", ".r1", "1", "r1", "1..r1", "1.r1.r2", "1.r1\n", "\n1.r1", " 1.r1", "-1.r1"),
        *("1e3.r1", f"{'9' * 17}.r1", f"1.{'a' * 65}", "1.a/b", "1.a%2Fb", "1,r1", "١.r1", "1.é"),
        *('1.r1"}, "userId": {"S": "somebody', "1.$context", "$context.r1", "1.#end", "1.r1'"),
        *("somebody.r1", "somebody.1.r1", "1.r1.somebody", "eyJ1c2VySWQiOiJzb21lYm9keSJ9"),
        '{"userId":{"S":"somebody"},"recordingId":{"S":"r1"},"createdAtMs":{"N":"1"}}',
    ],
)
def test_a_forged_cursor_is_sent_as_a_limit_that_dynamodb_refuses(cursor: str) -> None:
    assert query(limit="5", cursor=cursor).json == refused("refused-cursor")


@given(HOSTILE)
def test_a_hostile_limit_asks_for_nothing(limit: str) -> None:
    assume(limit and not re.fullmatch("[1-9][0-9]?|100", limit))

    assert query(limit=limit).json == refused("refused-limit")


@given(HOSTILE)
def test_a_hostile_cursor_asks_for_nothing(cursor: str) -> None:
    assume(cursor and not re.fullmatch(CURSOR, cursor))

    assert query(cursor=cursor).json == refused("refused-cursor")


@settings(max_examples=60)
@given(st.from_regex(CURSOR, fullmatch=True, alphabet=st.characters(codec="ascii")))
def test_no_cursor_of_the_form_names_another_user(cursor: str) -> None:
    created_at_ms, recording_id = cursor.split(".")

    assert query(cursor=cursor).json == expected(
        50, createdAtMs={"N": created_at_ms}, recordingId={"S": recording_id}
    )


def test_an_empty_page_is_an_empty_list() -> None:
    answer = rendered(LIST.response, '{"Items": [], "Count": 0, "ScannedCount": 0}')

    assert (answer.status, answer.json) == (None, {"recordings": []})


def test_a_page_of_expired_items_only_still_says_where_the_next_begins() -> None:
    answer = rendered(LIST.response, json.dumps({"Items": [], "LastEvaluatedKey": stored(7)}))

    assert answer.json == {"recordings": [], "nextCursor": "7.r7"}


def test_a_full_page_holds_every_item_in_its_order() -> None:
    items = [stored(number) for number in range(100)]

    answer = rendered(LIST.response, json.dumps({"Items": items}))

    assert answer.json == {"recordings": [shown(n) for n in range(100)]}


def test_a_full_page_that_is_not_the_last_says_where_the_next_begins() -> None:
    items = [stored(number) for number in range(100)]

    answer = rendered(LIST.response, json.dumps({"Items": items, "LastEvaluatedKey": items[-1]}))

    assert answer.json == {
        "recordings": [shown(n) for n in range(100)],
        "nextCursor": "99.r99",
    }


@given(st.lists(HOSTILE | LONE_SURROGATES, min_size=1, max_size=4))
def test_each_items_text_is_read_back_as_it_was_stored(texts: list[str]) -> None:
    viewport = {"M": {"width": {"N": "3"}, "height": {"N": "4"}}}
    items = [
        stored(0, pageUrl={"S": text}, userAgent={"S": text}, viewport=viewport) for text in texts
    ]

    answer = rendered(LIST.response, json.dumps({"Items": items}, ensure_ascii=False))

    assert answer.json == {
        "recordings": [
            {
                **shown(0),
                "pageUrl": text,
                "userAgent": text,
                "viewport": {"width": 3, "height": 4},
            }
            for text in texts
        ]
    }


def test_what_one_item_has_does_not_show_in_the_next() -> None:
    items = [stored(1, pageTitle={"S": "one"}, startedAtMs={"N": "5"}), stored(2)]

    answer = rendered(LIST.response, json.dumps({"Items": items}))

    assert answer.json == {
        "recordings": [
            {**shown(1), "pageTitle": "one", "startedAtMs": 5},
            shown(2),
        ]
    }


@given(HOSTILE, HOSTILE, st.integers(0, 2**53 - 1))
def test_what_a_client_described_comes_back_as_it_was(url: str, title: str, started: int) -> None:
    described = {"pageUrl": url, "pageTitle": title, "startedAtMs": started}
    put = rendered(
        create_recording(CONTRACT, retention_seconds=1).request["application/json"],
        json.dumps(described),
        path={"recordingId": "r1"},
    )

    answer = rendered(LIST.response, json.dumps({"Items": [put.json["Item"]]}))

    assert answer.json == {
        "recordings": [{**shown(1), "createdAtMs": 1_700_000_000_999, **described}]
    }
