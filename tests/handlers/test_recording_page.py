"""Pages of a recording: what they cost, what waits for what, and what a live reader sees."""

import gzip
import json
import sys
from collections.abc import Callable
from typing import Any

import pytest

from handlers import recording_page, stored_objects
from handlers.answer_body import GzipBody, PlainBody
from handlers.cursor import cursor_from, position_from
from handlers.position import MAX_CURSOR_ARRIVALS, START, Position
from handlers.recording_page import BATCH_BYTES, GAP_MS, RecordingPage
from handlers.stored_objects import StoredObject
from tests.handlers.fakes import Cloud
from tests.handlers.given import RECORDING_ID, delivered, envelope, ndjson


@pytest.fixture
def cloud() -> Cloud:
    return Cloud()


def batch(cloud: Cloud, sequence: int | None, *names: object, **fields: object) -> bytes:
    """Return the envelope of events with these names, or of one named like the sequence."""
    now_ms = cloud.clock.ms
    events = [{"n": name, "timestamp": now_ms} for name in names or (sequence,)]
    return envelope(ndjson(*events), sequence, **{"receivedAtMs": now_ms, **fields})


def page(cloud: Cloud, after: Position = START, *, warm: bool = True) -> RecordingPage:
    found = cloud.reader(warm=warm).page(after, PlainBody())
    cursor = cursor_from(found.position, RECORDING_ID)
    return found._replace(position=position_from(cursor, RECORDING_ID))


def names(*pages: RecordingPage) -> list[Any]:
    return [json.loads(line)["n"] for one in pages for line in one.body.splitlines()]


def all_pages(cloud: Cloud) -> list[RecordingPage]:
    pages = [page(cloud)]
    while pages[-1].has_more:
        pages.append(page(cloud, pages[-1].position))
    return pages


def deliver_each(cloud: Cloud, *sequences: int, size: int = 0) -> None:
    """Deliver one batch an object, a minute apart."""
    for sequence in sequences:
        cloud.append(batch(cloud, sequence, sequence, "x" * size))
        cloud.clock.sleep(60)
        cloud.deliver()


# Round trips


@pytest.mark.parametrize("objects", [1, 4, 60, 1000, 2000])
def test_the_first_page_costs_at_most_six_calls_of_s3(cloud: Cloud, objects: int) -> None:
    deliver_each(cloud, *range(objects))
    cloud.s3.calls.clear()

    assert names(page(cloud))[0] == 0
    assert len(cloud.s3.calls) <= 6


def test_a_poll_with_nothing_new_costs_one_list_and_one_read_of_the_stream(cloud: Cloud) -> None:
    deliver_each(cloud, 0, 1)
    cloud.append(batch(cloud, 2))
    last = all_pages(cloud)[-1]
    cloud.clock.sleep(1)
    cloud.s3.calls.clear()
    cloud.kinesis.calls.clear()

    found = page(cloud, last.position)

    assert (found.body, found.has_more, found.tail) == ("", False, "complete")
    assert (cloud.s3.calls, cloud.kinesis.calls) == (["list"], ["get_records"])


def test_what_moves_from_the_stream_to_s3_is_read_once_more_and_not_given_again(
    cloud: Cloud,
) -> None:
    cloud.append(batch(cloud, 0))
    first = page(cloud)
    cloud.deliver()
    second = page(cloud, first.position)
    cloud.s3.calls.clear()
    third = page(cloud, second.position)

    assert (names(first), names(second), names(third)) == ([0], [], [])
    assert cloud.s3.calls == ["list"]


def test_each_object_is_read_by_one_page_only(cloud: Cloud) -> None:
    deliver_each(cloud, *range(600), size=1000)
    cloud.s3.calls.clear()

    pages = all_pages(cloud)

    assert [name for name in names(*pages) if isinstance(name, int)] == list(range(600))
    assert cloud.s3.calls.count("get") == 600


@pytest.mark.parametrize("objects", [0, 1, 1500])
def test_a_recording_of_any_number_of_objects_is_read_whole(cloud: Cloud, objects: int) -> None:
    deliver_each(cloud, *range(objects))

    assert [name for name in names(*all_pages(cloud)) if name != ""] == list(range(objects))


def test_the_first_page_is_small_and_the_next_is_not(cloud: Cloud) -> None:
    deliver_each(cloud, *range(8), size=400_000)

    pages = all_pages(cloud)

    sizes = [len(one.body) for one in pages]
    assert [one.tail for one in pages] == ["partial", "complete"]
    assert recording_page.FIRST_PAGE_BYTES <= sizes[0] < recording_page.FIRST_PAGE_BYTES + 500_000
    assert len(sizes) == 2


