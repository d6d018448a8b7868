"""query.vtl and scan.vtl with their pages: one user's recordings, or everybody's."""

import json
import re
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from components.api.parameter import pattern_of
from components.api.service_action import ActionTemplates
from components.store.recording_lists import list_recordings, scan_recordings
from components.store.recording_templates import create_recording
from tests.contract import CONTRACT
from tests.vtl import HOSTILE, LONE_SURROGATES, OWNER, USER, Rendered, rendered

ID = pattern_of(CONTRACT, "recordingId")


@dataclass(frozen=True, kw_only=True)
class Paged:
    """One of the operations that answer with a page."""

    templates: ActionTemplates
    cursor: str
    """What a cursor looks like, as a regular expression."""
    key: tuple[str, str]
    """Name and DynamoDB type of the attribute that the first part of a cursor is."""
    request: dict[str, Any]
    """The request to DynamoDB, but for limit and cursor."""

    def asked(self, **parameters: str) -> Rendered:
        """Return what the template makes of a query string that is decoded already."""
        return rendered(
            self.templates.request["application/json"],
            query=parameters,
            headers={"userid": "somebody"},
        )

    def expected(self, limit: int, cursor: str = "") -> dict[str, object]:
        """Return the request for a page that starts at the cursor."""
        if not cursor:
            return {**self.request, "Limit": limit}
        *first, recording_id = cursor.split(".")
        name, kind = self.key
        start = {
            "owner": {"S": OWNER},
            name: {kind: "#".join(first)},
            "recordingId": {"S": recording_id},
        }
        return {**self.request, "Limit": limit, "ExclusiveStartKey": start}

    def refused(self, cause: str) -> dict[str, object]:
        """Return the request that DynamoDB is sure to refuse, naming `cause`."""
        request = {"TableName": "a-table"} if self is LIST else self.request
        return {**request, "Limit": 0, "ReturnConsumedCapacity": cause}

    def page(self, **answer: object) -> Any:
        """Return the page that the template makes of DynamoDB's answer."""
        answer = {"ScannedCount": 7, **answer}
        return rendered(self.templates.response, json.dumps(answer, ensure_ascii=False)).json

    def shown_page(self, *recordings: object, **members: object) -> dict[str, object]:
        """Return the page of these recordings."""
        looked = {} if self is SCAN else {"lookedThrough": 7}
        return {"recordings": [*recordings], **members, **looked}

    def shown(self, number: int, **described: object) -> dict[str, object]:
        """Return `stored(number)` as the operation shows it."""
        owner = {"userId": USER} if self is SCAN else {}
        times = {"createdAtMs": number, "expiresAtMs": 1_000}
        return {"recordingId": f"r{number}", "hasScreenshot": False, **owner, **times, **described}


LIST = Paged(
    templates=list_recordings(CONTRACT),
    cursor=f"(?:0|[1-9][0-9]{{0,15}})[.]{ID}",
    key=("createdAtMs", "N"),
    request={
        "TableName": "a-table",
        "IndexName": "newestFirst",
        "KeyConditionExpression": "#partition = :partition",
        "ExpressionAttributeNames": {"#partition": "owner"},
        "FilterExpression": "expiresAt > :now",
        "ExpressionAttributeValues": {":partition": {"S": OWNER}, ":now": {"N": "1700000000"}},
        "ScanIndexForward": False,
    },
)
SCAN = Paged(
    templates=scan_recordings(CONTRACT),
    cursor=f"(?:user|site)[.][A-Za-z0-9-]{{1,128}}[.]{ID}",
    key=("owner", "S"),
    request={
        "TableName": "a-table",
        "FilterExpression": "expiresAt > :now AND attribute_not_exists(erasureId)",
        "ExpressionAttributeValues": {":now": {"N": "1700000000"}},
        "ConsistentRead": True,
    },
)
EACH = pytest.mark.parametrize("operation", [LIST, SCAN], ids=["list", "scan"])


def stored(number: int, **described: object) -> dict[str, object]:
    """Return an item of the table."""
    return {
        "owner": {"S": OWNER},
        "recordingId": {"S": f"r{number}"},
        "createdAtMs": {"N": str(number)},
        "expiresAt": {"N": "1"},
        **described,
    }


@EACH
@pytest.mark.parametrize("parameters", [{}, {"limit": "", "cursor": ""}, {"userId": "somebody"}])
def test_a_page_has_50_unless_said_otherwise(operation: Paged, parameters: dict[str, str]) -> None:
    assert operation.asked(**parameters).json == operation.expected(50)


@EACH
@pytest.mark.parametrize("limit", [1, 9, 10, 99, 100])
def test_a_limit_of_1_to_100_is_asked_for(operation: Paged, limit: int) -> None:
    assert operation.asked(limit=str(limit)).json == operation.expected(limit)


@EACH
@pytest.mark.parametrize(
    "limit",
    [
        *("0", "101", "007", "1e2", "-1", "+1", "1.0", " 1", "1 ", "1\n", "1000", "00", "१", "１"),
        *("1,2", '1, "x": 1', "null", "$context", "#end", "0x1", "100\r"),
    ],
)
def test_any_other_limit_is_refused(operation: Paged, limit: str) -> None:
    assert operation.asked(limit=limit).json == operation.refused("refused-limit")


@pytest.mark.parametrize(
    "cursor",
    [
        *("1700000000123.r1", "0.-", f"{'9' * 16}.{'a' * 64}"),
        "1.11111111-2222-3333-4444-555555555556",
    ],
)
def test_a_cursor_starts_inside_the_tokens_own_partition(cursor: str) -> None:
    assert LIST.asked(cursor=cursor).json == LIST.expected(50, cursor)


