"""Every body that a client may send, and many that it should not."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import body_events
from handlers.body_events import events_in

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
EVENTS = st.lists(st.dictionaries(st.text(), JSON, max_size=4), max_size=6)


def read(body: bytes) -> tuple[list[bytes], int]:
    found = events_in(body)
    return found.ndjson.split(b"\n")[:-1], found.skipped


@given(EVENTS, st.booleans())
def test_ndjson_keeps_the_clients_own_bytes(events: list[Any], ascii_only: bool) -> None:
    lines = [json.dumps(event, ensure_ascii=ascii_only).encode() for event in events]

    assert read(b"\n".join(lines)) == (lines, 0)


@given(EVENTS, st.sampled_from([None, 0, 2]))
def test_an_array_gives_its_elements_on_one_line_each(
    events: list[Any], indent: int | None
) -> None:
    lines, skipped = read(json.dumps(events, indent=indent).encode())

    assert ([json.loads(line) for line in lines], skipped) == (events, 0)
    assert not any(b"\n" in line for line in lines)


@given(st.dictionaries(st.text(), JSON, max_size=4), st.sampled_from([None, 0, 2]))
def test_one_object_may_span_lines(event: dict[str, Any], indent: int | None) -> None:
    lines, skipped = read(json.dumps(event, indent=indent).encode())

    assert ([json.loads(line) for line in lines], skipped) == ([event], 0)


@given(st.binary(max_size=300))
def test_no_body_raises(body: bytes) -> None:
    assert all(isinstance(json.loads(line), dict) for line in read(body)[0])


@given(st.text(alphabet='[]{}:,"\\ \n1eE.-tfnNaIu0', max_size=60))
def test_no_text_that_looks_like_json_raises(body: str) -> None:
    assert all(isinstance(json.loads(line), dict) for line in read(body.encode())[0])


@pytest.mark.parametrize(
    "bad",
    [
        b"{",
        b"[",
        b"7",
        b'"text"',
        b"null",
        b'{"a":NaN}',
        b'{"a":-Infinity}',
        b'{"a":"\xff"}',
        b'{"a":"\x00"}',
        b'\x0b{"a":1}',
        b'{"a":1}{"b":2}',
        b'{"a":' * 100_000,
        b"[" * 100_000,
        b'{"a":"\xed\xa0\x80"}',
    ],
)
def test_a_bad_line_costs_only_itself(bad: bytes) -> None:
    assert read(b'{"n":1}\n' + bad + b'\n{"n":2}') == ([b'{"n":1}', b'{"n":2}'], 1)


@pytest.mark.parametrize(
    "odd",
    [
        rb'{"a":"\ud800"}',
        rb'{"a":"\u0000"}',
        '{"a":"\u2028\u2029\x85"}'.encode(),
        b'{"a":' + b"9" * 5000 + b"}",
        b'{"a":1e999}',
        b'{"a":1,"a":2}',
        b'{"\\u0000":{}}',
        b"{}",
    ],
)
def test_what_is_odd_but_json_is_kept(odd: bytes) -> None:
    assert read(odd + b"\n" + odd) == ([odd, odd], 0)
    assert read(b"[" + odd + b"]")[1] == 0
    assert len(read(b"[" + odd + b"]")[0]) == 1


def test_a_lone_surrogate_in_an_array_stays_escaped() -> None:
    assert read(rb'[{"a": "\ud800"}]') == ([rb'{"a": "\ud800"}'], 0)


def test_numbers_that_python_would_change_keep_their_digits_in_an_array() -> None:
    long = b"9" * 5000

    assert read(b'[{"a":\n1e999},\n{"b":' + long + b"}]") == (
        [b'{"a": 1e999}', b'{"b":' + long + b"}"],
        0,
    )


def test_nan_in_an_array_costs_only_its_element() -> None:
    assert read(b'[{"a":1},{"b":NaN},7,{"c":3}]') == ([b'{"a":1}', b'{"c":3}'], 2)


def test_a_broken_array_gives_what_stands_before_the_fault() -> None:
    assert read(b'[\n{"a":1},\n{"b":2},\n{"c":') == ([b'{"a":1}', b'{"b":2}'], 1)


def test_carriage_returns_blank_lines_and_a_byte_order_mark_are_no_events() -> None:
    assert read(b'\xef\xbb\xbf{"a":1}\r\n\r\n \t\n{"b":2}\r\n') == ([b'{"a":1}', b'{"b":2}'], 0)


@pytest.mark.parametrize("body", [b"", b"\n\n", b" \n ", b"[]", b" [ ] "])
def test_an_empty_body_has_no_events(body: bytes) -> None:
    assert read(body) == ([], 0)


@pytest.mark.parametrize("body", [b"{}\n" * 9, b"[" + b"{}," * 8 + b"{}]"])
def test_more_events_than_a_batch_may_have_are_cut_and_counted_once(
    body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(body_events, "MAX_BATCH_EVENTS", 4)

    assert read(body) == ([b"{}"] * 4, 1)


@pytest.fixture
def every_line_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body_events, "LARGE_LINE_BYTES", 4)


@pytest.mark.usefixtures("every_line_is_large")
@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('{"a":"\u00e9\U0001f600"}\n{"b":1}', (['{"a":"\u00e9\U0001f600"}', '{"b":1}'], 0)),
        (' {"a": "\u00e9"} \r\n', (['{"a": "\u00e9"}'], 0)),
        ('[{"a":"\u00e9"},\n {"b":\n[1, 2]}, 7]', (['{"a":"\u00e9"}', '{"b": [1, 2]}'], 1)),
        ('{"a":\r\n"\u00e9"}', (['{"a":  "\u00e9"}'], 0)),
        ('{"a":1}\n{"a":"\u00e9}\n{"b":2}', (['{"a":1}', '{"b":2}'], 1)),
        ('{"a":NaN}\n"text"\n{"b":2}', (['{"b":2}'], 2)),
    ],
)
def test_large_lines_are_read_like_others(body: str, expected: tuple[list[str], int]) -> None:
    lines, skipped = expected

    assert read(body.encode()) == ([line.encode() for line in lines], skipped)


@pytest.mark.usefixtures("every_line_is_large")
def test_a_large_line_that_is_no_utf_8_is_no_event() -> None:
    assert read(b'{"a":"\xff"}\n{"b":"\xc3"}\n{"c":12}') == ([b'{"c":12}'], 2)


@pytest.mark.usefixtures("every_line_is_large")
@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"a":[1,2,3,4,5]}\n{"b":2}', ([b'{"b":2}'], 1)),
        (b'[{"b":2},{"a":[1,2,3,4,5]}]', ([b'{"b":2}'], 1)),
        (b'{"a":[1,2,3,4]}', ([b'{"a":[1,2,3,4]}'], 0)),
    ],
)
def test_an_event_of_too_many_values_is_left_out(
    body: bytes, expected: tuple[list[bytes], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(body_events, "MAX_LINE_VALUES", 5)

    assert read(body) == expected


def test_blank_lines_cost_little_time(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[bytes] = []

    def counted(data: bytes) -> Iterator[bytes]:
        looked_at.append(data)
        yield data

    monkeypatch.setattr(body_events, "_found_in_value", counted)

    assert read(b" \n" * 1000 + b"a\r\n \t\n\n b\n\n")[0][:2] == [b"a\r", b"b"]
    assert len(looked_at) < 5


def test_the_size_and_number_of_events_are_their_cost() -> None:
    body = b'{"a":1}\nbad\n'

    assert events_in(body).cost == len(body) + 2 * body_events.EVENT_BYTES