def test_a_first_event_that_is_large_comes_on_the_first_page(cloud: Cloud) -> None:
    deliver_each(cloud, 0, size=3_000_000)

    assert len(page(cloud).body) > 3_000_000


# Deployments in between


def test_objects_of_a_replaced_delivery_stream_come_in_their_time(cloud: Cloud) -> None:
    stems = ["events-aaa-9", "events-aaa-10", "events-000-1"]
    for sequence, stem in enumerate(stems):
        cloud.append(batch(cloud, sequence))
        name = cloud.object_name().replace("events-1", stem)
        cloud.s3.put(name, delivered(*cloud.undelivered))
        cloud.undelivered.clear()
        cloud.clock.sleep(60)
    cloud.s3.page_size = 2

    assert names(*all_pages(cloud)) == [0, 1, 2]


# Gaps


def test_a_batch_waits_for_the_one_before_it(cloud: Cloud) -> None:
    cloud.append(batch(cloud, 0))
    cloud.append(batch(cloud, 2))
    first = page(cloud)
    cloud.append(batch(cloud, 1))
    cloud.clock.sleep(1)
    second = page(cloud, first.position)

    assert (names(first), names(second)) == ([0], [1, 2])
    assert (first.missing, first.has_more, second.missing) == ((), False, ())


def test_it_waits_only_so_long_and_the_gap_is_named(cloud: Cloud) -> None:
    cloud.append(batch(cloud, 0))
    cloud.append(batch(cloud, 2))
    first = page(cloud)
    cloud.clock.sleep(GAP_MS / 1000)
    second = page(cloud, first.position)

    assert (names(second), second.missing) == ([2], ((1, 1),))


def test_what_comes_too_late_for_its_place_is_given_still(cloud: Cloud) -> None:
    cloud.append(batch(cloud, 0))
    cloud.append(batch(cloud, 2))
    cloud.clock.sleep(GAP_MS / 1000)
    first = page(cloud)
    cloud.append(batch(cloud, 1))
    cloud.clock.sleep(1)
    second = page(cloud, first.position)

    assert (names(first), names(second), second.missing) == ([0, 2], [1], ())


def test_without_the_tail_it_waits_until_firehose_would_have_brought_it(cloud: Cloud) -> None:
    cloud.append(batch(cloud, 0))
    cloud.append(batch(cloud, 2))
    cloud.deliver()
    cloud.clock.sleep(60)
    cloud.throttle(99)
    first = page(cloud, warm=False)
    cloud.clock.sleep(120)
    cloud.throttle(99)
    second = page(cloud, first.position, warm=False)

    assert (names(first), first.tail, names(second)) == ([0], "unavailable", [2])


def test_in_a_recording_that_is_over_a_late_batch_has_its_place(cloud: Cloud) -> None:
    deliver_each(cloud, 0, 2, 3, 4, 5, 1, 6)

    assert [name for name in names(*all_pages(cloud)) if name != ""] == [0, 1, 2, 3, 4, 5, 6]


def test_a_gap_at_the_start_costs_one_empty_page_and_no_more_calls(cloud: Cloud) -> None:
    deliver_each(cloud, *range(1, 200))
    cloud.s3.calls.clear()

    first = page(cloud)
    calls = len(cloud.s3.calls)
    second = page(cloud, first.position)

    assert (names(first), first.has_more, calls) == ([], True, 5)
    assert names(second)[0] == 1


def test_gaps_that_nothing_can_close_any_more_do_not_end_a_page_each(cloud: Cloud) -> None:
    numbers = range(0, 1200, 2)
    deliver_each(cloud, *numbers)

    pages = all_pages(cloud)

    assert [name for name in names(*pages) if name != ""] == list(numbers)
    assert len(pages) < 8


def test_a_clock_that_is_an_hour_ahead_holds_nothing_back(cloud: Cloud) -> None:
    ahead_ms = cloud.clock.ms + 3_600_000
    cloud.append(batch(cloud, 0))
    cloud.append(batch(cloud, 2, receivedAtMs=ahead_ms))
    cloud.deliver()
    cloud.clock.sleep(GAP_MS / 1000)
    first = page(cloud)
    cloud.append(batch(cloud, 3))
    cloud.clock.sleep(1)

    assert (names(first), names(page(cloud, first.position))) == ([0, 2], [3])


