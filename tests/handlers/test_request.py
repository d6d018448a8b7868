"""Who may ask for what: hostile parameters, the group's claim in every form, near names."""

import json
from typing import Any

import pytest

from handlers.get_events import handler
from handlers.request import groups_in
from tests.handlers.given import RECORDING_ID, USER_ID, request, site_request

RECORDING = "/recordings/{recordingId}/events"
SCREENSHOT = "/recordings/{recordingId}/screenshot"
ASSET = "/assets/{sha256}"
SHA256 = "0" * 64
HOSTILE = [
    None,
    "",
    7,
    "a/b",
    "a%2Fb",
    "%2F",
    "..",
    "%2e%2e",
    "%00",
    "a%00",
    "\x00",
    "a b",
    "a%0A",
    "id\n",
    "\u00e9",
    "\U0001f600",
    "%F0%9F%98%80",
    "%252D",
    "%",
    "%ff",
    "x" * 65,
    "'",
    '"',
    "$x",
    "#set",
]


def problem(event: dict[str, object]) -> tuple[int, str]:
    answer: dict[str, Any] = handler(event, None)
    detail = json.loads(answer["body"])["detail"]
    return answer["statusCode"], detail


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("route", [RECORDING, SCREENSHOT])
def test_a_recording_id_that_is_none_is_refused(route: str, name: object) -> None:
    assert problem(site_request(route, name=name)) == (
        400,
        "recordingId must be 1 to 64 of A-Z a-z 0-9 - _",
    )


@pytest.mark.parametrize("site", [*HOSTILE, "Shop", "1shop", "-shop", "s" * 32, "shop_", "shop%2D"])
def test_a_site_id_that_is_none_is_refused_or_opens_nothing(site: object) -> None:
    status, detail = problem(site_request(site=site))

    assert (status, detail) in {
        (400, "siteId must be a lower-case letter and up to 30 of a-z 0-9 -"),
        (403, "only members of the group site-shop- may watch this site"),
    }


@pytest.mark.parametrize("name", [*HOSTILE, "0" * 63, "A" * 64, "g" * 64, f"{SHA256}\n"])
def test_a_sha256_that_is_none_is_refused(name: object) -> None:
    assert problem(site_request(ASSET, name=name)) == (400, "sha256 must be 64 of 0-9 a-f")


@pytest.mark.parametrize(
    ("claim", "groups"),
    [
        ("site-shop", {"site-shop"}),
        ("site-shop,site-blog", {"site-shop", "site-blog"}),
        ("site-shop, site-blog", {"site-shop", "site-blog"}),
        ("site-blog site-shop", {"site-shop", "site-blog"}),
        ("[site-shop]", {"site-shop"}),
        ("[site-shop site-blog]", {"site-shop", "site-blog"}),
        ("[site-shop, site-blog]", {"site-shop", "site-blog"}),
        ("[ site-shop ,site-blog ]", {"site-shop", "site-blog"}),
        ('["site-shop","site-blog"]', {"site-shop", "site-blog"}),
        ('["site-shop", "site-blog"]', {"site-shop", "site-blog"}),
        (["site-shop", "site-blog"], {"site-shop", "site-blog"}),
        (["site-shop", 7, None], {"site-shop"}),
        (" site-shop\t", {"site-shop"}),
        ("", set[str]()),
        ("[]", set[str]()),
        ('[""]', set[str]()),
        (" ,, ", set[str]()),
        (None, set[str]()),
        (7, set[str]()),
        ({"site-shop": True}, set[str]()),
    ],
)
def test_groups_are_the_same_in_every_form_of_the_claim(claim: object, groups: set[str]) -> None:
    assert groups_in(claim) == groups


@pytest.mark.parametrize(
    "claim",
    [
        None,
        "",
        "[]",
        "site-shop2",
        "site-shop-admin",
        "site-sho",
        "xsite-shop",
        "site-shop.",
        "SITE-SHOP",
        "site-shop2,site-blog",
        "[site-shop2 site-shop-admin]",
        '["site-shop2"]',
        "shop",
        "site-*",
        "site-shop%20",
        "site-\u0455hop",
    ],
)
@pytest.mark.parametrize(
    ("route", "name"), [(RECORDING, RECORDING_ID), (SCREENSHOT, RECORDING_ID), (ASSET, SHA256)]
)
def test_without_the_sites_own_group_nothing_is_read(route: str, name: str, claim: object) -> None:
    assert problem(site_request(route, name=name, groups=claim)) == (
        403,
        "only members of the group site-shop may watch this site",
    )


@pytest.mark.parametrize(
    "context", [None, {}, {"authorizer": None}, {"authorizer": {"claims": ""}}]
)
@pytest.mark.parametrize("event", [request(), site_request()])
def test_without_claims_nothing_is_read(event: dict[str, object], context: object) -> None:
    assert problem({**event, "requestContext": context})[0] == 403


def test_a_group_is_no_user_and_a_user_is_no_group() -> None:
    token = {"cognito:groups": "site-shop"}
    as_user = {**request(), "requestContext": {"authorizer": {"claims": token}}}
    as_watcher = site_request(site="x", groups=USER_ID)

    assert problem(as_user) == (403, "the token names no user")
    assert problem(as_watcher) == (403, "only members of the group site-x may watch this site")


def test_a_route_that_is_not_known_is_our_fault() -> None:
    with pytest.raises(KeyError):
        handler({**request(), "resource": "/recordings/{recordingId}"}, None)
