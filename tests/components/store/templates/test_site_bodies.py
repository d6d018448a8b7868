"""body_text.vtl with put_item.vtl: what a visitor's JSON becomes."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.access.sites import Site
from components.store.recording_templates import (
    MAX_BODY_CHARACTERS,
    TEXT_PLAIN,
    create_site_recording,
    put_site_facts,
)
from tests.contract import CONTRACT
from tests.vtl import BAD_RECORDING_IDS, HOSTILE, LONE_SURROGATES, RECORDING_ID, rendered

KEY = f"wk_{'a' * 24}"
SITES = [Site(id="shop", keys=(KEY,))]
CREATE = create_site_recording(CONTRACT, SITES, retention_seconds=60)
FACTS = put_site_facts(CONTRACT, SITES)


def created(body: str, *, as_bytes: bool = True, recording_id: str = RECORDING_ID) -> Any:
    """Return what the template makes of a body, taken for bytes or for text by the gateway."""
    return _asked(CREATE.request["text/plain"], body, as_bytes, recording_id)


def updated(body: str, *, as_bytes: bool = True, recording_id: str = RECORDING_ID) -> Any:
    return _asked(FACTS.request["text/plain"], body, as_bytes, recording_id)


def _asked(template: str, body: str, as_bytes: bool, recording_id: str) -> Any:
    given = base64.b64encode(body.encode()).decode() if as_bytes else body
    path = {"key": KEY, "recordingId": recording_id}
    return rendered(template, given, path=path, query={"owner": "site#blog", "key": "x"}).json


def item(described: dict[str, object]) -> dict[str, object]:
    """Return the request that stores an item."""
    return {
        "TableName": "a-table",
        "ConditionExpression": "attribute_not_exists(recordingId) OR expiresAt <= :now",
        "ExpressionAttributeValues": {":now": {"N": "1700000000"}},
        "Item": {
            "owner": {"S": "site#shop"},
            "siteKey": {"S": KEY},
            "recordingId": {"S": RECORDING_ID},
            "createdAtMs": {"N": "1700000000999"},
            **described,
            "expiresAt": {"N": "1700000060"},
        },
    }


def refused(cause: str) -> dict[str, object]:
    return {"TableName": "a-table", "ReturnConsumedCapacity": cause}


def test_each_spelling_of_the_type_has_the_template() -> None:
    assert set(CREATE.request) == set(FACTS.request) == set(TEXT_PLAIN)
    assert len({*CREATE.request.values()}) == len({*FACTS.request.values()}) == 1


@pytest.mark.parametrize("as_bytes", [True, False])
def test_a_recording_is_stored_as_the_visitor_described_it(as_bytes: bool) -> None:
    body = {
        "startedAtMs": 5,
        "pageUrl": "https://a.example/é",
        "viewport": {"width": 1, "height": 2},
        "visitorId": "v-1",
    }

    assert created(json.dumps(body, ensure_ascii=False), as_bytes=as_bytes) == item(
        {
            "ownerVisitor": {"S": "site#shop#v-1"},
            "startedAtMs": {"N": "5"},
            "viewport": {"M": {"width": {"N": "1"}, "height": {"N": "2"}}},
            "pageUrl": {"S": "https://a.example/é"},
            "visitorId": {"S": "v-1"},
        }
    )


@pytest.mark.parametrize("body", ["", "{}", " { }\n"])
def test_a_recording_need_not_be_described(body: str) -> None:
    assert created(body, as_bytes=body != "") == item({})


@given(HOSTILE, st.booleans(), st.booleans())
def test_text_is_stored_as_the_visitor_wrote_it(text: str, as_bytes: bool, escaped: bool) -> None:
    body = json.dumps({"pageTitle": text}, ensure_ascii=escaped)

    assert created(body, as_bytes=as_bytes) == item({"pageTitle": {"S": text}})


@given(LONE_SURROGATES)
def test_half_of_a_surrogate_pair_is_refused_under_its_name(text: str) -> None:
    assert created(json.dumps({"pageTitle": text})) == refused("refused-field-pageTitle")


@pytest.mark.parametrize(
    "body",
    [
        *("[]", "null", "1", '"x"', "{", "no JSON", "{'a':1}", '{"hasScreenshot":true}', "{}{}"),
        *('{"owner":"x"}', '{"pageUrl":"x",}', "\x1f\ufffd", "#set($refused = 1)", "abcd"),
    ],
)
@pytest.mark.parametrize("as_bytes", [True, False])
def test_what_is_no_new_recording_is_refused_and_never_parsed(body: str, as_bytes: bool) -> None:
    assert created(body, as_bytes=as_bytes) == refused("refused-body")


@given(HOSTILE)
def test_a_hostile_body_is_refused(text: str) -> None:
    assert created(f"x{text}") == refused("refused-body")
    assert created(f"x{text}", as_bytes=False) == refused("refused-body")


@pytest.mark.parametrize(
    ("member", "name"),
    [
        ('"pageTitle": 5', "pageTitle"),
        ('"visitorId": "a b"', "visitorId"),
        ('"startedAtMs": 1.5', "startedAtMs"),
        ('"viewport": {"width": 1}', "viewport"),
        ('"pageUrl": "https://a.example/", "userAgent": null', "userAgent"),
    ],
)
def test_a_member_of_another_type_is_refused_under_its_name(member: str, name: str) -> None:
    assert created(f"{{{member}}}") == refused(f"refused-field-{name}")


def test_a_body_that_is_too_large_is_not_looked_into() -> None:
    body = "x" * (MAX_BODY_CHARACTERS + 1)

    assert created(body, as_bytes=False) == refused("refused-body-size")
    assert updated(body, as_bytes=False) == refused("refused-body-size")


@pytest.mark.parametrize("recording_id", BAD_RECORDING_IDS)
def test_any_other_id_is_refused(recording_id: str) -> None:
    assert created("{}", recording_id=recording_id) == refused("refused-recordingId")
    assert updated('{"clicks":1}', recording_id=recording_id) == refused("refused-recordingId")
