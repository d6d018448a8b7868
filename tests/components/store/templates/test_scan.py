"""scan.vtl and scan_page.vtl: a page of everybody's recordings, for operators."""

import json
import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from components.store.recording_templates import scan_recordings
from tests.contract import CONTRACT
from tests.vtl import HOSTILE, LONE_SURROGATES, USER, Rendered, rendered

SCAN = scan_recordings(CONTRACT)
CURSOR = "[A-Za-z0-9-]{1,128}[.][A-Za-z0-9_-]{1,64}"


def scan(**parameters: str) -> Rendered:
    """Return what the template makes of a query string that is decoded already."""
    return rendered(SCAN.request["application/json"], query=parameters)


def expected(limit: int, **start: dict[str, str]) -> dict[str, object]:
    """Return the Scan."""
    return {
        "TableName": "a-table",
        "FilterExpression": "expiresAt > :now",
        "ExpressionAttributeValues": {":now": {"N": "1700000000"}},
        **({"ExclusiveStartKey": start} if start else {}),
        "ConsistentRead": True,
        "Limit": limit,
    }


def refused(cause: str) -> dict[str, object]:
    """Return the request that DynamoDB is sure to refuse, naming `cause`."""
    return {**expected(0), "ReturnConsumedCapacity": cause}


def stored(number: int, **described: object) -> dict[str, object]:
    """Return an item of the table."""
    return {
        "userId": {"S": f"user-{number}"},
        "recordingId": {"S": f"r{number}"},
        "createdAtMs": {"N": str(number)},
        "expiresAt": {"N": "1"},
        **described,
    }


def shown(number: int) -> dict[str, object]:
    """Return that item as an operator sees it."""
    return {
        "userId": f"user-{number}",
        "recordingId": f"r{number}",
        "createdAtMs": number,
        "hasScreenshot": False,
    }


@pytest.mark.parametrize("parameters", [{}, {"limit": "", "cursor": ""}])
def test_a_page_has_50_unless_said_otherwise(parameters: dict[str, str]) -> None:
    assert scan(**parameters).json == expected(50)


@pytest.mark.parametrize("limit", [1, 9, 10, 99, 100])
def test_a_limit_of_1_to_100_is_asked_for(limit: int) -> None:
    assert scan(limit=str(limit)).json == expected(limit)


@pytest.mark.parametrize(
    "limit", ["0", "101", "007", "1e2", "-1", " 1", "1\n", "1000", "१", '1, "x": 1', "$context"]
)
def test_any_other_limit_is_sent_as_one_that_dynamodb_refuses(limit: str) -> None:
    assert scan(limit=limit, cursor=f"{USER}.r1").json == refused("refused-limit")


@pytest.mark.parametrize("cursor", [f"{USER}.r1", "-.-", f"{'a' * 128}.{'_' * 64}"])
def test_a_cursor_is_the_key_to_start_after(cursor: str) -> None:
    user, recording_id = cursor.split(".")

    assert scan(cursor=cursor).json == expected(
        50, userId={"S": user}, recordingId={"S": recording_id}
    )


@pytest.mark.parametrize(
    "cursor",
    [
        *(".", f"{USER}.", ".r1", "a", "a..b", "a.b.c", "a.b\n", "\na.b", "a_b.c", "a.b/c", "é.a"),
        *(f"{'a' * 129}.b", f"a.{'b' * 65}", 'a.b"}', "a.$context", "$context.a", "a.#end"),
    ],
)
def test_a_forged_cursor_is_sent_as_a_limit_that_dynamodb_refuses(cursor: str) -> None:
    assert scan(cursor=cursor).json == refused("refused-cursor")


@given(HOSTILE)
def test_a_hostile_limit_asks_for_nothing(limit: str) -> None:
    assume(limit and not re.fullmatch("[1-9][0-9]?|100", limit))

    assert scan(limit=limit).json == refused("refused-limit")


@given(HOSTILE)
def test_a_hostile_cursor_asks_for_nothing(cursor: str) -> None:
    assume(cursor and not re.fullmatch(CURSOR, cursor))

    assert scan(cursor=cursor).json == refused("refused-cursor")


def test_an_empty_page_is_an_empty_list() -> None:
    assert rendered(SCAN.response, '{"Items": []}').json == {"recordings": []}


def test_a_full_page_holds_every_item_and_whose_it_is() -> None:
    items = [stored(number) for number in range(100)]

    answer = rendered(SCAN.response, json.dumps({"Items": items}))

    assert answer.json == {"recordings": [shown(number) for number in range(100)]}


def test_a_full_page_that_is_not_the_last_says_where_the_next_begins() -> None:
    items = [stored(number) for number in range(100)]
    key = {name: items[-1][name] for name in ("userId", "recordingId")}

    answer = rendered(SCAN.response, json.dumps({"Items": items, "LastEvaluatedKey": key}))

    assert answer.json == {
        "recordings": [shown(number) for number in range(100)],
        "nextCursor": "user-99.r99",
    }


@given(st.lists(HOSTILE | LONE_SURROGATES, min_size=1, max_size=4))
def test_each_items_text_is_read_back_as_it_was_stored(texts: list[str]) -> None:
    items = [stored(5, pageTitle={"S": text}, pageUrl={"S": text}) for text in texts]

    answer = rendered(SCAN.response, json.dumps({"Items": items}))

    assert answer.json == {
        "recordings": [{**shown(5), "pageTitle": text, "pageUrl": text} for text in texts]
    }