@pytest.mark.parametrize("skew_ms", [-3_600_000, 3_600_000])
def test_batches_without_sequence_survive_an_hour_of_skew(cloud: Cloud, skew_ms: int) -> None:
    cloud.append(batch(cloud, None, "a", receivedAtMs=cloud.clock.ms + skew_ms))
    first = page(cloud)
    cloud.clock.sleep(1)
    cloud.append(batch(cloud, None, "b"))
    second = page(cloud, first.position)
    cloud.deliver()
    third = page(cloud, second.position)

    assert (names(first), names(second), names(third)) == (["a"], ["b"], [])


# Firehose's buffer


@pytest.mark.parametrize("warm", [True, False], ids=["warm", "cold"])
@pytest.mark.parametrize("buffer_seconds", [60, 125, 600, 900])
def test_a_recording_plays_in_order_while_firehose_waits(buffer_seconds: int, warm: bool) -> None:
    cloud = Cloud(buffer_seconds=buffer_seconds)
    seen: list[Any] = []
    tails: set[str] = set()
    position = START
    waited_s = 0.0
    for sequence in range(int(3 * buffer_seconds / 2)):
        cloud.append(batch(cloud, sequence))
        cloud.clock.sleep(2)
        waited_s += 2
        if waited_s >= 1.5 * buffer_seconds:  # as late as it may
            cloud.deliver(len(cloud.undelivered) // 2)
            waited_s = 0.75 * buffer_seconds
        if sequence % 20 == 19:
            found = page(cloud, position, warm=warm)
            seen += names(found)
            position = found.position
            tails.add(found.tail)
            assert found.missing == ()
            assert seen == list(range(sequence + 1))
    late = page(cloud, warm=False)

    assert tails == {"complete"}
    assert names(late)[:1] == [0]
    assert late.missing == ()


def test_a_long_buffer_is_played_from_its_start() -> None:
    cloud = Cloud(buffer_seconds=600)
    for sequence in range(120):
        cloud.append(batch(cloud, sequence))
        cloud.clock.sleep(2)

    (found,) = all_pages(cloud)

    assert (names(found), found.tail, found.missing) == (list(range(120)), "complete", ())


# What a page may cost


def test_a_page_whose_time_is_over_ends_and_the_next_goes_on(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording_page, "READ_SECONDS", 0)
    deliver_each(cloud, *range(9))
    pages = all_pages(cloud)

    assert [names(one)[0] for one in pages] == list(range(9))


def test_large_batches_that_take_long_come_over_several_pages(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = cloud.s3.get_object

    def slow(**request: str) -> Any:
        cloud.clock.sleep(4)
        return answer(**request)

    monkeypatch.setattr(cloud.s3, "get_object", slow)
    for sequence in range(8):
        cloud.s3.put(f"large/{sequence}", ndjson({"n": sequence, "timestamp": sequence}))
    pages = all_pages(cloud)

    assert [names(one) for one in pages] == [[0, 1, 2], [3, 4, 5], [6, 7]]


@pytest.mark.parametrize("numbered", [True, False])
def test_an_object_of_more_than_a_page_may_keep_comes_over_several_pages(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch, numbered: bool
) -> None:
    monkeypatch.setattr(recording_page, "MAX_KEPT_BYTES", 10 * BATCH_BYTES)
    for number in range(100):
        cloud.clock.sleep(0.1)
        cloud.append(batch(cloud, number if numbered else None, number))
    cloud.undelivered.reverse()
    cloud.deliver()
    cloud.clock.sleep(1)
    cloud.append(batch(cloud, 100 if numbered else None, 100))
    cloud.clock.sleep(3600)
    cloud.deliver()
    pages = all_pages(cloud)

    assert names(*pages) == list(range(101))
    assert len(pages) > 9


def test_an_object_without_room_is_left_to_the_next_page(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording_page, "MAX_KEPT_BYTES", 10 * BATCH_BYTES)
    for first in (0, 6):
        for sequence in range(first, first + 6):
            cloud.append(batch(cloud, sequence))
        cloud.clock.sleep(60)
        cloud.deliver()
    pages = all_pages(cloud)

    assert [names(one) for one in pages] == [[*range(6)], [*range(6, 12)]]
    assert [one.objects for one in pages] == [1, 1]


def test_a_large_object_is_not_fetched_before_its_turn(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored_objects, "MAX_FETCHED_BYTES", 100)
    answer, bodies = cloud.s3.get_object, dict[str, Any]()

    def kept(**request: str) -> Any:
        found = answer(**request)
        bodies[request["Key"][-1]] = found["Body"]
        return found

    monkeypatch.setattr(cloud.s3, "get_object", kept)
    for name, size in (("a", 100), ("b", 101)):
        cloud.s3.put(f"stream/{name}", bytes(size))
    listed = [StoredObject(0, key, key, len(data)) for key, (data, _) in cloud.s3.objects.items()]
    list(cloud.reader().objects.opened(listed))

    assert {name: body.tell() for name, body in bodies.items()} == {"a": 100, "b": 0}


def test_the_stream_is_read_only_from_the_last_delivery_on(cloud: Cloud) -> None:
    cloud.kinesis.limit = 1
    for sequence in range(10):
        cloud.append(batch(cloud, sequence))
        cloud.clock.sleep(15)
    cloud.deliver()
    cloud.append(batch(cloud, 10))
    found = page(cloud)

    assert (names(found), found.tail) == ([*range(11)], "complete")


@pytest.mark.parametrize("place", [0, 29])
def test_an_event_in_pieces_goes_on_in_an_object_that_is_cut(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch, place: int
) -> None:
    monkeypatch.setattr(recording_page, "MAX_KEPT_BYTES", 10 * BATCH_BYTES)
    later_ms = cloud.clock.ms + 60_000
    large = envelope(ndjson({"n": 0, "x": "x" * 3000}), 0, receivedAtMs=later_ms)
    cloud.undelivered.append(large)
    cloud.deliver()
    first = cloud.reader().page(START, PlainBody(2000))
    cloud.s3.objects.clear()
    for number in range(1, 30):
        cloud.clock.sleep(1)
        cloud.undelivered.append(batch(cloud, number))
    cloud.undelivered.insert(place, large)
    cloud.deliver()
    body, after, skipped = first.body, first.position, 0
    for _ in range(40):
        found = cloud.reader().page(after, PlainBody(20_000))
        body, after, skipped = body + found.body, found.position, skipped + found.skipped

    assert [json.loads(line)["n"] for line in body.splitlines()] == list(range(30))
    assert skipped == 0


def test_what_is_opened_for_a_page_is_bounded(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording_page, "MAX_OPENED_BYTES", 1)
    deliver_each(cloud, 0, 1, 2)

    assert [names(one)[0] for one in all_pages(cloud)] == [0, 1, 2]


def test_more_objects_than_are_ever_listed_are_counted(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored_objects, "MAX_LISTED_PAGES", 2)
    cloud.s3.page_size = 2
    for sequence in range(6):
        cloud.s3.put(f"large/{sequence}", ndjson({"n": sequence}))

    (found,) = all_pages(cloud)

    assert (names(found), found.skipped) == ([0, 1, 2, 3], 1)


def calls_of(work: Callable[[], object]) -> int:
    """Return how many functions some work calls, which tells its growth better than its time."""
    count = 0

    def counted(*_: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(counted)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def of_one_time(count: int) -> Cloud:
    cloud = Cloud()
    for sequence in range(count):
        body = ndjson({"n": sequence, "timestamp": 1}, {"n": "again", "timestamp": 1})
        cloud.append(envelope(body, sequence, receivedAtMs=cloud.clock.ms))
    return cloud


def with_gaps(count: int) -> Cloud:
    cloud = Cloud()
    for sequence in range(count):
        cloud.append(batch(cloud, 2 * sequence))
    cloud.clock.sleep(60)
    return cloud


def unnumbered(count: int) -> Cloud:
    cloud = Cloud()
    for number in range(count):
        cloud.append(batch(cloud, None, number, receivedAtMs=cloud.clock.ms + number))
    cloud.deliver(count)
    return cloud


@pytest.mark.parametrize("made", [of_one_time, with_gaps, unnumbered])
def test_the_work_for_a_page_grows_as_its_batches(made: Callable[[int], Cloud]) -> None:
    few, many = made(250), made(1000)

    assert calls_of(lambda: page(many)) < 5 * calls_of(lambda: page(few))


# Large batches


def test_a_large_batch_takes_its_place_among_the_others(cloud: Cloud) -> None:
    deliver_each(cloud, 0, 2)
    cloud.s3.put("large/1", gzip.compress(ndjson({"n": "large"})))
    cloud.s3.put("large/10", gzip.compress(ndjson({"n": "later"})))
    cloud.append(batch(cloud, 9))
    cloud.deliver()
    cloud.clock.sleep(200)

    pages = all_pages(cloud)

    assert [name for name in names(*pages) if name != ""] == [0, "large", 2, 9, "later"]
    assert pages[-1].missing == ((3, 8),)


def test_a_large_batch_can_be_read_at_once(cloud: Cloud) -> None:
    cloud.s3.put("large/0", gzip.compress(ndjson({"n": "large"})))
    first = page(cloud)
    second = page(cloud, first.position)

    assert (names(first), names(second)) == (["large"], [])


@pytest.mark.parametrize("name", ["x", "01", "-1", "9" * 17, "$", "1.gz"])
def test_a_large_batch_that_is_named_by_no_sequence_comes_in_the_order_of_arrival(
    cloud: Cloud, name: str
) -> None:
    deliver_each(cloud, 0)
    cloud.clock.sleep(1)
    cloud.s3.put(f"large/{name}", gzip.compress(ndjson({"n": "large"})))
    first = page(cloud)
    cloud.clock.sleep(1)
    deliver_each(cloud, 1)
    second = page(cloud, first.position)
    third = page(cloud, second.position)

    assert [names(first)[0], *names(first)[-1:]] == [0, "large"]
    assert (names(second)[0], names(third)) == (1, [])


def test_a_large_batch_may_have_lost_its_gzip_on_the_way(cloud: Cloud) -> None:
    cloud.s3.put("large/0", ndjson({"n": "large"}, {"n": "plain"}))

    assert names(page(cloud)) == ["large", "plain"]


@pytest.mark.parametrize("name", ["large/", "large/1/2"])
def test_what_is_no_large_batch_is_left_alone(cloud: Cloud, name: str) -> None:
    cloud.s3.put(name, b"x")

    assert page(cloud).body == ""


def test_a_large_batch_that_is_broken_or_gone_costs_only_itself(cloud: Cloud) -> None:
    cloud.s3.put("large/0", b"no gzip")
    deliver_each(cloud, 1)

    (first,) = all_pages(cloud)

    assert (names(first)[0], first.skipped) == (1, 1)


# Repeats


@pytest.mark.parametrize("sequence", [None, 7])
def test_a_batch_that_is_sent_again_is_given_once_whenever_it_comes(
    cloud: Cloud, sequence: int | None
) -> None:
    sent = batch(cloud, sequence, "a")
    again = json.dumps(
        json.loads(sent) | {"receivedAtMs": cloud.clock.ms + 1, "requestId": "another"}
    ).encode()
    cloud.append(sent)
    cloud.append(again)
    cloud.clock.sleep(GAP_MS / 1000)
    pages = [page(cloud)]
    cloud.append(again)
    pages.append(page(cloud, pages[-1].position))
    cloud.deliver()
    pages.append(page(cloud, pages[-1].position))
    cloud.clock.sleep(7200)
    cloud.append(again)
    cloud.deliver()
    pages.append(page(cloud, pages[-1].position))

    assert [names(one) for one in pages] == [["a"], [], [], []]


def test_an_event_in_two_different_batches_is_given_twice(cloud: Cloud) -> None:
    cloud.append(batch(cloud, None, "a", "b"))
    cloud.clock.sleep(1)
    cloud.append(batch(cloud, None, "b", "c"))

    assert names(page(cloud)) == ["a", "b", "b", "c"]


def test_a_copy_older_than_a_cursor_remembers_is_given_again(cloud: Cloud) -> None:
    for name in range(MAX_CURSOR_ARRIVALS + 1):
        cloud.append(batch(cloud, None, name))
        cloud.clock.sleep(1)
    cloud.deliver()
    first = page(cloud)
    cloud.clock.sleep(7200)
    cloud.deliver_again(MAX_CURSOR_ARRIVALS)
    cloud.deliver_again(0)

    assert names(page(cloud, first.position)) == [0]


def test_a_batch_delivered_twice_hours_apart_is_given_once(cloud: Cloud) -> None:
    cloud.append(batch(cloud, None, "a"))
    cloud.deliver()
    first = page(cloud)
    cloud.clock.sleep(7200)
    cloud.deliver_again(0)

    assert names(page(cloud, first.position)) == []


def test_a_gzipped_page_holds_the_same(cloud: Cloud) -> None:
    deliver_each(cloud, 0, 1)
    found = cloud.reader().page(START, GzipBody())

    assert found.has_more is False
    assert len(found.body) > 0