@pytest.mark.parametrize(
    "cursor", [f"user.{USER}.r1", "site.shop.-", f"user.{'a' * 128}.{'_' * 64}"]
)
def test_an_operators_cursor_is_the_key_to_start_after(cursor: str) -> None:
    assert SCAN.asked(cursor=cursor).json == SCAN.expected(50, cursor)


FORGED = (
    *(".", "1.", ".r1", "1", "1..r1", "1.r1.r2", "1.r1\n", "\n1.r1", " 1.r1", f"1.{'a' * 65}"),
    *("1.a/b", "1.a%2Fb", "1,r1", "1.é", "1.$context", "$context.r1", "1.#end", "1.r1'", "1.r1}"),
    '1.r1"}, "userId": {"S": "somebody',
)


@pytest.mark.parametrize(
    "cursor",
    [
        *FORGED,
        *("r1", "-1.r1", "1e3.r1", "01.r1", f"{'9' * 17}.r1", "١.r1", "somebody.r1"),
        "eyJ1c2VySWQiOiJzb21lYm9keSJ9",
        '{"userId":{"S":"somebody"},"recordingId":{"S":"r1"},"createdAtMs":{"N":"1"}}',
    ],
)
def test_a_forged_cursor_is_refused(cursor: str) -> None:
    assert LIST.asked(limit="5", cursor=cursor).json == LIST.refused("refused-cursor")


@pytest.mark.parametrize("cursor", [*FORGED, "a_b.c", "é.a", f"{'a' * 129}.b"])
def test_a_forged_cursor_of_an_operator_is_refused(cursor: str) -> None:
    assert SCAN.asked(limit="5", cursor=cursor).json == SCAN.refused("refused-cursor")


@EACH
@given(limit=HOSTILE)
def test_a_hostile_limit_asks_for_nothing(operation: Paged, limit: str) -> None:
    assume(limit and not re.fullmatch(pattern_of(CONTRACT, "limit"), limit))

    assert operation.asked(limit=limit).json == operation.refused("refused-limit")


@EACH
@given(cursor=HOSTILE)
def test_a_hostile_cursor_asks_for_nothing(operation: Paged, cursor: str) -> None:
    assume(cursor and not re.fullmatch(operation.cursor, cursor))

    assert operation.asked(cursor=cursor).json == operation.refused("refused-cursor")


@settings(max_examples=60)
@given(st.from_regex(LIST.cursor, fullmatch=True, alphabet=st.characters(codec="ascii")))
def test_no_cursor_of_the_form_names_another_user(cursor: str) -> None:
    assert LIST.asked(cursor=cursor).json == LIST.expected(50, cursor)


@EACH
def test_an_empty_page_is_an_empty_list(operation: Paged) -> None:
    assert operation.page(Items=[], Count=0) == operation.shown_page()


@pytest.mark.parametrize(("operation", "cursor"), [(LIST, "7.r7"), (SCAN, f"user.{USER}.r7")])
def test_a_page_of_expired_items_only_still_says_where_the_next_begins(
    operation: Paged, cursor: str
) -> None:
    page = operation.page(Items=[], LastEvaluatedKey=stored(7))

    assert page == operation.shown_page(nextCursor=cursor)


@EACH
def test_a_full_page_holds_every_item_in_its_order(operation: Paged) -> None:
    items = [stored(number) for number in range(50)]

    page = operation.page(Items=items)

    assert page == operation.shown_page(*(operation.shown(number) for number in range(50)))


@EACH
@given(texts=st.lists(HOSTILE, min_size=1, max_size=4))
def test_each_items_text_is_read_back_as_it_was_stored(operation: Paged, texts: list[str]) -> None:
    viewport = {"M": {"width": {"N": "3"}, "height": {"N": "4"}}}
    items = [
        stored(0, pageUrl={"S": text}, userAgent={"S": text}, viewport=viewport) for text in texts
    ]

    page = operation.page(Items=items)

    size = {"width": 3, "height": 4}
    assert page == operation.shown_page(
        *(operation.shown(0, pageUrl=text, userAgent=text, viewport=size) for text in texts)
    )


@EACH
@given(text=LONE_SURROGATES)
def test_half_of_a_surrogate_pair_is_read_back_as_it_was_stored(
    operation: Paged, text: str
) -> None:
    page = operation.page(Items=[stored(0, pageTitle={"S": text})])

    assert page == operation.shown_page(operation.shown(0, pageTitle=text))


@EACH
def test_what_one_item_has_does_not_show_in_the_next(operation: Paged) -> None:
    items = [stored(1, pageTitle={"S": "one"}, startedAtMs={"N": "5"}), stored(2)]

    page = operation.page(Items=items)

    assert page == operation.shown_page(
        operation.shown(1, pageTitle="one", startedAtMs=5), operation.shown(2)
    )


@given(HOSTILE, HOSTILE, st.integers(0, 2**53 - 1))
def test_what_a_client_described_comes_back_as_it_was(url: str, title: str, started: int) -> None:
    described = {"pageUrl": url, "pageTitle": title, "startedAtMs": started}
    put = rendered(
        create_recording(CONTRACT, retention_seconds=1).request["application/json"],
        json.dumps(described),
        path={"recordingId": "r1"},
    )

    page = LIST.page(Items=[put.json["Item"]])

    times = {"createdAtMs": 1_700_000_000_999, "expiresAtMs": 1_700_000_001_000}
    assert page == LIST.shown_page(LIST.shown(1, **described, **times))
