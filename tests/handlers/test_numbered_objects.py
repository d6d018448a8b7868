"""A site's recording: one object a batch, listed by number, read side by side."""

import gzip
import io
import json
import random
import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers import numbered_objects
from handlers.answer_body import MAX_TEXT_BYTES
from handlers.cursor import cursor_from
from handlers.position import MAX_LISTED_AGAIN
from handlers.recording_page import FIRST_PAGE_BYTES, GAP_MS, PAGE_OBJECT_BYTES, PAGE_OBJECTS
from tests.handlers.fakes import FakeS3
from tests.handlers.given import PREFIX, RECORDING_ID, ndjson
from tests.handlers.numbered import Site, names_of

PATIENCE_S = 20


@pytest.fixture
def site() -> Site:
    return Site()


# Hostile objects


@pytest.mark.parametrize(
    "name",
    [
        "1",
        "00000001",
        "0000000001",
        "00000000a",
        "-00000001",
        "00000000\u0661",
        "000000001.gz",
        "000000001/x",
        "../000000001",
        "",
    ],
)
def test_a_name_that_is_not_nine_digits_is_no_batch(site: Site, name: str) -> None:
    site.put(0)
    site.s3.put(f"batch/{name}", ndjson({"n": "hostile"}))
    (found,) = site.all_pages()

    assert (names_of(found), found.skipped, found.missing) == ([0], 0, ())


def test_many_other_names_do_not_hide_the_batches_after_them(site: Site) -> None:
    site.s3.page_size = 10
    for number in range(35):
        site.s3.put(f"batch/00000{number:03}", b"8 digits")
    site.put(3)
    site.put(0)

    assert names_of(*site.all_pages()) == [0]
    site.clock.wait(GAP_MS)
    assert names_of(*site.all_pages()) == [0, 3]


