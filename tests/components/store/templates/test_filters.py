"""query.vtl with filters, and the pages of what they leave: which index, which conditions."""

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.store.recording_filters import (
    FILTERS,
    MAX_LOOKED_THROUGH,
    OF_THE_KEY,
    TROUBLES,
    filter_constants,
)
from components.store.recording_lists import list_recordings, list_site_recordings
from tests.contract import CONTRACT
from tests.vtl import HOSTILE, OWNER, rendered

LIST = list_recordings(CONTRACT)
# What a filter may say, as a value of DynamoDB, and the condition on what an index finds.
ASKED = {
    "page": (
        "/checkout",
        {"S": "/checkout"},
        "(contains(#pages, :page) OR contains(#pageUrl, :page))",
    ),
    "user": ("anna", {"S": "anna"}, "contains(#user, :user)"),
    "tag": ("plan:pro", {"S": "plan:pro"}, "contains(#tags, :tag)"),
    "event": ("signed up", {"S": "signed up"}, "contains(#events, :event)"),
    "browser": ("Firefox", {"S": "Firefox"}, "begins_with(#browser, :browser)"),
    "device": ("phone", {"S": "phone"}, "begins_with(#device, :device)"),
    "minDurationMs": ("5000", {"N": "5000"}, "#durationMs >= :minDurationMs"),
    **{name: ("true", {"N": "0"}, f"#{name} > :{name}") for name in TROUBLES},
}
EACH = pytest.mark.parametrize("name", ASKED)
TEXTS = ("user", "event", "browser", "device")


def asked(**query: str) -> Any:
    """Return the request for a query string; path and headers have the same names."""
    others = dict.fromkeys((*ASKED, *OF_THE_KEY, "limit", "cursor"), "of a header")
    return rendered(LIST.request["application/json"], query=query, headers=others).json


def refused(name: str) -> dict[str, object]:
    return {"TableName": "a-table", "Limit": 0, "ReturnConsumedCapacity": f"refused-{name}"}


def conditions(request: Any) -> list[str]:
    return request["FilterExpression"].split(" AND ")


def test_every_filter_of_the_contract_is_asked_for_here() -> None:
    assert set(FILTERS) == set(ASKED)


@EACH
def test_a_filter_is_a_condition_on_what_was_told_of_a_recording(name: str) -> None:
    said, value, condition = ASKED[name]

    request = asked(**{name: said})

    attributes = re.findall(r"#(\w+)", condition)
    assert conditions(request) == ["expiresAt > :now", condition]
    assert request["ExpressionAttributeValues"][f":{name}"] == value
    named = {f"#{attribute}": attribute for attribute in attributes}
    assert request["ExpressionAttributeNames"] == {"#partition": "owner", **named} | (
        {"#partition": "ownerTroubled"} if name in TROUBLES else {}
    )
    assert request["Limit"] == MAX_LOOKED_THROUGH


@given(st.sets(st.sampled_from(sorted(ASKED))))
def test_filters_may_be_combined_in_any_way(names: set[str]) -> None:
    request = asked(**{name: ASKED[name][0] for name in names})

    assert set(conditions(request)) == {"expiresAt > :now", *(ASKED[name][2] for name in names)}
    values = set(request["ExpressionAttributeValues"])
    assert values == {":partition", ":now", *(f":{name}" for name in names)}
    used = " ".join((request["FilterExpression"], request["KeyConditionExpression"]))
    assert set(request["ExpressionAttributeNames"]) == set(re.findall(r"#\w+", used))


@EACH
def test_an_empty_filter_is_none(name: str) -> None:
    assert asked(**{name: ""}) == asked()


@pytest.mark.parametrize("name", OF_THE_KEY)
def test_an_empty_part_of_a_key_is_none(name: str) -> None:
    assert asked(**{name: ""}) == asked()


@pytest.mark.parametrize("name", TROUBLES)
def test_what_went_wrong_is_looked_for_among_the_troubled_alone(name: str) -> None:
    request = asked(**{name: "true", "user": "a"}, cursor="7.r7")

    assert request["IndexName"] == "troubled"
    assert request["ExpressionAttributeNames"]["#partition"] == "ownerTroubled"
    assert request["ExpressionAttributeValues"][":partition"] == {"S": OWNER}
    assert request["ExclusiveStartKey"] == {
        "ownerTroubled": {"S": OWNER},
        "owner": {"S": OWNER},
        "createdAtMs": {"N": "7"},
        "recordingId": {"S": "r7"},
    }


