"""The templates of keeping: who may ask for what, what of a body arrives, what an item tells."""

import json
import re
from typing import Any

import pytest
from hypothesis import assume, given

from components.store.keeping_templates import (
    end_keeping,
    end_site_keeping,
    keep_recording,
    keep_site_recording,
    max_assets,
)
from components.store.recording_templates import get_recording
from tests.contract import CONTRACT
from tests.vtl import GOOD_RECORDING_IDS, HOSTILE, OWNER, USER, rendered

OWN, END = (one(CONTRACT).request["application/json"] for one in (keep_recording, end_keeping))
OF_SITE, END_OF_SITE = (
    one(CONTRACT).request["application/json"] for one in (keep_site_recording, end_site_keeping)
)
ADMIN = "site-shop,site-shop-admin"
A, B = "a" * 64, "0123456789abcdef" * 4
NO_ASSETS = '{"assets": []}'


def started(template: str, body: str = "", groups: str | None = None, **path: str) -> Any:
    """Return the input of an execution."""
    answer = rendered(template, body, path=path, groups=groups).json
    assert set(answer) == {"stateMachineArn", "name", "input"}
    return json.loads(answer["input"])


def refused(template: str, body: str = "", groups: str | None = None, **path: str) -> str:
    """Return the reason for which a request starts nothing."""
    answer = rendered(template, body, path=path, groups=groups).json
    assert set(answer) == {"name"}
    return answer["name"].rstrip("-")


@pytest.mark.parametrize("recording_id", GOOD_RECORDING_IDS)
def test_a_user_keeps_a_recording_of_the_token_s_own(recording_id: str) -> None:
    given_ = started(OWN, json.dumps({"assets": [A, B]}), recordingId=recording_id)

    assert given_ | {"keepingId": ""} == {
        "owner": OWNER,
        "recordingId": recording_id,
        "isEnd": False,
        "assets": f"{A},{B}",
        "keepingId": "",
        "askedBy": USER,
        "askedAtMs": 1_700_000_000_999,
        "siteKeys": [],
    }


def test_the_end_is_asked_for_without_a_body() -> None:
    given_ = started(END, recordingId="r")

    assert (given_["owner"], given_["recordingId"], given_["isEnd"]) == (OWNER, "r", True)
    assert "assets" not in given_


def test_an_administrator_keeps_a_recording_of_the_site() -> None:
    asked = {"siteId": "shop", "recordingId": "r"}

    assert started(OF_SITE, NO_ASSETS, ADMIN, **asked)["owner"] == "site#shop"
    assert started(END_OF_SITE, "", ADMIN, **asked)["owner"] == "site#shop"


@pytest.mark.parametrize("groups", [None, "", "site-shop", "site-blog,site-blog-admin", "admin"])
def test_nobody_else_starts_anything(groups: str | None) -> None:
    asked = {"siteId": "shop", "recordingId": "r"}

    assert {
        refused(OF_SITE, NO_ASSETS, groups, **asked),
        refused(END_OF_SITE, "", groups, **asked),
    } == {"refused-administrator"}


@given(HOSTILE)
def test_a_hostile_id_starts_nothing(id_: str) -> None:
    assume(not re.fullmatch("[A-Za-z0-9_-]{1,64}", id_))

    assert refused(OWN, NO_ASSETS, recordingId=id_) == "refused-recordingId"
    assert refused(END, recordingId=id_) == "refused-recordingId"


@given(HOSTILE)
def test_nothing_of_a_hostile_name_of_an_asset_arrives(name: str) -> None:
    assert refused(OWN, json.dumps({"assets": [A, name]}), recordingId="r") == "refused-assets"


@pytest.mark.parametrize(
    "body", ["{}", '{"assets": {}}', '{"assets": "a"}', '{"assets": [[]]}', '{"assets": [1]}']
)
def test_a_body_without_a_list_of_digests_is_refused(body: str) -> None:
    assert refused(OWN, body, recordingId="r") == "refused-assets"


def test_as_many_assets_as_the_contract_says_are_taken_and_no_more() -> None:
    most = max_assets(CONTRACT)

    given_ = started(OWN, json.dumps({"assets": [A] * most}), recordingId="r")

    assert len(given_["assets"].split(",")) == most
    # https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
    assert len(json.dumps(given_)) < 128 * 1024
    assert refused(OWN, json.dumps({"assets": [A] * (most + 1)}), recordingId="r") == (
        "refused-assets"
    )


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({}, {"expiresAtMs": 1_700_000_009_000}),
        ({"keeping": {"S": "copying"}}, {"expiresAtMs": 1_700_000_009_000, "keeping": "copying"}),
        ({"retainedUntil": {"N": "5"}}, {"kept": True, "retainedUntilMs": 5000}),
        (
            {"retainedUntil": {"N": "5"}, "keeping": {"S": "failed"}},
            {"kept": True, "retainedUntilMs": 5000, "keeping": "failed"},
        ),
    ],
)
def test_a_recording_tells_whether_it_is_kept(more: dict[str, Any], told: dict[str, Any]) -> None:
    item = {"recordingId": {"S": "r"}, "createdAtMs": {"N": "1"}, "expiresAt": {"N": "1700000009"}}

    answer = rendered(get_recording(CONTRACT).response, json.dumps({"Item": {**item, **more}}))

    assert answer.json == {"recordingId": "r", "createdAtMs": 1, "hasScreenshot": False, **told}