def test_more_other_names_than_are_ever_listed_are_counted(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.numbered_objects.MAX_LISTED_PAGES", 2)
    site.s3.page_size = 10
    for number in range(35):
        site.s3.put(f"batch/!{number:03}", b"x")
    site.put(0)
    found = site.page()

    assert (found.body, found.has_more, found.skipped) == ("", False, 1)


@pytest.mark.parametrize(
    ("sent", "skipped"),
    [
        (b"", 1),
        (b"\x1f\x8b", 1),
        (gzip.compress(b'{"n":"x"}')[:9], 1),
        (b"\x1f\x8b\x08" + b"x" * 99, 1),
        (b"neither gzip nor JSON", 1),
        (b"\x00", 1),
        (b"\xff\xfe{}", 1),
        (b"[1, 2]", 2),
        (b"null", 1),
    ],
    ids=["empty", "magic", "cut", "damaged", "text", "null byte", "UTF-16", "numbers", "null"],
)
def test_a_batch_that_is_none_is_counted_and_the_rest_is_read(
    site: Site, sent: bytes, skipped: int
) -> None:
    site.put(0)
    site.s3.put("batch/000000001", sent)
    site.put(2)
    (found,) = site.all_pages()

    assert (names_of(found), found.skipped, found.missing) == ([0, 2], skipped, ())


def test_half_a_gzip_member_gives_the_events_before_the_cut(site: Site) -> None:
    noise = random.Random(1)
    events = [{"n": number, "x": noise.randbytes(1000).hex()} for number in range(99)]
    sent = gzip.compress(ndjson(*events))
    site.s3.put("batch/000000000", sent[: len(sent) // 2])
    site.put(1, "after")
    (found,) = site.all_pages()

    *before, last = names_of(found)
    assert 20 < len(before) < 99
    assert (before, last, found.skipped) == (list(range(len(before))), "after", 1)


def test_gzip_and_plain_lines_are_told_apart_by_their_first_bytes(site: Site) -> None:
    site.s3.put("batch/000000000", gzip.compress(ndjson({"n": 0})))
    site.s3.put("batch/000000001", ndjson({"n": 1}))
    site.s3.put("batch/000000002", b"broken\n" + ndjson({"n": 2}))
    site.s3.put("batch/000000003", gzip.compress(b'{"n":3}\n') + gzip.compress(b'{"n":4}'))
    (found,) = site.all_pages()

    assert (names_of(found), found.skipped) == ([0, 1, 2, 3, 4], 1)


def test_a_bomb_is_opened_up_to_the_limit_of_a_batch(site: Site) -> None:
    site.s3.put("batch/000000000", gzip.compress(ndjson({"n": 0}) + b" " * MAX_TEXT_BYTES))
    site.put(1)
    pages = site.all_pages()

    assert (names_of(*pages), sum(page.skipped for page in pages)) == ([0, 1], 1)


def test_equal_events_in_two_batches_are_two_events(site: Site) -> None:
    site.put(0, "same")
    site.put(1, "same")

    assert names_of(*site.all_pages()) == ["same", "same"]


def test_an_event_larger_than_an_answer_goes_over_several(site: Site) -> None:
    site.put(0, "large", size=5000)
    site.put(1)
    found = site.page(max_bytes=2000)
    body = found.body
    while found.has_more:
        found = site.page(found.position, max_bytes=2000)
        body += found.body

    assert [json.loads(line)["n"] for line in body.splitlines()] == ["large", 1]


# Round trips


@pytest.mark.parametrize("batches", [1, 16, 60, 1000, 3000])
def test_the_first_page_is_one_list_and_objects_side_by_side(site: Site, batches: int) -> None:
    site.put_each(*range(batches))
    site.s3.calls.clear()
    found = site.page()

    assert names_of(found) == list(range(min(batches, 16)))
    assert site.s3.calls.count("list") == 1
    assert min(batches, 16) <= site.s3.calls.count("get") <= 16
    assert found.has_more is (batches > 16)


def test_the_first_page_waits_for_no_list_to_ask_for_the_first_batches(site: Site) -> None:
    site.put_each(*range(20))
    site.s3 = ListLast(site, 16)

    assert names_of(site.page()) == list(range(16))


def test_a_recording_without_its_first_batches_begins_with_those_that_are_there(
    site: Site,
) -> None:
    site.put_each(3, 5, 17, seconds=GAP_MS / 1000)
    found = site.all_pages()

    assert names_of(*found) == [3, 5, 17]


def test_a_live_reader_asks_for_the_next_number_only(site: Site) -> None:
    site.put_each(*range(2000))
    last = site.all_pages()[-1]
    site.put(2000)
    site.s3.calls.clear()
    site.s3.listed.clear()
    found = site.page(last.position)
    idle = site.page(found.position)

    assert (names_of(found), idle.body, idle.has_more) == ([2000], "", False)
    assert site.s3.calls == ["list", "get", "list"]
    assert site.s3.listed == [["000002000"], []]


def test_each_object_is_listed_and_read_by_one_page_only(site: Site) -> None:
    site.put_each(*range(1000), size=1000)
    site.s3.calls.clear()
    pages = site.all_pages()

    assert names_of(*pages) == list(range(1000))
    assert len(pages) < 7
    assert (site.s3.calls.count("list"), site.s3.calls.count("get")) == (len(pages), 1000)


class ListLast(FakeS3):
    """S3 whose list is not answered before it is done with so many objects."""

    def __init__(self, site: Site, objects: int) -> None:
        super().__init__(site.clock, objects=site.s3.objects)
        self.expected = objects
        self.done = threading.Semaphore(0)
        self.read_bytes = 0
        self.read_before_list = 0

    def list_objects_v2(self, **request: Any) -> Mapping[str, Any]:
        assert all(self.done.acquire(timeout=PATIENCE_S) for _ in range(self.expected))
        if self.expected:
            self.expected, self.read_before_list = 0, self.read_bytes
        return super().list_objects_v2(**request)

    def get_object(self, **request: str) -> Mapping[str, Any]:
        found = super().get_object(**request)
        return {**found, "Body": Body(self, found["Body"])}


class Body:
    """An object's content, which says when it has been read or left."""

    def __init__(self, s3: ListLast, content: io.BytesIO) -> None:
        self.s3, self.content = s3, content

    def read(self) -> bytes:
        data = self.content.read()
        self.s3.read_bytes += len(data)
        self.s3.done.release()
        return data

    def close(self) -> None:
        self.s3.done.release()


def test_a_page_asks_for_what_the_one_before_has_listed_while_it_lists(site: Site) -> None:
    site.put_each(*range(100))
    first = site.page()
    site.s3 = ListLast(site, 84)
    second = site.page(first.position)

    assert names_of(first, second) == list(range(100))
    assert sorted(site.s3.calls) == [*["get"] * 84, "list"]


def test_no_more_is_asked_for_before_the_list_than_a_page_holds(site: Site) -> None:
    site.put_each(*range(400), size=0)
    site.put_each(*range(16, 400), size=200_000)
    first = site.page()
    sizes = [len(site.s3.objects[f"{PREFIX}/batch/{n:09}"][0]) for n in first.position.stored]

    assert 0 < sum(sizes) <= PAGE_OBJECT_BYTES


def test_a_gap_ends_what_is_asked_for_before_the_list(site: Site) -> None:
    site.put_each(*range(40), *range(41, 60))

    assert site.page().position.stored == range(16, 40)


@pytest.mark.parametrize("first", [17, 20])
def test_what_is_deleted_meanwhile_is_left_out(site: Site, first: int) -> None:
    site.put_each(*range(40))
    before = site.page()
    for number in range(first, 30):
        del site.s3.objects[f"{PREFIX}/batch/{number:09}"]
    site.clock.wait(GAP_MS)

    found = names_of(*site.all_pages(before.position))
    assert found == [*range(16, first), *range(30, 40)]


def test_a_forged_cursor_has_no_more_fetched_than_a_page_holds(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.numbered_objects.MAX_AHEAD_BYTES", 3000)
    site.put_each(*range(300))
    forged = replace(site.page().position, stored_before=10**9)
    s3 = site.s3 = ListLast(site, PAGE_OBJECTS)
    pages = site.all_pages(forged)

    assert names_of(*pages) == list(range(16, 300))
    assert 0 < s3.read_before_list <= 3000


def test_a_list_that_s3_cuts_short_is_not_the_end(site: Site) -> None:
    site.s3.page_size = 150
    site.put_each(*range(1000))

    assert names_of(*site.all_pages()) == list(range(1000))


def test_the_first_page_is_small(site: Site) -> None:
    site.put_each(*range(8), size=400_000)
    pages = site.all_pages()

    assert FIRST_PAGE_BYTES <= len(pages[0].body) < FIRST_PAGE_BYTES + 500_000
    assert names_of(*pages) == list(range(8))


# Gaps


def test_a_batch_waits_for_the_one_before_it_and_no_more_is_promised(site: Site) -> None:
    site.put_each(0, 2, seconds=0)
    first = site.page()
    site.clock.sleep(1)
    site.put(1)
    second = site.page(first.position)

    assert (names_of(first), first.has_more, first.missing) == ([0], False, ())
    assert (names_of(second), second.missing) == ([1, 2], ())


def test_what_waits_is_not_asked_for_at_once_however_much_it_is(site: Site) -> None:
    site.put_each(*range(1, 500), seconds=0)
    first = site.page()
    site.clock.wait(GAP_MS)
    pages = site.all_pages(first.position)

    assert (first.body, first.has_more) == ("", False)
    assert names_of(*pages) == list(range(1, 500))
    assert pages[-1].missing == ((0, 0),)


def test_it_waits_only_so_long_and_what_comes_later_is_given_still_once(site: Site) -> None:
    site.put_each(0, 2, 3, seconds=0)
    site.clock.wait(GAP_MS)
    first = site.page()
    site.put(1)
    second = site.page(first.position)
    third = site.page(second.position)

    assert [names_of(page) for page in (first, second, third)] == [[0, 2, 3], [1], []]
    assert [page.missing for page in (first, second, third)] == [((1, 1),), (), ()]


def test_a_late_batch_has_its_place_for_a_reader_who_comes_after_it(site: Site) -> None:
    site.put_each(0, 2, 3, 4, 1)

    assert names_of(*site.all_pages()) == [0, 1, 2, 3, 4]


def test_a_late_batch_that_was_stored_before_its_follower_is_not_taken_for_read(
    site: Site,
) -> None:
    site.put_each(0, 2, 3)
    first = site.page()
    site.put(1, "late")
    site.put_each(4)

    assert names_of(*site.all_pages(first.position)) == ["late", 4]


def test_of_an_old_gap_the_reader_lists_no_more_and_reports_it(site: Site) -> None:
    site.put_each(*range(MAX_LISTED_AGAIN + 2)[::-1], 1000)
    site.s3.objects.pop(next(key for key in site.s3.objects if key.endswith("/000000001")))
    site.clock.wait(GAP_MS)
    last = site.all_pages()[-1]
    site.put(1, "too late")
    site.put(MAX_LISTED_AGAIN + 2)
    site.clock.wait(GAP_MS)
    site.s3.listed.clear()
    found = site.page(last.position)

    assert (names_of(found), len(site.s3.listed[0])) == ([MAX_LISTED_AGAIN + 2], 2)
    assert found.missing == ((1, 1), (MAX_LISTED_AGAIN + 3, 999))


def test_a_number_of_the_far_end_keeps_no_reader_from_what_comes(site: Site) -> None:
    site.put_each(0, 999_999_999, seconds=60)
    first = site.page()
    site.put_each(1, 2)

    assert names_of(first) == [0, 999_999_999]
    assert names_of(*site.all_pages(first.position)) == [1, 2]


def test_gaps_everywhere_keep_a_cursor_short_and_a_page_full(site: Site) -> None:
    numbers = list(range(0, 1200, 2))
    site.put_each(*numbers)
    site.clock.wait(GAP_MS)
    pages = site.all_pages()

    assert names_of(*pages) == numbers
    assert len(pages) == 2 + len(numbers) // PAGE_OBJECTS
    assert max(len(cursor_from(page.position, RECORDING_ID)) for page in pages) < 700


def test_a_cursor_of_a_recording_without_gaps_does_not_grow(site: Site) -> None:
    site.put_each(*range(3000))
    last = site.all_pages()[-1]

    assert len(cursor_from(last.position, RECORDING_ID)) < 120


# Limits of a page


def test_large_batches_come_over_several_pages(site: Site) -> None:
    chance = random.Random(1)
    for sequence in range(4):
        body = gzip.compress(ndjson({"n": sequence, "x": chance.randbytes(3_000_000).hex()}))
        site.s3.put(f"batch/{sequence:09}", body)
    pages = site.all_pages()

    assert (names_of(*pages), len(pages)) == ([0, 1, 2, 3], 4)


def test_an_object_deleted_since_it_was_listed_is_passed_over(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(numbered_objects, "MAX_AHEAD_BYTES", 0)  # so it is read after the list
    site.put_each(0, 1, 2, seconds=GAP_MS / 1000)
    vanished = next(key for key in site.s3.objects if key.endswith("/000000001"))
    answer = site.s3.list_objects_v2

    def then_deleted(**request: object) -> object:
        listed = answer(**request)
        site.s3.objects.pop(vanished, None)
        return listed

    monkeypatch.setattr(site.s3, "list_objects_v2", then_deleted)
    (found,) = site.all_pages()

    assert (names_of(found), found.skipped) == ([0, 2], 0)


@settings(max_examples=60, deadline=None)
@given(
    order=st.permutations(range(12)),
    polls=st.lists(st.booleans(), min_size=12, max_size=12),
    seconds=st.lists(st.integers(0, 12), min_size=12, max_size=12),
    lost=st.sets(st.integers(0, 11), max_size=4),
)
def test_in_any_order_a_live_reader_gets_each_batch_once(
    order: list[int], polls: list[bool], seconds: list[int], lost: set[int]
) -> None:
    site, after = Site(), Site().page().position
    got: list[object] = []
    for sequence, poll, wait in zip([*order, 12], [*polls, True], [*seconds, 11], strict=True):
        if sequence not in lost and sequence < 12:
            site.put(sequence)
        site.clock.sleep(wait)
        if poll:
            pages = site.all_pages(after)
            got += names_of(*pages)
            after = pages[-1].position
    stored = [number for number in range(12) if number not in lost]

    assert sorted(map(str, got)) == sorted(map(str, stored))
    assert names_of(*site.all_pages()) == stored
