"""Filters of the lists: a needle among 2,000 recordings, any combination, and what is no filter."""

import random
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from sandbox.demo_site import DEMO_SITE
from sandbox.server import Sandbox
from tests.e2e.stack import Stack, user_of
from tests.e2e.user import User, eventually, new_id

pytestmark = [pytest.mark.e2e, pytest.mark.sandbox_only]

MANY = 2_000
NEEDLE = 1_400
MINUTE_MS = 60_000
START_MS = 1_700_000_000_000
# Items of a real site are so large that a page of DynamoDB ends at 1 MB before it has 1,000.
PAGES = [f"https://shop.example/goods/{'x' * 180}/{number}" for number in range(6)]
HOSTILE = 'o\'brien "é😀" $x #set($y = 1)\n\x00%2F'

Facts = dict[str, Any]


def facts_of(number: int) -> Facts:
    """Return what was told of the recording of that minute."""
    facts: Facts = {
        "durationMs": number * 1_000,
        "clicks": number % 7,
        "user": f"user-{number % 50}@shop.example",
        "browser": ("Firefox 153", "Chrome 150", "Safari 26")[number % 3],
        "device": ("phone", "desktop")[number % 2],
        "pages": PAGES,
        "tags": ["plan:pro"] if number % 4 == 0 else ["plan:free", "beta:yes"],
        "events": ["signed up"] if number % 10 == 0 else ["looked"],
    }
    troubles = {
        "errors": number % 40 == 0,
        "failedRequests": number % 50 == 0,
        "rageClicks": number % 100 == 0,
        "deadClicks": number % 25 == 0,
    }
    facts |= {name: 2 for name, is_so in troubles.items() if is_so}
    if number == NEEDLE:
        facts |= {
            "user": HOSTILE,
            "pages": ["https://shop.example/checkout?step=2#pay"],
            "tags": [f"note:{HOSTILE}"],
            "events": [HOSTILE],
        }
    return facts


def item_of(owner: str, number: int) -> dict[str, Any]:
    """Return the table's item of a recording, as the templates write it."""
    facts = facts_of(number)
    texts = {name: {"S": facts[name]} for name in ("user", "browser", "device")}
    numbers = {name: {"N": str(one)} for name, one in facts.items() if isinstance(one, int)}
    is_troubled = {"errors", "failedRequests", "rageClicks", "deadClicks"} & set(facts)
    return {
        "owner": {"S": owner},
        "recordingId": {"S": f"r{number}"},
        "createdAtMs": {"N": str(START_MS + number * MINUTE_MS)},
        "expiresAt": {"N": str(int(time.time()) + 86_400)},
        "ownerVisitor": {"S": f"{owner}#v{number % 100}"},
        "pages": {"S": " ".join(facts["pages"])},
        "tags": {"SS": facts["tags"]},
        "events": {"SS": facts["events"]},
        **texts,
        **numbers,
        **({"ownerTroubled": {"S": owner}} if is_troubled else {}),
    }


@pytest.fixture(scope="module")
def seeker(sandbox: Sandbox) -> Iterator[User]:
    """Return a user with `MANY` recordings, one a minute; later tests scan a table without them."""
    user = user_of(sandbox, "seeker")
    table, dynamodb = sandbox.exports["tableName"], sandbox.cloud.client("dynamodb")
    items = [item_of(f"user#{user.sub}", number) for number in range(MANY)]
    keys = [{name: item[name] for name in ("owner", "recordingId")} for item in items]

    def request_each(requests: list[dict[str, Any]]) -> None:
        for start in range(0, MANY, 25):
            dynamodb.batch_write_item(RequestItems={table: requests[start : start + 25]})

    request_each([{"PutRequest": {"Item": item}} for item in items])
    yield user
    request_each([{"DeleteRequest": {"Key": key}} for key in keys])


def found(
    user: User, path: str = "/recordings", most: int = MANY, /, **query: str
) -> tuple[list[str], list[int]]:
    """Return the ids that fit, in the list's order, and how many each page has looked through.

    No page is requested after the first `most` ids, which come back without the rest.
    """
    ids: list[str] = []
    looked: list[int] = []
    for _ in range(60):
        answer = user.get(path, **query)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        ids += [one["recordingId"] for one in page["recordings"]]
        looked.append(page["lookedThrough"])
        if "nextCursor" not in page or len(ids) >= most:
            return ids[:most], looked
        query["cursor"] = page["nextCursor"]
    raise AssertionError("more than 60 pages")


def of_minutes(first: int, last: int) -> dict[str, str]:
    return {
        "from": str(START_MS + first * MINUTE_MS),
        "to": str(START_MS + last * MINUTE_MS),
    }


