"""Prefixes and object names. Values are not escaped, which these tests document."""

import re
from datetime import UTC, datetime

import pytest

from sandbox.firehose.prefix import object_name, parse_prefix

MOMENT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    "value", ["a/b", "../../x", "..", "日本語 é", "!{timestamp:yyyy}", "a=b&c?d#e%2F", "a\nb"]
)
def test_a_key_is_inserted_unchanged_and_is_never_an_expression(value: str) -> None:
    prefix = parse_prefix("u=!{partitionKeyFromQuery:u}/stream/")

    assert prefix.evaluate(arrived_at=MOMENT, keys={"u": value}) == f"u={value}/stream/"


def test_every_expression_is_evaluated() -> None:
    prefix = parse_prefix("!{firehose:error-output-type}/!{timestamp:'y='yyyy/MM/dd-HH:mm:ss}/x")

    evaluated = prefix.evaluate(arrived_at=MOMENT, error_type="failed")

    assert evaluated == "failed/y=2026/03/04-05:06:07/x"


def test_a_random_string_has_eleven_characters() -> None:
    evaluated = parse_prefix("a/!{firehose:random-string}/").evaluate(arrived_at=MOMENT)

    assert re.fullmatch(r"a/[A-Za-z0-9]{11}/", evaluated)


def test_the_time_does_not_separate_partitions() -> None:
    prefix = parse_prefix("!{partitionKeyFromQuery:u}/!{timestamp:HH}/")

    assert prefix.identity({"u": "1"}) == "1/!{timestamp:HH}/"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("!{timestamp:YYYY}", "'YYYY'; the sandbox knows"),
        ("!{timestamp:}", "empty or has an open quote"),
        ("!{timestamp:'a}", "empty or has an open quote"),
        ("!{firehose:other}", "firehose:other} is not supported"),
        ("!{partitionKeyFromQuery:}", "is not supported"),
        ("a/!{timestamp", "that is not a"),
    ],
)
def test_an_unknown_expression_is_refused(source: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_prefix(source)


def test_an_object_name_has_stream_version_and_arrival_time() -> None:
    name = object_name("events", "1", MOMENT, ".ndjson.gz")

    uuid = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    assert re.fullmatch(rf"events-1-2026-03-04-05-06-07-{uuid}\.ndjson\.gz", name)
