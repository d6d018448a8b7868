"""The partition keys that the stream's jq query gives for good and hostile records."""

import pytest

from sandbox.firehose.partition_keys import (
    EMPTY_KEY,
    NOT_JSON,
    ExtractionError,
    compile_query,
    query_keys,
)

QUERY = "{userId:.userId,recordingId:.recordingId}"


@pytest.mark.parametrize(
    ("data", "keys"),
    [
        (b'{"userId":"u","recordingId":"r","events":"x"}', {"userId": "u", "recordingId": "r"}),
        (
            b' {"recordingId":"../r/","userId":"\xc3\xa9"}\n',
            {"userId": "é", "recordingId": "../r/"},
        ),
        (b'{"userId":7,"recordingId":false}', {"userId": "7", "recordingId": "false"}),
    ],
)
def test_partition_keys_are_text(data: bytes, keys: dict[str, str]) -> None:
    assert compile_query(QUERY)(data) == keys


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", NOT_JSON),
        (b"nonsense", NOT_JSON),
        (b'{"userId":"u","recordingId":"r"', NOT_JSON),
        (b'{"userId":"\xff","recordingId":"r"}', NOT_JSON),
        (b'{"userId":"u","recordingId":"r"}{"userId":"u","recordingId":"r"}', NOT_JSON),
        (b"[" * 100_000, NOT_JSON),
        (b'{"userId":"u"}', EMPTY_KEY),
        (b'{"userId":"u","recordingId":null}', EMPTY_KEY),
        (b'{"userId":"u","recordingId":""}', EMPTY_KEY),
        (b'{"userId":"u","recordingId":["r"]}', "must be strings, numbers or booleans"),
        (b"[1]", "jq: Cannot index array"),
    ],
)
def test_a_record_without_usable_keys_fails_with_the_reason(data: bytes, message: str) -> None:
    with pytest.raises(ExtractionError, match=message):
        compile_query(QUERY)(data)


def test_the_key_names_of_a_query_are_found_for_any_expression() -> None:
    query = '{ a: (.x | split(",") | .[0]), "b-c": {d: .e, f: [1,2]}["d"], e: "}\\",{" }'

    assert query_keys(query) == ("a", "b-c", "e")


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("{}", "not name: expression"),
        ("{a}", "not name: expression"),
        ("{a:.b,a:.c}", "different keys"),
        ("{" + ",".join(f"k{n}:.a" for n in range(51)) + "}", "different keys"),
        ("{a:" + " " * 5_120 + ".b}", "more than 5120"),
    ],
)
def test_a_query_that_firehose_would_refuse_is_refused(query: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        query_keys(query)


@pytest.mark.parametrize("function", ["ltrim", "pick(.a)", "abs", "@base32d"])
def test_a_function_newer_than_jq_1_6_is_refused(function: str) -> None:
    with pytest.raises(ValueError, match=r"which jq 1\.6 does not have"):
        compile_query(f"{{a:(.a | {function})}}")


def test_a_field_may_have_the_name_of_a_newer_function() -> None:
    assert compile_query("{abs:.abs}")(b'{"abs":"1"}') == {"abs": "1"}
