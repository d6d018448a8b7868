"""Who sees the recordings of which site: each cell's answer, written down."""

import time
from collections.abc import Callable, Iterator

import pytest

from sandbox.server import Sandbox
from tests.e2e import tokens
from tests.e2e.answers import exactly
from tests.e2e.contract import BY_ID
from tests.e2e.stack import sandbox_stack
from tests.e2e.two_sites import (
    SHOP2_KEY,
    SHOP_KEY,
    create,
    every_write,
    listed,
    member,
    recordings,
    said,
    scan,
    statuses,
    two_sites,
    watched_paths,
)
from tests.e2e.user import User, eventually, new_id

pytestmark = [pytest.mark.e2e, pytest.mark.sandbox_only]


@pytest.fixture(scope="module")
def shops(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with two_sites(tmp_path_factory.mktemp("watched")) as running:
        yield running


@pytest.fixture(scope="module")
def both(shops: Sandbox) -> User:
    """Return a user who watches both sites, and has no recordings yet."""
    return member(shops, "both", "site-shop", "site-shop2")


@pytest.fixture(scope="module")
def recorded(shops: Sandbox, both: User) -> dict[str, str]:
    """Return the id of a recording of each site that its list has."""
    ids = {"shop": new_id(), "shop2": new_id()}
    for site, key in (("shop", SHOP_KEY), ("shop2", SHOP2_KEY)):
        answers = [one.said(shops) for one in every_write(key, ids[site])]
        assert answers == ["201", "200", "200", "200", "200"]
        eventually(lambda site=site: listed(both, site), bool, both.delivery_s)
    return ids


# The answers of `statuses`: of a recording that is the site's, for a watcher and for others.
OPEN, CLOSED = [200, 200, 200, 404, 200], [403] * 5
UNAUTHORIZED = [401] * 5
# Of a recording that is another's.
NOT_FOUND = [200, 404, 404, 404, 404]
# The sites of the list, each with whether the user is an administrator; then the answers of `shop`
# and of `shop2`.
GROUPS: dict[str, tuple[list[str], list[tuple[str, bool]], list[int], list[int]]] = {
    "none": ([], [], CLOSED, CLOSED),
    "one": (["site-shop"], [("shop", False)], OPEN, CLOSED),
    "the other": (["site-shop2"], [("shop2", False)], CLOSED, OPEN),
    "both": (["site-shop", "site-shop2"], [("shop", False), ("shop2", False)], OPEN, OPEN),
    "an administrator's too": (["site-shop", "site-shop-admin"], [("shop", True)], OPEN, CLOSED),
    "an administrator's of another": (
        ["site-shop2", "site-shop-admin"],
        [("shop2", False)],
        CLOSED,
        OPEN,
    ),
    "an administrator's alone": (["site-shop-admin"], [], CLOSED, CLOSED),
    "shorter names": (["site-sho", "site-", "shop", "shop2"], [], CLOSED, CLOSED),
    "longer names": (
        ["site-shop22", "site-shop-", "xsite-shop2", "-site-shop"],
        [],
        CLOSED,
        CLOSED,
    ),
    "other spellings": (["Site-Shop", "SITE-SHOP2", "site_shop", "site.shop"], [], CLOSED, CLOSED),
    "a site that there is not": (["site-blog"], [], CLOSED, CLOSED),
    "patterns": (["site-*", "*", "site-shop?", ".*"], [], CLOSED, CLOSED),
}


@pytest.mark.parametrize(("groups", "sites", "shop", "shop2"), GROUPS.values(), ids=GROUPS)
def test_a_group_opens_its_site_alone(
    shops: Sandbox,
    recorded: dict[str, str],
    groups: list[str],
    sites: list[tuple[str, bool]],
    shop: list[int],
    shop2: list[int],
) -> None:
    user = member(shops, "member", *groups)

    said = user.get("/sites").json()["sites"]

    assert [(one["siteId"], one["isAdmin"]) for one in said] == sites
    assert statuses(user, "shop", recorded["shop"]) == shop
    assert statuses(user, "shop2", recorded["shop2"]) == shop2
    assert statuses(user, "toy", recorded["shop"]) == CLOSED


def test_the_list_of_sites_has_what_the_set_up_page_shows(both: User) -> None:
    assert both.get("/sites").json() == {
        "sites": [
            {
                "siteId": "shop",
                "group": "site-shop",
                "isAdmin": False,
                "writeKey": SHOP_KEY,
                "privacy": "private",
            },
            {
                "siteId": "shop2",
                "group": "site-shop2",
                "isAdmin": False,
                "writeKey": SHOP2_KEY,
                "privacy": "text",
            },
        ]
    }


def test_a_user_who_leaves_a_group_sees_the_site_until_the_next_token(
    shops: Sandbox, recorded: dict[str, str]
) -> None:
    before = member(shops, "leaving", "site-shop")
    after = member(shops, "leaving")

    assert statuses(before, "shop", recorded["shop"]) == OPEN
    assert statuses(after, "shop", recorded["shop"]) == CLOSED


TOKENS: dict[str, tuple[Callable[[Sandbox, User], str], list[int]]] = {
    "the ID token": (lambda _, user: str(user.token), OPEN),
    "the access token": (lambda _, user: user.tokens["AccessToken"], UNAUTHORIZED),
    "the refresh token": (lambda _, user: user.tokens["RefreshToken"], UNAUTHORIZED),
    "an expired one": (
        lambda sandbox, user: tokens.signed_by_the_pool(sandbox, user, exp=int(time.time()) - 1),
        UNAUTHORIZED,
    ),
    "one with the group in another claim": (
        lambda sandbox, user: tokens.signed_by_the_pool(
            sandbox, user, **{"cognito:groups": None, "groups": "site-shop"}
        ),
        CLOSED,
    ),
    "a stranger's": (lambda _, user: tokens.signed_by_a_stranger(user), UNAUTHORIZED),
    "one without signature": (lambda _, user: tokens.unsigned(user), UNAUTHORIZED),
    "a write key": (lambda _, user: SHOP_KEY, UNAUTHORIZED),
    "garbage": (lambda _, user: "garbage", UNAUTHORIZED),
    "another user's": (lambda sandbox, _: str(member(sandbox, "another").token), CLOSED),
}


@pytest.mark.parametrize(("token", "answers"), TOKENS.values(), ids=TOKENS)
def test_the_id_token_of_a_watcher_opens_a_site_and_no_other(
    shops: Sandbox,
    both: User,
    recorded: dict[str, str],
    token: Callable[[Sandbox, User], str],
    answers: list[int],
) -> None:
    bearer = {"Authorization": f"Bearer {token(shops, both)}"}

    assert statuses(both, "shop", recorded["shop"], **bearer) == answers
    assert statuses(both, "shop2", recorded["shop2"], **bearer) == answers


@pytest.mark.parametrize("path", ["/sites", *(f"/sites/shop/{one}" for one in watched_paths("a"))])
def test_without_a_token_a_site_is_closed(shops: Sandbox, path: str) -> None:
    anonymous = User(shops.api_url, None, delivery_s=0)

    assert anonymous.get(path).status_code == 401


def test_an_operators_signature_opens_no_site(shops: Sandbox, recorded: dict[str, str]) -> None:
    stack, anonymous = sandbox_stack(shops), User(shops.api_url, None, delivery_s=0)
    path = f"/sites/shop/recordings/{recorded['shop']}"

    answer = anonymous.http.get(
        f"{shops.api_url}{path}", headers=stack.signature(f"{shops.api_url}{path}")
    )

    assert answer.status_code == 401


SITE_IDS = {
    "in capitals": "Shop",
    "two of them": "shop,shop2",
    "two groups": "shop,site-shop2",
    "a star": "*",
    "a star, encoded": "%2A",
    "a parent folder": "%2e%2e",
    "a slash": "shop%2F",
    "the other by a parent folder": "toy%2F..%2Fshop",
    "a quote": "shop%22",
    "a blank": "shop%20",
    "a line break": "shop%0A",
    "NUL": "shop%00",
    "a hash": "shop%23",
    "an owner": "site%23shop",
    "a variable": "$siteId",
    "an emoji": "%F0%9F%9A%A2",
    "no UTF-8": "%FF",
    "32 characters": "a" * 32,
}


# A template knows no such site; the function says what a siteId is.
ILL_FORMED = [403, 403, 400, 400, 400]


@pytest.mark.parametrize("site", SITE_IDS.values(), ids=SITE_IDS)
def test_no_spelling_of_a_site_opens_more(both: User, recorded: dict[str, str], site: str) -> None:
    answers = [
        exactly(both.api_url, "GET", f"/sites/{site}/{path}", headers=both.auth)
        for path in watched_paths(recorded["shop"])
    ]

    assert [one.status for one in answers] == ILL_FORMED


def test_the_name_of_a_group_is_not_that_of_its_site(both: User, recorded: dict[str, str]) -> None:
    assert statuses(both, "site-shop", recorded["shop"]) == CLOSED


def test_without_a_site_there_is_no_route(both: User) -> None:
    answer = exactly(both.api_url, "GET", "/sites//recordings", headers=both.auth)

    assert said(answer) == "403 no route"


def test_a_recording_of_a_site_is_in_no_users_list(
    shops: Sandbox, both: User, recorded: dict[str, str]
) -> None:
    own = both.given_recording()
    eventually(lambda: both.get("/recordings").json()["recordings"], bool, both.delivery_s)

    assert [one["recordingId"] for page in both.listed() for one in page] == [own]
    assert both.get(f"/recordings/{recorded['shop']}").status_code == 404
    assert both.get(f"/recordings/{recorded['shop']}/events").status_code == 404
    assert both.send(BY_ID["getScreenshot"], recorded["shop"]).status_code == 404


def test_a_recording_of_a_user_is_in_no_sites_list(both: User, recorded: dict[str, str]) -> None:
    own = both.given_recording()

    assert [listed(both, site) for site in ("shop", "shop2")] == [
        [recorded["shop"]],
        [recorded["shop2"]],
    ]
    assert statuses(both, "shop", own) == NOT_FOUND


def test_a_recording_of_one_site_is_not_in_the_other(both: User, recorded: dict[str, str]) -> None:
    assert statuses(both, "shop2", recorded["shop"]) == NOT_FOUND
    assert statuses(both, "shop", recorded["shop2"]) == NOT_FOUND


def test_one_id_is_a_recording_of_each_owner(shops: Sandbox) -> None:
    """Each is apart: `409` of one says nothing of the others."""
    user, recording_id = member(shops, "namesake", "site-shop"), new_id()

    answers = [
        create(SHOP_KEY, recording_id, b'{"pageTitle":"shop"}').said(shops),
        create(SHOP2_KEY, recording_id, b'{"pageTitle":"shop2"}').said(shops),
        str(user.create(recording_id, pageTitle="user").status_code),
    ]

    assert answers == ["201", "201", "201"]
    assert recordings(shops, recording_id) == {
        "site#shop": SHOP_KEY,
        "site#shop2": SHOP2_KEY,
        f"user#{user.sub}": "",
    }
    assert user.get(f"/recordings/{recording_id}").json()["pageTitle"] == "user"
    assert user.get(f"/sites/shop/recordings/{recording_id}").json()["pageTitle"] == "shop"


def test_a_cursor_of_one_site_leads_to_nothing_of_the_other(
    shops: Sandbox, both: User, recorded: dict[str, str]
) -> None:
    first = both.get("/sites/shop2/recordings", limit="1").json()

    answer = both.get("/sites/shop/recordings", cursor=first["nextCursor"])

    assert answer.status_code == 200
    assert recorded["shop2"] not in answer.text


def test_the_operators_scan_has_the_recordings_of_users_and_sites(
    shops: Sandbox, both: User, recorded: dict[str, str]
) -> None:
    own = both.given_recording()

    scanned = scan(shops)

    assert scanned[recorded["shop"]] == ("", "shop")
    assert scanned[recorded["shop2"]] == ("", "shop2")
    assert scanned[own] == (both.sub, None)
