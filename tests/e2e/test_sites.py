"""Who may write into a site and who may watch it: each cell's answer, written down.

The cells of a write are in the order of `every_write`: create, facts, batch, asset, and whether the
asset is there.
"""

from collections.abc import Callable, Iterator

import pytest

from sandbox.server import Sandbox
from tests.e2e import tokens
from tests.e2e.two_sites import (
    SHOP2_KEY,
    SHOP_KEY,
    SHOP_RETIRED_KEY,
    SHOP_SECOND_KEY,
    UNKNOWN_KEY,
    Bucket,
    create,
    every_write,
    facts,
    member,
    objects_of,
    recordings,
    two_sites,
)
from tests.e2e.user import User, new_id

pytestmark = [pytest.mark.e2e, pytest.mark.sandbox_only]


@pytest.fixture(scope="module")
def shops(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with two_sites(tmp_path_factory.mktemp("shops")) as running:
        yield running


@pytest.fixture(scope="module")
def watcher(shops: Sandbox) -> User:
    """Return a user who watches the shop alone."""
    return member(shops, "watcher", "site-shop")


@pytest.fixture(scope="module")
def other_watcher(shops: Sandbox) -> User:
    return member(shops, "other-watcher", "site-shop2")


TAKEN = ["201", "200", "200", "200", "200"]
RETIRED = ["403 retired key"] * 4 + ["403"]
UNKNOWN = ["403 unknown key"] * 4 + ["403"]
NO_ROUTE = ["403 no route"] * 4 + ["403"]

KEYS = {
    "in use": (SHOP_KEY, TAKEN),
    "the second": (SHOP_SECOND_KEY, TAKEN),
    "of the other site": (SHOP2_KEY, TAKEN),
    "retired": (SHOP_RETIRED_KEY, RETIRED),
    "unknown": (UNKNOWN_KEY, UNKNOWN),
    "in capitals": (SHOP_KEY.upper(), UNKNOWN),
    "without its end": (SHOP_KEY[:-1], UNKNOWN),
    "with more at its end": (f"{SHOP_KEY}0", UNKNOWN),
    "without its start": (SHOP_KEY[3:], UNKNOWN),
    "two of them": (f"{SHOP_KEY},{SHOP2_KEY}", UNKNOWN),
    "a star": ("*", UNKNOWN),
    "a star at its end": (f"{SHOP_KEY[:-1]}*", UNKNOWN),
    "a variable": ("$key", UNKNOWN),
    "question marks": ("wk_" + "%3F" * 24, UNKNOWN),
    "a blank at its end": (f"{SHOP_KEY}%20", UNKNOWN),
    "a line break at its end": (f"{SHOP_KEY}%0A", UNKNOWN),
    "NUL at its end": (f"{SHOP_KEY}%00", UNKNOWN),
    "a slash": (f"{SHOP_KEY}%2Fx", UNKNOWN),
    "a parent folder": ("..", UNKNOWN),
    "a parent folder, encoded": ("%2e%2e", UNKNOWN),
    "the other site by a parent folder": (f"{SHOP_KEY}%2F..%2F{SHOP2_KEY}", UNKNOWN),
    "a quote": ("%22", UNKNOWN),
    "an emoji": ("%F0%9F%9A%A2", UNKNOWN),
    "no UTF-8": ("%FF", UNKNOWN),
    "encoded twice": (f"%2577{SHOP_KEY[1:]}", UNKNOWN),
    "a user's prefix": ("userId%3Dx", UNKNOWN),
    "none": ("", NO_ROUTE),
}
OWNERS = {SHOP_KEY: "site#shop", SHOP_SECOND_KEY: "site#shop", SHOP2_KEY: "site#shop2"}


@pytest.mark.parametrize(("key", "answers"), KEYS.values(), ids=KEYS)
def test_a_key_in_use_writes_into_its_site_and_any_other_stores_nothing(
    shops: Sandbox, key: str, answers: list[str]
) -> None:
    recording_id, bucket = new_id(), Bucket(shops)

    assert [one.said(shops) for one in every_write(key, recording_id)] == answers

    owner = OWNERS.get(key)
    assert recordings(shops, recording_id) == ({owner: key} if owner else {})
    assert bucket.new() == (objects_of(key, recording_id) if owner else [])


def test_a_letter_of_a_key_may_be_encoded(shops: Sandbox) -> None:
    recording_id, bucket = new_id(), Bucket(shops)

    answers = [one.said(shops) for one in every_write(f"%77{SHOP_KEY[1:]}", recording_id)]

    assert answers == TAKEN
    assert recordings(shops, recording_id) == {"site#shop": SHOP_KEY}
    assert bucket.new() == objects_of(SHOP_KEY, recording_id)


NOT_LISTED = ["403 origin", "403 origin", "200", "200", "200"]
ORIGINS: dict[str, tuple[dict[str, str], list[str]]] = {
    "of the site": ({}, TAKEN),
    "another": ({"Origin": "https://evil.example"}, NOT_LISTED),
    "another that starts alike": ({"Origin": "https://shop.example.evil.example"}, NOT_LISTED),
    "of another scheme": ({"Origin": "http://shop.example"}, NOT_LISTED),
    "with the port of its scheme": ({"Origin": "https://shop.example:443"}, NOT_LISTED),
    "in capitals": ({"Origin": "HTTPS://SHOP.EXAMPLE"}, NOT_LISTED),
    "with a slash": ({"Origin": "https://shop.example/"}, NOT_LISTED),
    "two of them": ({"Origin": "https://shop.example, https://evil.example"}, NOT_LISTED),
    "null": ({"Origin": "null"}, NOT_LISTED),
    "empty": ({"Origin": ""}, NOT_LISTED),
}


@pytest.mark.parametrize(("headers", "answers"), ORIGINS.values(), ids=ORIGINS)
def test_pages_of_the_origins_that_a_site_lists_make_its_recordings(
    shops: Sandbox, headers: dict[str, str], answers: list[str]
) -> None:
    """A batch needs no origin: nobody finds it without the recording."""
    sent = every_write(SHOP_KEY, new_id())

    assert [one.said(shops, **headers) for one in sent] == answers


def test_a_site_that_lists_no_origin_takes_pages_of_any(shops: Sandbox) -> None:
    sent = every_write(SHOP2_KEY, new_id())

    assert [one.said(shops, Origin="https://evil.example") for one in sent] == TAKEN


def test_no_query_stands_for_the_origin(shops: Sandbox) -> None:
    target = f"{new_id()}?Origin=https://shop.example&origin=https://shop.example"

    assert create(SHOP_KEY, target).said(shops, Origin="https://evil.example") == "403 origin"


BEARERS: dict[str, Callable[[User], str]] = {
    "a watcher's ID token": lambda watcher: str(watcher.token),
    "a watcher's access token": lambda watcher: watcher.tokens["AccessToken"],
    "a token without signature": tokens.unsigned,
    "a stranger's token": tokens.signed_by_a_stranger,
    "the key": lambda _: SHOP_KEY,
    "garbage": lambda _: "garbage",
}


@pytest.mark.parametrize("kind", BEARERS)
def test_a_token_changes_nothing_for_a_write(
    shops: Sandbox, other_watcher: User, kind: str
) -> None:
    recording_id, bucket = new_id(), Bucket(shops)
    bearer = {"Authorization": f"Bearer {BEARERS[kind](other_watcher)}"}

    assert [one.said(shops, **bearer) for one in every_write(SHOP_KEY, recording_id)] == TAKEN

    assert recordings(shops, recording_id) == {"site#shop": SHOP_KEY}
    assert bucket.new() == objects_of(SHOP_KEY, recording_id)


def test_no_header_and_no_query_leads_a_write_into_another_site(shops: Sandbox) -> None:
    recording_id, bucket = new_id(), Bucket(shops)
    other = {"key": SHOP2_KEY, "siteKey": SHOP2_KEY, "siteId": "shop2", "owner": "site#shop2"}

    answer = create(SHOP_KEY, f"{recording_id}?key={SHOP2_KEY}&owner=site%23shop2").said(
        shops, **other
    )

    assert answer == "201"
    assert recordings(shops, recording_id) == {"site#shop": SHOP_KEY}
    assert bucket.new() == []


def test_facts_reach_no_recording_of_another_site(shops: Sandbox, watcher: User) -> None:
    recording_id = new_id()
    assert create(SHOP_KEY, recording_id).said(shops) == "201"

    answers = [facts(key, recording_id).said(shops) for key in (SHOP2_KEY, SHOP_SECOND_KEY)]

    assert answers == ["404 There is no recording of this id.", "200"]
    described = watcher.get(f"/sites/shop/recordings/{recording_id}").json()
    assert described["clicks"] == 1
