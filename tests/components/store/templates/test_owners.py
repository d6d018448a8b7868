"""owner_*.vtl: whose recordings a request is about, and which requests are refused."""

import re

import pytest
from hypothesis import assume, given

from components.access.sites import Site
from components.store.recording_owner import token_user, watched_site, written_site
from tests.contract import CONTRACT
from tests.vtl import HOSTILE, OWNER, USER, rendered

KEY, NEXT, OLD, BLOG = (f"wk_{letter * 24}" for letter in "abcd")
ORIGIN = "https://shop.example"
SITES = [
    Site(id="shop", keys=(KEY, NEXT), retired_keys=(OLD,), origins=(ORIGIN, "http://localhost")),
    Site(id="blog", keys=(BLOG,)),
]
SHOWN = '{"owner": "$owner", "refused": "$refusedOwner"}'
WRITTEN = f"{written_site(SITES).template}\n{SHOWN}"
WATCHED = f"{watched_site(CONTRACT).template}\n{SHOWN}"


def written(key: str, **headers: str) -> dict[str, str]:
    """Return what the template makes of a write key and the headers of a request."""
    query = {"key": BLOG, "Origin": ORIGIN, "origin": ORIGIN}
    return rendered(WRITTEN, path={"key": key}, query=query, headers=headers).json


def watched(site_id: str, groups: str | None) -> dict[str, str]:
    """Return what the template makes of a site and the claim of a token."""
    path, query = {"siteId": site_id}, {"siteId": "blog", "cognito:groups": "site-shop"}
    return rendered(WATCHED, path=path, query=query, groups=groups).json


def test_the_owner_of_a_users_recordings_is_the_tokens_user() -> None:
    answer = rendered(f"{token_user().template}\n{SHOWN}", query={"owner": "site#shop"}, user=USER)

    assert answer.json == {"owner": OWNER, "refused": ""}


@pytest.mark.parametrize("key", [KEY, NEXT])
@pytest.mark.parametrize("header", ["Origin", "origin"])
@pytest.mark.parametrize("origin", [ORIGIN, "http://localhost"])
def test_a_key_in_use_writes_into_its_site_from_a_listed_origin(
    key: str, header: str, origin: str
) -> None:
    assert written(key, **{header: origin}) == {"owner": "site#shop", "refused": ""}


@pytest.mark.parametrize("headers", [{}, {"Origin": "null"}, {"Origin": "https://evil.example"}])
def test_a_site_without_origins_takes_any(headers: dict[str, str]) -> None:
    assert written(BLOG, **headers) == {"owner": "site#blog", "refused": ""}


@pytest.mark.parametrize(
    "origin",
    [
        *("", "null", "https://shop.example.evil.example", "https://shop.example:8443"),
        *("http://shop.example", "https://SHOP.example", "https://shop.example/", f"{ORIGIN} x"),
    ],
)
def test_an_origin_that_is_not_listed_is_refused_whatever_the_query_says(origin: str) -> None:
    assert written(KEY, Origin=origin)["refused"] == "refused-origin"


def test_a_page_that_names_no_origin_is_refused_where_origins_are_listed() -> None:
    assert written(KEY)["refused"] == "refused-origin"


def test_a_retired_key_is_refused_as_such() -> None:
    assert written(OLD, Origin=ORIGIN) == {"owner": "refused", "refused": "refused-retired-key"}


@pytest.mark.parametrize("key", ["", "shop", KEY[:-1], f"{KEY}a", KEY.upper(), f" {KEY}", "*"])
def test_any_other_key_is_unknown(key: str) -> None:
    assert written(key, Origin=ORIGIN) == {"owner": "refused", "refused": "refused-unknown-key"}


@given(HOSTILE, HOSTILE)
def test_a_hostile_key_or_origin_never_names_an_owner(key: str, origin: str) -> None:
    assert written(key, Origin=ORIGIN)["owner"] == "refused"
    assert written(KEY, Origin=origin)["refused"] == "refused-origin"


@pytest.mark.parametrize(
    "groups",
    [
        *("site-shop", "a,site-shop", "site-shop,a", "a,site-shop,b", "a, site-shop, b"),
        *("[site-shop]", "[a site-shop b]", "[a, site-shop]", "a site-shop", '["site-shop"]'),
        *('["a","site-shop"]', "[a,site-shop,b]"),
    ],
)
def test_a_member_of_the_group_watches_however_the_claim_arrives(groups: str) -> None:
    assert watched("shop", groups) == {"owner": "site#shop", "refused": ""}


@pytest.mark.parametrize(
    "groups",
    [
        *(None, "", "[]", "site-shop2", "site-shop-admin", "xsite-shop", "site-", "site-shop2,a"),
        *("my-site-shop", "site-blog", "SITE-SHOP", "site-shop.", "$siteId", "site-*"),
    ],
)
def test_nobody_else_does(groups: str | None) -> None:
    assert watched("shop", groups) == {"owner": "refused", "refused": "refused-watcher"}


@pytest.mark.parametrize(
    "site_id", ["", "Shop", "shop,site-blog", "shop2", "a" * 32, "shop/x", "shop\n", "*", "$siteId"]
)
def test_a_site_by_any_other_name_is_refused(site_id: str) -> None:
    assert watched(site_id, f"site-shop,site-{site_id[:4]}")["refused"] == "refused-watcher"


@given(HOSTILE, HOSTILE)
def test_a_hostile_site_or_claim_opens_nothing(site_id: str, groups: str) -> None:
    assume(not re.fullmatch("[a-z][a-z0-9-]{0,30}", site_id))

    assert watched(site_id, f"site-shop,site-{site_id}")["refused"] == "refused-watcher"
    assert watched("shop", groups)["refused"] == "refused-watcher"
