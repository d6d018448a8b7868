"""The templates of an erasure: who may ask for what, and what the tombstone says."""

import json
import re
from typing import Any

import pytest
from hypothesis import assume, given

from components.access.sites import Site
from components.store.erasure_templates import (
    delete_recording,
    delete_site_recording,
    delete_visitor,
    get_erasure,
    get_visitor_erasure,
)
from tests.contract import CONTRACT
from tests.vtl import GOOD_RECORDING_IDS, HOSTILE, OWNER, USER, problem, rendered

KEY, NEXT, BLOG = (f"wk_{letter * 24}" for letter in "abd")
SITES = [Site(id="shop", keys=(KEY, NEXT)), Site(id="blog", keys=(BLOG,))]
OWN = delete_recording(CONTRACT).request["application/json"]
OF_SITE = delete_site_recording(CONTRACT, SITES).request["application/json"]
OF_VISITOR = delete_visitor(CONTRACT, SITES).request["application/json"]
ADMIN = "site-shop,site-shop-admin"
MAX_NAME = 80


def started(template: str, groups: str | None = None, **path: str) -> tuple[str, dict[str, Any]]:
    """Return the name of an execution, and its input."""
    answer = rendered(template, path=path, groups=groups).json
    assert set(answer) == {"stateMachineArn", "name", "input"}
    return answer["name"], json.loads(answer["input"])


def refused(template: str, groups: str | None = None, **path: str) -> str:
    """Return the reason for which a request starts nothing."""
    answer = rendered(template, path=path, groups=groups).json
    assert set(answer) == {"name"}
    assert len(answer["name"]) > MAX_NAME
    return answer["name"].rstrip("-")


@pytest.mark.parametrize("recording_id", GOOD_RECORDING_IDS)
def test_a_user_erases_a_recording_of_the_token_s_own(recording_id: str) -> None:
    name, given_ = started(OWN, recordingId=recording_id)

    assert re.fullmatch(r"1700000000999-[A-Za-z0-9_-]+", name)
    assert len(name) <= MAX_NAME
    assert given_ == {
        "owner": OWNER,
        "recordingId": recording_id,
        "erasureId": name,
        "askedBy": USER,
        "askedAtMs": 1_700_000_000_999,
        "siteKeys": [],
    }


def test_an_administrator_erases_a_recording_under_all_keys_of_the_site() -> None:
    _, given_ = started(OF_SITE, ADMIN, siteId="shop", recordingId="r")

    assert (given_["owner"], given_["siteKeys"]) == ("site#shop", [KEY, NEXT])


def test_an_administrator_erases_the_recordings_of_a_visitor() -> None:
    _, given_ = started(OF_VISITOR, ADMIN, siteId="shop", visitorId="v-1")

    assert given_ | {"erasureId": ""} == {
        "owner": "site#shop",
        "subject": "visitor/v-1",
        "index": "byVisitor",
        "attribute": "ownerVisitor",
        "value": "site#shop#v-1",
        "erasureId": "",
        "askedBy": USER,
        "askedAtMs": 1_700_000_000_999,
        "siteKeys": [KEY, NEXT],
    }


@pytest.mark.parametrize(
    "groups",
    [
        *(None, "", "site-shop", "site-blog,site-blog-admin", "site-shop-admins", "admin"),
        *("xsite-shop-admin", "site-shop2-admin", "site-shop,-admin", "SITE-SHOP-ADMIN"),
    ],
)
def test_nobody_else_starts_anything(groups: str | None) -> None:
    assert {
        refused(OF_SITE, groups, siteId="shop", recordingId="r"),
        refused(OF_VISITOR, groups, siteId="shop", visitorId="v"),
    } == {"refused-administrator"}


@given(HOSTILE)
def test_a_hostile_id_starts_nothing(id_: str) -> None:
    assume(not re.fullmatch("[A-Za-z0-9_-]{1,64}", id_))

    assert refused(OWN, recordingId=id_) == "refused-recordingId"
    assert refused(OF_SITE, ADMIN, siteId="shop", recordingId=id_) == "refused-recordingId"
    assert refused(OF_VISITOR, ADMIN, siteId="shop", visitorId=id_) == "refused-visitorId"


@given(HOSTILE)
def test_a_hostile_site_starts_nothing(site_id: str) -> None:
    assume(not re.fullmatch("[a-z][a-z0-9-]{0,30}", site_id))

    groups = f"site-{site_id}-admin"
    assert refused(OF_SITE, groups, siteId=site_id, recordingId="r") == "refused-administrator"


def test_the_answer_names_the_execution() -> None:
    arn = "arn:aws:states:eu-west-1:1:execution:erasure-1:1700000000999-abc"

    answer = rendered(delete_recording(CONTRACT).response, json.dumps({"executionArn": arn}))

    assert answer.json == {"executionId": "1700000000999-abc"}


def test_the_key_of_a_visitor_s_tombstone_is_no_recording_s() -> None:
    template = get_visitor_erasure(CONTRACT).request["application/json"]

    answer = rendered(template, path={"siteId": "shop", "visitorId": "v"}, groups=ADMIN)

    assert answer.json["Key"] == {"owner": {"S": "site#shop"}, "recordingId": {"S": "visitor/v"}}


@given(HOSTILE)
def test_a_hostile_visitor_is_asked_for_without_a_key(visitor_id: str) -> None:
    assume(not re.fullmatch("[A-Za-z0-9_-]{1,64}", visitor_id))
    template = get_visitor_erasure(CONTRACT).request["application/json"]

    answer = rendered(template, path={"siteId": "shop", "visitorId": visitor_id}, groups=ADMIN)

    assert answer.json == {"TableName": "a-table", "ReturnConsumedCapacity": "refused-visitorId"}


REMOVED = {"stream": {"objects": 2, "bytes": 15}}
TOMBSTONE = {
    "erasureId": {"S": "e1"},
    "erasureState": {"S": "removing"},
    "erasedAtMs": {"N": "5"},
    "expiresAt": {"N": "1"},
}


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (TOMBSTONE, {"executionId": "e1", "state": "removing", "askedAtMs": 5}),
        (
            {
                **TOMBSTONE,
                "erasureState": {"S": "done"},
                "finishedAtMs": {"N": "9"},
                "removed": {"S": json.dumps(REMOVED)},
            },
            {
                "executionId": "e1",
                "state": "done",
                "askedAtMs": 5,
                "finishedAtMs": 9,
                "removed": REMOVED,
            },
        ),
    ],
)
def test_the_tombstone_tells_the_state_and_the_counts(
    item: dict[str, object], expected: dict[str, object]
) -> None:
    answer = rendered(get_erasure(CONTRACT).response, json.dumps({"Item": item}))

    assert (answer.status, answer.json) == (None, expected)


@pytest.mark.parametrize("item", [{}, {"Item": {}}, {"Item": {"recordingId": {"S": "r"}}}])
def test_what_was_not_erased_is_a_404(item: dict[str, object]) -> None:
    answer = rendered(get_erasure(CONTRACT).response, json.dumps(item))

    assert answer.status == 404
    assert answer.json == problem(404, "Not Found", "Nothing of this id was erased.")
