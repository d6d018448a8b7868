"""Many lines are checked at once, and none gets through that would not alone."""

import json
import sqlite3
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from handlers import body_events, json_lines
from handlers.body_events import events_in
from handlers.json_lines import count_objects, counting_query

MAX_LINE_BYTES = 1000

LINES = st.lists(
    st.sampled_from(
        [
            *("{}", '{"a":1}', '{"a":[{"b":[]}]}', '{"a":"},{"}', "{},{}", '{},"":{}', "{}],[{}"),
            *('{"a":[{}', "{}]}", '{"a":{"b":{}', '"c":{}}}', '{"a":"', '"}', "[", "]", "{", "}"),
            *("5", '"a"', "[{}]", "null", "", " ", "{} ", "{a:1}", "{'a':1}", '{"a":1,}', "{}//"),
            *('{"a":NaN}', '{"a":+1}', '{"a":.5}', '{"a":5.}', '{"a":0x1}', '{"a":01}', '{"a":-}'),
            *('{"a":"\\x"}', '{"a":"\\u12"}', '{"a":"\t"}', '{"\\ud800":1e999}', '{"a":"\u2028"}'),
            *(
                '{"a":tru}',
                '{"a":true1}',
                '{"a":1e}',
                "{\x0b}",
                "{\xa0}",
                "\ufeff{}",
                "{}\0",
                "{\r}",
            ),
        ]
    )
    | st.text(alphabet='[]{}:,"\\ 1eE.-tfn', max_size=9),
    min_size=1,
    max_size=4,
)


def is_object(line: str) -> bool:
    def refuse(constant: str) -> None:
        raise ValueError(constant)

    try:
        return isinstance(json.loads(line, parse_constant=refuse), dict)
    except ValueError:
        return False


def cannot_tell(_ndjson: bytes, _max_line_bytes: int) -> None:
    return None


@given(LINES, st.integers(1, 60))
@example(['{"a":[{}', "{}]}", "{},{}"], 60)
@example(['{"a":{"b":{}', '"c":{}}}', '{},"c":{}'], 60)
@example(['{"a":"', '"}', '{},"":{}'], 60)
def test_lines_pass_together_only_if_each_would_alone(lines: list[str], at_once: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_lines, "CHECKED_BYTES", at_once)
        number = count_objects("\n".join([*lines, "{}"]).encode(), MAX_LINE_BYTES)

    assert number in ([None, len(lines) + 1] if all(map(is_object, lines)) else [None])


@pytest.mark.parametrize("end", ["{}}\0", "{}}\0junk", "{}\r", "{}\0"])
def test_what_follows_a_zero_or_a_return_is_not_taken_for_checked(end: str) -> None:
    assert count_objects(f"{{}}\n{end}".encode(), MAX_LINE_BYTES) is None


@given(st.lists(st.dictionaries(st.text(), st.text() | st.floats(allow_nan=False)), min_size=1))
def test_what_a_client_writes_passes(events: list[object]) -> None:
    ndjson = "\n".join(
        json.dumps(one, ensure_ascii=False).replace("Infinity", "1e9") for one in events
    )

    assert count_objects(ndjson.encode(), len(ndjson) * 4) == len(events)


@given(LINES)
def test_lines_that_are_checked_together_give_what_each_gives(lines: list[str]) -> None:
    body = "\n".join(lines).encode()
    together = events_in(body)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(body_events, "count_objects", cannot_tell)
        one_by_one = events_in(body)

    assert [line.strip() for line in together.ndjson.splitlines()] == one_by_one.ndjson.splitlines()
    assert together.skipped == one_by_one.skipped


@pytest.mark.parametrize(
    "lines", [b'{"a":"%s"}' % (b"x" * 1000), b'{}\n{"a":"%s"}' % (b"x" * 1000)]
)
def test_a_line_that_is_too_long_is_left_to_the_caller(
    lines: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_lines, "CHECKED_BYTES", 100)

    assert count_objects(lines, 2000) == lines.count(b"\n") + 1
    assert count_objects(lines, 1000) is None


@pytest.mark.parametrize(
    ("json_text", "expected"),
    [('{"k":{},"k":{}}', (2, 2)), ('{"k":{},"a":{}}', (2, 1)), ('{"k":1}', (1, 0))],
)
@pytest.mark.parametrize("version", [(3, 40, 1), (3, 42, 0), (3, 51, 2)])
def test_members_are_counted_whatever_version_sqlite_is_of(
    json_text: str, expected: tuple[int, int], version: tuple[int, ...]
) -> None:
    connection = sqlite3.connect(":memory:")

    query = counting_query(version)
    assert connection.execute(query, (json_text.encode(), "k")).fetchone() == expected


def test_without_sqlite_each_line_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sqlite3", None)
    json_lines._counter.cache_clear()
    found = events_in(b'{"a":1}\n{"b":2}')
    json_lines._counter.cache_clear()

    assert (found.ndjson, found.skipped) == (b'{"a":1}\n{"b":2}\n', 0)