@pytest.mark.parametrize("besides", [{}, {"errors": "true"}, {"user": "a"}])
def test_a_visitor_s_recordings_are_looked_for_among_theirs_alone(besides: dict[str, str]) -> None:
    request = asked(visitor="v-1", **besides, cursor="7.r7")

    assert request["IndexName"] == "byVisitor"
    assert request["ExpressionAttributeNames"]["#partition"] == "ownerVisitor"
    assert request["ExpressionAttributeValues"][":partition"] == {"S": f"{OWNER}#v-1"}
    assert request["ExclusiveStartKey"] == {
        "ownerVisitor": {"S": f"{OWNER}#v-1"},
        "owner": {"S": OWNER},
        "createdAtMs": {"N": "7"},
        "recordingId": {"S": "r7"},
    }
    assert request["Limit"] == (MAX_LOOKED_THROUGH if besides else 50)


def test_no_visitor_leads_into_another_owner_s_partition() -> None:
    assert asked(visitor="x#site#shop") == refused("visitor")


@pytest.mark.parametrize(
    ("times", "edges"),
    [
        ({"from": "5"}, ("5", "9999999999999999")),
        ({"to": "5"}, ("0", "5")),
        ({"from": "5", "to": "5"}, ("5", "5")),
        ({"from": "0", "to": "9999999999999999"}, ("0", "9999999999999999")),
    ],
)
@pytest.mark.parametrize("besides", [{}, {"visitor": "v"}, {"errors": "true"}])
def test_times_are_a_part_of_the_key(
    times: dict[str, str], edges: tuple[str, str], besides: dict[str, str]
) -> None:
    request = asked(**times, **besides)

    assert request["KeyConditionExpression"] == (
        "#partition = :partition AND createdAtMs BETWEEN :from AND :to"
    )
    values = request["ExpressionAttributeValues"]
    assert (values[":from"]["N"], values[":to"]["N"]) == edges
    assert request["Limit"] == (MAX_LOOKED_THROUGH if "errors" in besides else 50)


def test_a_time_after_the_other_is_refused() -> None:
    # As text, the first would be the smaller one.
    assert asked(**{"from": "10", "to": "9"}) == refused("range")


@pytest.mark.parametrize(
    ("cursor", "start"),
    [
        ("5.r", {"createdAtMs": {"N": "5"}, "recordingId": {"S": "r"}}),
        ("9.r", {"createdAtMs": {"N": "9"}, "recordingId": {"S": "r"}}),
        ("4.r", {"createdAtMs": {"N": "5"}, "recordingId": {"S": "-"}}),
        ("10.r", None),
    ],
)
def test_a_cursor_of_other_filters_starts_at_an_edge_at_most(
    cursor: str, start: dict[str, object] | None
) -> None:
    request = asked(**{"from": "5", "to": "9"}, cursor=cursor)

    expected = None if start is None else {"owner": {"S": OWNER}, **start}
    assert request.get("ExclusiveStartKey") == expected


BAD = {
    **dict.fromkeys(
        ("from", "to", "minDurationMs"),
        ("-1", "+1", "1.5", "1e3", " 1", "1\n", "01", "x", "٣", "9" * 17, "1, 2", "null"),
    ),
    **dict.fromkeys(TROUBLES, ("false", "True", "1", " true", "true\n", "yes", "true,true")),
    "visitor": ("a b", "a/b", "a" * 65, "é", "$visitor", "#set($x = 1)", "a\x00"),
    "page": ("a b", " ", "a" * 513),
    "tag": ("a", ":", ":a", "a" * 257 + ":b", "a:" + "b" * 257),
    **dict.fromkeys(("user", "event"), ("a" * 257,)),
    **dict.fromkeys(("browser", "device"), ("a" * 65,)),
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in BAD.items() for value in values]
)
def test_any_other_value_is_refused_under_its_name(name: str, value: str) -> None:
    assert asked(**{name: value}) == refused(name)