@pytest.mark.parametrize(
    "query",
    [
        {"errors": "true"},
        {"failedRequests": "true"},
        {"rageClicks": "true"},
        {"deadClicks": "true"},
        {"visitor": f"v{NEEDLE % 100}"},
        of_minutes(NEEDLE - 100, NEEDLE + 100),
        {"visitor": f"v{NEEDLE % 100}", "errors": "true", **of_minutes(0, MANY)},
    ],
    ids="+".join,
)
def test_where_an_index_fits_the_needle_is_found_within_two_pages(
    seeker: User, query: dict[str, str]
) -> None:
    needle = {"user": HOSTILE, "page": "/checkout"}

    ids, looked = found(seeker, **query, **needle)

    assert ids == [f"r{NEEDLE}"]
    assert len(looked) <= 2
    assert sum(looked) <= 201


@pytest.mark.parametrize(
    "query",
    [
        {"user": HOSTILE},
        {"user": "$x #set"},
        {"page": "/checkout?step=2#pay"},
        {"tag": f"note:{HOSTILE}"},
        {"event": HOSTILE},
    ],
    ids="+".join,
)
def test_where_none_fits_every_recording_is_looked_through_and_said_so(
    seeker: User, query: dict[str, str]
) -> None:
    ids, looked = found(seeker, **query)

    assert ids == [f"r{NEEDLE}"]
    assert sum(looked) == MANY
    assert max(looked) < 1_000
    assert len(looked) <= 4


@pytest.mark.parametrize("query", [{"user": "USER-1@"}, {"page": "/Checkout"}, {"tag": "plan:pr"}])
def test_a_text_is_found_in_its_own_case_and_a_tag_as_a_whole(
    seeker: User, query: dict[str, str]
) -> None:
    assert found(seeker, **query)[0] == []


SAID = {
    "page": "/goods/",
    "visitor": "v0",
    "user": "user-0@",
    "minDurationMs": "900000",
    "errors": "true",
    "failedRequests": "true",
    "rageClicks": "true",
    "deadClicks": "true",
    "tag": "plan:pro",
    "event": "signed up",
    "browser": "Firefox",
    "device": "ph",
    "from": str(START_MS + 300 * MINUTE_MS),
    "to": str(START_MS + 1_700 * MINUTE_MS),
}
# The same filters, said of a recording's number.
FITS: dict[str, Callable[[int], bool]] = {
    "page": lambda number: "/goods/" in " ".join(facts_of(number)["pages"]),
    "visitor": lambda number: number % 100 == 0,
    "user": lambda number: "user-0@" in facts_of(number)["user"],
    "minDurationMs": lambda number: number >= 900,
    "errors": lambda number: number % 40 == 0,
    "failedRequests": lambda number: number % 50 == 0,
    "rageClicks": lambda number: number % 100 == 0,
    "deadClicks": lambda number: number % 25 == 0,
    "tag": lambda number: "plan:pro" in facts_of(number)["tags"],
    "event": lambda number: "signed up" in facts_of(number)["events"],
    "browser": lambda number: number % 3 == 0,
    "device": lambda number: number % 2 == 0,
    "from": lambda number: number >= 300,
    "to": lambda number: number <= 1_700,
}
# After these a list only goes on.
THREE_PAGES = 300
_random = random.Random(1)
COMBINATIONS = [
    *([name] for name in SAID),
    *(sorted(_random.sample(sorted(SAID), _random.randint(2, 6))) for _ in range(10)),
    sorted(SAID),
]


@pytest.mark.parametrize("names", COMBINATIONS, ids="+".join)
def test_any_combination_lists_what_fits_each_once_newest_first(
    seeker: User, names: list[str]
) -> None:
    fitting = [
        f"r{number}"
        for number in reversed(range(MANY))
        if all(FITS[name](number) for name in names)
    ]

    said = {name: SAID[name] for name in names}

    ids, _ = found(seeker, "/recordings", THREE_PAGES, limit="100", **said)

    assert ids == fitting[:THREE_PAGES]


@pytest.mark.parametrize("limit", ["1", "7"])
def test_a_page_with_filters_has_no_more_than_its_limit_and_the_next_goes_on(
    seeker: User, limit: str
) -> None:
    page = seeker.get("/recordings", limit=limit, device="phone").json()
    more = seeker.get("/recordings", limit=limit, device="phone", cursor=page["nextCursor"]).json()

    ids = [one["recordingId"] for one in page["recordings"] + more["recordings"]]
    last = MANY - 2
    assert ids == [f"r{last - 2 * place}" for place in range(2 * int(limit))]


OTHERS: list[tuple[dict[str, str], Callable[[int], bool]]] = [
    ({"errors": "true"}, lambda number: number % 40 == 0),
    ({"visitor": "v3"}, lambda number: number % 100 == 3),
    (of_minutes(0, 5), lambda number: number <= 5),
    (of_minutes(1_990, 1_999), lambda number: number >= 1_990),
    ({"user": "user-1@"}, lambda number: number % 50 == 1),
    ({"visitor": "nobody", "errors": "true"}, lambda _: False),
    ({}, lambda _: True),
]