def test_every_filter_has_a_value_that_is_refused() -> None:
    assert set(BAD) == {*FILTERS, *OF_THE_KEY}


@pytest.mark.parametrize("name", TEXTS)
@given(text=HOSTILE.filter(lambda one: 1 <= len(one) <= 64))
def test_a_text_is_compared_as_the_client_wrote_it(name: str, text: str) -> None:
    request = asked(**{name: text})

    assert request["ExpressionAttributeValues"][f":{name}"] == {"S": text}
    assert conditions(request) == ["expiresAt > :now", ASKED[name][2]]


@given(text=HOSTILE.filter(lambda one: bool(one) and " " not in one))
def test_a_part_of_an_address_is_compared_as_the_client_wrote_it(text: str) -> None:
    assert asked(page=text)["ExpressionAttributeValues"][":page"] == {"S": text}


@settings(max_examples=60)
@given(name=st.from_regex("[^:]{1,9}", fullmatch=True), value=HOSTILE)
def test_a_tag_is_compared_as_the_client_wrote_it(name: str, value: str) -> None:
    tag = f"{name}:{value}"

    assert asked(tag=tag)["ExpressionAttributeValues"][":tag"] == {"S": tag}


def test_a_site_s_list_has_the_same_filters() -> None:
    template = list_site_recordings(CONTRACT).request["application/json"]
    query = {name: said for name, (said, _, _) in ASKED.items()}

    request = rendered(
        template, path={"siteId": "shop"}, query=query, groups="site-shop", user="x"
    ).json

    other = asked(**query)
    other["ExpressionAttributeValues"][":partition"] = {"S": "site#shop"}
    assert request == other


def item(number: int) -> dict[str, object]:
    return {
        "owner": {"S": OWNER},
        "recordingId": {"S": f"r{number}"},
        "createdAtMs": {"N": f"{number}"},
    }


def page(limit: int, found: int, *, is_last: bool) -> tuple[list[str], str | None, int]:
    """Return ids, next cursor and number that were looked through, of so many that fit."""
    last = {} if is_last else {"LastEvaluatedKey": item(0)}
    answer = {"Items": [item(number) for number in range(found, 0, -1)], "ScannedCount": 999}
    shown = rendered(
        LIST.response, json.dumps({**answer, **last}), query={"limit": f"{limit}"}
    ).json
    ids = [one["recordingId"] for one in shown["recordings"]]
    return ids, shown.get("nextCursor"), shown["lookedThrough"]


@pytest.mark.parametrize("is_last", [False, True])
def test_a_page_that_is_full_is_cut_and_the_next_begins_after_its_last_recording(
    is_last: bool,
) -> None:
    assert page(2, found=1_000, is_last=is_last) == (["r1000", "r999"], "999.r999", 999)


def test_a_page_that_is_just_full_goes_on_where_dynamodb_ended() -> None:
    assert page(2, found=2, is_last=False) == (["r2", "r1"], "0.r0", 999)
    assert page(2, found=2, is_last=True) == (["r2", "r1"], None, 999)


def test_a_page_of_a_hundred_is_no_page_of_nine() -> None:
    ids, cursor, _ = page(100, found=101, is_last=True)

    assert (len(ids), ids[-1], cursor) == (100, "r2", "2.r2")


def test_facts_are_shown_in_a_list() -> None:
    facts = {
        "errors": {"N": "2"},
        "user": {"S": "a"},
        "pages": {"S": "https://a.example/ https://a.example/b"},
        "tags": {"SS": ["a:b"]},
        "ownerTroubled": {"S": OWNER},
    }

    (shown,) = rendered(
        LIST.response, json.dumps({"Items": [item(1) | facts], "ScannedCount": 1})
    ).json["recordings"]

    assert shown == {
        "recordingId": "r1",
        "createdAtMs": 1,
        "hasScreenshot": False,
        "errors": 2,
        "user": "a",
        "pages": ["https://a.example/", "https://a.example/b"],
        "tags": ["a:b"],
    }


def test_a_filter_that_no_template_knows_is_refused() -> None:
    with pytest.raises(ValueError, match=r"does not know the filter colour$"):
        filter_constants(CONTRACT, ["limit", "colour"])