@pytest.mark.parametrize(
    ("other", "fits"), OTHERS, ids=["+".join(query) or "none" for query, _ in OTHERS]
)
def test_a_cursor_of_other_filters_does_no_harm(
    seeker: User, other: dict[str, str], fits: Callable[[int], bool]
) -> None:
    cursor = seeker.get("/recordings", limit="1", **of_minutes(900, 1_000)).json()["nextCursor"]

    answer = seeker.get("/recordings", limit="9", cursor=cursor, **other)

    allowed = {f"r{number}" for number in range(MANY) if fits(number)}
    assert answer.status_code == 200
    assert {one["recordingId"] for one in answer.json()["recordings"]} <= allowed


def test_of_a_filter_that_is_given_twice_the_last_counts(seeker: User) -> None:
    url = f"{seeker.api_url}/recordings?tag=x:y&tag=plan:pro&limit=1&limit=2"

    answer = seeker.http.get(url)

    assert len(answer.json()["recordings"]) == 2


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("from", "yesterday", "a time in milliseconds since the epoch"),
        ("to", "-1", "a time in milliseconds since the epoch"),
        ("page", "a b", "1 to 512 characters without blanks"),
        ("visitor", "../x", "1 to 64 of A-Z a-z 0-9 - _"),
        ("user", "x" * 257, "1 to 256 characters"),
        ("minDurationMs", "1.5", "an integer of up to 16 digits"),
        ("errors", "false", "the word `true`"),
        ("failedRequests", "1", "the word `true`"),
        ("rageClicks", "TRUE", "the word `true`"),
        ("deadClicks", "'", "the word `true`"),
        ("tag", "pro", "a name and a value of at most 256 characters each, with a colon between"),
        ("event", "x" * 257, "1 to 256 characters"),
        ("browser", "x" * 65, "1 to 64 characters"),
        ("device", "x" * 65, "1 to 64 characters"),
    ],
)
def test_a_bad_filter_is_refused_by_its_rule(owner: User, name: str, value: str, rule: str) -> None:
    answer = owner.get("/recordings", **{name: value})

    assert answer.status_code == 400
    assert answer.json()["detail"] == f"{name} must be {rule}."


def test_a_time_after_the_other_is_refused(owner: User) -> None:
    answer = owner.get("/recordings", **{"from": "10", "to": "9"})

    assert (answer.status_code, answer.json()["detail"]) == (400, "from must not be after to.")


def test_recordings_without_facts_fit_no_filter_on_facts(other: User) -> None:
    recording_id = new_id()
    other.create(recording_id, pageUrl="https://shop.example/first")
    path = f"{other.api_url}/recordings/{recording_id}/facts"

    def hits() -> list[bool]:
        queries: tuple[dict[str, str], ...] = (
            {},
            {"minDurationMs": "0"},
            {"errors": "true"},
            {"user": "anna"},
            {"page": "/first"},
        )
        return [recording_id in found(other, **one)[0] for one in queries]

    assert hits() == [True, False, False, False, True]
    other.http.put(path, json={"durationMs": 1, "errors": 1, "user": "anna@shop.example"})
    eventually(hits, lambda now: now == [True] * 5, 20)


def test_a_site_s_list_has_the_filters_too(stack: Stack, sandbox: Sandbox) -> None:
    write_url = f"{stack.exports['sites'][DEMO_SITE]['writeUrl']}/recordings"
    token = sandbox.id_token("watcher", [f"site-{DEMO_SITE}"])
    watcher = User(sandbox.api_url, token, delivery_s=0)
    visitor, recording_id, path = new_id(), new_id(), f"/sites/{DEMO_SITE}/recordings"
    headers = {"Content-Type": "text/plain"}
    about = f'{{"visitorId": "{visitor}"}}'
    httpx.post(f"{write_url}/{recording_id}", content=about, headers=headers).raise_for_status()
    facts = f'{{"rageClicks": 1, "user": "{visitor}@shop.example", "tags": ["a:{visitor}"]}}'

    def hits() -> list[list[str]]:
        queries: tuple[dict[str, str], ...] = (
            {"visitor": visitor},
            {"rageClicks": "true", "user": visitor},
            {"tag": f"a:{visitor}"},
            {"visitor": visitor, "errors": "true"},
        )
        return [found(watcher, path, **one)[0] for one in queries]

    assert hits() == [[recording_id], [], [], []]
    httpx.post(
        f"{write_url}/{recording_id}/facts", content=facts, headers=headers
    ).raise_for_status()
    assert hits() == [[recording_id], [recording_id], [recording_id], []]
